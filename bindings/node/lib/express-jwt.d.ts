import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Algorithm, Jwt, JwtPayload, PublicKey, Secret, VerifyOptions } from './jsonwebtoken.js';

/** A request that does not pass. */
export declare class UnauthorizedError extends Error {
  constructor(code: string, error: Error | { message: string });
  readonly status: 401;
  readonly code: string;
  /** The error of `libjot/jsonwebtoken`, where the token was refused. */
  readonly inner: Error | { message: string };
}

/** Returns the key of a token that is not verified yet. */
export type GetVerificationKey = (
  request: any,
  token: Jwt | undefined,
) => Secret | PublicKey | undefined | Promise<Secret | PublicKey | undefined>;
export type IsRevoked = (request: any, token: Jwt) => boolean | Promise<boolean>;
export type TokenGetter = (request: any) => string | null | undefined | Promise<string | null | undefined>;
export type ExpirationHandler = (request: any, error: UnauthorizedError) => void | Promise<void>;

export type Params = VerifyOptions & {
  secret: Secret | PublicKey | GetVerificationKey;
  algorithms: Algorithm[];
  /** Finds the token elsewhere than in `Authorization`. */
  getToken?: TokenGetter;
  isRevoked?: IsRevoked;
  /** Whether requests without a token are refused; true unless set. */
  credentialsRequired?: boolean;
  /** Where in the request the claims go; `auth` unless set. */
  requestProperty?: string;
  /** Lets expired tokens pass, unless it throws. */
  onExpired?: ExpirationHandler;
};

/** What a request has that passed. */
export type Request<T = JwtPayload> = { auth?: T };

type Next = (error?: unknown) => void;
type Path = string | RegExp | { url: string | RegExp; methods?: string[]; method?: string | string[] };

/** The requests that a middleware leaves out. */
export interface UnlessOptions {
  path?: Path | Path[];
  method?: string | string[];
  ext?: string | string[];
  custom?: (request: any) => boolean | Promise<boolean>;
  useOriginalUrl?: boolean;
}

export interface Middleware {
  (request: IncomingMessage, response: ServerResponse, next: Next): void;
  unless(options: UnlessOptions | ((request: any) => boolean | Promise<boolean>)): Middleware;
}

/** Returns middleware that lets requests pass whose token is accepted. */
export declare function expressjwt(options: Params): Middleware;
