'use strict';

// Middleware for programs that were written for the package express-jwt.

const { bearerToken, values } = require('./bearer.js');
const { parts } = require('./jsonwebtoken/decode.js');
const { TokenExpiredError } = require('./jsonwebtoken/errors.js');
const { compile } = require('./jsonwebtoken/rules.js');
const { verifyComplete } = require('./jsonwebtoken/verify.js');
const { unlessOf } = require('./express-unless.js');

const format = { message: 'Format is Authorization: Bearer [token]' };

/** A request that does not pass. */
class UnauthorizedError extends Error {
  constructor(code, error) {
    super(error.message);
    this.code = code;
    this.status = 401;
    this.name = 'UnauthorizedError';
    this.inner = error;
  }
}

/** Returns the token of a request; undefined if it has none. */
function tokenOf(request, credentialsRequired) {
  const found = bearerToken(request);
  if (found === false) throw new UnauthorizedError('credentials_bad_format', { message: 'several tokens were sent' });
  if (found && !found.includes(' ')) return found;
  const [given] = values(request, 'authorization');
  if (!given) return undefined;
  if (found !== undefined || given.split(' ').length !== 2) throw new UnauthorizedError('credentials_bad_format', format);
  if (credentialsRequired) throw new UnauthorizedError('credentials_bad_scheme', format);
  return undefined;
}

/** A browser asks beforehand whether it may send a token, and sends none then. */
function isPreflight(request) {
  const names = request.headers?.['access-control-request-headers'];
  if (request.method !== 'OPTIONS' || names === undefined) return false;
  return names.split(',').some((name) => name.trim().toLowerCase() === 'authorization');
}

/** Sets a property, of an object in the request if its name has dots. */
function set(object, name, value) {
  const path = name.split('.');
  const last = path.pop();
  let at = object;
  for (const step of path) at = at[step] ??= {};
  at[last] = value;
}

/** Verifies the token, and again without its age if the program forgives that. */
async function verified(request, token, key, rules, onExpired) {
  try {
    return verifyComplete(token, key, rules);
  } catch (error) {
    const refused = new UnauthorizedError('invalid_token', error);
    if (!(error instanceof TokenExpiredError) || typeof onExpired !== 'function') throw refused;
    await onExpired(request, refused);
  }
  try {
    const { maxAge, ...rest } = rules;
    return verifyComplete(token, key, { ...rest, ignoreExpiration: true });
  } catch (error) {
    throw new UnauthorizedError('invalid_token', error);
  }
}

/** Returns middleware that lets requests pass whose token is accepted. */
function expressjwt(options) {
  if (!options?.secret) throw new RangeError('express-jwt: `secret` is a required option');
  if (!options.algorithms) throw new RangeError('express-jwt: `algorithms` is a required option');
  if (!Array.isArray(options.algorithms)) throw new RangeError('express-jwt: `algorithms` must be an array');
  const { secret, getToken, isRevoked, onExpired, credentialsRequired = true, requestProperty = 'auth', ...rules } = options;
  // What is wrong with the options is told when the server starts.
  compile(rules);

  async function authenticate(request) {
    if (isPreflight(request)) return;
    const token = getToken ? await getToken(request) : tokenOf(request, credentialsRequired);
    if (!token) {
      if (!credentialsRequired) return;
      throw new UnauthorizedError('credentials_required', { message: 'No authorization token was found' });
    }
    const unverified = typeof token === 'string' ? parts(token)?.all : undefined;
    const key = typeof secret === 'function' ? await secret(request, unverified) : secret;
    const found = await verified(request, token, key, rules, onExpired);
    if (isRevoked !== undefined && (await isRevoked(request, found))) {
      throw new UnauthorizedError('revoked_token', { message: 'The token has been revoked.' });
    }
    set(request, requestProperty, found.payload);
  }

  function middleware(request, response, next) {
    authenticate(request).then(
      () => setImmediate(next),
      (error) => setImmediate(next, error),
    );
  }
  middleware.unless = unlessOf(middleware);
  return middleware;
}

module.exports = { UnauthorizedError, expressjwt };
