'use strict';

// Every program of the README, of docs/node.md and of docs/jsonwebtoken.md runs.

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');

for (const page of ['../README.md', '../../../docs/node.md', '../../../docs/jsonwebtoken.md']) {
  const text = fs.readFileSync(path.join(__dirname, page), 'utf8');
  const programs = [...text.matchAll(/^```js\n([^]*?)^```$/gm)].map((found) => found[1]);
  test(page, () => {
    assert.ok(programs.length > 0);
    for (const program of programs) {
      // Input is a module of CommonJS or not, as its first word says.
      const type = program.startsWith('import') ? 'module' : 'commonjs';
      execFileSync(process.execPath, [`--input-type=${type}`], { input: program, cwd: path.join(__dirname, '..') });
    }
  });
}
