// Walks a user through the application: node --test test.mjs
import assert from 'node:assert';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { createApp } from './app.mjs';
import { hashOf, isPassword } from './passwords.mjs';

const password = 'correct horse battery';

/** Starts the application; the function returned asks it. */
async function started(t, options = {}) {
  const server = createApp({ secure: false, admins: ['root'], ...options }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => server.close());
  const base = `http://127.0.0.1:${server.address().port}`;
  return async function ask(path, { body, token, cookie, ...headers } = {}) {
    const isPost = path.startsWith('/auth/');
    const given = { ...headers };
    if (body !== undefined) given['Content-Type'] = 'application/json';
    if (token !== undefined) given.Authorization = `Bearer ${token}`;
    if (cookie !== undefined) given.Cookie = cookie;
    const response = await fetch(base + path, {
      method: isPost ? 'POST' : 'GET', headers: given, body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    const set = response.headers.get('set-cookie') ?? undefined;
    return { status: response.status, answer: isJson ? JSON.parse(text) : text, set, cookie: set?.split(';')[0], headers: response.headers };
  };
}

async function loggedIn(ask, name) {
  await ask('/auth/register', { body: { name, password } });
  const { status, answer, set, cookie } = await ask('/auth/login', { body: { name, password } });
  assert.strictEqual(status, 200);
  return { token: answer.access_token, set, cookie };
}

test('a user registers, logs in, refreshes and logs out', async (t) => {
  const ask = await started(t);
  assert.strictEqual((await ask('/me')).status, 401);
  const registered = await ask('/auth/register', { body: { name: 'alice', password } });
  assert.deepStrictEqual([registered.status, registered.answer], [201, { name: 'alice' }]);
  assert.strictEqual((await ask('/auth/register', { body: { name: 'alice', password } })).status, 409);
  const wrong = await ask('/auth/login', { body: { name: 'alice', password: `${password}.` } });
  const nobody = await ask('/auth/login', { body: { name: 'nobody', password } });
  assert.deepStrictEqual([wrong.status, wrong.answer], [nobody.status, nobody.answer]);
  assert.strictEqual(wrong.status, 401);

  const first = await loggedIn(ask, 'alice');
  assert.match(first.set, /^refresh=[\w-]{43}; Max-Age=\d+; Path=\/auth; Expires=[^;]*; HttpOnly; SameSite=Strict$/);
  const me = await ask('/me', { token: first.token });
  assert.deepStrictEqual([me.status, me.answer], [200, { name: 'alice', scope: 'user' }]);

  const second = await ask('/auth/refresh', { cookie: first.cookie });
  assert.strictEqual(second.status, 200);
  assert.notStrictEqual(second.cookie, first.cookie);
  const token = second.answer.access_token;
  assert.strictEqual((await ask('/me', { token })).status, 200);

  const out = await ask('/auth/logout', { token });
  assert.strictEqual(out.status, 204);
  assert.match(out.set, /^refresh=; Path=\/auth; Expires=Thu, 01 Jan 1970/);
  for (const old of [token, first.token]) {
    const refused = await ask('/me', { token: old });
    assert.deepStrictEqual([refused.status, refused.answer], [401, 'sid_revoked\n']);
  }
  assert.strictEqual((await ask('/auth/refresh', { cookie: second.cookie })).status, 401);
  assert.strictEqual((await ask('/auth/logout', { token })).status, 401);
});

test('a refresh token that is used twice ends the session, and no other', async (t) => {
  const ask = await started(t);
  const stolen = await loggedIn(ask, 'alice');
  const other = await loggedIn(ask, 'alice');
  const thief = await ask('/auth/refresh', { cookie: stolen.cookie });
  assert.strictEqual(thief.status, 200);
  assert.strictEqual((await ask('/auth/refresh', { cookie: stolen.cookie })).status, 401);
  assert.strictEqual((await ask('/auth/refresh', { cookie: thief.cookie })).status, 401);
  assert.strictEqual((await ask('/me', { token: thief.answer.access_token })).status, 401);
  assert.strictEqual((await ask('/me', { token: other.token })).status, 200);
  assert.strictEqual((await ask('/auth/refresh', { cookie: other.cookie })).status, 200);
});

test('only administrators see the names', async (t) => {
  const ask = await started(t);
  const alice = await loggedIn(ask, 'alice');
  const root = await loggedIn(ask, 'root');
  const refused = await ask('/admin/names', { token: alice.token });
  assert.strictEqual(refused.status, 403);
  assert.match(refused.headers.get('www-authenticate'), /error="insufficient_scope".*scope="admin"/);
  assert.deepStrictEqual((await ask('/admin/names', { token: root.token })).answer, ['alice', 'root']);
});

test('tokens and sessions end by themselves', async (t) => {
  const ask = await started(t, { tokens: { life: 0 }, sessionLife: 0 });
  const { token, cookie } = await loggedIn(ask, 'alice');
  assert.deepStrictEqual((await ask('/me', { token })).answer, 'expired\n');
  assert.strictEqual((await ask('/auth/refresh', { cookie })).status, 401);
});

test('bad requests are told so', async (t) => {
  const ask = await started(t);
  for (const body of [undefined, {}, [], { name: 'a', password }, { name: 'A b', password }, { name: 'alice', password: 'short' }, { name: ['alice'], password: [password] }]) {
    assert.strictEqual((await ask('/auth/register', { body })).status, 400, JSON.stringify(body));
  }
  assert.strictEqual((await ask('/auth/login', { body: { name: 1, password } })).status, 400);
  const foreign = await ask('/auth/login', { body: { name: 'alice', password }, Origin: 'https://evil.example' });
  assert.strictEqual(foreign.status, 403);
  assert.strictEqual((await ask('/auth/refresh', { Origin: 'null' })).status, 403);
});

test('guesses are counted', async (t) => {
  const ask = await started(t);
  await ask('/auth/register', { body: { name: 'alice', password } });
  const guesses = Array.from({ length: 12 }, () => ask('/auth/login', { body: { name: 'alice', password: 'wrong guess' } }));
  const statuses = (await Promise.all(guesses)).map(({ status }) => status).sort();
  assert.deepStrictEqual(statuses, [...Array(10).fill(401), 429, 429]);
  assert.strictEqual((await ask('/auth/login', { body: { name: 'alice', password } })).status, 429);
});

test('the page is served, and may load nothing from elsewhere', async (t) => {
  const ask = await started(t);
  for (const [path, type] of [['/', 'text/html'], ['/page.js', 'text/javascript'], ['/style.css', 'text/css']]) {
    const { status, headers } = await ask(path);
    assert.deepStrictEqual([status, headers.get('content-type').split(';')[0]], [200, type]);
    assert.match(headers.get('content-security-policy'), /default-src 'none'/);
  }
  assert.strictEqual((await ask('/app.mjs')).status, 404);
});

test('the key that signs is kept in a file that others cannot read', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tutorial-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const keyFile = join(folder, 'key.json');
  const first = await started(t, { tokens: { keyFile } });
  const { token } = await loggedIn(first, 'alice');
  assert.strictEqual(statSync(keyFile).mode & 0o077, 0);
  const again = await started(t, { tokens: { keyFile } });
  assert.strictEqual((await again('/me', { token })).status, 200);
  const other = await started(t);
  assert.strictEqual((await other('/me', { token })).status, 401);
});

test('passwords are hashed, and each hash has its salt', async () => {
  const [one, two] = await Promise.all([hashOf(password), hashOf(password)]);
  assert.notStrictEqual(one, two);
  assert.match(one, /^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
  assert.deepStrictEqual(await Promise.all([isPassword(password, one), isPassword('other', one), isPassword(password)]), [true, false, false]);
});
