'use strict';

const native = require('./native.js');
const { ask } = require('./errors.js');
const { inner } = require('./keys.js');
const { allowed } = require('./options.js');

/** How many revocations a list has room for unless it says otherwise. */
const usual = 1_000_000;

/** What the program itself takes back: tokens, sessions, the tokens of a subject, keys. */
class Revocations {
  constructor(options = {}) {
    const { limit = usual } = allowed(options, ['limit']);
    this[inner] = ask(() => new native.NativeRevocations(limit));
    Object.freeze(this);
  }

  static from(text, options = {}) {
    const { limit = usual } = allowed(options, ['limit']);
    const made = Object.create(Revocations.prototype);
    made[inner] = ask(() => native.NativeRevocations.fromText(text, limit));
    return Object.freeze(made);
  }

  revokeToken(jti, until) {
    ask(() => this[inner].revokeToken(jti, until));
  }

  revokeSession(sid, until) {
    ask(() => this[inner].revokeSession(sid, until));
  }

  revokeSubject(subject, issuedBefore) {
    ask(() => this[inner].revokeSubject(subject, issuedBefore));
  }

  revokeKey(thumbprint) {
    ask(() => this[inner].revokeKey(thumbprint));
  }

  purge(now) {
    ask(() => this[inner].purge(now));
  }

  get length() {
    return this[inner].length;
  }

  get text() {
    return this[inner].text;
  }
}

module.exports = { Revocations };
