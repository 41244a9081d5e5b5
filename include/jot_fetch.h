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

/**
 * Threads that follow any number of issuers. Any number of threads may use it.
 *
 * A child of a `fork` has no threads; they start with the first call of
 * `jot_remote_keys_start` or of another function of `jot_fetch.h`, and make connections
 * of their own.
 */
typedef struct jot_fetcher jot_fetcher;

/**
 * The keys of one issuer, followed until this is freed. Any number of threads may use
 * it.
 */
typedef struct jot_remote_keys jot_remote_keys;

/**
 * A list of revocations, followed until this is freed. Any number of threads may use it.
 */
typedef struct jot_remote_revocations jot_remote_revocations;

/**
 * The status lists of an issuer, followed until this is freed. Any number of threads may use
 * it.
 */
typedef struct jot_remote_status_lists jot_remote_status_lists;

/* ================================================================== Fetchers
 *
 * A `jot_fetcher` has the threads that fetch, and what they trust.
 */

/**
 * What a fetcher trusts and how it connects. All zero except `size` is the default.
 */
typedef struct jot_fetcher_options {
  /**
   * `sizeof(jot_fetcher_options)`, set by the caller.
   */
  size_t size;
  /**
   * The certificates of authorities in PEM, and no others; absent for the built-in
   * ones, which are Mozilla's.
   */
  jot_slice authorities;
  /**
   * The certificate chain in PEM that servers are shown; absent for none.
   */
  jot_slice client_chain;
  /**
   * Its private key in PEM.
   */
  jot_slice client_key;
  /**
   * The URL of a proxy; empty, and not absent, for none. If it is absent, the variables
   * `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say which.
   */
  jot_slice proxy;
  /**
   * How many threads fetch, at most 255; 0 for one. With more, a slow issuer does not
   * delay another one.
   */
  uint32_t threads;
  /**
   * How many fetches unknown `kid`s may cause in any window of time, over all issuers;
   * 0 for the default, which is 10 in a minute.
   */
  uint32_t budget_fetches;
  /**
   * The seconds of that window; 0 for 60.
   */
  uint32_t budget_seconds;
  /**
   * 0.
   */
  uint32_t reserved;
} jot_fetcher_options;

/**
 * Makes a fetcher. Its threads start with the first issuer that it follows. `options`
 * and `error` may be NULL.
 *
 * The caller owns `*fetcher` and frees it with `jot_fetcher_free`. Returns
 * `JOT_ARGUMENT_VALUE` with the setting that cannot be used; 15x. Any thread may call it.
 */
JOT_API
uint32_t jot_fetcher_new(const jot_fetcher_options *options,
                         jot_fetcher **fetcher,
                         jot_error *error);

/**
 * Ends the threads and frees the fetcher; NULL is fine. A fetch under way is waited for,
 * no longer than its timeout. Keys that it fetched stay in use and are no longer
 * followed.
 */
JOT_API void jot_fetcher_free(jot_fetcher *fetcher);

/* =============================================================== Remote keys
 *
 * The keys of one issuer, which the threads of a fetcher follow.
 */

/**
 * Follows the keys at a URL. `options` and `error` may be NULL.
 *
 * The caller owns `*keys` and frees it with `jot_remote_keys_free`. Returns
 * `JOT_URL_REFUSED` unless the URL is one of `https`; `JOT_THREADS_MISSING`; 15x. Any
 * thread may call it.
 */
JOT_API
uint32_t jot_remote_keys_new(const jot_fetcher *fetcher,
                             jot_slice url,
                             const jot_keeper_options *options,
                             jot_remote_keys **keys,
                             jot_error *error);

/**
 * Follows the keys that an issuer's OpenID configuration names. Otherwise it works like
 * `jot_remote_keys_new`.
 */
JOT_API
uint32_t jot_remote_keys_discover(const jot_fetcher *fetcher,
                                  jot_slice issuer,
                                  const jot_keeper_options *options,
                                  jot_remote_keys **keys,
                                  jot_error *error);

