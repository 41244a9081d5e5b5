// Sessions: each has one refresh token at a time, of which only the hash is kept. They are in memory:
// put a database behind these methods.
import { createHash, randomBytes, randomUUID } from 'node:crypto';

const hashOf = (token) => createHash('sha256').update(token).digest('base64url');

/** How many used tokens of a session are known again. */
const mostUsed = 100;

export class Sessions {
  #byId = new Map();
  /** The hashes of all refresh tokens of a session, those that were used, too, to its id. */
  #byHash = new Map();
  #life;

  /** `life`: how many seconds a session lasts without being used. */
  constructor(life) {
    this.#life = life;
  }

  /** Begins a session, and returns it with its refresh token. */
  begin(account) {
    const session = { id: randomUUID(), account, hashes: [], ends: 0 };
    this.#byId.set(session.id, session);
    return { session, refresh: this.#next(session) };
  }

  /**
   * Takes a refresh token for the next. One that was used before was stolen, or its thief used it before
   * its owner: then the session is `stolen`, and it is over for both.
   */
  go(refresh) {
    this.#forget();
    const hash = hashOf(refresh);
    const session = this.#byId.get(this.#byHash.get(hash));
    if (session === undefined) return {};
    if (session.hashes.at(-1) !== hash) return { stolen: this.end(session.id) };
    return { session, refresh: this.#next(session) };
  }

  /** Ends a session, and returns it. */
  end(id) {
    const session = this.#byId.get(id);
    if (session === undefined) return undefined;
    this.#byId.delete(id);
    for (const hash of session.hashes) this.#byHash.delete(hash);
    return session;
  }

  #next(session) {
    const refresh = randomBytes(32).toString('base64url');
    const hash = hashOf(refresh);
    session.hashes.push(hash);
    if (session.hashes.length > mostUsed) this.#byHash.delete(session.hashes.shift());
    session.ends = Date.now() + this.#life * 1000;
    this.#byHash.set(hash, session.id);
    return refresh;
  }

  #forget() {
    const now = Date.now();
    for (const { id, ends } of this.#byId.values()) if (ends <= now) this.end(id);
  }
}
