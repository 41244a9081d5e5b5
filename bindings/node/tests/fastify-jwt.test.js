'use strict';

// libjot/fastify-jwt beside @fastify/jwt itself, in Fastify.

const assert = require('node:assert');
const crypto = require('node:crypto');
const { test } = require('node:test');

const cookies = require('@fastify/cookie');
const theirs = require('@fastify/jwt');
const fastify = require('fastify');
const ours = require('libjot/fastify-jwt');

const secret = 'a secret that is long enough: 32 bytes';
const pem = { type: 'spki', format: 'pem' };
const pkcs8 = { type: 'pkcs8', format: 'pem' };

function pair(type, options) {
  const { publicKey, privateKey } = crypto.generateKeyPairSync(type, options);
  return { public: publicKey.export(pem), private: privateKey.export(pkcs8) };
}
const rsa = pair('rsa', { modulusLength: 2048 });
const p256 = pair('ec', { namedCurve: 'P-256' });
const p384 = pair('ec', { namedCurve: 'P-384' });
const ed = pair('ed25519');
const bearer = (token) => ({ authorization: `Bearer ${token}` });

/** Makes an application with a plugin and the routes of its ordinary users. */
async function started(t, plugin, options) {
  const app = fastify();
  await app.register(cookies, { secret: 'for cookies' });
  await app.register(plugin, options);
  app.post('/sign', async (request, reply) => reply.jwtSign(request.body));
  app.post('/brief', async (request, reply) => reply.jwtSign(request.body, { sign: { expiresIn: '10m' } }));
  app.post('/callback', (request, reply) => reply.jwtSign(request.body, { expiresIn: 60 }, (error, token) => reply.send(error ?? token)));
  app.get('/', async (request) => {
    const found = await request.jwtVerify();
    return { found, user: request.user ?? request[options.decoratorName] };
  });
  app.get('/verify', (request, reply) => request.jwtVerify((error, found) => reply.send(error ?? found)));
  app.get('/narrow', async (request) => request.jwtVerify({ allowedAud: 'other' }));
  app.get('/cookie', async (request) => request.jwtVerify({ onlyCookie: true }));
  app.get('/complete', async (request) => (await request.jwtVerify({ verify: { complete: true } })).header);
  app.get('/decode', async (request) => request.jwtDecode());
  t.after(() => app.close());
  return app;
}