/**
 * Returns the keys to verify with now, as a set that cannot be changed: what to give to
 * `jot_verifier_builder_issuer` or `jot_verifier_builder_keys`. Where there are none yet,
 * it is an empty set, with which tokens are `JOT_KEYS_NOT_YET` or `JOT_KEYS_STALE`: 503,
 * not 401.
 *
 * The caller owns `*set` and frees it with `jot_key_set_free`. Returns 15x for wrong
 * arguments. Any thread may call it.
 */
JOT_API uint32_t jot_remote_keys_set(const jot_remote_keys *keys, jot_key_set **set);

/**
 * Hands the keys to a verifier, now and whenever they change, until the verifier or the
 * keys are freed. `issuer` is the one that `jot_verifier_builder_issuer` was given for
 * them, or absent for the only key set. `error` may be NULL.
 *
 * Returns `JOT_ISSUER_UNKNOWN`; `JOT_THREADS_MISSING`; 15x. Any thread may call it.
 */
JOT_API
uint32_t jot_remote_keys_feed(const jot_remote_keys *keys,
                              const jot_verifier *verifier,
                              jot_slice issuer,
                              jot_error *error);

/**
 * Waits until there are keys, no longer than this many milliseconds.
 *
 * Returns `JOT_KEYS_NOT_YET` or `JOT_KEYS_STALE` if there are none in time;
 * `JOT_THREADS_MISSING`; 15x. Any thread may call it.
 */
JOT_API
uint32_t jot_remote_keys_wait(const jot_remote_keys *keys,
                              uint32_t milliseconds);

/**
 * Says what becomes of a token that was rejected with this code, because its key may have
 * been published a moment ago. With 0, verify it again; that verdict is final. Any other
 * number is the code to answer with.
 *
 * With `JOT_KID_UNKNOWN`, `JOT_KEYS_NOT_YET` and `JOT_KEYS_STALE` it asks for a fetch,
 * within the cool-down and the budget, and waits for its end no longer than this many
 * milliseconds. Then it returns 0; or the code of the fetch if it failed, which is 503;
 * or `JOT_FETCH_TIMEOUT` if it did not end in time. Every other code comes back at once.
 * Returns 15x for wrong arguments. Any thread may call it.
 */
JOT_API
uint32_t jot_remote_keys_retry(const jot_remote_keys *keys,
                               uint32_t code,
                               uint32_t milliseconds);

/**
 * Starts the threads of this process, unless it has them: for a child of a `fork` that
 * only verifies, so that it follows the keys, too.
 *
 * Returns `JOT_THREADS_MISSING`; 15x. Any thread may call it.
 */
JOT_API uint32_t jot_remote_keys_start(const jot_remote_keys *keys);

/**
 * Asks for a fetch as soon as possible, whatever the cool-down says: for operators, not
 * for requests. Returns `JOT_THREADS_MISSING`; 15x. Any thread may call it.
 */
JOT_API uint32_t jot_remote_keys_refresh_now(const jot_remote_keys *keys);

/**
 * Describes how the keys do. Returns 15x for wrong arguments. Any thread may call it.
 */
JOT_API uint32_t jot_remote_keys_health(const jot_remote_keys *keys, jot_health *health);

/**
 * Writes what was wrong with the last fetch, in words; empty if it succeeded. Returns 15x
 * for wrong arguments. Any thread may call it.
 */
JOT_API uint32_t jot_remote_keys_reason(const jot_remote_keys *keys, jot_text *text);

/**
 * Returns how many key sets there were so far; see `jot_keeper_snapshots`. Any thread may call
 * it.
 */
JOT_API size_t jot_remote_keys_snapshots(const jot_remote_keys *keys);

/**
 * Returns the key set with this number, and since when it was seen; see
 * `jot_keeper_snapshot`. Any thread may call it.
 *
 * The caller owns `*set` and frees it with `jot_key_set_free`. Returns `JOT_ARGUMENT_VALUE`
 * if there is no such set; 15x.
 */
JOT_API
uint32_t jot_remote_keys_snapshot(const jot_remote_keys *keys,
                                  size_t number,
                                  int64_t *since,
                                  jot_key_set **set);

