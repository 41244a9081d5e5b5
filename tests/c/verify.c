/* Policies, verifiers and verdicts. */
#include "check.h"

static void verdict_tells_all(jot_verifier *verifier, jot_slice token, jot_scratch *scratch) {
  jot_verdict verdict = {.size = sizeof verdict};
  OK(jot_verifier_verify(verifier, token, NOW, scratch, &verdict));
  CHECK(verdict.code == 0 && verdict.alg == JOT_HS256);
  CHECK(verdict.flags == (JOT_SIGNATURE_OK | JOT_HAS_EXP | JOT_HAS_IAT));
  CHECK(verdict.issuer_index == 0 && verdict.key_index == 0 && verdict.fault_offset == JOT_NONE);
  CHECK(verdict.expires_at == 1800000100 && verdict.issued_at == 1799999990 && verdict.not_before == 0);
  CHECK(is_text(verdict.kid, "k1") && is_text(verdict.typ, "JWT") && verdict.fault_claim.ptr == NULL);
  CHECK(is_text(verdict.payload, GOOD));
  CHECK(is_text(verdict.header, "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"k1\"}"));

  CHECK_CODE(jot_verifier_verify(verifier, token, 1800000100, scratch, &verdict), JOT_EXPIRED);
  CHECK(verdict.code == JOT_EXPIRED && (verdict.flags & JOT_SIGNATURE_OK));
  CHECK(is_text(verdict.fault_claim, "exp") && verdict.key_index == 0);
  CHECK(verdict.expires_at == 1800000100);

  CHECK_CODE(jot_verifier_verify(verifier, text("a.b"), NOW, scratch, &verdict), JOT_TOKEN_SEGMENTS);
  CHECK(verdict.flags == 0 && verdict.key_index == JOT_NONE && verdict.payload.ptr == NULL);
  CHECK_CODE(jot_verifier_verify(verifier, ABSENT, NOW, scratch, &verdict), JOT_TOKEN_EMPTY);
  CHECK_CODE(jot_verifier_verify(verifier, token, NOW, scratch, NULL), JOT_ACCEPTED);
}

static void refusals_are_told_in_detail(jot_verifier *verifier, jot_slice token, jot_scratch *scratch) {
  jot_verdict verdict = {.size = sizeof verdict};
  char detail[JOT_DETAIL_BYTES], little[5];
  size_t length = 77;
  OK(jot_verifier_verify(verifier, token, NOW, scratch, &verdict));
  OK(jot_verdict_detail(&verdict, token, detail, sizeof detail, &length));
  CHECK(detail[0] == 0 && length == 0);
  CHECK_CODE(jot_verifier_verify(verifier, token, 1800000100, scratch, &verdict), JOT_EXPIRED);
  OK(jot_verdict_detail(&verdict, token, detail, sizeof detail, &length));
  CHECK(strcmp(detail, "exp=1800000100") == 0 && length == 14);
  OK(jot_verdict_detail(&verdict, token, little, sizeof little, &length));
  CHECK(strcmp(little, "exp=") == 0 && length == 14);
  OK(jot_verdict_detail(&verdict, token, NULL, 0, NULL));
  /* {"alg":"HS256","kid":"a\"\n"}.{"iss":"https://issuer.example"} */
  jot_slice other = text("eyJhbGciOiJIUzI1NiIsImtpZCI6ImFcIlxuIiwidHlwIjoiSldUIn0."
                         "eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIn0.");
  CHECK_CODE(jot_verifier_verify(verifier, other, NOW, scratch, &verdict), JOT_KID_UNKNOWN);
  OK(jot_verdict_detail(&verdict, other, detail, sizeof detail, NULL));
  CHECK(strcmp(detail, "unverified kid=\"a\\\"\\u000a\" alg=\"HS256\" iss=\"" ISSUER "\"") == 0);
  CHECK_CODE(jot_verifier_verify(verifier, text("a.b"), NOW, scratch, &verdict), JOT_TOKEN_SEGMENTS);
  OK(jot_verdict_detail(&verdict, text("a.b"), detail, sizeof detail, NULL));
  CHECK(strcmp(detail, "segments=2") == 0);
  verdict.code = 12345;
  CHECK_CODE(jot_verdict_detail(&verdict, token, detail, sizeof detail, NULL), JOT_ARGUMENT_VALUE);
}

