import type { Code } from './codes.js';

export type { Code } from './codes.js';

/** An algorithm of JWS (RFC 7518 §3.1, RFC 8037, RFC 8812, RFC 9964). */
export type Algorithm =
  | 'HS256' | 'HS384' | 'HS512'
  | 'RS256' | 'RS384' | 'RS512'
  | 'PS256' | 'PS384' | 'PS512'
  | 'ES256' | 'ES384' | 'ES512' | 'ES256K'
  | 'EdDSA' | 'Ed25519'
  | 'ML-DSA-44' | 'ML-DSA-65' | 'ML-DSA-87';

/** A row of the table of codes; docs/error-codes.md shows all. */
export interface CodeRow {
  /** Never changes. */
  readonly number: number;
  /** Never changes. */
  readonly name: Code;
  /** One sentence. */
  readonly meaning: string;
  /** The status of the HTTP response. */
  readonly httpStatus: number;
  /** The error of RFC 6750 §3.1, if there is one. */
  readonly bearerError?: string;
}

/** The table of codes, by name. */
export declare const codes: ReadonlyMap<Code, CodeRow>;

/** The names of the algorithms. */
export declare const algorithms: readonly Algorithm[];

/** A mistake of the program, or a key that cannot be used; never a rejection of a token. */
export declare class JotError extends Error {
  readonly code: Code;
  readonly number: number;
  /** The option, JWK member or Header Parameter at fault. */
  readonly member?: string;
  /** The byte of the text at fault. */
  readonly offset?: number;
}

/** A token that was not accepted. */
export declare class Rejection extends Error {
  /** The first rule that the token broke. */
  readonly code: Code;
  readonly number: number;
  /** The status of the HTTP response that is due. */
  readonly status: number;
  /** The claim at fault. */
  readonly claim?: string;
  /** Whether the signature held: "good, but expired" is `expired` with `signatureOk`. */
  readonly signatureOk: boolean;
  /**
   * What a log may say of the fault, in at most 255 printable characters. Anybody may have written
   * what follows `unverified`. It reads the token again, so ask for it only to log.
   */
  readonly detail: string;
}

/** How keys are read. */
export interface KeyOptions {
  /** The algorithm of keys that name none. */
  alg?: Algorithm;
  /** The `kid` of keys that have none. */
  kid?: string;
  /** Takes RSA keys and secrets that are too short for their algorithm. */
  allowWeakKeys?: boolean;
}

/** A key of a set. */
export interface KeyRow {
  readonly kid?: string;
  readonly algorithms: readonly Algorithm[];
  /** RFC 7638. */
  readonly thumbprint: string;
}

/** A key that was left out of a set. */
export interface SkippedKey {
  readonly index: number;
  readonly kid?: string;
  readonly code: Code;
  readonly reason: string;
}

/** Keys that verify. It never changes. */
export declare class KeySet {
  private constructor();
  /**
   * Reads a JWK Set, a JWK or PEM: text, bytes, or an object that `JSON.parse` made. Keys that cannot
   * be used are left out, and listed as `skipped`; if none is left it throws.
   */
  static from(keys: string | Uint8Array | object, options?: KeyOptions): KeySet;
  /** Takes bytes for the secret of HS256, HS384 and HS512. */
  static fromSecret(secret: string | Uint8Array, options?: KeyOptions): KeySet;
  readonly length: number;
  readonly keys: readonly KeyRow[];
  readonly skipped: readonly SkippedKey[];
  /** The public keys as a JWK Set. */
  toJwks(): { keys: object[] };
}

/** How the keys behind a URL are. Instants are seconds since 1970. */
export interface Health {
  readonly keys: number;
  readonly lastSuccess?: number;
  readonly freshUntil?: number;
  readonly failures: number;
  readonly fetches: number;
  /** The code of the last fetch, if it failed. */
  readonly error?: Code;
  /** The reason, in words. */
  readonly reason?: string;
}

/** How keys are followed. Times are in seconds. */
export interface FollowOptions {
  /** The `iss` of the tokens, for keys at a URL. */
  issuer?: string;
  /** Refuses answers in which no key verifies with one of these. */
  algorithms?: Algorithm[];
  /** How long old keys stay in use if new ones cannot be fetched; a day unless set. */
  serveStaleFor?: number;
  /** How long after a fetch for an unknown `kid` no other such fetch is made; 30 unless set. */
  coolDown?: number;
  /** How long a fetch may take; 5 unless set. */
  timeout?: number;
  /** Removes a key only after two answers in a row without it. */
  absentTwice?: boolean;
  /** Allows `http` to this machine. */
  allowLoopback?: boolean;
}

