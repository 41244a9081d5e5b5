/* A small harness: CHECK says what was wrong and goes on; main returns
 * CHECKED(), which is 0 when nothing was. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <string.h>

#include "jot.h"

static int checks_failed, checks_made;

#define CHECK(condition)                                                       \
  (checks_made++, (condition)                                                  \
       ? 1                                                                     \
       : (checks_failed++,                                                     \
          fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition), 0))

#define CHECK_CODE(call, wanted) check_code(__FILE__, __LINE__, #call, (call), (wanted))
#define OK(call) CHECK_CODE(call, JOT_ACCEPTED)

static inline int check_code(const char *file, int line, const char *call, uint32_t code,
                             uint32_t wanted) {
  checks_made++;
  if (code == wanted) return 1;
  checks_failed++;
  fprintf(stderr, "%s:%d: %s is %u %s, not %u %s\n", file, line, call, code, jot_code_name(code),
          wanted, jot_code_name(wanted));
  return 0;
}

static inline int checked(const char *what) {
  if (checks_failed != 0) fprintf(stderr, "%s: %d of %d failed\n", what, checks_failed, checks_made);
  else printf("%s: %d checks passed\n", what, checks_made);
  return checks_failed != 0;
}

static inline jot_slice text(const char *chars) {
  jot_slice slice = {(const uint8_t *)chars, strlen(chars)};
  return slice;
}

static const jot_slice ABSENT = {NULL, 0};

static inline int is_text(jot_slice slice, const char *chars) {
  return slice.len == strlen(chars) && (slice.len == 0 || memcmp(slice.ptr, chars, slice.len) == 0);
}

#define NOW 1800000000
#define ISSUER "https://issuer.example"

/* The claims of a good token. */
#define GOOD                                                                                \
  "{\"iss\":\"" ISSUER "\",\"aud\":[\"api\",\"other\"],\"sub\":\"al\\u0069ce\",\"exp\":1800000100," \
  "\"iat\":1799999990.5,\"n\":-7,\"x\":1.5,\"b\":true,\"z\":null,"                           \
  "\"realm\":{\"roles\":[\"reader\",\"writer\"],\"id\":42}}"

/* The certificate of "me", and that of "ca", which issued it. */
#define CHAIN \
  "-----BEGIN CERTIFICATE-----\n" \
  "MIHCMHYCAQEwBQYDK2VwMA0xCzAJBgNVBAMMAmNhMCAXDTI2MTEyODIyNTEyN1oY\n" \
  "DzIwNTQwNDE0MjI1MTI3WjANMQswCQYDVQQDDAJtZTAqMAUGAytlcAMhAOGP35rX\n" \
  "aSUmMZuwSXVgijEoMjP7MENnZoCge3PggZpNMAUGAytlcANBAOpCHlvJF/NVlgCq\n" \
  "HcOgSB3rvGNGkGsL9tVX48iHSPKSN2dmJTuTh2w4++i6yOlvVxciv72FbPOwLmw+\n" \
  "J8NKzAw=\n" \
  "-----END CERTIFICATE-----\n" \
  "-----BEGIN CERTIFICATE-----\n" \
  "MIHWMIGJAhQQ4kbbSjMsygZ0zj+Kcf2vCO6yLTAFBgMrZXAwDTELMAkGA1UEAwwC\n" \
  "Y2EwIBcNMjYxMTI4MjI1MTI3WhgPMjA1NDA0MTQyMjUxMjdaMA0xCzAJBgNVBAMM\n" \
  "AmNhMCowBQYDK2VwAyEAnivDspU4Jxy+6Zodfw/gxu4nujmaa39pdTPCCJ6rX/Yw\n" \
  "BQYDK2VwA0EA8ZBkPlvFee+UAzuNukJFggzDaU9GDMDmlewNna5XVR0HoMbSL1o5\n" \
  "s35YbxXSk3HgH2pdpANgJ6DHtphJyUciBw==\n" \
  "-----END CERTIFICATE-----\n"

/* A signer for HS256, quick under valgrind, or of another algorithm. */
static inline jot_signer *signer_of(uint32_t alg, const char *kid) {
  jot_signer *signer = NULL;
  OK(jot_signer_generate(alg, 0, text(kid), &signer, NULL));
  return signer;
}

static inline void sign(jot_signer *signer, const char *claims, jot_text *token) {
  OK(jot_signer_sign_claims(signer, NULL, text(claims), token, NULL));
}

static inline jot_key_set *keys_of(jot_signer *signer) {
  jot_key_set *set = jot_key_set_new();
  OK(jot_key_set_add_signer(set, signer, NULL));
  return set;
}

static inline jot_policy *policy_of(uint32_t alg) {
  jot_policy *policy = NULL;
  OK(jot_policy_new(&alg, 1, &policy, NULL));
  return policy;
}

/* Takes the policy over. */
static inline jot_verifier *verifier_of(jot_policy *policy, jot_key_set *set, size_t cache) {
  jot_verifier_builder *builder = NULL;
  jot_verifier *verifier = NULL;
  OK(jot_verifier_builder_new(policy, &builder, NULL));
  OK(jot_verifier_builder_issuer(builder, text(ISSUER), set));
  if (cache != 0) OK(jot_verifier_builder_cache_entries(builder, cache));
  OK(jot_verifier_builder_build(builder, &verifier, NULL));
  jot_verifier_builder_free(builder);
  jot_policy_free(policy);
  return verifier;
}

#endif
