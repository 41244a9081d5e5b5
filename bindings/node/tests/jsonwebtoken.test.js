'use strict';

// libjot/jsonwebtoken beside jsonwebtoken itself: the same answers, and each line of the table of
// differences in docs/jsonwebtoken.md.

const assert = require('node:assert');
const crypto = require('node:crypto');
const { test } = require('node:test');

const theirs = require('jsonwebtoken');
const libjot = require('libjot');
const ours = require('libjot/jsonwebtoken');

const secret = 'a secret that is long enough for HS256, HS384 and for HS512: 64 bytes';
const now = 1_800_000_000;
const pem = { type: 'spki', format: 'pem' };
const pkcs8 = { type: 'pkcs8', format: 'pem' };
const rsa = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ec384 = crypto.generateKeyPairSync('ec', { namedCurve: 'P-384' });
const rsaPem = { publicKey: rsa.publicKey.export(pem), privateKey: rsa.privateKey.export(pkcs8) };
const locked = {
  key: rsa.privateKey.export({ ...pkcs8, cipher: 'aes-256-cbc', passphrase: 'sesame' }),
  passphrase: 'sesame',
};
const base = (text) => Buffer.from(text).toString('base64url');

/** Makes a token of any texts, signed by HS256. */
function made(header, payload, key = secret) {
  const input = `${base(header)}.${base(payload)}`;
  return `${input}.${crypto.createHmac('sha256', key).update(input).digest('base64url')}`;
}
const hs = '{"alg":"HS256","typ":"JWT"}';
const of = (claims) => made(hs, JSON.stringify(claims));

/** Returns what a call returns, or what it throws. */
function outcome(call, jwt) {
  try {
    return { value: call(jwt) };
  } catch (error) {
    return told(error);
  }
}

const told = ({ name, message, expiredAt, date }) => ({ name, message, expiredAt, date });
const refused = (message, name = 'JsonWebTokenError') => ({ name, message, expiredAt: undefined, date: undefined });

/** Runs a call at `now`. */
function at(t) {
  t.mock.timers.enable({ apis: ['Date'], now: now * 1000 });
}

