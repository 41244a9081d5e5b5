'use strict';

const { TokenExpiredError } = require('../jsonwebtoken/errors.js');

/** What is said of each code unless the program says it otherwise, and the status. */
const table = {
  badRequestErrorMessage: ['FST_JWT_BAD_REQUEST', 400, 'Format is Authorization: Bearer [token]'],
  badCookieRequestErrorMessage: ['FST_JWT_BAD_COOKIE_REQUEST', 400, 'Cookie could not be parsed in request'],
  noAuthorizationInHeaderMessage: [
    'FST_JWT_NO_AUTHORIZATION_IN_HEADER', 401, 'No Authorization was found in request.headers',
  ],
  noAuthorizationInCookieMessage: [
    'FST_JWT_NO_AUTHORIZATION_IN_COOKIE', 401, 'No Authorization was found in request.cookies',
  ],
  authorizationTokenExpiredMessage: ['FST_JWT_AUTHORIZATION_TOKEN_EXPIRED', 401, 'Authorization token expired'],
  authorizationTokenInvalid: [
    'FST_JWT_AUTHORIZATION_TOKEN_INVALID', 401, (error) => `Authorization token is invalid: ${error.message}`,
  ],
  authorizationTokenUntrusted: ['FST_JWT_AUTHORIZATION_TOKEN_UNTRUSTED', 401, 'Untrusted authorization token'],
  authorizationTokenUnsigned: ['FAST_JWT_MISSING_SIGNATURE', 401, 'Unsigned authorization token'],
};

/** Says why a token is invalid, in the words of fast-jwt where it has some for it. */
function reason(cause) {
  const { code = '', claim } = cause.inner ?? {};
  if (code.startsWith('signature_')) return 'The token signature is invalid.';
  if (code.startsWith('header_')) return 'The token header is not a valid base64url serialized JSON.';
  if (code.startsWith('typ_')) return 'The type is not the one that is wanted.';
  if (claim !== undefined && code.endsWith('_missing')) return `The ${claim} claim is required.`;
  if (claim !== undefined && code.endsWith('_mismatch')) return `The ${claim} claim value is not allowed.`;
  return cause.message;
}

/** Makes the errors, in the program's words. */
class Errors {
  constructor(messages = {}) {
    for (const name of Object.keys(messages)) {
      if (!Object.hasOwn(table, name)) throw new Error(`@fastify/jwt by libjot: messages has no ${name}`);
    }
    this.messages = {};
    for (const [name, [, , message]] of Object.entries(table)) this.messages[name] = messages[name] ?? message;
  }

  /** Returns the error of a message; `cause` is what was wrong with the token. */
  of(name, cause) {
    const [code, statusCode] = table[name];
    const message = this.messages[name];
    const told = typeof message === 'function' ? message({ message: reason(cause), cause }) : message;
    const error = new Error(told, cause && { cause });
    return Object.assign(error, { name: 'FastifyError', code, statusCode });
  }

  /** Returns the error of a token that was refused. */
  refused(cause) {
    if (cause instanceof TokenExpiredError) return this.of('authorizationTokenExpiredMessage', cause);
    if (cause.message === 'jwt signature is required') return this.of('authorizationTokenUnsigned', cause);
    return this.of('authorizationTokenInvalid', cause);
  }
}

module.exports = { Errors };
