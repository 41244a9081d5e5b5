import type { Claims, Token, Verifier } from './index.js';
import type { GuardOptions } from './express.js';

export { Refusal } from './express.js';

/** What requests have whose token passed. Without one, both are null. */
export interface Authenticated<C = Claims> {
  auth: C | null;
  token: Token<C> | null;
}

type Settings = Omit<GuardOptions, 'requestProperty'>;
type Hook = (request: any, reply: any) => Promise<unknown>;

/** What the plugin adds to the application. */
export interface Guarded {
  /** Makes a hook for `onRequest`, which lets requests pass whose bearer token is accepted. */
  guard(demands?: Settings): Hook;
}

/** The plugin. Its options are the verifier and what is common to all hooks. */
declare function libjot(fastify: any, options: Settings & { verifier: Verifier }): Promise<void>;
export default libjot;
