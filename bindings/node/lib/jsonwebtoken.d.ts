import type { Algorithm as Name } from './index.js';
import type { KeyObject, KeyLike, PublicKeyInput, PrivateKeyInput, JsonWebKeyInput } from 'node:crypto';

// The names are those of @types/jsonwebtoken.

export type Algorithm = Name;

/** A token that is not accepted. */
export declare class JsonWebTokenError extends Error {
  constructor(message: string, error?: Error);
  /** The engine's `Rejection` or `JotError`, where there is one. It is not enumerable. */
  inner?: Error;
}

/** A token that was valid once. */
export declare class TokenExpiredError extends JsonWebTokenError {
  constructor(message: string, expiredAt: Date, error?: Error);
  expiredAt: Date;
}

/** A token that is not valid yet. */
export declare class NotBeforeError extends JsonWebTokenError {
  constructor(message: string, date: Date, error?: Error);
  date: Date;
}

export type VerifyErrors = JsonWebTokenError | NotBeforeError | TokenExpiredError;

export interface JwtHeader {
  alg: string | Algorithm;
  typ?: string;
  kid?: string;
  [name: string]: unknown;
}

export interface JwtPayload {
  iss?: string;
  sub?: string;
  aud?: string | string[];
  exp?: number;
  nbf?: number;
  iat?: number;
  jti?: string;
  [name: string]: any;
}

export interface Jwt {
  header: JwtHeader;
  payload: JwtPayload | string;
  signature: string;
}

export interface JwtWithPayload extends Jwt {
  payload: JwtPayload;
}

/** Seconds, or a text such as `2 days` or `10h`; a text without a unit is milliseconds. */
export type TimeSpan = number | string;

export interface SignOptions {
  /** `HS256` unless set. */
  algorithm?: Algorithm;
  keyid?: string;
  expiresIn?: TimeSpan;
  notBefore?: TimeSpan;
  audience?: string | string[];
  subject?: string;
  issuer?: string;
  jwtid?: string;
  /** Changes the payload that was handed over. */
  mutatePayload?: boolean;
  noTimestamp?: boolean;
  header?: Partial<JwtHeader>;
  encoding?: string;
  /** Allows keys of RSA of 1024 bits and more, for RS256 and RS512. */
  allowInsecureKeySizes?: boolean;
  /** Has no effect. */
  allowInvalidAsymmetricKeyTypes?: boolean;
}

export interface VerifyOptions {
  algorithms?: Algorithm[];
  audience?: string | RegExp | [string | RegExp, ...(string | RegExp)[]];
  clockTimestamp?: number;
  clockTolerance?: number;
  complete?: boolean;
  issuer?: string | [string, ...string[]];
  ignoreExpiration?: boolean;
  ignoreNotBefore?: boolean;
  jwtid?: string;
  nonce?: string;
  subject?: string;
  maxAge?: TimeSpan;
  /** Has no effect. */
  allowInvalidAsymmetricKeyTypes?: boolean;
}

export interface DecodeOptions {
  complete?: boolean;
  json?: boolean;
}

export type Secret = KeyLike | { key: string | Buffer; passphrase: string };
export type PublicKey = KeyLike | PublicKeyInput | JsonWebKeyInput;
export type PrivateKey = KeyLike | PrivateKeyInput | JsonWebKeyInput;

export type SignCallback = (error: Error | null, encoded?: string) => void;
export type VerifyCallback<T = Jwt | JwtPayload | string> = (error: VerifyErrors | null, decoded?: T) => void;
export type SigningKeyCallback = (error: Error | null, signingKey?: Secret | PublicKey) => void;
export type GetPublicKeyOrSecret = (header: JwtHeader, callback: SigningKeyCallback) => void;

type Payload = string | Buffer | object;

/** Signs a payload. */
export declare function sign(payload: Payload, key: Secret | PrivateKey, options?: SignOptions): string;
export declare function sign(payload: Payload, key: Secret | PrivateKey, callback: SignCallback): void;
export declare function sign(
  payload: Payload,
  key: Secret | PrivateKey,
  options: SignOptions,
  callback: SignCallback,
): void;

/** Verifies a token, and returns its payload. */
export declare function verify(token: string, key: Secret | PublicKey, options: VerifyOptions & { complete: true }): Jwt;
export declare function verify(token: string, key: Secret | PublicKey, options?: VerifyOptions): JwtPayload | string;
export declare function verify(
  token: string,
  key: Secret | PublicKey | GetPublicKeyOrSecret,
  callback?: VerifyCallback<JwtPayload | string>,
): void;
export declare function verify(
  token: string,
  key: Secret | PublicKey | GetPublicKeyOrSecret,
  options: VerifyOptions & { complete: true },
  callback?: VerifyCallback<Jwt>,
): void;
export declare function verify(
  token: string,
  key: Secret | PublicKey | GetPublicKeyOrSecret,
  options?: VerifyOptions,
  callback?: VerifyCallback,
): void;

/** Reads a token without verifying it: anybody may have written it. */
export declare function decode(token: string, options: DecodeOptions & { complete: true }): Jwt | null;
export declare function decode(token: string, options?: DecodeOptions): JwtPayload | string | null;
