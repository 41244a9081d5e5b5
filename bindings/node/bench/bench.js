'use strict';

// Measures verifications beside fast-jwt, jsonwebtoken and jose; docs/node.md shows what came of it.
//
// Everyone checks signature, exp, iss and aud, and hands over the claims, of 64 tokens in turn. Who
// does not accept them all, or accepts a forged one, stops the program. They take turns in windows
// of some milliseconds; a window's time is the processor time of the process. Medians.

const assert = require('node:assert');
const crypto = require('node:crypto');
const os = require('node:os');

const { createVerifier } = require('fast-jwt');
const jsonwebtoken = require('jsonwebtoken');
const jot = require('../lib/index.js');
const standIn = require('../lib/jsonwebtoken.js');

const iss = 'https://issuer.example';
const aud = 'https://api.example';

function claims(at) {
  return {
    iss, aud, sub: `alice-${at}`, exp: 4102444800, iat: 1700000000, jti: `7f3a-${at}`, scope: 'read write',
    client_id: 'web', roles: ['admin', 'billing'], name: 'Alice Example', email: 'alice@example.com',
  };
}

/** Returns who verifies tokens of an algorithm: names, and functions from a token to its subject. */
async function everyone(alg, signer) {
  const jose = await import('jose');
  const jwk = signer.toJwk();
  const { d, p, q, dp, dq, qi, ...shown } = jwk;
  const secret = alg === 'HS256' ? Buffer.from(jwk.k, 'base64url') : undefined;
  const pem = secret ?? crypto.createPublicKey({ key: shown, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const rules = { algorithms: [alg], audience: aud, issuer: iss, keys: signer.verifyingKeys };
  const plain = new jot.Verifier(rules);
  const cached = new jot.Verifier({ ...rules, cache: 1000 });
  const fast = { key: pem, algorithms: [alg], allowedAud: aud, allowedIss: iss };
  const fastPlain = createVerifier(fast);
  const fastCached = createVerifier({ ...fast, cache: 1000 });
  const made = {
    'jot': (token) => plain.verify(token).claims.sub,
    'jot, check': (token) => plain.check(token) === 'accepted',
    'jot, cached': (token) => cached.verify(token).claims.sub,
    'jot, check, cached': (token) => cached.check(token) === 'accepted',
    'fast-jwt': (token) => fastPlain(token).sub,
    'fast-jwt, cached': (token) => fastCached(token).sub,
  };
  if (alg !== 'HS256') {
    const accelerated = new jot.Verifier({ ...rules, backend: 'accelerated' });
    made['jot, accelerated'] = (token) => accelerated.verify(token).claims.sub;
  }
  const settings = { algorithms: [alg], audience: aud, issuer: iss };
  made['libjot/jsonwebtoken'] = (token) => standIn.verify(token, pem, settings).sub;
  if (alg !== 'EdDSA') {
    made.jsonwebtoken = (token) => jsonwebtoken.verify(token, pem, settings).sub;
  }
  const key = await jose.importJWK(alg === 'HS256' ? jwk : shown, alg);
  made.jose = async (token) => (await jose.jwtVerify(token, key, settings)).payload.sub;
  return made;
}

async function inspect(name, verify, signer, tokens) {
  for (const token of tokens) assert.ok(await verify(token), name);
  const forged = tokens[0].slice(0, -8) + (tokens[0].endsWith('AAAAAAAA') ? 'BBBBBBBB' : 'AAAAAAAA');
  for (const bad of [forged, signer.sign({ ...claims(0), exp: 1 }), signer.sign({ ...claims(0), aud: 'x' })]) {
    let accepted;
    try {
      accepted = await verify(bad);
    } catch {
      accepted = false;
    }
    assert.ok(!accepted, `${name} accepts what is bad`);
  }
}

async function window(verify, tokens) {
  const begin = process.cpuUsage();
  let calls = 0;
  do {
    for (const token of tokens) {
      const found = verify(token);
      if (found instanceof Promise) await found;
    }
    calls += tokens.length;
  } while (process.cpuUsage(begin).user < 10_000);
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / calls;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function main() {
  const columns = new Set();
  const rows = [];
  for (const alg of ['HS256', 'RS256', 'ES256', 'EdDSA']) {
    const signer = jot.Signer.generate(alg, { kid: '2026-01' });
    const tokens = Array.from({ length: 64 }, (_, at) => signer.sign(claims(at)));
    const all = Object.entries(await everyone(alg, signer));
    for (const [name, verify] of all) await inspect(name, verify, signer, tokens);
    const times = new Map(all.map(([name]) => [name, []]));
    for (let round = 0; round < 40; round += 1) {
      for (let turn = 0; turn < all.length; turn += 1) {
        const [name, verify] = all[(turn + round) % all.length];
        times.get(name).push(await window(verify, tokens));
      }
    }
    for (const name of times.keys()) columns.add(name);
    rows.push([alg, times]);
  }
  const batch = new jot.Batch({ threads: 1 });
  console.log(`${os.cpus()[0].model}, Node ${process.version}, microseconds of processor time for each token\n`);
  const names = [...columns];
  console.log(`| |${names.map((name) => ` ${name} |`).join('')} jot, batch of 1,000 |`);
  console.log(`|---|${names.map(() => '--:|').join('')}--:|`);
  for (const [alg, times] of rows) {
    const cells = names.map((name) => (times.has(name) ? median(times.get(name)).toFixed(1) : '–'));
    console.log(`| ${alg} | ${cells.join(' | ')} | ${(await ofBatch(batch, alg)).toFixed(1)} |`);
  }
}

async function ofBatch(batch, alg) {
  const signer = jot.Signer.generate(alg);
  const keys = signer.verifyingKeys;
  const backend = alg === 'HS256' ? 'aws-lc' : 'accelerated';
  const verifier = new jot.Verifier({ algorithms: [alg], audience: aud, issuer: iss, keys, backend });
  const tokens = Array.from({ length: 1000 }, (_, at) => signer.sign(claims(at)));
  const times = [];
  for (let round = 0; round < 20; round += 1) {
    const begin = process.cpuUsage();
    assert.strictEqual((await batch.verify(verifier, tokens)).accepted, 1000);
    const { user, system } = process.cpuUsage(begin);
    times.push((user + system) / 1000);
  }
  return median(times);
}

main();
