'use strict';

// How the tests of others are run, and what is changed in them before.

const { spawnSync } = require('node:child_process');
const { createPrivateKey, createPublicKey } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const own = path.join(__dirname, 'node_modules');
const ofPackage = path.resolve(__dirname, '../../node_modules');

function run(home, ...given) {
  // The packages of the tests come first: two versions of one may be there.
  const env = { ...process.env, NODE_PATH: [own, ofPackage].join(path.delimiter) };
  return spawnSync(process.execPath, ['--no-deprecation', ...given], { cwd: home, env, encoding: 'utf8' });
}

function filesOf(home, pattern) {
  const names = fs.readdirSync(path.join(home, 'test')).filter((name) => pattern.test(name));
  return names.sort().map((name) => path.join('test', name));
}

/** Returns a name, with a number if it was there before: some tests have the same one. */
function once(seen, name) {
  const times = (seen.get(name) ?? 0) + 1;
  seen.set(name, times);
  return times === 1 ? name : `${name} (${times})`;
}

/** Returns the tests that pass, by mocha. */
function byMocha(home, pattern) {
  const report = path.join(home, 'report.json');
  const mocha = path.join(own, 'mocha/bin/mocha.js');
  const { stderr } = run(home, mocha, '--reporter', 'json', '--reporter-option', `output=${report}`, ...filesOf(home, pattern));
  if (!fs.existsSync(report)) throw new Error(`mocha left no report: ${stderr}`);
  const [names, seen] = [new Set(), new Map()];
  for (const test of JSON.parse(fs.readFileSync(report, 'utf8')).tests) {
    const name = once(seen, test.fullTitle);
    // One that was skipped has no duration.
    if (Object.keys(test.err).length === 0 && test.duration !== undefined) names.add(name);
  }
  return names;
}

/** Returns the tests that pass, by Node's own runner. What has tests in it is none itself. */
function byNode(home, pattern) {
  const [names, seen] = [new Set(), new Map()];
  for (const file of filesOf(home, pattern)) {
    const { stdout } = run(home, '--test-reporter', path.join(__dirname, 'reporter.mjs'), file);
    for (const line of stdout.split('\n').filter((text) => text.startsWith('{'))) {
      const { name, isPassed } = JSON.parse(line);
      const single = once(seen, name);
      if (isPassed) names.add(single);
    }
  }
  return names;
}

/** Names the curve of a key that has it written out as numbers, which the engine refuses. */
function nameCurve(file) {
  const text = fs.readFileSync(file, 'utf8');
  const isPrivate = text.includes('PRIVATE KEY');
  const make = isPrivate ? createPrivateKey : createPublicKey;
  const named = make({ key: make(text).export({ format: 'jwk' }), format: 'jwk' });
  fs.writeFileSync(file, named.export({ type: isPrivate ? 'pkcs8' : 'spki', format: 'pem' }));
}

/** Makes JavaScript of the TypeScript in a folder. */
function withoutTypes(folder) {
  const { ModuleKind, ScriptTarget, transpileModule } = require('typescript');
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 };
  for (const name of fs.readdirSync(folder).filter((one) => one.endsWith('.ts'))) {
    const text = fs.readFileSync(path.join(folder, name), 'utf8');
    const made = transpileModule(text, { compilerOptions }).outputText;
    fs.writeFileSync(path.join(folder, name.replace(/ts$/, 'js')), made);
  }
}

module.exports = { byMocha, byNode, nameCurve, withoutTypes };
