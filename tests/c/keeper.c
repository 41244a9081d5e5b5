/* A keeper driven by hand: what an event loop does, with a clock of the test's own. */
#include <stddef.h>
#include <stdlib.h>

#include "check.h"

#define URL "https://issuer.example/jwks"

static jot_keeper *keeper_of(const char *url, jot_keeper_options *options) {
  jot_keeper *keeper = NULL;
  OK(jot_keeper_new(text(url), options, 1, &keeper, NULL));
  return keeper;
}

static jot_keeper_options defaults(void) {
  jot_keeper_options options = {.size = sizeof options};
  OK(jot_keeper_options_default(&options));
  return options;
}

/* Polls for a request that must be due. */
static uint64_t due(jot_keeper *keeper, int64_t now, const char *url) {
  jot_request request = {.size = sizeof request};
  OK(jot_keeper_poll(keeper, now, &request));
  CHECK(request.ticket != 0 && is_text(request.url, url));
  CHECK(request.timeout == 5 && request.most_bytes == 1 << 20);
  return request.ticket;
}

static int64_t sleeps(jot_keeper *keeper, int64_t now) {
  jot_request request = {.size = sizeof request};
  OK(jot_keeper_poll(keeper, now, &request));
  CHECK(request.ticket == 0 && request.url.ptr == NULL);
  return request.until;
}

static uint32_t answer(jot_keeper *keeper, uint64_t ticket, uint32_t status, jot_field *field, jot_slice body,
                       int64_t now, uint32_t *change) {
  jot_reply reply = {.size = sizeof reply, .outcome = JOT_REPLIED, .status = status, .body = body,
                     .fields = field, .field_count = field != NULL};
  return jot_keeper_answer(keeper, ticket, &reply, now, change, NULL);
}

static jot_health health_of(const jot_keeper *keeper) {
  jot_health health = {.size = sizeof health};
  OK(jot_keeper_health(keeper, &health));
  return health;
}

static void replace(jot_verifier *verifier, const jot_keeper *keeper, int64_t now) {
  jot_key_set *set = NULL;
  OK(jot_keeper_keys(keeper, now, &set));
  OK(jot_verifier_replace_keys(verifier, text(ISSUER), set, NULL));
  jot_key_set_free(set);
}