const verifying = {
  'claims': (jwt) => jwt.verify(of({ sub: 'alice', exp: now + 60 }), secret),
  'complete': (jwt) => jwt.verify(of({ sub: 'alice' }), secret, { complete: true }),
  'no exp': (jwt) => jwt.verify(of({ a: [1, { b: 'é' }] }), secret),
  'expired': (jwt) => jwt.verify(of({ exp: now }), secret),
  'expired with a fraction': (jwt) => jwt.verify(of({ exp: now - 0.5 }), secret),
  'expired within the tolerance': (jwt) => jwt.verify(of({ exp: now }), secret, { clockTolerance: 1 }),
  'expired beyond the tolerance': (jwt) => jwt.verify(of({ exp: now - 1 }), secret, { clockTolerance: 1 }),
  'expired, ignored': (jwt) => jwt.verify(of({ exp: 1 }), secret, { ignoreExpiration: true }),
  'expired, ignored, not active': (jwt) => jwt.verify(of({ exp: 1, nbf: now + 9 }), secret, { ignoreExpiration: true }),
  'not active': (jwt) => jwt.verify(of({ nbf: now + 1 }), secret),
  'not active within the tolerance': (jwt) => jwt.verify(of({ nbf: now + 1 }), secret, { clockTolerance: 1 }),
  'not active, ignored': (jwt) => jwt.verify(of({ nbf: now + 9, exp: now + 99 }), secret, { ignoreNotBefore: true }),
  'not active, ignored, expired': (jwt) => jwt.verify(of({ nbf: now - 9, exp: now - 1 }), secret, { ignoreNotBefore: true }),
  'both ignored': (jwt) => jwt.verify(of({ nbf: now + 9, exp: 1 }), secret, { ignoreNotBefore: true, ignoreExpiration: true }),
  'the clock of the call': (jwt) => jwt.verify(of({ exp: 100 }), secret, { clockTimestamp: 99 }),
  'the clock of the call, expired': (jwt) => jwt.verify(of({ exp: 100 }), secret, { clockTimestamp: 100 }),
  'a clock that is 0 is the system\'s': (jwt) => jwt.verify(of({ exp: 100 }), secret, { clockTimestamp: 0 }),
  'a clock that is no number': (jwt) => jwt.verify(of({}), secret, { clockTimestamp: 'now' }),
  'issued in the future': (jwt) => jwt.verify(of({ iat: now + 100 }), secret),
  'max age met': (jwt) => jwt.verify(of({ iat: now - 9 }), secret, { maxAge: 10 }),
  'max age reached': (jwt) => jwt.verify(of({ iat: now - 10 }), secret, { maxAge: 10 }),
  'max age as text': (jwt) => jwt.verify(of({ iat: now - 3600 }), secret, { maxAge: '1h' }),
  'max age with tolerance': (jwt) => jwt.verify(of({ iat: now - 10 }), secret, { maxAge: 10, clockTolerance: 1 }),
  'max age without iat': (jwt) => jwt.verify(of({}), secret, { maxAge: 10 }),
  'max age that is none': (jwt) => jwt.verify(of({ iat: now }), secret, { maxAge: 'soon' }),
  'audience': (jwt) => jwt.verify(of({ aud: 'a' }), secret, { audience: 'a' }),
  'audience among several': (jwt) => jwt.verify(of({ aud: ['a', 'b'] }), secret, { audience: ['c', 'b'] }),
  'another audience': (jwt) => jwt.verify(of({ aud: 'a' }), secret, { audience: ['b', 'c'] }),
  'no audience': (jwt) => jwt.verify(of({}), secret, { audience: 'a' }),
  'audience not asked for': (jwt) => jwt.verify(of({ aud: 'a' }), secret),
  'audience by pattern': (jwt) => jwt.verify(of({ aud: ['x', 'urn:foo'] }), secret, { audience: /^urn:f[o]{2}$/ }),
  'audience by pattern or text': (jwt) => jwt.verify(of({ aud: 'b' }), secret, { audience: [/^urn:/, 'b'] }),
  'no audience by pattern': (jwt) => jwt.verify(of({ aud: 'b' }), secret, { audience: [/^urn:/, 'c'] }),
  'audience of an empty list': (jwt) => jwt.verify(of({ aud: 'b' }), secret, { audience: [] }),
  'issuer': (jwt) => jwt.verify(of({ iss: 'a' }), secret, { issuer: 'a' }),
  'issuers': (jwt) => jwt.verify(of({ iss: 'b' }), secret, { issuer: ['a', 'b'] }),
  'another issuer': (jwt) => jwt.verify(of({ iss: 'c' }), secret, { issuer: ['a', 'b'] }),
  'no issuer': (jwt) => jwt.verify(of({}), secret, { issuer: 'a' }),
  'subject': (jwt) => jwt.verify(of({ sub: 'a' }), secret, { subject: 'a' }),
  'another subject': (jwt) => jwt.verify(of({ sub: 'b' }), secret, { subject: 'a' }),
  'jwtid': (jwt) => jwt.verify(of({ jti: 'a' }), secret, { jwtid: 'a' }),
  'another jwtid': (jwt) => jwt.verify(of({ jti: 'b' }), secret, { jwtid: 'a' }),
  'nonce': (jwt) => jwt.verify(of({ nonce: 'a' }), secret, { nonce: 'a' }),
  'another nonce': (jwt) => jwt.verify(of({ nonce: 'b' }), secret, { nonce: 'a' }),
  'no nonce': (jwt) => jwt.verify(of({}), secret, { nonce: 'a' }),
  'a nonce that is empty': (jwt) => jwt.verify(of({}), secret, { nonce: ' ' }),
  'exp that is a text': (jwt) => jwt.verify(of({ exp: '1' }), secret),
  'nbf that is a text': (jwt) => jwt.verify(of({ nbf: '1' }), secret),
  'another secret': (jwt) => jwt.verify(of({}), `${secret}.`),
  'algorithm': (jwt) => jwt.verify(of({}), secret, { algorithms: ['HS384'] }),
  'no algorithm': (jwt) => jwt.verify(of({}), secret, { algorithms: [] }),
  'no token': (jwt) => jwt.verify('', secret),
  'no text': (jwt) => jwt.verify({}, secret),
  'two segments': (jwt) => jwt.verify('a.b', secret),
  'no token at all': (jwt) => jwt.verify('a.b.c', secret),
  'a space behind it': (jwt) => jwt.verify(`${of({})} `, secret),
  'no signature': (jwt) => jwt.verify(of({}).replace(/[^.]+$/, ''), secret),
  'no key': (jwt) => jwt.verify(of({}), undefined),
  'a key that is none': (jwt) => jwt.verify(of({}), {}),
  'a key by a function': (jwt) => jwt.verify(of({}), (header, done) => done(null, secret)),
  'a secret as bytes': (jwt) => jwt.verify(of({ a: 1 }), Buffer.from(secret)),
  'a secret as a key object': (jwt) => jwt.verify(of({ a: 1 }), crypto.createSecretKey(Buffer.from(secret))),
  'a public key for HMAC': (jwt) => jwt.verify(of({}), rsaPem.publicKey, { algorithms: ['RS256', 'HS256'] }),
  'a secret for RS256': (jwt) => jwt.verify(theirs.sign({}, rsa.privateKey, { algorithm: 'RS256' }), secret, { algorithms: ['RS256'] }),
  'a private key': (jwt) => jwt.verify(theirs.sign({}, rsa.privateKey, { algorithm: 'RS256' }), rsa.privateKey),
  'a payload that is a text': (jwt) => jwt.verify(made('{"alg":"HS256"}', 'hello'), secret),
  'a payload that is an array': (jwt) => jwt.verify(made('{"alg":"HS256"}', '[1]'), secret),
  'a text has no audience': (jwt) => jwt.verify(made('{"alg":"HS256"}', 'hello'), secret, { audience: 'a' }),
  'a text has no age': (jwt) => jwt.verify(made('{"alg":"HS256"}', 'hello'), secret, { maxAge: 1 }),
};

