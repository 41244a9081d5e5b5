/* jot.h: libjot for C. Made from src/ffi/ by build.rs; do not edit.
 *
 * libjot verifies JSON Web Tokens (RFC 7519). This header reads from top to
 * bottom: the life of a verifier, then keys, batches, and the rest.
 *
 *     // Once:
 *     uint32_t algs[] = {JOT_RS256};
 *     jot_key_set *keys = jot_key_set_new();
 *     jot_key_set_add_jwks(keys, jwks, NULL, NULL);
 *     jot_policy *policy;
 *     jot_policy_new(algs, 1, &policy, NULL);
 *     jot_policy_audience(policy, JOT_TEXT("api"));
 *     jot_verifier_builder *builder;
 *     jot_verifier_builder_new(policy, &builder, NULL);
 *     jot_verifier_builder_issuer(builder, JOT_TEXT("https://issuer"), keys);
 *     jot_verifier *verifier;
 *     if (jot_verifier_builder_build(builder, &verifier, NULL) != JOT_ACCEPTED) …
 *     // policy, builder and keys may be freed now.
 *
 *     // In each thread:
 *     jot_scratch *scratch = jot_scratch_new();
 *     jot_verdict verdict = {.size = sizeof verdict};
 *
 *     // For each token:
 *     if (jot_verifier_verify(verifier, token, now, scratch, &verdict) == JOT_ACCEPTED) …
 *
 * RULES
 *
 * Codes. Functions that can fail return a uint32_t: 0 (JOT_ACCEPTED) is success,
 * anything else is a code of the list at the end. "15x" stands for the codes of
 * wrong arguments, which every function may return: JOT_ARGUMENT_NULL,
 * JOT_ARGUMENT_SIZE, JOT_ARGUMENT_MISALIGNED, JOT_ARGUMENT_TEXT,
 * JOT_ARGUMENT_VALUE. Every function may also return JOT_PANICKED (901) for a
 * fault of the library that it caught; nothing ever unwinds into C.
 *
 * Outputs are written only on success, except jot_verdict and jot_error.
 *
 * Ownership. A handle that a function makes belongs to the caller until its
 * jot_…_free, which accepts NULL. No function takes ownership of a handle. You
 * may free the handles from which another one was made.
 *
 * Views. A jot_slice owns nothing. A view that you pass in must be valid for the
 * call. A view that a function returns is valid as long as the function says.
 *
 * Threads. A function that "any thread may call" may be called at any time. A
 * handle that "one thread at a time may use" may move between threads, but two
 * must not use it at once. Any number of threads may use a verifier, a signer,
 * or a finished key set at once. Only the last user may call jot_…_free.
 *
 * Structs that begin with `size` may grow in later versions. Set it to sizeof;
 * a program that was built with an older header continues to work.
 *
 * Nothing hidden. The library starts no threads except those of a jot_batch that
 * was made with several, does no I/O, and reads the clock only in jot_clock_now.
 * The only process-wide data are the fixed tables of accelerated code, and a
 * counter that gives each scratch its number. Instants are seconds since
 * 1970-01-01T00:00:00Z.
 *
 * If memory runs out, the process aborts, as Rust programs do, except for memory
 * whose size the caller chooses (rows of a batch, a cache): then a code is
 * returned.
 */
#ifndef JOT_H
#define JOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Precedes every function; define it to change how they are imported. */
#ifndef JOT_API
#define JOT_API extern
#endif

/* For structs whose members the library uses as atomics: some 32-bit targets would
 * align their 64-bit words to 4 bytes only. */
#if defined(__GNUC__)
#define JOT_ALIGNED(bytes) __attribute__((aligned(bytes)))
#elif defined(_MSC_VER)
#define JOT_ALIGNED(bytes) __declspec(align(bytes))
#else
#define JOT_ALIGNED(bytes)
#endif

/* A view of a string literal. */
#ifdef __cplusplus
#define JOT_TEXT(literal) (jot_slice{(const uint8_t *)(literal), sizeof(literal) - 1})
#else
#define JOT_TEXT(literal) ((jot_slice){(const uint8_t *)(literal), sizeof(literal) - 1})
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ============================================================= Handles
 *
 * Opaque objects of the library, which you hold by pointer.
 */

/**
 * The rules that a token must meet, in addition to its signature and its issuer.
 *
 * The defaults are strict: `exp` is required, an `aud` is rejected unless an audience
 * is named, leeway is 0, and every claim of RFC 7519 that is present must have its type.
 *
 * A setting that fails returns its code and makes the policy unusable: no verifier
 * can be built from it. An unchecked return value therefore never makes a laxer
 * verifier. One thread at a time may use it.
 */
typedef struct jot_policy jot_policy;

/**
 * A condition on one claim. Any number of threads may share one.
 */
typedef struct jot_condition jot_condition;

/**
 * A policy and trusted keys, ready to verify.
 *
 * Any number of threads may share one, each with its own `jot_scratch`. The
 * policy never changes; keys and revocations can be replaced while other
 * threads verify. It holds no thread, file or socket, and works on both sides
 * of a `fork`.
 */
typedef struct jot_verifier jot_verifier;

/**
 * Collects what a verifier is built from: a policy, keys, and the size of a cache.
 *
 * A call that fails makes the builder unusable, as with a policy. One thread at a
 * time may use it.
 */
typedef struct jot_verifier_builder jot_verifier_builder;

/**
 * The buffers of one verification at a time, and the header and claims of its token.
 *
 * Make one per thread. Each verification reuses it, which invalidates the views of the
 * one before. It grows to the needs of the largest token so far; from then on
 * verifying allocates nothing. It also remembers the last few JOSE Headers that came
 * with good signatures. It belongs to no verifier.
 */
typedef struct jot_scratch jot_scratch;

/**
 * A set of verifying keys, from a JWK Set, PEM texts, or added one by one.
 *
 * Every key keeps the algorithms that it was bound to when it was read, so a set may
 * contain secrets and public keys. A set that was given to a verifier can no longer be
 * changed; you may free it, or give it to further verifiers. While keys are added, one
 * thread at a time may use it; afterwards any number of threads may read it.
 */
typedef struct jot_key_set jot_key_set;

/**
 * How many fetches unknown `kid`s may cause in any window of time, over all keepers that
 * share it. One thread at a time may use it.
 */
typedef struct jot_budget jot_budget;

/**
 * The keys of one issuer, and when to fetch them. One thread at a time may use it.
 */
typedef struct jot_keeper jot_keeper;

/**
 * Threads and memory for verifying batches: about 100 bytes for each row of the
 * largest batch so far, and a scratch for each thread.
 *
 * Make one and reuse it, one call at a time; a second call at the same time returns
 * `JOT_HANDLE_BUSY`. A batch with several threads that was made before a `fork` has no
 * threads in the child; make another one there.
 */
typedef struct jot_batch jot_batch;

/**
 * A list of revocations: tokens by `jti`, sessions by `sid`, subjects by `sub` with an
 * instant before which their tokens were issued, keys by thumbprint.
 *
 * It is a plain value: build it, pass it to `jot_verifier_set_revocations`, save
 * it as text and load it again. One thread at a time may use it.
 */
typedef struct jot_revocations jot_revocations;

/**
 * A Token Status List, or what stands in the place of one, which any number of verifiers may
 * share. Any number of threads may use it.
 */
typedef struct jot_status_list jot_status_list;

/**
 * A list at a URL, and when to fetch it. One thread at a time may use it.
 */
typedef struct jot_list_keeper jot_list_keeper;

/**
 * Verifies tokens with the keys that come with them. It never changes, and any number of
 * threads may share one, each with its own `jot_scratch`.
 */
typedef struct jot_selfsigned_verifier jot_selfsigned_verifier;

/**
 * A private key or an HMAC secret, ready to sign with exactly one algorithm.
 *
 * If neither the key nor the options name one, it is RS256 for RSA, HS256 for a
 * secret, EdDSA for Ed25519, and the algorithm of the curve for EC. A signer is
 * immutable, and any number of threads may share it.
 */
typedef struct jot_signer jot_signer;

/**
 * A text that the library wrote: a token, a JWK Set, counters.
 *
 * The caller makes it empty, and a call fills it and replaces its old content. Reuse
 * it: it keeps its buffer. Its bytes are wiped when they are replaced and when it is
 * freed, because they may be a private key. One thread at a time may use it.
 */
typedef struct jot_text jot_text;

/* ===================================================================== Views
 *
 * Views: borrowed bytes.
 */

/**
 * A view of bytes: where they begin, and how many there are.
 *
 * No NUL ends a view. A view that the caller passes in must be valid only for the
 * call. A view that the library returns is valid as long as its function says. `{NULL,
 * 0}` is the empty view, and means "absent" for an argument that may be absent.
 */
typedef struct jot_slice {
  /**
   * The first byte; NULL only with a `len` of 0.
   */
  const uint8_t *ptr;
  /**
   * The number of bytes.
   */
  size_t len;
} jot_slice;

/* ==================================================================== Errors
 *
 * Errors in arguments, keys, policies or claims to sign.
 */

/**
 * Details of an error, beyond its code.
 *
 * Set `size` to `sizeof(jot_error)` before the first use; a call that fails fills in
 * the rest, and a call that succeeds does not change it. The caller owns it; it holds
 * no pointer and needs no free.
 */
typedef struct jot_error {
  /**
   * `sizeof(jot_error)`, set by the caller.
   */
  size_t size;
  /**
   * The code that the call returned.
   */
  uint32_t code;
  /**
   * The byte offset of the fault in the text; `JOT_NONE` if not known.
   */
  uint32_t offset;
  /**
   * The argument, JWK member, Header Parameter or policy setting at fault, ended by
   * a NUL; empty if no single one is.
   */
  char name[48];
} jot_error;

/**
 * Writes one sentence about the error, such as `policy_invalid (104): … [audience]`,
 * into `buffer` of `capacity` bytes and ends it with a NUL; a sentence that is too
 * long is cut. `length`, unless NULL, receives the length of the whole sentence
 * without the NUL: `jot_error_message(&error, NULL, 0, &length)` returns the needed
 * size.
 *
 * Returns `JOT_ARGUMENT_NULL`; `JOT_ARGUMENT_SIZE`; `JOT_ARGUMENT_VALUE` if
 * `error->code` is not a code. Any thread may call it.
 */
JOT_API
uint32_t jot_error_message(const jot_error *error,
                           char *buffer,
                           size_t capacity,
                           size_t *length);

/* ================================================================== Policies
 *
 * The rules for a token.
 */

/**
 * Makes a policy that allows the `count` algorithms at `algs` and no other.
 * Allowing `JOT_EDDSA` allows its full name `JOT_ED25519` as well; allowing
 * `JOT_ED25519` allows that name alone.
 *
 * The caller owns `*policy` and frees it with `jot_policy_free`, at any time after
 * a verifier builder was made from it. Returns `JOT_ARGUMENT_NULL`;
 * `JOT_ARGUMENT_VALUE` for a number that is not an algorithm. Any thread may call
 * it.
 */
JOT_API
uint32_t jot_policy_new(const uint32_t *algs,
                        size_t count,
                        jot_policy **policy,
                        jot_error *error);

/**
 * Makes the policy of an OAuth 2.0 resource server for JWT access tokens (RFC 9068
 * §4): `typ` is `at+jwt`; `iss`, `exp`, `aud`, `sub`, `client_id`, `iat` and `jti` are
 * required; the verifier must name its issuers. Otherwise it works like
 * `jot_policy_new`.
 */
JOT_API
uint32_t jot_policy_new_access_token(jot_slice resource,
                                     const uint32_t *algs,
                                     size_t count,
                                     jot_policy **policy,
                                     jot_error *error);

/**
 * Makes the policy of an OpenID Connect client for ID Tokens (OpenID Connect Core 1.0
 * §2, §3.1.3.7): `iss`, `sub`, `aud`, `exp` and `iat` are required; `aud` contains the
 * client; `azp`, if present, is the client, and is required if there are several
 * audiences; the verifier must name its issuers. Add `jot_policy_nonce` if one was
 * sent. Otherwise it works like `jot_policy_new`.
 */
JOT_API
uint32_t jot_policy_new_id_token(jot_slice client_id,
                                 const uint32_t *algs,
                                 size_t count,
                                 jot_policy **policy,
                                 jot_error *error);

/**
 * Makes the policy for signed lists of revocations (docs/revocation.md): `typ` is
 * `revocations+jwt`; `iss`, `iat` and `exp` are required; the verifier must name its
 * issuers. Otherwise it works like `jot_policy_new`.
 */
JOT_API
uint32_t jot_policy_new_revocation_list(const uint32_t *algs,
                                        size_t count,
                                        jot_policy **policy,
                                        jot_error *error);

/**
 * Makes the policy for signed status lists (draft-ietf-oauth-status-list): `typ` is
 * `statuslist+jwt`; `iat` and `sub` are required; `exp` is not. Otherwise it works like
 * `jot_policy_new`.
 */
JOT_API
uint32_t jot_policy_new_status_list(const uint32_t *algs,
                                    size_t count,
                                    jot_policy **policy,
                                    jot_error *error);

/**
 * Requires a `typ` (explicit typing, RFC 8725 §3.11), or one of several if it is
 * called several times. The comparison ignores case and a leading `application/` (RFC
 * 7515 §4.1.9).
 *
 * This and every other setting returns `JOT_ARGUMENT_NULL` or `JOT_ARGUMENT_TEXT` for
 * a wrong argument. Whether a value makes sense is checked when the verifier is built.
 */
JOT_API uint32_t jot_policy_typ(jot_policy *policy, jot_slice typ);

/**
 * Declares that the caller understands and processes this extension; `crit` may then
 * name it (RFC 7515 §4.1.11).
 */
JOT_API uint32_t jot_policy_understand_critical(jot_policy *policy, jot_slice name);

/**
 * Adds an audience; a token's `aud` must contain one of those added.
 */
JOT_API uint32_t jot_policy_audience(jot_policy *policy, jot_slice audience);

/**
 * Accepts a token with any `aud`, or none.
 */
JOT_API uint32_t jot_policy_any_audience(jot_policy *policy);

/**
 * Requires this `sub`.
 */
JOT_API uint32_t jot_policy_subject(jot_policy *policy, jot_slice subject);

/**
 * Requires a claim to be present and not null.
 */
JOT_API uint32_t jot_policy_require(jot_policy *policy, jot_slice claim);

/**
 * Requires the `nonce` that was sent with the authentication request.
 */
JOT_API uint32_t jot_policy_nonce(jot_policy *policy, jot_slice nonce);

/**
 * Requires this `azp`.
 */
JOT_API uint32_t jot_policy_authorized_party(jot_policy *policy, jot_slice party);

/**
 * Requires a scope, in `scope` (one string, scopes separated by spaces) or in `scp`
 * (an array, or such a string). Several calls require all of them.
 */
JOT_API uint32_t jot_policy_scope(jot_policy *policy, jot_slice scope);

/**
 * Sets how many seconds the clocks of issuer and verifier may differ. 0 by default.
 */
JOT_API uint32_t jot_policy_leeway(jot_policy *policy, uint32_t seconds);

/**
 * Accepts tokens without `exp`, which never expire.
 */
JOT_API uint32_t jot_policy_allow_missing_exp(jot_policy *policy);

/**
 * Accepts tokens whose `iat` is in the future, which RFC 7519 leaves open. By default
 * they are rejected (`JOT_ISSUED_IN_FUTURE`): they come from a wrong clock or a wrong
 * issuer. If clocks merely differ, use `jot_policy_leeway`.
 */
JOT_API uint32_t jot_policy_allow_future_iat(jot_policy *policy);

/**
 * Requires an `iat` at most this many seconds ago.
 */
JOT_API uint32_t jot_policy_max_age(jot_policy *policy, uint32_t seconds);

/**
 * Requires the verifier to name its issuers.
 */
JOT_API uint32_t jot_policy_issuer_required(jot_policy *policy);

/**
 * Sets the longest token and the longest header segment in bytes. A longer token is
 * rejected before any work is done on it. 0 keeps the current value, by default 64 KiB
 * and 8 KiB. Both are limited to 1 GiB.
 */
JOT_API
uint32_t jot_policy_limits(jot_policy *policy,
                           size_t token_bytes,
                           size_t header_bytes);

/**
 * Checks whether any key of a set verifies with an algorithm of the policy: returns
 * `JOT_ACCEPTED`, or `JOT_KEY_NOT_FOR_ALG` if every token of the set's keys would be
 * rejected; the code that made the policy unusable; 15x.
 */
JOT_API uint32_t jot_policy_fits(const jot_policy *policy, const jot_key_set *set);

/**
 * Frees a policy; NULL is fine. Verifiers that were built from it keep working.
 */
JOT_API void jot_policy_free(jot_policy *policy);

/* ====================================================== Conditions on claims
 *
 * Conditions on claims: in policies, and asked of the claims of one token.
 *
 * docs/conditions.md describes the notation, which is the same in every language and
 * configuration.
 */

/**
 * The operands of a condition are texts without a type; see `jot_condition_new`.
 */
#define JOT_CONDITION_TEXT 1

/**
 * Reads a condition: a name, `not` if it is negated, a test, and the operands of the
 * test, with spaces in between, such as `tier any_of gold silver` or
 * `/realm_access/roles not contains admin`.
 *
 * A name that begins with a slash is a JSON Pointer (RFC 6901). The tests are
 * `present`, `equals`, `any_of`, `contains`, `prefix`, `regex`, `ge`, `gt`, `le` and
 * `lt`. An operand that is a JSON string, number or boolean is that value, and any
 * other word is the string itself; a word with spaces in it is written as a JSON
 * string.
 *
 * The caller owns `*condition` and frees it with `jot_condition_free`.
 *
 * Returns 16x, with the word at fault and its offset in `error`, or, if a regular
 * expression is malformed, the reason and the offset within it; 15x. Any thread may
 * call it.
 */
JOT_API
uint32_t jot_condition_parse(jot_slice text,
                             jot_condition **condition,
                             jot_error *error);

/**
 * Makes a condition from words: `not` if it is negated, the test, and its operands.
 * `jot_condition_parse` says what a word means; here a word may contain spaces. The
 * `depth` names at `path` lead to the claim: one for a claim at the top, more for a
 * member of nested objects. If `depth` is 0, the first word is the name of the claim
 * or a JSON Pointer.
 *
 * `flags` is 0 or `JOT_CONDITION_TEXT`. With the flag, operands are texts without a
 * type, for values that come with a request. Such a text equals a string of these very
 * bytes, and a number or a boolean that the token writes exactly so; it is never read
 * as JSON. An empty text equals nothing, and a condition with an empty text is not
 * met, even if it is negated. `ge`, `gt`, `le` and `lt` take no text.
 *
 * Returns the codes of `jot_condition_parse`; `JOT_ARGUMENT_VALUE` for other flags.
 * Any thread may call it.
 */
JOT_API
uint32_t jot_condition_new(const jot_slice *path,
                           size_t depth,
                           const jot_slice *words,
                           size_t count,
                           uint32_t flags,
                           jot_condition **condition,
                           jot_error *error);

