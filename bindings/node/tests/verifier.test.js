'use strict';

const assert = require('node:assert');
const { test } = require('node:test');
const { Worker } = require('node:worker_threads');

const jot = require('libjot');

const issuer = 'https://issuer.example';
const signer = jot.Signer.generate('ES256', { kid: '2026-01' });
const settings = { algorithms: ['ES256'], audience: 'api', issuer, keys: signer.verifyingKeys };
const claims = { iss: issuer, aud: 'api', sub: 'alice', exp: 4102444800 };

function code(act) {
  try {
    act();
  } catch (error) {
    return error.code;
  }
  return 'none';
}

test('accepted tokens have their claims, header and dates', () => {
  const token = new jot.Verifier(settings).verify(signer.sign({ ...claims, nbf: 1, iat: 2 }));
  assert.strictEqual(token.claims.sub, 'alice');
  assert.strictEqual(token.claims, token.claims);
  assert.deepStrictEqual(token.header, { alg: 'ES256', typ: 'JWT', kid: '2026-01' });
  assert.deepStrictEqual([token.expiresAt, token.notBefore, token.issuedAt], [4102444800, 1, 2]);
  assert.deepStrictEqual([token.algorithm, token.issuerIndex, token.keyIndex], ['ES256', 0, 0]);
});

test('two tokens do not share what they say', () => {
  const verifier = new jot.Verifier(settings);
  const first = verifier.verify(signer.sign(claims));
  verifier.verify(signer.sign({ ...claims, exp: 4102444801, sub: 'bob' }));
  assert.deepStrictEqual([first.expiresAt, first.claims.sub], [4102444800, 'alice']);
});

test('rejections say the code, the claim and a detail for logs', () => {
  const verifier = new jot.Verifier(settings);
  const token = signer.sign({ ...claims, aud: 'other' });
  assert.throws(() => verifier.verify(token), (error) => {
    assert.ok(error instanceof jot.Rejection && error instanceof Error);
    assert.deepStrictEqual(
      [error.name, error.code, error.number, error.status, error.claim, error.signatureOk],
      ['Rejection', 'aud_mismatch', 622, 401, 'aud', true],
    );
    assert.strictEqual(error.detail, 'aud="other"');
    assert.ok(!error.message.includes('other'));
    return true;
  });
});

test('a character that is not of a token is not taken for one that is', () => {
  const verifier = new jot.Verifier(settings);
  const token = signer.sign(claims);
  // U+0165 ends in the byte of "e".
  const odd = String.fromCharCode(0x100 + token.charCodeAt(0)) + token.slice(1);
  assert.notStrictEqual(verifier.check(odd), 'accepted');
  assert.strictEqual(verifier.check(`${token}\0`), 'signature_encoding');
  assert.strictEqual(verifier.check(`${token} `), 'token_wrapped');
});

test('demands of a call narrow the policy', () => {
  const verifier = new jot.Verifier({ ...settings, audience: ['api', 'web'] });
  const token = signer.sign({ ...claims, scope: 'read', nonce: 'n', jti: 'j' });
  for (const [demand, wanted] of [
    [{ subject: 'alice' }, 'accepted'], [{ subject: 'bob' }, 'sub_mismatch'], [{ nonce: 'n' }, 'accepted'],
    [{ nonce: 'm' }, 'claim_mismatch'], [{ jwtId: 'j' }, 'accepted'], [{ jwtId: 'k' }, 'claim_mismatch'],
    [{ subject: 'alice', nonce: 'n', jwtId: 'j', scopes: 'write' }, 'scope_insufficient'],
    [{ subject: 'bob', now: 4102444800 }, 'expired'], [{ subject: '' }, 'policy_invalid'],
    [{}, 'accepted'], [{ audience: 'api' }, 'accepted'], [{ audience: ['web'] }, 'aud_mismatch'],
    [{ audience: [] }, 'aud_mismatch'], [{ issuer }, 'accepted'], [{ issuer: 'x' }, 'iss_mismatch'],
    [{ scopes: 'read' }, 'accepted'], [{ scopes: ['read', 'write'] }, 'scope_insufficient'],
    [{ now: 4102444800 }, 'expired'],
  ]) {
    const checked = wanted === 'policy_invalid' ? code(() => verifier.check(token, demand)) : verifier.check(token, demand);
    assert.strictEqual(checked, wanted, JSON.stringify(demand));
    const found = code(() => verifier.verify(token, demand));
    assert.strictEqual(found === 'none' ? 'accepted' : found, wanted, JSON.stringify(demand));
  }
});

