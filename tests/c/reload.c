/* A library that is loaded and unloaded more often than there are pthread keys
 * (PTHREAD_KEYS_MAX is 1024), as by a server that reloads its modules. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

#include "jot.h"

/* In a thread that ends before the library goes: as long as one lives that used
 * it, the library stays anyway. */
static void *use(void *library) {
  uint32_t (*generate)(uint32_t, size_t, jot_slice, jot_signer **, jot_error *) = NULL;
  void (*give_back)(jot_signer *) = NULL;
  *(void **)&generate = dlsym(library, "jot_signer_generate");
  *(void **)&give_back = dlsym(library, "jot_signer_free");
  jot_slice none = {NULL, 0};
  jot_signer *signer = NULL;
  if (generate(JOT_ES256, 0, none, &signer, NULL) != JOT_ACCEPTED) return NULL;
  give_back(signer);
  return library;
}

int main(int argc, char **argv) {
  if (argc != 2) return fprintf(stderr, "reload LIBRARY\n"), 2;
  for (int cycle = 0; cycle < 1200; cycle++) {
    void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL), *used = NULL;
    if (library == NULL) return fprintf(stderr, "reload: %s\n", dlerror()), 1;
    pthread_t thread;
    if (pthread_create(&thread, NULL, use, library) != 0) return perror("reload"), 1;
    pthread_join(thread, &used);
    if (used == NULL) return fprintf(stderr, "reload: no key\n"), 1;
    dlclose(library);
  }
  return printf("reload: 1200 times\n"), 0;
}
