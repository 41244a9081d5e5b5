import { Session, SignedOut } from "./session.js";

const byId = (id) => document.getElementById(id);

const session = new Session((isSignedIn) => {
  byId("signed-in").hidden = !isSignedIn;
  byId("signed-out").hidden = isSignedIn;
  byId("waiting").hidden = true;
  if (!isSignedIn) byId("orders").textContent = "";
});

async function load(times) {
  byId("said").textContent = "";
  try {
    const answers = await Promise.all(Array.from({ length: times }, () => session.fetch("/api/orders")));
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    const refused = answers.find((answer) => !answer.ok);
    byId("orders").textContent = refused ? `The API says ${refused.status}.` : `${texts[0]} (${times} answers)`;
  } catch (fault) {
    byId("said").textContent = fault instanceof SignedOut ? "You have been signed out." : `That failed: ${fault.message}`;
  }
}

byId("one").addEventListener("click", () => load(1));
byId("ten").addEventListener("click", () => load(10));
byId("sign-out").addEventListener("click", () => session.signOut().catch((fault) => {
  byId("said").textContent = `You are still signed in: ${fault.message}`;
}));
setInterval(() => {
  const seconds = Math.max(Math.round((session.expires - Date.now()) / 1000), 0);
  byId("expires").textContent = session.expires ? `The token is good for ${seconds} seconds more.` : "";
}, 500);
session.resume().catch((fault) => {
  byId("waiting").textContent = `The login service does not answer: ${fault.message}`;
});
