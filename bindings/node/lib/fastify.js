'use strict';

const { Refusal, guardOf } = require('./bearer.js');

/** A plugin for Fastify: `fastify.guard({ scopes })` makes a hook for routes. */
async function libjot(fastify, options) {
  const { verifier, ...rest } = options;
  guardOf(verifier, rest);
  fastify.decorateRequest('token', null);
  fastify.decorateRequest('auth', null);
  fastify.decorate('guard', (demands = {}) => {
    const authenticated = guardOf(verifier, { ...rest, ...demands });
    return async function guarded(request, reply) {
      let token;
      try {
        token = await authenticated(request.raw);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        if (error.challenge !== undefined) reply.header('WWW-Authenticate', error.challenge);
        return reply.code(error.status).type('text/plain').send(error.body);
      }
      request.token = token ?? null;
      request.auth = token?.claims ?? null;
    };
  });
}

// Fastify's sign that a plugin is for the whole application, and not for a part of its own.
libjot[Symbol.for('skip-override')] = true;

module.exports = libjot;
module.exports.default = libjot;
module.exports.Refusal = Refusal;