/**
 * Demands that a claim meets a condition. The policy keeps a copy.
 *
 * Returns `JOT_ARGUMENT_NULL` for a condition that could not be made. As with every
 * setting that fails, the policy is then unusable.
 */
JOT_API uint32_t jot_policy_claim(jot_policy *policy, const jot_condition *condition);

/**
 * Checks whether the claims of the token that the scratch holds meet a condition:
 * returns `JOT_ACCEPTED`, `JOT_CLAIM_MISSING` or `JOT_CLAIM_MISMATCH`;
 * `JOT_VALUE_MISSING` if the scratch holds no claims; 15x.
 *
 * Use it for routes with different rules, after a token was accepted. Only the thread
 * that owns the scratch may call it.
 */
JOT_API
uint32_t jot_claims_meet(const jot_scratch *scratch,
                         const jot_condition *condition);

/**
 * Checks whether the token that the scratch holds grants all `count` scopes at
 * `scopes`, by the rule of `jot_policy_scope`: returns `JOT_ACCEPTED`,
 * `JOT_SCOPE_INSUFFICIENT`, or `JOT_SCOPE_INVALID` if its `scope` or `scp` is neither a
 * string nor an array of strings; `JOT_VALUE_MISSING` if the scratch holds no claims;
 * 15x. If `count` is 0, it accepts.
 *
 * Only the thread that owns the scratch may call it.
 */
JOT_API
uint32_t jot_claims_have_scopes(const jot_scratch *scratch,
                                const jot_slice *scopes,
                                size_t count);

/**
 * Frees a condition; NULL is allowed. Policies keep their copies.
 */
JOT_API void jot_condition_free(jot_condition *condition);

/* ================================================================= Verifiers
 *
 * Building a verifier, and replacing its keys and revocations.
 */

/**
 * Starts building a verifier from a policy, which is copied: you may change or free it
 * afterwards. Add keys next.
 *
 * The caller owns `*builder` and frees it with `jot_verifier_builder_free`.
 * Returns 15x; the code that made the policy unusable.
 */
JOT_API
uint32_t jot_verifier_builder_new(const jot_policy *policy,
                                  jot_verifier_builder **builder,
                                  jot_error *error);

/**
 * Trusts these keys for tokens of any issuer, or of none. The verifier can then have
 * no other keys.
 *
 * The set is shared, not copied: it can no longer be changed, and you may free it.
 * Returns 15x for wrong arguments.
 */
JOT_API
uint32_t jot_verifier_builder_keys(jot_verifier_builder *builder,
                                   const jot_key_set *set);

/**
 * Trusts these keys for the tokens whose `iss` is exactly `issuer`. Call it once for
 * each issuer; the calls number the issuers from 0. Otherwise it works like
 * `jot_verifier_builder_keys`.
 */
JOT_API
uint32_t jot_verifier_builder_issuer(jot_verifier_builder *builder,
                                     jot_slice issuer,
                                     const jot_key_set *set);

/**
 * Trusts these keys for calls whose `jot_demand` names this key set; if `issuer` is
 * not absent, only for the tokens of that issuer. Call it once for each name. It
 * cannot be combined with keys that the token's `iss` selects. The calls number the
 * sets from 0, and `jot_verifier_replace_keys` finds them by name. Otherwise it works
 * like `jot_verifier_builder_keys`.
 */
JOT_API
uint32_t jot_verifier_builder_key_set(jot_verifier_builder *builder,
                                      jot_slice name,
                                      jot_slice issuer,
                                      const jot_key_set *set);

/**
 * Remembers up to this many accepted tokens, at 83 bytes each, and does not verify
 * their signatures again. Off by default.
 *
 * It never changes a verdict: dates are checked every time, and an entry is
 * dropped together with the key that verified it. Returns 15x for wrong arguments.
 */
JOT_API
uint32_t jot_verifier_builder_cache_entries(jot_verifier_builder *builder,
                                            size_t entries);

/**
 * Works like `jot_verifier_builder_cache_entries`, but takes the maximum size of the
 * cache in bytes.
 */
JOT_API
uint32_t jot_verifier_builder_cache_bytes(jot_verifier_builder *builder,
                                          size_t bytes);

/**
 * Builds the verifier. The builder is unchanged; you may build another verifier or
 * free it.
 *
 * The caller owns `*verifier` and frees it with `jot_verifier_free`. Returns
 * `JOT_ALGORITHMS_EMPTY`; `JOT_POLICY_INVALID` with the setting; `JOT_KEYS_EMPTY`
 * if no key was given; `JOT_ISSUER_REQUIRED`; `JOT_ISSUER_REPEATED`, also if keys
 * for any issuer are combined with others, or key sets that calls name with keys
 * that the `iss` selects; `JOT_CACHE_TOO_LARGE`; `JOT_RANDOMNESS_MISSING`; the
 * code that made the builder unusable; 15x.
 */
JOT_API
uint32_t jot_verifier_builder_build(const jot_verifier_builder *builder,
                                    jot_verifier **verifier,
                                    jot_error *error);

/**
 * Checks whether `jot_verifier_builder_build` would succeed, without the memory and
 * the time for its cache and its keys' tables: for a process that checks settings for
 * other processes.
 *
 * Returns the codes of `jot_verifier_builder_build` except
 * `JOT_RANDOMNESS_MISSING`.
 */
JOT_API
uint32_t jot_verifier_builder_check(const jot_verifier_builder *builder,
                                    jot_error *error);

/**
 * Frees a builder; NULL is fine. Verifiers that it built keep working.
 */
JOT_API void jot_verifier_builder_free(jot_verifier_builder *builder);

/**
 * Replaces the key set of an issuer, or the only key set if `issuer` is absent.
 *
 * Verifications that begin after this call returns use the new keys, and cache
 * entries of the old keys are not used again. A set with exactly the same keys
 * keeps the cache. The set is shared as with `jot_verifier_builder_keys`. Other
 * threads may verify meanwhile. Returns `JOT_KEYS_EMPTY`; `JOT_ISSUER_UNKNOWN`;
 * 15x. The old keys stay in use in these cases.
 */
JOT_API
uint32_t jot_verifier_replace_keys(const jot_verifier *verifier,
                                   jot_slice issuer,
                                   const jot_key_set *set,
                                   jot_error *error);

/**
 * Returns the current keys of an issuer, or the only key set if `issuer` is absent, as
 * a set that cannot be changed.
 *
 * The caller owns `*set` and frees it with `jot_key_set_free`. Other threads may
 * verify meanwhile. Returns `JOT_ISSUER_UNKNOWN`, 15x.
 */
JOT_API
uint32_t jot_verifier_keys(const jot_verifier *verifier,
                           jot_slice issuer,
                           jot_key_set **set);

/**
 * Replaces the revocations, also for tokens in the cache. The list is copied: you may
 * change or free it afterwards.
 *
 * Verifications that begin after this call returns use the new list. Other threads
 * may verify meanwhile. Returns 15x for wrong arguments.
 */
JOT_API
uint32_t jot_verifier_set_revocations(const jot_verifier *verifier,
                                      const jot_revocations *revocations);

/**
 * Returns a copy of the current revocations, to which you can add before you set them
 * again.
 *
 * The caller owns `*revocations` and frees it with `jot_revocations_free`. Other
 * threads may verify meanwhile. Returns 15x for wrong arguments.
 */
JOT_API
uint32_t jot_verifier_revocations(const jot_verifier *verifier,
                                  jot_revocations **revocations);

/**
 * Frees a verifier; NULL is fine. No other thread may still use it. The content of a
 * scratch stays valid.
 */
JOT_API void jot_verifier_free(jot_verifier *verifier);

/* ================================================================= Verifying
 *
 * Verifying one token.
 */

/**
 * The signature held, independent of the claims.
 */
#define JOT_SIGNATURE_OK 1

/**
 * The verifier's cache held the token.
 */
#define JOT_FROM_CACHE 2

/**
 * In a batch: an earlier row has the same token.
 */
#define JOT_REPEATED 4

/**
 * `expires_at` holds the token's `exp`.
 */
#define JOT_HAS_EXP 8

/**
 * `not_before` holds the token's `nbf`.
 */
#define JOT_HAS_NBF 16

/**
 * `issued_at` holds the token's `iat`.
 */
#define JOT_HAS_IAT 32

/**
 * The outcome of verifying a token.
 *
 * Set `size` to `sizeof(jot_verdict)` once; every verification fills in the rest, even
 * if an argument was wrong. The views are valid until the scratch is used for the next
 * token or freed.
 */
typedef struct jot_verdict {
  /**
   * `sizeof(jot_verdict)`, set by the caller.
   */
  size_t size;
  /**
   * 0 for an accepted token, otherwise the first rule that it broke. The call
   * returns the same code.
   */
  uint32_t code;
  /**
   * `JOT_SIGNATURE_OK`, `JOT_FROM_CACHE`, `JOT_HAS_EXP`, `JOT_HAS_NBF`,
   * `JOT_HAS_IAT`, or-ed together. "Signature good but expired" is
   * `JOT_EXPIRED` with `JOT_SIGNATURE_OK`.
   */
  uint32_t flags;
  /**
   * The algorithm that the header names; 0 if it is not known.
   */
  uint32_t alg;
  /**
   * The number of the issuer whose key verified; `JOT_NONE` if none did.
   */
  uint32_t issuer_index;
  /**
   * The index of the key in its set; `JOT_NONE` if none verified.
   */
  uint32_t key_index;
  /**
   * The byte offset of the fault within the JSON text of the header (3xx) or of the
   * claims (6xx); `JOT_NONE` if it is not known.
   */
  uint32_t fault_offset;
  /**
   * The whole seconds of `exp`, rounded towards the past; 0 without
   * `JOT_HAS_EXP`.
   */
  int64_t expires_at;
  /**
   * The whole seconds of `nbf`, likewise.
   */
  int64_t not_before;
  /**
   * The whole seconds of `iat`, likewise.
   */
  int64_t issued_at;
  /**
   * The name of the claim at fault; absent if no single claim is. Names longer than
   * 46 bytes are cut.
   */
  jot_slice fault_claim;
  /**
   * The JSON text of the JOSE Header; absent if it is not well formed or was not
   * read. It is unverified unless the signature held.
   */
  jot_slice header;
  /**
   * The JSON text of the Claims Set as it was signed; absent unless the
   * signature held.
   */
  jot_slice payload;
  /**
   * The `kid` of the header; absent if it has none. It is unverified unless the
   * signature held.
   */
  jot_slice kid;
  /**
   * The `typ` of the header, likewise.
   */
  jot_slice typ;
} jot_verdict;

/**
 * Makes a scratch. The caller owns it and frees it with `jot_scratch_free`. Any
 * thread may call it.
 */
JOT_API jot_scratch *jot_scratch_new(void);

/**
 * Frees a scratch, and with it every view and value that came out of it; NULL
 * is fine.
 */
JOT_API void jot_scratch_free(jot_scratch *scratch);

/**
 * Verifies a token at the instant `now`, in seconds since 1970.
 *
 * Returns `JOT_ACCEPTED` (0) or the first rule that the token breaks, in the order
 * syntax, header, key, signature, claims, revocations, dates. `verdict`, which may be
 * NULL, receives everything known about the token. Its views, and those that
 * `jot_claims_*` and `jot_header_*` return from `scratch`, are valid until the scratch
 * is used again or freed.
 *
 * Returns 2xx, 3xx, 42x, 500, 6xx, 7xx; 15x for wrong arguments; 9xx. Any number
 * of threads may call it at the same time, each with its own scratch and verdict.
 */
JOT_API
uint32_t jot_verifier_verify(const jot_verifier *verifier,
                             jot_slice token,
                             int64_t now,
                             jot_scratch *scratch,
                             jot_verdict *verdict);

/**
 * Verifies a token like `jot_verifier_verify`, but does not read the header and the
 * claims of a token that the cache holds: the fastest call if you need only the code.
 *
 * The verdict is the same, except that `header`, `payload`, `kid` and `typ` are always
 * absent, and the scratch holds no claims afterwards.
 */
JOT_API
uint32_t jot_verifier_check(const jot_verifier *verifier,
                            jot_slice token,
                            int64_t now,
                            jot_scratch *scratch,
                            jot_verdict *verdict);

/**
 * Verifies header and signature of a JWS whose payload need not be a Claims Set. No
 * rule over claims or dates is checked. A revoked key is rejected. The time in which a
 * key is in force is not checked, because no instant is given.
 *
 * `issuer` selects the keys if the verifier knows issuers by name; absent, the only
 * key set is used. `detached` is the payload of a token that does not carry it (RFC
 * 7515 Appendix F, RFC 7797); absent, the token carries it. `verdict->payload`
 * receives the payload's bytes, which for a detached payload are the caller's own; the
 * scratch holds no claims afterwards.
 *
 * Returns the codes of `jot_verifier_verify`, without 6xx; `JOT_PAYLOAD_ATTACHED`;
 * `JOT_ISSUER_UNKNOWN`; `JOT_KEY_REVOKED`.
 */
JOT_API
uint32_t jot_verifier_verify_jws(const jot_verifier *verifier,
                                 jot_slice token,
                                 jot_slice issuer,
                                 jot_slice detached,
                                 jot_scratch *scratch,
                                 jot_verdict *verdict);

/* ========================================================= What was at fault
 *
 * Describes the fault of a rejected token, for logs.
 */

/**
 * The size of a buffer that holds every text of `jot_verdict_detail`, with its NUL.
 */
#define JOT_DETAIL_BYTES 256

/**
 * Describes the fault for a log: the members of `token` that the code is about,
 * such as `kid` and `alg` if no key fitted, the `iss`, the `aud` or a date; the
 * name of the claim; the byte offset. Examples are `unverified kid="old"
 * alg="ES256" iss="https://issuer"` for `JOT_KID_UNKNOWN`, and `aud=["other","x"]`
 * for `JOT_AUD_MISMATCH`.
 *
 * `verdict` is the verdict of `token`, with its views still valid. The text is at most
 * 255 bytes of printable ASCII; quotes, backslashes and all other characters are
 * escaped as in JSON. It is empty for an accepted token and if the code needs no
 * detail. Anybody may have written the text after `unverified`. The text never
 * contains the token, its signature, or the value of a claim about a person or a
 * secret: for `sub`, `nonce` and your own claims it only contains the name.
 *
 * Writes at most `capacity` bytes to `buffer`, including a NUL, and cuts a text that
 * is too long; `length`, unless NULL, receives the full length. Call it only for
 * logging: it reads the token again and allocates. Returns `JOT_ARGUMENT_VALUE` if
 * `verdict->code` is not a code; 15x. Any thread may call it.
 */
JOT_API
uint32_t jot_verdict_detail(const jot_verdict *verdict,
                            jot_slice token,
                            char *buffer,
                            size_t capacity,
                            size_t *length);

/* ================================================= Verifying for one request
 *
 * Demands of a single call, beyond the policy.
 */

/**
 * Demands of one call on its token, in addition to the policy: for a server whose key
 * set, issuer or audience depends on the request.
 *
 * A demand can only narrow what the policy allows; use `jot_policy_any_audience` if
 * only calls name audiences. Set `size` to `sizeof(jot_demand)`; all zero otherwise
 * demands nothing. The caller owns it; the data it points to must be valid only for
 * the call.
 */
typedef struct jot_demand {
  /**
   * `sizeof(jot_demand)`, set by the caller.
   */
  size_t size;
  /**
   * The key set that must verify the token, by the name that
   * `jot_verifier_builder_key_set` gave it. Absent if the verifier has no such sets.
   */
  jot_slice key_set;
  /**
   * The `iss` must be exactly one of these; an empty entry matches no token. NULL
   * demands nothing; a pointer other than NULL with a count of 0 rejects every
   * token.
   */
  const jot_slice *issuers;
  /**
   * The number of `issuers`.
   */
  size_t issuer_count;
  /**
   * The `aud` must be or contain one of these. Otherwise like `issuers`.
   */
  const jot_slice *audiences;
  /**
   * The number of `audiences`.
   */
  size_t audience_count;
} jot_demand;

/**
 * Verifies a token like `jot_verifier_verify`; the token must also meet `demand`. The
 * verifier's cache serves calls with any demand.
 *
 * Returns the codes of `jot_verifier_verify`; `JOT_ISSUER_UNKNOWN` also if the
 * named key set does not exist or none is named; 15x.
 */
JOT_API
uint32_t jot_verifier_verify_for(const jot_verifier *verifier,
                                 jot_slice token,
                                 int64_t now,
                                 const jot_demand *demand,
                                 jot_scratch *scratch,
                                 jot_verdict *verdict);

/* ========================================================= Claims and header
 *
 * Reads the claims and the header of the token that a scratch holds.
 */

/**
 * `null`
 */
#define JOT_NULL 0

/**
 * `true` or `false`
 */
#define JOT_BOOLEAN 1

/**
 * A number.
 */
#define JOT_NUMBER 2

/**
 * A string.
 */
#define JOT_STRING 3

/**
 * An array.
 */
#define JOT_ARRAY 4

/**
 * An object.
 */
#define JOT_OBJECT 5

/**
 * A JSON value of the token that a scratch holds.
 *
 * It is valid until the scratch is used for the next token or freed. A value that is
 * used after the next token returns `JOT_VALUE_STALE`; it must not be used after the
 * scratch is freed. You may read `kind` and `text`; the other members belong to the
 * library.
 */
typedef struct jot_value {
  /**
   * `JOT_NULL`, `JOT_BOOLEAN`, `JOT_NUMBER`, `JOT_STRING`, `JOT_ARRAY` or
   * `JOT_OBJECT`.
   */
  uint32_t kind;
  /**
   * For the library.
   */
  uint32_t node;
  /**
   * For the library.
   */
  uint64_t epoch;
  /**
   * A string with its escapes resolved, which may contain NULs; any other value as
   * the JSON text that was signed.
   */
  jot_slice text;
} jot_value;

/**
 * Finds a claim of the token that the scratch holds.
 *
 * A scratch holds claims after `jot_verifier_verify` if the signature held, even if
 * the token was rejected because of them. Returns `JOT_VALUE_MISSING` if there is no
 * such claim, or no claims at all; 15x. Only the thread that owns the scratch may call
 * it.
 */
JOT_API
uint32_t jot_claims_get(const jot_scratch *scratch,
                        jot_slice name,
                        jot_value *value);

/**
 * Follows the `depth` names at `path` down through nested objects; with a depth of 0
 * it finds the whole Claims Set. Otherwise it works like `jot_claims_get`.
 */
JOT_API
uint32_t jot_claims_path(const jot_scratch *scratch,
                         const jot_slice *path,
                         size_t depth,
                         jot_value *value);

/**
 * Reads a claim that is a string, with its escapes resolved. `text` is valid until the
 * scratch is used again or freed; nothing is copied.
 *
 * Returns the codes of `jot_claims_get`; `JOT_VALUE_TYPE` if the claim is not a
 * string.
 */
JOT_API uint32_t jot_claims_text(const jot_scratch *scratch, jot_slice name, jot_slice *text);

/**
 * Reads a claim that is an integer of 64 bits, written without fraction and exponent.
 * Otherwise it works like `jot_claims_text`.
 */
