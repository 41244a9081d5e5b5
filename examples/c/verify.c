/* Verifies one token: verify JWKS TOKEN */
#include <jot.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  jot_slice jwks = {(const uint8_t *)argv[1], strlen(argv[1])};
  jot_slice token = {(const uint8_t *)argv[2], strlen(argv[2])}, subject = {NULL, 0};
  uint32_t alg = JOT_ES256, code;
  jot_policy *policy = NULL;
  jot_verifier_builder *builder = NULL;
  jot_verifier *verifier = NULL;
  jot_key_set *keys = jot_key_set_new();
  jot_scratch *scratch = jot_scratch_new(); /* one per thread, used again and again */

  if ((code = jot_key_set_add_jwks(keys, jwks, NULL, NULL)) ||
      (code = jot_policy_new(&alg, 1, &policy, NULL)) ||
      (code = jot_policy_audience(policy, JOT_TEXT("api"))) ||
      (code = jot_verifier_builder_new(policy, &builder, NULL)) ||
      (code = jot_verifier_builder_issuer(builder, JOT_TEXT("https://issuer.example"), keys)) ||
      (code = jot_verifier_builder_build(builder, &verifier, NULL)) ||
      (code = jot_verifier_verify(verifier, token, jot_clock_now(), scratch, NULL)) ||
      (code = jot_claims_text(scratch, JOT_TEXT("sub"), &subject)))
    printf("401: %s (%u): %s\n", jot_code_name(code), code, jot_code_meaning(code));
  else
    printf("welcome, %.*s\n", (int)subject.len, (const char *)subject.ptr);

  jot_scratch_free(scratch);
  jot_verifier_free(verifier);
  jot_verifier_builder_free(builder);
  jot_policy_free(policy);
  jot_key_set_free(keys);
  return code != JOT_ACCEPTED;
}
