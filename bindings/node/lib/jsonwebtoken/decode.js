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

/** A token in its parts, which nobody verified. The payload is read when it is asked for. */
class Parts {
  #payload;
  #read;

  constructor(header, payload, signature) {
    this.header = header;
    this.#payload = payload;
    this.signature = signature;
  }

  get payload() {
    return (this.#read ??= objectOr(Buffer.from(this.#payload, 'base64url').toString()));
  }

  /** Returns the plain object that callers get. */
  get all() {
    return { header: this.header, payload: this.payload, signature: this.signature };
  }
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
  return new Parts(read, payload, signature);
}

/** Reads a token without verifying it: anybody may have written it. */
function decode(token, options) {
  if (typeof token !== 'string' && !Buffer.isBuffer(token)) return null;
  const found = parts(String(token));
  if (found === null) return null;
  return options?.complete === true ? found.all : found.payload;
}

module.exports = { decode, objectOr, parts };
