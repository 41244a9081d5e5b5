/* What Go cannot say of jot.h without breaking cgo's rules or allocating: results stay in
 * memory of C, and lists cross as one text with lengths. */
#ifndef JOT_GO_BRIDGE_H
#define JOT_GO_BRIDGE_H

#include <jot_fetch.h>
#include <stdlib.h>

/* A scratch with what the last verification left in it. */
typedef struct jot_go_slot {
  jot_scratch *scratch;
  jot_verdict verdict;
  jot_slice issuer, subject;
} jot_go_slot;

/* What one call demands beyond the policy; lists as one text with the length of each. */
typedef struct jot_go_demand {
  jot_demand demand;
  jot_slice *views;
  uint8_t *copy;
} jot_go_demand;

extern const uint8_t jot_go_empty[1];

jot_go_slot *jot_go_slot_new(void);
void jot_go_slot_free(jot_go_slot *slot);

uint32_t jot_go_verify(const jot_verifier *verifier, const uint8_t *token, size_t length, int64_t now,
                       jot_go_slot *slot);
uint32_t jot_go_check(const jot_verifier *verifier, const uint8_t *token, size_t length, int64_t now,
                      jot_go_slot *slot);
uint32_t jot_go_verify_for(const jot_verifier *verifier, const uint8_t *token, size_t length, int64_t now,
                           const jot_go_demand *demand, jot_go_slot *slot);
uint32_t jot_go_verify_jws(const jot_verifier *verifier, jot_slice token, jot_slice issuer, jot_slice detached,
                           jot_go_slot *slot);
uint32_t jot_go_detail(uint32_t code, uint32_t flags, uint32_t offset, jot_slice claim, jot_slice token,
                       char *buffer, size_t capacity, size_t *length);

jot_go_demand *jot_go_demand_new(jot_slice all, const size_t *lengths, size_t issuers, size_t audiences,
                                 bool some_issuers, bool some_audiences, bool key_set);
void jot_go_demand_free(jot_go_demand *demand);

uint32_t jot_go_have_scopes(const jot_go_slot *slot, jot_slice all, const size_t *lengths, size_t count);
uint32_t jot_go_path(const jot_go_slot *slot, jot_slice all, const size_t *lengths, size_t depth, jot_value *value);
bool jot_go_contains(const jot_go_slot *slot, jot_slice all, const size_t *lengths, size_t depth, jot_slice element);

/* Texts in the Arrow layout of a large string column; no row is null if validity is NULL. */
typedef struct jot_go_column {
  jot_slice data;
  const int64_t *offsets;
  jot_slice validity;
  size_t rows;
} jot_go_column;

/* Columns that are NULL are not written. With as_of each row has its own instant. */
uint32_t jot_go_batch(const jot_batch *batch, const jot_verifier *verifier, jot_go_column tokens, int64_t now,
                      const int64_t *as_of, const uint8_t *as_of_known, jot_watch *watch, jot_columns columns,
                      size_t *accepted, size_t *distinct, jot_error *error);

/* Tokens that come with their own key; the key of a call is absent if the token has it. */
uint32_t jot_go_selfsigned_new(uint32_t algs, bool any_typ, jot_slice all, const size_t *lengths, size_t count,
                               size_t token_bytes, size_t header_bytes, uint32_t backend,
                               jot_selfsigned_verifier **verifier, jot_error *error);
uint32_t jot_go_selfsigned_batch(const jot_batch *batch, const jot_selfsigned_verifier *verifier,
                                 jot_go_column tokens, bool apart, jot_go_column keys, uint32_t *codes,
                                 uint8_t *digests, jot_error *error);

/* Where the token of a request is in the values of its fields, which are one text. */
typedef struct jot_go_authorization {
  uint32_t code, found;
  size_t start, length;
} jot_go_authorization;

jot_go_authorization jot_go_authorization_token(jot_slice scheme, jot_slice all, const size_t *lengths, size_t count);
uint32_t jot_go_challenge(uint32_t code, uint32_t flags, jot_slice realm, jot_slice metadata, jot_slice all,
                          const size_t *lengths, size_t count, uint32_t *status, jot_text *text, jot_error *error);

uint32_t jot_go_sign(const jot_signer *signer, jot_slice typ, jot_slice cty, jot_slice parameters, bool without_typ,
                     jot_slice payload, uint32_t form, bool claims, jot_text *token, jot_error *error);
uint32_t jot_go_fetcher(jot_slice authorities, jot_slice chain, jot_slice key, jot_slice proxy, uint32_t threads,
                        jot_fetcher **fetcher, jot_error *error);
uint32_t jot_go_status_lists(const jot_fetcher *fetcher, jot_slice all, const size_t *lengths, size_t count,
                             uint32_t most, uint32_t forget_after, const jot_remote_keys *keys, uint32_t algs,
                             const jot_list_options *options, jot_remote_status_lists **lists, jot_error *error);

#endif
