'use strict';

// The shared table: every language runs it (tests/cases/README.md).

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');

const jot = require('libjot');

const table = path.join(__dirname, '../../../tests/cases/tokens.json');
// Instants that a number cannot tell apart become strings, and then a BigInt.
const text = fs.readFileSync(table, 'utf8').replace(/"now": ?(-?\d{16,})/g, '"now":"$1"');
const cases = JSON.parse(text);

/** What signs the Token Status Lists of the table, which has only their claims. */
const lists = jot.Signer.generate('HS256');
const ofLists = new jot.Verifier({
  algorithms: ['HS256'], keys: lists.verifyingKeys, typ: 'statuslist+jwt', allowMissingExp: true,
  anyAudience: true, allowFutureIat: true,
});

function tokenOf(row) {
  if (row.token !== undefined) return row.token;
  if (row.token_b64 !== undefined) return Buffer.from(row.token_b64, 'base64url');
  return row.token_parts.map((part) => (typeof part === 'string' ? part : part.repeat.repeat(part.times))).join('');
}

const renamed = {
  access_token: 'accessToken', id_token: 'idToken', audiences: 'audience', typs: 'typ', required: 'required',
  scopes: 'scopes', understand_critical: 'critical', claims: 'conditions', subject: 'subject', nonce: 'nonce',
  authorized_party: 'authorizedParty', leeway: 'leeway', max_age: 'maxAge', token_bytes: 'tokenBytes',
  header_bytes: 'headerBytes', any_audience: 'anyAudience', allow_missing_exp: 'allowMissingExp',
  allow_future_iat: 'allowFutureIat', issuer_required: 'issuerRequired', algorithms: 'algorithms',
};

function verifierOf(row) {
  const options = {};
  const reading = {};
  for (const [name, value] of Object.entries(row.policy)) {
    if (name === 'issuers') continue;
    else if (name === 'allow_weak_keys') reading.allowWeakKeys = value;
    else if (name === 'key_alg') reading.alg = value;
    else if (name === 'check_status') options.status = 'check';
    else if (name === 'require_status') options.status = 'require';
    else if (name in renamed) options[renamed[name]] = value;
    else assert.fail(`the policy has an unknown setting: ${name}`);
  }
  if (row.issuer_keys !== undefined) {
    options.issuers = {};
    for (const [issuer, keys] of Object.entries(row.issuer_keys)) {
      options.issuers[issuer] = jot.KeySet.from(keys, reading);
    }
    return new jot.Verifier(options);
  }
  const keys =
    row.secret_b64 === undefined
      ? jot.KeySet.from(row.keys ?? row.jwk ?? row.pem, reading)
      : jot.KeySet.fromSecret(Buffer.from(row.secret_b64, 'base64url'), reading);
  if (row.policy.issuers === undefined) options.keys = keys;
  else options.issuers = row.policy.issuers.map((issuer) => [issuer, keys]);
  return new jot.Verifier(options);
}

function showLists(verifier, row) {
  for (const list of row.status_lists ?? []) {
    if (list.absent !== undefined) {
      verifier.lackStatusList(list.sub, { stale: list.absent === 'status_list_stale' });
    } else {
      const signed = lists.sign(list, { typ: 'statuslist+jwt' });
      verifier.putStatusList(signed, ofLists, { mostEntries: 1 << 10, now: row.now });
    }
  }
}

function outcome(act) {
  try {
    act();
    return { code: 'accepted', signatureOk: true, claim: undefined };
  } catch (error) {
    if (!(error instanceof jot.Rejection) && !(error instanceof jot.JotError)) throw error;
    return { code: error.code, signatureOk: error.signatureOk ?? false, claim: error.claim };
  }
}

/** Runs a case by every way to verify, which must agree. */
async function run(row) {
  let verifier;
  const refused = outcome(() => {
    verifier = verifierOf(row);
    showLists(verifier, row);
  });
  if (verifier === undefined) return refused;
  const token = tokenOf(row);
  const at = { now: typeof row.now === 'string' ? BigInt(row.now) : row.now };
  const found = outcome(() => verifier.verify(token, at));
  assert.strictEqual(verifier.check(token, at), found.code);
  assert.strictEqual(verifier.check(Buffer.from(token), at), found.code);
  const batch = await new jot.Batch({ threads: 1 }).verify(verifier, [token, null], at);
  assert.deepStrictEqual([batch.code(0), batch.code(1)], [found.code, 'token_null']);
  assert.strictEqual(batch.signatureOk(0), found.signatureOk);
  return found;
}

test('the shared cases', async () => {
  assert.ok(cases.length >= 1500, `only ${cases.length} cases`);
  for (const row of cases) {
    const wanted = { code: row.code, signatureOk: row.signature_ok ?? false, claim: row.claim };
    assert.deepStrictEqual(await run(row), wanted, row.id);
  }
});