static void unverified_claims_cannot_be_read(jot_verifier *verifier, jot_slice token, jot_scratch *scratch) {
  char forged[2000];
  CHECK(token.len < sizeof forged);
  memcpy(forged, token.ptr, token.len);
  forged[token.len - 9] = forged[token.len - 9] == 'A' ? 'B' : 'A';
  jot_slice view = {(const uint8_t *)forged, token.len};
  jot_verdict verdict = {.size = sizeof verdict};
  jot_value value;
  CHECK_CODE(jot_verifier_verify(verifier, view, NOW, scratch, &verdict), JOT_SIGNATURE_INVALID);
  CHECK(verdict.payload.ptr == NULL && verdict.flags == 0 && verdict.header.ptr != NULL);
  CHECK_CODE(jot_claims_get(scratch, text("sub"), &value), JOT_VALUE_MISSING);
}

static void check_answers_as_verify(jot_key_set *keys, jot_slice token) {
  jot_policy *policy = policy_of(JOT_HS256);
  OK(jot_policy_audience(policy, text("api")));
  jot_verifier *verifier = verifier_of(policy, keys, 16);
  jot_scratch *scratch = jot_scratch_new();
  jot_verdict verdict = {.size = sizeof verdict};
  for (int turn = 0; turn < 2; turn++) {
    OK(jot_verifier_check(verifier, token, NOW, scratch, &verdict));
    CHECK(verdict.alg == JOT_HS256 && verdict.expires_at == 1800000100 && verdict.key_index == 0);
    CHECK(((verdict.flags & JOT_FROM_CACHE) != 0) == (turn == 1));
    CHECK(verdict.header.ptr == NULL && verdict.payload.ptr == NULL);
  }
  OK(jot_verifier_verify(verifier, token, NOW, scratch, &verdict));
  CHECK((verdict.flags & JOT_FROM_CACHE) && verdict.payload.len == strlen(GOOD));
  CHECK_CODE(jot_verifier_check(verifier, token, 1800000100, scratch, &verdict), JOT_EXPIRED);
  CHECK(is_text(verdict.fault_claim, "exp") && (verdict.flags & JOT_SIGNATURE_OK));

  jot_statistics statistics = {.size = sizeof statistics};
  OK(jot_verifier_statistics(verifier, &statistics));
  CHECK(statistics.accepted == 3 && statistics.refused == 1 && statistics.cache_hits == 2);
  CHECK(statistics.cache_misses == 1 && statistics.cache_bytes > 0);
  CHECK(jot_verifier_verdicts(verifier, JOT_EXPIRED) == 1);
  CHECK(jot_verifier_verdicts(verifier, 12345) == 0);
  CHECK(jot_verifier_verifications(verifier, JOT_HS256) == 1);
  jot_text *metrics = jot_text_new();
  OK(jot_verifier_prometheus(verifier, metrics));
  CHECK(strstr((const char *)jot_text_view(metrics).ptr, "jot_cache_hits_total 2\n") != NULL);
  jot_text_free(metrics);
  jot_scratch_free(scratch);
  jot_verifier_free(verifier);
}

