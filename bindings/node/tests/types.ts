// Compiled, and never run: the types say what the package has.

import {
  Batch, Fetcher, KeySet, Rejection, Revocations, SelfSignedVerifier, Signer, Verifier, codes,
} from 'libjot';
import type { Code } from 'libjot';
import { guard } from 'libjot/express';
import { expressjwt, type Request as Authorized } from 'libjot/express-jwt';
import fastifyJwt, { type JWT, type JWTReply, type JWTRequest } from 'libjot/fastify-jwt';
import * as jwt from 'libjot/jsonwebtoken';

interface User {
  sub: string;
  role: 'admin' | 'user';
}

export async function all(jwks: string, token: string): Promise<void> {
  const verifier = new Verifier({ algorithms: ['ES256'], audience: 'api', keys: KeySet.from(jwks), leeway: 5 });
  const role: 'admin' | 'user' = verifier.verify<User>(token).claims.role;
  const code: Code = verifier.check(token, { scopes: ['read'] });
  if (code === 'expired') codes.get(code)?.httpStatus.toFixed();
  const verdicts = await new Batch({ threads: 1 }).verify(verifier, [token, null]);
  verdicts.codes.fill(0);
  const remote = new Fetcher().discover('https://issuer.example');
  await remote.wait(100);
  new Verifier({ algorithms: ['RS256'], anyAudience: true, issuers: { 'https://issuer.example': remote } });
  guard(verifier, { scopes: role });
  Signer.generate('EdDSA').sign({ sub: 'alice' }, { typ: null });
  try {
    verifier.verify(token);
  } catch (error) {
    if (error instanceof Rejection) error.detail.trim();
  }
  // @ts-expect-error: there is no such algorithm.
  new Verifier({ algorithms: ['none'], audience: 'api' });
  // @ts-expect-error: there is no such code.
  if (code === 'expierd') return;
}

export async function standIns(jwks: string, request: JWTRequest & Authorized, reply: JWTReply, decorated: JWT): Promise<void> {
  const options: jwt.SignOptions = { algorithm: 'RS256', expiresIn: '1h', keyid: 'k' };
  const token: string = jwt.sign({ sub: 'alice' }, jwks, options);
  const claims: jwt.JwtPayload | string = jwt.verify(token, jwks, { algorithms: ['RS256'], audience: /^a/ });
  if (typeof claims !== 'string') claims.exp?.toFixed();
  const whole: jwt.Jwt = jwt.verify(token, jwks, { complete: true });
  whole.header.kid?.trim();
  const find: jwt.GetPublicKeyOrSecret = (header, callback) => callback(null, header.kid);
  jwt.verify(token, find, {}, (error, decoded) => {
    if (error instanceof jwt.TokenExpiredError) error.expiredAt.getTime();
    if (decoded === undefined) error?.inner?.message.trim();
  });
  jwt.decode(token, { complete: true })?.signature.trim();
  expressjwt({ secret: find.name, algorithms: ['HS256'], issuer: 'i', isRevoked: async (_, found) => found.signature === '' }).unless({ path: ['/'] });
  request.auth?.sub?.trim();
  const plugin: (fastify: unknown, options: { secret: string; sign: { expiresIn: string } }) => Promise<void> = fastifyJwt;
  plugin.name.trim();
  (await request.jwtVerify({ allowedAud: 'a' })).sub?.trim();
  (await reply.jwtSign({ a: 1 }, { expiresIn: 60 })).trim();
  decorated.sign({ a: 1 }).trim();
  // @ts-expect-error: a RegExp of issuers is compared with nothing.
  jwt.verify(token, jwks, { issuer: /a/ });
}

export function others(verifier: Verifier, proof: string): void {
  const revoked = new Revocations({ limit: 10 });
  revoked.revokeSession('a', 5n);
  verifier.setRevocations(revoked);
  verifier.verify(proof, { subject: 'alice', nonce: 'n', jwtId: 'j' });
  const proofs = new SelfSignedVerifier({ algorithms: ['ES256'], typ: 'dpop+jwt' });
  proofs.verify(proof, { maxAge: 60, leeway: 5 }).thumbprint.trim();
  // @ts-expect-error: how old a proof may be must be said.
  proofs.verify(proof);
}
