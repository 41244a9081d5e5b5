'use strict';

// Measures single verifications, and batches, beside fast-jwt, jsonwebtoken and jose.
//
// Everyone checks signature, exp, iss and aud, and hands over the claims, of tokens in turn. Who does
// not accept them all, or accepts a bad one, stops the program. All take turns in windows of some
// milliseconds; a window's time is the processor time of the process, with all its threads. Medians.

const assert = require('node:assert');
const crypto = require('node:crypto');

const { createVerifier } = require('fast-jwt');
const jsonwebtoken = require('jsonwebtoken');
const jot = require('../lib/index.js');
const standIn = require('../lib/jsonwebtoken.js');
const { algorithms, aud, bad, claims, iss, median, used } = require('./common.js');

const rounds = 40;
const microseconds = 10_000;

/** Returns what everyone needs to verify tokens of an algorithm. */
async function worldOf(alg) {
  const signer = jot.Signer.generate(alg, { kid: '2026-01' });
  const jwk = signer.toJwk();
  const { d, p, q, dp, dq, qi, ...shown } = jwk;
  const isSymmetric = alg === 'HS256';
  const exported = { type: 'spki', format: 'pem' };
  const key = isSymmetric
    ? Buffer.from(jwk.k, 'base64url')
    : crypto.createPublicKey({ key: shown, format: 'jwk' }).export(exported);
  const rules = { algorithms: [alg], audience: aud, issuer: iss, keys: signer.verifyingKeys };
  const fast = { key, algorithms: [alg], allowedAud: aud, allowedIss: iss };
  const jose = await import('jose');
  return {
    alg,
    signer,
    key,
    jose,
    joseKey: await jose.importJWK(isSymmetric ? jwk : shown, alg),
    settings: { algorithms: [alg], audience: aud, issuer: iss },
    verifier: (more) => new jot.Verifier({ ...rules, ...more }),
    fast: (more) => createVerifier({ ...fast, ...more }),
    few: Array.from({ length: 64 }, (_, at) => signer.sign(claims(at))),
    many: Array.from({ length: 1000 }, (_, at) => signer.sign(claims(at))),
  };
}

const whole = (verifier) => (token) => verifier.verify(token).claims.sub;
const code = (verifier) => (token) => verifier.check(token) === 'accepted';
const subject = (verify) => (token) => verify(token).sub;

/** A cache that has no token when it comes again, because so many came between. */
const small = { cache: 16 };
const large = { cache: 1000 };
const accelerated = { backend: 'accelerated' };

/**
 * The rows: a name, and a function from a world to what verifies, or to nothing if it cannot. `many`:
 * of 1,000 tokens in turn, in the place of 64.
 */
const rows = [
  ['`verify` and `claims`', (w) => whole(w.verifier())],
  ['`verify` and `claims`, accelerated', (w) => whole(w.verifier(accelerated))],
  ['`check`', (w) => code(w.verifier())],
  ['`check`, accelerated', (w) => code(w.verifier(accelerated))],
  ['`verify` and `claims`, cached', (w) => whole(w.verifier(large))],
  ['`check`, cached', (w) => code(w.verifier(large))],
  ['`verify` and `claims`, a cache that misses', (w) => whole(w.verifier(small)), 'many'],
  ['`libjot/jsonwebtoken`', (w) => (token) => standIn.verify(token, w.key, w.settings).sub],
  ['fast-jwt', (w) => subject(w.fast())],
  ['fast-jwt, cached', (w) => subject(w.fast(large))],
  ['fast-jwt, a cache that misses', (w) => subject(w.fast(small)), 'many'],
  [
    'jsonwebtoken',
    (w) => (w.alg === 'EdDSA' ? undefined : (token) => jsonwebtoken.verify(token, w.key, w.settings).sub),
  ],
  ['jose', (w) => async (token) => (await w.jose.jwtVerify(token, w.joseKey, w.settings)).payload.sub],
];

async function inspect(name, verify, signer, tokens) {
  for (const token of tokens) assert.ok(await verify(token), name);
  for (const token of bad(signer, tokens[0])) {
    let accepted;
    try {
      accepted = await verify(token);
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
  } while (process.cpuUsage(begin).user < microseconds);
  return used(begin, process.cpuUsage()) / calls;
}

/** Returns the medians of one algorithm, in the order of the rows. */
async function column(alg) {
  const world = await worldOf(alg);
  const all = [];
  for (const [name, make, tokens = 'few'] of rows) {
    const verify = make(world);
    if (verify !== undefined) await inspect(name, verify, world.signer, world[tokens]);
    all.push({ verify, tokens: world[tokens], times: [] });
  }
  const able = all.filter(({ verify }) => verify !== undefined);
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < able.length; turn += 1) {
      const one = able[(turn + round) % able.length];
      one.times.push(await window(one.verify, one.tokens));
    }
  }
  return [...all.map(({ times }) => median(times)), await ofBatch(world)];
}

async function ofBatch(world) {
  const batch = new jot.Batch({ threads: 1 });
  const verifier = world.verifier(accelerated);
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const begin = process.cpuUsage();
    assert.strictEqual((await batch.verify(verifier, world.many)).accepted, 1000);
    times.push(used(begin, process.cpuUsage()) / 1000);
  }
  const [forged] = bad(world.signer, world.many[0]);
  assert.strictEqual((await batch.verify(verifier, [forged])).accepted, 0);
  return median(times);
}

/** Measures: returns rows of a name and a number of microseconds for each algorithm. */
async function measure() {
  const columns = [];
  for (const alg of algorithms) columns.push(await column(alg));
  const names = [...rows.map(([name]) => name), 'a batch of 1,000, accelerated, one thread'];
  return names.map((name, at) => [name, ...columns.map((numbers) => numbers[at])]);
}

module.exports = { measure };
