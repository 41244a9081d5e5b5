'use strict';

const { JotError, ask, byNumber } = require('../errors.js');
const { inner } = require('../keys.js');
const { algorithms } = require('../token.js');
const { Verifier } = require('../verifier.js');
const { objectOr, parts } = require('./decode.js');
const { JsonWebTokenError } = require('./errors.js');
const { verifyingKey } = require('./keys.js');
const { compile, ofClaims } = require('./rules.js');
const { expected, misfit, unfit, worded } = require('./words.js');

/** How many verifiers a key has: one for each set of rules that programs call it with. */
const mostVerifiers = 32;

/** What the engine writes for each accepted token; nothing else runs between writing and reading. */
const slot = new Float64Array(6);

/** The algorithms of a call that names none, by the type of its key. */
const usual = {
  secret: ['HS256', 'HS384', 'HS512'],
  rsa: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  'rsa-pss': ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ec: ['ES256', 'ES384', 'ES512'],
};

const fault = (message, error) => new JsonWebTokenError(message, error);

/** Returns the key, or throws what jsonwebtoken says of it. */
function keyOf(given, hasSignature) {
  if (!hasSignature) throw fault(given ? 'jwt signature is required' : 'libjot accepts no unsigned token');
  if (!given) throw fault('secret or public key must be provided');
  try {
    return verifyingKey(given);
  } catch (error) {
    throw fault('secretOrPublicKey is not valid key material', error);
  }
}

const known = new Set(algorithms);

/** Returns the algorithms of a list, or the one of that name, that there are. */
function allowedBy(named) {
  return (Array.isArray(named) ? named : [named]).filter((alg) => known.has(alg));
}

/** Returns what verifies with a key under these rules. */
function verifierOf(key, allowed, rules) {
  const name = `${allowed.join()} ${rules.name}`;
  let verifier = key.verifiers.get(name);
  if (verifier === undefined) {
    verifier = new Verifier({
      algorithms: allowed,
      keys: key.set,
      anyAudience: true,
      allowMissingExp: true,
      allowFutureIat: true,
      ...rules.policy,
    });
    if (key.verifiers.size >= mostVerifiers) key.verifiers.delete(key.verifiers.keys().next().value);
    key.verifiers.set(name, verifier);
  }
  return verifier;
}

/** Returns the payload of a token whose signature holds, and which is no Claims Set. */
function otherPayload(verifier, token, call) {
  const bytes = ask(() => verifier[inner].verifyJws(token));
  if (!(bytes instanceof Uint8Array)) throw worded(bytes, call);
  const payload = objectOr(bytes.toString());
  // What JavaScript takes for claims and the engine does not has rules that nobody checked.
  if (typeof payload === 'object' && !Array.isArray(payload)) throw fault('invalid token');
  if (call.rules.maxAge !== undefined) throw fault('iat required when maxAge is specified');
  for (const claim of ['aud', 'iss', 'sub', 'jti', 'nonce']) {
    const message = expected(claim, call.options);
    if (message !== undefined) throw fault(message);
  }
  return payload;
}

const noClaims = new Set(['claims_json', 'claims_not_object']);

/** Returns the payload of a token that the engine accepts with this key. */
function judged(token, key, call) {
  const { options, rules, read } = call;
  const allowed = allowedBy(options.algorithms || (usual[key.kind ?? key.type] ?? usual.rsa));
  if (!allowed.includes(read.header.alg)) throw fault('invalid algorithm');
  let verifier;
  try {
    if (key.type === 'private') throw fault(unfit(read.header.alg, key, options));
    verifier = verifierOf(key, allowed, rules);
  } catch (error) {
    if (!(error instanceof JotError)) throw error;
    const message = misfit(read.header.alg, key, options) ?? `secretOrPublicKey is not valid key material: ${error.message}`;
    throw fault(message, error);
  }
  const found = ask(() => verifier[inner].verify(token, rules.now, slot, rules.demand));
  const told = { ...call, token, key, maxAge: rules.maxAge };
  if (typeof found !== 'string') {
    if (noClaims.has(byNumber.get(found.number).name)) return otherPayload(verifier, token, told);
    throw worded(found, told);
  }
  key.use(algorithms[slot[0]]);
  const payload = JSON.parse(found);
  ofClaims(payload, options);
  return payload;
}

/** Verifies a token. With a callback, the answer comes by it, before `verify` returns. */
function verify(token, secretOrPublicKey, given, callback) {
  const done = typeof given === 'function' && !callback ? given : callback;
  const options = typeof given === 'function' || !given ? {} : { ...given };
  if (!done) {
    if (typeof secretOrPublicKey !== 'function') return answer(start(token, options), secretOrPublicKey);
    start(token, options);
    throw fault('verify must be called asynchronous if secret or public key is provided as a callback');
  }
  let call;
  try {
    call = start(token, options);
  } catch (error) {
    return done(error);
  }
  const finish = (key) => {
    let payload;
    try {
      payload = answer(call, key);
    } catch (error) {
      return done(error);
    }
    return done(null, payload);
  };
  if (typeof secretOrPublicKey !== 'function') return finish(secretOrPublicKey);
  return secretOrPublicKey(call.read.header, (error, key) => {
    if (error) return done(fault(`error in secret or public key callback: ${error.message}`, error));
    return finish(key);
  });
}

/** Verifies a token with a key, and returns header, payload and signature. */
function verifyComplete(token, key, options, more) {
  return answer(start(token, { ...options, complete: true }, more), key);
}

/** Reads what is asked for, before there is a key. */
function start(token, options, more) {
  const rules = compile(options, more);
  if (!token) throw fault('jwt must be provided');
  if (typeof token !== 'string') throw fault('jwt must be a string');
  if (token.split('.').length !== 3) throw fault('jwt malformed');
  const read = parts(token);
  if (read === null) throw fault('invalid token');
  return { token, options, rules, read };
}

/** Returns what the caller gets. */
function answer(call, secretOrPublicKey) {
  const key = keyOf(secretOrPublicKey, call.read.signature !== '');
  const payload = judged(call.token, key, call);
  if (call.options.complete !== true) return payload;
  const { header, signature } = call.read;
  return { header, payload, signature };
}

module.exports = { verify, verifyComplete };