test('a rule from a variable that was never set is a mistake, and never left out', () => {
  for (const name of ['audience', 'issuer', 'keys', 'subject', 'nonce', 'leeway', 'scopes', 'algorithms']) {
    for (const value of [undefined, null]) {
      assert.strictEqual(code(() => new jot.Verifier({ ...settings, [name]: value })), 'policy_invalid', name);
    }
  }
  assert.strictEqual(code(() => new jot.Verifier({ ...settings, leeway: NaN })), 'policy_invalid');
  assert.strictEqual(code(() => new jot.Verifier({ ...settings, audiense: 'api' })), 'policy_invalid');
  const verifier = new jot.Verifier(settings);
  const token = signer.sign(claims);
  for (const name of ['audience', 'issuer', 'scopes', 'keySet', 'subject', 'nonce', 'jwtId', 'now']) {
    assert.strictEqual(code(() => verifier.verify(token, { [name]: undefined })), 'policy_invalid', name);
    assert.strictEqual(code(() => verifier.check(token, { [name]: null })), 'policy_invalid', name);
  }
  assert.strictEqual(code(() => verifier.verify(token, { audiense: 'api' })), 'policy_invalid');
  assert.strictEqual(code(() => verifier.verify(token, { now: NaN })), 'policy_invalid');
});

test('an option that is unknown or unset is a mistake in every call', async () => {
  const verifier = new jot.Verifier(settings);
  const batch = new jot.Batch();
  const fetcher = new jot.Fetcher();
  const list = { mostEntries: undefined };
  for (const call of [
    () => new jot.Batch({ thread: 2 }),
    () => new jot.Fetcher({ authority: '' }),
    () => fetcher.discover('https://a.example', { issuer: 'https://b.example' }),
    () => jot.Signer.generate('ES256', { keyid: 'a' }),
    () => signer.sign(claims, { expiresIn: 60 }),
    () => signer.sign(claims, { header: { a: undefined } }),
    () => verifier.verifyJws('x', { issuers: issuer }),
    () => verifier.putStatusList('x', verifier, list),
    () => verifier.putStatusList('x', {}),
    () => verifier.lackStatusList('x', { old: true }),
    () => jot.KeySet.from(signer.verifyingKeys.toJwks(), { kid: undefined }),
  ]) {
    assert.strictEqual(code(call), 'policy_invalid', call.toString());
  }
  await assert.rejects(batch.verify(verifier, [], { at: 1 }), { code: 'policy_invalid' });
  await assert.rejects(batch.verify({}, []), { code: 'batch_invalid' });
  await assert.rejects(verifier.verifyAsync('x', { waits: 1 }), { code: 'policy_invalid' });
  assert.strictEqual(code(() => signer.sign({ exp: NaN })), 'claims_json');
});

test('what is no token is a mistake of the program', () => {
  const verifier = new jot.Verifier(settings);
  for (const wrong of [undefined, null, 1, {}, [], true, new Uint16Array(4)]) {
    assert.strictEqual(code(() => verifier.verify(wrong)), 'policy_invalid', String(wrong));
    assert.strictEqual(code(() => verifier.check(wrong)), 'policy_invalid', String(wrong));
  }
});

