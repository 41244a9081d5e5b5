'use strict';

// Every program of the README, of docs/node.md and of docs/jsonwebtoken.md runs, and that of the README of all.

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');

function programsOf(page) {
  const text = fs.readFileSync(path.join(__dirname, page), 'utf8');
  return [...text.matchAll(/^```js\n([^]*?)^```$/gm)].map((found) => found[1]);
}

function run(program) {
  // Input is a module of CommonJS or not, as its first word says.
  const type = program.startsWith('import') ? 'module' : 'commonjs';
  execFileSync(process.execPath, [`--input-type=${type}`], { input: program, cwd: path.join(__dirname, '..') });
}

for (const page of ['../README.md', '../../../docs/node.md', '../../../docs/jsonwebtoken.md']) {
  test(page, () => {
    const programs = programsOf(page);
    assert.ok(programs.length > 0);
    for (const program of programs) run(program);
  });
}

test('the README of all', () => {
  // It shows the lines that matter, and leaves out what comes before.
  const before = `
    import express from 'express';
    import { Fetcher, Verifier } from 'libjot';
    import { guard } from 'libjot/express';
    const app = express();
  `;
  const programs = programsOf('../../../README.md').filter((program) => program.includes('new Verifier('));
  assert.strictEqual(programs.length, 1);
  run(`${before.trim()}\n${programs[0]}`);
});
