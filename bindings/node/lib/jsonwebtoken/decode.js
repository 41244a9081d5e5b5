'use strict';

const shape = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** Reads a JSON text that is an object or an array, and returns any other as it is. */
function objectOr(text) {
  try {
    const value = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // It is a text of its own.
  }
  return text;
}

/** Returns header, payload and signature of a token that nobody verified; null if it is none. */
function parts(token) {
  if (!shape.test(token)) return null;
  const [header, payload, signature] = token.split('.');
  let read;
  try {
    read = JSON.parse(Buffer.from(header, 'base64url').toString());
  } catch {
    return null;
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return null;
  return { header: read, payload: objectOr(Buffer.from(payload, 'base64url').toString()), signature };
}

/** Reads a token without verifying it: anybody may have written it. */
function decode(token, options) {
  if (typeof token !== 'string' && !Buffer.isBuffer(token)) return null;
  const found = parts(String(token));
  if (found === null) return null;
  return options?.complete === true ? found : found.payload;
}

module.exports = { decode, objectOr, parts };