JOT_API
uint32_t jot_claims_integer(const jot_scratch *scratch,
                            jot_slice name,
                            int64_t *integer);

/**
 * Reads a claim that is a number as the nearest double, which is infinite for a number
 * beyond its range. Otherwise it works like `jot_claims_text`.
 */
JOT_API uint32_t jot_claims_number(const jot_scratch *scratch, jot_slice name, double *number);

/**
 * Reads a claim that is `true` (1) or `false` (0). Otherwise it works like
 * `jot_claims_text`.
 */
JOT_API
uint32_t jot_claims_boolean(const jot_scratch *scratch,
                            jot_slice name,
                            uint32_t *boolean);

/**
 * Reads a claim that is a NumericDate: its whole seconds, rounded towards the past.
 * Otherwise it works like `jot_claims_text`.
 */
JOT_API uint32_t jot_claims_date(const jot_scratch *scratch, jot_slice name, int64_t *seconds);

/**
 * Returns `true` if the token that the scratch holds grants a scope, in `scope` (one
 * string, scopes separated by spaces) or in `scp` (an array, or such a string). This
 * is the check of `jot_policy_scope`, for a server whose routes need different scopes.
 * Returns `false` in every other case: for NULL, for a scratch that holds no claims,
 * for a `scope` or `scp` of another type.
 *
 * Call it only for accepted tokens. The code of a request that lacks a scope is
 * `JOT_SCOPE_INSUFFICIENT`. Only the thread that owns the scratch may call it.
 */
JOT_API bool jot_claims_has_scope(const jot_scratch *scratch, jot_slice scope);

/**
 * Tells whether the `depth` names at `path` lead to an array that has this
 * string among its elements, such as a role: what the test `contains`
 * of a condition demands. Otherwise as `jot_claims_has_scope`.
 */
JOT_API
bool jot_claims_contains(const jot_scratch *scratch,
                         const jot_slice *path,
                         size_t depth,
                         jot_slice element);

/**
 * Finds a Header Parameter of the token that the scratch holds. It is unverified
 * unless the signature held.
 *
 * A scratch holds a header after `jot_verifier_verify` and
 * `jot_verifier_verify_jws` if it is well formed. Returns the codes of
 * `jot_claims_get`.
 */
JOT_API
uint32_t jot_header_get(const jot_scratch *scratch,
                        jot_slice name,
                        jot_value *value);

/**
 * Follows names through the header, like `jot_claims_path` through the claims.
 */
JOT_API
uint32_t jot_header_path(const jot_scratch *scratch,
                         const jot_slice *path,
                         size_t depth,
                         jot_value *value);

/**
 * Finds the member of an object with this name.
 *
 * Returns `JOT_VALUE_TYPE` if `value` is not an object; `JOT_VALUE_MISSING`;
 * `JOT_VALUE_STALE`; 15x. Only the thread that owns the scratch may call it.
 */
JOT_API
uint32_t jot_value_member(const jot_scratch *scratch,
                          const jot_value *value,
                          jot_slice name,
                          jot_value *member);

/**
 * Iterates over the members of an object or the elements of an array. Set `*cursor` to
 * 0 before the first call; each call advances it. `name`, which may be NULL, receives
 * the member's name, or an absent view in an array.
 *
 * ```c
 * jot_value member;
 * jot_slice name;
 * for (uint32_t at = 0; jot_value_next(scratch, &object, &at, &name, &member) == 0;)
 *     …
 * ```
 *
 * Returns `JOT_VALUE_MISSING` after the last one; `JOT_VALUE_TYPE` if `value` is
 * neither; `JOT_VALUE_STALE`; 15x. Only the thread that owns the scratch may call
 * it.
 */
JOT_API
uint32_t jot_value_next(const jot_scratch *scratch,
                        const jot_value *value,
                        uint32_t *cursor,
                        jot_slice *name,
                        jot_value *next);

/**
 * Reads a value, like `jot_claims_integer` a claim.
 *
 * Returns `JOT_VALUE_TYPE`; 15x. Only the thread that owns the scratch may call
 * it.
 */
JOT_API uint32_t jot_value_integer(const jot_value *value, int64_t *integer);

/**
 * Reads a value, like `jot_claims_number` a claim. Otherwise it works like
 * `jot_value_integer`.
 */
JOT_API uint32_t jot_value_number(const jot_value *value, double *number);

/**
 * Reads a value, like `jot_claims_boolean` a claim. Otherwise it works like
 * `jot_value_integer`.
 */
JOT_API uint32_t jot_value_boolean(const jot_value *value, uint32_t *boolean);

/* ====================================================================== Keys
 *
 * Keys.
 */

/**
 * Accepts keys below the minimum size: RSA from 1024 bits instead of 2048, and HMAC
 * secrets from one byte instead of the length of the hash output. Such keys can be
 * broken or guessed. RSA keys below 2048 bits verify and sign RS256 and RS512 only.
 */
#define JOT_ALLOW_WEAK_KEYS 1

/**
 * Reads the members `nbf` and `exp` of a JWK, NumericDates between which the key is in
 * force: an audit verifies last month's tokens with last month's keys. RFC 7517 does
 * not define these members, so they are ignored by default.
 */
#define JOT_DATED_KEYS 2

/**
 * Takes every certificate of a PEM text. By default a certificate that issued another
 * one in the text is skipped (`JOT_KEY_OF_AUTHORITY`): only the leaf of a chain signs
 * tokens.
 */
#define JOT_ALL_CERTIFICATES 4

/**
 * Reads the validity of X.509 certificates, in PEM, DER or the `x5c` of a JWK: the dates
 * between which the key is in force. By default it is not looked at: certificates of
 * signing keys are often left to expire, because the JWK Set says which keys are in use.
 */
#define JOT_CERTIFICATE_VALIDITY 8

/**
 * Options for reading a key. All zero except `size` is the default.
 *
 * The caller owns it; its views must be valid only for the call.
 */
typedef struct jot_key_options {
  /**
   * `sizeof(jot_key_options)`, set by the caller.
   */
  size_t size;
  /**
   * Binds the key to this algorithm if the key itself names none; a JWK that has an
   * `alg` must have this one. 0 for none.
   */
  uint32_t alg;
  /**
   * `JOT_ALLOW_WEAK_KEYS`, `JOT_DATED_KEYS`, `JOT_ALL_CERTIFICATES` and
   * `JOT_CERTIFICATE_VALIDITY`, or-ed together; or 0.
   */
  uint32_t flags;
  /**
   * Gives the key this `kid` if it has none itself; absent for none.
   */
  jot_slice kid;
} jot_key_options;

/**
 * A description of a key, without its secret.
 */
typedef struct jot_key_info {
  /**
   * `sizeof(jot_key_info)`, set by the caller.
   */
  size_t size;
  /**
   * The algorithms that the key verifies: bit `alg` for each, as in
   * `1u << JOT_ES256`.
   */
  uint32_t algs;
  /**
   * The algorithm that the key signs with; 0 for a key that only verifies.
   */
  uint32_t alg;
  /**
   * The `kid`; absent if the key has none.
   */
  jot_slice kid;
  /**
   * The `kty`, such as `RSA`.
   */
  jot_slice kty;
  /**
   * The `crv`, such as `P-256`; absent if the type has none.
   */
  jot_slice crv;
  /**
   * The JWK Thumbprint with SHA-256 in base64url (RFC 7638), for
   * `jot_revocations_revoke_key`. Whoever has the thumbprint of an HMAC secret can
   * test guesses of the secret.
   */
  jot_slice thumbprint;
  /**
   * `JOT_HAS_NBF` and `JOT_HAS_EXP`, or-ed together, for a key that is in force for
   * only part of the time; see `JOT_DATED_KEYS`.
   */
  uint32_t flags;
  /**
   * 0.
   */
  uint32_t reserved;
  /**
   * The beginning of the time in which the key is in force, in seconds since 1970; 0
   * without `JOT_HAS_NBF`.
   */
  int64_t not_before;
  /**
   * The end of that time, from which on the key is no longer in force; 0 without
   * `JOT_HAS_EXP`.
   */
  int64_t expires_at;
} jot_key_info;

/**
 * Makes an empty key set. The caller owns it and frees it with `jot_key_set_free`.
 * Any thread may call it.
 */
JOT_API jot_key_set *jot_key_set_new(void);

/**
 * Makes the key set of an issuer whose keys are still to be fetched. Give it to a verifier
 * in the place of keys: tokens of the issuer are then `JOT_KEYS_NOT_YET`, which is 503 and
 * not 401, until `jot_verifier_replace_keys` brings the keys. The caller owns it and frees
 * it with `jot_key_set_free`. Any thread may call it.
 */
JOT_API jot_key_set *jot_key_set_not_yet(void);

/**
 * Makes the key set of an issuer whose keys could not be fetched again for too long: like
 * that of `jot_key_set_not_yet`, with `JOT_KEYS_STALE`. The caller owns it and frees it with
 * `jot_key_set_free`. Any thread may call it.
 */
JOT_API jot_key_set *jot_key_set_stale(void);

/**
 * Adds the keys of a JWK Set (RFC 7517 §5). A key that cannot be used, for any reason,
 * is skipped; see `jot_key_set_skipped`.
 *
 * `options` and `error` may be NULL. On an error no key is added; with
 * `JOT_KEY_SET_EMPTY` every key was skipped, and `jot_key_set_skipped` returns the
 * reasons. Returns 4xx, chiefly `JOT_KEY_JSON` and `JOT_KEY_SET_EMPTY` if no key
 * can be used; `JOT_KEY_SET_FROZEN`; 15x.
 */
JOT_API
uint32_t jot_key_set_add_jwks(jot_key_set *set,
                              jot_slice jwks,
                              const jot_key_options *options,
                              jot_error *error);

/**
 * Adds the key of a JWK (RFC 7517), private or public. Otherwise it works like
 * `jot_key_set_add_jwks`, but a key that cannot be used is an error.
 */
JOT_API
uint32_t jot_key_set_add_jwk(jot_key_set *set,
                             jot_slice jwk,
                             const jot_key_options *options,
                             jot_error *error);

/**
 * Adds the only key in a PEM text: `PUBLIC KEY`, `RSA PUBLIC KEY`, `CERTIFICATE`, or
 * the public part of `PRIVATE KEY`, `RSA PRIVATE KEY` or `EC PRIVATE KEY`. Only the
 * key of a certificate is read. Otherwise it works like `jot_key_set_add_jwk`, and
 * returns `JOT_KEY_PEM_INVALID` if there is more than one key.
 */
JOT_API
uint32_t jot_key_set_add_pem(jot_key_set *set,
                             jot_slice pem,
                             const jot_key_options *options,
                             jot_error *error);

/**
 * Adds every key in a PEM text, such as several certificates. A block that cannot be
 * used is skipped, and so is a certificate that issued another one in the text, unless
 * `JOT_ALL_CERTIFICATES` is set. Otherwise it works like `jot_key_set_add_jwks`.
 */
JOT_API
uint32_t jot_key_set_add_pem_bundle(jot_key_set *set,
                                    jot_slice pem,
                                    const jot_key_options *options,
                                    jot_error *error);

/**
 * Adds the keys of a JWK Set, a JWK or PEM. A text that begins with a brace or bracket
 * is JSON. Otherwise it works like `jot_key_set_add_jwks`, for a JWK like
 * `jot_key_set_add_jwk`, and for PEM like `jot_key_set_add_pem_bundle`.
 */
JOT_API
uint32_t jot_key_set_add_text(jot_key_set *set,
                              jot_slice text,
                              const jot_key_options *options,
                              jot_error *error);

/**
 * Adds a key in DER: a SubjectPublicKeyInfo, an RSAPublicKey, an X.509
 * certificate, or the public part of a private key. Otherwise it works like
 * `jot_key_set_add_jwk`.
 */
JOT_API
uint32_t jot_key_set_add_der(jot_key_set *set,
                             jot_slice der,
                             const jot_key_options *options,
                             jot_error *error);

/**
 * Adds an HMAC secret, byte for byte. Without `options->alg` the key is bound to those
 * of HS256, HS384 and HS512 whose hash output is not longer than the secret. A secret
 * that is a key in PEM, DER, JWK or SSH format is rejected, even if weak keys are
 * allowed. Otherwise it works like `jot_key_set_add_jwk`.
 */
JOT_API
uint32_t jot_key_set_add_secret(jot_key_set *set,
                                jot_slice secret,
                                const jot_key_options *options,
                                jot_error *error);

/**
 * Returns the number of keys; 0 for NULL.
 */
JOT_API size_t jot_key_set_len(const jot_key_set *set);

/**
 * Describes the key at `index`, counted from 0 in the order in which the keys were
 * added. A verdict names the same index. The views in `info` are valid until the set
 * is changed or freed.
 *
 * Returns `JOT_VALUE_MISSING` if there is no such key; 15x.
 */
JOT_API
uint32_t jot_key_set_key(const jot_key_set *set,
                         size_t index,
                         jot_key_info *info);

/**
 * Returns how many keys were skipped because they cannot be used; 0 for NULL.
 */
JOT_API size_t jot_key_set_skipped_len(const jot_key_set *set);

/**
 * Describes a skipped key and the reason. `position`, unless NULL, receives its
 * position in the `keys` of its JWK Set or among the blocks of its PEM text; `kid`,
 * unless NULL, its `kid` or an absent view, which is valid until the set is changed or
 * freed; `why`, unless NULL, the code of the reason.
 *
 * Returns `JOT_VALUE_MISSING` if there is no such key; 15x.
 */
JOT_API
uint32_t jot_key_set_skipped(const jot_key_set *set,
                             size_t index,
                             size_t *position,
                             jot_slice *kid,
                             jot_error *why);

/**
 * Writes one line about the first eight skipped keys and their reasons, and the number
 * of further ones; the line is empty if no key was skipped. As with
 * `jot_error_message`, it is cut to `buffer` of `capacity` bytes and ended by a NUL;
 * `length`, unless NULL, receives its full length.
 *
 * A `kid` in it has the spelling of the key's owner, with control characters escaped.
 *
 * Returns 15x for wrong arguments.
 */
JOT_API
uint32_t jot_key_set_reasons(const jot_key_set *set,
                             char *buffer,
                             size_t capacity,
                             size_t *length);

/**
 * Returns a sentence if an HMAC secret of the set may not be the bytes that its owner
 * meant: it ends with a line break, or it looks like base64 or hexadecimal. Absent
 * if there is no such secret, and for NULL. Log it if a token of these keys is
 * `JOT_SIGNATURE_INVALID` with an HMAC algorithm. It holds no byte of the secret
 * and lives as long as the program.
 */
JOT_API jot_slice jot_key_set_secret_doubt(const jot_key_set *set);

/**
 * Writes the public keys as a JWK Set.
 *
 * Returns `JOT_KEY_SECRET_NOT_PUBLIC` if a key is an HMAC secret; 15x.
 */
JOT_API
uint32_t jot_key_set_to_jwks(const jot_key_set *set,
                             jot_text *jwks,
                             jot_error *error);

/**
 * Writes the key at `index` as a SubjectPublicKeyInfo in PEM (`PUBLIC KEY`).
 *
 * Returns `JOT_KEY_SECRET_NOT_PUBLIC` for an HMAC secret; `JOT_VALUE_MISSING` if
 * there is no such key; 15x.
 */
JOT_API
uint32_t jot_key_set_to_pem(const jot_key_set *set,
                            size_t index,
                            jot_text *pem,
                            jot_error *error);

/**
 * Verifies `signature` over `message` under `alg` with the key at `index`, for
 * messages other than tokens that are signed with an algorithm of RFC 7518. Nothing
 * else is checked, neither the `kid` nor the time in which the key is in force. An
 * ECDSA signature is R followed by S (RFC 7518 §3.4).
 *
 * Returns 0 if it holds; `JOT_SIGNATURE_INVALID`, also if the key is not bound to
 * `alg`; 15x. Any thread may call it.
 */
JOT_API
uint32_t jot_key_set_check_signature(const jot_key_set *set,
                                     size_t index,
                                     uint32_t alg,
                                     jot_slice message,
                                     jot_slice signature);

/**
 * Frees a key set; NULL is fine. Verifiers that were built with it keep their keys.
 */
JOT_API void jot_key_set_free(jot_key_set *set);

/* ============================================ How keys at a URL are followed
 *
 * How the keys at a URL are followed.
 */

/**
 * Removes a key only after two answers in a row without it. By default a key is refused
 * after the first answer without it.
 */
#define JOT_ABSENT_TWICE 1

/**
 * Allows `http` to this machine, for tests and for proxies beside the program.
 */
#define JOT_ALLOW_LOOPBACK 2

/**
 * How keys are followed. Times are in seconds. Let `jot_keeper_options_default` fill it
 * in, and change what should be different.
 */
typedef struct jot_keeper_options {
  /**
   * `sizeof(jot_keeper_options)`, set by the caller.
   */
  size_t size;
  /**
   * How long an answer is fresh that does not say so itself; 600.
   */
  uint32_t fresh;
  /**
   * The least time that an answer may say; 60.
   */
  uint32_t least_fresh;
  /**
   * The longest time that an answer may say; 3600.
   */
  uint32_t most_fresh;
  /**
   * How long keys stay in use, counted from the last success, if they cannot be
   * fetched again: 86400. With 0 only while they are fresh, with `JOT_NONE` for ever.
   */
  uint32_t serve_stale_for;
  /**
   * How long after a fetch for an unknown `kid` no other such fetch is made; 30.
   */
  uint32_t cool_down;
  /**
   * How long a whole fetch may take; 5.
   */
  uint32_t timeout;
  /**
   * The most keys that an answer may have; 256.
   */
  uint32_t most_keys;
  /**
   * How many keys of the past are remembered; 1024.
   */
  uint32_t remembered;
  /**
   * `JOT_ABSENT_TWICE` and `JOT_ALLOW_LOOPBACK`, or-ed together; or 0.
   */
  uint32_t flags;
  /**
   * The algorithms of the policy, bit `alg` for each, as in `1u << JOT_ES256`:
   * answers in which no key verifies with one of them are refused. 0 for any.
   */
  uint32_t algs;
  /**
   * The algorithm for keys that name none; 0 for none.
   */
  uint32_t key_alg;
  /**
   * The flags of `jot_key_options`.
   */
  uint32_t key_flags;
  /**
   * The longest answer in bytes; 1048576.
   */
  size_t most_bytes;
} jot_keeper_options;

/**
 * Fills in the defaults. Returns 15x for wrong arguments. Any thread may call it.
 */
JOT_API uint32_t jot_keeper_options_default(jot_keeper_options *options);

/* ============================================================= Keys at a URL
 *
 * A `jot_keeper` follows the keys that an issuer publishes at a URL, without a thread,
 * a clock or a socket of its own: an event loop makes its requests. `jot_fetch.h` has a
 * thread that does all of this.
 *
 * ```c
 * jot_request request = {.size = sizeof request};
 * jot_keeper_poll(keeper, now, &request);
 * if (request.ticket == 0) …              // sleep until request.until
 * else …                                  // GET request.url, and when it ends:
 * jot_keeper_answer(keeper, ticket, &reply, now, &change, &error);
 * if (change == JOT_CHANGE_KEYS) …        // jot_keeper_keys, jot_verifier_replace_keys
 * ```
 */