/** Runs the same requests with both plugins, which must answer the same. */
async function sideBySide(t, options, requests) {
  const apps = [await started(t, theirs, options), await started(t, ours, options)];
  for (const request of requests) {
    const [wanted, found] = await Promise.all(
      apps.map(async (app) => {
        const { statusCode, body } = await app.inject(request);
        return [statusCode, body];
      }),
    );
    // In whose words a token is invalid is the library's own affair.
    const plain = (text) => text.replace(/is invalid: [^"]*/, 'is invalid');
    assert.deepStrictEqual([found[0], plain(found[1])], [wanted[0], plain(wanted[1])], JSON.stringify(request));
  }
  return apps;
}

const issue = async (app, payload, url = '/sign') => (await app.inject({ method: 'POST', url, payload })).body;

test('a token goes round, side by side', async (t) => {
  for (const options of [
    { secret }, { secret: rsa, sign: { algorithm: 'RS256' } }, { secret: p256, sign: { algorithm: 'ES256' } },
    { secret: p384 }, { secret: ed }, { secret: Buffer.from(secret) },
    { secret, sign: { expiresIn: '1h', iss: 'i', aud: 'api', kid: 'k', sub: 's', jti: 'j' }, verify: { allowedIss: 'i', allowedAud: 'api', allowedSub: 's', allowedJti: 'j', algorithms: ['HS256'], maxAge: '1d' } },
    { secret: (request, payload, done) => done(null, secret) }, { secret: async () => secret },
  ]) {
    const apps = [await started(t, theirs, options), await started(t, ours, options)];
    for (const url of ['/sign', '/brief', '/callback']) {
      const [before, after] = await Promise.all(apps.map((app) => issue(app, { name: 'alice' }, url)));
      const parts = (token) => token.split('.').slice(0, 2).map((part) => JSON.parse(Buffer.from(part, 'base64url')));
      const [[header, claims], [theirHeader, theirClaims]] = [parts(after), parts(before)];
      assert.deepStrictEqual({ ...header, typ: 'JWT' }, { ...theirHeader, typ: 'JWT' });
      assert.ok(Math.abs(claims.iat - theirClaims.iat) <= 1);
      const near = { iat: theirClaims.iat, ...(claims.exp === undefined ? {} : { exp: theirClaims.exp }) };
      assert.deepStrictEqual({ ...claims, ...near }, theirClaims);
      for (const token of [before, after]) {
        for (const path of ['/', '/verify', '/complete', '/decode']) {
          const [wanted, found] = await Promise.all(apps.map((app) => app.inject({ url: path, headers: bearer(token) })));
          assert.deepStrictEqual([found.statusCode, found.json()], [wanted.statusCode, wanted.json()], path);
          assert.strictEqual(found.statusCode, 200, found.body);
        }
      }
    }
  }
});

test('refusals, side by side', async (t) => {
  const signer = await started(t, theirs, { secret });
  const good = await issue(signer, { name: 'alice', aud: 'api' });
  const expired = await issue(signer, { exp: 1, aud: 'other' });
  const unsigned = `${good.slice(0, good.lastIndexOf('.'))}.`;
  const urls = ['/', '/verify', '/narrow'];
  const all = [{}, { authorization: 'Basic YTpi' }, { authorization: 'Bearer' }, { authorization: 'Bearer a b' }, bearer(good), bearer(expired), bearer(unsigned), bearer(`${good.slice(0, -4)}AAAA`)];
  const requests = urls.flatMap((url) => all.map((headers) => ({ url, headers })));
  await sideBySide(t, { secret }, requests);
  await sideBySide(t, { secret, trusted: (request, claims) => claims.name !== 'alice' }, requests);
  await sideBySide(t, { secret, trusted: async () => true, formatUser: (user) => ({ it: user.name }) }, requests);
  await sideBySide(t, { secret, decoratorName: 'who' }, requests);
  const messages = { noAuthorizationInHeaderMessage: 'no', authorizationTokenExpiredMessage: 'old', badRequestErrorMessage: 'bad', authorizationTokenUntrusted: 'never' };
  await sideBySide(t, { secret, messages, trusted: () => false }, requests);
  await sideBySide(t, { secret, verify: { extractToken: (request) => request.headers['x-token'] } }, [{ url: '/' }, { url: '/', headers: { 'x-token': good } }]);
});

test('cookies, side by side', async (t) => {
  const signer = await started(t, theirs, { secret });
  const good = await issue(signer, { name: 'alice' });
  const signed = signer.signCookie(good);
  const requests = [{}, { token: good }, { token: signed }, { other: good }].flatMap((one) =>
    ['/', '/cookie'].flatMap((url) => [{ url, cookies: one }, { url, cookies: one, headers: bearer(good) }]),
  );
  await sideBySide(t, { secret, cookie: { cookieName: 'token', signed: false } }, requests);
  await sideBySide(t, { secret, cookie: { cookieName: 'token', signed: true } }, requests);
});

test('namespaces, side by side', async (t) => {
  const answers = [];
  for (const plugin of [theirs, ours]) {
    const app = fastify();
    t.after(() => app.close());
    await app.register(plugin, { secret, namespace: 'security', jwtVerify: 'securityVerify', jwtSign: 'securitySign' });
    await app.register(plugin, { secret: `${secret}.`, namespace: 'airDrop' });
    app.get('/', async (request, reply) => {
      const token = await reply.securitySign({ a: 1 });
      request.headers.authorization = `Bearer ${token}`;
      request.raw.rawHeaders.push('Authorization', `Bearer ${token}`);
      const { a } = await request.securityVerify();
      const other = await request.airDropJwtVerify().catch((error) => error.code);
      return { a, other, names: Object.keys(app.jwt), decoded: (await request.airDropJwtDecode()).a };
    });
    answers.push((await app.inject('/')).json());
    const twice = fastify();
    t.after(() => twice.close());
    await twice.register(plugin, { secret, namespace: 'airDrop' });
    await assert.rejects(async () => twice.register(plugin, { secret, namespace: 'airDrop' }), /JWT namespace already used "airDrop"/);
  }
  assert.deepStrictEqual(answers[1], answers[0]);
  assert.deepStrictEqual(answers[1].other, 'FST_JWT_AUTHORIZATION_TOKEN_INVALID');
});

test('fastify.jwt, side by side', async (t) => {
  for (const plugin of [theirs, ours]) {
    const app = await started(t, plugin, { secret, sign: { iss: 'i' }, cookie: { cookieName: 'c' } });
    const token = app.jwt.sign({ a: 1 });
    assert.strictEqual(app.jwt.verify(token).iss, 'i');
    const own = app.jwt.sign({ a: 1 }, { key: `${secret}.`, noTimestamp: true, iss: undefined });
    assert.strictEqual(own.split('.')[1], Buffer.from('{"a":1,"iss":"i"}').toString('base64url'));
    assert.throws(() => app.jwt.verify(token, { key: `${secret}.` }));
    assert.throws(() => app.jwt.verify(token, { allowedIss: 'j' }));
    app.jwt.verify(token, { complete: true }, (error, found) => assert.strictEqual(found.payload.a, 1));
    assert.strictEqual(app.jwt.decode(token).a, 1);
    assert.deepStrictEqual(Object.keys(app.jwt.decode(token, { complete: true })).sort(), ['header', 'input', 'payload', 'signature']);
    assert.deepStrictEqual([app.jwt.options.sign, app.jwt.options.decoratorName, app.jwt.cookie], [{ iss: 'i' }, 'user', { cookieName: 'c' }]);
    const request = { headers: bearer(token), raw: { headers: bearer(token) } };
    assert.strictEqual(app.jwt.lookupToken(request), token);
    const only = fastify();
    t.after(() => only.close());
    await only.register(plugin, { secret: { public: rsa.public } });
    assert.throws(() => only.jwt.sign({ a: 1 }), /unable to sign: secret is configured in verify mode/);
  }
});

test('a registration that only verifies says so at once', async (t) => {
  for (const plugin of [theirs, ours]) {
    const app = await started(t, plugin, { secret: { public: rsa.public } });
    assert.throws(() => app.jwt.sign({ a: 1 }), { code: 'ERR_ASSERTION' });
    const answer = await app.inject({ method: 'POST', url: '/callback', payload: { a: 1 } });
    assert.deepStrictEqual([answer.statusCode, answer.json().code], [500, 'ERR_ASSERTION']);
  }
});

test('options that are wrong stop the start', async (t) => {
  for (const [options, message] of [
    [{ secret, jwtSign: true }, /Invalid options.jwtSign/], [{ secret, sign: { algorithm: 'RS256' } }, /^Error: RSA Signatures set as Algorithm/],
    [{}, /missing secret/], [{ secret: { private: 'a' } }, /missing public key/], [{ secret, verfy: {} }, /the plugin has no option verfy/],
    [{ secret, verify: { allowedAudience: 'a' } }, /verify has no option allowedAudience/], [{ secret, sign: { expires: 1 } }, /sign has no option expires/],
    [{ secret, messages: { no: '' } }, /messages has no no/], [{ secret, verify: { allowedIss: /a/ } }, /issuer must be a string or an array of them/],
  ]) {
    const app = fastify();
    t.after(() => app.close());
    await assert.rejects(async () => app.register(ours, options), message);
  }
});

test('rules that only the engine has', async (t) => {
  const app = await started(t, ours, { secret, verify: { requiredClaims: ['tenant'], checkTyp: 'JWT', clockTolerance: 5000 } });
  const code = async (token) => (await app.inject({ url: '/verify', headers: bearer(token) })).json().code ?? 'accepted';
  const invalid = 'FST_JWT_AUTHORIZATION_TOKEN_INVALID';
  assert.strictEqual(await code(app.jwt.sign({ tenant: 1 })), 'accepted');
  assert.strictEqual(await code(app.jwt.sign({})), invalid);
  assert.strictEqual(await code(app.jwt.sign({ tenant: 1 }, { header: { typ: 'at+jwt' } })), invalid);
  const now = Math.floor(Date.now() / 1000);
  assert.strictEqual(await code(app.jwt.sign({ tenant: 1, exp: now - 2 })), 'accepted');
  assert.strictEqual(await code(app.jwt.sign({ tenant: 1, exp: now - 60 })), 'FST_JWT_AUTHORIZATION_TOKEN_EXPIRED');
});

test('stricter than @fastify/jwt', async (t) => {
  const [before, after] = [await started(t, theirs, { secret }), await started(t, ours, { secret })];
  const code = async (app, url, token) => {
    const { statusCode, body } = await app.inject({ url, headers: bearer(token) });
    return statusCode === 200 ? 200 : [statusCode, JSON.parse(body).code];
  };
  const invalid = [401, 'FST_JWT_AUTHORIZATION_TOKEN_INVALID'];
  const nobodys = before.jwt.sign({ name: 'alice' });
  assert.deepStrictEqual([await code(before, '/narrow', nobodys), await code(after, '/narrow', nobodys)], [200, invalid]);
  const early = before.jwt.sign({ nbf: 4102444800 });
  assert.deepStrictEqual([await code(before, '/', early), await code(after, '/', early)], [[500, 'FAST_JWT_INACTIVE'], invalid]);
  const narrow = { secret, verify: { algorithms: ['HS384'] } };
  const [other, ofOurs] = [await started(t, theirs, narrow), await started(t, ours, narrow)];
  assert.deepStrictEqual([await code(other, '/', nobodys), await code(ofOurs, '/', nobodys)], [[500, 'FAST_JWT_INVALID_ALGORITHM'], invalid]);
});

test('two tokens are one too many', async (t) => {
  const app = await started(t, ours, { secret });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const token = app.jwt.sign({ a: 1 });
  const http = require('node:http');
  const headers = ['Host', 'a', 'Authorization', `Bearer ${token}`, 'Authorization', 'Bearer a.b.c'];
  const status = await new Promise((resolve) => {
    http.get({ port: app.server.address().port, host: '127.0.0.1', headers }, (response) => resolve(response.resume().statusCode));
  });
  assert.strictEqual(status, 400);
});
