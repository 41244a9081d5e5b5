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
 * anything else a code of the list at the end. "15x" stands for the codes of
 * wrong arguments, which every function may return: JOT_ARGUMENT_NULL,
 * JOT_ARGUMENT_SIZE, JOT_ARGUMENT_MISALIGNED, JOT_ARGUMENT_TEXT,
 * JOT_ARGUMENT_VALUE. Every function may also return JOT_PANICKED (901): a fault
 * of the library that it caught; nothing ever unwinds into C.
 *
 * Outputs are written only on success, but for jot_verdict and jot_error.
 *
 * Ownership. A handle that a function makes belongs to the caller until its
 * jot_…_free, which takes NULL. No function takes a handle over. What one handle
 * was made of may be freed while it lives on.
 *
 * Views. A jot_slice owns nothing. One that you pass in must live for the call.
 * One that you are given lives as long as its function says.
 *
 * Threads. "Any thread" means at any time. A handle that "one thread at a time"
 * uses may wander between threads, but two must not use it at once. A verifier,
 * a signer, and a key set to which nothing is added any more, may be used by any
 * number of threads at once. jot_…_free is for the last user.
 *
 * Structs that begin with `size` may grow in later versions. Set it to sizeof;
 * a program that was built with an older header goes on working.
 *
 * Nothing hidden. The library starts no thread but those of a jot_batch that was
 * asked for them, does no I/O, and looks at no clock but in jot_clock_now. All that
 * a process shares are the fixed tables of accelerated code, and a count by which
 * scratches are told apart. Instants are seconds since 1970-01-01T00:00:00Z.
 *
 * Out of memory the process is aborted, as Rust does; but for memory whose size
 * the caller names (rows of a batch, a cache), which is refused by a code.
 */
#ifndef JOT_H
#define JOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What stands before every function; define it to import them otherwise. */
#ifndef JOT_API
#define JOT_API extern
#endif

/* For structs whose members are atomics within the library: on some processors
 * of 32 bits C would align their words of 64 bits to 4 bytes. */
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
 * What the library keeps and you hold by pointer.
 */

@HANDLES@

@BODY@

#ifdef __cplusplus
}
#endif

#endif /* JOT_H */