/**
 * Writes what is known as JSON, for the next start; see `jot_keeper_save`. Any thread may
 * call it.
 */
JOT_API uint32_t jot_remote_keys_save(const jot_remote_keys *keys, jot_text *text);

/**
 * Goes on from what another process saved, until the first fetch ends. `error` may be
 * NULL.
 *
 * Returns `JOT_SAVED_KEYS_INVALID`, also for the text of keys of another URL;
 * `JOT_THREADS_MISSING`; 15x. Any thread may call it.
 */
JOT_API
uint32_t jot_remote_keys_restore(const jot_remote_keys *keys,
                                 jot_slice saved,
                                 jot_error *error);

/**
 * Ends the following of these keys; NULL is fine. Verifiers keep the keys that they have.
 */
JOT_API void jot_remote_keys_free(jot_remote_keys *keys);

/* ======================================================== Remote revocations
 *
 * The revocations of one issuer, which the threads of a fetcher follow: a signed JWT at a
 * URL (docs/revocation.md).
 *
 * ```c
 * jot_list_options options = {.size = sizeof options};
 * jot_remote_revocations_new(fetcher, JOT_TEXT("https://issuer/revocations"), keys,
 *                            JOT_TEXT("https://issuer"), 1u << JOT_ES256, &options, &revoked, NULL);
 * jot_remote_revocations_feed(revoked, verifier);
 * ```
 */

/**
 * Follows the revocations that an issuer serves at a URL. `keys` are those of the issuer;
 * a list counts if one of them signed it with one of `algs`: bit `alg` for each, as in
 * `1u << JOT_ES256`. `issuer` is the `iss` of its lists, and may be absent for keys that
 * were discovered by it. `options` and `error` may be NULL.
 *
 * The caller owns `*revocations` and frees it with `jot_remote_revocations_free`. Returns
 * `JOT_URL_REFUSED` unless the URL is one of `https`; `JOT_ISSUER_REQUIRED`;
 * `JOT_ALGORITHMS_EMPTY`; `JOT_THREADS_MISSING`; 15x. Any thread may call it.
 */
JOT_API
uint32_t jot_remote_revocations_new(const jot_fetcher *fetcher,
                                    jot_slice url,
                                    const jot_remote_keys *keys,
                                    jot_slice issuer,
                                    uint32_t algs,
                                    const jot_list_options *options,
                                    jot_remote_revocations **revocations,
                                    jot_error *error);

/**
 * Sets the revocations of a verifier, now and whenever they change, until the verifier or
 * the list is freed. Before the first list and after the end of the last one its tokens
 * are `JOT_REVOCATIONS_NOT_YET` or `JOT_REVOCATIONS_STALE`: 503, not 401.
 *
 * Returns `JOT_THREADS_MISSING`; 15x. Any thread may call it.
 */
JOT_API
uint32_t jot_remote_revocations_feed(const jot_remote_revocations *revocations,
                                     const jot_verifier *verifier);

/**
 * Waits until there is a list in force, no longer than this many milliseconds.
 *
 * Returns `JOT_REVOCATIONS_NOT_YET` or `JOT_REVOCATIONS_STALE` if there is none in time;
 * `JOT_THREADS_MISSING`; 15x. Any thread may call it.
 */
JOT_API
uint32_t jot_remote_revocations_wait(const jot_remote_revocations *revocations,
                                     uint32_t milliseconds);

/**
 * Returns a copy of the list that verifiers have now, to look at or to save.
 *
 * The caller owns `*list` and frees it with `jot_revocations_free`. Returns 15x for wrong
 * arguments. Any thread may call it.
 */
JOT_API
uint32_t jot_remote_revocations_list(const jot_remote_revocations *revocations,
                                     jot_revocations **list);

/**
 * Starts the threads of this process, unless it has them: for a child of a `fork` that
 * only verifies. Returns `JOT_THREADS_MISSING`; 15x. Any thread may call it.
 */
JOT_API uint32_t jot_remote_revocations_start(const jot_remote_revocations *revocations);