static void keys_come_go_and_run_out(void) {
  jot_signer *signers[] = {signer_of(JOT_EDDSA, "a"), signer_of(JOT_EDDSA, "b")};
  jot_text *tokens[] = {jot_text_new(), jot_text_new()}, *jwks[] = {jot_text_new(), jot_text_new()};
  for (int i = 0; i < 2; i++) {
    sign(signers[i], "{\"iss\":\"" ISSUER "\",\"exp\":1900000000}", tokens[i]);
    jot_key_set *set = keys_of(signers[i]);
    OK(jot_key_set_to_jwks(set, jwks[i], NULL));
    jot_key_set_free(set);
  }
  jot_keeper_options options = defaults();
  options.serve_stale_for = 1000;
  jot_keeper *keeper = keeper_of(URL, &options);
  jot_budget *budget = jot_budget_new(2, 60);
  jot_key_set *none = NULL;
  OK(jot_keeper_keys(keeper, NOW, &none));
  jot_verifier *verifier = verifier_of(policy_of(JOT_EDDSA), none, 0);
  jot_key_set_free(none);
  jot_scratch *scratch = jot_scratch_new();
  uint32_t change = 77, pending = 77;
  CHECK_CODE(jot_verifier_verify(verifier, jot_text_view(tokens[0]), NOW, scratch, NULL), JOT_KEYS_NOT_YET);
  CHECK(jot_code_http_status(JOT_KEYS_NOT_YET) == 503 && health_of(keeper).last_success == INT64_MIN);

  /* The first set, which is fresh for 100 seconds. */
  uint64_t ticket = due(keeper, NOW, URL);
  CHECK(sleeps(keeper, NOW) == NOW + 6);
  jot_field age = {text("Cache-Control"), text("max-age=100")};
  OK(answer(keeper, ticket, 200, &age, jot_text_view(jwks[0]), NOW, &change));
  CHECK(change == JOT_CHANGE_KEYS);
  OK(answer(keeper, ticket, 200, &age, jot_text_view(jwks[1]), NOW, &change));
  CHECK(change == JOT_CHANGE_LATE);
  replace(verifier, keeper, NOW);
  OK(jot_verifier_verify(verifier, jot_text_view(tokens[0]), NOW, scratch, NULL));
  const int64_t next = sleeps(keeper, NOW);
  CHECK(next >= NOW + 80 && next <= NOW + 90 && health_of(keeper).next_fetch == next);

  /* A new key: one fetch, and no other one in the cool-down. */
  CHECK_CODE(jot_verifier_verify(verifier, jot_text_view(tokens[1]), NOW, scratch, NULL), JOT_KID_UNKNOWN);
  OK(jot_keeper_unknown_kid(keeper, budget, NOW, &pending));
  CHECK(pending == 1);
  ticket = due(keeper, NOW, URL);
  OK(answer(keeper, ticket, 200, &age, jot_text_view(jwks[1]), NOW, &change));
  CHECK(change == JOT_CHANGE_KEYS);
  replace(verifier, keeper, NOW);
  OK(jot_verifier_verify(verifier, jot_text_view(tokens[1]), NOW, scratch, NULL));
  CHECK_CODE(jot_verifier_verify(verifier, jot_text_view(tokens[0]), NOW, scratch, NULL), JOT_KID_UNKNOWN);
  OK(jot_keeper_unknown_kid(keeper, budget, NOW + 29, &pending));
  CHECK(pending == 0 && health_of(keeper).refused == 1);
  OK(jot_keeper_unknown_kid(keeper, budget, NOW + 30, &pending));
  CHECK(pending == 1);
  ticket = due(keeper, NOW + 30, URL);

  /* What is no key set changes nothing, and is named. */
  jot_error why = {.size = sizeof why};
  jot_reply page = {.size = sizeof page, .status = 200, .body = text("<html>")};
  CHECK_CODE(jot_keeper_answer(keeper, ticket, &page, NOW + 30, &change, &why), JOT_KEY_TEXT_IS_PAGE);
  CHECK(why.code == JOT_KEY_TEXT_IS_PAGE && health_of(keeper).error == JOT_KEY_TEXT_IS_PAGE);
  OK(jot_keeper_refresh_now(keeper, NOW + 31));
  ticket = due(keeper, NOW + 31, URL);
  jot_reply failed = {.size = sizeof failed, .outcome = JOT_FAILED};
  CHECK_CODE(jot_keeper_answer(keeper, ticket, &failed, NOW + 31, &change, NULL), JOT_FETCH_FAILED);
  OK(jot_keeper_refresh_now(keeper, NOW + 32));
  ticket = due(keeper, NOW + 32, URL);
  failed.outcome = JOT_TIMED_OUT;
  CHECK_CODE(jot_keeper_answer(keeper, ticket, &failed, NOW + 32, &change, NULL), JOT_FETCH_TIMEOUT);
  CHECK(health_of(keeper).failures == 3 && health_of(keeper).keys == 1);

  /* A reply that makes no sense leaves the request under way. */
  OK(jot_keeper_refresh_now(keeper, NOW + 33));
  ticket = due(keeper, NOW + 33, URL);
  failed.outcome = 3;
  CHECK_CODE(jot_keeper_answer(keeper, ticket, &failed, NOW + 33, &change, NULL), JOT_ARGUMENT_VALUE);
  CHECK_CODE(answer(keeper, ticket, 65536, NULL, ABSENT, NOW + 33, &change), JOT_ARGUMENT_VALUE);
  OK(answer(keeper, ticket, 200, NULL, jot_text_view(jwks[1]), NOW + 33, &change));
  CHECK(change == JOT_CHANGE_CONFIRMED);

  /* The state goes on elsewhere. */
  jot_text *saved = jot_text_new();
  OK(jot_keeper_save(keeper, saved));
  jot_keeper *next_process = keeper_of(URL, NULL), *other = keeper_of("https://other.example/", NULL);
  OK(jot_keeper_restore(next_process, jot_text_view(saved), NULL));
  CHECK(health_of(next_process).keys == 1);
  CHECK_CODE(jot_keeper_restore(other, jot_text_view(saved), NULL), JOT_SAVED_KEYS_INVALID);
  CHECK_CODE(jot_keeper_restore(other, text("\xff"), NULL), JOT_SAVED_KEYS_INVALID);

  /* What was in force before. */
  CHECK(jot_keeper_snapshots(keeper) == 2 && jot_keeper_snapshots(other) == 0);
  int64_t since = 0;
  jot_key_set *past = NULL;
  jot_text *past_jwks = jot_text_new();
  OK(jot_keeper_snapshot(keeper, 1, &since, &past));
  OK(jot_key_set_to_jwks(past, past_jwks, NULL));
  CHECK(since > NOW && since <= NOW + 33 && jot_text_view(past_jwks).len == jot_text_view(jwks[1]).len &&
        memcmp(jot_text_view(past_jwks).ptr, jot_text_view(jwks[1]).ptr, jot_text_view(jwks[1]).len) == 0);
  jot_key_set_free(past), jot_text_free(past_jwks);
  CHECK_CODE(jot_keeper_snapshot(keeper, 2, &since, &past), JOT_ARGUMENT_VALUE);
  OK(jot_keeper_reseed(keeper, 9));

  /* Without an answer for too long, no key is used. */
  replace(verifier, keeper, NOW + 1033);
  CHECK_CODE(jot_verifier_verify(verifier, jot_text_view(tokens[1]), NOW, scratch, NULL), JOT_KEYS_STALE);

  jot_keeper_free(keeper), jot_keeper_free(next_process), jot_keeper_free(other);
  jot_budget_free(budget), jot_verifier_free(verifier), jot_scratch_free(scratch), jot_text_free(saved);
  for (int i = 0; i < 2; i++) jot_text_free(tokens[i]), jot_text_free(jwks[i]), jot_signer_free(signers[i]);
}

