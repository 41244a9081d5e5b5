'use strict';

// Measures applications of Express and Fastify, with guards and without: requests each second, and the
// processor time of the server for each request.
//
// Each is a process of its own (server.js), which wrk asks over loopback, 16 requests at a time; they
// take turns. Before that, each has to let a good token in, and bad ones not. Medians.

const assert = require('node:assert');
const { execFileSync, fork } = require('node:child_process');
const http = require('node:http');
const path = require('node:path');

const jot = require('../lib/index.js');
const { bad, claims, median, used } = require('./common.js');

const rounds = 7;

const names = {
  express: [
    ['Express, no guard', 'none'],
    ['`libjot/express`', 'jot'],
    ['`libjot/express`, accelerated', 'accelerated'],
    ['`libjot/express`, cached', 'cached'],
    ['`libjot/express-jwt`', 'stand-in'],
    ['express-jwt, with jsonwebtoken', 'peer'],
  ],
  fastify: [
    ['Fastify, no guard', 'none'],
    ['`libjot/fastify`', 'jot'],
    ['`libjot/fastify`, accelerated', 'accelerated'],
    ['`libjot/fastify`, cached', 'cached'],
    ['`libjot/fastify-jwt`', 'stand-in'],
    ['@fastify/jwt, with fast-jwt', 'peer'],
    ['@fastify/jwt, cached', 'peer, cached'],
  ],
};

/** Waits for the next message of a server. */
const told = (server) => new Promise((resolve) => server.once('message', resolve));

async function start(framework, guard, jwk) {
  const env = { ...process.env, NODE_ENV: 'production' };
  const server = fork(path.join(__dirname, 'server.js'), [framework, guard], { env });
  server.send(jwk);
  server.port = await told(server);
  return server;
}

function ask(port, token) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const request = http.get({ host: '127.0.0.1', port, headers, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode, body }));
    });
    request.on('error', reject);
  });
}

async function inspect(name, { port }, guard, signer, good) {
  const { sub } = claims(0);
  assert.deepStrictEqual(await ask(port, good), { status: 200, body: sub }, name);
  if (guard === 'none') return;
  for (const token of [undefined, ...bad(signer, good)]) {
    assert.strictEqual((await ask(port, token)).status, 401, `${name} lets in what is bad`);
  }
  // Also after a good one was remembered.
  assert.deepStrictEqual(await ask(port, good), { status: 200, body: sub }, name);
}

/** Returns how many requests were answered in a second, and the time of the server for each. */
async function turn(server, token) {
  const usage = async () => {
    server.send('usage');
    return told(server);
  };
  const begin = await usage();
  const text = execFileSync(
    'wrk',
    ['-t1', '-c16', '-d1s', '-H', `Authorization: Bearer ${token}`, `http://127.0.0.1:${server.port}/`],
    { encoding: 'utf8' },
  );
  const end = await usage();
  assert.doesNotMatch(text, /Non-2xx|Socket errors/);
  const count = Number(/(\d+) requests in/.exec(text)[1]);
  return { rate: Number(/Requests\/sec: +([\d.]+)/.exec(text)[1]), time: used(begin, end) / count };
}

/** Measures: returns rows of a name, requests each second and microseconds for each. */
async function measure() {
  const signer = jot.Signer.generate('RS256', { kid: '2026-01' });
  const good = signer.sign(claims(0));
  const all = [];
  try {
    for (const [framework, guards] of Object.entries(names)) {
      for (const [name, guard] of guards) {
        const server = await start(framework, guard, signer.toJwk());
        all.push({ name, server, turns: [] });
        await inspect(name, server, guard, signer, good);
      }
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const one of all) one.turns.push(await turn(one.server, good));
    }
  } finally {
    for (const { server } of all) server.kill();
  }
  const of = (turns, what) => median(turns.map((one) => one[what]));
  return all.map(({ name, turns }) => [name, of(turns, 'rate'), of(turns, 'time')]);
}

module.exports = { measure };