static void settings_that_fail_spoil_the_verifier(jot_key_set *keys) {
  jot_error error = {.size = sizeof error};
  jot_policy *policy = policy_of(JOT_HS256);
  jot_verifier_builder *builder = NULL;
  jot_verifier *verifier = NULL;
  CHECK_CODE(jot_policy_audience(policy, text("\xff")), JOT_ARGUMENT_TEXT);
  OK(jot_policy_audience(policy, text("api")));
  CHECK_CODE(jot_verifier_builder_new(policy, &builder, &error), JOT_ARGUMENT_TEXT);
  CHECK(builder == NULL && strcmp(error.name, "audience") == 0);
  jot_policy_free(policy);

  policy = policy_of(JOT_HS256);
  OK(jot_verifier_builder_new(policy, &builder, &error));
  CHECK_CODE(jot_verifier_builder_build(builder, &verifier, &error), JOT_KEYS_EMPTY);
  CHECK_CODE(jot_verifier_builder_check(builder, &error), JOT_KEYS_EMPTY);
  CHECK_CODE(jot_verifier_builder_issuer(builder, text(ISSUER), NULL), JOT_ARGUMENT_NULL);
  OK(jot_verifier_builder_issuer(builder, text(ISSUER), keys));
  CHECK_CODE(jot_verifier_builder_build(builder, &verifier, &error), JOT_ARGUMENT_NULL);
  CHECK(verifier == NULL && strcmp(error.name, "set") == 0);
  jot_verifier_builder_free(builder);

  OK(jot_policy_fits(policy, keys));
  OK(jot_verifier_builder_new(policy, &builder, NULL));
  OK(jot_verifier_builder_issuer(builder, text(ISSUER), keys));
  OK(jot_verifier_builder_cache_entries(builder, 1000));
  OK(jot_verifier_builder_check(builder, &error));
  OK(jot_verifier_builder_cache_entries(builder, SIZE_MAX / 100));
  CHECK_CODE(jot_verifier_builder_check(builder, &error), JOT_CACHE_TOO_LARGE);
  jot_verifier_builder_free(builder);
  jot_policy *others = policy_of(JOT_ES256);
  CHECK_CODE(jot_policy_fits(others, keys), JOT_KEY_NOT_FOR_ALG);
  CHECK_CODE(jot_policy_scope(others, text("\xff")), JOT_ARGUMENT_TEXT);
  CHECK_CODE(jot_policy_fits(others, keys), JOT_ARGUMENT_TEXT);
  jot_policy_free(others);

  OK(jot_policy_scope(policy, text("two words")));
  OK(jot_verifier_builder_new(policy, &builder, NULL));
  OK(jot_verifier_builder_issuer(builder, text(ISSUER), keys));
  CHECK_CODE(jot_verifier_builder_build(builder, &verifier, &error), JOT_POLICY_INVALID);
  char message[200], little[8];
  size_t length = 0;
  OK(jot_error_message(&error, message, sizeof message, &length));
  CHECK(strstr(message, "policy_invalid (104): ") == message && strstr(message, " [scope]") != NULL);
  CHECK(length == strlen(message));
  OK(jot_error_message(&error, little, sizeof little, NULL));
  CHECK(strcmp(little, "policy_") == 0);
  OK(jot_error_message(&error, NULL, 0, &length));
  jot_verifier_builder_free(builder);
  jot_policy_free(policy);
  uint32_t none = 0, unknown = 99;
  CHECK_CODE(jot_policy_new(&none, 1, &policy, &error), JOT_ARGUMENT_VALUE);
  CHECK_CODE(jot_policy_new(&unknown, 1, &policy, NULL), JOT_ARGUMENT_VALUE);
}

static void older_and_wrong_structs_are_told_apart(jot_verifier *verifier, jot_slice token) {
  jot_scratch *scratch = jot_scratch_new();
  struct { jot_verdict verdict; unsigned char behind[64]; } newer;
  memset(&newer, 0xaa, sizeof newer);
  newer.verdict.size = sizeof newer;
  OK(jot_verifier_verify(verifier, token, NOW, scratch, &newer.verdict));
  CHECK(newer.verdict.size == sizeof newer && newer.verdict.code == 0 && newer.behind[0] == 0xaa);
  jot_verdict verdict;
  for (size_t size = 0; size < sizeof verdict; size++) {
    memset(&verdict, 0xaa, sizeof verdict);
    verdict.size = size;
    CHECK_CODE(jot_verifier_verify(verifier, token, NOW, scratch, &verdict), JOT_ARGUMENT_SIZE);
    CHECK(verdict.code == 0xaaaaaaaa);
  }
  verdict.size = SIZE_MAX;
  CHECK_CODE(jot_verifier_verify(verifier, token, NOW, scratch, &verdict), JOT_ARGUMENT_SIZE);
  /* A call that failed leaves no verdict of before standing. */
  verdict.size = sizeof verdict;
  OK(jot_verifier_verify(verifier, token, NOW, scratch, &verdict));
  CHECK_CODE(jot_verifier_verify(NULL, token, NOW, scratch, &verdict), JOT_ARGUMENT_NULL);
  CHECK(verdict.code == JOT_ARGUMENT_NULL && verdict.flags == 0 && verdict.payload.ptr == NULL);
  jot_slice endless = {NULL, SIZE_MAX}, beyond = {token.ptr, SIZE_MAX};
  CHECK_CODE(jot_verifier_verify(verifier, endless, NOW, scratch, &verdict), JOT_ARGUMENT_NULL);
  CHECK_CODE(jot_verifier_verify(verifier, beyond, NOW, scratch, &verdict), JOT_ARGUMENT_SIZE);
  jot_scratch_free(scratch);
}