for (const [name, call] of Object.entries(verifying)) {
  test(`verify, as jsonwebtoken: ${name}`, (t) => {
    at(t);
    assert.deepStrictEqual(outcome(call, ours), outcome(call, theirs));
  });
}

test('verify by callback, as jsonwebtoken', async (t) => {
  at(t);
  const late = (key) => (header, done) => setImmediate(done, null, header.alg === 'HS256' ? key : undefined);
  for (const [token, key, options] of [
    [of({ a: 1 }), secret, undefined], [of({ exp: 1 }), secret, {}], ['a.b', secret, {}],
    [of({ a: 1 }), late(secret), { complete: true }], [of({ a: 1 }), late('other'), {}], [of({ a: 1 }), late(), {}],
    [of({}), (header, done) => done(new Error('no such key')), {}],
  ]) {
    const answers = [theirs, ours].map(
      (jwt) => new Promise((resolve) => jwt.verify(token, key, options, (error, value) => resolve([error && told(error), value]))),
    );
    const [wanted, found] = await Promise.all(answers);
    assert.deepStrictEqual(found, wanted);
  }
  // Without options the callback takes their place, and it is called before `verify` returns.
  let found;
  ours.verify(of({ a: 1 }), secret, (error, value) => (found = value));
  assert.deepStrictEqual(found, { a: 1 });
});

const signed = (options, payload = { a: 1 }, key = secret) => (jwt) => jwt.sign(payload, key, options);
const signing = {
  'claims': signed(),
  'an expiry': signed({ expiresIn: 60 }),
  'an expiry of two days': signed({ expiresIn: '2 days' }),
  'an expiry in milliseconds': signed({ expiresIn: '120' }),
  'an expiry of half an hour': signed({ expiresIn: '.5h' }),
  'an expiry in the past': signed({ expiresIn: '-1m' }),
  'an expiry that is none': signed({ expiresIn: '1 monkey' }),
  'an expiry that is no whole number': signed({ expiresIn: 1.5 }),
  'an expiry twice': signed({ expiresIn: 1 }, { exp: 1 }),
  'a start': signed({ notBefore: '10s' }),
  'a start twice': signed({ notBefore: 1 }, { nbf: 1 }),
  'all claims': signed({ audience: ['a', 'b'], issuer: 'i', subject: 's', jwtid: 'j' }),
  'a claim twice': signed({ subject: 's' }, { sub: 'a' }),
  'an audience that is none': signed({ audience: 1 }),
  'a key id': signed({ keyid: 'k' }),
  'a header': signed({ header: { foo: 'bar', typ: 'at+jwt' } }),
  'an algorithm': signed({ algorithm: 'HS512' }),
  'an algorithm in the header': signed({ header: { alg: 'HS384' } }),
  'no timestamp': signed({ noTimestamp: true }, { a: 1, iat: 5 }),
  'no timestamp, and an expiry': signed({ noTimestamp: true, expiresIn: 60 }),
  'a timestamp of its own': signed({ expiresIn: 60 }, { iat: 100 }),
  'an unknown option': signed({ expiresInSeconds: 5 }),
  'an unknown algorithm': signed({ algorithm: 'foo' }),
  'options that are none': signed(['HS256']),
  'an exp that is a text': signed({}, { exp: '1' }),
  'a text': signed({}, 'hello'),
  'a text that is JSON': signed({ header: { typ: 'JWT' } }, '{"a":1}'),
  'bytes': signed({}, Buffer.from('hello')),
  'a number': signed({}, 123),
  'an expiry for a text': signed({ expiresIn: 1, subject: 'a' }, 'hello'),
  'nothing': signed({}, undefined),
  'null': signed({}, null),
  'a latin payload': signed({ encoding: 'latin1' }, { name: 'José' }),
  'claims that are left out': signed({}, { a: undefined, b: NaN, sub: undefined }),
  'RS256': signed({ algorithm: 'RS256' }, {}, rsa.privateKey),
  'RS256 by PEM': signed({ algorithm: 'RS512' }, {}, rsaPem.privateKey),
  'RS256 by a locked PEM': signed({ algorithm: 'RS256' }, {}, locked),
  'a private key for HMAC': signed({ algorithm: 'HS256' }, {}, rsa.privateKey),
  'a secret for RS256': signed({ algorithm: 'RS256' }),
  'a key of RSA for ES256': signed({ algorithm: 'ES256' }, {}, rsa.privateKey),
  'no key': signed({}, {}, ''),
  'a key that is none': signed({}, {}, {}),
};

