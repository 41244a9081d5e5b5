'use strict';

// One application that says whose request it is: node server.js FRAMEWORK GUARD, forked by frameworks.js,
// which sends the key as a JWK and then asks for the processor time.

const crypto = require('node:crypto');

const jot = require('../lib/index.js');
const { aud, claims, iss } = require('./common.js');

const [framework, guard] = process.argv.slice(2);
const more = { jot: {}, accelerated: { backend: 'accelerated' }, cached: { cache: 1000 } };
const nobody = claims(0).sub;

function verifierOf(jwk) {
  const keys = jot.Signer.from(jwk).verifyingKeys;
  return new jot.Verifier({ algorithms: ['RS256'], audience: aud, issuer: iss, keys, ...more[guard] });
}

function pemsOf(jwk) {
  const key = crypto.createPrivateKey({ key: jwk, format: 'jwk' });
  return {
    private: key.export({ type: 'pkcs8', format: 'pem' }),
    public: crypto.createPublicKey(key).export({ type: 'spki', format: 'pem' }),
  };
}

async function express(jwk) {
  const app = require('express')();
  const answer = (request, response) => response.send(request.auth.sub);
  if (guard === 'none') {
    app.get('/', (request, response) => response.send(nobody));
  } else if (guard in more) {
    const { guard: guarded, refusals } = require('../lib/express.js');
    app.get('/', guarded(verifierOf(jwk)), answer);
    app.use(refusals);
  } else {
    const { expressjwt } = require(guard === 'peer' ? 'express-jwt' : '../lib/express-jwt.js');
    const settings = { algorithms: ['RS256'], audience: aud, issuer: iss };
    app.get('/', expressjwt({ secret: pemsOf(jwk).public, ...settings }), answer);
    app.use((error, request, response, next) => {
      if (error.name !== 'UnauthorizedError') return next(error);
      return response.status(401).send(error.code);
    });
  }
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return server.address().port;
}

async function fastify(jwk) {
  const app = require('fastify')();
  if (guard === 'none') {
    app.get('/', async () => nobody);
  } else if (guard in more) {
    await app.register(require('../lib/fastify.js'), { verifier: verifierOf(jwk) });
    app.get('/', { onRequest: app.guard() }, async (request) => request.auth.sub);
  } else {
    const verify = { algorithms: ['RS256'], allowedAud: aud, allowedIss: iss };
    if (guard === 'peer, cached') verify.cache = 1000;
    const plugin = require(guard === 'stand-in' ? '../lib/fastify-jwt.js' : '@fastify/jwt');
    await app.register(plugin, { secret: pemsOf(jwk), sign: { algorithm: 'RS256' }, verify });
    app.get('/', { onRequest: (request) => request.jwtVerify() }, async (request) => request.user.sub);
  }
  await app.listen({ port: 0, host: '127.0.0.1' });
  return app.server.address().port;
}

process.once('message', async (jwk) => {
  process.send(await { express, fastify }[framework](jwk));
  process.on('message', () => process.send(process.cpuUsage()));
});
process.on('disconnect', () => process.exit());
