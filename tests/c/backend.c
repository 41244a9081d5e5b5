/* Backends: the same verdicts whichever it is, and what is told of them. */
#include <stdlib.h>

#include "check.h"

enum { TOKENS = 400 };

static int is_known(jot_slice name) {
  return is_text(name, "aws-lc") || is_text(name, "avx512-ifma") || is_text(name, "portable-comb");
}

static void backends_agree(uint32_t alg) {
  jot_signer *signer = signer_of(alg, "k");
  jot_text *token = jot_text_new();
  jot_scratch *scratch = jot_scratch_new();
  OK(jot_signer_sign_claims(signer, NULL, text("{\"iss\":\"" ISSUER "\",\"exp\":2000000000}"), token, NULL));
  size_t length = jot_text_view(token).len;
  char *forged = malloc(length);
  memcpy(forged, jot_text_view(token).ptr, length);
  forged[length - 8] = forged[length - 8] == 'A' ? 'B' : 'A';
  for (uint32_t backend = JOT_BACKEND_AWS_LC; backend <= JOT_BACKEND_PORTABLE; backend++) {
    jot_key_set *set = keys_of(signer);
    jot_policy *policy = policy_of(alg);
    jot_verifier_builder *builder = NULL;
    jot_verifier *verifier = NULL;
    OK(jot_verifier_builder_new(policy, &builder, NULL));
    OK(jot_verifier_builder_issuer(builder, text(ISSUER), set));
    OK(jot_verifier_builder_backend(builder, backend));
    OK(jot_verifier_builder_table_bytes(builder, 1 << 20));
    OK(jot_verifier_builder_cross_check(builder, 1));
    OK(jot_verifier_builder_build(builder, &verifier, NULL));
    CHECK(is_known(jot_verifier_backend_name(verifier, alg)));
    for (int i = 0; i < TOKENS; i++) {
      OK(jot_verifier_verify(verifier, jot_text_view(token), 1900000000, scratch, NULL));
    }
    jot_slice bad = {(const uint8_t *)forged, length};
    CHECK_CODE(jot_verifier_verify(verifier, bad, 1900000000, scratch, NULL), JOT_SIGNATURE_INVALID);
    jot_backend_report report = {.size = sizeof report};
    OK(jot_verifier_backend_report(verifier, &report));
    CHECK(report.disagreements == 0);
    if (is_text(jot_verifier_backend_name(verifier, alg), "aws-lc")) {
      CHECK(jot_verifier_prepare(verifier) == 0 && report.accepted == 0 && report.table_bytes == 0);
      CHECK(report.warning == (backend == JOT_BACKEND_AWS_LC ? JOT_BACKEND_FINE : JOT_BACKEND_UNSUPPORTED));
    } else {
      CHECK(backend != JOT_BACKEND_AWS_LC && report.warning == JOT_BACKEND_FINE);
      CHECK(jot_verifier_prepare(verifier) >= 1);
      CHECK(report.accepted > 0 && report.referred == 1 && report.cross_checked > 0);
      CHECK(report.table_bytes > 0 && report.table_bytes <= 1 << 20);
      CHECK(report.tables >= 1 && report.tables_refused == 0);
      CHECK(report.failed_checks == 0 && report.failed_self_tests == 0);
      CHECK(backend == JOT_BACKEND_AUTO || report.accepted == TOKENS);
    }
    jot_verifier_free(verifier);
    jot_verifier_builder_free(builder);
    jot_policy_free(policy);
    jot_key_set_free(set);
  }
  free(forged);
  jot_scratch_free(scratch);
  jot_text_free(token);
  jot_signer_free(signer);
}

static void wrong_backends_are_refused(void) {
  jot_policy *policy = policy_of(JOT_ES256);
  jot_verifier_builder *builder = NULL;
  OK(jot_verifier_builder_new(policy, &builder, NULL));
  CHECK_CODE(jot_verifier_builder_backend(builder, JOT_BACKEND_PORTABLE + 1), JOT_ARGUMENT_VALUE);
  CHECK(jot_backend_distrusted() == 0);
  uint64_t told = 0;
  jot_text *line = jot_text_new();
  OK(jot_backend_news(&told, line));
  CHECK(told == 0 && jot_text_view(line).len == 0);
  CHECK_CODE(jot_backend_news(NULL, line), JOT_ARGUMENT_NULL);
  CHECK_CODE(jot_backend_news(&told, NULL), JOT_ARGUMENT_NULL);
  jot_text_free(line);
  CHECK(jot_verifier_backend_name(NULL, JOT_ES256).ptr == NULL && jot_verifier_prepare(NULL) == 0);
  jot_verifier_builder_free(builder);
  jot_policy_free(policy);
}

int main(void) {
  backends_agree(JOT_ES256);
  backends_agree(JOT_EDDSA);
  wrong_backends_are_refused();
  return checked("backend");
}
