'use strict';

const assert = require('node:assert');
const { test } = require('node:test');

const jot = require('libjot');

const now = 1_800_000_000;
const key = jot.Signer.generate('ES256');
const [jwk] = key.verifyingKeys.toJwks().keys;
const proofs = new jot.SelfSignedVerifier({ algorithms: ['ES256', 'EdDSA'], typ: 'dpop+jwt' });
const proof = (claims = {}, header = { jwk }, typ = 'dpop+jwt', by = key) =>
  by.sign({ htm: 'GET', iat: now, ...claims }, { typ, header });

/** Returns why a proof is refused. */
function code(token, options = {}) {
  try {
    proofs.verify(token, { now, maxAge: 60, ...options });
  } catch (error) {
    assert.ok(error instanceof jot.Rejection || error instanceof jot.JotError);
    return error.code;
  }
  return 'none';
}

test('a proof tells whose key signed it, and what it says', () => {
  // RFC 9449 §7.1.
  const ath = jot.accessTokenHash('Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU');
  const known = proofs.verify(proof({ ath }), { now, maxAge: 60 });
  assert.strictEqual(known.thumbprint, key.verifyingKeys.keys[0].thumbprint);
  assert.deepStrictEqual([known.algorithm, known.claims.htm, known.issuedAt], ['ES256', 'GET', now]);
  assert.strictEqual(known.claims.ath, 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo');
  assert.ok(!(known instanceof jot.Token));
});

test('what is no proof is refused', () => {
  assert.strictEqual(code(proof()), 'none');
  assert.strictEqual(code(proof({}, {})), 'jwk_missing');
  assert.strictEqual(code(proof({}, { jwk: key.toJwk() })), 'jwk_private');
  assert.strictEqual(code(proof({}, { jwk }, 'JWT')), 'typ_mismatch');
  assert.strictEqual(code(proof({}, { jwk }, 'dpop+jwt', jot.Signer.generate('ES256'))), 'signature_invalid');
  assert.strictEqual(code(proof({}, { jwk }, 'dpop+jwt', jot.Signer.generate('HS256'))), 'alg_not_allowed');
  assert.strictEqual(code('x'), 'token_segments');
});

test('the age of a proof is checked always', () => {
  assert.strictEqual(code(proof({ iat: now - 60 })), 'none');
  assert.strictEqual(code(proof({ iat: now - 61 })), 'too_old');
  assert.strictEqual(code(proof({ iat: now - 61 }), { leeway: 1 }), 'none');
  assert.strictEqual(code(proof({ iat: now + 1 })), 'issued_in_future');
  assert.strictEqual(code(proof({ iat: undefined })), 'iat_missing');
  for (const maxAge of [undefined, null, -1, 1.5, '60', NaN]) assert.strictEqual(code(proof(), { maxAge }), 'policy_invalid');
});

test('a key that is handed over takes the place of the header\'s', () => {
  const bare = proof({}, {});
  assert.strictEqual(code(bare, { key: jwk }), 'none');
  assert.strictEqual(code(bare, { key: JSON.stringify(jwk) }), 'none');
  assert.strictEqual(code(proof(), { key: jwk }), 'jwk_unexpected');
  assert.strictEqual(code(bare, { key: jot.Signer.generate('ES256').verifyingKeys.toJwks().keys[0] }), 'signature_invalid');
  assert.strictEqual(code(bare, { key: undefined }), 'policy_invalid');
});

test('options that are wrong are mistakes of the program', () => {
  for (const options of [{ algorithms: ['ES256'] }, { algorithms: ['HS256'], anyTyp: true }, { algorithms: [], anyTyp: true }, { algorithms: ['ES256'], tpy: 'a' }, { algorithms: ['ES256'], typ: undefined }]) {
    assert.throws(() => new jot.SelfSignedVerifier(options), { name: 'JotError' }, JSON.stringify(options));
  }
  assert.strictEqual(code(proof(), { age: 1 }), 'policy_invalid');
});

test('any text or bytes are signed', () => {
  const verifier = new jot.Verifier({ algorithms: ['ES256'], anyAudience: true, keys: key.verifyingKeys });
  for (const payload of ['hello', Buffer.from([0, 255])]) {
    const jws = key.signPayload(payload, { header: { cty: 'x' } });
    assert.deepStrictEqual(verifier.verifyJws(jws), Buffer.from(payload));
    const header = JSON.parse(Buffer.from(jws.split('.')[0], 'base64url'));
    assert.deepStrictEqual(header, { alg: 'ES256', cty: 'x' });
  }
  assert.throws(() => key.signPayload({}), { code: 'key_invalid' });
  assert.throws(() => key.signPayload('x', { header: { alg: 'none' } }), { code: 'header_to_sign_invalid' });
});
