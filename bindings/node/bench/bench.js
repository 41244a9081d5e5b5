'use strict';

// Measures beside the peers, and writes what comes of it into docs/node.md and the table of hosts in
// README.md: node bench.js COMMIT

const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { algorithms } = require('./common.js');
const frameworks = require('./frameworks.js');
const tokens = require('./tokens.js');

const root = path.join(__dirname, '../../..');

const shown = (number) => (number === undefined ? '–' : number.toFixed(number < 10 ? 2 : 1));

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), `|---|${'--:|'.repeat(head.length - 1)}`, ...rows.map(line)].join('\n');
}

/** Replaces what a pattern finds in a page, which has it once. */
function write(page, pattern, text) {
  const file = path.join(root, page);
  const old = fs.readFileSync(file, 'utf8');
  assert.ok(pattern.test(old), `${page} has no place for it`);
  fs.writeFileSync(file, old.replace(pattern, () => text));
}

function section(commit, single, requests) {
  const date = new Date().toISOString().slice(0, 10);
  const rates = requests.map(([name, rate, time]) => [name, Math.round(rate).toLocaleString('en'), shown(time)]);
  return `${os.cpus()[0].model}, ${date}, commit ${commit}, Node ${process.version}, \`make bench-node\`.

${table(['µs of CPU time for each token', ...algorithms], single.map(([name, ...all]) => [name, ...all.map(shown)]))}

${table(['one token of RS256', 'requests/s', 'µs of CPU time of the server for each'], rates)}
`;
}

/** Returns the row of Node in the table of hosts. */
function row(single) {
  const of = (name) => shown(single.find(([one]) => one === name)[1 + algorithms.indexOf('RS256')]);
  const [plain, fast, cached] = ['', ', accelerated', ', cached'].map((more) => of(`\`verify\` and \`claims\`${more}`));
  const peers = `${of('fast-jwt')} fast-jwt (${of('fast-jwt, cached')} cached), ${of('jsonwebtoken')} jsonwebtoken, ${of('jose')} jose`;
  return `| [Node](docs/node.md) | ${plain} | ${fast} | ${cached} | ${peers} |`;
}

async function main() {
  const [commit] = process.argv.slice(2);
  const single = await tokens.measure();
  const text = section(commit, single, await frameworks.measure());
  console.log(text);
  const [begin, end] = ['<!-- figures:begin -->\n', '<!-- figures:end -->\n'];
  write('docs/node.md', new RegExp(`${begin}[^]*${end}`), begin + text + end);
  write('README.md', /^\| \[Node\]\(docs\/node\.md\) \|.*$/m, row(single));
}

main();
