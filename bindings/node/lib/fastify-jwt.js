'use strict';

// A plugin for programs that were written for the package @fastify/jwt.

const assert = require('node:assert');

const { bearerToken, values } = require('./bearer.js');
const { Errors } = require('./fastify-jwt/errors.js');
const { known, merged, ofDecode, ofSign, ofVerify, signing, verifying } = require('./fastify-jwt/options.js');
const { parts } = require('./jsonwebtoken/decode.js');
const { JsonWebTokenError } = require('./jsonwebtoken/errors.js');
const { compile } = require('./jsonwebtoken/rules.js');
const jsonwebtoken = require('./jsonwebtoken/sign.js');
const { verifyComplete } = require('./jsonwebtoken/verify.js');

const ofPlugin = new Set([
  'secret', 'sign', 'verify', 'decode', 'cookie', 'namespace', 'decoratorName', 'formatUser', 'trusted', 'messages',
  'jwtVerify', 'jwtDecode', 'jwtSign',
]);

/** Parts the secret into what signs and what verifies. */
function partedSecret(secret) {
  assert(secret, 'missing secret');
  const isPair = typeof secret === 'object' && !(secret instanceof Uint8Array) && secret.type === undefined;
  if (!isPair) return { private: secret, public: secret };
  if (!secret.public) throw new Error('missing public key');
  return { private: secret.private, public: secret.public };
}

const inParts = new Set(['decode', 'sign', 'verify']);

/** Tells whether a call has its options in parts, such as `verify` and `decode`. */
function parted(given, names) {
  const all = Object.keys(given ?? {});
  const isParted = all.some((name) => names.includes(name));
  if (isParted && !all.every((name) => inParts.has(name))) {
    throw new Error('The options must use either the flat or nested format, not both.');
  }
  return isParted;
}

/** Calls a function that gives its answer by a promise, or to the function that comes last. */
function answered(call, ...given) {
  return new Promise((resolve, reject) => {
    const answer = call(...given, (error, value) => (error ? reject(error) : resolve(value)));
    if (typeof answer?.then === 'function') answer.then(resolve, reject);
  });
}

/** What one registration of the plugin does. */
class Plugin {
  constructor(options) {
    known(options, ofPlugin, 'the plugin');
    for (const name of ['jwtVerify', 'jwtDecode', 'jwtSign']) {
      assert(!options[name] || typeof options[name] === 'string', `Invalid options.${name}`);
    }
    this.settings = options;
    this.secret = partedSecret(options.secret);
    this.errors = new Errors(options.messages);
    this.sign = known(options.sign ?? {}, ofSign, 'sign');
    this.verify = known(options.verify ?? {}, ofVerify, 'verify');
    this.decode = known(options.decode ?? {}, ofDecode, 'decode');
    const wantsPair = { R: 'RSA', E: 'ECDSA' }[/^[RE]S/.exec(this.sign.algorithm)?.[0][0]];
    if (wantsPair && (typeof options.secret === 'string' || options.secret instanceof Uint8Array)) {
      throw new Error(
        `${wantsPair} Signatures set as Algorithm in the options require a private and public key to be set as the secret`,
      );
    }
    // What is wrong with the options is told when the server starts.
    const { options: rules, more } = verifying(this.verify);
    compile(rules, more);
  }

  /** Returns a token that is not verified. */
  read(token, options = this.decode) {
    assert(token, 'missing token');
    const { complete, checkTyp } = known(options, ofDecode, 'decode');
    const text = String(token);
    const found = parts(text);
    const refused = (message) => this.errors.refused(new JsonWebTokenError(message));
    if (found === null) throw refused('The token header is not a valid base64url serialized JSON.');
    if (checkTyp !== undefined && found.header.typ !== checkTyp) throw refused(`The type must be "${checkTyp}".`);
    return complete ? { ...found.all, input: text.slice(0, text.lastIndexOf('.')) } : found.payload;
  }

  /** Returns the claims of a token, or throws an error of `libjot/jsonwebtoken`. */
  check(token, key, options) {
    assert(token, 'missing token');
    const text = String(token);
    const { options: rules, more } = verifying(options, key);
    const found = verifyComplete(text, key, rules, more);
    return options.complete ? { ...found, input: text.slice(0, text.lastIndexOf('.')) } : found.payload;
  }

  /** Signs claims. */
  issue(payload, key, given) {
    assert(payload, 'missing payload');
    const made = signing(payload, given, key);
    return jsonwebtoken.sign(made.payload, key, made.options);
  }

  /** Throws if this registration only verifies. */
  mustSign(given) {
    const key = this.secret.private ?? this.sign.key ?? given?.key ?? given?.sign?.key;
    assert(key, 'unable to sign: secret is configured in verify mode');
  }

  /** Finds the token of a request, where these options of `verify` say. */
  tokenOf(request, options) {
    assert(request, 'missing request');
    const { extractToken, onlyCookie } = merged(this.verify, options);
    if (extractToken) {
      const token = extractToken(request);
      if (!token) throw this.errors.of('badRequestErrorMessage');
      return token;
    }
    if (!onlyCookie) {
      const found = bearerToken(request.raw ?? request);
      if (found && !found.includes(' ')) return found;
      const [given] = values(request.raw ?? request, 'authorization');
      if (found === false || /^Bearer\s/i.test(given ?? '')) throw this.errors.of('badRequestErrorMessage');
    }
    if (this.settings.cookie) return this.ofCookie(request);
    throw this.errors.of('noAuthorizationInHeaderMessage');
  }

