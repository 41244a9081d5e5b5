'use strict';

const assert = require('node:assert');
const { test } = require('node:test');

const jot = require('libjot');

const signer = jot.Signer.generate('ES256', { kid: 'a' });
const settings = { algorithms: ['ES256'], audience: 'api', keys: signer.verifyingKeys };
const claims = { aud: 'api', sub: 'alice', jti: 'j', sid: 's', iat: 1000, exp: 4102444800 };
const token = signer.sign(claims);

/** Returns the code of the token once this is taken back. */
function code(...steps) {
  const verifier = new jot.Verifier(settings);
  const list = new jot.Revocations();
  for (const step of steps) step(list);
  verifier.setRevocations(list);
  return verifier.check(token);
}

test('tokens, sessions, subjects and keys are taken back', () => {
  assert.strictEqual(code(), 'accepted');
  assert.strictEqual(code((list) => list.revokeToken('j', 4102444800)), 'jti_revoked');
  assert.strictEqual(code((list) => list.revokeToken('k')), 'accepted');
  assert.strictEqual(code((list) => list.revokeSession('s', 4102444800n)), 'sid_revoked');
  assert.strictEqual(code((list) => list.revokeSubject('alice', 1001)), 'sub_revoked');
  assert.strictEqual(code((list) => list.revokeSubject('alice', 1000)), 'accepted');
  assert.strictEqual(code((list) => list.revokeKey(signer.verifyingKeys.keys[0].thumbprint)), 'key_revoked');
  assert.strictEqual(code((list) => list.revokeToken('j', 2000), (list) => list.purge(2000)), 'accepted');
  assert.strictEqual(code((list) => list.revokeToken('j', 2000), (list) => list.purge(1999)), 'jti_revoked');
});

test('a verifier has the list as it was given', () => {
  const verifier = new jot.Verifier({ ...settings, cache: 10 });
  const list = new jot.Revocations();
  verifier.setRevocations(list);
  list.revokeToken('j');
  assert.strictEqual(verifier.check(token), 'accepted');
  verifier.setRevocations(list);
  assert.strictEqual(verifier.check(token), 'jti_revoked');
  verifier.setRevocations(new jot.Revocations());
  assert.strictEqual(verifier.check(token), 'accepted');
});

test('a list is saved and read', () => {
  const list = new jot.Revocations();
  list.revokeSession('s', 5000);
  list.revokeSubject('alice', 7);
  const read = jot.Revocations.from(list.text);
  assert.ok(read instanceof jot.Revocations);
  assert.deepStrictEqual([read.length, read.text], [2, list.text]);
  const code = (act) => {
    try {
      act();
    } catch (error) {
      return error.code;
    }
    return 'none';
  };
  assert.strictEqual(code(() => jot.Revocations.from('{')), 'revocations_invalid');
  assert.strictEqual(code(() => jot.Revocations.from(list.text, { limit: 1 })), 'revocations_full');
  assert.strictEqual(code(() => new jot.Revocations({ limit: 0 }).revokeToken('j')), 'revocations_full');
  assert.strictEqual(code(() => new jot.Revocations({ limits: 5 })), 'policy_invalid');
  assert.strictEqual(code(() => list.revokeToken('j', NaN)), 'policy_invalid');
  assert.strictEqual(code(() => new jot.Verifier(settings).setRevocations([])), 'policy_invalid');
});
