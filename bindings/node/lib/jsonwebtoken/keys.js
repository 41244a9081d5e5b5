'use strict';

// Keys in the forms that jsonwebtoken takes. OpenSSL reads PEM and says what a key is, for the messages;
// whether it may be used, and for what, the engine says.

const { KeyObject, createPrivateKey, createPublicKey, createSecretKey } = require('node:crypto');

const { JotError } = require('../errors.js');
const { KeySet } = require('../keys.js');
const { Signer } = require('../signer.js');
const { warnOnce } = require('./warnings.js');

/** How many keys that were given as text or bytes are kept. */
const mostKept = 256;

/** A key, and what was made of it for each use. */
class Key {
  #set;
  #signers = new Map();
  #used = new Set();
  /** What verifies with it, by its rules. */
  verifiers = new Map();

  constructor(object) {
    this.object = object;
    /** `secret`, `public` or `private`. */
    this.type = object.type;
    /** Such as `rsa`; undefined for secrets. */
    this.kind = object.asymmetricKeyType;
  }

  /** The keys that verify. Programs have short ones, too; `use` warns of them. */
  get set() {
    return (this.#set ??= this.#read({ allowWeakKeys: true }));
  }

  /** Returns what signs under an algorithm. */
  signer(alg, allowWeakKeys) {
    const name = `${alg} ${allowWeakKeys}`;
    let signer = this.#signers.get(name);
    if (signer === undefined) {
      signer =
        this.type === 'secret'
          ? Signer.fromSecret(this.object.export(), { alg, allowWeakKeys: true })
          : Signer.from(this.object.export({ type: 'pkcs8', format: 'pem' }), { alg, allowWeakKeys });
      this.#signers.set(name, signer);
    }
    return signer;
  }

  /** Warns if the key is too short for the algorithm that it is used with. */
  use(alg) {
    if (this.#used.has(alg)) return;
    this.#used.add(alg);
    try {
      this.#read({ alg });
    } catch (error) {
      if (!(error instanceof JotError)) throw error;
      const cure = this.type === 'secret' ? 'Make one by crypto.randomBytes(64).' : 'Make one of 2048 bits or more.';
      warnOnce('JOT_WEAK_KEY', `a key of ${alg} can be guessed or broken: ${error.message} ${cure}`);
    }
  }

  #read(options) {
    if (this.type === 'secret') return KeySet.fromSecret(this.object.export(), options);
    const object = this.type === 'private' ? createPublicKey(this.object) : this.object;
    return KeySet.from(object.export({ type: 'spki', format: 'pem' }), options);
  }
}

/** Keeps what was made of texts and bytes; the oldest make room. */
class Kept {
  #made = new Map();
  #objects = new WeakMap();

  constructor(make) {
    this.make = make;
  }

  of(given) {
    if (given instanceof KeyObject) {
      let key = this.#objects.get(given);
      if (key === undefined) this.#objects.set(given, (key = new Key(given)));
      return key;
    }
    const name = nameOf(given);
    if (name === undefined) return new Key(this.make(given));
    let key = this.#made.get(name);
    if (key === undefined) {
      key = new Key(this.make(given));
      if (this.#made.size >= mostKept) this.#made.delete(this.#made.keys().next().value);
      this.#made.set(name, key);
    }
    return key;
  }
}

/** Returns what tells a key apart from others. Bytes and objects may change, so their place will not do. */
function nameOf(given) {
  if (typeof given === 'string') return `s${given}`;
  if (given instanceof Uint8Array) {
    return `b${Buffer.from(given.buffer, given.byteOffset, given.byteLength).toString('latin1')}`;
  }
  const key = given?.key === undefined ? undefined : nameOf(given.key);
  if (key === undefined) return undefined;
  const { passphrase, format, type, encoding } = given;
  return `o${JSON.stringify([key, nameOf(passphrase), format, type, encoding])}`;
}

/** Returns the first that can be made: what is no key is a secret. */
function orSecret(asymmetric) {
  return (given) => {
    try {
      return asymmetric(given);
    } catch {
      return createSecretKey(typeof given === 'string' ? Buffer.from(given) : given);
    }
  };
}

const verifying = new Kept(orSecret(createPublicKey));
const signing = new Kept(orSecret(createPrivateKey));

module.exports = {
  signingKey: (given) => signing.of(given),
  verifyingKey: (given) => verifying.of(given),
};