test('keys are read from text, bytes and objects, and faults are named', () => {
  const jwks = signer.verifyingKeys.toJwks();
  assert.strictEqual(jwks.keys[0].d, undefined);
  for (const form of [jwks, JSON.stringify(jwks), Buffer.from(JSON.stringify(jwks)), jwks.keys[0]]) {
    assert.strictEqual(jot.KeySet.from(form).length, 1);
  }
  const mixed = jot.KeySet.from({ keys: [...jwks.keys, { kty: 'oct', k: 'AA', kid: 'short' }] });
  assert.deepStrictEqual([mixed.length, mixed.skipped[0].kid], [1, 'short']);
  assert.strictEqual(code(() => jot.KeySet.from('{')), 'key_json');
  assert.strictEqual(code(() => jot.KeySet.fromSecret('abc')), 'key_secret_too_short');
  assert.strictEqual(code(() => jot.KeySet.from(jwks, { algorithm: 'ES256' })), 'policy_invalid');
  assert.strictEqual(signer.verifyingKeys.keys[0].kid, '2026-01');
});

test('keys are replaced', () => {
  const verifier = new jot.Verifier(settings);
  const other = jot.Signer.from(jot.Signer.generate('ES256').toJwk());
  assert.notStrictEqual(verifier.check(other.sign(claims)), 'accepted');
  verifier.replaceKeys(other.verifyingKeys);
  assert.strictEqual(verifier.check(other.sign(claims)), 'accepted');
  assert.notStrictEqual(verifier.check(signer.sign(claims)), 'accepted');
});

test('the cache remembers tokens and forgets nothing of the rules', () => {
  const verifier = new jot.Verifier({ ...settings, cache: 100 });
  const token = signer.sign(claims);
  for (let times = 0; times < 3; times += 1) assert.strictEqual(verifier.check(token), 'accepted');
  assert.match(verifier.prometheus, /jot_cache_hits_total 2/);
  assert.strictEqual(verifier.check(token, { now: 4102444800 }), 'expired');
});

test('every algorithm signs and verifies', () => {
  for (const alg of jot.algorithms) {
    const one = jot.Signer.generate(alg, { kid: 'k' });
    const verifier = new jot.Verifier({ algorithms: [alg], anyAudience: true, keys: one.verifyingKeys, backend: 'auto' });
    assert.strictEqual(verifier.verify(one.sign({ exp: 4102444800 })).algorithm, alg);
    assert.strictEqual(one.algorithm, alg);
  }
});

test('bytes that are gone, shared or empty are no danger', () => {
  const verifier = new jot.Verifier(settings);
  const token = signer.sign(claims);
  const gone = new TextEncoder().encode(token);
  structuredClone(gone.buffer, { transfer: [gone.buffer] });
  assert.strictEqual(verifier.check(gone), 'token_empty');
  assert.strictEqual(verifier.check(new Uint8Array(0)), 'token_empty');
  assert.strictEqual(verifier.check(''), 'token_empty');
  const shared = new Uint8Array(new SharedArrayBuffer(token.length));
  shared.set(Buffer.from(token));
  assert.strictEqual(verifier.check(shared), 'accepted');
  assert.strictEqual(verifier.check(shared.subarray(1)), verifier.check(token.slice(1)));
  for (const length of [4090, 4091, 4092, 4093, 4094, 4095, 4096, 4097, 8192, 70_000, 10_000_000]) {
    for (const letter of ['a', 'é', '€', '😀']) {
      const text = letter.repeat(length);
      assert.strictEqual(verifier.check(text), verifier.check(Buffer.from(text)), `${length} of ${letter}`);
    }
  }
});

test('a verifier may judge its own lists', () => {
  const verifier = new jot.Verifier({ ...settings, status: 'check' });
  assert.strictEqual(code(() => verifier.putStatusList('x', verifier)), 'token_segments');
});

