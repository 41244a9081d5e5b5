import type { Claims, Code, Rejection, Token, Verifier } from './index.js';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request that does not pass. */
export declare class Refusal extends Error {
  /** The code of the token; `token_null` without one, and `token_repeated` with several. */
  readonly code: Code | 'token_repeated';
  /** The status of the response. */
  readonly status: number;
  /** The value of `WWW-Authenticate`; none where the server itself is at fault. */
  readonly challenge?: string;
  /** The text of the response: the code, unless nothing is to be described. */
  readonly body: string;
  readonly cause?: Rejection;
}

/** How a guard behaves. A member that is undefined or unknown throws. */
export interface GuardOptions {
  /** All of these must be in `scope` or `scp`. */
  scopes?: string | string[];
  /** Whether requests without a token are refused; true unless set. Bad tokens always are. */
  credentialsRequired?: boolean;
  /** Where in the request the claims go; `auth` unless set. */
  requestProperty?: string;
  /** Finds the token elsewhere than in `Authorization`. */
  getToken?: (request: any) => string | undefined | null | Promise<string | undefined | null>;
  /** Of challenges; `protected` unless set. */
  realm?: string;
  /** Whether challenges say what is wrong; true unless set. */
  describe?: boolean;
  /** The URL of the resource's metadata (RFC 9728). */
  resourceMetadata?: string;
}

/** What a request has that passed. */
export interface Authenticated<C = Claims> {
  auth: C;
  token: Token<C>;
}

type Next = (error?: unknown) => void;

/**
 * Returns middleware for Express that lets requests pass whose bearer token the verifier accepts. The
 * claims are `request.auth`, the token `request.token`. Refusals go to `next`.
 */
export declare function guard(
  verifier: Verifier,
  options?: GuardOptions,
): (request: IncomingMessage, response: ServerResponse, next: Next) => void;

/** Middleware that answers refusals as RFC 6750 says. */
export declare function refusals(
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  next: Next,
): void;