  ofCookie(request) {
    const { cookieName, signed } = this.settings.cookie;
    if (!request.cookies) throw this.errors.of('badCookieRequestErrorMessage');
    const found = request.cookies[cookieName];
    if (!found) throw this.errors.of('noAuthorizationInCookieMessage');
    if (!signed) return found;
    const { valid, value } = request.unsignCookie(found);
    if (!valid) throw this.errors.of('noAuthorizationInCookieMessage');
    return value;
  }

  async requestDecode(request, given) {
    const token = this.tokenOf(request, given?.verify);
    return this.read(token, merged(this.decode, given?.decode));
  }

  async requestVerify(request, given) {
    const isParted = parted(given, ['decode', 'verify']);
    const options = known(merged(this.verify, isParted ? given.verify : given), ofVerify, 'verify');
    const token = this.tokenOf(request, options);
    const unverified = this.read(token, merged(this.decode, isParted ? given.decode : undefined));
    const secret = options.key ?? this.secret.public;
    const key = typeof secret === 'function' ? await answered(secret, request, unverified) : secret;
    let claims;
    try {
      claims = this.check(token, key, options);
    } catch (error) {
      throw error instanceof JsonWebTokenError ? this.errors.refused(error) : error;
    }
    if (this.settings.trusted && !(await this.settings.trusted(request, claims))) {
      throw this.errors.of('authorizationTokenUntrusted');
    }
    return this.settings.formatUser ? this.settings.formatUser(claims) : claims;
  }

  async replySign(reply, payload, given) {
    if (!payload) throw new Error('jwtSign requires a payload');
    const own = parted(given, ['sign']) ? given.sign : given;
    const options = known(merged(this.sign, own), ofSign, 'sign');
    const secret = options.key ?? this.secret.private;
    const key = typeof secret === 'function' ? await answered(secret, reply.request, payload) : secret;
    return this.issue(payload, key, options);
  }

  /** What programs call at `fastify.jwt`. */
  get decorator() {
    const { decoratorName = 'user', cookie } = this.settings;
    const byCallback = (work) => (first, given, last) => {
      const callback = typeof given === 'function' ? given : last;
      const answer = work(first, typeof given === 'function' ? undefined : given);
      return typeof callback === 'function' ? callback(null, answer) : answer;
    };
    const fixed = (key) => {
      if (typeof key === 'function') throw new Error('the secret is a function, which wants a request');
      return key;
    };
    return {
      options: {
        decode: this.decode, sign: this.sign, verify: this.verify, messages: this.errors.messages, decoratorName,
      },
      cookie,
      decode: (token, options) => this.read(token, options),
      sign: byCallback((payload, own) => {
        this.mustSign(own);
        const options = known(merged(this.sign, own), ofSign, 'sign');
        return this.issue(payload, fixed(options.key ?? this.secret.private), options);
      }),
      verify: byCallback((token, own) => {
        const options = known(merged(this.verify, own), ofVerify, 'verify');
        return this.check(token, fixed(options.key ?? this.secret.public), options);
      }),
      lookupToken: (request, options) => this.tokenOf(request, options),
    };
  }
}

/** Makes a method that answers by a promise, or to the function that comes last. */
function method(work) {
  return function called(...given) {
    const callback = typeof given.at(-1) === 'function' ? given.pop() : undefined;
    const answer = work(this, ...given);
    if (callback === undefined) return answer;
    // What the function throws is its own fault, and no rejection.
    answer.then((value) => process.nextTick(callback, null, value), (error) => process.nextTick(callback, error));
    return undefined;
  };
}

/** The plugin. */
async function fastifyJwt(fastify, options) {
  const plugin = new Plugin(options);
  const { namespace, decoratorName = 'user', jwtDecode, jwtVerify, jwtSign } = options;
  if (namespace === undefined) {
    fastify.decorateRequest(decoratorName, null);
    fastify.decorate('jwt', plugin.decorator);
  } else {
    if (!fastify.jwt) {
      fastify.decorateRequest(decoratorName, null);
      fastify.decorate('jwt', Object.create(null));
    }
    if (fastify.jwt[namespace]) throw new Error(`JWT namespace already used "${namespace}"`);
    fastify.jwt[namespace] = plugin.decorator;
  }
  const name = (own, usual) => (namespace === undefined ? `jwt${usual}` : (own ?? `${namespace}Jwt${usual}`));
  const read = method((request, ...given) => plugin.requestDecode(request, ...given));
  fastify.decorateRequest(name(jwtDecode, 'Decode'), read);
  fastify.decorateRequest(
    name(jwtVerify, 'Verify'),
    method(async (request, ...given) => (request[decoratorName] = await plugin.requestVerify(request, ...given))),
  );
  const sign = method((reply, ...given) => {
    // It is thrown at once, because the program is wrong, and not the payload.
    plugin.mustSign(given[1]);
    return plugin.replySign(reply, ...given);
  });
  fastify.decorateReply(name(jwtSign, 'Sign'), sign);
}

// Fastify's signs that a plugin is for the whole application, and which plugin others may ask for.
fastifyJwt[Symbol.for('skip-override')] = true;
fastifyJwt[Symbol.for('fastify.display-name')] = '@fastify/jwt';
fastifyJwt[Symbol.for('plugin-meta')] = { name: '@fastify/jwt', fastify: '5.x' };

module.exports = fastifyJwt;
module.exports.default = fastifyJwt;
module.exports.fastifyJwt = fastifyJwt;