/** Keys behind a URL, fetched beside the program, and again when they grow old. */
export declare class RemoteKeys {
  private constructor();
  /** Waits for the first keys, five seconds unless told otherwise, and returns how many there are. */
  wait(milliseconds?: number): Promise<number>;
  /** Fetches soon. */
  refresh(): void;
  /** The keys and when they were fetched, as a text for the next start of the program. */
  save(): string;
  /** Goes on with keys that were saved, until the first fetch ends. Trust the place where they were. */
  restore(saved: string): void;
  readonly health: Health;
}

/** How a list of revocations is followed. Times are in seconds. */
export interface ListFollowOptions {
  /** The keys of the issuer that signs the list. */
  keys: RemoteKeys;
  /** The algorithms of the list's signature. */
  algorithms: Algorithm[];
  /** How often it is fetched if it does not say so itself; 60 unless set. */
  pollEvery?: number;
  /** And how often at most; every 5 seconds unless set. */
  least?: number;
  /** How long an old list stays in use if no new one can be fetched. */
  serveStaleFor?: number;
  /** Accepts tokens before the first list is there. */
  startWithout?: boolean;
  /** How long a fetch may take; 5 unless set. */
  timeout?: number;
  /** Allows `http` to this machine. */
  allowLoopback?: boolean;
}

/** The revocations of an issuer, followed. */
export declare class RemoteRevocations {
  private constructor();
  /** Waits for the first list, five seconds unless told otherwise. */
  wait(milliseconds?: number): Promise<void>;
  /** Fetches soon. */
  refresh(): void;
  /** What was wrong with the last fetch. */
  readonly reason?: string;
}

/** A Token Status List, followed. */
export declare class RemoteStatusList {
  private constructor();
  /** Waits for the first list, five seconds unless told otherwise. */
  wait(milliseconds?: number): Promise<void>;
  /** Fetches soon. */
  refresh(): void;
  /** What was wrong with the last fetch. */
  readonly reason?: string;
}

/** What the program itself takes back. Instants are seconds since 1970. */
export declare class Revocations {
  /** `limit`: how many there can be; a million unless set. */
  constructor(options?: { limit?: number });
  /** Reads the text of a list. */
  static from(text: string, options?: { limit?: number }): Revocations;
  /** Takes back the token with this `jti`, which expires at `until`; never unless set. */
  revokeToken(jti: string, until?: number | bigint): void;
  /** Takes back the tokens with this `sid`, the last of which expires at `until`. */
  revokeSession(sid: string, until?: number | bigint): void;
  /** Takes back the tokens of this `sub` whose `iat` is before. */
  revokeSubject(subject: string, issuedBefore: number | bigint): void;
  /** Takes back the key with this thumbprint (RFC 7638). */
  revokeKey(thumbprint: string): void;
  /** Drops what has expired. */
  purge(now?: number | bigint): void;
  readonly length: number;
  /** The list as lines of JSON, to save. */
  readonly text: string;
}

/** Fetches keys, on one thread for the whole process. */
export declare class Fetcher {
  /** `authorities` are PEM; those of the Web's unless set. */
  constructor(options?: { authorities?: string });
  /** Follows the keys at a URL. */
  keys(url: string, options?: FollowOptions): RemoteKeys;
  /** Follows the keys that an issuer's OpenID configuration names. */
  discover(issuer: string, options?: Omit<FollowOptions, 'issuer'>): RemoteKeys;
  /** Follows what an issuer took back: a signed list at a URL (docs/revocation.md). */
  revocations(url: string, options: ListFollowOptions): RemoteRevocations;
  /** Follows a Token Status List, which one of the keys signs. */
  statusList(uri: string, options: ListFollowOptions): RemoteStatusList;
}

