'use strict';

// libjot/express-jwt beside express-jwt itself, in Express.

const assert = require('node:assert');
const crypto = require('node:crypto');
const http = require('node:http');
const { test } = require('node:test');

const express = require('express');
const theirs = require('express-jwt');
const ours = require('libjot/express-jwt');
const jwt = require('libjot/jsonwebtoken');

const secret = 'a secret that is long enough: 32 bytes';
const rsa = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const token = jwt.sign({ sub: 'alice', aud: 'api', jti: 'good' }, secret, { expiresIn: '1h' });
const expired = jwt.sign({ sub: 'alice', aud: 'api', exp: 1 }, secret);
const options = { secret, algorithms: ['HS256'] };

/** Asks with raw header fields, of which there may be two of a name. */
function ask(port, path, headers = [], method = 'GET') {
  return new Promise((resolve, reject) => {
    const request = http.request({ port, path, method, host: '127.0.0.1', headers: ['Host', 'a', ...headers] }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => resolve([response.statusCode, body]));
    });
    request.on('error', reject);
    request.end();
  });
}

const bearer = (text) => ['Authorization', `Bearer ${text}`];

/** Starts an application of Express that a package guards. */
async function started(t, { expressjwt, UnauthorizedError }) {
  const app = express();
  app.disable('x-powered-by');
  const show = (name) => (request, response) => response.json(request[name] ?? null);
  app.all('/', expressjwt(options), show('auth'));
  app.get('/audience', expressjwt({ ...options, audience: 'other' }), show('auth'));
  app.get('/perhaps', expressjwt({ ...options, credentialsRequired: false }), show('auth'));
  app.get('/user', expressjwt({ ...options, requestProperty: 'user.claims' }), (request, response) => response.json(request.user));
  app.get('/query', expressjwt({ ...options, getToken: (request) => request.query.token }), show('auth'));
  app.get('/throws', expressjwt({ ...options, getToken: () => Promise.reject(new UnauthorizedError('invalid_token', { message: 'not this one' })) }), show('auth'));
  app.get('/late', expressjwt({ ...options, secret: async (request, unverified) => (unverified.payload.sub === 'alice' ? secret : undefined) }), show('auth'));
  app.get('/rsa', expressjwt({ secret: rsa.publicKey, algorithms: ['RS256'] }), show('auth'));
  app.get('/revoked', expressjwt({ ...options, isRevoked: async (request, found) => found.payload.jti === 'good' }), show('auth'));
  app.get('/forgiven', expressjwt({ ...options, onExpired: () => {} }), show('auth'));
  app.get('/unforgiven', expressjwt({ ...options, onExpired: (request, error) => { throw error; } }), show('auth'));
  const free = { path: ['/free', /^\/open\//, { url: '/some', methods: ['POST'] }], ext: 'css', method: 'PUT' };
  app.use('/in', expressjwt(options).unless({ custom: (request) => request.query.custom !== undefined, ...free, path: ['/in/free', ...free.path.slice(1)] }), show('auth'));
  app.use(expressjwt(options).unless(free), show('auth'));
  app.use((error, request, response, next) => {
    const { name, code, status, message, inner } = error;
    response.status(status ?? 500).json({ name, code, message, inner: inner?.message, is: error instanceof UnauthorizedError });
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => server.close());
  return server.address().port;
}

const signed = jwt.sign({ sub: 'bob' }, rsa.privateKey, { algorithm: 'RS256' });
const requests = [
  ['/', bearer(token)], ['/', ['authorization', `bearer ${token}`]], ['/', []], ['/', ['Authorization', 'wrong']],
  ['/', ['Authorization', 'Basic YTpi']], ['/', bearer('wrong')], ['/', bearer('a b')], ['/', ['Authorization', 'Bearer']], ['/', bearer(`${token.slice(0, -4)}AAAA`)], ['/', bearer(expired)],
  ['/', ['Access-Control-Request-Headers', 'x, Authorization'], 'OPTIONS'], ['/', [], 'OPTIONS'],
  ['/audience', bearer(token)], ['/perhaps', []], ['/perhaps', bearer(token)], ['/perhaps', ['Authorization', 'Basic YTpi']],
  ['/perhaps', ['Authorization', 'wrong']], ['/perhaps', bearer(expired)],
  ['/user', bearer(token)], [`/query?token=${token}`], ['/query'], ['/throws'], ['/late', bearer(token)], ['/rsa', bearer(signed)],
  ['/rsa', bearer(token)], ['/revoked', bearer(token)], ['/forgiven', bearer(expired)], ['/forgiven', bearer(token)], ['/unforgiven', bearer(expired)],
  ['/free'], ['/free?x=1'], ['/open/x'], ['/opened'], ['/some', [], 'POST'], ['/some'], ['/a.css'], ['/x', [], 'PUT'], ['/x'], ['/free/', []],
  ['/in/free'], ['/in/x?custom'], ['/in/x'], ['/in/x', bearer(token)],
];

test('express-jwt, side by side', async (t) => {
  const ports = [await started(t, theirs), await started(t, ours)];
  for (const [path, headers, method] of requests) {
    const [wanted, found] = await Promise.all(ports.map((port) => ask(port, path, headers, method)));
    assert.deepStrictEqual(found, wanted, `${method ?? 'GET'} ${path} ${headers}`);
  }
});

test('options that are wrong stop the start, as with express-jwt', () => {
  for (const wrong of [undefined, {}, { secret }, { secret, algorithms: 'HS256' }]) {
    const [wanted, found] = [theirs, ours].map(({ expressjwt }) => {
      try {
        return expressjwt(wrong);
      } catch (error) {
        return [error.name, error.message];
      }
    });
    assert.deepStrictEqual(found, wanted);
  }
  assert.throws(() => ours.expressjwt({ ...options, issuer: /x/ }), { message: 'issuer must be a string or an array of them' });
  assert.throws(() => ours.expressjwt(options).unless({ paths: ['/'] }), { message: 'unless: there is no option paths' });
});

test('stricter than express-jwt', async (t) => {
  const [before, after] = [await started(t, theirs), await started(t, ours)];
  // Node keeps the first of two; a proxy in front may have judged the second.
  const twice = [...bearer(token), ...bearer(expired)];
  assert.strictEqual((await ask(before, '/', twice))[0], 200);
  assert.deepStrictEqual([(await ask(after, '/', twice))[0], JSON.parse((await ask(after, '/', twice))[1]).code], [401, 'credentials_bad_format']);
  // Whoever forgives the age of a token forgives nothing else.
  const run = ({ expressjwt }) =>
    new Promise((resolve) => {
      const request = { headers: { authorization: `Bearer ${expired}` } };
      expressjwt({ ...options, audience: 'other', onExpired: () => {} })(request, {}, (error) => resolve(error?.message ?? request.auth.sub));
    });
  assert.strictEqual(await run(theirs), 'alice');
  assert.strictEqual(await run(ours), 'jwt audience invalid. expected: other');
});