static void issuer_says_where_its_keys_are(void) {
  jot_keeper *keeper = NULL;
  uint32_t change = 0;
  OK(jot_keeper_new_authorization_server(text(ISSUER "/t"), NULL, 1, &keeper, NULL));
  due(keeper, NOW, ISSUER "/.well-known/oauth-authorization-server/t");
  jot_keeper_free(keeper);
  OK(jot_keeper_new_issuer(text(ISSUER), NULL, 1, &keeper, NULL));
  uint64_t ticket = due(keeper, NOW, ISSUER "/.well-known/openid-configuration");
  jot_slice other = text("{\"issuer\":\"https://other\",\"jwks_uri\":\"https://other/k\"}");
  CHECK_CODE(answer(keeper, ticket, 200, NULL, other, NOW, &change), JOT_DISCOVERY_ISSUER);
  OK(jot_keeper_refresh_now(keeper, NOW + 1));
  ticket = due(keeper, NOW + 1, ISSUER "/.well-known/openid-configuration");
  jot_slice own = text("{\"issuer\":\"" ISSUER "\",\"jwks_uri\":\"https://keys.example/k\"}");
  OK(answer(keeper, ticket, 200, NULL, own, NOW + 1, &change));
  CHECK(change == JOT_CHANGE_ELSEWHERE);
  due(keeper, NOW + 1, "https://keys.example/k");
  jot_keeper_free(keeper);
}

/* A verifier with the keys of a signer, of the issuer or of anyone. */
static jot_verifier *judge_of(jot_policy *policy, jot_signer *signer, int is_of_issuer) {
  jot_key_set *set = keys_of(signer);
  jot_verifier_builder *builder = NULL;
  jot_verifier *judge = NULL;
  OK(jot_verifier_builder_new(policy, &builder, NULL));
  if (is_of_issuer) OK(jot_verifier_builder_issuer(builder, text(ISSUER), set));
  else OK(jot_verifier_builder_keys(builder, set));
  OK(jot_verifier_builder_build(builder, &judge, NULL));
  jot_verifier_builder_free(builder), jot_policy_free(policy), jot_key_set_free(set);
  return judge;
}

/* Polls for a list that must be due. */
static void list_due(jot_list_keeper *keeper, int64_t now, const char *accept) {
  jot_request request = {.size = sizeof request};
  OK(jot_list_keeper_poll(keeper, now, &request));
  CHECK(request.ticket != 0 && is_text(request.url, ISSUER "/list"));
  CHECK(request.accept.len > strlen(accept) && memcmp(request.accept.ptr, accept, strlen(accept)) == 0);
  const uint64_t ticket = request.ticket;
  /* A program that knows no `accept` has a smaller struct, and nothing is written behind it. */
  memset(&request, 0x55, sizeof request);
  request.size = offsetof(jot_request, accept);
  OK(jot_list_keeper_poll(keeper, now, &request));
  CHECK(request.ticket == 0 && request.until > now && request.accept.len == 0x5555555555555555);
  uint32_t change = 0;
  jot_reply failed = {.size = sizeof failed, .outcome = JOT_FAILED};
  CHECK_CODE(jot_list_keeper_answer(keeper, ticket, &failed, now, &change, NULL), JOT_FETCH_FAILED);
}

