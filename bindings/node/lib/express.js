'use strict';

const { Refusal, guardOf } = require('./bearer.js');

/** Returns middleware for Express that lets requests pass whose bearer token a verifier accepts. */
function guard(verifier, options = {}) {
  const { requestProperty = 'auth', ...rest } = options;
  const authenticated = guardOf(verifier, rest);
  return function libjot(request, response, next) {
    authenticated(request).then(
      (token) => {
        if (token !== undefined) {
          request[requestProperty] = token.claims;
          request.token = token;
        }
        next();
      },
      (error) => {
        if (error instanceof Refusal && error.challenge !== undefined) {
          response.setHeader('WWW-Authenticate', error.challenge);
        }
        next(error);
      },
    );
  };
}

/** Answers refusals. Errors of others are handed on. */
function refusals(error, request, response, next) {
  if (!(error instanceof Refusal) || response.headersSent) return next(error);
  response.status(error.status).type('text/plain').send(error.body);
}

module.exports = { Refusal, guard, refusals };