/**
 * How the keys of an issuer do, for logs and metrics. Instants are `INT64_MIN` for none.
 */
typedef struct jot_health {
  /**
   * `sizeof(jot_health)`, set by the caller.
   */
  size_t size;
  /**
   * When the keys were fetched or confirmed last.
   */
  int64_t last_success;
  /**
   * Until when the keys are fresh.
   */
  int64_t fresh_until;
  /**
   * When the next fetch is due, or the one under way is given up.
   */
  int64_t next_fetch;
  /**
   * The code of what was wrong with the last fetch; 0 if it succeeded.
   */
  uint32_t error;
  /**
   * How many fetches failed since the last success.
   */
  uint32_t failures;
  /**
   * How many requests were asked for.
   */
  uint64_t fetches;
  /**
   * How many answers brought or confirmed keys.
   */
  uint64_t successes;
  /**
   * How often an unknown `kid` was refused without a fetch.
   */
  uint64_t refused;
  /**
   * How many keys are in force.
   */
  size_t keys;
} jot_health;

/**
 * Follows the keys at a URL: a JWK Set, a JWK, PEM, or an object of PEM by `kid`. `seed`
 * is any number that differs between processes, so that they do not all ask at the same
 * time. `options` and `error` may be NULL.
 *
 * The caller owns `*keeper` and frees it with `jot_keeper_free`. Returns
 * `JOT_URL_REFUSED` unless the URL is one of `https`; 15x.
 */
JOT_API
uint32_t jot_keeper_new(jot_slice url,
                        const jot_keeper_options *options,
                        uint64_t seed,
                        jot_keeper **keeper,
                        jot_error *error);

/**
 * Follows the keys that an issuer's OpenID configuration names (OpenID Connect Discovery
 * 1.0 §4). `issuer` is the `iss` of its tokens. Otherwise it works like `jot_keeper_new`.
 */
JOT_API
uint32_t jot_keeper_new_issuer(jot_slice issuer,
                               const jot_keeper_options *options,
                               uint64_t seed,
                               jot_keeper **keeper,
                               jot_error *error);

/**
 * Follows the keys that an authorization server's metadata name (RFC 8414 §3). Otherwise
 * it works like `jot_keeper_new_issuer`.
 */
JOT_API
uint32_t jot_keeper_new_authorization_server(jot_slice issuer,
                                             const jot_keeper_options *options,
                                             uint64_t seed,
                                             jot_keeper **keeper,
                                             jot_error *error);

/**
 * Returns the keys to verify with at this instant, as a set that cannot be changed. Where
 * there are none, it is an empty set for `jot_verifier_builder_issuer` and
 * `jot_verifier_replace_keys`, with which tokens are `JOT_KEYS_NOT_YET` or
 * `JOT_KEYS_STALE`: 503, not 401.
 *
 * The caller owns `*set` and frees it with `jot_key_set_free`. Returns 15x for wrong
 * arguments.
 */
JOT_API
uint32_t jot_keeper_keys(const jot_keeper *keeper,
                         int64_t now,
                         jot_key_set **set);

/**
 * Makes a budget of this many fetches in any window of this many seconds. The caller
 * owns it and frees it with `jot_budget_free`. Any thread may call it.
 */
JOT_API jot_budget *jot_budget_new(uint32_t fetches, uint32_t seconds);

/**
 * Frees a budget; NULL is fine.
 */
JOT_API void jot_budget_free(jot_budget *budget);

/**
 * Says what to do about a token that is `JOT_KID_UNKNOWN`: its issuer may have published
 * a new key. `*pending` becomes 1 if a fetch is due or under way: poll, and verify the
 * token again after the answer; if the fetch fails, the answer is 503. It becomes 0 if
 * the token is refused: it was fetched a short while ago, or the budget is spent.
 *
 * Returns 15x for wrong arguments.
 */
JOT_API
uint32_t jot_keeper_unknown_kid(jot_keeper *keeper,
                                jot_budget *budget,
                                int64_t now,
                                uint32_t *pending);

/**
 * Asks for a fetch as soon as possible, whatever the cool-down says: for operators, not
 * for requests. Returns 15x for wrong arguments.
 */
JOT_API uint32_t jot_keeper_refresh_now(jot_keeper *keeper, int64_t now);

/**
 * Takes another seed, and plans the next fetch anew: for the child of a `fork`, whose copy
 * of a keeper would otherwise fetch whenever its parent and siblings do. Returns 15x for
 * wrong arguments.
 */
JOT_API uint32_t jot_keeper_reseed(jot_keeper *keeper, uint64_t seed);

/**
 * Describes how the keys do. Returns 15x for wrong arguments.
 */
JOT_API uint32_t jot_keeper_health(const jot_keeper *keeper, jot_health *health);

/**
 * Returns how many key sets there were so far, one for each change: what an audit of the past
 * needs. 0 for NULL.
 */
JOT_API size_t jot_keeper_snapshots(const jot_keeper *keeper);

/**
 * Returns the key set with this number, counted from 0 for the oldest, and since when it was
 * seen in `*since`. Only as many keys are remembered as the options say.
 *
 * The caller owns `*set` and frees it with `jot_key_set_free`; `jotctl audit` reads the JWK
 * Set of `jot_key_set_to_jwks` from a file that is named by the instant. Returns
 * `JOT_ARGUMENT_VALUE` if there is no such set; 15x.
 */
JOT_API
uint32_t jot_keeper_snapshot(const jot_keeper *keeper,
                             size_t number,
                             int64_t *since,
                             jot_key_set **set);

/**
 * Writes what is known as JSON, for the next start: the keys, since when, and those that
 * were seen before. Keep it where nobody else can write. Returns 15x for wrong arguments.
 */
JOT_API uint32_t jot_keeper_save(const jot_keeper *keeper, jot_text *text);

/**
 * Goes on from what another process saved. The first fetch is due at once all the same;
 * until it ends, the keys may be used for as long as they could have been then. `error`
 * may be NULL.
 *
 * Returns `JOT_SAVED_KEYS_INVALID`, also for the text of a keeper of another URL; 15x.
 */
JOT_API
uint32_t jot_keeper_restore(jot_keeper *keeper,
                            jot_slice saved,
                            jot_error *error);

/**
 * Frees a keeper; NULL is fine. Key sets that it handed out stay valid.
 */
JOT_API void jot_keeper_free(jot_keeper *keeper);

/* ============================================================= Fetching them
 *
 * The requests of a keeper, and what comes of them.
 */

/**
 * There was a response.
 */
#define JOT_REPLIED 0

/**
 * There was none: no address, no connection, no valid certificate, cut off.
 */
#define JOT_FAILED 1

/**
 * The request was given up after its time.
 */
#define JOT_TIMED_OUT 2

/**
 * Other keys are in force: hand them to the verifiers.
 */
#define JOT_CHANGE_KEYS 1

/**
 * The keys in force were confirmed.
 */
#define JOT_CHANGE_CONFIRMED 2

/**
 * The keys are at another URL: poll now.
 */
#define JOT_CHANGE_ELSEWHERE 3

/**
 * Nothing: the request had been given up before.
 */
#define JOT_CHANGE_LATE 4

/**
 * A GET request that a keeper wants, or until when it wants none. Its views are valid
 * until the keeper is used again.
 */
typedef struct jot_request {
  /**
   * `sizeof(jot_request)`, set by the caller.
   */
  size_t size;
  /**
   * What the answer belongs to; 0 if there is nothing to fetch.
   */
  uint64_t ticket;
  /**
   * When to poll again, if there is nothing to fetch.
   */
  int64_t until;
  /**
   * An absolute URL. Do not follow redirects.
   */
  jot_slice url;
  /**
   * The value of `If-None-Match`; absent for none.
   */
  jot_slice etag;
  /**
   * The value of `If-Modified-Since`; absent for none.
   */
  jot_slice last_modified;
  /**
   * The bytes after which the body need not be read any further. One byte more than
   * these tells the keeper that it is too long.
   */
  size_t most_bytes;
  /**
   * The seconds after which the whole request is given up.
   */
  uint32_t timeout;
  /**
   * 0.
   */
  uint32_t reserved;
  /**
   * The value of `Accept`. A caller with a smaller `size` does without.
   */
  jot_slice accept;
} jot_request;

/**
 * A header field. One that is not UTF-8 is ignored.
 */
typedef struct jot_field {
  /**
   * Its name, in any case.
   */
  jot_slice name;
  /**
   * Its value.
   */
  jot_slice value;
} jot_field;

/**
 * How a request ended. Its views must be valid only for the call.
 */
typedef struct jot_reply {
  /**
   * `sizeof(jot_reply)`, set by the caller.
   */
  size_t size;
  /**
   * `JOT_REPLIED`, `JOT_FAILED` or `JOT_TIMED_OUT`.
   */
  uint32_t outcome;
  /**
   * The status code.
   */
  uint32_t status;
  /**
   * The header fields; NULL only if there are none.
   */
  const jot_field *fields;
  /**
   * How many there are.
   */
  size_t field_count;
  /**
   * The body, decoded from what Content-Encoding says.
   */
  jot_slice body;
} jot_reply;

/**
 * Says what to do at this instant: make a request, or sleep. Call it at the start, after
 * every answer, after a `JOT_KID_UNKNOWN` that is pending, and at the end of a sleep.
 *
 * At most one request is under way at a time; one whose answer does not come is given up
 * one second after its time. Returns 15x for wrong arguments.
 */
JOT_API uint32_t jot_keeper_poll(jot_keeper *keeper, int64_t now, jot_request *request);

/**
 * Takes how the request with this ticket ended. `*change` becomes a `JOT_CHANGE_…`.
 * `error` may be NULL.
 *
 * Returns what is wrong with the answer: 43x, 44x, 452 to 459, `JOT_KEY_SET_EMPTY`,
 * `JOT_KEY_NOT_FOR_ALG`; then the keys stay in use for as long as the options say. 15x
 * for wrong arguments: then the keeper still waits.
 */
JOT_API
uint32_t jot_keeper_answer(jot_keeper *keeper,
                           uint64_t ticket,
                           const jot_reply *reply,
                           int64_t now,
                           uint32_t *change,
                           jot_error *error);

/* ========================================================= Tokens of a batch
 *
 * The tokens of a batch: views, or a column in an Arrow layout. Every range is
 * checked before it is read.
 */

/**
 * A view for each token, in `slices`. A view whose `ptr` is NULL is a row without a
 * token.
 */
#define JOT_SLICES 0

/**
 * The Arrow layout of a string or binary column, with `int32_t` offsets.
 */
#define JOT_ARROW32 1

/**
 * The same with `int64_t` offsets: a large string or large binary column.
 */
#define JOT_ARROW64 2

/**
 * The Arrow layout of a string view or binary view column.
 */
#define JOT_ARROW_VIEWS 3

/**
 * The Arrow layout of a dictionary column: indices into a column of values.
 */
#define JOT_ARROW_DICTIONARY 4

/**
 * `offsets_bytes` and `validity_bytes` give the lengths of these buffers, and a buffer
 * that is too short for its rows is rejected. Without this flag the buffers are
 * assumed to be long enough.
 */
#define JOT_BOUNDED 1

/**
 * The indices of a dictionary column are unsigned.
 */
#define JOT_UNSIGNED_INDICES 2

/**
 * The tokens of a batch, in the caller's memory; never copied. They must not change
 * during the call. A column without rows needs no buffers.
 */
typedef struct jot_tokens {
  /**
   * `sizeof(jot_tokens)`, set by the caller.
   */
  size_t size;
  /**
   * `JOT_SLICES`, `JOT_ARROW32`, `JOT_ARROW64`, `JOT_ARROW_VIEWS` or
   * `JOT_ARROW_DICTIONARY`.
   */
  uint32_t layout;
  /**
   * `JOT_BOUNDED` and `JOT_UNSIGNED_INDICES`, or-ed together; or 0.
   */
  uint32_t flags;
  /**
   * The number of rows.
   */
  size_t rows;
  /**
   * For `JOT_SLICES`: a view for each row.
   */
  const jot_slice *slices;
  /**
   * For `JOT_ARROW32` and `JOT_ARROW64`: the bytes of all tokens.
   */
  jot_slice data;
  /**
   * For Arrow: `offset + rows + 1` offsets into `data`, aligned; or
   * `offset + rows` views of 16 bytes; or as many indices.
   */
  const void *offsets;
  /**
   * For Arrow: a bit for each row, lowest bit of a byte first, that is set if there
   * is a token; NULL if no row is null.
   */
  const uint8_t *validity;
  /**
   * For Arrow: the row of `offsets` and `validity` to begin with, as in
   * `ArrowArray.offset`; 0 for a column that was not sliced.
   */
  size_t offset;
  /**
   * The bytes at `offsets`, with `JOT_BOUNDED`.
   */
  size_t offsets_bytes;
  /**
   * The bytes at `validity`, with `JOT_BOUNDED`.
   */
  size_t validity_bytes;
  /**
   * For `JOT_ARROW_VIEWS`: the buffers that long views point into.
   */
  const jot_slice *buffers;
  /**
   * The number of `buffers`.
   */
  size_t buffer_count;
  /**
   * For `JOT_ARROW_DICTIONARY`: the values, a `jot_tokens` of any layout;
   * dictionaries may be nested up to four deep.
   */
  const void *dictionary;
  /**
   * For `JOT_ARROW_DICTIONARY`: the size of an index in bytes, 1, 2, 4 or 8.
   */
  size_t index_bytes;
} jot_tokens;

/* =================================================================== Batches
 *
 * Verifying many tokens at once.
 */

/**
 * `key_state`: the key was in force.
 */
#define JOT_STATE_ACTIVE 1

/**
 * `key_state`: the key was no longer in force.
 */
#define JOT_STATE_RETIRED 2

/**
 * `key_state`: the key was not in force yet.
 */
#define JOT_STATE_NOT_YET_VALID 3

/**
 * `key_state`: no key has the token's `kid`.
 */
#define JOT_STATE_UNKNOWN 4

/**
 * `time_ok`: the dates were not checked.
 */
#define JOT_TIME_OK_UNKNOWN 2

/**
 * The batch calls this function after each chunk of tokens, with `user`, the number of
 * distinct tokens done so far, and their total. A return value other than 0 cancels
 * the rest of the batch.
 *
 * The batch's threads call it concurrently: the numbers may arrive out of order, and
 * further calls may follow the one that cancels. It must return: no `longjmp`, no
 * exception.
 */
typedef int (*jot_progress)(void *user, size_t done, size_t total);

/**
 * The instants at which the tokens of a batch are judged, and a progress function.
 */
typedef struct jot_batch_options {
  /**
   * `sizeof(jot_batch_options)`, set by the caller.
   */
  size_t size;
  /**
   * The instant for all rows, in seconds since 1970, unless `as_of` is
   * given.
   */
  int64_t now;
  /**
   * An instant for each row; NULL for `now`.
   */
  const int64_t *as_of;
  /**
   * The progress function, or NULL.
   */
  jot_progress progress;
  /**
   * The first argument of `progress`.
   */
  void *user;
  /**
   * A byte for each row: 0 if its instant is unknown, whatever `as_of` has; NULL if
   * all are known. Not read without `as_of`. A token whose instant is unknown is
   * never accepted: if it meets every rule that needs none, its code is
   * `JOT_TIME_UNKNOWN`.
   */
  const uint8_t *as_of_known;
} jot_batch_options;

/**
 * Columns in the caller's memory, aligned, with an entry for each row. `codes` is
 * required; the others are not written if they are NULL.
 */
typedef struct jot_columns {
  /**
   * `sizeof(jot_columns)`, set by the caller.
   */
  size_t size;
  /**
   * The code of each row; 0 is accepted, `JOT_TOKEN_NULL` is a row without a token,
   * `JOT_BATCH_CANCELLED` a row that was not reached.
   */
  uint32_t *codes;
  /**
   * `JOT_SIGNATURE_OK`, `JOT_FROM_CACHE`, `JOT_REPEATED`, `JOT_HAS_EXP`,
   * `JOT_HAS_NBF`, `JOT_HAS_IAT`, or-ed together.
   */
  uint8_t *flags;
  /**
   * The number of the issuer whose key verified; `JOT_NONE` if none did.
   */
  uint32_t *issuer_index;
  /**
   * The index of the key in its set; `JOT_NONE` if none verified.
   */
  uint32_t *key_index;
  /**
   * The whole seconds of `exp`, rounded towards the past; 0 if unknown.
   */
  int64_t *expires_at;
  /**
   * The whole seconds of `nbf`, likewise.
   */
  int64_t *not_before;
  /**
   * The whole seconds of `iat`, likewise.
   */
  int64_t *issued_at;
  /**
   * The first row with the same token, which may be the row itself; `JOT_NONE` for a
   * row without a token.
   */
  uint32_t *first_row;
  /**
   * The claims that the batch keeps for `jot_batch_claim`, such as
   * `JOT_CLAIM_SUBJECT`, or-ed together; 0 for none. They take about 80 bytes for
   * each row and the texts of each distinct token; tokens that the cache holds must
   * then be decoded too.
   */
  uint32_t claims;
  /**
   * The names in the headers that the batch keeps for `jot_batch_unverified`:
   * `JOT_UNVERIFIED_ALG` and `JOT_UNVERIFIED_KID`, or-ed together; 0 for none. They
   * take 8 bytes for each row and the texts that differ.
   */
  uint32_t unverified;
  /**
   * The state of the verifying key at the row's instant: `JOT_STATE_ACTIVE`,
   * `JOT_STATE_RETIRED` or `JOT_STATE_NOT_YET_VALID`; `JOT_STATE_UNKNOWN` if no key
   * has the `kid`; otherwise 0.
   */
  uint8_t *key_state;
  /**
   * 1 if the dates of the token and of its key were met, 0 if not,
   * `JOT_TIME_OK_UNKNOWN` if the token was rejected before its dates were checked.
   */
  uint8_t *time_ok;
  /**
   * The row's instant minus `expires_at` if the code is `JOT_EXPIRED`; otherwise 0.
   */
  int64_t *expired_by_seconds;
} jot_columns;

/**
 * The totals of a batch.
 */
typedef struct jot_batch_report {
  /**
   * `sizeof(jot_batch_report)`, set by the caller.
   */
  size_t size;
  /**
   * The number of rows, including those without a token.
   */
  size_t rows;
  /**
   * The number of accepted rows.
   */
  size_t accepted;
  /**
   * The number of distinct tokens.
   */
  size_t distinct;
  /**
   * 1 if `progress` cancelled the batch, otherwise 0.
   */
  uint32_t cancelled;
  /**
   * 0.
   */
  uint32_t reserved;
} jot_batch_report;

/**
 * Makes a batch that works on this many threads: 1 is only the calling thread, 0 means
 * one for each processor.
 *
 * The caller owns `*batch` and frees it with `jot_batch_free`. Returns
 * `JOT_BATCH_INVALID` for more than 1024; `JOT_INTERNAL` if the system cannot
 * start that many, in which case none stays; 15x.
 */
JOT_API uint32_t jot_batch_new(size_t threads, jot_batch **batch, jot_error *error);

