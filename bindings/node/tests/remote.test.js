'use strict';

const assert = require('node:assert');
const http = require('node:http');
const v8 = require('node:v8');
const vm = require('node:vm');
const { test } = require('node:test');

const jot = require('libjot');

test('a token of a new key waits for it, and a forged one does not fetch again', async (t) => {
  const [first, second] = ['a', 'b'].map((kid) => jot.Signer.generate('ES256', { kid }));
  let jwks = first.verifyingKeys.toJwks();
  let fetches = 0;
  const server = http.createServer((request, response) => {
    fetches += 1;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(jwks));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${server.address().port}/jwks`;
  const keys = new jot.Fetcher().keys(url, { allowLoopback: true, issuer: 'https://i', coolDown: 600 });
  const verifier = new jot.Verifier({ algorithms: ['ES256'], audience: 'api', issuer: 'https://i', keys });
  const claims = { iss: 'https://i', aud: 'api', exp: 4102444800 };

  assert.strictEqual(await keys.wait(), 1);
  assert.strictEqual(verifier.check(first.sign(claims)), 'accepted');
  const token = second.sign(claims);
  assert.strictEqual(verifier.check(token), 'kid_unknown');
  jwks = { keys: [first, second].flatMap((one) => one.verifyingKeys.toJwks().keys) };
  const both = await Promise.all([verifier.verifyAsync(token), verifier.verifyAsync(token)]);
  assert.deepStrictEqual(both.map((one) => one.claims.aud), ['api', 'api']);
  assert.deepStrictEqual([fetches, keys.health.keys, keys.health.failures], [2, 2, 0]);

  const forged = jot.Signer.generate('ES256', { kid: 'c' }).sign(claims);
  await assert.rejects(verifier.verifyAsync(forged), { name: 'Rejection', code: 'kid_unknown' });
  assert.strictEqual(fetches, 2);
});

test('keys that cannot be fetched are told with the reason', async () => {
  const keys = new jot.Fetcher().keys('http://127.0.0.1:9/jwks', { allowLoopback: true });
  await assert.rejects(keys.wait(300), (error) => {
    assert.deepStrictEqual([error.name, error.code], ['JotError', 'keys_not_yet']);
    assert.match(error.message, /the last fetch: /);
    return true;
  });
  assert.strictEqual(keys.health.error, 'fetch_failed');
  const verifier = new jot.Verifier({ algorithms: ['ES256'], audience: 'api', keys });
  const token = jot.Signer.generate('ES256').sign({ aud: 'api', exp: 4102444800 });
  assert.strictEqual(verifier.check(token), 'keys_not_yet');
  await assert.rejects(verifier.verifyAsync(token, { wait: 50 }), { code: 'keys_not_yet', status: 503 });
});

test('a URL that is not https is refused', () => {
  const fetcher = new jot.Fetcher();
  assert.throws(() => fetcher.keys('http://issuer.example/jwks'), { name: 'JotError', code: 'url_refused' });
  assert.throws(() => fetcher.keys('https://a/jwks', { issuer: undefined }), { code: 'policy_invalid' });
  assert.throws(() => fetcher.keys('https://a/jwks', { isuer: 'a' }), /unknown field `isuer`/);
});

test('revocations want the keys of their issuer', () => {
  const fetcher = new jot.Fetcher();
  const keys = fetcher.discover('https://issuer.example');
  const options = { keys, algorithms: ['ES256'] };
  assert.throws(() => fetcher.revocations('http://a.example/r', options), { code: 'url_refused' });
  assert.throws(() => fetcher.revocations('https://a/r', { algorithms: ['ES256'] }), { code: 'policy_invalid' });
  assert.throws(() => fetcher.revocations('https://a/r', { ...options, pollEvry: 1 }), /unknown field `pollEvry`/);
  const list = fetcher.revocations('https://issuer.example/revocations', options);
  const verifier = new jot.Verifier({ algorithms: ['ES256'], audience: 'api', issuer: 'https://issuer.example', keys });
  verifier.followRevocations(list);
  assert.strictEqual(list.reason, undefined);
});

test('revocations are followed although the program keeps only the verifier', async (t) => {
  const iss = 'https://i';
  const signer = jot.Signer.generate('ES256', { kid: 'a' });
  const entries = [];
  let fetches = 0;
  const list = () => {
    const iat = Math.floor(Date.now() / 1000);
    const claims = { iss, iat, exp: iat + 60, ttl: 1, revocations: entries };
    return signer.sign(claims, { typ: 'revocations+jwt' });
  };
  const server = http.createServer((request, response) => {
    if (request.url === '/jwks') return response.end(JSON.stringify(signer.verifyingKeys.toJwks()));
    fetches += 1;
    return response.setHeader('content-type', 'application/jwt').end(list());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const at = `http://127.0.0.1:${server.address().port}`;

  const verifier = await (async () => {
    const fetcher = new jot.Fetcher();
    const keys = fetcher.keys(`${at}/jwks`, { allowLoopback: true, issuer: iss });
    await keys.wait();
    const made = new jot.Verifier({ algorithms: ['ES256'], audience: 'api', issuer: iss, keys });
    const settings = { keys, algorithms: ['ES256'], allowLoopback: true, least: 1 };
    const revocations = fetcher.revocations(`${at}/revocations`, settings);
    made.followRevocations(revocations);
    await revocations.wait();
    return made;
  })();
  const token = signer.sign({ iss, aud: 'api', sid: 's-1', exp: 4102444800 });
  assert.strictEqual(verifier.check(token), 'accepted');
  v8.setFlagsFromString('--expose-gc');
  vm.runInNewContext('gc')();
  await new Promise((resolve) => setTimeout(resolve, 50));
  vm.runInNewContext('gc')();
  const before = fetches;
  entries.push({ sid: 's-1', exp: 4102444800 });
  for (let turns = 0; turns < 100 && verifier.check(token) === 'accepted'; turns += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.strictEqual(verifier.check(token), 'sid_revoked', `${fetches - before} fetches`);
});

test('keys are saved, and a program that starts without its issuer goes on with them', async (t) => {
  const signer = jot.Signer.generate('ES256', { kid: 'a' });
  const server = http.createServer((request, response) => response.end(JSON.stringify(signer.verifyingKeys.toJwks())));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}/jwks`;
  const first = new jot.Fetcher().keys(url, { allowLoopback: true });
  await first.wait();
  const saved = first.save();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));

  const keys = new jot.Fetcher().keys(url, { allowLoopback: true });
  const verifier = new jot.Verifier({ algorithms: ['ES256'], audience: 'api', keys });
  const token = signer.sign({ aud: 'api', exp: 4102444800 });
  assert.strictEqual(verifier.check(token), 'keys_not_yet');
  keys.restore(saved);
  assert.strictEqual(verifier.check(token), 'accepted');
  assert.throws(() => keys.restore('{}'), { name: 'JotError', code: 'saved_keys_invalid' });
});

test('a status list is followed', async (t) => {
  const signer = jot.Signer.generate('ES256', { kid: 'a' });
  let uri;
  const server = http.createServer((request, response) => {
    if (request.url === '/jwks') return response.end(JSON.stringify(signer.verifyingKeys.toJwks()));
    const iat = Math.floor(Date.now() / 1000);
    // Of 8 entries, that at 1 is 1: taken back.
    const lst = require('node:zlib').deflateSync(Buffer.from([2])).toString('base64url');
    const claims = { sub: uri, iat, exp: iat + 600, ttl: 60, status_list: { bits: 1, lst } };
    return response.setHeader('content-type', 'application/statuslist+jwt').end(signer.sign(claims, { typ: 'statuslist+jwt' }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const at = `http://127.0.0.1:${server.address().port}`;
  uri = `${at}/list`;
  const fetcher = new jot.Fetcher();
  const keys = fetcher.keys(`${at}/jwks`, { allowLoopback: true });
  await keys.wait();
  const verifier = new jot.Verifier({ algorithms: ['ES256'], audience: 'api', keys, status: 'require' });
  const token = (idx) => signer.sign({ aud: 'api', exp: 4102444800, status: { status_list: { idx, uri } } });
  assert.strictEqual(verifier.check(token(0)), 'status_list_unknown');
  const list = fetcher.statusList(uri, { keys, algorithms: ['ES256'], allowLoopback: true });
  verifier.followStatusList(list);
  await list.wait();
  assert.deepStrictEqual([0, 1].map((idx) => verifier.check(token(idx))), ['accepted', 'status_revoked']);
  assert.throws(() => verifier.followStatusList(keys), { code: 'policy_invalid' });
  assert.throws(() => fetcher.statusList(uri, { algorithms: ['ES256'] }), { code: 'policy_invalid' });
  const blind = new jot.Verifier({ algorithms: ['ES256'], audience: 'api', keys });
  assert.throws(() => blind.followStatusList(list), { name: 'JotError', code: 'policy_invalid' });
});