static void names_are_known(void) {
  uint32_t alg = 77, code, count = 0;
  CHECK(jot_abi_version() == JOT_ABI_VERSION && strchr(jot_version(), '.') != NULL);
  CHECK(jot_clock_now() > 1700000000);
  OK(jot_alg_parse(text("ML-DSA-65"), &alg));
  CHECK(alg == JOT_ML_DSA_65 && strcmp(jot_alg_name(alg), "ML-DSA-65") == 0);
  CHECK_CODE(jot_alg_parse(text("nOnE"), &alg), JOT_ALG_NONE);
  CHECK_CODE(jot_alg_parse(text("HS257"), &alg), JOT_ALG_UNKNOWN);
  CHECK(alg == JOT_ML_DSA_65 && strcmp(jot_alg_name(0), "unknown") == 0);
  CHECK(strcmp(jot_code_name(JOT_EXPIRED), "expired") == 0);
  CHECK(strcmp(jot_code_stage(JOT_EXPIRED), "claims") == 0);
  CHECK(strncmp(jot_code_meaning(JOT_EXPIRED), "The exp has passed", 18) == 0);
  CHECK(jot_code_http_status(JOT_ACCEPTED) == 200 && jot_code_bearer_error(JOT_ACCEPTED) == NULL);
  CHECK(jot_code_http_status(JOT_EXPIRED) == 401 && strcmp(jot_code_bearer_error(JOT_EXPIRED), "invalid_token") == 0);
  CHECK(jot_code_http_status(JOT_SCOPE_INSUFFICIENT) == 403);
  CHECK(strcmp(jot_code_bearer_error(JOT_SCOPE_INSUFFICIENT), "insufficient_scope") == 0);
  CHECK(jot_code_http_status(JOT_TOKEN_NULL) == 401 && jot_code_bearer_error(JOT_TOKEN_NULL) == NULL);
  CHECK(jot_code_http_status(JOT_PANICKED) == 500 && jot_code_bearer_error(JOT_PANICKED) == NULL);
  CHECK(jot_code_http_status(12345) == 500 && jot_code_bearer_error(12345) == NULL);
  CHECK(strcmp(jot_code_name(1), "unknown") == 0 && strcmp(jot_code_stage(1), "unknown") == 0);
  for (; (code = jot_code_at(count)) != JOT_NONE; count++)
    CHECK(strcmp(jot_code_name(code), "unknown") != 0 && jot_code_meaning(code)[0] != 0);
  CHECK(count > 80 && jot_code_at(0) == JOT_ACCEPTED);
}

static void token_of_a_request_is_found_or_there_are_several(void) {
  jot_slice values[] = {text("Basic YTpi"), text("bearer a.b.c"), text("Bearer d")}, token = ABSENT;
  uint32_t found = 77;
  OK(jot_authorization_token(text("Bearer"), values, 2, &token, &found));
  CHECK(found == 1 && is_text(token, "a.b.c") && token.ptr == values[1].ptr + 7);
  OK(jot_authorization_token(text("Bearer"), values, 3, &token, &found));
  CHECK(found == 2 && token.ptr == NULL && token.len == 0);
  OK(jot_authorization_token(text("Bearer"), values, 1, &token, &found));
  CHECK(found == 0 && token.ptr == NULL);
  OK(jot_authorization_token(text("Bearer"), NULL, 0, &token, &found));
  CHECK(found == 0 && token.ptr == NULL);
  values[0] = text("Bearer");
  OK(jot_authorization_token(text("Bearer"), values, 1, &token, &found));
  CHECK(found == 1 && token.ptr != NULL && token.len == 0);
  values[0] = text("Bearer a, Bearer b");
  OK(jot_authorization_token(text("Bearer"), values, 1, &token, &found));
  CHECK(found == 2);
}