/**
 * Verifies the tokens and fills the columns, in the order of the tokens.
 *
 * The verdict of each row is that of `jot_verifier_verify` at the row's instant.
 * `report` and `error` may be NULL. Returns 0 regardless of the verdicts, even if the
 * batch was cancelled; `JOT_BATCH_INVALID` if offsets are not ascending within the
 * data, a view or an index is out of range, a buffer is too short, or there are 2^32
 * rows or more, with the buffer's name in `error`; `JOT_MEMORY_MISSING` if there is
 * not enough memory for the rows; `JOT_HANDLE_BUSY`; 15x. On an error no column is
 * written. Other threads may use the verifier meanwhile, but not the batch.
 */
JOT_API
uint32_t jot_batch_verify(const jot_batch *batch,
                          const jot_verifier *verifier,
                          const jot_tokens *tokens,
                          const jot_batch_options *options,
                          const jot_columns *columns,
                          jot_batch_report *report,
                          jot_error *error);

/**
 * Frees a batch and ends its threads; NULL is fine.
 */
JOT_API void jot_batch_free(jot_batch *batch);

/* ================================================== Texts that a batch keeps
 *
 * Texts of a batch's tokens, to show next to the verdicts: claims, and names in the
 * headers.
 */

/**
 * The `iss` claim.
 */
#define JOT_CLAIM_ISSUER 1

/**
 * The `sub` claim.
 */
#define JOT_CLAIM_SUBJECT 2

/**
 * The `jti` claim.
 */
#define JOT_CLAIM_JWT_ID 4

/**
 * The `alg` of a header.
 */
#define JOT_UNVERIFIED_ALG 1

/**
 * The `kid` of a header.
 */
#define JOT_UNVERIFIED_KID 2

/**
 * A text for each row, in the Arrow layout of a large string column.
 */
typedef struct jot_text_column {
  /**
   * `sizeof(jot_text_column)`, set by the caller.
   */
  size_t size;
  /**
   * The number of rows.
   */
  size_t rows;
  /**
   * The bytes of all texts, UTF-8.
   */
  jot_slice data;
  /**
   * `rows + 1` offsets into `data`.
   */
  const int64_t *offsets;
  /**
   * A bit for each row, lowest bit of a byte first, that is set if there is a text;
   * never NULL.
   */
  const uint8_t *validity;
} jot_text_column;

/* =================================================== Handing out those texts
 *
 * Returns the texts that a batch kept.
 */

/**
 * Returns a claim that the last `jot_batch_verify` of this batch kept because `claims`
 * of `jot_columns` asked for it: `JOT_CLAIM_ISSUER`, `JOT_CLAIM_SUBJECT` or
 * `JOT_CLAIM_JWT_ID`.
 *
 * A row has a text if the token's signature holds, accepted or not, and the claim is a
 * string. Repeated tokens have repeated texts: the column takes as much memory as the
 * texts of all rows together. It belongs to the batch and is valid until the next
 * `jot_batch_verify` with it or until the batch is freed; a `jot_batch_verify` that
 * keeps no claims frees its memory.
 *
 * Returns `JOT_VALUE_MISSING` if the claim was not kept or the last
 * `jot_batch_verify` failed; `JOT_HANDLE_BUSY`; 15x.
 */
JOT_API
uint32_t jot_batch_claim(const jot_batch *batch,
                         uint32_t claim,
                         jot_text_column *column,
                         jot_error *error);

/**
 * Gives one of the names in the headers that the last `jot_batch_verify` of this
 * batch was told to keep by `unverified` of `jot_columns`: `JOT_UNVERIFIED_ALG` or
 * `JOT_UNVERIFIED_KID`.
 *
 * Unless the row's flags have `JOT_SIGNATURE_OK`, this is only what the token says
 * of itself. A row has a text where the header segment is within the policy's
 * limit and holds a JSON object in base64url, both read as strictly as those of an
 * accepted token, and where the member is a string; the text ends after 256
 * characters. The column lives as long as those of `jot_batch_claim`.
 *
 * Codes: those of `jot_batch_claim`.
 */
JOT_API
uint32_t jot_batch_unverified(const jot_batch *batch,
                              uint32_t name,
                              jot_text_column *column,
                              jot_error *error);

/* ========================================================== Watching a batch
 *
 * Watching and cancelling a batch from another thread.
 */

/**
 * The progress of a batch, and a flag that cancels it, shared between the batch's
 * threads and another thread.
 *
 * It is for programs whose own functions should not be called by the batch's threads,
 * such as an interpreter with one lock. The caller owns it and sets it to zero; it
 * must be valid until the batch returns. While the batch runs, read and write its
 * members as atomics, or as plain aligned words.
 */
typedef struct JOT_ALIGNED(8) jot_watch {
  /**
   * The number of distinct tokens done so far; it never decreases.
   */
  uint64_t done;
  /**
   * The total number of distinct tokens; 0 until the first are done.
   */
  uint64_t total;
  /**
   * Set it to a value other than 0 to cancel the rest of the batch.
   */
  uint32_t cancel;
  /**
   * 0.
   */
  uint32_t reserved;
} jot_watch;

/**
 * A `jot_progress` function that updates the `jot_watch` to which `user` points,
 * and cancels the batch if that says so. `user` may be NULL. Any thread may call
 * it.
 */
JOT_API int jot_watch_progress(void *user, size_t done, size_t total);

/* ================================================================ Statistics
 *
 * The counters of a verifier.
 */

/**
 * Counters of a verifier since it was built. Counts that other threads add while the
 * snapshot is taken may or may not be included.
 */
typedef struct jot_statistics {
  /**
   * `sizeof(jot_statistics)`, set by the caller.
   */
  size_t size;
  /**
   * Tokens that were accepted.
   */
  uint64_t accepted;
  /**
   * Tokens that were rejected.
   */
  uint64_t refused;
  /**
   * Accepted tokens that the cache held.
   */
  uint64_t cache_hits;
  /**
   * Accepted tokens that the cache did not hold or no longer held.
   */
  uint64_t cache_misses;
  /**
   * Entries of the cache that others evicted.
   */
  uint64_t cache_evictions;
  /**
   * The memory of the cache in bytes, full or empty.
   */
  uint64_t cache_bytes;
} jot_statistics;

/**
 * Takes a snapshot of a verifier's counters. Other threads may verify meanwhile.
 * Returns 15x for wrong arguments.
 */
JOT_API
uint32_t jot_verifier_statistics(const jot_verifier *verifier,
                                 jot_statistics *statistics);

/**
 * Returns how often a code was the verdict; 0 for NULL and for a number that is
 * not a code. Other threads may verify meanwhile.
 */
JOT_API uint64_t jot_verifier_verdicts(const jot_verifier *verifier, uint32_t code);

/**
 * Returns how many tokens were accepted after their signature was verified with
 * this algorithm; 0 for NULL and for a number that is not an algorithm. Other
 * threads may verify meanwhile.
 */
JOT_API uint64_t jot_verifier_verifications(const jot_verifier *verifier, uint32_t alg);

/**
 * Writes the counters in the Prometheus text format (version 0.0.4). Other threads
 * may verify meanwhile. Returns 15x for wrong arguments.
 */
JOT_API uint32_t jot_verifier_prometheus(const jot_verifier *verifier, jot_text *text);

/* ================================================================== Backends
 *
 * The backend that verifies signatures.
 */

/**
 * Only aws-lc; the default.
 */
#define JOT_BACKEND_AWS_LC 0

/**
 * The fastest code on this machine, for keys that have verified some dozen signatures, or
 * a few under RSA and HMAC. Their tables are built step by step, so no call waits for a
 * whole table.
 */
#define JOT_BACKEND_AUTO 1

/**
 * The same, with the tables built when the verifier is built and when keys are
 * replaced, which takes some milliseconds for each key.
 */
#define JOT_BACKEND_ACCELERATED 2

/**
 * The same, without the vector unit.
 */
#define JOT_BACKEND_PORTABLE 3

/**
 * No warning.
 */
#define JOT_BACKEND_FINE 0

/**
 * The processor lacks the necessary features, or no algorithm of the policy has
 * accelerated code. aws-lc verifies.
 */
#define JOT_BACKEND_UNSUPPORTED 1

/**
 * Accelerated code gave a wrong known answer before its first use and is not used. Other
 * accelerated code takes its place where there is some, otherwise aws-lc.
 */
#define JOT_BACKEND_SELF_TEST_FAILED 2

/**
 * aws-lc rejected a signature that accelerated code had accepted. The token was
 * rejected, and from then on only aws-lc verifies.
 */
#define JOT_BACKEND_DISAGREEMENT 3

/**
 * What accelerated code computed of a key did not pass its check and is not used. From then
 * on only aws-lc verifies.
 */
#define JOT_BACKEND_CHECK_FAILED 4

/**
 * Counters of a verifier's accelerated code since the verifier was built.
 */
typedef struct jot_backend_report {
  /**
   * `sizeof(jot_backend_report)`, set by the caller.
   */
  size_t size;
  /**
   * Signatures that accelerated code accepted.
   */
  uint64_t accepted;
  /**
   * Signatures that it did not accept and that aws-lc decided.
   */
  uint64_t referred;
  /**
   * Accepted signatures that aws-lc checked as well.
   */
  uint64_t cross_checked;
  /**
   * Those of them that aws-lc rejected, in this verifier. The tokens were rejected.
   */
  uint64_t disagreements;
  /**
   * The memory of the tables of keys in bytes.
   */
  uint64_t table_bytes;
  /**
   * `JOT_BACKEND_FINE`, or the reason why less than requested is in use.
   */
  uint32_t warning;
  /**
   * 0.
   */
  uint32_t reserved;
  /**
   * The number of these tables. A key may have two, a small one and a large one.
   */
  uint64_t tables;
  /**
   * Tables that a key had earned and that were not built, because those in memory are worth
   * more. If it grows, the memory of `jot_verifier_builder_table_bytes` is too small.
   */
  uint64_t tables_refused;
  /**
   * Keys of which accelerated code computed what did not pass its check, in this verifier.
   * Nothing was verified with it.
   */
  uint64_t failed_checks;
  /**
   * Algorithms for which accelerated code gave a wrong known answer when this verifier was built,
   * once for each such code. It verified nothing.
   */
  uint64_t failed_self_tests;
} jot_backend_report;

/**
 * Chooses the code that verifies signatures: one of `JOT_BACKEND_…`. The verdicts
 * are the same with each: accelerated code may only accept, and aws-lc decides
 * everything that it does not accept. Returns 15x for wrong arguments.
 */
JOT_API uint32_t jot_verifier_builder_backend(jot_verifier_builder *builder, uint32_t backend);

/**
 * Limits the memory of the accelerated tables of keys in bytes; 32 MiB by default.
 * A key on P-256 takes 256 KiB, one on Ed25519 384 KiB. Returns 15x for wrong
 * arguments.
 */
JOT_API uint32_t jot_verifier_builder_table_bytes(jot_verifier_builder *builder, size_t bytes);

/**
 * Lets aws-lc check one in `one_in` of the signatures that accelerated code
 * accepted, at random; 1 for all and 0 for none. The default is 1,024, which costs at
 * most 1.5 % of the time. If aws-lc ever disagrees, the token is rejected, and only
 * aws-lc verifies the algorithms of that code from then on, in the whole process
 * (`jot_backend_distrusted`). Returns 15x for wrong arguments.
 */
JOT_API
uint32_t jot_verifier_builder_cross_check(jot_verifier_builder *builder,
                                          uint32_t one_in);

/**
 * Returns for how many algorithms this process does not use accelerated code,
 * because aws-lc denied a signature that it had accepted, because what it computed of a
 * key did not pass its check, or because it gave a wrong known answer before its first use; any
 * verifier may have found it. It is 0 unless the processor, its memory, the compiler or the
 * code is faulty: tell somebody (`jot_backend_news`).
 * It costs a few nanoseconds, and any thread may ask at any time.
 */
JOT_API size_t jot_backend_distrusted(void);

/**
 * Writes one line for a log into `line`, about every algorithm whose accelerated code was found
 * wrong in this process and that was not told of yet; the line is empty if there is none.
 * `*told` holds what was told: begin with 0, and pass it again after each verification or now
 * and then. The line ends in `(backend_disagreement)`, `(backend_check_failed)` or
 * `(backend_self_test_failed)`.
 *
 * Without news it costs a few nanoseconds. Returns 15x for wrong arguments. Any thread may ask,
 * each with its own `told` and text.
 */
JOT_API uint32_t jot_backend_news(uint64_t *told, jot_text *line);

/**
 * Builds now the accelerated tables of all current keys that have none, within the
 * memory limit. Returns how many pairs of key and algorithm have tables; 0 for
 * NULL. It takes some milliseconds for each key. Other threads may verify
 * meanwhile.
 */
JOT_API size_t jot_verifier_prepare(const jot_verifier *verifier);

/**
 * Returns the name of the code that verifies signatures under an algorithm:
 * `"aws-lc"` or the accelerated code that runs before it, such as `"avx512-ifma"`;
 * absent for NULL and for a number that is not an algorithm. It is valid as long
 * as the program runs. Other threads may verify meanwhile.
 */
JOT_API jot_slice jot_verifier_backend_name(const jot_verifier *verifier, uint32_t alg);

/**
 * Reads the counters of the accelerated code. Other threads may verify meanwhile.
 * Returns 15x for wrong arguments.
 */
JOT_API
uint32_t jot_verifier_backend_report(const jot_verifier *verifier,
                                     jot_backend_report *report);

/* =============================================================== Revocations
 *
 * Revoked tokens, sessions, subjects and keys.
 */

/**
 * An instant that never comes.
 */
#define JOT_NEVER INT64_MAX

/**
 * Makes an empty list for at most `limit` revocations. The caller owns it and
 * frees it with `jot_revocations_free`. Any thread may call it.
 */
JOT_API jot_revocations *jot_revocations_new(size_t limit);

/**
 * Revokes the tokens with this `jti`. `until` is the time when they expire, after
 * which `jot_revocations_purge` drops the entry; `JOT_NEVER` keeps it. Revoking twice
 * keeps the later time.
 *
 * Returns `JOT_REVOCATIONS_FULL`; 15x. The list is unchanged in these cases.
 */
JOT_API
uint32_t jot_revocations_revoke_jti(jot_revocations *revocations,
                                    jot_slice jti,
                                    int64_t until);

/**
 * Revokes the tokens of the session with this `sid`, as a logout does. `until` is the
 * time when the last of them expires. Otherwise it works like
 * `jot_revocations_revoke_jti`.
 */
JOT_API
uint32_t jot_revocations_revoke_session(jot_revocations *revocations,
                                        jot_slice sid,
                                        int64_t until);

/**
 * Revokes the tokens of this `sub` whose `iat` is before `issued_before`, and those
 * without an `iat`. Otherwise it works like `jot_revocations_revoke_jti`.
 */
JOT_API
uint32_t jot_revocations_revoke_subject(jot_revocations *revocations,
                                        jot_slice subject,
                                        int64_t issued_before);

/**
 * Revokes the key with this thumbprint (RFC 7638, SHA-256 in base64url; see
 * `jot_key_info`), and so every token that it signed. Otherwise it works like
 * `jot_revocations_revoke_jti`.
 */
JOT_API
uint32_t jot_revocations_revoke_key(jot_revocations *revocations,
                                    jot_slice thumbprint);

/**
 * Drops the entries that have expired at `now`. Returns 15x for wrong arguments.
 */
JOT_API uint32_t jot_revocations_purge(jot_revocations *revocations, int64_t now);

/**
 * Returns the number of revocations; 0 for NULL.
 */
JOT_API size_t jot_revocations_len(const jot_revocations *revocations);

/**
 * Returns until when a list may be used that was read from a text which says so, as those
 * of `jotctl revocations` do; `JOT_NEVER` if it says nothing, and for NULL. Set
 * `jot_revocations_stale` in its place then.
 */
JOT_API int64_t jot_revocations_end(const jot_revocations *revocations);

/**
 * Makes the list of a verifier that could not fetch its list again for too long, and that
 * would rather refuse than not know: tokens whose signature holds are rejected with
 * `JOT_REVOCATIONS_STALE`, which is 503, until another list is set. The caller owns it and
 * frees it with `jot_revocations_free`. Any thread may call it.
 */
JOT_API jot_revocations *jot_revocations_stale(void);

/**
 * Makes the list of a verifier that has not fetched its first list yet. It works like
 * `jot_revocations_stale`, with `JOT_REVOCATIONS_NOT_YET`.
 */
JOT_API jot_revocations *jot_revocations_not_yet(void);

/**
 * Writes the list as lines of JSON. Returns 15x for wrong arguments.
 */
JOT_API
uint32_t jot_revocations_to_text(const jot_revocations *revocations,
                                 jot_text *text);

/**
 * Reads the text of `jot_revocations_to_text` into a new list for at most `limit`
 * revocations.
 *
 * The caller owns `*revocations` and frees it with `jot_revocations_free`. Returns
 * `JOT_REVOCATIONS_INVALID` with the offset of the faulty line;
 * `JOT_REVOCATIONS_FULL`; 15x. Any thread may call it.
 */
JOT_API
uint32_t jot_revocations_from_text(jot_slice text,
                                   size_t limit,
                                   jot_revocations **revocations,
                                   jot_error *error);

/**
 * Reads the Claims Set of a signed list (docs/revocation.md) into a new list for at most
 * `limit` revocations. Verify the list first: with its `typ` `revocations+jwt`, its
 * issuer and its `exp`.
 *
 * The caller owns `*revocations` and frees it with `jot_revocations_free`. Returns
 * `JOT_REVOCATIONS_INVALID` if the list is missing or an entry is malformed;
 * `JOT_REVOCATIONS_FULL`; 15x. Any thread may call it.
 */
JOT_API
uint32_t jot_revocations_from_claims(jot_slice claims,
                                     size_t limit,
                                     jot_revocations **revocations,
                                     jot_error *error);

/**
 * Frees a list; NULL is fine. Verifiers that were given it keep it.
 */
JOT_API void jot_revocations_free(jot_revocations *revocations);

/* ============================================================== Status lists
 *
 * Token Status Lists (docs/revocation.md): an issuer publishes a few bits for each of its
 * tokens. They count for tokens that name them if the policy says so.
 */

/**
 * A token whose signature holds, and which nothing else is wrong with but perhaps its dates,
 * names a list that the verifier does not have. Returns 0 if the list will not come: the
 * token is `JOT_STATUS_LIST_UNKNOWN`. Otherwise it is `JOT_STATUS_LIST_NOT_YET`, unless the
 * verifier has the list when this returns.
 *
 * It is called while a token is verified, by the thread that verifies, so it must not wait,
 * and for each token until something stands in the place of the list. The text is valid
 * until it returns. It must return: no `longjmp`, no exception.
 */
typedef int (*jot_status_wanted)(void *user, jot_slice uri);

/**
 * Checks the status of tokens that name a status list. A token without one passes, and so
 * does one whose `status` names another mechanism. By default a `status` is ignored.
 *
 * The verifier must have the list, or the token is rejected with
 * `JOT_STATUS_LIST_UNKNOWN`, which is 503.
 */
