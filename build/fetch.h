/* jot_fetch.h: a thread that follows keys at URLs. Made from fetch/src/ffi/ by build.rs;
 * do not edit.
 *
 * These functions are in libjot_fetch, which has all of jot.h as well and is linked in
 * the place of libjot: a program that fetches nothing links no HTTP and no TLS.
 *
 *     // Once:
 *     jot_fetcher *fetcher;
 *     jot_fetcher_new(NULL, &fetcher, NULL);
 *     jot_remote_keys *keys;
 *     if (jot_remote_keys_discover(fetcher, JOT_TEXT("https://issuer"), NULL, &keys, NULL) != JOT_ACCEPTED) …
 *     jot_key_set *none;
 *     jot_remote_keys_set(keys, &none);
 *     jot_verifier_builder_issuer(builder, JOT_TEXT("https://issuer"), none);
 *     jot_verifier_builder_build(builder, &verifier, NULL);
 *     jot_remote_keys_feed(keys, verifier, JOT_TEXT("https://issuer"), NULL);
 *
 *     // For each token:
 *     uint32_t code = jot_verifier_verify(verifier, token, now, scratch, &verdict);
 *     if (code != JOT_ACCEPTED && (code = jot_remote_keys_retry(keys, code, 2000)) == JOT_ACCEPTED)
 *       code = jot_verifier_verify(verifier, token, now, scratch, &verdict);
 *
 * The rules of jot.h apply, but for one: a fetcher has threads, does I/O and reads the
 * clock. A verification never waits for it; only functions whose name says so wait.
 */
#ifndef JOT_FETCH_H
#define JOT_FETCH_H

#include "jot.h"

#ifdef __cplusplus
extern "C" {
#endif

@HANDLES@

@BODY@

#ifdef __cplusplus
}
#endif

#endif /* JOT_FETCH_H */
