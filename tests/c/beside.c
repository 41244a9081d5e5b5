/* libjot.a beside what has the same names inside: another Rust library, OpenSSL,
 * and functions of the program's own. */
#include "check.h"

#ifdef OPENSSL
#include <openssl/ec.h>
#include <openssl/evp.h>
#else
/* Names that aws-lc has inside. Were they those that it calls, nothing would
 * verify. */
int SHA256_Init(void *context) { return (void)context, -7; }
void *EVP_PKEY_new(void) { return NULL; }
int mldsa_44_verify(void) { return -7; }
int sha3_keccak4_f1600(void) { return -7; }
#endif
#ifdef NEIGHBOUR
uint32_t neighbour_catches(void);
#endif
#ifdef PLANTED
void jot_plant_panic(void);
#endif

int main(void) {
#ifdef NEIGHBOUR
  CHECK(neighbour_catches() == 41);
#endif
  uint32_t algs[] = {JOT_HS256, JOT_ES256, JOT_EDDSA, JOT_ML_DSA_44};
  jot_scratch *scratch = jot_scratch_new();
  for (size_t i = 0; i < sizeof algs / sizeof *algs; i++) {
    jot_signer *signer = signer_of(algs[i], "k");
    jot_text *token = jot_text_new();
    jot_key_set *keys = keys_of(signer);
    jot_verifier *verifier = verifier_of(policy_of(algs[i]), keys, 0);
    sign(signer, "{\"iss\":\"" ISSUER "\",\"exp\":1800000100}", token);
    OK(jot_verifier_verify(verifier, jot_text_view(token), NOW, scratch, NULL));
    CHECK_CODE(jot_verifier_verify(verifier, jot_text_view(token), 1800000100, scratch, NULL), JOT_EXPIRED);
    jot_verifier_free(verifier);
    jot_key_set_free(keys);
    jot_text_free(token);
    jot_signer_free(signer);
  }
  jot_scratch_free(scratch);
#ifdef OPENSSL
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  CHECK(EVP_Digest("abc", 3, digest, &length, EVP_sha256(), NULL) == 1 && length == 32);
  CHECK(digest[0] == 0xba && digest[31] == 0xad);
  EVP_PKEY *key = EVP_EC_gen("P-256");
  CHECK(key != NULL);
  EVP_PKEY_free(key);
#else
  CHECK(SHA256_Init(NULL) == -7 && EVP_PKEY_new() == NULL && mldsa_44_verify() == -7);
#endif
#ifdef PLANTED
  jot_plant_panic();
  CHECK_CODE(jot_alg_parse(text("ES256"), algs), JOT_PANICKED);
  jot_plant_panic();
  CHECK_CODE(jot_policy_new(algs, 1, (jot_policy **)&scratch, NULL), JOT_PANICKED);
  OK(jot_alg_parse(text("ES256"), algs));
#endif
#ifdef NEIGHBOUR
  CHECK(neighbour_catches() == 41);
#endif
  return checked("beside");
}
