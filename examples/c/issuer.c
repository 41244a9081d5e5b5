/* Verifies one token with the keys that its issuer publishes: issuer ISSUER TOKEN */
#include <jot_fetch.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  jot_slice issuer = {(const uint8_t *)argv[1], strlen(argv[1])};
  jot_slice token = {(const uint8_t *)argv[2], strlen(argv[2])}, subject = {NULL, 0};
  uint32_t alg = JOT_ES256, code;
  jot_fetcher *fetcher = NULL; /* has the thread */
  jot_remote_keys *keys = NULL;
  jot_key_set *set = NULL;
  jot_policy *policy = NULL;
  jot_verifier_builder *builder = NULL;
  jot_verifier *verifier = NULL;
  jot_scratch *scratch = jot_scratch_new(); /* one per thread, used again and again */

  if ((code = jot_fetcher_new(NULL, &fetcher, NULL)) ||
      (code = jot_remote_keys_discover(fetcher, issuer, NULL, &keys, NULL)) ||
      (code = jot_remote_keys_wait(keys, 5000)) || /* a server may go on without */
      (code = jot_remote_keys_set(keys, &set)) ||
      (code = jot_policy_new(&alg, 1, &policy, NULL)) ||
      (code = jot_policy_audience(policy, JOT_TEXT("api"))) ||
      (code = jot_verifier_builder_new(policy, &builder, NULL)) ||
      (code = jot_verifier_builder_issuer(builder, issuer, set)) ||
      (code = jot_verifier_builder_build(builder, &verifier, NULL)) ||
      (code = jot_remote_keys_feed(keys, verifier, issuer, NULL)) || /* from now on */
      (code = jot_verifier_verify(verifier, token, jot_clock_now(), scratch, NULL)) ||
      (code = jot_claims_text(scratch, JOT_TEXT("sub"), &subject)))
    printf("%u: %s: %s\n", jot_code_http_status(code), jot_code_name(code), jot_code_meaning(code));
  else
    printf("welcome, %.*s\n", (int)subject.len, (const char *)subject.ptr);

  jot_scratch_free(scratch);
  jot_verifier_free(verifier);
  jot_verifier_builder_free(builder);
  jot_policy_free(policy);
  jot_key_set_free(set);
  jot_remote_keys_free(keys);
  jot_fetcher_free(fetcher);
  return code != JOT_ACCEPTED;
}
