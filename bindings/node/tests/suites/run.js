'use strict';

// Runs the tests of the packages that libjot stands in for: node run.js CHECKOUTS FOLDER
//
// The repositories are in CHECKOUTS. Each suite runs twice, in FOLDER: with its package, and with libjot
// in its place. What passes with the package must pass with libjot, but for what failures.txt lists, and
// everything that is listed must fail.

const fs = require('node:fs');
const path = require('node:path');

const { byMocha, byNode, nameCurve, withoutTypes } = require('./runners.js');

const [checkouts, folder] = process.argv.slice(2).map((name) => path.resolve(name));
const lib = path.resolve(__dirname, '../../lib');

/** Writes a module that is another one, or a member of it. */
function alias(home, file, target, member = '') {
  const at = path.join(home, file);
  fs.mkdirSync(path.dirname(at), { recursive: true });
  fs.writeFileSync(at, `module.exports = require(${JSON.stringify(target)})${member};\n`);
}

const suites = [
  {
    name: 'jsonwebtoken',
    repository: 'node-jsonwebtoken',
    ours: path.join(lib, 'jsonwebtoken.js'),
    fewest: 490,
    prepare(home, target) {
      alias(home, 'index.js', target);
      for (const error of ['JsonWebTokenError', 'NotBeforeError', 'TokenExpiredError']) {
        alias(home, `lib/${error}.js`, target, `.${error}`);
      }
      fs.writeFileSync(path.join(home, 'lib/psSupported.js'), 'module.exports = true;\n');
      // It calls a function inside of jsonwebtoken, which libjot has not.
      fs.rmSync(path.join(home, 'test/validateAsymmetricKey.tests.js'));
      for (const key of ['ecdsa-private.pem', 'ecdsa-public.pem', 'ecdsa-public-invalid.pem']) {
        nameCurve(path.join(home, 'test', key));
      }
    },
    run: (home) => byMocha(home, /\.tests?\.js$/),
  },
  {
    name: 'express-jwt',
    repository: 'express-jwt',
    ours: path.join(lib, 'express-jwt.js'),
    fewest: 40,
    prepare(home, target) {
      alias(home, 'src/index.js', target);
      alias(home, 'src/errors/UnauthorizedError.js', target);
      withoutTypes(path.join(home, 'test'));
    },
    run: (home) => byMocha(home, /\.test\.js$/),
  },
  {
    name: '@fastify/jwt',
    repository: 'fastify-jwt',
    ours: path.join(lib, 'fastify-jwt.js'),
    fewest: 120,
    prepare: (home, target) => alias(home, 'index.js', target),
    run: (home) => byNode(home, /\.test\.js$/),
  },
];

/** Runs the tests of a suite on a module, and returns the names of those that pass. */
function passed(suite, kind, target) {
  const home = path.join(folder, suite.repository, kind);
  fs.rmSync(home, { recursive: true, force: true });
  fs.mkdirSync(home, { recursive: true });
  fs.cpSync(path.join(checkouts, suite.repository, 'test'), path.join(home, 'test'), { recursive: true });
  suite.prepare(home, target);
  return suite.run(home);
}

/** Returns the tests that are known to fail. */
function listed(suite) {
  const lines = fs.readFileSync(path.join(__dirname, 'failures.txt'), 'utf8').split('\n');
  const names = lines.filter((line) => line.startsWith(`${suite.name}: `));
  return new Set(names.map((line) => line.slice(suite.name.length + 2)));
}

for (const suite of suites) {
  const real = passed(suite, 'package', suite.name);
  const ours = passed(suite, 'libjot', suite.ours);
  const known = listed(suite);
  const faults = [];
  for (const name of real) {
    if (!ours.has(name) && !known.has(name)) faults.push(`fails: ${name}`);
    if (ours.has(name) && known.has(name)) faults.push(`passes, but is listed: ${name}`);
  }
  for (const name of known) if (!real.has(name)) faults.push(`is listed, but does not pass with the package: ${name}`);
  if (real.size < suite.fewest) faults.push('these are too few: the tests did not run');
  const both = [...real].filter((name) => ours.has(name)).length;
  console.log(`${suite.name}: ${real.size} tests pass with it, ${both} of these with libjot, ${faults.length} faults`);
  for (const fault of faults) console.log(`  ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}