/**
 * Asks for a fetch as soon as possible. Returns `JOT_THREADS_MISSING`; 15x. Any thread may
 * call it.
 */
JOT_API
uint32_t jot_remote_revocations_refresh_now(const jot_remote_revocations *revocations);

/**
 * Describes how the list does. Returns 15x for wrong arguments. Any thread may call it.
 */
JOT_API
uint32_t jot_remote_revocations_health(const jot_remote_revocations *revocations,
                                       jot_list_health *health);

/**
 * Writes what was wrong with the last fetch, in words; empty if it succeeded. Returns 15x
 * for wrong arguments. Any thread may call it.
 */
JOT_API
uint32_t jot_remote_revocations_reason(const jot_remote_revocations *revocations,
                                       jot_text *text);

/**
 * Writes the JWT of the list in force, for the next start; empty if there is none. Its
 * signature protects it. Returns 15x for wrong arguments. Any thread may call it.
 */
JOT_API
uint32_t jot_remote_revocations_save(const jot_remote_revocations *revocations,
                                     jot_text *text);

/**
 * Goes on with what `jot_remote_revocations_save` of another process wrote, until the
 * first fetch ends. The keys that it was signed with must be there.
 *
 * Returns why the list is rejected, as if it were a token; `JOT_THREADS_MISSING`; 15x. Any
 * thread may call it.
 */
JOT_API
uint32_t jot_remote_revocations_restore(const jot_remote_revocations *revocations,
                                        jot_slice saved);

/**
 * Ends the following of this list; NULL is fine. Verifiers keep the list that they have.
 */
JOT_API void jot_remote_revocations_free(jot_remote_revocations *revocations);

/* ======================================================= Remote status lists
 *
 * The Token Status Lists of an issuer, which the threads of a fetcher follow: those at URIs
 * that are named, and those that tokens name (docs/revocation.md).
 *
 * ```c
 * jot_slice uris[] = {JOT_TEXT("https://issuer/status/")};      // and all that is below
 * jot_status_places places = {.size = sizeof places, .uris = uris, .count = 1};
 * jot_remote_status_lists_new(fetcher, &places, keys, 1u << JOT_ES256, NULL, &lists, NULL);
 * jot_remote_status_lists_feed(lists, verifier);                // jot_policy_check_status
 *
 * code = jot_verifier_verify(verifier, token, now, scratch, &verdict);
 * if (code != JOT_ACCEPTED && (code = jot_remote_status_lists_retry(lists, code, 2000)) == JOT_ACCEPTED)
 *   code = jot_verifier_verify(verifier, token, now, scratch, &verdict);
 * ```
 */

/**
 * Which status lists are followed.
 */
typedef struct jot_status_places {
  /**
   * `sizeof(jot_status_places)`, set by the caller.
   */
  size_t size;
  /**
   * The URIs of lists, which are followed from the start; and URIs that end with `/`, below
   * which a list is followed from the first token on that names it, once the token's
   * signature has been verified.
   */
  const jot_slice *uris;
  /**
   * How many URIs there are.
   */
  size_t count;
  /**
   * How many lists are followed at a time; 0 for 256. One more is
   * `JOT_STATUS_LIST_UNKNOWN`, until another one was forgotten.
   */
  uint32_t most;
  /**
   * After how many seconds without a token that names it a list is forgotten, unless its
   * own URI was given; 0 for 86400. It may be half as long.
   */
  uint32_t forget_after;
} jot_status_places;

/**
 * Follows the status lists of an issuer. `keys` are those of the issuer of the lists; a list
 * counts if one of them signed it with one of `algs`: bit `alg` for each, as in
 * `1u << JOT_ES256`. `options` and `error` may be NULL.
 *
 * The caller owns `*lists` and frees it with `jot_remote_status_lists_free`. Returns
 * `JOT_URL_REFUSED` unless the URIs are those of `https`; `JOT_ALGORITHMS_EMPTY`;
 * `JOT_THREADS_MISSING`; 15x. Any thread may call it.
 */
