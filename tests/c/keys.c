/* Keys, signing, revocations, decoding. */
#include <stddef.h>
#include <stdlib.h>

#include "check.h"

static const char JWKS[] =
    "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"a\","
    "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"},"
    "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"kid\":\"b\","
    "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}";

static void keys_that_are_awaited_are_no_fault_of_the_token(jot_key_set *set, uint32_t code) {
  jot_error error = {.size = sizeof error};
  jot_policy *policy = NULL;
  jot_verifier_builder *builder = NULL;
  jot_verifier *verifier = NULL;
  uint32_t alg = JOT_EDDSA;
  CHECK(jot_key_set_len(set) == 0);
  OK(jot_policy_new(&alg, 1, &policy, &error));
  OK(jot_policy_any_audience(policy));
  OK(jot_verifier_builder_new(policy, &builder, &error));
  OK(jot_verifier_builder_keys(builder, set));
  OK(jot_verifier_builder_build(builder, &verifier, &error));
  jot_scratch *scratch = jot_scratch_new();
  jot_verdict verdict = {.size = sizeof verdict};
  const char *token = "eyJhbGciOiJFZERTQSJ9.e30.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  CHECK_CODE(jot_verifier_check(verifier, text(token), 0, scratch, &verdict), code);
  CHECK(jot_code_http_status(code) == 503);
  jot_scratch_free(scratch);
  jot_verifier_free(verifier);
  jot_verifier_builder_free(builder);
  jot_policy_free(policy);
  jot_key_set_free(set);
}

