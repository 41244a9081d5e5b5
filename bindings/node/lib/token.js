'use strict';

const native = require('./native.js');

/** The algorithms, in the order in which the engine counts them. */
const algorithms = Object.freeze(native.algorithmNames());

/** A token that was accepted. Its claims are read when they are asked for. */
class Token {
  #token;
  #header;
  #claims;

  /** @internal */
  constructor(token, payload, slot) {
    this.#token = token;
    this.payload = payload;
    this.algorithm = algorithms[slot[0]];
    this.issuerIndex = slot[1];
    this.keyIndex = slot[2];
    this.expiresAt = date(slot[3]);
    this.notBefore = date(slot[4]);
    this.issuedAt = date(slot[5]);
  }

  get claims() {
    return (this.#claims ??= JSON.parse(this.payload));
  }

  get header() {
    if (this.#header === undefined) {
      const text = typeof this.#token === 'string' ? this.#token : Buffer.from(this.#token).toString('latin1');
      this.#header = JSON.parse(Buffer.from(text.slice(0, text.indexOf('.')), 'base64url').toString());
    }
    return this.#header;
  }
}

function date(seconds) {
  return Number.isNaN(seconds) ? undefined : seconds;
}

module.exports = { Token, algorithms };
