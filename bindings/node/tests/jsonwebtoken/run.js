'use strict';

// Runs the tests of jsonwebtoken on libjot/jsonwebtoken: node run.js CHECKOUT FOLDER
//
// They run twice, in FOLDER: with jsonwebtoken, and with libjot in its place. What passes with jsonwebtoken
// must pass with libjot, but for what failures.txt lists, and everything that is listed must fail.

const { spawnSync } = require('node:child_process');
const { createPrivateKey, createPublicKey } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const [checkout, folder] = process.argv.slice(2).map((name) => path.resolve(name));
const modules = path.join(__dirname, 'node_modules');
const libjot = path.resolve(__dirname, '../..');

/** It calls a function inside of jsonwebtoken, which libjot has not. */
const inside = 'validateAsymmetricKey.tests.js';

const errors = ['JsonWebTokenError', 'NotBeforeError', 'TokenExpiredError'];
const packages = {
  jsonwebtoken: 'require("jsonwebtoken")',
  libjot: `require(${JSON.stringify(path.join(libjot, 'lib/jsonwebtoken.js'))})`,
};

/** Names the curve of a key that has it written out as numbers, which the engine refuses. */
function nameCurve(file) {
  const text = fs.readFileSync(file, 'utf8');
  const isPrivate = text.includes('PRIVATE KEY');
  const make = isPrivate ? createPrivateKey : createPublicKey;
  const named = make({ key: make(text).export({ format: 'jwk' }), format: 'jwk' });
  fs.writeFileSync(file, named.export({ type: isPrivate ? 'pkcs8' : 'spki', format: 'pem' }));
}

/** Puts the tests where `../index` is this package, and returns the names of those that pass. */
function passed(name) {
  const home = path.join(folder, name);
  fs.rmSync(home, { recursive: true, force: true });
  fs.mkdirSync(path.join(home, 'lib'), { recursive: true });
  fs.cpSync(path.join(checkout, 'test'), path.join(home, 'test'), { recursive: true });
  fs.rmSync(path.join(home, 'test', inside));
  for (const key of ['ecdsa-private.pem', 'ecdsa-public.pem', 'ecdsa-public-invalid.pem']) {
    nameCurve(path.join(home, 'test', key));
  }
  fs.writeFileSync(path.join(home, 'index.js'), `module.exports = ${packages[name]};\n`);
  for (const error of errors) {
    fs.writeFileSync(path.join(home, 'lib', `${error}.js`), `module.exports = require('../index.js').${error};\n`);
  }
  fs.writeFileSync(path.join(home, 'lib/psSupported.js'), 'module.exports = true;\n');
  const report = path.join(home, 'report.json');
  const mocha = path.join(modules, 'mocha/bin/mocha.js');
  const files = fs.readdirSync(path.join(home, 'test')).filter((file) => /\.tests?\.js$/.test(file));
  const run = spawnSync(
    process.execPath,
    ['--no-deprecation', mocha, '--reporter', 'json', '--reporter-option', `output=${report}`, ...files.sort().map((file) => `test/${file}`)],
    { cwd: home, env: { ...process.env, NODE_PATH: modules }, encoding: 'utf8' },
  );
  if (!fs.existsSync(report)) throw new Error(`${name}: mocha left no report: ${run.stderr}`);
  const seen = new Map();
  const names = new Set();
  for (const test of JSON.parse(fs.readFileSync(report, 'utf8')).tests) {
    // Some tests have the same name as others.
    const times = (seen.get(test.fullTitle) ?? 0) + 1;
    seen.set(test.fullTitle, times);
    const title = times === 1 ? test.fullTitle : `${test.fullTitle} (${times})`;
    // One that was skipped has no duration.
    if (Object.keys(test.err).length === 0 && test.duration !== undefined) names.add(title);
  }
  return names;
}

/** Returns the tests that are known to fail. */
function listed() {
  const lines = fs.readFileSync(path.join(__dirname, 'failures.txt'), 'utf8').split('\n');
  return new Set(lines.filter((line) => line !== '' && !line.startsWith('#')));
}

const real = passed('jsonwebtoken');
const ours = passed('libjot');
const known = listed();
const faults = [];
for (const name of real) {
  if (!ours.has(name) && !known.has(name)) faults.push(`fails: ${name}`);
  if (ours.has(name) && known.has(name)) faults.push(`passes, but is listed: ${name}`);
}
for (const name of known) if (!real.has(name)) faults.push(`is listed, but does not pass with jsonwebtoken: ${name}`);
const both = [...real].filter((name) => ours.has(name)).length;
console.log(`jsonwebtoken: ${real.size} tests pass with jsonwebtoken, ${both} of these with libjot, ${faults.length} faults`);
for (const fault of faults) console.log(`  ${fault}`);
process.exitCode = faults.length === 0 && real.size > 300 ? 0 : 1;