static uint32_t serve_list(jot_list_keeper *keeper, jot_signer *signer, int64_t now, const char *typ,
                           const char *claims, uint32_t *change) {
  jot_sign_header header = {.size = sizeof header, .typ = text(typ)};
  jot_text *list = jot_text_new();
  OK(jot_signer_sign_claims(signer, &header, text(claims), list, NULL));
  jot_request request = {.size = sizeof request};
  OK(jot_list_keeper_poll(keeper, now, &request));
  CHECK(request.ticket != 0);
  jot_reply reply = {.size = sizeof reply, .status = 200, .body = jot_text_view(list)};
  uint32_t code = jot_list_keeper_answer(keeper, request.ticket, &reply, now, change, NULL);
  jot_text_free(list);
  return code;
}

static void lists_come_and_run_out(void) {
  const uint32_t eddsa = JOT_EDDSA;
  jot_signer *signer = signer_of(JOT_EDDSA, "a");
  jot_policy *revocations = NULL, *statuses = NULL, *policy = policy_of(JOT_EDDSA);
  OK(jot_policy_new_revocation_list(&eddsa, 1, &revocations, NULL));
  OK(jot_policy_new_status_list(&eddsa, 1, &statuses, NULL));
  OK(jot_policy_require_status(policy));
  jot_verifier *judges[] = {judge_of(revocations, signer, 1), judge_of(statuses, signer, 0)};
  jot_verifier *verifier = judge_of(policy, signer, 1);
  jot_scratch *scratch = jot_scratch_new();
  jot_text *token = jot_text_new(), *saved = jot_text_new();
  sign(signer,
       "{\"iss\":\"" ISSUER "\",\"sid\":\"one\",\"exp\":1900000000,"
       "\"status\":{\"status_list\":{\"idx\":3,\"uri\":\"" ISSUER "/list\"}}}",
       token);
  jot_list_keeper *revoked = NULL, *status = NULL, *next = NULL;
  uint32_t change = 77;
  OK(jot_list_keeper_new_revocations(text(ISSUER "/list"), judges[0], NULL, 1, &revoked, NULL));
  OK(jot_list_keeper_new_status_list(text(ISSUER "/list"), judges[1], NULL, 1, &status, NULL));
  CHECK_CODE(jot_list_keeper_new_status_list(text("http://a"), judges[1], NULL, 1, &next, NULL), JOT_URL_REFUSED);
  /* Who judges the lists is kept by their keepers. */
  jot_verifier_free(judges[0]), jot_verifier_free(judges[1]);

  /* Neither list is there, then both. */
  OK(jot_list_keeper_feed(revoked, verifier, NOW));
  CHECK_CODE(jot_verifier_verify(verifier, jot_text_view(token), NOW, scratch, NULL), JOT_REVOCATIONS_NOT_YET);
  list_due(revoked, NOW, "application/revocations+jwt");
  list_due(status, NOW, "application/statuslist+jwt");
  OK(jot_list_keeper_refresh_now(revoked, NOW + 7)), OK(jot_list_keeper_refresh_now(status, NOW + 7));
  const char *none = "{\"iss\":\"" ISSUER "\",\"iat\":1800000000,\"exp\":1800000100,\"revocations\":[]}";
  CHECK_CODE(serve_list(revoked, signer, NOW + 10, "JWT", none, &change), JOT_TYP_MISMATCH);
  OK(jot_list_keeper_refresh_now(revoked, NOW + 11));
  OK(serve_list(revoked, signer, NOW + 11, "revocations+jwt", none, &change));
  CHECK(change == JOT_CHANGE_LIST);
  OK(jot_list_keeper_feed(revoked, verifier, NOW + 11));
  CHECK_CODE(jot_verifier_verify(verifier, jot_text_view(token), NOW, scratch, NULL), JOT_STATUS_LIST_UNKNOWN);
  OK(jot_list_keeper_feed(status, verifier, NOW + 11));
  CHECK_CODE(jot_verifier_verify(verifier, jot_text_view(token), NOW, scratch, NULL), JOT_STATUS_LIST_NOT_YET);
  OK(serve_list(status, signer, NOW + 11, "statuslist+jwt",
                "{\"sub\":\"" ISSUER "/list\",\"iat\":1800000000,\"exp\":1800000100,"
                "\"status_list\":{\"bits\":1,\"lst\":\"eNrbuRgAAhcBXQ\"}}",
                &change));
  OK(jot_list_keeper_feed(status, verifier, NOW + 11));
  CHECK_CODE(jot_verifier_verify(verifier, jot_text_view(token), NOW, scratch, NULL), JOT_STATUS_REVOKED);
  jot_list_health health = {.size = sizeof health};
  OK(jot_list_keeper_health(status, &health));
  CHECK(health.entries == 16 && health.expires_at == NOW + 100 && health.error == 0);

  /* Another process goes on, asks at another time, and finds it too old at its end. */
  OK(jot_list_keeper_save(status, saved));
  OK(jot_list_keeper_restore(status, jot_text_view(saved), NOW + 12));
  CHECK_CODE(jot_list_keeper_restore(revoked, jot_text_view(saved), NOW + 12), JOT_TYP_MISMATCH);
  OK(jot_list_keeper_reseed(status, 2));
  OK(jot_list_keeper_feed(status, verifier, NOW + 100));
  CHECK_CODE(jot_verifier_verify(verifier, jot_text_view(token), NOW, scratch, NULL), JOT_STATUS_LIST_STALE);

  /* The claims of a list that the program verified by itself. */
  OK(jot_verifier_set_status_list(verifier,
                                  text("{\"sub\":\"" ISSUER "/list\",\"status_list\":{\"bits\":1,\"lst\":\"eNpjAAAAAQAB\"}}"),
                                  8, NULL));
  OK(jot_verifier_verify(verifier, jot_text_view(token), NOW, scratch, NULL));
  jot_error why = {.size = sizeof why};
  CHECK_CODE(jot_verifier_set_status_list(verifier, text("{\"sub\":\"x\"}"), 8, &why), JOT_STATUS_LIST_INVALID);
  CHECK(strcmp(why.name, "status_list") == 0);
  OK(jot_verifier_forget_status_list(verifier, text(ISSUER "/list")));
  CHECK_CODE(jot_verifier_forget_status_list(verifier, text(ISSUER "/list")), JOT_STATUS_LIST_UNKNOWN);
  CHECK_CODE(jot_verifier_verify(verifier, jot_text_view(token), NOW, scratch, NULL), JOT_STATUS_LIST_UNKNOWN);
  jot_list_keeper_free(revoked), jot_list_keeper_free(status);
  jot_verifier_free(verifier), jot_scratch_free(scratch), jot_text_free(token), jot_text_free(saved);
  jot_signer_free(signer);
}