static void refused_request_is_answered_as_rfc_6750_says(void) {
  jot_text *challenge = jot_text_new();
  jot_error error = {.size = sizeof error};
  jot_slice scopes[] = {text("read"), text("write")};
  jot_challenge parts = {.size = sizeof parts, .code = JOT_TOKEN_NULL, .realm = text("orders")};
  parts.scopes = scopes, parts.scope_count = 2;
  uint32_t status = 77;
  OK(jot_challenge_write(&parts, &status, challenge, &error));
  CHECK(status == 401 && is_text(jot_text_view(challenge), "Bearer realm=\"orders\""));
  parts.resource_metadata = text("https://api.example/m");
  OK(jot_challenge_write(&parts, &status, challenge, &error));
  CHECK(status == 401);
  CHECK(is_text(jot_text_view(challenge),
                "Bearer realm=\"orders\", scope=\"read write\", resource_metadata=\"https://api.example/m\""));
  parts.code = JOT_SCOPE_INSUFFICIENT, parts.resource_metadata = ABSENT, parts.flags = JOT_WITHOUT_DESCRIPTION;
  OK(jot_challenge_write(&parts, &status, challenge, &error));
  CHECK(status == 403);
  CHECK(is_text(jot_text_view(challenge), "Bearer realm=\"orders\", error=\"insufficient_scope\", scope=\"read write\""));
  parts.code = JOT_TOKEN_SEGMENTS, parts.flags = 0, parts.realm = ABSENT;
  OK(jot_challenge_write(&parts, &status, challenge, &error));
  CHECK(status == 401);
  CHECK(is_text(jot_text_view(challenge), "Bearer realm=\"\", error=\"invalid_token\", "
                                          "error_description=\"The token does not have exactly three segments.\""));
  parts.code = JOT_TOKEN_NULL, parts.flags = JOT_SEVERAL_TOKENS;
  OK(jot_challenge_write(&parts, &status, challenge, &error));
  CHECK(status == 400);
  CHECK(is_text(jot_text_view(challenge), "Bearer realm=\"\", error=\"invalid_request\", "
                                          "error_description=\"There is more than one token.\""));
  parts.code = JOT_KEYS_NOT_YET, parts.flags = 0;
  OK(jot_challenge_write(&parts, &status, challenge, &error));
  CHECK(status == 503 && jot_text_view(challenge).len == 0);
  status = 77, parts.code = JOT_ACCEPTED;
  CHECK_CODE(jot_challenge_write(&parts, &status, challenge, &error), JOT_ARGUMENT_VALUE);
  CHECK(strcmp(error.name, "code") == 0);
  parts.code = JOT_EXPIRED, parts.flags = 4;
  CHECK_CODE(jot_challenge_write(&parts, &status, challenge, &error), JOT_ARGUMENT_VALUE);
  CHECK(strcmp(error.name, "flags") == 0 && status == 77);
  jot_text_free(challenge);
}

