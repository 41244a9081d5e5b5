'use strict';

const native = require('./native.js');
const { JotError, ask, byNumber } = require('./errors.js');
const { inner } = require('./keys.js');
const { allowed } = require('./options.js');
const { Verifier } = require('./verifier.js');

/** The answers of a batch, one for each token. */
class Verdicts {
  /** @internal */
  constructor(columns) {
    this.codes = columns.codes;
    this.flags = columns.flags;
    this.keyIndex = columns.keyIndex;
    this.expiresAt = columns.expiresAt;
    this.accepted = columns.accepted;
    Object.freeze(this);
  }

  get length() {
    return this.codes.length;
  }

  code(row) {
    const number = this.codes[row];
    if (number === undefined) throw new RangeError(`there is no row ${row}`);
    return byNumber.get(number).name;
  }

  signatureOk(row) {
    return (this.flags[row] & 1) === 1;
  }
}

/** Threads and memory for verifying many tokens beside the program. */
class Batch {
  #native;

  constructor(options = {}) {
    const { threads = 0 } = allowed(options, ['threads']);
    this.#native = ask(() => new native.NativeBatch(threads));
  }

  async verify(verifier, tokens, options = {}) {
    if (!Array.isArray(tokens)) throw JotError.of('batch_invalid', 'tokens', 'tokens: an array is wanted');
    if (!(verifier instanceof Verifier)) throw JotError.of('batch_invalid', 'verifier', 'a Verifier is wanted');
    const { now } = allowed(options, ['now']);
    return new Verdicts(await ask(() => this.#native.verify(verifier[inner], tokens, now)));
  }
}

module.exports = { Batch, Verdicts };