struct wanted {
  jot_verifier *verifier;
  jot_status_list *brought;
  int coming, asked;
};

static int bring(void *user, jot_slice uri) {
  struct wanted *wanted = user;
  wanted->asked++;
  CHECK(uri.len == strlen(ISSUER "/list") && memcmp(uri.ptr, ISSUER "/list", uri.len) == 0);
  if (wanted->brought != NULL) OK(jot_verifier_put_status_list(wanted->verifier, wanted->brought));
  return wanted->coming;
}

static void status_lists_are_shared_and_wanted(void) {
  jot_signer *signer = signer_of(JOT_EDDSA, "a");
  jot_policy *policies[] = {policy_of(JOT_EDDSA), policy_of(JOT_EDDSA)};
  jot_verifier *verifiers[2];
  for (int i = 0; i < 2; i++) {
    OK(jot_policy_check_status(policies[i]));
    verifiers[i] = judge_of(policies[i], signer, 1);
  }
  jot_scratch *scratch = jot_scratch_new();
  jot_text *token = jot_text_new();
  sign(signer,
       "{\"iss\":\"" ISSUER "\",\"exp\":1900000000,"
       "\"status\":{\"status_list\":{\"idx\":3,\"uri\":\"" ISSUER "/list\"}}}",
       token);
  jot_status_list *list = NULL, *place = jot_status_list_not_yet(text(ISSUER "/list"));
  jot_error why = {.size = sizeof why};
  CHECK_CODE(jot_status_list_from_claims(text("{\"sub\":\"x\",\"exp\":\"y\",\"status_list\":"
                                              "{\"bits\":1,\"lst\":\"eNrbuRgAAhcBXQ\"}}"), 16, &list, &why),
             JOT_STATUS_LIST_INVALID);
  CHECK(strcmp(why.name, "exp") == 0);
  OK(jot_status_list_from_claims(text("{\"sub\":\"" ISSUER "/list\",\"exp\":1800000100.5,\"status_list\":"
                                      "{\"bits\":1,\"lst\":\"eNrbuRgAAhcBXQ\"}}"), 16, &list, NULL));
  CHECK(jot_status_list_len(list) == 16 && jot_status_list_end(list) == 1800000100);
  CHECK(jot_status_list_len(place) == 0 && jot_status_list_end(place) == JOT_NEVER);

  struct wanted wanted = {.verifier = verifiers[0]};
  OK(jot_verifier_add_status_feed(verifiers[0], bring, &wanted));
  CHECK_CODE(jot_verifier_verify(verifiers[0], jot_text_view(token), NOW, scratch, NULL), JOT_STATUS_LIST_UNKNOWN);
  wanted.coming = 1;
  CHECK_CODE(jot_verifier_check(verifiers[0], jot_text_view(token), NOW, scratch, NULL), JOT_STATUS_LIST_NOT_YET);
  wanted.brought = list;
  CHECK_CODE(jot_verifier_verify(verifiers[0], jot_text_view(token), NOW, scratch, NULL), JOT_STATUS_REVOKED);
  CHECK(wanted.asked == 3);
  uint32_t named = 7;
  OK(jot_verifier_status_list_was_named(verifiers[0], text(ISSUER "/list"), &named));
  CHECK(named == 1);
  OK(jot_verifier_status_list_was_named(verifiers[0], text(ISSUER "/list"), &named));
  CHECK(named == 0);
  OK(jot_verifier_put_status_list(verifiers[1], list));
  jot_status_list_free(list);
  CHECK_CODE(jot_verifier_verify(verifiers[1], jot_text_view(token), NOW, scratch, NULL), JOT_STATUS_REVOKED);
  CHECK(wanted.asked == 3);
  OK(jot_verifier_put_status_list(verifiers[1], place));
  CHECK_CODE(jot_verifier_verify(verifiers[1], jot_text_view(token), NOW, scratch, NULL), JOT_STATUS_LIST_NOT_YET);
  jot_status_list_free(place);
  place = jot_status_list_stale(text(ISSUER "/list"));
  OK(jot_verifier_put_status_list(verifiers[1], place));
  CHECK_CODE(jot_verifier_verify(verifiers[1], jot_text_view(token), NOW, scratch, NULL), JOT_STATUS_LIST_STALE);
  CHECK(jot_status_list_stale(text("\xff")) == NULL);
  jot_status_list_free(place);
  jot_verifier_free(verifiers[0]), jot_verifier_free(verifiers[1]);
  jot_scratch_free(scratch), jot_text_free(token), jot_signer_free(signer);
}