static void one_call_demands_more_than_the_policy(jot_key_set *keys, jot_key_set *others, jot_slice token) {
  jot_policy *policy = policy_of(JOT_HS256);
  OK(jot_policy_any_audience(policy));
  jot_verifier_builder *builder = NULL;
  OK(jot_verifier_builder_new(policy, &builder, NULL));
  OK(jot_verifier_builder_cache_entries(builder, 100));
  OK(jot_verifier_builder_key_set(builder, text("red"), ABSENT, keys));
  OK(jot_verifier_builder_key_set(builder, text("blue"), text(ISSUER), others));
  jot_verifier *verifier = NULL;
  OK(jot_verifier_builder_build(builder, &verifier, NULL));
  jot_scratch *scratch = jot_scratch_new();
  jot_verdict verdict = {.size = sizeof verdict};

  jot_slice names[9] = {text("a"), text("b"), text("c"), text("d"), text("e"), text("f"), text("g"), text("h"),
                        text("api")};
  jot_slice issuer = text(ISSUER);
  jot_demand demand = {.size = sizeof demand, .key_set = text("red")};
  for (int turn = 0; turn < 2; turn++) {
    demand.key_set = text("red");
    OK(jot_verifier_verify_for(verifier, token, NOW, &demand, scratch, &verdict));
    CHECK(verdict.issuer_index == 0 && is_text(verdict.kid, "k1"));
    demand.issuers = &issuer, demand.issuer_count = 1;
    demand.audiences = names, demand.audience_count = 9;
    OK(jot_verifier_verify_for(verifier, token, NOW, &demand, scratch, &verdict));
    demand.audience_count = 8;
    CHECK_CODE(jot_verifier_verify_for(verifier, token, NOW, &demand, scratch, &verdict), JOT_AUD_MISMATCH);
    CHECK(verdict.flags & JOT_SIGNATURE_OK);
    demand.audience_count = 0; /* nobody */
    CHECK_CODE(jot_verifier_verify_for(verifier, token, NOW, &demand, scratch, &verdict), JOT_AUD_MISMATCH);
    demand.audiences = NULL;
    demand.issuers = names;
    CHECK_CODE(jot_verifier_verify_for(verifier, token, NOW, &demand, scratch, &verdict), JOT_ISS_MISMATCH);
    demand.issuers = NULL, demand.issuer_count = 0;
    demand.key_set = text("blue");
    CHECK_CODE(jot_verifier_verify_for(verifier, token, NOW, &demand, scratch, &verdict), JOT_SIGNATURE_INVALID);
    demand.key_set = text("green");
    CHECK_CODE(jot_verifier_verify_for(verifier, token, NOW, &demand, scratch, &verdict), JOT_ISSUER_UNKNOWN);
    CHECK_CODE(jot_verifier_verify(verifier, token, NOW, scratch, &verdict), JOT_ISSUER_UNKNOWN);
    CHECK_CODE(jot_verifier_check(verifier, token, NOW, scratch, &verdict), JOT_ISSUER_UNKNOWN);
  }
  demand.key_set = text("red"), demand.issuer_count = 1;
  CHECK_CODE(jot_verifier_verify_for(verifier, token, NOW, &demand, scratch, &verdict), JOT_ARGUMENT_NULL);
  demand.issuers = &issuer;
  issuer = text("\xff");
  CHECK_CODE(jot_verifier_verify_for(verifier, token, NOW, &demand, scratch, &verdict), JOT_ARGUMENT_TEXT);
  CHECK_CODE(jot_verifier_verify_for(verifier, token, NOW, NULL, scratch, &verdict), JOT_ARGUMENT_NULL);

  CHECK_CODE(jot_verifier_builder_key_set(builder, text("c"), ABSENT, NULL), JOT_ARGUMENT_NULL);
  jot_scratch_free(scratch);
  jot_verifier_free(verifier);
  jot_verifier_builder_free(builder);
  jot_policy_free(policy);
}

int main(void) {
  jot_signer *signer = signer_of(JOT_HS256, "k1");
  jot_text *token = jot_text_new();
  sign(signer, GOOD, token);
  jot_key_set *keys = keys_of(signer);
  jot_policy *policy = policy_of(JOT_HS256);
  OK(jot_policy_audience(policy, text("api")));
  OK(jot_policy_typ(policy, text("JWT")));
  OK(jot_policy_require(policy, text("sub")));
  jot_verifier *verifier = verifier_of(policy, keys, 0);
  jot_scratch *scratch = jot_scratch_new();
  verdict_tells_all(verifier, jot_text_view(token), scratch);
  refusals_are_told_in_detail(verifier, jot_text_view(token), scratch);
  unverified_claims_cannot_be_read(verifier, jot_text_view(token), scratch);
  check_answers_as_verify(keys, jot_text_view(token));
  settings_that_fail_spoil_the_verifier(keys);
  jot_signer *stranger = signer_of(JOT_HS256, "k1");
  jot_key_set *others = keys_of(stranger);
  one_call_demands_more_than_the_policy(keys, others, jot_text_view(token));
  jot_key_set_free(others);
  jot_signer_free(stranger);
  older_and_wrong_structs_are_told_apart(verifier, jot_text_view(token));
  names_are_known();
  token_of_a_request_is_found_or_there_are_several();
  refused_request_is_answered_as_rfc_6750_says();
  jot_key_set_free(keys);
  /* The keys live on in the verifier. */
  OK(jot_verifier_verify(verifier, jot_text_view(token), NOW, scratch, NULL));
  jot_scratch_free(scratch);
  jot_verifier_free(verifier);
  jot_text_free(token);
  jot_signer_free(signer);
  return checked("verify");
}
