'use strict';

const native = require('./native.js');
const { ask } = require('./errors.js');
const { allowed } = require('./options.js');

/** Where an object of this package keeps that of the engine. */
const inner = Symbol('libjot');

/** Returns how keys are to be read. */
function reading(options) {
  return allowed(options, ['alg', 'kid', 'allowWeakKeys']);
}

/** Returns the text of keys, which may be an object of JSON already. */
function text(keys) {
  const isObject = typeof keys === 'object' && keys !== null && !(keys instanceof Uint8Array);
  return isObject ? JSON.stringify(keys) : keys;
}

/** Keys that verify. It never changes. */
class KeySet {
  /** @internal */
  constructor(set) {
    this[inner] = set;
    Object.freeze(this);
  }

  static from(keys, options = {}) {
    return new KeySet(ask(() => native.NativeKeySet.fromText(text(keys), reading(options))));
  }

  static fromSecret(secret, options = {}) {
    return new KeySet(ask(() => native.NativeKeySet.fromSecret(secret, reading(options))));
  }

  get length() {
    return this[inner].length;
  }

  get keys() {
    return this[inner].rows();
  }

  get skipped() {
    return this[inner].skipped();
  }

  toJwks() {
    return JSON.parse(ask(() => this[inner].toJwks()));
  }
}

module.exports = { KeySet, inner, reading, text };