for (const [name, call] of Object.entries(signing)) {
  test(`sign, as jsonwebtoken: ${name}`, (t) => {
    at(t);
    assert.deepStrictEqual(outcome(call, ours), outcome(call, theirs));
  });
}

test('each signs what the other verifies', (t) => {
  at(t);
  for (const [algorithm, privateKey, publicKey] of [
    ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'].map((alg) => [alg, rsaPem.privateKey, rsaPem.publicKey]),
    ['ES256', ec.privateKey, ec.publicKey], ['ES384', ec384.privateKey, ec384.publicKey],
    ...['HS256', 'HS384', 'HS512'].map((alg) => [alg, secret, secret]),
  ]) {
    const options = { algorithm, expiresIn: '1h', keyid: 'k' };
    for (const [one, other] of [[ours, theirs], [theirs, ours]]) {
      const token = one.sign({ a: 1 }, privateKey, options);
      const wanted = { a: 1, iat: now, exp: now + 3600 };
      assert.deepStrictEqual(other.verify(token, publicKey), wanted, algorithm);
      assert.deepStrictEqual(other.decode(token, { complete: true }), one.decode(token, { complete: true }));
    }
  }
});

test('sign by callback comes later, and mutatePayload changes the payload', async (t) => {
  at(t);
  const payload = { a: 1 };
  let called = false;
  const token = await new Promise((resolve, reject) => {
    ours.sign(payload, secret, { expiresIn: 5, mutatePayload: true }, (error, value) => {
      called = true;
      if (error) reject(error);
      else resolve(value);
    });
    assert.strictEqual(called, false);
  });
  assert.deepStrictEqual(payload, { a: 1, iat: now, exp: now + 5 });
  assert.deepStrictEqual(ours.verify(token, secret), payload);
  ours.sign({}, '', (error) => assert.strictEqual(error.message, 'secretOrPrivateKey must have a value'));
});

