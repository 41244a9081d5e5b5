'use strict';

// The options of `verify`: what of them the engine judges, and the patterns that only JavaScript has.

const { JsonWebTokenError } = require('./errors.js');
const { seconds } = require('./timespan.js');
const { warnOnce } = require('./warnings.js');
const { expected } = require('./words.js');

const known = new Set([
  'algorithms', 'audience', 'complete', 'issuer', 'jwtid', 'ignoreExpiration', 'ignoreNotBefore', 'subject',
  'clockTolerance', 'maxAge', 'clockTimestamp', 'nonce', 'allowInvalidAsymmetricKeyTypes',
]);

const fault = (message) => new JsonWebTokenError(message);
const isText = (value) => typeof value === 'string' && value !== '';
const isUnset = (value) => value === undefined || value === null;

function must(options, name, isGood, what) {
  const value = options[name];
  if (isUnset(value)) return undefined;
  if (!isGood(value)) throw fault(`${name} must be ${what}`);
  return value;
}

/** Returns the seconds that a token may be old, or throws. */
function maxAge(span) {
  if (isUnset(span)) return undefined;
  const age = seconds(span);
  if (age === undefined) {
    throw fault('"maxAge" should be a number of seconds or string representing a timespan eg: "1d", "20h", 60');
  }
  // The date of a text is rounded down, as jsonwebtoken does it.
  const whole = typeof span === 'string' ? Math.floor(age) : age;
  if (whole <= 0) throw fault('"maxAge" should be more than 0 seconds');
  return whole;
}

function now(options) {
  const { clockTimestamp } = options;
  if (clockTimestamp && typeof clockTimestamp !== 'number') throw fault('clockTimestamp must be a number');
  return clockTimestamp || Math.floor(Date.now() / 1000);
}

const listOf = (value) => (Array.isArray(value) ? value : [value]);

/** Returns the texts that a claim is compared with; undefined if there are none, or if one is a pattern. */
function texts(options, name, mayBePattern) {
  if (isUnset(options[name])) return undefined;
  const list = listOf(options[name]);
  if (list.every(isText)) return list;
  const isOne = (value) => isText(value) || (mayBePattern && value instanceof RegExp);
  if (!list.every(isOne)) {
    throw fault(`${name} must be a string${mayBePattern ? ', a RegExp' : ''} or an array of them`);
  }
  return undefined;
}

/** Returns the demands of a call; undefined if there are none. */
function demandOf(options) {
  let demand;
  const add = (name, value) => {
    if (value !== undefined) (demand ??= {})[name] = value;
  };
  add('audiences', texts(options, 'audience', true));
  add('issuers', texts(options, 'issuer', false));
  add('subject', must(options, 'subject', isText, 'a non-empty string'));
  add('jwtId', must(options, 'jwtid', isText, 'a non-empty string'));
  add('nonce', must(options, 'nonce', (value) => isText(value) && value.trim() !== '', 'a non-empty string'));
  add('ignoreExpiration', options.ignoreExpiration || undefined);
  add('ignoreNotBefore', options.ignoreNotBefore || undefined);
  return demand;
}

/**
 * Returns what a call asks for: `policy` for the verifier, which `name` tells, and `demand` of this call.
 * `more` are rules of the engine that jsonwebtoken has no options for.
 */
function compile(options, more = {}) {
  for (const name of Object.keys(options)) {
    if (!known.has(name)) warnOnce('JOT_UNKNOWN_OPTION', `verify has no option ${name}, so it checks nothing`);
  }
  for (const name of ['ignoreExpiration', 'ignoreNotBefore', 'allowInvalidAsymmetricKeyTypes']) {
    must(options, name, (value) => typeof value === 'boolean', 'a boolean');
  }
  if (options.nonce === null) throw fault('nonce must be a non-empty string');
  const isSeconds = (value) => typeof value === 'number' && value >= 0 && value < 2 ** 32;
  const leeway = Math.floor(must(options, 'clockTolerance', isSeconds, 'a number of seconds') ?? 0);
  const age = maxAge(options.maxAge);
  const policy = { ...more };
  if (leeway > 0) policy.leeway = leeway;
  // jsonwebtoken refuses a token in the second in which it is as old as that, and the engine a second later.
  if (age !== undefined) policy.maxAge = Math.min(Math.ceil(age) - 1, 2 ** 32 - 1);
  return { now: now(options), policy, name: JSON.stringify(policy), demand: demandOf(options), maxAge: age };
}

/** Compares the audience with patterns. */
function ofClaims(claims, options) {
  if (isUnset(options.audience)) return;
  const patterns = listOf(options.audience);
  if (!patterns.some((one) => one instanceof RegExp)) return;
  const isMeant = (audience) =>
    patterns.some((one) => {
      if (typeof one === 'string') return one === audience;
      // A pattern that is global or sticky would go on where it stopped in the last token.
      one.lastIndex = 0;
      return one.test(audience);
    });
  const audiences = claims.aud === undefined ? [] : listOf(claims.aud);
  if (!audiences.some(isMeant)) throw fault(expected('aud', options));
}

module.exports = { compile, ofClaims };
