'use strict';

// `sign`, `verify` and `decode` for programs that were written for the package jsonwebtoken. Signatures,
// keys and dates are the engine's to decide; what is here is the manner of that package.

const { JsonWebTokenError, NotBeforeError, TokenExpiredError } = require('./jsonwebtoken/errors.js');
const { decode } = require('./jsonwebtoken/decode.js');
const { sign } = require('./jsonwebtoken/sign.js');
const { verify } = require('./jsonwebtoken/verify.js');

module.exports = { decode, verify, sign, JsonWebTokenError, NotBeforeError, TokenExpiredError };
