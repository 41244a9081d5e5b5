'use strict';

// The engine, for the processor and C library that Node runs on.

const fs = require('node:fs');
const path = require('node:path');

/** Returns the name of this machine's kind, such as `linux-x64-gnu`. */
function kind() {
  if (process.platform !== 'linux') return `${process.platform}-${process.arch}`;
  // Node says which glibc it runs on; with musl there is none.
  const isGlibc = Boolean(process.report.getReport().header.glibcVersionRuntime);
  return `linux-${process.arch}-${isGlibc ? 'gnu' : 'musl'}`;
}

function load() {
  const prebuilt = path.join(__dirname, '..', 'prebuilt');
  const file = path.join(prebuilt, `libjot.${kind()}.node`);
  if (!fs.existsSync(file)) {
    const there = fs.existsSync(prebuilt) ? fs.readdirSync(prebuilt).join(', ') : '';
    throw new Error(
      `libjot has no engine for ${kind()}: ${file} is not there` +
        (there ? `, but only ${there}.` : '; build it with scripts/node.sh build.'),
    );
  }
  return require(file);
}

module.exports = load();
