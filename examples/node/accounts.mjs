// Who may log in. The accounts are in memory: put a database behind these two methods.
import { randomUUID } from 'node:crypto';

import { hashOf, isPassword } from './passwords.mjs';

/** A request that cannot be met, with the status of the answer. */
export class Problem extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const window = 15 * 60 * 1000;
const mostFailures = 10;

export class Accounts {
  #byName = new Map();
  #failures = new Map();
  #admins;

  /** `admins`: the names whose owners get the scope `admin`. Register them first. */
  constructor(admins = []) {
    this.#admins = new Set(admins);
  }

  async register(name, password) {
    if (typeof name !== 'string' || !/^[a-z][a-z\d_-]{1,31}$/.test(name)) {
      throw new Problem(400, 'a name has 2 to 32 characters: a letter, then letters, digits, _ and -');
    }
    if (typeof password !== 'string' || password.length < 10 || password.length > 200) {
      throw new Problem(400, 'a password has 10 to 200 characters');
    }
    const hash = await hashOf(password);
    // The name may have been taken while the password was hashed.
    if (this.#byName.has(name)) throw new Problem(409, 'the name is taken');
    const scope = this.#admins.has(name) ? 'user admin' : 'user';
    const account = { id: randomUUID(), name, scope, hash };
    this.#byName.set(name, account);
    return account;
  }

  async login(name, password) {
    if (typeof name !== 'string' || typeof password !== 'string' || password.length > 200) {
      throw new Problem(400, 'a name and a password are wanted');
    }
    this.#admit(name);
    const account = this.#byName.get(name);
    // Nobody learns from the answer, or from how long it takes, whether the name exists.
    if (!(await isPassword(password, account?.hash))) throw new Problem(401, 'the name or the password is wrong');
    this.#failures.delete(name);
    return account;
  }

  get names() {
    return [...this.#byName.keys()].sort();
  }

  /** Counts an attempt before it is made, so that many at once are counted, too. */
  #admit(name) {
    const now = Date.now();
    for (const [other, { since }] of this.#failures) if (since + window < now) this.#failures.delete(other);
    const attempts = this.#failures.get(name) ?? { since: now, count: 0 };
    if (attempts.count >= mostFailures) throw new Problem(429, 'too many attempts; try again later');
    attempts.count += 1;
    this.#failures.set(name, attempts);
  }
}
