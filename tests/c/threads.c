/* One verifier under many threads while its keys are swapped; fork before and
 * after creation. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define THREADS 8

static jot_verifier *verifier;
static jot_text *tokens[2];
static jot_signer *signers[2];
static atomic_int stop, wrong, turns;

/* The tokens of both keys: exactly one of them is good at any time, but a swap
 * may come between two looks. */
static void *look(void *unused) {
  (void)unused;
  jot_scratch *scratch = jot_scratch_new();
  jot_verdict verdict = {.size = sizeof verdict};
  jot_slice subject;
  while (!atomic_load(&stop)) {
    for (int i = 0; i < 2; i++) {
      uint32_t code = jot_verifier_verify(verifier, jot_text_view(tokens[i]), NOW, scratch, &verdict);
      if (code == JOT_ACCEPTED) {
        if (jot_claims_text(scratch, text("sub"), &subject) != 0 || subject.len != 1 ||
            subject.ptr[0] != 'a' + i)
          atomic_fetch_add(&wrong, 1);
      } else if (code != JOT_SIGNATURE_INVALID) {
        atomic_fetch_add(&wrong, 1);
      }
    }
    atomic_fetch_add(&turns, 1);
  }
  jot_scratch_free(scratch);
  return NULL;
}

static void keys_are_swapped_under_load(void) {
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, look, NULL) == 0);
  jot_scratch *scratch = jot_scratch_new();
  jot_revocations *none = jot_revocations_new(1);
  for (int turn = 0; turn < 200 || atomic_load(&turns) < 100; turn++) {
    jot_key_set *set = keys_of(signers[turn % 2]);
    OK(jot_verifier_replace_keys(verifier, text(ISSUER), set, NULL));
    jot_key_set_free(set);
    OK(jot_verifier_set_revocations(verifier, none));
    /* What is verified after the swap returned obeys it. */
    OK(jot_verifier_verify(verifier, jot_text_view(tokens[turn % 2]), NOW, scratch, NULL));
    CHECK_CODE(jot_verifier_verify(verifier, jot_text_view(tokens[1 - turn % 2]), NOW, scratch, NULL),
               JOT_SIGNATURE_INVALID);
    if (turn % 16 == 0) sched_yield();
  }
  atomic_store(&stop, 1);
  for (int i = 0; i < THREADS; i++) CHECK(pthread_join(threads[i], NULL) == 0);
  CHECK(atomic_load(&wrong) == 0);
  jot_revocations_free(none);
  jot_scratch_free(scratch);
}

static int child(jot_scratch *scratch) {
  uint32_t code = jot_verifier_verify(verifier, jot_text_view(tokens[0]), NOW, scratch, NULL);
  if (code != JOT_ACCEPTED && code != JOT_SIGNATURE_INVALID) return 1;
  jot_key_set *set = keys_of(signers[0]);
  jot_verifier *fresh = verifier_of(policy_of(JOT_HS256), set, 10);
  jot_batch *batch = NULL;
  OK(jot_batch_new(2, &batch, NULL));
  jot_slice rows[] = {jot_text_view(tokens[0]), text("x")};
  uint32_t codes[2] = {9, 9};
  jot_tokens column = {.size = sizeof column, .rows = 2, .slices = rows};
  jot_batch_options options = {.size = sizeof options, .now = NOW};
  jot_columns out = {.size = sizeof out, .codes = codes};
  OK(jot_batch_verify(batch, fresh, &column, &options, &out, NULL, NULL));
  CHECK(codes[0] == JOT_ACCEPTED && codes[1] == JOT_TOKEN_SEGMENTS);
  OK(jot_verifier_replace_keys(verifier, text(ISSUER), set, NULL));
  OK(jot_verifier_verify(verifier, jot_text_view(tokens[0]), NOW, scratch, NULL));
  jot_batch_free(batch);
  jot_verifier_free(fresh);
  jot_key_set_free(set);
  return checks_failed != 0;
}

static void finish(void) {
  jot_verifier_free(verifier);
  for (int i = 0; i < 2; i++) jot_text_free(tokens[i]), jot_signer_free(signers[i]);
}

/* A batch's threads do not come along; the child can still free it. */
static void batches_of_the_parent_can_be_freed(void) {
  jot_batch *batch = NULL;
  OK(jot_batch_new(2, &batch, NULL));
  fflush(NULL);
  pid_t pid = fork();
  if (pid == 0) {
    jot_batch_free(batch);
    _exit(checks_failed != 0);
  }
  int status = -1;
  CHECK(pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
  jot_batch_free(batch);
}

static void forks_work_on_both_sides(void) {
  jot_scratch *scratch = jot_scratch_new();
  for (int turn = 0; turn < 3; turn++) {
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
      int failed = child(scratch);
      jot_scratch_free(scratch);
      finish();
      _exit(failed);
    }
    int status = -1;
    CHECK(pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    CHECK(child(scratch) == 0);
  }
  jot_scratch_free(scratch);
}

int main(void) {
  for (int i = 0; i < 2; i++) {
    signers[i] = signer_of(JOT_HS256, "k");
    tokens[i] = jot_text_new();
    sign(signers[i], i == 0 ? "{\"iss\":\"" ISSUER "\",\"exp\":1800000100,\"sub\":\"a\"}"
                            : "{\"iss\":\"" ISSUER "\",\"exp\":1800000100,\"sub\":\"b\"}",
         tokens[i]);
  }
  jot_key_set *set = keys_of(signers[0]);
  verifier = verifier_of(policy_of(JOT_HS256), set, 1000);
  jot_key_set_free(set);
  forks_work_on_both_sides();
  /* What the child must leave alone looks to valgrind like a leak. */
  if (getenv("JOT_SLOW") == NULL) batches_of_the_parent_can_be_freed();
  keys_are_swapped_under_load();
  forks_work_on_both_sides();
  finish();
  return checked("threads");
}
