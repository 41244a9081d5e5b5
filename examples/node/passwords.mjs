// Hashes of passwords, by scrypt (RFC 7914). The parameters stand in each hash, so they can be raised
// later without locking anybody out.
import { randomBytes, scrypt as byCallback, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const scrypt = promisify(byCallback);

/** 32 MiB and some 100 ms for each guess, on one core. */
const usual = { N: 2 ** 15, r: 8, p: 3 };
const length = 32;

async function derive(password, salt, { N, r, p }) {
  return scrypt(password.normalize('NFKC'), salt, length, { N, r, p, maxmem: 256 * N * r });
}

export async function hashOf(password) {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, usual);
  return ['scrypt', usual.N, usual.r, usual.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** What nobody's password has: a login of a name that does not exist takes as long as any other. */
const nobodys = await hashOf(randomBytes(32).toString('base64url'));

export async function isPassword(password, hash = nobodys) {
  const [, N, r, p, salt, wanted] = hash.split('$');
  const parameters = { N: Number(N), r: Number(r), p: Number(p) };
  const found = await derive(password, Buffer.from(salt, 'base64url'), parameters);
  return timingSafeEqual(found, Buffer.from(wanted, 'base64url')) && hash !== nobodys;
}
