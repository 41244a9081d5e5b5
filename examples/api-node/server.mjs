// An API in Node that is guarded by tokens of jotd: server.mjs PORT ISSUER AUDIENCE.
// There is no binding of libjot for Node, so it asks jotd about each request (/forward/caddy,
// as gateways do). It needs no package; one more request on this machine takes about a
// millisecond.
import { createServer } from "node:http";

const [port, issuer, audience] = process.argv.slice(2);
const question = new URL("/forward/caddy", issuer);
question.searchParams.set("audience", audience);

/** Returns who asks, or what to answer instead. */
async function asked(authorization) {
  // The header alone: cookies are for pages, which need protection against other sites.
  const headers = authorization === undefined ? {} : { authorization };
  let verdict;
  try {
    verdict = await fetch(question, { headers, redirect: "error", signal: AbortSignal.timeout(3000) });
  } catch (fault) {
    console.error(`jotd does not answer: ${fault.message}`);
    return { status: 503, body: "unavailable\n" };
  }
  if (verdict.status === 200) return { status: 200, user: verdict.headers.get("x-jot-user") };
  const { error_description: name = "refused" } = await verdict.json().catch(() => ({}));
  // 400 would be a fault of the question, which is ours.
  const status = [401, 403].includes(verdict.status) ? verdict.status : 503;
  return { status, body: `${name}\n`, challenge: verdict.headers.get("www-authenticate") };
}

const server = createServer(async (request, response) => {
  if (request.method !== "GET" || request.url !== "/orders") {
    response.writeHead(404).end();
    return;
  }
  const { status, user, body, challenge } = await asked(request.headers.authorization);
  const headers = { "content-type": "text/plain" };
  if (challenge) headers["www-authenticate"] = challenge;
  response.writeHead(status, headers).end(user ? `two orders of ${user}\n` : body);
});
server.listen(Number(port), "127.0.0.1", () => console.log(`listening on 127.0.0.1:${port}`));
