import type { Algorithm, Jwt, JwtPayload, PrivateKey, PublicKey, Secret, TimeSpan } from './jsonwebtoken.js';

type Key = Secret | PublicKey | PrivateKey;
type KeyCallback = (error: Error | null, key?: Key) => void;

/** Finds the key of a token, or of claims that are to be signed. */
export type FindKey = (request: any, token: any, callback: KeyCallback) => void | Promise<Key>;

export interface SignOptions {
  /** That of the key unless set: HS256 of secrets, RS256 of RSA, that of the curve, EdDSA. */
  algorithm?: Algorithm;
  key?: Key | FindKey;
  expiresIn?: TimeSpan;
  notBefore?: TimeSpan;
  kid?: string;
  header?: object;
  iss?: string;
  sub?: string;
  aud?: string | string[];
  jti?: string;
  nonce?: string;
  noTimestamp?: boolean;
  mutatePayload?: boolean;
  /** The time, in milliseconds. */
  clockTimestamp?: number;
}

export interface VerifyOptions {
  /** Those of the key's type unless set. */
  algorithms?: Algorithm[];
  key?: Key | FindKey;
  allowedAud?: string | RegExp | (string | RegExp)[];
  allowedIss?: string | string[];
  allowedSub?: string;
  allowedJti?: string;
  allowedNonce?: string;
  requiredClaims?: string[];
  checkTyp?: string;
  ignoreExpiration?: boolean;
  ignoreNotBefore?: boolean;
  maxAge?: TimeSpan;
  /** How much clocks may differ, in milliseconds. */
  clockTolerance?: number;
  /** The time, in milliseconds. */
  clockTimestamp?: number;
  complete?: boolean;
  onlyCookie?: boolean;
  extractToken?: (request: any) => string | undefined;
  /** They have no effect. */
  cache?: boolean | number;
  cacheTTL?: number;
  errorCacheTTL?: number;
  cacheKeyBuilder?: (token: string) => string;
}

export interface DecodeOptions {
  complete?: boolean;
  checkTyp?: string;
}

export interface Messages {
  badRequestErrorMessage?: string;
  badCookieRequestErrorMessage?: string;
  noAuthorizationInHeaderMessage?: string;
  noAuthorizationInCookieMessage?: string;
  authorizationTokenExpiredMessage?: string;
  authorizationTokenInvalid?: string | ((error: Error) => string);
  authorizationTokenUntrusted?: string;
  authorizationTokenUnsigned?: string;
}

export interface FastifyJWTOptions {
  secret: Key | FindKey | { public: Key | FindKey; private?: Key | FindKey };
  sign?: SignOptions;
  verify?: VerifyOptions;
  decode?: DecodeOptions;
  cookie?: { cookieName: string; signed?: boolean };
  namespace?: string;
  /** `user` unless set. */
  decoratorName?: string;
  formatUser?: (claims: any) => any;
  trusted?: (request: any, claims: any) => unknown;
  messages?: Messages;
  jwtVerify?: string;
  jwtDecode?: string;
  jwtSign?: string;
}

type Done<T> = (error: Error | null, value?: T) => void;
type VerifyGiven = VerifyOptions | { verify?: VerifyOptions; decode?: DecodeOptions };

/** `fastify.jwt`. */
export interface JWT {
  readonly options: { decode: DecodeOptions; sign: SignOptions; verify: VerifyOptions; messages: Messages };
  readonly cookie?: { cookieName: string; signed?: boolean };
  sign(payload: object | string | Buffer, options?: SignOptions): string;
  sign(payload: object | string | Buffer, options: SignOptions, callback: Done<string>): void;
  verify<T = JwtPayload>(token: string | Buffer, options?: VerifyOptions): T;
  verify<T = JwtPayload>(token: string | Buffer, options: VerifyOptions, callback: Done<T>): void;
  decode<T = JwtPayload | Jwt>(token: string | Buffer, options?: DecodeOptions): T;
  lookupToken(request: any, options?: VerifyOptions): string;
}

/** What the plugin adds to requests. */
export interface JWTRequest<T = JwtPayload> {
  user: T;
  jwtVerify(options?: VerifyGiven): Promise<T>;
  jwtVerify(options: VerifyGiven, callback: Done<T>): void;
  jwtVerify(callback: Done<T>): void;
  jwtDecode(options?: { verify?: VerifyOptions; decode?: DecodeOptions }): Promise<T>;
}

/** What the plugin adds to replies. */
export interface JWTReply {
  jwtSign(payload: object | string | Buffer, options?: SignOptions | { sign: SignOptions }): Promise<string>;
  jwtSign(payload: object | string | Buffer, options: SignOptions | { sign: SignOptions }, callback: Done<string>): void;
  jwtSign(payload: object | string | Buffer, callback: Done<string>): void;
}

/** The plugin. */
declare function fastifyJwt(fastify: any, options: FastifyJWTOptions): Promise<void>;
export default fastifyJwt;
export { fastifyJwt };
