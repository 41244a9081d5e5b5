/* Every function of the header survives zeros, and turns a planted panic into
 * JOT_PANICKED or, where it returns no code, into the answer for nothing.
 *
 *   entries LIBRARY < symbols
 *
 * The functions are called through one type with more words than any of them
 * takes, all zero: what the calling conventions of x86-64 and AArch64 allow. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdint.h>
#include <string.h>

typedef uintptr_t (*entry)(uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t,
                           uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t);

static uintptr_t call(entry function) { return function(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0); }

/* What returns something else than a code. */
static const char *const ANSWERS[] = {
    "jot_abi_version", "jot_version", "jot_clock_now", "jot_code_name", "jot_code_stage",
    "jot_code_meaning", "jot_code_at", "jot_alg_name", "jot_text_new", "jot_text_view",
    "jot_key_set_new", "jot_key_set_len", "jot_key_set_skipped_len", "jot_revocations_new",
    "jot_revocations_len", "jot_scratch_new", "jot_verifier_verdicts", "jot_verifier_verifications",
    "jot_watch_progress", "jot_verifier_prepare", "jot_verifier_backend_name", "jot_code_http_status",
    "jot_key_set_secret_doubt", "jot_code_bearer_error", "jot_claims_has_scope", "jot_claims_contains",
    "jot_key_set_not_yet", "jot_budget_new", "jot_revocations_end", "jot_revocations_not_yet",
    "jot_revocations_stale", "jot_key_set_stale", "jot_remote_status_lists_refused",
    "jot_keeper_snapshots", "jot_remote_keys_snapshots", "jot_backend_distrusted",
    "jot_status_list_not_yet", "jot_status_list_stale", "jot_status_list_len", "jot_status_list_end"};

static int answers(const char *name) {
  size_t length = strlen(name);
  if (length > 5 && strcmp(name + length - 5, "_free") == 0) return 1;
  for (size_t i = 0; i < sizeof ANSWERS / sizeof *ANSWERS; i++)
    if (strcmp(name, ANSWERS[i]) == 0) return 1;
  return 0;
}

int main(int argc, char **argv) {
  void *library = argc == 2 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
  if (library == NULL) return fprintf(stderr, "entries: %s\n", argc == 2 ? dlerror() : "which library?"), 2;
  void (*plant)(void) = NULL;
  *(void **)&plant = dlsym(library, "jot_plant_panic");
  char name[100];
  int count = 0, failed = 0;
  while (scanf("%99s", name) == 1) {
    entry function = NULL;
    *(void **)&function = dlsym(library, name);
    if (function == NULL) return fprintf(stderr, "entries: %s is gone\n", name), 1;
    count++;
    uint32_t code = (uint32_t)call(function);
    if (!answers(name) && (code < 150 || code > 159))
      failed++, fprintf(stderr, "entries: %s of zeros is %u\n", name, code);
    if (plant == NULL) continue;
    plant();
    code = (uint32_t)call(function);
    if (!answers(name) && code != 901) failed++, fprintf(stderr, "entries: %s panicked: %u\n", name, code);
    /* The panic was this function's, and is spent. */
    uint32_t (*abi)(void) = NULL;
    *(void **)&abi = dlsym(library, "jot_abi_version");
    if (abi() != 0) failed++, fprintf(stderr, "entries: %s did not pass the boundary\n", name);
  }
  printf("entries: %d functions%s, %d failed\n", count, plant ? " with planted panics" : "", failed);
  return failed != 0 || count < 100;
}