const different = [
  ['unsigned tokens', (jwt) => jwt.verify(`${base('{"alg":"none"}')}.${base('{}')}.`, '', { algorithms: ['none'] }), {}, refused('libjot accepts no unsigned token')],
  ['a public key as a secret', (jwt) => jwt.verify(made(hs, '{}', rsaPem.publicKey.slice(0, -30)), rsaPem.publicKey.slice(0, -30)), {},
    refused('secretOrPublicKey is not valid key material: key_secret_is_key_text (416): The HMAC secret is a key in PEM, DER, JWK or SSH form.')],
  ['a name twice in the claims', (jwt) => jwt.verify(made(hs, '{"exp":1,"exp":9999999999}'), secret), { exp: 9999999999 }, refused('invalid token')],
  ['a name twice in the header', (jwt) => jwt.verify(made('{"alg":"none","alg":"HS256"}', '{}'), secret), {}, refused('invalid token')],
  ['crit', (jwt) => jwt.verify(made('{"alg":"HS256","crit":["x"],"x":1}', '{}'), secret), {}, refused('invalid token')],
  ['crit that b64 is in', (jwt) => jwt.verify(made('{"alg":"HS256","b64":false,"crit":["b64"]}', '{}'), secret), {}, refused('invalid token')],
  ['an issuer by pattern', (jwt) => jwt.verify(of({ iss: 'evil' }), secret, { issuer: /^good/ }), { iss: 'evil' }, refused('issuer must be a string or an array of them')],
  ['an audience that is empty', (jwt) => jwt.verify(of({ aud: 'a' }), secret, { audience: '' }), { aud: 'a' }, refused('audience must be a string, a RegExp or an array of them')],
  ['a subject that is empty', (jwt) => jwt.verify(of({ sub: 'a' }), secret, { subject: '' }), { sub: 'a' }, refused('subject must be a non-empty string')],
  ['a max age of 0', (jwt) => jwt.verify(of({ iat: 1 }), secret, { maxAge: 0 }), { iat: 1 }, refused('"maxAge" should be more than 0 seconds')],
  ['a tolerance that is a text', (jwt) => jwt.verify(of({ exp: 1 }), secret, { clockTolerance: '5' }), refused('jwt expired'), refused('clockTolerance must be a number of seconds')],
  ['a flag that is a text', (jwt) => jwt.verify(of({ exp: 1 }), secret, { ignoreExpiration: 'false' }), { exp: 1 }, refused('ignoreExpiration must be a boolean')],
  ['an aud that is a number', (jwt) => jwt.verify(of({ aud: 5 }), secret), { aud: 5 }, refused('invalid aud value')],
  ['a sub that is a number', (jwt) => jwt.verify(of({ sub: 5 }), secret), { sub: 5 }, refused('invalid sub value: it must be a string, such as String(id)')],
  ['an iat that is a text', (jwt) => jwt.verify(of({ iat: 'x' }), secret), { iat: 'x' }, refused('invalid iat value')],
  ['a payload that is no UTF-8', (jwt) => jwt.verify(made(hs, Buffer.from('7b2261223a22ff227d', 'hex')), secret), { a: '\ufffd' }, refused('invalid token')],
  ['a token that was never valid', (jwt) => jwt.verify(of({ nbf: now + 9, exp: now + 5 }), secret, { ignoreNotBefore: true }), { nbf: now + 9, exp: now + 5 },
    { ...refused('jwt expired', 'TokenExpiredError'), expiredAt: new Date((now + 5) * 1000) }],
  ['a key of a wrong type by request', (jwt) => jwt.verify(theirs.sign({}, rsa.privateKey, { algorithm: 'RS256', noTimestamp: true }), rsa.publicKey, { algorithms: ['ES256', 'RS256'], allowInvalidAsymmetricKeyTypes: true }), {}, { value: {} }],
  ['to sign no signature', (jwt) => jwt.sign({}, '', { algorithm: 'none', noTimestamp: true }), 'eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.e30.', refused('"algorithm" must not be none: libjot signs no unsecured tokens', 'Error')],
  ['to sign a sub that is a number', (jwt) => typeof jwt.sign({ sub: 5 }, secret), 'string', refused('"sub" must be a string, such as String(id)', 'Error')],
  ['to sign an exp that is no number', (jwt) => typeof jwt.sign({ exp: NaN }, secret), 'string', refused('"exp" should be a number of seconds', 'Error')],
  ['to sign with a key as a secret', (jwt) => typeof jwt.sign({}, rsaPem.publicKey), 'string',
    refused('secretOrPrivateKey is not valid key material: key_secret_is_key_text (416): The HMAC secret is a key in PEM, DER, JWK or SSH form.', 'Error')],
];

test('a key that does not fit is told in the same words, as an error of the token', () => {
  for (const [key, options] of [[rsa.publicKey, { algorithms: ['ES256'] }], [ec384.publicKey, {}]]) {
    const call = (jwt) => jwt.verify(theirs.sign({}, ec.privateKey, { algorithm: 'ES256' }), key, options);
    const { message } = outcome(call, theirs);
    assert.match(message, /^"alg" parameter /);
    assert.deepStrictEqual(outcome(call, ours), refused(message));
  }
});

for (const [name, call, before, after] of different) {
  test(`stricter than jsonwebtoken: ${name}`, (t) => {
    at(t);
    assert.deepStrictEqual(outcome(call, ours), after);
    const found = outcome(call, theirs);
    assert.deepStrictEqual(found.message === undefined ? found.value : { ...found, expiredAt: undefined, name: 'JsonWebTokenError' }, before);
  });
}

test('a token that is expired and for another is refused as for another', (t) => {
  at(t);
  const call = (jwt) => jwt.verify(of({ exp: 1, aud: 'b' }), secret, { audience: 'a' });
  assert.strictEqual(outcome(call, theirs).message, 'jwt expired');
  assert.deepStrictEqual(outcome(call, ours), refused('jwt audience invalid. expected: a'));
});

