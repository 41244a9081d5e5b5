#include "bridge.h"

#include <string.h>

const uint8_t jot_go_empty[1] = {0};

jot_go_slot *jot_go_slot_new(void) {
  jot_go_slot *slot = calloc(1, sizeof *slot);
  if (slot == NULL) abort(); /* as Rust and Go do */
  slot->scratch = jot_scratch_new();
  slot->verdict.size = sizeof slot->verdict;
  return slot;
}

void jot_go_slot_free(jot_go_slot *slot) {
  jot_scratch_free(slot->scratch);
  free(slot);
}

static uint32_t known(jot_go_slot *slot, uint32_t code) {
  memset(&slot->issuer, 0, sizeof slot->issuer);
  memset(&slot->subject, 0, sizeof slot->subject);
  if (code == JOT_ACCEPTED) {
    jot_claims_text(slot->scratch, JOT_TEXT("iss"), &slot->issuer);
    jot_claims_text(slot->scratch, JOT_TEXT("sub"), &slot->subject);
  }
  return code;
}

uint32_t jot_go_verify(const jot_verifier *verifier, const uint8_t *token, size_t length, int64_t now,
                       jot_go_slot *slot) {
  const jot_slice view = {token, length};
  return known(slot, jot_verifier_verify(verifier, view, now, slot->scratch, &slot->verdict));
}

uint32_t jot_go_check(const jot_verifier *verifier, const uint8_t *token, size_t length, int64_t now,
                      jot_go_slot *slot) {
  const jot_slice view = {token, length};
  return jot_verifier_check(verifier, view, now, slot->scratch, &slot->verdict);
}

uint32_t jot_go_verify_for(const jot_verifier *verifier, const uint8_t *token, size_t length, int64_t now,
                           const jot_go_demand *demand, jot_go_slot *slot) {
  const jot_slice view = {token, length};
  return known(slot,
               jot_verifier_verify_for(verifier, view, now, &demand->demand, slot->scratch, &slot->verdict));
}

uint32_t jot_go_verify_jws(const jot_verifier *verifier, jot_slice token, jot_slice issuer, jot_slice detached,
                           jot_go_slot *slot) {
  memset(&slot->issuer, 0, sizeof slot->issuer);
  memset(&slot->subject, 0, sizeof slot->subject);
  return jot_verifier_verify_jws(verifier, token, issuer, detached, slot->scratch, &slot->verdict);
}

uint32_t jot_go_detail(uint32_t code, uint32_t flags, uint32_t offset, jot_slice claim, jot_slice token,
                       char *buffer, size_t capacity, size_t *length) {
  jot_verdict verdict = {.size = sizeof verdict, .code = code, .flags = flags, .fault_offset = offset,
                         .fault_claim = claim};
  return jot_verdict_detail(&verdict, token, buffer, capacity, length);
}

/* Views of the parts of one text, in memory that the caller frees. */
static jot_slice *parts(jot_slice all, const size_t *lengths, size_t count) {
  jot_slice *views = calloc(count + 1, sizeof *views);
  if (views == NULL) abort();
  const uint8_t *at = all.ptr != NULL ? all.ptr : jot_go_empty;
  for (size_t i = 0; i < count; at += lengths[i], i++) {
    views[i].ptr = at;
    views[i].len = lengths[i];
  }
  return views;
}

jot_go_demand *jot_go_demand_new(jot_slice all, const size_t *lengths, size_t issuers, size_t audiences,
                                 bool some_issuers, bool some_audiences, bool key_set) {
  jot_go_demand *made = calloc(1, sizeof *made);
  uint8_t *copy = malloc(all.len + 1);
  if (made == NULL || copy == NULL) abort();
  if (all.len != 0) memcpy(copy, all.ptr, all.len);
  made->copy = copy;
  made->views = parts((jot_slice){copy, all.len}, lengths, issuers + audiences + (key_set ? 1 : 0));
  made->demand.size = sizeof made->demand;
  if (some_issuers) made->demand.issuers = made->views, made->demand.issuer_count = issuers;
  if (some_audiences) made->demand.audiences = made->views + issuers, made->demand.audience_count = audiences;
  if (key_set) made->demand.key_set = made->views[issuers + audiences];
  return made;
}

void jot_go_demand_free(jot_go_demand *demand) {
  free(demand->copy);
  free(demand->views);
  free(demand);
}

uint32_t jot_go_have_scopes(const jot_go_slot *slot, jot_slice all, const size_t *lengths, size_t count) {
  jot_slice *views = parts(all, lengths, count);
  const uint32_t code = jot_claims_have_scopes(slot->scratch, views, count);
  free(views);
  return code;
}

uint32_t jot_go_path(const jot_go_slot *slot, jot_slice all, const size_t *lengths, size_t depth, jot_value *value) {
  jot_slice *views = parts(all, lengths, depth);
  const uint32_t code = jot_claims_path(slot->scratch, views, depth, value);
  free(views);
  return code;
}

bool jot_go_contains(const jot_go_slot *slot, jot_slice all, const size_t *lengths, size_t depth, jot_slice element) {
  jot_slice *views = parts(all, lengths, depth);
  const bool found = jot_claims_contains(slot->scratch, views, depth, element);
  free(views);
  return found;
}

