// Compiled, and never run: the types say what the package has.

import { Batch, Fetcher, KeySet, Rejection, Signer, Verifier, codes } from 'libjot';
import type { Code } from 'libjot';
import { guard } from 'libjot/express';

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
