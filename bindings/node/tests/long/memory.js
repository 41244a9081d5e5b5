'use strict';

// The memory of the process after a million calls is that after a hundred thousand, within 2 %: a leak of 16 bytes in
// one of the four calls would be more. What is compared are medians of several readings of the anonymous memory, for
// pages of programs come and go with the machine. scripts/node.sh bounds what V8 keeps free for young objects, and
// has one arena of malloc, which both would let grow as threads come and go.

const assert = require('node:assert');
const fs = require('node:fs');

const jot = require('libjot');

const signer = jot.Signer.generate('HS256');
const verifier = new jot.Verifier({ algorithms: ['HS256'], audience: 'api', keys: signer.verifyingKeys });
const good = signer.sign({ aud: 'api', sub: 'alice', exp: 4102444800 });
const bad = signer.sign({ aud: 'other', sub: 'alice', exp: 4102444800 });
const bytes = Buffer.from(good);

const TURN = 4_000;
const READINGS = 9;

function round() {
  assert.strictEqual(verifier.check(good), 'accepted');
  assert.strictEqual(verifier.verify(bytes).claims.sub, 'alice');
  assert.throws(() => verifier.verify(bad), { code: 'aud_mismatch' });
  jot.KeySet.fromSecret('0123456789abcdef0123456789abcdef');
}

/** Objects of the engine are given back between two turns of the event loop. */
function turn() {
  return new Promise((resolve) => setImmediate(resolve));
}

async function bytesInUse() {
  for (let times = 0; times < 2; times += 1) {
    global.gc();
    await turn();
  }
  const [, kilobytes] = fs.readFileSync('/proc/self/status', 'latin1').match(/^RssAnon:\s+(\d+) kB$/m);
  return kilobytes * 1024;
}

/** Makes calls until there were so many; returns the median of readings on the way to that number. */
async function reach(made, calls) {
  const readings = [];
  for (let count = made; count < calls; count += TURN) {
    for (let call = 0; call < TURN; call += 4) round();
    await turn();
    if (count + READINGS * TURN >= calls) readings.push(await bytesInUse());
  }
  return readings.sort((one, other) => one - other)[readings.length >> 1];
}

async function main() {
  const early = await reach(0, 100_000);
  const late = await reach(100_000, 1_000_000);
  const growth = (late / early - 1) * 100;
  console.log(`${(early / 1e6).toFixed(1)} MB, and later ${(late / 1e6).toFixed(1)} MB: ${growth.toFixed(1)} %`);
  assert.ok(growth < 2, 'the memory grows');
}

main();
