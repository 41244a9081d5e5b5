/* Makes a key for ES256, writes its public JWK Set into a file and prints a
 * token: issue JWKS_FILE CLAIMS... prints one token for each Claims Set. The kid
 * is the path of the file. */
#include <jot.h>
#include <stdio.h>
#include <string.h>

static int fail(const jot_error *error) {
  char message[300];
  jot_error_message(error, message, sizeof message, NULL);
  fprintf(stderr, "issue: %s\n", message);
  return 1;
}

int main(int argc, char **argv) {
  if (argc < 3) return fprintf(stderr, "issue JWKS_FILE CLAIMS...\n"), 2;
  jot_error error = {.size = sizeof error};
  jot_signer *signer = NULL;
  jot_key_set *keys = jot_key_set_new();
  jot_text *text = jot_text_new();
  jot_slice kid = {(const uint8_t *)argv[1], strlen(argv[1])};
  int failed = 0;

  if (jot_signer_generate(JOT_ES256, 0, kid, &signer, &error) ||
      jot_key_set_add_signer(keys, signer, &error) || jot_key_set_to_jwks(keys, text, &error)) {
    failed = fail(&error);
  } else {
    FILE *file = fopen(argv[1], "w");
    if (file == NULL || fputs((const char *)jot_text_view(text).ptr, file) == EOF || fclose(file) != 0)
      failed = (perror(argv[1]), 1);
  }
  for (int i = 2; i < argc && !failed; i++) {
    jot_slice claims = {(const uint8_t *)argv[i], strlen(argv[i])};
    if (jot_signer_sign_claims(signer, NULL, claims, text, &error)) failed = fail(&error);
    else puts((const char *)jot_text_view(text).ptr);
  }

  jot_text_free(text);
  jot_key_set_free(keys);
  jot_signer_free(signer);
  return failed;
}