JOT_API uint32_t jot_policy_check_status(jot_policy *policy);

/**
 * Works like `jot_policy_check_status`, and rejects tokens that name no status list, with
 * `JOT_STATUS_MISSING`.
 */
JOT_API uint32_t jot_policy_require_status(jot_policy *policy);

/**
 * Reads the Claims Set of a signed status list with at most `most_entries` entries. Verify
 * the list first, with `jot_policy_new_status_list`. `error` may be NULL.
 *
 * The caller owns `*list` and frees it with `jot_status_list_free`. Returns
 * `JOT_STATUS_LIST_INVALID` with the member that is malformed; `JOT_STATUS_LIST_TOO_LONG`;
 * 15x. Any thread may call it.
 */
JOT_API
uint32_t jot_status_list_from_claims(jot_slice claims,
                                     size_t most_entries,
                                     jot_status_list **list,
                                     jot_error *error);

/**
 * Makes what stands in the place of the list at this URI until it was fetched: tokens that
 * name it are rejected with `JOT_STATUS_LIST_NOT_YET`, which is 503. The caller owns it and
 * frees it with `jot_status_list_free`; NULL if the URI is no text. Any thread may call it.
 */
JOT_API jot_status_list *jot_status_list_not_yet(jot_slice uri);

/**
 * Makes what stands in the place of a list that is too old. It works like
 * `jot_status_list_not_yet`, with `JOT_STATUS_LIST_STALE`.
 */
JOT_API jot_status_list *jot_status_list_stale(jot_slice uri);

/**
 * Returns the number of entries, with those that fill up the last byte; 0 for NULL.
 */
JOT_API size_t jot_status_list_len(const jot_status_list *list);

/**
 * Returns the `exp` of a list, at which `jot_status_list_stale` should be put in its place;
 * `JOT_NEVER` if it has none, and for NULL.
 */
JOT_API int64_t jot_status_list_end(const jot_status_list *list);

/**
 * Frees a list; NULL is fine. Verifiers that have it keep it.
 */
JOT_API void jot_status_list_free(jot_status_list *list);

/**
 * Adds a status list to a verifier, or replaces the one with the same URI, also for tokens in
 * the cache. The verifier shares the list, which may be freed afterwards.
 *
 * Verifications that begin after this call returns use the new list. Other threads may
 * verify meanwhile. Returns `JOT_STATUS_LISTS_FULL` if there are 1024 others; 15x. The lists
 * are unchanged in these cases.
 */
JOT_API
uint32_t jot_verifier_put_status_list(const jot_verifier *verifier,
                                      const jot_status_list *list);

/**
 * Reads a list as `jot_status_list_from_claims` does, and puts it into one verifier as
 * `jot_verifier_put_status_list` does.
 */
JOT_API
uint32_t jot_verifier_set_status_list(const jot_verifier *verifier,
                                      jot_slice claims,
                                      size_t most_entries,
                                      jot_error *error);

/**
 * Drops the status list with this URI. Tokens that name it are `JOT_STATUS_LIST_UNKNOWN`
 * from then on. Returns the same if there is none; 15x.
 */
JOT_API uint32_t jot_verifier_forget_status_list(const jot_verifier *verifier, jot_slice uri);

/**
 * Sets `*named` to 1 if a token named the list with this URI since the last call, else to 0,
 * so that lists which nobody names any more can be forgotten. Tokens in the cache count only
 * after another list was put in. Returns 15x for wrong arguments.
 */
JOT_API
uint32_t jot_verifier_status_list_was_named(const jot_verifier *verifier,
                                            jot_slice uri,
                                            uint32_t *named);

/**
 * Asks this function, with `user`, for the status lists that tokens name and the verifier
 * does not have, for as long as the verifier lives. Several functions are asked in turn,
 * until one says that the list will come. Returns 15x for wrong arguments.
 */
JOT_API
uint32_t jot_verifier_add_status_feed(const jot_verifier *verifier,
                                      jot_status_wanted wanted,
                                      void *user);

/* ============================================================ Lists at a URL
 *
 * A `jot_list_keeper` follows a list that an issuer serves as a signed JWT, its revocations
 * or a Token Status List (docs/revocation.md), without a thread, a clock or a socket of its
 * own. Its requests and their outcomes are those of `jot_keeper`. `jot_fetch.h` has a thread
 * that does all of this.
 *
 * ```c
 * jot_list_keeper_feed(keeper, verifier, now);   // at the start, after each answer and sleep
 * jot_list_keeper_poll(keeper, now, &request);
 * if (request.ticket == 0) …                     // sleep until request.until
 * else …                                         // GET request.url, Accept: request.accept
 * jot_list_keeper_answer(keeper, ticket, &reply, now, &change, &error);
 * ```
 */

/**
 * Lets tokens pass before the first list was fetched. By default they are rejected with
 * `JOT_REVOCATIONS_NOT_YET` or `JOT_STATUS_LIST_NOT_YET`.
 */
#define JOT_START_WITHOUT_LIST 1

/**
 * Allows `http` to this machine, for tests and for proxies beside the program.
 */
#define JOT_LIST_ALLOW_LOOPBACK 2

/**
 * How a list is followed. Times are in seconds. All zero except `size` is the default,
 * which fails closed.
 */
typedef struct jot_list_options {
  /**
   * `sizeof(jot_list_options)`, set by the caller.
   */
  size_t size;
  /**
   * After what time a list is fetched again that does not say so itself; 0 for 60.
   */
  uint32_t poll;
  /**
   * The least time that a list may say; 0 for 5.
   */
  uint32_t least_poll;
  /**
   * The longest time that a list may say; 0 for 3600.
   */
  uint32_t most_poll;
  /**
   * How long the last list stays in use after its `exp` if no other can be had. Then
   * tokens are rejected with `JOT_REVOCATIONS_STALE` or `JOT_STATUS_LIST_STALE`.
   * `JOT_NONE` for ever.
   */
  uint32_t serve_stale_for;
  /**
   * How long a whole fetch may take; 0 for 5.
   */
  uint32_t timeout;
  /**
   * The most entries that a list may have; 0 for 100000, and for 16777216 in a status
   * list.
   */
  uint32_t most_entries;
  /**
   * `JOT_START_WITHOUT_LIST` and `JOT_LIST_ALLOW_LOOPBACK`, or-ed together; or 0.
   */
  uint32_t flags;
  /**
   * 0.
   */
  uint32_t reserved;
  /**
   * The longest answer in bytes; 0 for 8388608.
   */
  size_t most_bytes;
} jot_list_options;

/**
 * How a list does, for logs and metrics. Instants are `INT64_MIN` for none.
 */
typedef struct jot_list_health {
  /**
   * `sizeof(jot_list_health)`, set by the caller.
   */
  size_t size;
  /**
   * When the list was fetched or confirmed last.
   */
  int64_t last_success;
  /**
   * When the list in force was made, its `iat`.
   */
  int64_t issued_at;
  /**
   * The `exp` of the list in force.
   */
  int64_t expires_at;
  /**
   * When the next fetch is due, or the one under way is given up.
   */
  int64_t next_fetch;
  /**
   * The code of what was wrong with the last fetch or its list; 0 if it succeeded.
   */
  uint32_t error;
  /**
   * How many fetches failed since the last success.
   */
  uint32_t failures;
  /**
   * How many requests were asked for.
   */
  uint64_t fetches;
  /**
   * How many answers brought or confirmed a list.
   */
  uint64_t successes;
  /**
   * How many entries the list in force has.
   */
  size_t entries;
} jot_list_health;

/**
 * Follows the revocations at a URL. `lists` says which lists count: build it from
 * `jot_policy_new_revocation_list` with the keys of the issuer, and replace its keys when
 * those of the issuer change. It may be freed before the keeper. `seed` is any number that
 * differs between processes, so that they do not all ask at the same time. `options` and
 * `error` may be NULL.
 *
 * The caller owns `*keeper` and frees it with `jot_list_keeper_free`. Returns
 * `JOT_URL_REFUSED` unless the URL is one of `https`; 15x.
 */
JOT_API
uint32_t jot_list_keeper_new_revocations(jot_slice url,
                                         const jot_verifier *lists,
                                         const jot_list_options *options,
                                         uint64_t seed,
                                         jot_list_keeper **keeper,
                                         jot_error *error);

/**
 * Follows the status list at a URI. Build `lists` from `jot_policy_new_status_list`.
 * Otherwise it works like `jot_list_keeper_new_revocations`.
 */
JOT_API
uint32_t jot_list_keeper_new_status_list(jot_slice uri,
                                         const jot_verifier *lists,
                                         const jot_list_options *options,
                                         uint64_t seed,
                                         jot_list_keeper **keeper,
                                         jot_error *error);

/**
 * Gives a verifier what it is to have at this instant: the list, or what stands in its place
 * while there is none, with which tokens are `JOT_REVOCATIONS_NOT_YET` or
 * `JOT_REVOCATIONS_STALE`, or `JOT_STATUS_LIST_NOT_YET` or `JOT_STATUS_LIST_STALE`: 503.
 *
 * Returns `JOT_STATUS_LISTS_FULL` if the verifier has too many other status lists; 15x.
 */
JOT_API
uint32_t jot_list_keeper_feed(const jot_list_keeper *keeper,
                              const jot_verifier *verifier,
                              int64_t now);

/**
 * Asks for a fetch as soon as possible. Returns 15x for wrong arguments.
 */
JOT_API uint32_t jot_list_keeper_refresh_now(jot_list_keeper *keeper, int64_t now);

/**
 * Takes another seed, and plans the next fetch anew; see `jot_keeper_reseed`. Returns 15x
 * for wrong arguments.
 */
JOT_API uint32_t jot_list_keeper_reseed(jot_list_keeper *keeper, uint64_t seed);

/**
 * Describes how the list does. Returns 15x for wrong arguments.
 */
JOT_API
uint32_t jot_list_keeper_health(const jot_list_keeper *keeper,
                                jot_list_health *health);

/**
 * Writes the JWT of the list in force, for the next start; empty if there is none. Its
 * signature protects it. Returns 15x for wrong arguments.
 */
JOT_API uint32_t jot_list_keeper_save(const jot_list_keeper *keeper, jot_text *text);

/**
 * Goes on with what another process saved, until the first fetch ends, which is due at once
 * all the same. Returns why the list is rejected, as if it were a token; 15x.
 */
JOT_API
uint32_t jot_list_keeper_restore(jot_list_keeper *keeper,
                                 jot_slice saved,
                                 int64_t now);

/**
 * Frees a keeper; NULL is fine. Verifiers keep the list that they have.
 */
JOT_API void jot_list_keeper_free(jot_list_keeper *keeper);

/* ============================================================= Fetching them
 *
 * The requests of a keeper of a list, which are those of a `jot_keeper`.
 */

/**
 * Another list is in force.
 */
#define JOT_CHANGE_LIST 1

/**
 * Says what to do at this instant: make a request, or sleep, no longer than until the list
 * goes out of use. It works like `jot_keeper_poll`.
 */
JOT_API
uint32_t jot_list_keeper_poll(jot_list_keeper *keeper,
                              int64_t now,
                              jot_request *request);

/**
 * Takes how the request with this ticket ended. `*change` becomes `JOT_CHANGE_LIST` or
 * another `JOT_CHANGE_…`. `error` may be NULL. Then feed the verifiers.
 *
 * Returns what is wrong with the answer or its list, as if the list were a token: then the
 * one in force stays for as long as the options say. 15x for wrong arguments: then the
 * keeper still waits.
 */
JOT_API
uint32_t jot_list_keeper_answer(jot_list_keeper *keeper,
                                uint64_t ticket,
                                const jot_reply *reply,
                                int64_t now,
                                uint32_t *change,
                                jot_error *error);

/* ======================================= Tokens that come with their own key
 *
 * Tokens that come with their own key: DPoP proofs, key binding, proofs of workloads
 * (docs/self-signed.md). Anybody can make a key and sign with it, so such a token is never
 * accepted: if its signature holds, the code is `JOT_SELF_SIGNED`, which is not 0. It
 * proves something once you find the key's thumbprint where somebody trusted put it.
 */

/**
 * Takes tokens with any `typ`, or none: then tokens that were made for something else are
 * taken, too.
 */
#define JOT_ANY_TYP 1

/**
 * The rules for tokens that come with their own key.
 */
typedef struct jot_selfsigned_options {
  /**
   * `sizeof(jot_selfsigned_options)`, set by the caller.
   */
  size_t size;
  /**
   * The allowed algorithms: `1u << JOT_ES256` and so on, or-ed together; none may be
   * symmetric. `JOT_EDDSA` allows `JOT_ED25519` as well.
   */
  uint32_t algs;
  /**
   * `JOT_ANY_TYP` or 0.
   */
  uint32_t flags;
  /**
   * The required `typ`, such as `dpop+jwt`, or several of which a token has one.
   */
  const jot_slice *typs;
  /**
   * The number of `typs`.
   */
  size_t typ_count;
  /**
   * The longest token in bytes; 0 for 64 KiB.
   */
  size_t token_bytes;
  /**
   * The longest header segment in base64url characters; 0 for 8 KiB.
   */
  size_t header_bytes;
  /**
   * One of `JOT_BACKEND_…`, for batches; single tokens are verified by aws-lc.
   */
  uint32_t backend;
  /**
   * 0.
   */
  uint32_t reserved;
} jot_selfsigned_options;

/**
 * What is known of a token that came with its own key.
 *
 * Set `size` to `sizeof(jot_selfsigned)` once; every verification fills in the rest, even
 * if an argument was wrong.
 */
typedef struct jot_selfsigned {
  /**
   * `sizeof(jot_selfsigned)`, set by the caller.
   */
  size_t size;
  /**
   * `JOT_SELF_SIGNED`, or the first rule that the token broke; never 0. The call returns
   * the same code.
   */
  uint32_t code;
  /**
   * `JOT_HAS_EXP`, `JOT_HAS_NBF`, `JOT_HAS_IAT`, or-ed together. A date that is no
   * number is as if it were absent.
   */
  uint32_t flags;
  /**
   * The algorithm of the signature; 0 unless the code is `JOT_SELF_SIGNED`.
   */
  uint32_t alg;
  /**
   * The byte offset of the fault within the JSON text of the header (3xx), of the claims
   * (6xx) or of the key (4xx); `JOT_NONE` if it is not known.
   */
  uint32_t fault_offset;
  /**
   * The whole seconds of `exp`, rounded towards the past; 0 without `JOT_HAS_EXP`.
   * No date is checked.
   */
  int64_t expires_at;
  /**
   * The whole seconds of `nbf`, likewise.
   */
  int64_t not_before;
  /**
   * The whole seconds of `iat`, likewise.
   */
  int64_t issued_at;
  /**
   * The thumbprint of the key, as `cnf.jkt` has it: 43 characters of base64url and a
   * NUL; empty unless the code is `JOT_SELF_SIGNED`.
   */
  char thumbprint[48];
  /**
   * The member of the key at fault, ended by a NUL; empty if no single one is.
   */
  char fault_name[48];
  /**
   * The JSON text of the claims as they were signed, which only the holder of the key
   * vouches for; absent unless the code is `JOT_SELF_SIGNED`. The view is valid until
   * the scratch is used for the next token or freed.
   */
  jot_slice payload;
} jot_selfsigned;

/**
 * A batch calls this function for each token that its own key signed, with `user`, the
 * token's row, and what is known of it, which is valid during the call.
 *
 * The batch's threads call it concurrently. It must return: no `longjmp`, no exception.
 */
typedef void (*jot_each_selfsigned)(void *user, size_t row, const jot_selfsigned *known);

/**
 * Columns in the caller's memory, aligned, with an entry for each row. `codes` is
 * required; the others may be NULL.
 */
typedef struct jot_selfsigned_columns {
  /**
   * `sizeof(jot_selfsigned_columns)`, set by the caller.
   */
  size_t size;
  /**
   * The code of each row: `JOT_SELF_SIGNED`, or why the token was refused; never 0.
   */
  uint32_t *codes;
  /**
   * The thumbprint of each row's key, a SHA-256 digest of 32 bytes; zeros unless the
   * code is `JOT_SELF_SIGNED`.
   */
  uint8_t *digests;
  /**
   * The function for each token that its own key signed, or NULL.
   */
  jot_each_selfsigned each;
  /**
   * The first argument of `each`.
   */
  void *user;
} jot_selfsigned_columns;

/**
 * Makes a verifier of tokens that come with their own key.
 *
 * The caller owns `*verifier` and frees it with `jot_selfsigned_verifier_free`. Returns
 * `JOT_ALGORITHMS_EMPTY`; `JOT_POLICY_INVALID` with `algorithms` if one is symmetric, with
 * `typ` if one is empty or there is none, and with `any_typ` if there is a `typ` as well;
 * `JOT_RANDOMNESS_MISSING`; 15x. Any thread may call it.
 */
JOT_API
uint32_t jot_selfsigned_verifier_new(const jot_selfsigned_options *options,
                                     jot_selfsigned_verifier **verifier,
                                     jot_error *error);

/**
 * Frees a verifier; NULL is fine. No other thread may still use it.
 */
JOT_API void jot_selfsigned_verifier_free(jot_selfsigned_verifier *verifier);

/**
 * Verifies a token with the key in its header's `jwk`, or with the JWK `key` if that is
 * not absent; a token that brings a key is then refused.
 *
 * **Returns `JOT_SELF_SIGNED` if the key signed the token, and never 0**: nothing is
 * accepted before you compare `answer->thumbprint` with what somebody trusted says of the
 * key, such as `cnf.jkt` of an access token that was accepted. Dates, and what the claims
 * say of the request, are yours to check.
 *
 * Otherwise returns 2xx, 3xx, 4xx, 500, 60x, 7xx; 15x for wrong arguments; 9xx. The claims
 * that `jot_claims_*` return from `scratch` are gone. Any number of threads may call it at
 * the same time, each with its own scratch and answer.
 */
JOT_API
uint32_t jot_selfsigned_verify(const jot_selfsigned_verifier *verifier,
                               jot_slice token,
                               jot_slice key,
                               jot_scratch *scratch,
                               jot_selfsigned *answer);

/**
 * Verifies tokens with the keys that come with them, and fills the columns in the order of
 * the tokens. With `own_keys`, each token is verified with the JWK of its row, and must bring
 * none itself; a row without a key is `JOT_JWK_MISSING`.
 *
 * The answer to each row is that of `jot_selfsigned_verify`; equal tokens are verified
 * each. `own_keys` and `error` may be NULL. Returns 0 regardless of the answers;
 * `JOT_BATCH_INVALID` with `keys` if there are not as many as tokens; otherwise the codes
 * of `jot_batch_verify`. On an error no column is written. Other threads may use the
 * verifier meanwhile, but not the batch.
 */
JOT_API
uint32_t jot_batch_verify_selfsigned(const jot_batch *batch,
                                     const jot_selfsigned_verifier *verifier,
                                     const jot_tokens *tokens,
                                     const jot_tokens *own_keys,
                                     const jot_selfsigned_columns *columns,
                                     jot_error *error);

/* =================================================================== Signing
 *
 * Issuing: private keys and signing.
 */