static void sets_hold_what_was_added(void) {
  jot_error error = {.size = sizeof error};
  jot_key_set *set = jot_key_set_new();
  jot_key_info info = {.size = sizeof info};
  CHECK(jot_key_set_len(set) == 0);
  OK(jot_key_set_add_jwks(set, text(JWKS), NULL, &error));
  CHECK(jot_key_set_len(set) == 1 && jot_key_set_skipped_len(set) == 1);
  size_t position = 9;
  jot_slice kid = ABSENT;
  OK(jot_key_set_skipped(set, 0, &position, &kid, &error));
  CHECK(position == 1 && is_text(kid, "b") && error.code == JOT_KEY_CURVE_UNKNOWN);
  CHECK_CODE(jot_key_set_skipped(set, 1, NULL, NULL, NULL), JOT_VALUE_MISSING);
  OK(jot_key_set_key(set, 0, &info));
  CHECK(is_text(info.thumbprint, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"));
  CHECK(is_text(info.kty, "OKP") && is_text(info.crv, "Ed25519") && is_text(info.kid, "a"));
  CHECK(info.algs == (1u << JOT_EDDSA | 1u << JOT_ED25519) && info.alg == 0);
  CHECK_CODE(jot_key_set_key(set, 1, &info), JOT_VALUE_MISSING);

  CHECK_CODE(jot_key_set_add_jwk(set, text("{"), NULL, &error), JOT_KEY_JSON);
  CHECK_CODE(jot_key_set_add_jwk(set, text("{\"kty\":\"OKP\"}"), NULL, &error), JOT_KEY_MEMBER_MISSING);
  CHECK(strcmp(error.name, "crv") == 0);
  CHECK_CODE(jot_key_set_add_pem(set, text("-----BEGIN X"), NULL, &error), JOT_KEY_PEM_INVALID);
  CHECK_CODE(jot_key_set_add_pem_bundle(set, text("-----BEGIN"), NULL, &error), JOT_KEY_PEM_INVALID);
  CHECK_CODE(jot_key_set_add_text(set, text("-----BEGIN X"), NULL, &error), JOT_KEY_PEM_INVALID);
  CHECK_CODE(jot_key_set_add_text(set, text("{"), NULL, &error), JOT_KEY_JSON);
  CHECK_CODE(jot_key_set_add_der(set, text("0"), NULL, &error), JOT_KEY_DER_INVALID);
  CHECK_CODE(jot_key_set_add_secret(set, text("short"), NULL, &error), JOT_KEY_SECRET_TOO_SHORT);
  jot_key_options options = {.size = sizeof options, .alg = JOT_HS256, .kid = text("s")};
  CHECK_CODE(jot_key_set_add_secret(set, text("short"), &options, &error), JOT_KEY_SECRET_TOO_SHORT);
  options.flags = 16;
  CHECK_CODE(jot_key_set_add_secret(set, text("short"), &options, &error), JOT_ARGUMENT_VALUE);
  options.flags = JOT_ALLOW_WEAK_KEYS;
  CHECK(jot_key_set_len(set) == 1);
  OK(jot_key_set_add_secret(set, text("short"), &options, &error));
  OK(jot_key_set_key(set, 1, &info));
  CHECK(info.algs == 1u << JOT_HS256 && is_text(info.kid, "s") && is_text(info.kty, "oct"));
  CHECK_CODE(jot_key_set_add_secret(set, text(JWKS), &options, &error), JOT_KEY_SECRET_IS_KEY_TEXT);

  jot_text *out = jot_text_new();
  CHECK_CODE(jot_key_set_to_jwks(set, out, &error), JOT_KEY_SECRET_NOT_PUBLIC);
  CHECK_CODE(jot_key_set_to_pem(set, 1, out, &error), JOT_KEY_SECRET_NOT_PUBLIC);
  CHECK(jot_text_view(out).len == 0);
  OK(jot_key_set_to_pem(set, 0, out, &error));
  CHECK(strstr((const char *)jot_text_view(out).ptr, "-----BEGIN PUBLIC KEY-----") != NULL);
  jot_key_set *again = jot_key_set_new();
  OK(jot_key_set_add_pem(again, jot_text_view(out), NULL, &error));
  OK(jot_key_set_to_jwks(again, out, &error));
  OK(jot_key_set_add_jwks(again, jot_text_view(out), NULL, &error));
  CHECK(jot_key_set_len(again) == 2);
  OK(jot_key_set_add_text(again, jot_text_view(out), NULL, &error));
  CHECK(jot_key_set_len(again) == 3);

  jot_verifier *verifier = verifier_of(policy_of(JOT_EDDSA), again, 0);
  CHECK_CODE(jot_key_set_add_jwks(again, text(JWKS), NULL, &error), JOT_KEY_SET_FROZEN);
  jot_key_set *held = NULL;
  OK(jot_verifier_keys(verifier, text(ISSUER), &held));
  CHECK(jot_key_set_len(held) == 3);
  CHECK_CODE(jot_verifier_keys(verifier, text("nobody"), &held), JOT_ISSUER_UNKNOWN);
  jot_key_set_free(held);
  jot_verifier_free(verifier);
  jot_text_free(out);
  jot_key_set_free(again);
  jot_key_set_free(set);
}

/* When a key is in force is told where it was asked to be read. */
static void dated_keys_tell_their_interval(void) {
  static const char jwk[] = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"nbf\":-5,\"exp\":1700000000,"
                            "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";
  jot_key_set *set = jot_key_set_new();
  jot_key_options options = {.size = sizeof options, .flags = JOT_DATED_KEYS};
  OK(jot_key_set_add_jwk(set, text(jwk), &options, NULL));
  OK(jot_key_set_add_jwk(set, text(jwk), NULL, NULL));
  jot_key_info info = {.size = sizeof info};
  OK(jot_key_set_key(set, 0, &info));
  CHECK(info.flags == (JOT_HAS_NBF | JOT_HAS_EXP) && info.not_before == -5 && info.expires_at == 1700000000);
  OK(jot_key_set_key(set, 1, &info));
  CHECK(info.flags == 0 && info.not_before == 0 && info.expires_at == 0);
  /* Of a program that was built before the struct grew. */
  jot_key_info old = {.size = offsetof(jot_key_info, flags), .flags = 77};
  OK(jot_key_set_key(set, 0, &old));
  CHECK(is_text(old.kty, "OKP") && old.flags == 77 && old.size == offsetof(jot_key_info, flags));
  jot_key_set_free(set);
}

/* An authority signs no tokens, unless it is asked for. */
static void chains_give_their_leaf(void) {
  jot_key_set *set = jot_key_set_new();
  OK(jot_key_set_add_pem_bundle(set, text(CHAIN), NULL, NULL));
  size_t position = 9;
  jot_error why = {.size = sizeof why};
  CHECK(jot_key_set_len(set) == 1 && jot_key_set_skipped_len(set) == 1);
  OK(jot_key_set_skipped(set, 0, &position, NULL, &why));
  CHECK(position == 1 && why.code == JOT_KEY_OF_AUTHORITY);
  jot_key_options options = {.size = sizeof options, .flags = JOT_ALL_CERTIFICATES};
  OK(jot_key_set_add_pem_bundle(set, text(CHAIN), &options, NULL));
  CHECK(jot_key_set_len(set) == 3);
  jot_key_info info = {.size = sizeof info};
  OK(jot_key_set_key(set, 1, &info));
  CHECK(info.flags == 0);
  options.flags = JOT_CERTIFICATE_VALIDITY;
  OK(jot_key_set_add_pem_bundle(set, text(CHAIN), &options, NULL));
  OK(jot_key_set_key(set, 3, &info));
  CHECK(info.flags == (JOT_HAS_NBF | JOT_HAS_EXP));
  CHECK(info.not_before == 1795906287 && info.expires_at == 2659819888);
  options.flags = JOT_CERTIFICATE_VALIDITY << 1;
  CHECK_CODE(jot_key_set_add_pem_bundle(set, text(CHAIN), &options, NULL), JOT_ARGUMENT_VALUE);
  jot_key_set_free(set);
}

/* Nothing is usable, and each key says why. */
static void sets_say_what_is_wrong_with_each_key(void) {
  jot_key_set *set = jot_key_set_new();
  char line[256];
  size_t length = 9;
  OK(jot_key_set_reasons(set, line, sizeof line, &length));
  CHECK(length == 0 && line[0] == '\0');
  CHECK_CODE(jot_key_set_add_text(set, text("{\"keys\":[7,{\"kty\":\"XX\",\"kid\":\"a\"}]}"), NULL, NULL),
             JOT_KEY_SET_EMPTY);
  CHECK(jot_key_set_len(set) == 0 && jot_key_set_skipped_len(set) == 2);
  OK(jot_key_set_reasons(set, line, sizeof line, &length));
  CHECK(strncmp(line, "key 1 of 2 in the JWK Set: key_json (400)", 41) == 0);
  CHECK(length == strlen(line) && strstr(line, "key 2 of 2 in the JWK Set (kid \"a\"): key_type_unknown (403)"));
  OK(jot_key_set_reasons(set, line, 10, &length));
  CHECK(strcmp(line, "key 1 of ") == 0 && length > 10);
  OK(jot_key_set_reasons(set, NULL, 0, NULL));
  CHECK_CODE(jot_key_set_reasons(NULL, line, sizeof line, NULL), JOT_ARGUMENT_NULL);
  jot_key_set_free(set);
}

static void set_tells_what_its_secret_looks_like(void) {
  jot_key_set *set = jot_key_set_new();
  CHECK(jot_key_set_secret_doubt(set).ptr == NULL && jot_key_set_secret_doubt(NULL).ptr == NULL);
  OK(jot_key_set_add_secret(set, text("a secret of the 32 bytes wanted."), NULL, NULL));
  CHECK(jot_key_set_secret_doubt(set).ptr == NULL);
  OK(jot_key_set_add_secret(set, text("a secret of the 32 bytes wanted.\n"), NULL, NULL));
  jot_slice doubt = jot_key_set_secret_doubt(set);
  CHECK(is_text(doubt, "the secret ends with a line break, which counts as part of it"));
  jot_key_set_free(set);
}

static void every_algorithm_signs_and_verifies(void) {
  jot_scratch *scratch = jot_scratch_new();
  jot_text *token = jot_text_new(), *key = jot_text_new();
  for (uint32_t alg = JOT_HS256; alg <= JOT_ML_DSA_87; alg++) {
    jot_signer *signer = signer_of(alg, "k"), *again = NULL;
    jot_key_info info = {.size = sizeof info};
    OK(jot_signer_key(signer, &info));
    CHECK(info.alg == alg && (info.algs & 1u << alg) && is_text(info.kid, "k"));
    OK(jot_signer_to_jwk(signer, key, NULL));
    OK(jot_signer_from_jwk(jot_text_view(key), NULL, &again, NULL));
    sign(again, "{\"iss\":\"" ISSUER "\",\"exp\":1800000001}", token);
    jot_key_set *set = keys_of(signer);
    jot_verifier *verifier = verifier_of(policy_of(alg), set, 0);
    jot_verdict verdict = {.size = sizeof verdict};
    OK(jot_verifier_verify(verifier, jot_text_view(token), NOW, scratch, &verdict));
    CHECK(verdict.alg == alg);
    if (alg > JOT_HS512) {
      jot_key_options options = {.size = sizeof options, .alg = alg};
      OK(jot_signer_to_pem(signer, key, NULL));
      jot_signer_free(again);
      OK(jot_signer_from_pem(jot_text_view(key), &options, &again, NULL));
    } else {
      CHECK_CODE(jot_signer_to_pem(signer, key, NULL), JOT_KEY_SECRET_NOT_PUBLIC);
    }
    jot_verifier_free(verifier);
    jot_key_set_free(set);
    jot_signer_free(again);
    jot_signer_free(signer);
  }
  jot_text_free(key);
  jot_text_free(token);
  jot_scratch_free(scratch);
}

static void headers_are_written(void) {
  jot_error error = {.size = sizeof error};
  jot_signer *signer = NULL;
  jot_text *token = jot_text_new();
  jot_scratch *scratch = jot_scratch_new();
  jot_decoded decoded = {.size = sizeof decoded};
  OK(jot_signer_from_secret(text("0123456789abcdef0123456789abcdef"), NULL, &signer, NULL));
  jot_critical critical = {text("urn:x"), text("{\"y\":1}")};
  jot_sign_header header = {.size = sizeof header, .typ = text("at+jwt"), .cty = text("c"),
                            .parameters = text("{\"kid\":\"own\"}"), .critical = &critical,
                            .critical_count = 1};
  OK(jot_signer_sign_claims(signer, &header, text("{}"), token, &error));
  OK(jot_token_decode_unverified(jot_text_view(token), scratch, &decoded));
  CHECK(is_text(decoded.header, "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"cty\":\"c\",\"kid\":\"own\","
                                "\"urn:x\":{\"y\":1},\"crit\":[\"urn:x\"]}"));
  CHECK(is_text(decoded.payload, "{}") && decoded.claims_code == 0 && decoded.signature.len == 32);
  header.flags = JOT_WITHOUT_TYP;
  CHECK_CODE(jot_signer_sign_claims(signer, &header, text("{}"), token, &error), JOT_ARGUMENT_VALUE);
  header.typ = ABSENT;
  header.parameters = text("{\"alg\":\"none\"}");
  CHECK_CODE(jot_signer_sign_claims(signer, &header, text("{}"), token, &error), JOT_HEADER_TO_SIGN_INVALID);
  CHECK(strcmp(error.name, "alg") == 0);
  CHECK_CODE(jot_signer_sign_claims(signer, NULL, text("{\"a\":1,\"a\":2}"), token, &error),
             JOT_CLAIMS_TO_SIGN_INVALID);
  CHECK(error.offset != JOT_NONE);

  /* Detached payloads, and payloads that are no claims. */
  jot_key_set *set = keys_of(signer);
  jot_verifier *verifier = verifier_of(policy_of(JOT_HS256), set, 0);
  jot_verdict verdict = {.size = sizeof verdict};
  for (uint32_t form = JOT_ATTACHED; form <= JOT_UNENCODED_DETACHED; form++) {
    OK(jot_signer_sign_payload(signer, NULL, text("$.02"), form, token, NULL));
    jot_slice detached = form == JOT_ATTACHED ? ABSENT : text("$.02");
    OK(jot_verifier_verify_jws(verifier, jot_text_view(token), text(ISSUER), detached, scratch, &verdict));
    CHECK(is_text(verdict.payload, "$.02") && verdict.alg == JOT_HS256);
    CHECK_CODE(jot_verifier_verify_jws(verifier, jot_text_view(token), text(ISSUER), text("other"), scratch,
                                       &verdict),
               form == JOT_ATTACHED ? JOT_PAYLOAD_ATTACHED : JOT_SIGNATURE_INVALID);
  }
  CHECK_CODE(jot_signer_sign_payload(signer, NULL, ABSENT, 3, token, NULL), JOT_ARGUMENT_VALUE);
  OK(jot_signer_sign_payload(signer, NULL, text("[]"), JOT_ATTACHED, token, NULL));
  OK(jot_token_decode_unverified(jot_text_view(token), scratch, &decoded));
  CHECK(decoded.claims_code == JOT_CLAIMS_NOT_OBJECT && is_text(decoded.payload, "[]"));
  CHECK_CODE(jot_token_decode_unverified(text("W10.e30.AA"), scratch, &decoded), JOT_HEADER_NOT_OBJECT);
  CHECK_CODE(jot_token_decode_unverified(text(".e30.AA"), scratch, &decoded), JOT_HEADER_ENCODING);
  CHECK_CODE(jot_token_decode_unverified(text("e30.=.AA"), scratch, &decoded), JOT_PAYLOAD_ENCODING);

  /* What is signed and no token. */
  OK(jot_signer_sign_message(signer, text("$.02"), token, &error));
  jot_slice signature = jot_text_view(token);
  CHECK(signature.len == 32);
  OK(jot_key_set_check_signature(set, 0, JOT_HS256, text("$.02"), signature));
  CHECK_CODE(jot_key_set_check_signature(set, 0, JOT_HS256, text("$.03"), signature), JOT_SIGNATURE_INVALID);
  CHECK_CODE(jot_key_set_check_signature(set, 0, JOT_HS256, text("$.02"), ABSENT), JOT_SIGNATURE_INVALID);
  CHECK_CODE(jot_key_set_check_signature(set, 0, JOT_RS256, text("$.02"), signature), JOT_SIGNATURE_INVALID);
  CHECK_CODE(jot_key_set_check_signature(set, 1, JOT_HS256, text("$.02"), signature), JOT_VALUE_MISSING);
  CHECK_CODE(jot_key_set_check_signature(set, 0, 0, text("$.02"), signature), JOT_ARGUMENT_VALUE);
  jot_verifier_free(verifier);
  jot_key_set_free(set);
  jot_signer_free(signer);
  jot_signer *none = NULL;
  CHECK_CODE(jot_signer_generate(JOT_RS256, 1024, ABSENT, &none, &error), JOT_KEY_GENERATION);
  CHECK_CODE(jot_signer_generate(JOT_ES256, 2048, ABSENT, &none, &error), JOT_KEY_ALG_MISMATCH);
  CHECK_CODE(jot_signer_from_der(text("x"), NULL, &none, &error), JOT_KEY_DER_INVALID);
  CHECK(none == NULL);
  jot_scratch_free(scratch);
  jot_text_free(token);
}

static void revocations_are_obeyed(void) {
  jot_signer *signer = signer_of(JOT_HS256, "k");
  jot_text *token = jot_text_new(), *saved = jot_text_new();
  jot_scratch *scratch = jot_scratch_new();
  sign(signer, "{\"iss\":\"" ISSUER "\",\"exp\":1800000100,\"iat\":1799999000,\"jti\":\"j\",\"sid\":\"i\",\"sub\":\"s\"}",
       token);
  jot_key_set *set = keys_of(signer);
  jot_verifier *verifier = verifier_of(policy_of(JOT_HS256), set, 8);
  jot_key_info info = {.size = sizeof info};
  OK(jot_key_set_key(set, 0, &info));
  jot_revocations *list = jot_revocations_new(2), *other = NULL;
  OK(jot_verifier_check(verifier, jot_text_view(token), NOW, scratch, NULL));
  OK(jot_revocations_revoke_jti(list, text("j"), 1800000100));
  CHECK(jot_revocations_len(list) == 1);
  OK(jot_verifier_set_revocations(verifier, list));
  CHECK_CODE(jot_verifier_check(verifier, jot_text_view(token), NOW, scratch, NULL), JOT_JTI_REVOKED);
  OK(jot_revocations_purge(list, 1800000100));
  CHECK(jot_revocations_len(list) == 0);
  OK(jot_revocations_revoke_session(list, text("i"), 1800000100));
  OK(jot_verifier_set_revocations(verifier, list));
  CHECK_CODE(jot_verifier_check(verifier, jot_text_view(token), NOW, scratch, NULL), JOT_SID_REVOKED);
  OK(jot_revocations_purge(list, 1800000100));
  OK(jot_revocations_revoke_subject(list, text("s"), 1799999001));
  OK(jot_verifier_set_revocations(verifier, list));
  CHECK_CODE(jot_verifier_check(verifier, jot_text_view(token), NOW, scratch, NULL), JOT_SUB_REVOKED);
  OK(jot_revocations_revoke_key(list, info.thumbprint));
  CHECK_CODE(jot_revocations_revoke_jti(list, text("x"), JOT_NEVER), JOT_REVOCATIONS_FULL);
  OK(jot_verifier_set_revocations(verifier, list));
  CHECK_CODE(jot_verifier_check(verifier, jot_text_view(token), NOW, scratch, NULL), JOT_KEY_REVOKED);
  OK(jot_revocations_to_text(list, saved));
  OK(jot_revocations_from_text(jot_text_view(saved), 2, &other, NULL));
  CHECK(jot_revocations_len(other) == 2);
  jot_revocations_free(other);
  jot_error error = {.size = sizeof error};
  CHECK_CODE(jot_revocations_from_text(text("\nx\n"), 2, &other, &error), JOT_REVOCATIONS_INVALID);
  CHECK(error.offset == 1);
  OK(jot_revocations_from_claims(text("{\"revocations\":[{\"sid\":\"i\"},{\"key\":\"k\"}]}"), 2, &other, NULL));
  CHECK(jot_revocations_len(other) == 2);
  jot_revocations_free(other);
  CHECK_CODE(jot_revocations_from_claims(text("{}"), 2, &other, &error), JOT_REVOCATIONS_INVALID);
  OK(jot_verifier_revocations(verifier, &other));
  CHECK(jot_revocations_len(other) == 2);
  jot_revocations_free(other);
  jot_revocations_free(list);
  list = jot_revocations_new(0);
  OK(jot_verifier_set_revocations(verifier, list));
  OK(jot_verifier_check(verifier, jot_text_view(token), NOW, scratch, NULL));
  jot_revocations_free(list);
  jot_verifier_free(verifier);
  jot_key_set_free(set);
  jot_scratch_free(scratch);
  jot_text_free(saved);
  jot_text_free(token);
  jot_signer_free(signer);
}

int main(void) {
  keys_that_are_awaited_are_no_fault_of_the_token(jot_key_set_not_yet(), JOT_KEYS_NOT_YET);
  keys_that_are_awaited_are_no_fault_of_the_token(jot_key_set_stale(), JOT_KEYS_STALE);
  sets_hold_what_was_added();
  dated_keys_tell_their_interval();
  sets_say_what_is_wrong_with_each_key();
  set_tells_what_its_secret_looks_like();
  chains_give_their_leaf();
  /* Making RSA keys takes valgrind long. */
  if (getenv("JOT_SLOW") == NULL) every_algorithm_signs_and_verifies();
  headers_are_written();
  revocations_are_obeyed();
  return checked("keys");
}
