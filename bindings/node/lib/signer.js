'use strict';

const native = require('./native.js');
const { JotError, ask } = require('./errors.js');
const { KeySet, inner, reading, text } = require('./keys.js');
const { allowed, written } = require('./options.js');

/** A key that signs. */
class Signer {
  /** @internal */
  constructor(signer) {
    this[inner] = signer;
    Object.freeze(this);
  }

  static generate(alg, options = {}) {
    const taken = allowed(options, ['kid', 'bits']);
    return new Signer(ask(() => native.NativeSigner.generate(alg, taken.bits, taken.kid)));
  }

  static from(key, options = {}) {
    return new Signer(ask(() => native.NativeSigner.fromText(text(key), reading(options))));
  }

  static fromSecret(secret, options = {}) {
    return new Signer(ask(() => native.NativeSigner.fromSecret(secret, reading(options))));
  }

  get algorithm() {
    return this[inner].algorithm;
  }

  get kid() {
    return this[inner].kid ?? undefined;
  }

  get verifyingKeys() {
    return new KeySet(ask(() => this[inner].verifyingKeys()));
  }

  sign(claims, options = {}) {
    return ask(() => this[inner].sign(claimsText(claims), headerOf(options)));
  }

  signPayload(payload, options = {}) {
    return ask(() => this[inner].signPayload(payload, headerOf({ typ: null, ...options })));
  }

  toJwk() {
    return JSON.parse(ask(() => this[inner].toJwk()));
  }
}

/** Returns what a token's header has beside the algorithm. */
function headerOf(options) {
  const { typ, ...others } = options;
  const taken = allowed(others, ['header']);
  const header = { withoutTyp: typ === null };
  if (typeof typ === 'string') header.typ = typ;
  if (taken.header !== undefined) header.parameters = written(taken.header, 'header');
  return header;
}

/**
 * Returns the text of claims. A claim that is undefined is left out, as JSON does it; a number that is
 * none would become null.
 */
function claimsText(claims) {
  if (typeof claims === 'string') return claims;
  const made = JSON.stringify(claims, (name, value) => {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw JotError.of('claims_json', name, `claims: ${name} is ${value}`);
    }
    return value;
  });
  if (made === undefined) throw JotError.of('claims_json', 'claims', 'claims: an object is wanted');
  return made;
}

module.exports = { Signer };
