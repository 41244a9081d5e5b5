'use strict';

// What jsonwebtoken says of tokens and keys that the engine refuses. Programs compare these sentences.

const { Rejection } = require('../errors.js');
const { JsonWebTokenError, NotBeforeError, TokenExpiredError } = require('./errors.js');

/** The algorithms of each type of keys, in jsonwebtoken's words. */
const ofKind = {
  ec: ['ES256', 'ES384', 'ES512'],
  rsa: ['RS256', 'PS256', 'RS384', 'PS384', 'RS512', 'PS512'],
  'rsa-pss': ['PS256', 'PS384', 'PS512'],
};
const curves = { ES256: 'prime256v1', ES384: 'secp384r1', ES512: 'secp521r1' };

/**
 * Says why a key cannot be that of an algorithm; undefined if its type does not tell, or if the caller does
 * not want jsonwebtoken to look at it.
 */
function misfit(alg, key, { allowInvalidAsymmetricKeyTypes } = {}) {
  if (key.kind === undefined || allowInvalidAsymmetricKeyTypes) return undefined;
  const theirs = ofKind[key.kind];
  if (theirs === undefined) return `Unknown key type "${key.kind}".`;
  if (!theirs.includes(alg)) return `"alg" parameter for "${key.kind}" key type must be one of: ${theirs.join(', ')}.`;
  if (key.kind === 'ec' && key.object.asymmetricKeyDetails.namedCurve !== curves[alg]) {
    return `"alg" parameter "${alg}" requires curve "${curves[alg]}".`;
  }
  if (key.kind === 'rsa-pss') {
    return `Invalid key for this operation, its RSA-PSS parameters do not meet the requirements of "alg" ${alg}.`;
  }
  return undefined;
}

/** Says why no key is that of the token. */
function unfit(alg, key, options) {
  if (alg.startsWith('HS') && key.type !== 'secret') return `secretOrPublicKey must be a symmetric key when using ${alg}`;
  if (!alg.startsWith('HS') && key.type !== 'public') return `secretOrPublicKey must be an asymmetric key when using ${alg}`;
  return misfit(alg, key, options) ?? 'invalid algorithm';
}

/** The sentences for the codes, by how these begin. The longest that fits counts. */
const sentences = {
  token_empty: 'jwt must be provided',
  token_segments: 'jwt malformed',
  token_encrypted: 'jwt malformed',
  alg_: 'invalid algorithm',
  signature_invalid: 'invalid signature',
  exp_: 'invalid exp value',
  nbf_: 'invalid nbf value',
  iat_: 'invalid iat value',
  iss_: 'invalid iss value',
  aud_: 'invalid aud value',
  // jsonwebtoken accepts it, and many programs sign the number of a user.
  sub_invalid: 'invalid sub value: it must be a string, such as String(id)',
  jti_: 'invalid jti value',
};

function sentence(code) {
  for (const [begin, words] of Object.entries(sentences)) if (code.startsWith(begin)) return words;
  return 'invalid token';
}

/** The options that a claim is compared with, and jsonwebtoken's name for each. */
const compared = { aud: 'audience', iss: 'issuer', sub: 'subject', jti: 'jwtid', nonce: 'nonce' };

/** Says what a claim should have been. */
function expected(claim, options) {
  const name = compared[claim];
  const wanted = name === undefined ? undefined : options[name];
  if (wanted === undefined || wanted === null) return undefined;
  const list = Array.isArray(wanted) && claim === 'aud' ? wanted.join(' or ') : String(wanted);
  return `jwt ${name} invalid. expected: ${list}`;
}

/** Makes the error that jsonwebtoken would throw, of a rejection. `read` is the unverified token. */
function worded(found, { token, read, key, options, maxAge }) {
  const rejection = new Rejection(found, token);
  const { code, claim } = rejection;
  // Dates are shown only of a token whose signature held, so they are those that were judged.
  const date = (seconds) => new Date(seconds * 1000);
  if (code === 'expired') return new TokenExpiredError('jwt expired', date(read.payload.exp), rejection);
  if (code === 'not_yet_valid') return new NotBeforeError('jwt not active', date(read.payload.nbf), rejection);
  if (code === 'too_old') {
    return new TokenExpiredError('maxAge exceeded', date(Math.floor(read.payload.iat + maxAge)), rejection);
  }
  if (maxAge !== undefined && claim === 'iat') {
    return new JsonWebTokenError('iat required when maxAge is specified', rejection);
  }
  if (code === 'key_not_for_alg') return new JsonWebTokenError(unfit(read.header.alg, key, options), rejection);
  return new JsonWebTokenError(expected(claim, options) ?? sentence(code), rejection);
}

module.exports = { expected, misfit, unfit, worded };
