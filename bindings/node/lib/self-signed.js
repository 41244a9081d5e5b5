'use strict';

const { createHash } = require('node:crypto');

const native = require('./native.js');
const { JotError, Rejection, ask } = require('./errors.js');
const { allowed, written } = require('./options.js');

/** A token that its own key signed. It proves nothing until its thumbprint is compared. */
class SelfSigned {
  /** @internal */
  constructor(row) {
    this.thumbprint = row.thumbprint;
    this.algorithm = row.algorithm;
    this.claims = JSON.parse(row.payload);
    this.issuedAt = row.issuedAt ?? undefined;
    Object.freeze(this);
  }
}

/** Verifies tokens that come with their own key, such as proofs of DPoP. */
class SelfSignedVerifier {
  #native;

  constructor(options) {
    this.#native = ask(() => new native.NativeSelfSignedVerifier(written(options, 'options')));
    Object.freeze(this);
  }

  verify(token, options = {}) {
    const { key, now, maxAge, leeway = 0 } = allowed(options, ['key', 'now', 'maxAge', 'leeway']);
    if (maxAge === undefined) throw JotError.of('policy_invalid', 'maxAge', 'maxAge: seconds are wanted');
    for (const [name, seconds] of [['maxAge', maxAge], ['leeway', leeway]]) {
      if (!Number.isInteger(seconds) || seconds < 0 || seconds >= 2 ** 32) {
        throw JotError.of('policy_invalid', name, `${name}: whole seconds are wanted`);
      }
    }
    const jwk = typeof key === 'object' ? JSON.stringify(key) : key;
    const found = ask(() => this.#native.verify(token, jwk, now, maxAge, leeway));
    if (typeof found.payload === 'string') return new SelfSigned(found);
    throw new Rejection(found, token);
  }
}

/** Returns the `ath` of an access token (RFC 9449 §4.2). */
function accessTokenHash(token) {
  return createHash('sha256').update(token).digest('base64url');
}

module.exports = { SelfSigned, SelfSignedVerifier, accessTokenHash };