static jot_tokens tokens_of(const jot_go_column *column) {
  return (jot_tokens){.size = sizeof(jot_tokens),
                      .layout = JOT_ARROW64,
                      .flags = JOT_BOUNDED,
                      .rows = column->rows,
                      .data = column->data,
                      .offsets = column->offsets,
                      .offsets_bytes = (column->rows + 1) * sizeof *column->offsets,
                      .validity = column->validity.ptr,
                      .validity_bytes = column->validity.len};
}

uint32_t jot_go_batch(const jot_batch *batch, const jot_verifier *verifier, jot_go_column tokens, int64_t now,
                      const int64_t *as_of, const uint8_t *as_of_known, jot_watch *watch, jot_columns columns,
                      size_t *accepted, size_t *distinct, jot_error *error) {
  const jot_tokens input = tokens_of(&tokens);
  const jot_batch_options options = {.size = sizeof options,
                                     .now = now,
                                     .as_of = as_of,
                                     .as_of_known = as_of_known,
                                     .progress = jot_watch_progress,
                                     .user = watch};
  jot_batch_report report = {.size = sizeof report};
  columns.size = sizeof columns;
  const uint32_t code = jot_batch_verify(batch, verifier, &input, &options, &columns, &report, error);
  *accepted = report.accepted;
  *distinct = report.distinct;
  return code;
}

uint32_t jot_go_selfsigned_new(uint32_t algs, bool any_typ, jot_slice all, const size_t *lengths, size_t count,
                               size_t token_bytes, size_t header_bytes, uint32_t backend,
                               jot_selfsigned_verifier **verifier, jot_error *error) {
  jot_slice *views = parts(all, lengths, count);
  const jot_selfsigned_options options = {.size = sizeof options,
                                          .algs = algs,
                                          .flags = any_typ ? JOT_ANY_TYP : 0,
                                          .typs = views,
                                          .typ_count = count,
                                          .token_bytes = token_bytes,
                                          .header_bytes = header_bytes,
                                          .backend = backend};
  const uint32_t code = jot_selfsigned_verifier_new(&options, verifier, error);
  free(views);
  return code;
}

uint32_t jot_go_selfsigned_batch(const jot_batch *batch, const jot_selfsigned_verifier *verifier,
                                 jot_go_column tokens, bool apart, jot_go_column keys, uint32_t *codes,
                                 uint8_t *digests, jot_error *error) {
  const jot_tokens input = tokens_of(&tokens), own = tokens_of(&keys);
  const jot_selfsigned_columns columns = {.size = sizeof columns, .codes = codes, .digests = digests};
  return jot_batch_verify_selfsigned(batch, verifier, &input, apart ? &own : NULL, &columns, error);
}

jot_go_authorization jot_go_authorization_token(jot_slice scheme, jot_slice all, const size_t *lengths, size_t count) {
  jot_go_authorization made = {0};
  jot_slice token;
  jot_slice *views = parts(all, lengths, count);
  made.code = jot_authorization_token(scheme, views, count, &token, &made.found);
  if (made.found == 1) {
    made.start = (size_t)(token.ptr - views[0].ptr);
    made.length = token.len;
  }
  free(views);
  return made;
}

uint32_t jot_go_challenge(uint32_t code, uint32_t flags, jot_slice realm, jot_slice metadata, jot_slice all,
                          const size_t *lengths, size_t count, uint32_t *status, jot_text *text, jot_error *error) {
  jot_slice *views = parts(all, lengths, count);
  const jot_challenge challenge = {.size = sizeof challenge,
                                   .code = code,
                                   .flags = flags,
                                   .realm = realm,
                                   .resource_metadata = metadata,
                                   .scopes = views,
                                   .scope_count = count};
  const uint32_t made = jot_challenge_write(&challenge, status, text, error);
  free(views);
  return made;
}

uint32_t jot_go_sign(const jot_signer *signer, jot_slice typ, jot_slice cty, jot_slice parameters, bool without_typ,
                     jot_slice payload, uint32_t form, bool claims, jot_text *token, jot_error *error) {
  const jot_sign_header header = {.size = sizeof header,
                                  .flags = without_typ ? JOT_WITHOUT_TYP : 0,
                                  .typ = typ,
                                  .cty = cty,
                                  .parameters = parameters};
  return claims ? jot_signer_sign_claims(signer, &header, payload, token, error)
                : jot_signer_sign_payload(signer, &header, payload, form, token, error);
}

uint32_t jot_go_fetcher(jot_slice authorities, jot_slice chain, jot_slice key, jot_slice proxy, uint32_t threads,
                        jot_fetcher **fetcher, jot_error *error) {
  const jot_fetcher_options options = {.size = sizeof options,
                                       .authorities = authorities,
                                       .client_chain = chain,
                                       .client_key = key,
                                       .proxy = proxy,
                                       .threads = threads};
  return jot_fetcher_new(&options, fetcher, error);
}

uint32_t jot_go_status_lists(const jot_fetcher *fetcher, jot_slice all, const size_t *lengths, size_t count,
                             uint32_t most, uint32_t forget_after, const jot_remote_keys *keys, uint32_t algs,
                             const jot_list_options *options, jot_remote_status_lists **lists, jot_error *error) {
  jot_slice *views = parts(all, lengths, count);
  const jot_status_places places = {
      .size = sizeof places, .uris = views, .count = count, .most = most, .forget_after = forget_after};
  const uint32_t code = jot_remote_status_lists_new(fetcher, &places, keys, algs, options, lists, error);
  free(views);
  return code;
}
