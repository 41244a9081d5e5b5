// A session of a page: the access token in memory, the refresh token in a cookie that only
// the login service sees.
//
//                        ask the other tabs         POST /token
//   no token, or it  ──▶ (BroadcastChannel)  ──▶   (the cookie goes  ──▶ told to the others
//   expires soon          somebody has one?         along by itself)
//
// One tab at a time does this (Web Locks), and within a tab all calls wait for the same
// renewal. So there is one request, however many calls and tabs wait.

/** So long before its end a token is renewed, in milliseconds; at most a fifth of its life. */
const AHEAD = 30_000;
/** So long the other tabs may take to answer. */
const PATIENCE = 150;

/** Nobody is signed in. */
export class SignedOut extends Error {}

export class Session {
  // Private fields: no other script of the page can name them. One that replaces fetch can
  // read them all the same; README.md says what that means.
  #token = null;
  #expires = 0;
  #life = 0;
  #renewal = null;
  #timer = 0;
  #changed;
  #tabs = new BroadcastChannel("session");

  /** `changed` is called with `true` or `false`: somebody is signed in, or nobody. */
  constructor(changed = () => {}) {
    this.#changed = changed;
    this.#tabs.addEventListener("message", ({ data }) => {
      if (data.kind === "ask" && this.#isGood()) this.#share();
      if (data.kind === "token" && data.expires > this.#expires) this.#keep(data);
      if (data.kind === "out") this.#forget();
    });
  }

  /** When the token expires, in milliseconds since 1970; for display. */
  get expires() {
    return this.#expires;
  }

  /** Fetches from this origin with the token. Throws `SignedOut` if nobody is signed in. */
  async fetch(path, options = {}) {
    const url = new URL(path, location.origin);
    // The token is for this origin's own API.
    if (url.origin !== location.origin) throw new TypeError(`${url.origin} gets no token`);
    const send = async (token) => {
      const headers = new Headers(options.headers);
      headers.set("Authorization", `Bearer ${token}`);
      return fetch(url, { ...options, headers });
    };
    const token = await this.#fresh();
    const answer = await send(token);
    if (answer.status !== 401) return answer;
    // It was revoked, or the clocks differ. Once more with another one, unless there is none.
    if (this.#token === token) this.#token = null;
    return send(await this.#fresh());
  }

  /** Goes on with the session of the cookie, if there is one. */
  async resume() {
    try {
      await this.#fresh();
    } catch (fault) {
      if (!(fault instanceof SignedOut)) throw fault;
      this.#changed(false);
    }
  }

  /** Ends the session here and in all tabs. */
  async signOut() {
    await navigator.locks.request("session", async () => {
      const answer = await fetch("/logout", { method: "POST" });
      // 400 and 401: it has ended already.
      if (!answer.ok && answer.status !== 400 && answer.status !== 401) throw new Error(`/logout: ${answer.status}`);
      this.#tabs.postMessage({ kind: "out" });
      this.#forget();
    });
  }

  #isGood() {
    return this.#token !== null && Date.now() < this.#expires - Math.min(AHEAD, this.#life / 5);
  }

  async #fresh() {
    if (!this.#isGood()) {
      this.#renewal ??= this.#renew().finally(() => { this.#renewal = null; });
      await this.#renewal;
    }
    return this.#token;
  }

  #renew() {
    return navigator.locks.request("session", async () => {
      // Another tab may have renewed while this one waited for the lock.
      if (this.#isGood() || await this.#asked()) return;
      const form = new URLSearchParams({ grant_type: "refresh_token" });
      const answer = await fetch("/token", { method: "POST", body: form, headers: { Accept: "application/json" } });
      if (answer.status === 400 || answer.status === 401) {
        this.#tabs.postMessage({ kind: "out" });
        this.#forget();
        throw new SignedOut("nobody is signed in");
      }
      if (!answer.ok) throw new Error(`/token: ${answer.status}`);
      const { access_token: token, expires_in: seconds } = await answer.json();
      this.#keep({ token, expires: Date.now() + seconds * 1000, life: seconds * 1000 });
      this.#share();
    });
  }

  /** Asks the other tabs for a token that is good. */
  #asked() {
    return new Promise((done) => {
      const heard = ({ data }) => { if (data.kind === "token") finish(); };
      const finish = () => {
        clearTimeout(timer);
        this.#tabs.removeEventListener("message", heard);
        done(this.#isGood());
      };
      const timer = setTimeout(finish, PATIENCE);
      // Called after the listener of the constructor, which has kept the token by then.
      this.#tabs.addEventListener("message", heard);
      this.#tabs.postMessage({ kind: "ask" });
    });
  }

  #share() {
    this.#tabs.postMessage({ kind: "token", token: this.#token, expires: this.#expires, life: this.#life });
  }

  #keep({ token, expires, life }) {
    [this.#token, this.#expires, this.#life] = [token, expires, life];
    clearTimeout(this.#timer);
    // Before it expires, so that no call has to wait. If it fails, the next call tries again.
    // A moment later than that, or the token would still be good enough.
    const wait = Math.max(expires - Math.min(AHEAD, life / 5) - Date.now() + 50, 50);
    this.#timer = setTimeout(() => this.#fresh().catch(() => {}), wait);
    this.#changed(true);
  }

  #forget() {
    clearTimeout(this.#timer);
    [this.#token, this.#expires] = [null, 0];
    this.#changed(false);
  }
}
