// Uses the package as a program does that installed it: node installed.mjs [the kind of machine that this is].

import assert from 'node:assert';

import { KeySet, Signer, Verifier } from 'libjot';
import { guard } from 'libjot/express';
import { expressjwt } from 'libjot/express-jwt';
import fastifyJwt from 'libjot/fastify-jwt';
import jwt, { verify } from 'libjot/jsonwebtoken';

const signer = Signer.generate('ES256');
const keys = KeySet.from(signer.verifyingKeys.toJwks());
const verifier = new Verifier({ algorithms: ['ES256'], audience: 'api', keys });
const token = signer.sign({ aud: 'api', sub: 'alice', exp: 4102444800 });
assert.strictEqual(verifier.verify(token).claims.sub, 'alice');
assert.strictEqual(typeof guard(verifier), 'function');
const secret = 'a secret that is long enough: 32 bytes';
assert.strictEqual(verify(jwt.sign({ a: 1 }, secret), secret).a, 1);
assert.strictEqual(typeof expressjwt({ secret, algorithms: ['HS256'] }).unless, 'function');
assert.strictEqual(typeof fastifyJwt, 'function');
const [loaded] = process.report.getReport().sharedObjects.filter((file) => file.endsWith('.node'));
const kind = process.argv[2] ?? `linux-${process.arch}`;
assert.ok(loaded.includes(`/node_modules/libjot/prebuilt/libjot.${kind}`), loaded);
console.log(`the installed package verifies, by ${loaded.split('/').at(-1)}`);
