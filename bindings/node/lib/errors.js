'use strict';

const native = require('./native.js');

/** The rows of the table of codes, by number and by name. */
const byNumber = new Map();
const byName = new Map();
for (const row of native.codes()) {
  Object.freeze(row);
  byNumber.set(row.number, row);
  byName.set(row.name, row);
}

/** A mistake of the program, or a key that cannot be used. It is never a rejection of a token. */
class JotError extends Error {
  constructor(message, told) {
    super(message);
    this.code = told.code;
    this.number = told.number;
    if (told.member != null) this.member = told.member;
    if (told.offset != null) this.offset = told.offset;
  }

  get name() {
    return 'JotError';
  }

  /** @internal A mistake that JavaScript found. */
  static of(code, member, message) {
    return new JotError(message, { code, number: byName.get(code).number, member });
  }
}

/** A token that was not accepted. */
class Rejection extends Error {
  #native;
  #token;

  /** @internal */
  constructor(found, token) {
    const row = byNumber.get(found.number);
    const claim = found.claim ?? undefined;
    super(`token rejected: ${row.name}${claim === undefined ? '' : ` [${claim}]`}`);
    this.#native = found;
    this.#token = token;
    this.code = row.name;
    this.number = row.number;
    this.status = row.httpStatus;
    if (claim !== undefined) this.claim = claim;
    this.signatureOk = found.signatureOk;
  }

  get name() {
    return 'Rejection';
  }

  /**
   * What a log may say of the fault, in at most 255 printable characters. Anybody may have written
   * what follows `unverified`. It reads the token again, so ask for it only to log.
   */
  get detail() {
    return this.#native.detail(this.#token);
  }
}

/** Makes a JotError of an error of the engine, whose code is a line of JSON. */
function translated(error) {
  if (typeof error.code !== 'string' || !error.code.startsWith('{')) return error;
  return new JotError(error.message, JSON.parse(error.code));
}

/** Calls the engine. */
function ask(call) {
  try {
    return call();
  } catch (error) {
    throw translated(error);
  }
}

/** Waits for what the engine does beside the program. */
async function wait(promise) {
  const answer = await promise;
  if (Array.isArray(answer)) throw new JotError(answer[1], JSON.parse(answer[0]));
  return answer;
}

module.exports = { JotError, Rejection, ask, byName, byNumber, wait };
