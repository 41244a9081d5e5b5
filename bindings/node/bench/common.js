'use strict';

// What is measured with: tokens, good and bad, and medians.

const iss = 'https://issuer.example';
const aud = 'https://api.example';
const algorithms = ['RS256', 'ES256', 'EdDSA', 'HS256'];

function claims(at) {
  return {
    iss, aud, sub: `alice-${at}`, exp: 4102444800, iat: 1700000000, jti: `7f3a-${at}`, scope: 'read write',
    client_id: 'web', roles: ['admin', 'billing'], name: 'Alice Example', email: 'alice@example.com',
  };
}

/** Returns tokens that nobody may accept: a forged one, one that expired, one for somebody else. */
function bad(signer, good) {
  const forged = good.slice(0, -8) + (good.endsWith('AAAAAAAA') ? 'BBBBBBBB' : 'AAAAAAAA');
  return [forged, signer.sign({ ...claims(0), exp: 1 }), signer.sign({ ...claims(0), aud: 'x' })];
}

/** Returns the microseconds of processor time between two answers of `process.cpuUsage`. */
function used(begin, end) {
  return end.user - begin.user + (end.system - begin.system);
}

/** Returns the median; undefined of none. */
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

module.exports = { algorithms, aud, bad, claims, iss, median, used };