/**
 * Omits the `typ`, which is `JWT` otherwise.
 */
#define JOT_WITHOUT_TYP 1

/**
 * The payload goes into the token, in base64url.
 */
#define JOT_ATTACHED 0

/**
 * The token omits the payload, which is signed in base64url (RFC 7515 Appendix F).
 */
#define JOT_DETACHED 1

/**
 * The token omits the payload, which is signed unencoded, with `b64` false (RFC 7797).
 */
#define JOT_UNENCODED_DETACHED 2

/**
 * A Header Parameter that the recipient must understand (RFC 7515 §4.1.11).
 */
typedef struct jot_critical {
  /**
   * Its name.
   */
  jot_slice name;
  /**
   * Its value, as JSON.
   */
  jot_slice value;
} jot_critical;

/**
 * The JOSE Header besides `alg` and the key's `kid`. All zero except `size` is the
 * default, `"typ":"JWT"`.
 *
 * The caller owns it; its views must be valid only for the call.
 */
typedef struct jot_sign_header {
  /**
   * `sizeof(jot_sign_header)`, set by the caller.
   */
  size_t size;
  /**
   * `JOT_WITHOUT_TYP`, or 0.
   */
  uint32_t flags;
  /**
   * 0.
   */
  uint32_t reserved;
  /**
   * The `typ` instead of `JWT`; absent for `JWT`.
   */
  jot_slice typ;
  /**
   * The `cty`; absent for none.
   */
  jot_slice cty;
  /**
   * A JSON object whose members are further Header Parameters; absent for none. It
   * must not have `alg`, `crit`, `b64` or a parameter that is set otherwise. A `kid`
   * is allowed if the key has none.
   */
  jot_slice parameters;
  /**
   * The Header Parameters that `crit` names; NULL for none.
   */
  const jot_critical *critical;
  /**
   * The number of `critical`.
   */
  size_t critical_count;
} jot_sign_header;

/**
 * Makes a new key for `alg`, with this `kid` unless it is absent.
 * `rsa_bits` is 2048, 3072, 4096 or 8192 for RSA, or 0 for 2048; for any other
 * algorithm it is 0. An HMAC secret is as long as the hash output.
 *
 * The caller owns `*signer` and frees it with `jot_signer_free`. Returns
 * `JOT_KEY_GENERATION`, `JOT_KEY_ALG_MISMATCH`; 15x. Any thread may call it.
 */
JOT_API
uint32_t jot_signer_generate(uint32_t alg,
                             size_t rsa_bits,
                             jot_slice kid,
                             jot_signer **signer,
                             jot_error *error);

/**
 * Reads a private JWK (RFC 7517, RFC 7518 §6, RFC 8037, RFC 9964). Public
 * members must belong to the private ones.
 *
 * The caller owns `*signer` and frees it with `jot_signer_free`. `options` and
 * `error` may be NULL. Returns 4xx, chiefly `JOT_KEY_NOT_PRIVATE`; 15x. Any thread
 * may call it.
 */
JOT_API
uint32_t jot_signer_from_jwk(jot_slice jwk,
                             const jot_key_options *options,
                             jot_signer **signer,
                             jot_error *error);

/**
 * Reads the only key in a PEM text: `PRIVATE KEY`, `RSA PRIVATE KEY` or `EC PRIVATE
 * KEY`, not encrypted. Otherwise it works like `jot_signer_from_jwk`.
 */
JOT_API
uint32_t jot_signer_from_pem(jot_slice pem,
                             const jot_key_options *options,
                             jot_signer **signer,
                             jot_error *error);

/**
 * Reads a private key in DER: PrivateKeyInfo, RSAPrivateKey or ECPrivateKey. Otherwise
 * it works like `jot_signer_from_jwk`.
 */
JOT_API
uint32_t jot_signer_from_der(jot_slice der,
                             const jot_key_options *options,
                             jot_signer **signer,
                             jot_error *error);

/**
 * Takes an HMAC secret, byte for byte. Otherwise it works like `jot_signer_from_jwk`.
 */
JOT_API
uint32_t jot_signer_from_secret(jot_slice secret,
                                const jot_key_options *options,
                                jot_signer **signer,
                                jot_error *error);

/**
 * Describes the key. The views are valid as long as the signer. Returns 15x for
 * wrong arguments.
 */
JOT_API uint32_t jot_signer_key(const jot_signer *signer, jot_key_info *info);

/**
 * Writes the private JWK with its `alg` and `kid`. The text is a secret. Returns
 * 15x for wrong arguments.
 */
JOT_API
uint32_t jot_signer_to_jwk(const jot_signer *signer,
                           jot_text *jwk,
                           jot_error *error);

/**
 * Writes the key as a PrivateKeyInfo in PEM (`PRIVATE KEY`). The text is a secret.
 * Returns `JOT_KEY_SECRET_NOT_PUBLIC` for an HMAC secret, which cannot be written
 * as PEM; 15x.
 */
JOT_API
uint32_t jot_signer_to_pem(const jot_signer *signer,
                           jot_text *pem,
                           jot_error *error);

/**
 * Adds the verifying key of the signer, with its `kid`, to a set, for example to
 * publish a JWK Set. Returns `JOT_KEY_SET_FROZEN`; 15x.
 */
JOT_API
uint32_t jot_key_set_add_signer(jot_key_set *set,
                                const jot_signer *signer,
                                jot_error *error);

/**
 * Signs a Claims Set, one JSON object with unique member names, as a JWT. The bytes go
 * into the token unchanged.
 *
 * `header` may be NULL for the default; `error` may be NULL. `token` receives the
 * token. Returns `JOT_CLAIMS_TO_SIGN_INVALID`, `JOT_HEADER_TO_SIGN_INVALID`; 15x.
 * Any thread may call it, each with its own text.
 */
JOT_API
uint32_t jot_signer_sign_claims(const jot_signer *signer,
                                const jot_sign_header *header,
                                jot_slice claims,
                                jot_text *token,
                                jot_error *error);

/**
 * Signs any bytes as a JWS in the Compact Serialization. `form` is `JOT_ATTACHED`,
 * `JOT_DETACHED` or `JOT_UNENCODED_DETACHED`. Otherwise it works like
 * `jot_signer_sign_claims`.
 */
JOT_API
uint32_t jot_signer_sign_payload(const jot_signer *signer,
                                 const jot_sign_header *header,
                                 jot_slice payload,
                                 uint32_t form,
                                 jot_text *token,
                                 jot_error *error);

/**
 * Signs bytes that are not a token, with an algorithm of RFC 7518;
 * `jot_key_set_check_signature` verifies the signature. `signature` receives only
 * the bytes of the signature; an ECDSA signature is R followed by S (RFC 7518
 * §3.4). Returns 15x for wrong arguments. Any thread may call it, each with its
 * own text.
 */
JOT_API
uint32_t jot_signer_sign_message(const jot_signer *signer,
                                 jot_slice message,
                                 jot_text *signature,
                                 jot_error *error);

/**
 * Frees a signer; NULL is fine.
 */
JOT_API void jot_signer_free(jot_signer *signer);

/* ================================================ Decoding without verifying
 *
 * Decodes a token without verifying it.
 */

/**
 * The segments of an unverified token.
 *
 * Set `size` to `sizeof(jot_decoded)`. The views are valid until the scratch is used
 * again or freed.
 */
typedef struct jot_decoded {
  /**
   * `sizeof(jot_decoded)`, set by the caller.
   */
  size_t size;
  /**
   * The JOSE Header: one JSON object with unique member names, in UTF-8.
   */
  jot_slice header;
  /**
   * The payload's bytes, unchecked.
   */
  jot_slice payload;
  /**
   * The signature's bytes.
   */
  jot_slice signature;
  /**
   * 0 if the payload is one JSON object with unique member names; otherwise the code
   * of the reason, such as `JOT_CLAIMS_JSON`.
   */
  uint32_t claims_code;
  /**
   * 0.
   */
  uint32_t reserved;
} jot_decoded;

/**
 * Decodes a token without verifying it, for display and debugging. Never base a
 * decision on it: anybody can write such a token.
 *
 * To read a verified token use `jot_claims_get` instead. The limits are those of
 * the default policy. Returns 2xx, `JOT_HEADER_JSON`, `JOT_HEADER_NOT_OBJECT`,
 * `JOT_HEADER_REPEATED`, 70x; 15x. Only the thread that owns the scratch may call
 * it.
 */
JOT_API
uint32_t jot_token_decode_unverified(jot_slice token,
                                     jot_scratch *scratch,
                                     jot_decoded *decoded);

/**
 * Finds the issuer whose keys an unverified token would have to be verified with:
 * `*index` becomes its number. It says what to fetch after `JOT_KID_UNKNOWN`, in a program
 * that follows several issuers, and decides nothing else. What the scratch held is gone.
 *
 * Returns `JOT_ISSUER_UNKNOWN` if the verifier knows no such issuer, and for a token that
 * is malformed; 15x. Any number of threads may call it, each with its own scratch.
 */
JOT_API
uint32_t jot_verifier_unverified_issuer(const jot_verifier *verifier,
                                        jot_slice token,
                                        jot_scratch *scratch,
                                        uint32_t *index);

/* ========================================================== Requests of HTTP
 *
 * The token of an HTTP request, and the answer to one that is refused.
 */

/**
 * The request has several tokens, so nobody can say which one was meant: 400 and
 * `invalid_request`, whatever the code is.
 */
#define JOT_SEVERAL_TOKENS 1

/**
 * The challenge does not say in words what is wrong.
 */
#define JOT_WITHOUT_DESCRIPTION 2

/**
 * Why a request is refused, and what its client should know (RFC 6750 §3). All zero except
 * `size` and `code` is the default.
 *
 * The caller owns it; its views must be valid only for the call.
 */
typedef struct jot_challenge {
  /**
   * `sizeof(jot_challenge)`, set by the caller.
   */
  size_t size;
  /**
   * The code of the token; `JOT_TOKEN_NULL` for a request without one.
   */
  uint32_t code;
  /**
   * `JOT_SEVERAL_TOKENS` and `JOT_WITHOUT_DESCRIPTION`, or-ed together; or 0.
   */
  uint32_t flags;
  /**
   * What the client is asked to authenticate for.
   */
  jot_slice realm;
  /**
   * The URL of the metadata of the resource (RFC 9728 §5.1); absent for none.
   */
  jot_slice resource_metadata;
  /**
   * The scopes that would do. They are told to a client whose token lacks one, and to one
   * without a token that can look up in the metadata where to ask for it.
   */
  const jot_slice *scopes;
  /**
   * The number of `scopes`.
   */
  size_t scope_count;
} jot_challenge;

/**
 * Finds the token of a request in the `count` values of its `Authorization` fields: what
 * follows the scheme, which is `Bearer` for RFC 6750, in any case. Values with other schemes
 * are left out. Several tokens may also stand in one value, joined by a comma.
 *
 * `*found` becomes 0 if there is no token, 1 if there is one, and 2 if there are several, which
 * is `JOT_SEVERAL_TOKENS`. `*token` becomes the one, a view into the values, and is absent
 * otherwise. Returns 15x for wrong arguments. Any thread may call it.
 */
JOT_API
uint32_t jot_authorization_token(jot_slice scheme,
                                 const jot_slice *values,
                                 size_t count,
                                 jot_slice *token,
                                 uint32_t *found);

/**
 * Answers a request that is refused: `*status` becomes the status of the response, and `text`
 * receives the value of `WWW-Authenticate`. The text is empty if the response has no such
 * field: for a fault of the server, which no other token would cure.
 *
 * `error` may be NULL. Returns `JOT_ARGUMENT_VALUE` for `JOT_ACCEPTED`, for a number that is
 * not a code and for other flags; 15x. Any thread may call it, each with its own text.
 */
JOT_API
uint32_t jot_challenge_write(const jot_challenge *challenge,
                             uint32_t *status,
                             jot_text *text,
                             jot_error *error);

/* ===================================================================== Texts
 *
 * Texts that the library writes.
 */

/**
 * Makes an empty text. The caller owns it and frees it with `jot_text_free`. Any
 * thread may call it.
 */
JOT_API jot_text *jot_text_new(void);

/**
 * Returns a view of the text's content; empty for NULL. It is valid until the text is
 * filled again or freed. The byte after its end is a NUL.
 */
JOT_API jot_slice jot_text_view(const jot_text *text);

/**
 * Wipes and frees a text; NULL is fine.
 */
JOT_API void jot_text_free(jot_text *text);

/* ============================================ Codes, algorithms and versions
 *
 * Versions, codes and algorithms by name.
 */

/** Every code. Numbers and names are stable: they are never changed or reused.
 * Bands: 0 accepted, 1xx caller, 2xx syntax, 3xx header, 4xx key, 5xx signature,
 * 6xx claims, 7xx limits, 9xx internal. Further ones may be added; treat one that
 * you do not know as a refusal. */
