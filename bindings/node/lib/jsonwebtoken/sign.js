'use strict';

const { JotError, ask } = require('../errors.js');
const { inner } = require('../keys.js');
const { algorithms } = require('../token.js');
const { signingKey } = require('./keys.js');
const { seconds } = require('./timespan.js');
const { misfit } = require('./words.js');

const isText = (value) => typeof value === 'string';
const isBoolean = (value) => typeof value === 'boolean';
const isSpan = (value) => Number.isInteger(value) || (isText(value) && value !== '');
const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);
const isTexts = (value) => Array.isArray(value) && value.every(isText);

function isPlain(value) {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** What each option may be, and what is said otherwise. */
const options = {
  algorithm: [(value) => algorithms.includes(value), '"algorithm" must be a valid string enum value'],
  expiresIn: [isSpan, '"expiresIn" should be a number of seconds or string representing a timespan'],
  notBefore: [isSpan, '"notBefore" should be a number of seconds or string representing a timespan'],
  audience: [(value) => isText(value) || Array.isArray(value), '"audience" must be a string or array'],
  issuer: [isText, '"issuer" must be a string'],
  subject: [isText, '"subject" must be a string'],
  jwtid: [isText, '"jwtid" must be a string'],
  keyid: [isText, '"keyid" must be a string'],
  header: [isPlain, '"header" must be an object'],
  encoding: [isText, '"encoding" must be a string'],
  noTimestamp: [isBoolean, '"noTimestamp" must be a boolean'],
  mutatePayload: [isBoolean, '"mutatePayload" must be a boolean'],
  allowInsecureKeySizes: [isBoolean, '"allowInsecureKeySizes" must be a boolean'],
  allowInvalidAsymmetricKeyTypes: [isBoolean, '"allowInvalidAsymmetricKeyTypes" must be a boolean'],
};

const orUnset = (isGood) => (value) => value === undefined || isGood(value);

/** What claims must be. Those that are no dates are here because `verify` refuses what else they are. */
const claims = {
  iat: [isNumber, '"iat" should be a number of seconds'],
  exp: [isNumber, '"exp" should be a number of seconds'],
  nbf: [isNumber, '"nbf" should be a number of seconds'],
  iss: [orUnset(isText), '"iss" must be a string'],
  sub: [orUnset(isText), '"sub" must be a string, such as String(id)'],
  jti: [orUnset(isText), '"jti" must be a string'],
  aud: [orUnset((value) => isText(value) || isTexts(value)), '"aud" must be a string or an array of strings'],
};

/** The claims that options bring. */
const ofOptions = { audience: 'aud', issuer: 'iss', subject: 'sub', jwtid: 'jti' };

function check(schema, object, name, mayHaveOthers) {
  if (!isPlain(object)) throw new Error(`Expected "${name}" to be a plain object.`);
  for (const [member, value] of Object.entries(object)) {
    const [isGood, message] = Object.hasOwn(schema, member) ? schema[member] : [];
    if (isGood === undefined) {
      if (!mayHaveOthers) throw new Error(`"${member}" is not allowed in "${name}"`);
    } else if (!isGood(value)) throw new Error(message);
  }
}

/** Returns the key, or throws what jsonwebtoken says of it. */
function keyOf(given, alg) {
  if (!given) throw new Error('secretOrPrivateKey must have a value');
  let key;
  try {
    key = signingKey(given);
  } catch (cause) {
    throw new Error('secretOrPrivateKey is not valid key material', { cause });
  }
  const isSymmetric = alg.startsWith('HS');
  if (isSymmetric !== (key.type === 'secret') || key.type === 'public') {
    const wanted = isSymmetric ? 'a symmetric' : 'an asymmetric';
    throw new Error(`secretOrPrivateKey must be ${wanted} key when using ${alg}`);
  }
  return key;
}

/** Returns the signer of a key, or throws what jsonwebtoken says of the key. */
function signerOf(key, alg, given) {
  try {
    return key.signer(alg, given.allowInsecureKeySizes === true);
  } catch (cause) {
    if (!(cause instanceof JotError)) throw cause;
    if (cause.code === 'key_rsa_too_short') {
      throw new Error(`secretOrPrivateKey has a minimum key size of 2048 bits for ${alg}`, { cause });
    }
    const message = misfit(alg, key, given) ?? `secretOrPrivateKey is not valid key material: ${cause.message}`;
    throw new Error(message, { cause });
  }
}

/** Returns the date of a time span that begins with the token. */
function dateOf(name, span, issued) {
  const length = seconds(span);
  if (length === undefined) {
    throw new Error(`"${name}" should be a number of seconds or string representing a timespan eg: "1d", "20h", 60`);
  }
  return Math.floor(issued + length);
}

/** Adds to a Claims Set what the options say. */
function complete(payload, given) {
  const issued = payload.iat || Math.floor(Date.now() / 1000);
  if (given.noTimestamp) delete payload.iat;
  else payload.iat = issued;
  if (given.notBefore !== undefined) payload.nbf = dateOf('notBefore', given.notBefore, issued);
  if (given.expiresIn !== undefined) payload.exp = dateOf('expiresIn', given.expiresIn, issued);
  for (const [name, claim] of Object.entries(ofOptions)) {
    if (given[name] === undefined) continue;
    if (payload[claim] !== undefined) {
      throw new Error(`Bad "options.${name}" option. The payload already has an "${claim}" property.`);
    }
    payload[claim] = given[name];
  }
}

/** Returns the payload that is signed, of an object of claims. */
function claimsOf(payload, given) {
  check(claims, payload, 'payload', true);
  if (payload.exp !== undefined && given.expiresIn !== undefined) {
    throw new Error('Bad "options.expiresIn" option the payload already has an "exp" property.');
  }
  if (payload.nbf !== undefined && given.notBefore !== undefined) {
    throw new Error('Bad "options.notBefore" option the payload already has an "nbf" property.');
  }
  check(options, given, 'options', false);
  const made = given.mutatePayload ? payload : { ...payload };
  complete(made, given);
  check(claims, made, 'payload', true);
  return JSON.stringify(made);
}

/** Returns the payload that is signed, of anything else. */
function textOf(payload, given) {
  const unfit = ['expiresIn', 'notBefore', 'noTimestamp', ...Object.keys(ofOptions)].filter(
    (name) => given[name] !== undefined,
  );
  if (unfit.length > 0) throw new Error(`invalid ${unfit.join(',')} option for ${typeof payload} payload`);
  check(options, given, 'options', false);
  return Buffer.isBuffer(payload) ? payload.toString() : String(payload);
}

function signed(payload, secretOrPrivateKey, given) {
  if (!isPlain(given)) throw new Error('Expected "options" to be a plain object.');
  const isObject = typeof payload === 'object' && !Buffer.isBuffer(payload);
  const { alg = given.algorithm ?? 'HS256', typ = isObject ? 'JWT' : undefined, ...rest } = isPlain(given.header)
    ? given.header
    : {};
  if (alg === 'none') throw new Error('"algorithm" must not be none: libjot signs no unsecured tokens');
  if (!algorithms.includes(alg)) throw new Error('"algorithm" must be a valid string enum value');
  const key = keyOf(secretOrPrivateKey, alg);
  if (payload === undefined) throw new Error('payload is required');
  const text = isObject ? claimsOf(payload, given) : textOf(payload, given);
  const signer = signerOf(key, alg, given);
  key.use(alg);
  const parameters = JSON.stringify(given.keyid === undefined ? rest : { kid: given.keyid, ...rest });
  const header = { withoutTyp: typ === undefined, parameters };
  if (typ !== undefined) header.typ = typ;
  const encoding = given.encoding ?? 'utf8';
  return ask(() =>
    isObject && /^utf-?8$/i.test(encoding)
      ? signer[inner].sign(text, header)
      : signer[inner].signPayload(Buffer.from(text, encoding), header),
  );
}

/** Signs a payload. With a callback, the token comes by it. */
function sign(payload, secretOrPrivateKey, given, callback) {
  const done = typeof given === 'function' ? given : callback;
  const wanted = typeof given === 'function' ? {} : given || {};
  if (typeof done !== 'function') return signed(payload, secretOrPrivateKey, wanted);
  let token;
  try {
    token = signed(payload, secretOrPrivateKey, wanted);
  } catch (error) {
    done(error);
    return undefined;
  }
  process.nextTick(done, null, token);
  return undefined;
}

module.exports = { sign };
