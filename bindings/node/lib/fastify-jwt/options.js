'use strict';

// The options of @fastify/jwt for signing and verifying, in the words of `libjot/jsonwebtoken`.

const { signingKey, verifyingKey } = require('../jsonwebtoken/keys.js');

/** The options of `verify` that have another name. */
const renamed = {
  allowedAud: 'audience', allowedIss: 'issuer', allowedSub: 'subject', allowedJti: 'jwtid', allowedNonce: 'nonce',
};
const same = ['algorithms', 'ignoreExpiration', 'ignoreNotBefore', 'maxAge'];
/** They keep answers of fast-jwt; the engine judges every token. */
const ofCaches = ['cache', 'cacheTTL', 'cacheKeyBuilder', 'errorCacheTTL'];
const ofVerify = new Set([
  ...Object.keys(renamed), ...same, ...ofCaches, 'key', 'complete', 'onlyCookie', 'extractToken', 'requiredClaims',
  'checkTyp', 'clockTolerance', 'clockTimestamp',
]);
const claims = ['iss', 'sub', 'aud', 'jti', 'nonce'];
const ofSign = new Set([
  ...claims, 'key', 'algorithm', 'expiresIn', 'notBefore', 'kid', 'header', 'noTimestamp', 'mutatePayload',
  'clockTimestamp',
]);
const ofDecode = new Set(['complete', 'checkTyp']);

/** Throws if one of the options is unknown. */
function known(options, names, what) {
  for (const name of Object.keys(options)) {
    if (!names.has(name)) throw new Error(`@fastify/jwt by libjot: ${what} has no option ${name}`);
  }
  return options;
}

/** Returns the options of the registration with those of a call. One that is undefined takes no place. */
function merged(usual, own) {
  const set = Object.entries(own ?? {}).filter(([, value]) => value !== undefined);
  return { ...usual, ...Object.fromEntries(set) };
}

/** The algorithms of a key, for calls that name none. */
const usual = {
  secret: ['HS256', 'HS384', 'HS512'],
  rsa: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  'rsa-pss': ['PS256', 'PS384', 'PS512'],
  ec: ['ES256', 'ES384', 'ES512'],
  ed25519: ['EdDSA'],
};
const ofCurve = { secp384r1: 'ES384', secp521r1: 'ES512' };

/** fast-jwt counts its clock in milliseconds. */
const toSeconds = (milliseconds) => milliseconds / 1000;

/** Returns the options of a call of `verify`, and the rules that only the engine has. */
function verifying(options, key) {
  const made = {};
  for (const name of same) if (options[name] !== undefined) made[name] = options[name];
  for (const [name, other] of Object.entries(renamed)) if (options[name] !== undefined) made[other] = options[name];
  if (options.clockTolerance !== undefined) made.clockTolerance = toSeconds(options.clockTolerance);
  if (options.clockTimestamp !== undefined) made.clockTimestamp = Math.floor(toSeconds(options.clockTimestamp));
  if (made.algorithms === undefined && key) {
    const { kind, type } = keyOr(key);
    made.algorithms = usual[kind ?? type] ?? [];
  }
  const more = {};
  if (options.requiredClaims !== undefined) more.required = options.requiredClaims;
  if (options.checkTyp !== undefined) more.typ = options.checkTyp;
  return { options: made, more };
}

/** What is no key is told when it is used. */
function keyOr(key) {
  try {
    return verifyingKey(key);
  } catch {
    return {};
  }
}

/** Returns the payload and options of a call of `sign`. */
function signing(payload, options, key) {
  const { kid, header, algorithm, noTimestamp, expiresIn, notBefore, mutatePayload, clockTimestamp } = options;
  const isObject = typeof payload === 'object' && !(payload instanceof Uint8Array);
  if (!isObject) return { payload, options: { algorithm: algorithm ?? algorithmOf(key) } };
  const made = mutatePayload ? payload : { ...payload };
  for (const name of claims) if (options[name] !== undefined) made[name] = options[name];
  if (clockTimestamp !== undefined && made.iat === undefined) made.iat = Math.floor(toSeconds(clockTimestamp));
  // Options take the place of claims here, and not in jsonwebtoken.
  if (expiresIn !== undefined) delete made.exp;
  if (notBefore !== undefined) delete made.nbf;
  const rest = { keyid: kid, header, noTimestamp, expiresIn, notBefore };
  const given = { algorithm: algorithm ?? algorithmOf(key), mutatePayload: true };
  for (const [name, value] of Object.entries(rest)) if (value !== undefined) given[name] = value;
  return { payload: made, options: given };
}

/** Returns the algorithm of a key, for calls that name none. */
function algorithmOf(given) {
  const { kind, type, object } = signingKey(given);
  if (type === 'secret') return 'HS256';
  if (kind === 'ec') return ofCurve[object.asymmetricKeyDetails.namedCurve] ?? 'ES256';
  return { ed25519: 'EdDSA', 'rsa-pss': 'PS256' }[kind] ?? 'RS256';
}

module.exports = { known, merged, ofDecode, ofSign, ofVerify, signing, verifying };
