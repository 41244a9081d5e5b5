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

@HANDLES@

@BODY@

#ifdef __cplusplus
}
#endif

#endif /* JOT_H */