test('a detached payload is verified', () => {
  const verifier = new jot.Verifier(settings);
  const [header, payload, signature] = signer.sign(claims).split('.');
  const bytes = Buffer.from(payload, 'base64url');
  assert.deepStrictEqual(verifier.verifyJws(`${header}..${signature}`, { issuer, payload: bytes }), bytes);
  assert.strictEqual(code(() => verifier.verifyJws(`${header}..${signature}`, { issuer, payload: 'x' })), 'signature_invalid');
});

test('a batch gives each row its answer, and calls can be in flight together', async () => {
  const verifier = new jot.Verifier(settings);
  const good = signer.sign(claims);
  const expired = signer.sign({ ...claims, exp: 1 });
  const batch = new jot.Batch({ threads: 2 });
  const answers = await Promise.all(
    [1, 2, 3].map(() => batch.verify(verifier, [good, null, expired, Buffer.from(good), 'x'])),
  );
  for (const verdicts of answers) {
    const names = [0, 1, 2, 3, 4].map((row) => verdicts.code(row));
    assert.deepStrictEqual(names, ['accepted', 'token_null', 'expired', 'accepted', 'token_segments']);
    assert.deepStrictEqual([verdicts.accepted, verdicts.length], [2, 5]);
    assert.deepStrictEqual([verdicts.signatureOk(2), verdicts.signatureOk(4)], [true, false]);
    assert.throws(() => verdicts.code(5), RangeError);
  }
  await assert.rejects(batch.verify(verifier, [1]), { code: 'batch_invalid' });
  await assert.rejects(batch.verify(verifier, 'x'), { code: 'batch_invalid' });
});

test('workers verify beside each other', async () => {
  const source = `
    const { workerData, parentPort } = require('node:worker_threads');
    const jot = require('libjot');
    const verifier = new jot.Verifier({ ...workerData.settings, keys: jot.KeySet.from(workerData.jwks) });
    let accepted = 0;
    for (let at = 0; at < 2000; at += 1) accepted += verifier.check(workerData.token) === 'accepted';
    parentPort.postMessage(accepted);`;
  const { keys, ...rest } = settings;
  const workerData = { settings: rest, jwks: keys.toJwks(), token: signer.sign(claims) };
  const answers = [1, 2, 3, 4].map(
    () =>
      new Promise((resolve, reject) => {
        const worker = new Worker(source, { eval: true, workerData });
        worker.once('message', resolve);
        worker.once('error', reject);
      }),
  );
  assert.deepStrictEqual(await Promise.all(answers), [2000, 2000, 2000, 2000]);
});

test('a worker that ends while it waits takes nothing with it', async () => {
  const source = `
    const jot = require('libjot');
    const keys = new jot.Fetcher().keys('http://127.0.0.1:9/jwks', { allowLoopback: true });
    const verifier = new jot.Verifier({ algorithms: ['ES256'], audience: 'a', keys });
    keys.wait(60_000);
    new jot.Batch({ threads: 2 }).verify(verifier, Array(1000).fill('a.b.c'));
    require('node:worker_threads').parentPort.postMessage('waiting');`;
  for (let times = 0; times < 5; times += 1) {
    const worker = new Worker(source, { eval: true });
    await new Promise((resolve) => worker.once('message', resolve));
    await worker.terminate();
  }
  assert.strictEqual(new jot.Verifier(settings).check(signer.sign(claims)), 'accepted');
});

test('a program ends although keys are followed', async () => {
  const source = `
    const jot = require('libjot');
    const keys = new jot.Fetcher().keys('http://127.0.0.1:9/jwks', { allowLoopback: true });
    new jot.Verifier({ algorithms: ['ES256'], audience: 'a', keys });`;
  const worker = new Worker(source, { eval: true });
  assert.strictEqual(await new Promise((resolve) => worker.once('exit', resolve)), 0);
});

test('both forms of modules have the same names', async () => {
  const names = Object.keys(await import('libjot')).filter((name) => name !== 'default');
  assert.deepStrictEqual(names.sort(), Object.keys(jot).sort());
});