JOT_API
uint32_t jot_remote_status_lists_new(const jot_fetcher *fetcher,
                                     const jot_status_places *places,
                                     const jot_remote_keys *keys,
                                     uint32_t algs,
                                     const jot_list_options *options,
                                     jot_remote_status_lists **lists,
                                     jot_error *error);

/**
 * Hands the lists to a verifier, now and whenever they change, and those that its tokens
 * name, until the verifier or the fetcher is freed. Its policy says whether they count. Until
 * a list was fetched and after its end, tokens that name it are `JOT_STATUS_LIST_NOT_YET` or
 * `JOT_STATUS_LIST_STALE`: 503, not 401.
 *
 * Returns `JOT_STATUS_LISTS_FULL`; `JOT_THREADS_MISSING`; 15x. Any thread may call it.
 */
JOT_API
uint32_t jot_remote_status_lists_feed(const jot_remote_status_lists *lists,
                                      const jot_verifier *verifier);

/**
 * Waits until every list that is followed is in force, no longer than this many
 * milliseconds.
 *
 * Returns `JOT_STATUS_LIST_NOT_YET` or `JOT_STATUS_LIST_STALE` if one is not in time;
 * `JOT_THREADS_MISSING`; 15x. Any thread may call it.
 */
JOT_API
uint32_t jot_remote_status_lists_wait(const jot_remote_status_lists *lists,
                                      uint32_t milliseconds);

/**
 * Says what becomes of a token that was rejected with this code, because its list may be on
 * its way. With 0, verify it again; that verdict is final. Any other number is the code to
 * answer with.
 *
 * With `JOT_STATUS_LIST_NOT_YET` it waits for the first answers of the lists that have had
 * none, no longer than this many milliseconds. With 0 milliseconds it only looks: the code
 * comes back if a list has had no answer, so that a wait may help. Every other code comes back
 * at once. Returns 15x for wrong arguments. Any thread may call it.
 */
JOT_API
uint32_t jot_remote_status_lists_retry(const jot_remote_status_lists *lists,
                                       uint32_t code,
                                       uint32_t milliseconds);

/**
 * Starts the threads of this process, unless it has them: for a child of a `fork` that
 * only verifies. Returns `JOT_THREADS_MISSING`; 15x. Any thread may call it.
 */
JOT_API uint32_t jot_remote_status_lists_start(const jot_remote_status_lists *lists);

/**
 * Asks for a fetch of each list as soon as possible. Returns `JOT_THREADS_MISSING`; 15x. Any
 * thread may call it.
 */
JOT_API
uint32_t jot_remote_status_lists_refresh_now(const jot_remote_status_lists *lists);

/**
 * Writes the URIs of the lists that are followed, each on a line, in their order. Returns 15x
 * for wrong arguments. Any thread may call it.
 */
JOT_API
uint32_t jot_remote_status_lists_uris(const jot_remote_status_lists *lists,
                                      jot_text *text);

/**
 * Describes how the list at this URI does. Returns `JOT_STATUS_LIST_UNKNOWN` if it is not
 * followed; 15x. Any thread may call it.
 */
JOT_API
uint32_t jot_remote_status_lists_health(const jot_remote_status_lists *lists,
                                        jot_slice uri,
                                        jot_list_health *health);

/**
 * Writes what was wrong with the last fetch of the list at this URI, in words; empty if it
 * succeeded. Returns `JOT_STATUS_LIST_UNKNOWN` if it is not followed; 15x. Any thread may
 * call it.
 */
JOT_API
uint32_t jot_remote_status_lists_reason(const jot_remote_status_lists *lists,
                                        jot_slice uri,
                                        jot_text *text);

/**
 * Returns how often a token named a list that could not be followed because there were as
 * many as there may be; 0 for NULL. Any thread may call it.
 */
JOT_API uint64_t jot_remote_status_lists_refused(const jot_remote_status_lists *lists);

/**
 * Frees the lists; NULL is fine. Verifiers that were fed keep them, and have them followed
 * for as long as they and the fetcher live.
 */
JOT_API void jot_remote_status_lists_free(jot_remote_status_lists *lists);

#ifdef __cplusplus
}
#endif

#endif /* JOT_FETCH_H */
