'use strict';

const told = new Set();

/** Warns of something once in a process. */
function warnOnce(code, message) {
  if (told.has(message)) return;
  told.add(message);
  process.emitWarning(`libjot/jsonwebtoken: ${message}`, { code });
}

module.exports = { warnOnce };
