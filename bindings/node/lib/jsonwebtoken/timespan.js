'use strict';

const second = 1000;
const day = 24 * 60 * 60 * second;

/** The milliseconds of each unit, by its names. */
const units = new Map();
for (const [milliseconds, names] of [
  [1, ['', 'ms', 'msec', 'msecs', 'millisecond', 'milliseconds']],
  [second, ['s', 'sec', 'secs', 'second', 'seconds']],
  [60 * second, ['m', 'min', 'mins', 'minute', 'minutes']],
  [3600 * second, ['h', 'hr', 'hrs', 'hour', 'hours']],
  [day, ['d', 'day', 'days']],
  [7 * day, ['w', 'week', 'weeks']],
  [365.25 * day, ['y', 'yr', 'yrs', 'year', 'years']],
]) {
  for (const name of names) units.set(name, milliseconds);
}

/**
 * Returns the seconds of a time span: a number of them, or a text such as `2 days`, `10h` or `120`, which
 * without a unit is milliseconds. Undefined if it is neither.
 */
function seconds(span) {
  if (typeof span === 'number') return Number.isFinite(span) ? span : undefined;
  if (typeof span !== 'string' || span.length > 100) return undefined;
  const [, amount, unit] = /^(-?(?:\d+(?:\.\d+)?|\.\d+)) *([a-z]*)$/i.exec(span) ?? [];
  const milliseconds = units.get(unit?.toLowerCase());
  return milliseconds === undefined ? undefined : (Number(amount) * milliseconds) / 1000;
}

module.exports = { seconds };