test('errors have the classes of jsonwebtoken, are sent as its are, and tell the engine\'s code', (t) => {
  at(t);
  try {
    ours.verify(of({ exp: 1 }), secret);
    assert.fail('it was accepted');
  } catch (error) {
    assert.ok(error instanceof ours.TokenExpiredError && error instanceof ours.JsonWebTokenError && error instanceof Error);
    const sent = '{"name":"TokenExpiredError","message":"jwt expired","expiredAt":"1970-01-01T00:00:01.000Z"}';
    assert.deepStrictEqual(JSON.parse(JSON.stringify(error)), JSON.parse(sent));
    assert.ok(error.inner instanceof libjot.Rejection);
    assert.strictEqual(error.inner.code, 'expired');
  }
  assert.strictEqual(new ours.NotBeforeError('x', new Date(0)).date.getTime(), 0);
  assert.strictEqual(new ours.JsonWebTokenError('x', new Error('y')).inner.message, 'y');
});

test('keys that are changed in place are read again', () => {
  const key = Buffer.from(secret);
  const token = ours.sign({ a: 1 }, key);
  assert.strictEqual(ours.verify(token, key).a, 1);
  key[0] ^= 1;
  assert.throws(() => ours.verify(token, key), /invalid signature/);
  const object = { key: rsaPem.publicKey };
  const other = ours.sign({ a: 1 }, rsaPem.privateKey, { algorithm: 'RS256' });
  assert.strictEqual(ours.verify(other, object).a, 1);
  object.key = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export(pem);
  assert.throws(() => ours.verify(other, object), /invalid signature/);
});

test('a pattern that is global judges each token from its begin', () => {
  const audience = /a/g;
  const token = ours.sign({ aud: 'a' }, secret);
  for (let times = 0; times < 3; times += 1) assert.strictEqual(ours.verify(token, secret, { audience }).aud, 'a');
});

test('EdDSA, which jsonwebtoken has not, is to be named', () => {
  const { privateKey, publicKey } = crypto.generateKeyPairSync('ed25519');
  const token = ours.sign({ a: 1 }, privateKey, { algorithm: 'EdDSA' });
  assert.strictEqual(ours.verify(token, publicKey, { algorithms: ['EdDSA'] }).a, 1);
  assert.throws(() => ours.verify(token, publicKey), { message: 'invalid algorithm' });
});

test('weak keys and options that do not exist are warned of once', async () => {
  const { execFile } = require('node:child_process');
  const program = `
    const jwt = require('libjot/jsonwebtoken');
    const token = jwt.sign({}, 'short');
    for (let times = 0; times < 3; times += 1) jwt.verify(token, 'short', { audiense: 'a' });`;
  const said = await new Promise((resolve) => {
    const child = execFile(process.execPath, ['--input-type=commonjs'], { cwd: __dirname }, (error, out, text) => resolve(text));
    child.stdin.end(program);
  });
  assert.strictEqual(said.match(/JOT_WEAK_KEY/g)?.length, 1, said);
  assert.match(said, /a key of HS256 can be guessed or broken: key_secret_too_short .* Make one by crypto\.randomBytes\(64\)\./);
  assert.match(said, /\[JOT_UNKNOWN_OPTION\].*verify has no option audiense, so it checks nothing/);
  assert.strictEqual(said.match(/JOT_UNKNOWN_OPTION/g)?.length, 1, said);
});

test('short keys of RSA sign when they are allowed to', () => {
  const { privateKey, publicKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 1024 });
  assert.throws(() => ours.sign({}, privateKey, { algorithm: 'RS256' }), /has a minimum key size of 2048 bits for RS256/);
  const token = ours.sign({ a: 1 }, privateKey, { algorithm: 'RS256', allowInsecureKeySizes: true });
  assert.strictEqual(ours.verify(token, publicKey).a, 1);
  assert.throws(() => ours.sign({}, privateKey, { algorithm: 'RS384', allowInsecureKeySizes: true }), Error);
});

test('the oldest of many secrets make room', () => {
  const tokens = [];
  for (let number = 0; number < 600; number += 1) {
    const key = `${secret} ${number}`;
    tokens.push([ours.sign({ number }, key), key]);
  }
  for (const [number, [token, key]] of tokens.entries()) assert.strictEqual(ours.verify(token, key).number, number);
});