/** Rules, trusted keys, and memory. A member that is undefined or unknown throws. */
export interface VerifierOptions {
  /** The only algorithms that are accepted. */
  algorithms: Algorithm[];
  /** The trusted keys: of `issuer`, or of tokens of any issuer. */
  keys?: KeySet | RemoteKeys;
  /** The `iss` that tokens must have. */
  issuer?: string;
  /** The trusted keys of several issuers, by their `iss`. */
  issuers?: Record<string, KeySet | RemoteKeys> | Iterable<[string, KeySet | RemoteKeys]>;
  /** Trusted keys for calls that name them by `keySet`. */
  keySets?: Record<string, { keys: KeySet | RemoteKeys; issuer?: string }>;
  /** The `aud` must contain one of these. */
  audience?: string | string[];
  /** Accepts any `aud`, or none. */
  anyAudience?: boolean;
  /** The rules for JWT access tokens (RFC 9068); the text is the resource. */
  accessToken?: string;
  /** The rules for ID Tokens of OpenID Connect; the text is the client. */
  idToken?: string;
  /** The `typ` must be one of these (RFC 8725 §3.11). */
  typ?: string | string[];
  /** The `sub` must be this. */
  subject?: string;
  /** These claims must be there. */
  required?: string | string[];
  /** The `nonce` must be this. */
  nonce?: string;
  /** The `azp` must be this. */
  authorizedParty?: string;
  /** All of these must be in `scope` or `scp`. */
  scopes?: string | string[];
  /** Extensions that the program processes, which `crit` may name. */
  critical?: string | string[];
  /** Conditions on claims, such as `tier any_of gold silver`. */
  conditions?: string | string[];
  /** How many seconds clocks may differ. */
  leeway?: number;
  /** The `iat` must be at most so many seconds ago. */
  maxAge?: number;
  /** Accepts tokens without `exp`. */
  allowMissingExp?: boolean;
  /** Accepts tokens whose `iat` is in the future. */
  allowFutureIat?: boolean;
  /** Makes it an error not to name the issuers. */
  issuerRequired?: boolean;
  /** Looks tokens up in the Token Status Lists that they name, or wants each to name one. */
  status?: 'check' | 'require';
  /** The longest token; 64 KiB unless set. */
  tokenBytes?: number;
  /** The longest header; 8 KiB unless set. */
  headerBytes?: number;
  /** How many accepted tokens are remembered, at 83 bytes each. Dates are checked every time. */
  cache?: number;
  /** The code that verifies signatures; see docs/accelerated.md. */
  backend?: 'aws-lc' | 'auto' | 'accelerated' | 'portable';
  /** The most memory for tables of keys. */
  tableBytes?: number;
  /** One of so many accelerated answers is checked by aws-lc. */
  crossCheck?: number;
}

/** Demands of one call. A member that is undefined or unknown throws. */
export interface CallOptions {
  /** The time, in seconds since 1970; that of the system's clock unless set. */
  now?: number | bigint;
  /** The `iss` must be one of these. */
  issuer?: string | string[];
  /** The `aud` must contain one of these. */
  audience?: string | string[];
  /** All of these must be in `scope` or `scp`. */
  scopes?: string | string[];
  /** The key set that must verify the token. */
  keySet?: string;
  /** The `sub` must be this. */
  subject?: string;
  /** The `nonce` must be this: that of this login. */
  nonce?: string;
  /** The `jti` must be this. */
  jwtId?: string;
}

/** The Claims Set of a token (RFC 7519 §4.1). */
export interface Claims {
  iss?: string;
  sub?: string;
  aud?: string | string[];
  exp?: number;
  nbf?: number;
  iat?: number;
  jti?: string;
  [name: string]: unknown;
}

/** A token that was accepted. */
export declare class Token<C = Claims> {
  private constructor();
  /** The claims, read when they are first asked for. */
  readonly claims: C;
  /** The JSON text of the claims, as it was signed. */
  readonly payload: string;
  /** The JOSE Header. */
  readonly header: { alg: Algorithm; kid?: string; typ?: string; [name: string]: unknown };
  readonly algorithm: Algorithm;
  /** The index of the issuer whose key verified, in the order in which they were given. */
  readonly issuerIndex: number;
  /** The index of the key in its set. */
  readonly keyIndex: number;
  /** The whole seconds of `exp`. */
  readonly expiresAt?: number;
  readonly notBefore?: number;
  readonly issuedAt?: number;
}