enum jot_code {
  /** The signature holds and every rule of the policy is met. */
  JOT_ACCEPTED = 0,
  /** The policy allows no algorithm. */
  JOT_ALGORITHMS_EMPTY = 100,
  /** The verifier was given no key. */
  JOT_KEYS_EMPTY = 101,
  /** Two key sets were given for the same issuer. */
  JOT_ISSUER_REPEATED = 102,
  /** The policy needs an issuer and none was given. */
  JOT_ISSUER_REQUIRED = 103,
  /** A policy value is empty, negative or contradicts another. */
  JOT_POLICY_INVALID = 104,
  /** The claims to sign are not a JSON object with unique member names. */
  JOT_CLAIMS_TO_SIGN_INVALID = 110,
  /** An extra Header Parameter is reserved, repeated or not valid JSON. */
  JOT_HEADER_TO_SIGN_INVALID = 111,
  /** The signing key cannot sign with the requested algorithm. */
  JOT_ALGORITHM_NOT_FOR_KEY = 112,
  /** The revocation list is full. */
  JOT_REVOCATIONS_FULL = 120,
  /** The text of saved revocations is malformed. */
  JOT_REVOCATIONS_INVALID = 121,
  /** The text of saved keys is malformed, or is that of another URL. */
  JOT_SAVED_KEYS_INVALID = 122,
  /** The verifier has as many status lists as it can. */
  JOT_STATUS_LISTS_FULL = 123,
  /** The columns of a batch differ in length, or offsets run backwards. */
  JOT_BATCH_INVALID = 130,
  /** The batch was cancelled before this token's turn. */
  JOT_BATCH_CANCELLED = 131,
  /** The system's random number generator failed. */
  JOT_RANDOMNESS_MISSING = 140,
  /** There is not enough memory for a cache of this size. */
  JOT_CACHE_TOO_LARGE = 141,
  /** There is not enough memory for what was asked for. */
  JOT_MEMORY_MISSING = 142,
  /** The system refused to start as many threads as were asked for. */
  JOT_THREADS_MISSING = 143,
  /** A required pointer is NULL. */
  JOT_ARGUMENT_NULL = 150,
  /** The size of a struct is not one that this library knows, or a length is larger than the address space. */
  JOT_ARGUMENT_SIZE = 151,
  /** A pointer is not aligned for the type that it points to. */
  JOT_ARGUMENT_MISALIGNED = 152,
  /** A text is not valid UTF-8. */
  JOT_ARGUMENT_TEXT = 153,
  /** The argument does not accept this number or flag. */
  JOT_ARGUMENT_VALUE = 154,
  /** The handle is in use by another call. */
  JOT_HANDLE_BUSY = 155,
  /** The key set was handed to a verifier and can no longer be changed. */
  JOT_KEY_SET_FROZEN = 156,
  /** There is no such claim, Header Parameter, member or element. */
  JOT_VALUE_MISSING = 157,
  /** The value has another type than the one asked for. */
  JOT_VALUE_TYPE = 158,
  /** The value is of a token that the scratch no longer holds. */
  JOT_VALUE_STALE = 159,
  /** The condition's name is empty or no JSON Pointer (RFC 6901), where ~ is written ~0, and / within a name ~1. */
  JOT_CONDITION_NAME = 160,
  /** No test follows the name: present, equals, any_of, contains, prefix, regex, ge, gt, le or lt, or not and one. */
  JOT_CONDITION_TEST = 161,
  /** The number of operands is wrong: present takes none, any_of and contains one or more, every other test one. */
  JOT_CONDITION_OPERANDS = 162,
  /** ge, gt, le and lt take a number, prefix and regex a text that is not empty, no test null, a list or an object. */
  JOT_CONDITION_OPERAND = 163,
  /** A word that begins with a quotation mark is no JSON string, or no space follows the string. */
  JOT_CONDITION_QUOTES = 164,
  /** The regular expression is malformed or too large. */
  JOT_CONDITION_PATTERN = 165,
  /** The library was built without the feature `regex`, which a regular expression in a condition needs. */
  JOT_REGEX_MISSING = 166,
  /** The token has no bytes. */
  JOT_TOKEN_EMPTY = 200,
  /** The token does not have exactly three segments. */
  JOT_TOKEN_SEGMENTS = 201,
  /** The token is a JWS JSON Serialization; only the Compact Serialization is accepted. */
  JOT_TOKEN_JSON_SERIALIZATION = 202,
  /** The header segment is empty or not strict base64url. */
  JOT_HEADER_ENCODING = 203,
  /** The payload segment is not strict base64url. */
  JOT_PAYLOAD_ENCODING = 204,
  /** The signature segment is not strict base64url. */
  JOT_SIGNATURE_ENCODING = 205,
  /** A detached payload was given and the token carries one as well. */
  JOT_PAYLOAD_ATTACHED = 206,
  /** There is no token in this row. */
  JOT_TOKEN_NULL = 207,
  /** The token is a JWE: its claims are encrypted, and only a JWS can be verified. */
  JOT_TOKEN_ENCRYPTED = 208,
  /** The token is surrounded by something else, such as white space, quotes or the word Bearer. */
  JOT_TOKEN_WRAPPED = 209,
  /** A segment is padded with =, which RFC 7515 does not allow. */
  JOT_TOKEN_PADDED = 210,
  /** The JOSE Header is not valid JSON in UTF-8. */
  JOT_HEADER_JSON = 300,
  /** The JOSE Header is not a JSON object. */
  JOT_HEADER_NOT_OBJECT = 301,
  /** The JOSE Header has the same member name twice. */
  JOT_HEADER_REPEATED = 302,
  /** The JOSE Header has no alg. */
  JOT_ALG_MISSING = 310,
  /** The alg is not a string. */
  JOT_ALG_INVALID = 311,
  /** The alg is none: the token is unsecured. */
  JOT_ALG_NONE = 312,
  /** The alg is not one that this library knows. */
  JOT_ALG_UNKNOWN = 313,
  /** The alg is not among those that the policy allows. */
  JOT_ALG_NOT_ALLOWED = 314,
  /** The kid is not a string. */
  JOT_KID_INVALID = 320,
  /** The typ is not a string. */
  JOT_TYP_INVALID = 330,
  /** The policy demands a typ and the token has none. */
  JOT_TYP_MISSING = 331,
  /** The typ is not the one that the policy demands. */
  JOT_TYP_MISMATCH = 332,
  /** The crit is not a non-empty array of strings. */
  JOT_CRIT_INVALID = 340,
  /** The crit names the same Header Parameter twice. */
  JOT_CRIT_REPEATED = 341,
  /** The crit names a Header Parameter that RFC 7515 or RFC 7518 defines. */
  JOT_CRIT_REGISTERED = 342,
  /** The crit names a Header Parameter that is not in the header. */
  JOT_CRIT_ABSENT = 343,
  /** The crit names an extension that is not understood. */
  JOT_CRIT_UNKNOWN = 344,
  /** The b64 is not a boolean. */
  JOT_B64_INVALID = 350,
  /** The b64 is false and crit does not name it. */
  JOT_B64_NOT_CRITICAL = 351,
  /** The b64 is false, which a JWT must not use. */
  JOT_B64_IN_JWT = 352,
  /** No key came with the token: the JOSE Header has no jwk, and no key was handed over. */
  JOT_JWK_MISSING = 360,
  /** The jwk in the JOSE Header is not an object. */
  JOT_JWK_INVALID = 361,
  /** A key was handed over, and the JOSE Header has a jwk as well. */
  JOT_JWK_UNEXPECTED = 362,
  /** The key that comes with the token has a private member, which must not be sent. */
  JOT_JWK_PRIVATE = 363,
  /** The JWK or JWK Set is not a JSON object with unique member names. */
  JOT_KEY_JSON = 400,
  /** The JWK lacks a member that its type requires. */
  JOT_KEY_MEMBER_MISSING = 401,
  /** A member of the JWK has the wrong type, encoding or length. */
  JOT_KEY_MEMBER_INVALID = 402,
  /** The kty or the key's object identifier is not one that this library knows. */
  JOT_KEY_TYPE_UNKNOWN = 403,
  /** The curve is not one that this library verifies with. */
  JOT_KEY_CURVE_UNKNOWN = 404,
  /** The key's alg is not a signature algorithm that this library knows. */
  JOT_KEY_ALG_UNKNOWN = 405,
  /** The key's alg does not fit its type, curve or size. */
  JOT_KEY_ALG_MISMATCH = 406,
  /** The key's use is not sig. */
  JOT_KEY_USE_NOT_SIGNATURE = 407,
  /** The key's key_ops do not allow this use. */
  JOT_KEY_OPS_NOT_ALLOWED = 408,
  /** The key's numbers are not a valid key of its type. */
  JOT_KEY_INVALID = 409,
  /** The text has no PEM block, a malformed one, or several where one was expected. */
  JOT_KEY_PEM_INVALID = 410,
  /** The DER is malformed. */
  JOT_KEY_DER_INVALID = 411,
  /** The RSA modulus is shorter than 2048 bits. */
  JOT_KEY_RSA_TOO_SHORT = 412,
  /** The RSA public exponent is even, less than 3 or longer than 33 bits. */
  JOT_KEY_RSA_EXPONENT = 413,
  /** The RSA modulus is even or longer than 8192 bits. */
  JOT_KEY_RSA_MODULUS = 414,
  /** The HMAC secret is shorter than the hash output. */
  JOT_KEY_SECRET_TOO_SHORT = 415,
  /** The HMAC secret is a key in PEM, DER, JWK or SSH form. */
  JOT_KEY_SECRET_IS_KEY_TEXT = 416,
  /** None of the keys can be used. */
  JOT_KEY_SET_EMPTY = 417,
  /** The key has no private part and cannot sign. */
  JOT_KEY_NOT_PRIVATE = 418,
  /** The key could not be generated. */
  JOT_KEY_GENERATION = 419,
  /** No key has the token's kid. */
  JOT_KID_UNKNOWN = 420,
  /** No key that the token may use is bound to its alg. */
  JOT_KEY_NOT_FOR_ALG = 421,
  /** The verifier has no key set of this issuer. */
  JOT_ISSUER_UNKNOWN = 422,
  /** A secret has no public part. */
  JOT_KEY_SECRET_NOT_PUBLIC = 423,
  /** The signature holds, but its key was revoked. */
  JOT_KEY_REVOKED = 424,
  /** The signature holds, but its key was not yet in force. */
  JOT_KEY_NOT_YET_VALID = 425,
  /** The signature holds, but its key was no longer in force. */
  JOT_KEY_RETIRED = 426,
  /** The text is an HTML or XML page, such as a login or error page, not a key. */
  JOT_KEY_TEXT_IS_PAGE = 427,
  /** The certificate issued another one in the same file, so its key signs certificates, not tokens. */
  JOT_KEY_OF_AUTHORITY = 428,
  /** The private key is encrypted; decrypt it first, for example with `openssl pkey`. */
  JOT_KEY_ENCRYPTED = 430,
  /** The key is in an OpenSSH format; `ssh-keygen -e -m PKCS8` converts it to PEM. */
  JOT_KEY_TEXT_IS_SSH = 431,
  /** The file is PKCS #12; `openssl pkcs12 -nokeys` writes its certificates as PEM. */
  JOT_KEY_TEXT_IS_PKCS12 = 432,
  /** The file is PKCS #7; `openssl pkcs7 -print_certs` writes its certificates as PEM. */
  JOT_KEY_TEXT_IS_PKCS7 = 433,
  /** The key is DER where text was expected. */
  JOT_KEY_TEXT_IS_DER = 434,
  /** The key is PEM where another form was expected. */
  JOT_KEY_TEXT_IS_PEM = 435,
  /** The text is JSON, such as a JWK or JWK Set, where another form was expected. */
  JOT_KEY_TEXT_IS_JSON = 436,
  /** The text is the base64 of a key, without the BEGIN and END lines that make it PEM. */
  JOT_KEY_TEXT_IS_BASE64 = 437,
  /** The PEM has a backslash and an n in the place of each line break. */
  JOT_KEY_TEXT_IS_ESCAPED = 438,
  /** The text is UTF-16 or UTF-32; UTF-8 is required. */
  JOT_KEY_TEXT_IS_WIDE = 439,
  /** The text is a discovery document; its jwks_uri says where the JWK Set is. */
  JOT_KEY_TEXT_IS_DISCOVERY = 440,
  /** The text is a JSON object that maps each kid to a PEM; read each PEM by itself. */
  JOT_KEY_TEXT_IS_MAP = 441,
  /** The label of the PEM block is not that of a key or certificate. */
  JOT_KEY_PEM_LABEL = 442,
  /** The crv is an old name for secp256k1 (RFC 8812). */
  JOT_KEY_CURVE_RENAMED = 443,
  /** The curve is given by its parameters instead of its name, which RFC 5480 forbids. */
  JOT_KEY_CURVE_EXPLICIT = 444,
  /** The RSASSA-PSS key (RFC 4055) is private, or its parameters are not those of PS256, PS384 or PS512. */
  JOT_KEY_RSA_PSS = 446,
  /** The text is neither a JWK, a JWK Set nor PEM. */
  JOT_KEY_TEXT_UNKNOWN = 447,
  /** A BEGIN line of PEM starts with exactly five hyphens, and this one does not. */
  JOT_KEY_PEM_DASHES = 448,
  /** The text is a Keycloak realm document; its public_key is the base64 of a key in DER. */
  JOT_KEY_TEXT_IS_REALM = 449,
  /** The issuer's keys have not been fetched yet. */
  JOT_KEYS_NOT_YET = 450,
  /** The issuer's keys could not be fetched again for longer than allowed. */
  JOT_KEYS_STALE = 451,
  /** The fetch of the keys ended without an answer. */
  JOT_FETCH_FAILED = 452,
  /** The fetch of the keys took longer than allowed. */
  JOT_FETCH_TIMEOUT = 453,
  /** The answer to the fetch has an HTTP status that brings no keys. */
  JOT_FETCH_STATUS = 454,
  /** The fetch was redirected to another origin, or too often. */
  JOT_FETCH_REDIRECT = 455,
  /** The answer to the fetch is longer than the limit. */
  JOT_REPLY_TOO_LONG = 456,
  /** The key set has more keys than the limit. */
  JOT_KEYS_TOO_MANY = 457,
  /** The discovery document is malformed or lacks a member. */
  JOT_DISCOVERY_INVALID = 458,
  /** The discovery document is that of another issuer. */
  JOT_DISCOVERY_ISSUER = 459,
  /** The URL is not one of https, or is written in a way that is not accepted. */
  JOT_URL_REFUSED = 460,
  /** The first certificate of x5c has another key than the JWK (RFC 7517). */
  JOT_KEY_CERTIFICATE_DIFFERS = 461,
  /** The list of revocations could not be fetched again for longer than allowed. */
  JOT_REVOCATIONS_STALE = 462,
  /** The list of revocations has not been fetched yet. */
  JOT_REVOCATIONS_NOT_YET = 463,
  /** The list that was fetched was made before the one in force. */
  JOT_REVOCATIONS_OLDER = 464,
  /** The token's status list has not been fetched yet. */
  JOT_STATUS_LIST_NOT_YET = 465,
  /** The token's status list could not be fetched again for longer than allowed. */
  JOT_STATUS_LIST_STALE = 466,
  /** The signed status list is malformed, or is that of another URI. */
  JOT_STATUS_LIST_INVALID = 467,
  /** The token names a status list that the verifier does not have. */
  JOT_STATUS_LIST_UNKNOWN = 468,
  /** The status list has more entries than the limit. */
  JOT_STATUS_LIST_TOO_LONG = 469,
  /** The JWS Signature does not hold. */
  JOT_SIGNATURE_INVALID = 500,
  /** The key that came with the token signed it, which proves nothing until its thumbprint is compared. */
  JOT_SELF_SIGNED = 501,
  /** The payload is not valid JSON in UTF-8. */
  JOT_CLAIMS_JSON = 600,
  /** The payload is not a JSON object. */
  JOT_CLAIMS_NOT_OBJECT = 601,
  /** The Claims Set has the same member name twice. */
  JOT_CLAIMS_REPEATED = 602,
  /** The policy demands an issuer and the token has no iss. */
  JOT_ISS_MISSING = 610,
  /** The iss is not a string. */
  JOT_ISS_INVALID = 611,
  /** The iss is not the issuer that the key belongs to. */
  JOT_ISS_MISMATCH = 612,
  /** The policy demands an audience and the token has no aud. */
  JOT_AUD_MISSING = 620,
  /** The aud is neither a string nor an array of strings. */
  JOT_AUD_INVALID = 621,
  /** The aud names none of the policy's audiences. */
  JOT_AUD_MISMATCH = 622,
  /** The token has an aud and the policy names no audience. */
  JOT_AUD_UNEXPECTED = 623,
  /** The policy demands a subject and the token has no sub. */
  JOT_SUB_MISSING = 630,
  /** The sub is not a string. */
  JOT_SUB_INVALID = 631,
  /** The sub is not the one that the policy demands. */
  JOT_SUB_MISMATCH = 632,
  /** The subject's tokens that were issued before a given instant were revoked. */
  JOT_SUB_REVOKED = 633,
  /** The jti is not a string. */
  JOT_JTI_INVALID = 640,
  /** The token was revoked by its jti. */
  JOT_JTI_REVOKED = 641,
  /** The token was revoked with its session, the sid. */
  JOT_SID_REVOKED = 642,
  /** The token's status list says that it is invalid. */
  JOT_STATUS_REVOKED = 643,
  /** The token's status list says that it is suspended. */
  JOT_STATUS_SUSPENDED = 644,
  /** The status list says something else of the token than valid, invalid or suspended. */
  JOT_STATUS_OTHER = 645,
  /** The status does not name a list by idx and uri, or the list has no such index. */
  JOT_STATUS_INVALID = 646,
  /** The policy demands a status list and the token names none. */
  JOT_STATUS_MISSING = 647,
  /** A claim that the policy demands is absent or null. */
  JOT_CLAIM_MISSING = 650,
  /** A claim has another value than the policy demands. */
  JOT_CLAIM_MISMATCH = 651,
  /** The policy demands an authorized party and the token has no azp. */
  JOT_AZP_MISSING = 660,
  /** The azp is not the authorized party that the policy demands. */
  JOT_AZP_MISMATCH = 661,
  /** The scope or scp is neither a string nor an array of strings. */
  JOT_SCOPE_INVALID = 662,
  /** The token lacks a scope that the policy demands. */
  JOT_SCOPE_INSUFFICIENT = 663,
  /** The policy limits the age and the token has no iat. */
  JOT_IAT_MISSING = 670,
  /** The iat is not a NumericDate. */
  JOT_IAT_INVALID = 671,
  /** The iat lies in the future by more than the leeway. */
  JOT_ISSUED_IN_FUTURE = 672,
  /** The token was issued longer ago than the policy allows. */
  JOT_TOO_OLD = 673,
  /** The nbf is not a NumericDate. */
  JOT_NBF_INVALID = 680,
  /** The nbf lies in the future. */
  JOT_NOT_YET_VALID = 681,
  /** The token has no exp and the policy demands one. */
  JOT_EXP_MISSING = 690,
  /** The exp is not a NumericDate. */
  JOT_EXP_INVALID = 691,
  /** The exp has passed; every other rule of the policy is met. */
  JOT_EXPIRED = 692,
  /** Every rule without dates is met; those with dates need the time of use, which is unknown. */
  JOT_TIME_UNKNOWN = 695,
  /** The token is longer than the limit. */
  JOT_TOKEN_TOO_LONG = 700,
  /** The header segment is longer than the limit. */
  JOT_HEADER_TOO_LONG = 701,
  /** The JOSE Header nests deeper than 32 levels. */
  JOT_HEADER_TOO_DEEP = 702,
  /** The Claims Set nests deeper than 32 levels. */
  JOT_CLAIMS_TOO_DEEP = 703,
  /** The first 8 keys that fit did not verify the token, and more remain. */
  JOT_CANDIDATES_TOO_MANY = 704,
  /** A fault of this library; please report it. */
  JOT_INTERNAL = 900,
  /** A fault of this library ended the call early; please report it. */
  JOT_PANICKED = 901,
};

/** The algorithms. 0 is none of them: it stands where none was named, and is never
 * accepted as one. */
enum jot_alg {
  /** HMAC with SHA-256 */
  JOT_HS256 = 1,
  /** HMAC with SHA-384 */
  JOT_HS384 = 2,
  /** HMAC with SHA-512 */
  JOT_HS512 = 3,
  /** RSASSA-PKCS1-v1_5 with SHA-256 */
  JOT_RS256 = 4,
  /** RSASSA-PKCS1-v1_5 with SHA-384 */
  JOT_RS384 = 5,
  /** RSASSA-PKCS1-v1_5 with SHA-512 */
  JOT_RS512 = 6,
  /** RSASSA-PSS with SHA-256 and a salt of 32 bytes */
  JOT_PS256 = 7,
  /** RSASSA-PSS with SHA-384 and a salt of 48 bytes */
  JOT_PS384 = 8,
  /** RSASSA-PSS with SHA-512 and a salt of 64 bytes */
  JOT_PS512 = 9,
  /** ECDSA on P-256 with SHA-256 */
  JOT_ES256 = 10,
  /** ECDSA on P-384 with SHA-384 */
  JOT_ES384 = 11,
  /** ECDSA on P-521 with SHA-512 */
  JOT_ES512 = 12,
  /** ECDSA on secp256k1 with SHA-256 */
  JOT_ES256K = 13,
  /** Ed25519 under its old, polymorphic name (RFC 8037) */
  JOT_EDDSA = 14,
  /** Ed25519 under its full name (RFC 9864) */
  JOT_ED25519 = 15,
  /** ML-DSA-44 (RFC 9964) */
  JOT_ML_DSA_44 = 16,
  /** ML-DSA-65 (RFC 9964) */
  JOT_ML_DSA_65 = 17,
  /** ML-DSA-87 (RFC 9964) */
  JOT_ML_DSA_87 = 18,
};

/**
 * "No such thing": no key, no issuer, no offset.
 */
#define JOT_NONE UINT32_MAX

/**
 * The version of this header's ABI. It is raised, together with the SONAME, if
 * something is removed or changed.
 */
#define JOT_ABI_VERSION 0

/**
 * Returns the ABI version of the loaded library; compare it with
 * `JOT_ABI_VERSION`. It never fails. Any thread may call it.
 */
JOT_API uint32_t jot_abi_version(void);

/**
 * Returns the version of the loaded library, such as `"0.1.0"`, ended by a NUL. It
 * is valid as long as the program runs. Any thread may call it.
 */
JOT_API const char *jot_version(void);

/**
 * Reads the system's clock: whole seconds since 1970. It is a convenience for
 * programs without their own clock; no other function reads a clock. Any thread
 * may call it.
 */
JOT_API int64_t jot_clock_now(void);

/**
 * Returns the stable name of a code, such as `"expired"`; `"unknown"` for a number
 * that is not a code. It ends with a NUL and is valid as long as the program runs.
 * Any thread may call it.
 */
JOT_API const char *jot_code_name(uint32_t code);

/**
 * Returns the stage of a code: `"accepted"`, `"caller"`, `"syntax"`, `"header"`,
 * `"key"`, `"signature"`, `"claims"`, `"limits"` or `"internal"`; `"unknown"` for a
 * number that is not a code. Otherwise it works like `jot_code_name`.
 */
JOT_API const char *jot_code_stage(uint32_t code);

/**
 * Returns the meaning of a code as one sentence; `"unknown"` for a number that is not
 * a code. Otherwise it works like `jot_code_name`.
 */
JOT_API const char *jot_code_meaning(uint32_t code);

/**
 * Returns the HTTP status of the response to a request whose token has this code:
 * 200 for `JOT_ACCEPTED`, 401 for a fault of the token, 403 for
 * `JOT_SCOPE_INSUFFICIENT`, and 500 for a fault of the server or a number that is
 * not a code (RFC 6750 §3.1; docs/error-codes.md lists it for each code). The code
 * of a request without a token is `JOT_TOKEN_NULL`. Any thread may call it.
 */
JOT_API uint32_t jot_code_http_status(uint32_t code);

/**
 * Returns the error of RFC 6750 §3.1 for the header line `WWW-Authenticate: Bearer
 * error="…"`: `"invalid_token"` or `"insufficient_scope"`; NULL if the header line
 * has no error. It ends with a NUL and is valid as long as the program runs. Any
 * thread may call it.
 */
JOT_API const char *jot_code_bearer_error(uint32_t code);

/**
 * Returns the code at a position, counted from 0 in numeric order, and `JOT_NONE`
 * after the last one, for iterating over all codes. Any thread may call it.
 */
JOT_API uint32_t jot_code_at(size_t position);

/**
 * Finds the algorithm with this `alg` name, compared exactly.
 *
 * Returns `JOT_ALG_UNKNOWN`; `JOT_ALG_NONE` for `none` in any casing;
 * `JOT_ARGUMENT_NULL`. Any thread may call it.
 */
JOT_API uint32_t jot_alg_parse(jot_slice name, uint32_t *alg);

/**
 * Returns the `alg` name of an algorithm, such as `"ES256"`; `"unknown"` for a
 * number that is not an algorithm. It ends with a NUL and is valid as long as the
 * program runs. Any thread may call it.
 */
JOT_API const char *jot_alg_name(uint32_t alg);

#ifdef __cplusplus
}
#endif

#endif /* JOT_H */
