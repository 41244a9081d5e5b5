'use strict';

const native = require('./native.js');
const { JotError, Rejection, ask, byName } = require('./errors.js');
const { Verifier } = require('./verifier.js');

/** Returns the values of a header field, of Node's list of all. */
function values(request, name) {
  const raw = request.rawHeaders;
  if (!Array.isArray(raw) || raw.length === 0) {
    const given = Object.entries(request.headers ?? {}).filter(([one]) => one.toLowerCase() === name);
    return given.flatMap(([, value]) => value ?? []);
  }
  const found = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    if (raw[at].toLowerCase() === name) found.push(raw[at + 1]);
  }
  return found;
}

/** A request that does not pass. */
class Refusal extends Error {
  constructor(code, settings, cause) {
    super(`request refused: ${code}`, cause === undefined ? undefined : { cause });
    this.code = code;
    // Of several tokens nobody can say which one was meant, so that is no code of the engine's.
    const row = code === 'token_repeated' ? { httpStatus: 400 } : byName.get(code);
    this.status = row.httpStatus;
    this.body = settings.describe ? `${code}\n` : '';
    if (this.status >= 500) return;
    const { realm, describe, scopes, resourceMetadata } = settings;
    this.challenge = ask(() => native.challenge({ code: row.number, realm, describe, scopes, resourceMetadata }));
  }

  get name() {
    return 'Refusal';
  }
}

/** Finds the token of a request: undefined if it has none, and false if it has several. */
function bearerToken(request) {
  return native.authorizationToken(values(request, 'authorization')) ?? undefined;
}

function tokenOf(request, settings) {
  const found = bearerToken(request);
  if (found === false) throw new Refusal('token_repeated', settings);
  return found;
}

const known = new Set(['credentialsRequired', 'describe', 'getToken', 'realm', 'resourceMetadata', 'scopes']);

/** Returns the settings of a guard. What is unknown or unset is told when the server starts. */
function settingsOf(options) {
  for (const [name, value] of Object.entries(options)) {
    if (!known.has(name)) throw JotError.of('policy_invalid', name, `options: there is no ${name}`);
    if (value === undefined || value === null) {
      throw JotError.of('policy_invalid', name, `options: ${name} is ${value}`);
    }
  }
  const settings = { credentialsRequired: true, realm: 'protected', describe: true, scopes: [], ...options };
  settings.scopes = [settings.scopes].flat();
  for (const text of [settings.realm, settings.resourceMetadata ?? '', ...settings.scopes]) {
    if (!/^[ -~]*$/.test(text)) throw JotError.of('policy_invalid', 'realm', `${JSON.stringify(text)} cannot stand in a header`);
  }
  return settings;
}

/**
 * Returns what verifies the tokens of requests: a function that returns a promise of the token,
 * undefined if there need be none, and that is rejected with a Refusal.
 */
function guardOf(verifier, options) {
  if (!(verifier instanceof Verifier)) throw JotError.of('policy_invalid', 'verifier', 'a Verifier is wanted');
  const settings = settingsOf(options);
  const demands = settings.scopes.length === 0 ? {} : { scopes: settings.scopes };
  return async function authenticated(request) {
    const find = settings.getToken ?? ((one) => tokenOf(one, settings));
    const token = await find(request);
    if (token === undefined || token === null) {
      if (settings.credentialsRequired) throw new Refusal('token_null', settings);
      return undefined;
    }
    try {
      return await verifier.verifyAsync(token, demands);
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      throw new Refusal(error.code, settings, error);
    }
  };
}

module.exports = { Refusal, bearerToken, guardOf, values };