/** Rules and trusted keys. It never changes but for its keys. */
export declare class Verifier {
  constructor(options: VerifierOptions);
  /** Returns the code of a token, and nothing of it: the fastest call. */
  check(token: string | Uint8Array, options?: CallOptions): Code;
  /** Returns the token if it is accepted, and otherwise throws a {@link Rejection}. It waits for nothing. */
  verify<C = Claims>(token: string | Uint8Array, options?: CallOptions): Token<C>;
  /**
   * The same; a token whose key is not known yet waits for a fetch, `wait` milliseconds at most, five
   * seconds unless set. Only keys behind URLs are waited for.
   */
  verifyAsync<C = Claims>(
    token: string | Uint8Array,
    options?: CallOptions & { wait?: number },
  ): Promise<Token<C>>;
  /** Verifies header and signature of a JWS, and returns its payload. No rule over claims is checked. */
  verifyJws(token: string | Uint8Array, options?: { issuer?: string; payload?: string | Uint8Array }): Buffer;
  /** Replaces the keys of an issuer or key set; of the only one if none is named. */
  replaceKeys(keys: KeySet, issuer?: string): void;
  /** Shows a Token Status List: a token that the verifier `lists` must accept. */
  putStatusList(
    token: string | Uint8Array,
    lists: Verifier,
    options?: { mostEntries?: number; now?: number | bigint },
  ): void;
  /** Says that a list was never fetched, or is too old: tokens that name it are refused. */
  lackStatusList(uri: string, options?: { stale?: boolean }): void;
  /** Refuses what a list takes back, as the list is now. Call it again when the list changes. */
  setRevocations(list: Revocations): void;
  /** Looks tokens up in a status list that is followed. The option `status` must be set. */
  followStatusList(list: RemoteStatusList): void;
  /** Refuses tokens that are taken back, from now on; until the first list is there, all. */
  followRevocations(list: RemoteRevocations): void;
  /** The name of the code that verifies under an algorithm, such as `aws-lc`. */
  backendName(alg: Algorithm): string;
  /** The counts, in the Prometheus text format. */
  readonly prometheus: string;
}

/** A token that its own key signed. It proves nothing until its thumbprint is compared. */
export declare class SelfSigned {
  private constructor();
  /** That of the key (RFC 7638), as `cnf.jkt` of an access token has it. */
  readonly thumbprint: string;
  readonly algorithm: Algorithm;
  /** What the holder of the key says. */
  readonly claims: Claims;
  /** The whole seconds of `iat`. */
  readonly issuedAt?: number;
}

/** Verifies tokens that come with their own key, such as proofs of DPoP (docs/self-signed.md). */
export declare class SelfSignedVerifier {
  /** One of `typ` and `anyTyp` must be there. */
  constructor(options: { algorithms: Algorithm[]; typ?: string | string[]; anyTyp?: boolean });
  /**
   * Verifies the signature by the key in the header, or by `key`, a JWK, and that `iat` is at most
   * `maxAge` seconds ago. Clocks may differ by `leeway` seconds; 0 unless set.
   */
  verify(
    token: string | Uint8Array,
    options: { maxAge: number; leeway?: number; key?: object | string; now?: number | bigint },
  ): SelfSigned;
}

/** Returns the `ath` of an access token (RFC 9449 §4.2). */
export declare function accessTokenHash(token: string): string;

/** The answers of a batch, one for each token. */
export declare class Verdicts {
  private constructor();
  readonly length: number;
  /** How many were accepted. */
  readonly accepted: number;
  /** The numbers of the codes; 0 is accepted. */
  readonly codes: Uint32Array;
  /** The index of the key in its set; 2^32 - 1 if none verified. */
  readonly keyIndex: Uint32Array;
  /** The seconds of `exp`; NaN if unknown. */
  readonly expiresAt: Float64Array;
  readonly flags: Uint8Array;
  code(row: number): Code;
  signatureOk(row: number): boolean;
}

/** Threads and memory for verifying many tokens beside the program. */
export declare class Batch {
  /** `threads`: 0, the default, is one for each processor. */
  constructor(options?: { threads?: number });
  verify(
    verifier: Verifier,
    tokens: (string | Uint8Array | null)[],
    options?: { now?: number | bigint },
  ): Promise<Verdicts>;
}

/** A key that signs. */
export declare class Signer {
  private constructor();
  /** Makes a new key; `bits` is for RSA. */
  static generate(alg: Algorithm, options?: { kid?: string; bits?: number }): Signer;
  /** Reads a private key: a JWK, PEM or DER. */
  static from(key: string | Uint8Array | object, options?: KeyOptions): Signer;
  /** Takes bytes for a secret. */
  static fromSecret(secret: string | Uint8Array, options?: KeyOptions): Signer;
  readonly algorithm: Algorithm;
  readonly kid?: string;
  /** The keys that verify what this signs. */
  readonly verifyingKeys: KeySet;
  /** Signs claims. `typ` is `JWT` unless set, and null for none. Dates are seconds; none is added. */
  sign(claims: object | string, options?: { typ?: string | null; header?: object }): string;
  /** Signs any text or bytes as a JWS. There is no `typ` unless set. */
  signPayload(payload: string | Uint8Array, options?: { typ?: string | null; header?: object }): string;
  /** The private key. */
  toJwk(): object;
}
