'use strict';

const assert = require('node:assert');
const http = require('node:http');
const { test } = require('node:test');

const express = require('express');
const fastify = require('fastify');
const jot = require('libjot');
const { guard, refusals } = require('libjot/express');
const plugin = require('libjot/fastify');

const signer = jot.Signer.generate('ES256');
const verifier = new jot.Verifier({ algorithms: ['ES256'], audience: 'api', keys: signer.verifyingKeys });
const token = (more = {}) => signer.sign({ aud: 'api', sub: 'alice', exp: 4102444800, ...more });
const metadata = 'https://api.example/.well-known/oauth-protected-resource';
const settings = { realm: 'orders', resourceMetadata: metadata };
const where = `, resource_metadata="${metadata}"`;

/** Asks with raw header fields, of which there may be two of a name. */
function ask(port, path, ...authorization) {
  const headers = authorization.flatMap((value) => ['Authorization', value]);
  return new Promise((resolve, reject) => {
    const request = http.get({ port, path, host: '127.0.0.1', headers: ['Host', 'a', ...headers] }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => resolve([response.statusCode, response.headers['www-authenticate'], body]));
    });
    request.on('error', reject);
  });
}

async function inspect(port) {
  const good = `Bearer ${token()}`;
  const challenge = (error, more = '') => `Bearer realm="orders", error="${error}"${more}${where}`;
  assert.deepStrictEqual(await ask(port, '/', good), [200, undefined, 'alice']);
  assert.deepStrictEqual(await ask(port, '/', good.replace('Bearer', 'bearer')), [200, undefined, 'alice']);
  assert.deepStrictEqual(await ask(port, '/'), [401, `Bearer realm="orders"${where}`, 'token_null\n']);
  assert.deepStrictEqual(await ask(port, '/', 'Basic YTpi'), [401, `Bearer realm="orders"${where}`, 'token_null\n']);
  const several = challenge('invalid_request', ', error_description="There is more than one token."');
  assert.deepStrictEqual(await ask(port, '/', good, good), [400, several, 'token_repeated\n']);
  const [status, said] = await ask(port, '/', `Bearer ${token({ exp: 1 })}`);
  assert.strictEqual(status, 401);
  assert.match(said, /^Bearer realm="orders", error="invalid_token", error_description="/);
  assert.strictEqual((await ask(port, '/', `${good.slice(0, -4)}AAAA`))[0], 401);

  assert.deepStrictEqual((await ask(port, '/write', good)).slice(0, 1), [403]);
  assert.match((await ask(port, '/write', good))[1], /error="insufficient_scope".*scope="write"/);
  assert.strictEqual((await ask(port, '/write'))[1], `Bearer realm="orders", scope="write"${where}`);
  assert.doesNotMatch((await ask(port, '/write', 'Bearer x'))[1], /scope/);
  const writer = `Bearer ${token({ scope: 'read write' })}`;
  assert.deepStrictEqual(await ask(port, '/write', writer), [200, undefined, 'alice']);

  assert.deepStrictEqual(await ask(port, '/perhaps'), [200, undefined, 'nobody']);
  assert.deepStrictEqual(await ask(port, '/perhaps', good), [200, undefined, 'alice']);
  assert.strictEqual((await ask(port, '/perhaps', 'Bearer a.b.c'))[0], 401);
}

test('Express', async (t) => {
  const app = express();
  const show = (request, response) => response.send(request.auth?.sub ?? 'nobody');
  app.get('/', guard(verifier, settings), show);
  app.get('/write', guard(verifier, { ...settings, scopes: 'write' }), show);
  app.get('/perhaps', guard(verifier, { ...settings, credentialsRequired: false }), show);
  app.use(refusals);
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => server.close());
  await inspect(server.address().port);
});

test('Fastify', async (t) => {
  const app = fastify();
  await app.register(plugin, { verifier, ...settings });
  const show = (request) => request.auth?.sub ?? 'nobody';
  app.get('/', { onRequest: app.guard() }, show);
  app.get('/write', { onRequest: app.guard({ scopes: 'write' }) }, show);
  app.get('/perhaps', { onRequest: app.guard({ credentialsRequired: false }) }, show);
  await app.listen({ port: 0, host: '127.0.0.1' });
  t.after(() => app.close());
  await inspect(app.server.address().port);
});

test('a setting that is unknown, unset or cannot stand in a header stops the start', async () => {
  assert.throws(() => guard(verifier, { scope: 'read' }), /there is no scope/);
  assert.throws(() => guard(verifier, { realm: undefined }), /realm is undefined/);
  const app = fastify();
  await assert.rejects(async () => app.register(plugin, { verifier, relm: 'a' }), /there is no relm/);
});
