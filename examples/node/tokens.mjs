// Access tokens: signed here, verified by libjot, and taken back when their session ends.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';

import { Revocations, Signer, Verifier } from 'libjot';

const issuer = 'https://tutorial.example';
const audience = 'https://tutorial.example/api';
const now = () => Math.floor(Date.now() / 1000);

/** Reads the key that signs, or makes it: without a file, tokens end with the program. */
function signerOf(file) {
  if (file === undefined) return Signer.generate('ES256', { kid: randomUUID() });
  if (!existsSync(file)) {
    const made = Signer.generate('ES256', { kid: randomUUID() });
    writeFileSync(file, JSON.stringify(made.toJwk()), { mode: 0o600, flag: 'wx' });
  }
  return Signer.from(readFileSync(file));
}

export class Tokens {
  #signer;
  #revoked = new Revocations();
  #life;

  /** `life`: the seconds of a token; `keyFile`: where the key is. */
  constructor({ life = 600, keyFile } = {}) {
    this.#signer = signerOf(keyFile);
    this.#life = life;
    this.verifier = new Verifier({
      algorithms: ['ES256'],
      keys: this.#signer.verifyingKeys,
      issuer,
      audience,
      typ: 'at+jwt',
      required: ['sub', 'sid'],
    });
  }

  issue({ id, account }) {
    const iat = now();
    const claims = {
      iss: issuer, aud: audience, sub: account.id, name: account.name, scope: account.scope, sid: id,
      jti: randomUUID(), iat, exp: iat + this.#life,
    };
    return { access_token: this.#signer.sign(claims, { typ: 'at+jwt' }), token_type: 'Bearer', expires_in: this.#life };
  }

  /** Takes back all tokens of a session. */
  revoke(session) {
    this.#revoked.purge();
    this.#revoked.revokeSession(session.id, now() + this.#life + 1);
    this.verifier.setRevocations(this.#revoked);
  }
}
