/* A keeper driven by hand: what an event loop does, with a clock of the test's own. */
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
  wrong_settings_are_refused();
  return checked("keeper");
}
