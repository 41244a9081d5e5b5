// Uses the package as a program does that installed it.

import assert from 'node:assert';

import { KeySet, Signer, Verifier } from 'libjot';
import { guard } from 'libjot/express';

const signer = Signer.generate('ES256');
const keys = KeySet.from(signer.verifyingKeys.toJwks());
const verifier = new Verifier({ algorithms: ['ES256'], audience: 'api', keys });
const token = signer.sign({ aud: 'api', sub: 'alice', exp: 4102444800 });
assert.strictEqual(verifier.verify(token).claims.sub, 'alice');
assert.strictEqual(typeof guard(verifier), 'function');
console.log('the installed package verifies');
