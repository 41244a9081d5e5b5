'use strict';

const { JotError } = require('./errors.js');

/**
 * Writes options as JSON. A member that is undefined, null or no number comes from a variable that
 * was never set: JSON would leave it out, and the rule with it.
 */
function written(options, what) {
  return JSON.stringify(options, (name, value) => {
    const isUnset =
      value === undefined || value === null || typeof value === 'function' || typeof value === 'symbol';
    if (isUnset || (typeof value === 'number' && !Number.isFinite(value))) {
      throw JotError.of('policy_invalid', name, `${what}: ${name} is ${String(value)}`);
    }
    return value;
  });
}

/** Parts some members from the rest. */
function parted(options, names) {
  const rest = { ...options };
  const taken = {};
  for (const name of names) {
    if (name in rest) {
      if (rest[name] === undefined || rest[name] === null) {
        throw JotError.of('policy_invalid', name, `options: ${name} is ${rest[name]}`);
      }
      taken[name] = rest[name];
      delete rest[name];
    }
  }
  return { taken, rest };
}

/** Returns options of which none is unknown or unset. */
function allowed(options, names) {
  const { taken, rest } = parted(options, names);
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw JotError.of('policy_invalid', unknown, `options: there is no ${unknown}`);
  return taken;
}

module.exports = { allowed, parted, written };