static void wrong_settings_are_refused(void) {
  jot_keeper *keeper = NULL;
  jot_error why = {.size = sizeof why};
  CHECK_CODE(jot_keeper_new(text("http://issuer.example/"), NULL, 1, &keeper, NULL), JOT_URL_REFUSED);
  jot_keeper_options options = defaults();
  CHECK_CODE(jot_keeper_new(text("http://127.0.0.1:1/"), &options, 1, &keeper, NULL), JOT_URL_REFUSED);
  options.flags = JOT_ALLOW_LOOPBACK | JOT_ABSENT_TWICE;
  OK(jot_keeper_new(text("http://127.0.0.1:1/"), &options, 1, &keeper, NULL));
  jot_keeper_free(keeper);
  uint32_t *const numbers[] = {&options.flags, &options.algs, &options.key_flags};
  const char *const names[] = {"flags", "algs", "flags"};
  for (int i = 0; i < 3; i++) {
    options = defaults();
    *numbers[i] = UINT32_MAX;
    CHECK_CODE(jot_keeper_new(text(URL), &options, 1, &keeper, &why), JOT_ARGUMENT_VALUE);
    CHECK(strcmp(why.name, names[i]) == 0);
  }
  options = defaults();
  options.algs = 1u << JOT_ES256;
  options.serve_stale_for = JOT_NONE;
  OK(jot_keeper_new(text(URL), &options, 1, &keeper, NULL));
  jot_keeper_free(keeper);
}

int main(void) {
  keys_come_go_and_run_out();
  issuer_says_where_its_keys_are();
  lists_come_and_run_out();
  status_lists_are_shared_and_wanted();
  wrong_settings_are_refused();
  return checked("keeper");
}
