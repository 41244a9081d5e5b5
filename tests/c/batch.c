/* Batches: instants, threads, progress, claims. */
#include <stddef.h>

#include "rows.h"

static void slices_are_verified(jot_verifier *verifier, size_t threads) {
  jot_batch *batch = NULL;
  OK(jot_batch_new(threads, &batch, NULL));
  static uint8_t flags[ROWS];
  static uint32_t issuers[ROWS], keys[ROWS], firsts[ROWS];
  static int64_t exp[ROWS], nbf[ROWS], iat[ROWS];
  jot_tokens column = {.size = sizeof column, .layout = JOT_SLICES, .rows = ROWS, .slices = rows};
  jot_batch_options options = {.size = sizeof options, .now = NOW};
  static uint8_t states[ROWS], times[ROWS];
  static int64_t late[ROWS];
  jot_columns out = {sizeof out, codes, flags, issuers, keys, exp, nbf, iat, firsts, 0, 0, states, times, late};
  jot_batch_report report = {.size = sizeof report};
  for (int turn = 0; turn < 2; turn++) {
    memset(codes, 0xff, sizeof codes);
    OK(jot_batch_verify(batch, verifier, &column, &options, &out, &report, NULL));
    as_wanted(0, ROWS);
    CHECK(report.rows == ROWS && report.accepted == ROWS / 5 && report.distinct == 4 && !report.cancelled);
    CHECK((flags[0] & ~JOT_FROM_CACHE) == (JOT_SIGNATURE_OK | JOT_HAS_EXP | JOT_HAS_NBF | JOT_HAS_IAT));
    CHECK((flags[5] & JOT_REPEATED) && flags[2] == 0 && keys[0] == 0 && keys[3] == JOT_NONE);
    CHECK(firsts[0] == 0 && firsts[6] == 1 && firsts[7] == JOT_NONE && firsts[299] == 4);
    CHECK(states[0] == JOT_STATE_ACTIVE && states[1] == JOT_STATE_ACTIVE && states[2] == 0 && states[3] == 0);
    CHECK(times[0] == 1 && times[1] == 0 && times[2] == JOT_TIME_OK_UNKNOWN && times[3] == JOT_TIME_OK_UNKNOWN);
    CHECK(late[0] == 0 && late[1] == NOW - 1799999999 && late[6] == late[1] && late[2] == 0);
    CHECK(exp[0] == 1800000100 && nbf[5] == 5 && iat[0] == 1700000000 && exp[3] == 0 && issuers[2] == JOT_NONE);
  }
  /* Each row at its own instant. */
  static int64_t as_of[ROWS];
  for (size_t row = 0; row < ROWS; row++) as_of[row] = row % 5 == 1 ? 1799999998 : 1800000100;
  options.as_of = as_of;
  OK(jot_batch_verify(batch, verifier, &column, &options, &out, NULL, NULL));
  CHECK(codes[0] == JOT_EXPIRED && codes[1] == JOT_ACCEPTED && codes[2] == JOT_TOKEN_NULL);
  /* Some instants are unknown, whatever stands in their place. */
  static uint8_t known[ROWS];
  for (size_t row = 0; row < ROWS; row++) known[row] = row < 5 ? 0 : (uint8_t)row | 1;
  options.as_of_known = known;
  OK(jot_batch_verify(batch, verifier, &column, &options, &out, &report, NULL));
  CHECK(codes[0] == JOT_TIME_UNKNOWN && codes[1] == JOT_TIME_UNKNOWN && codes[2] == JOT_TOKEN_NULL);
  CHECK(codes[3] == JOT_TOKEN_SEGMENTS && codes[5] == JOT_EXPIRED && codes[6] == JOT_ACCEPTED);
  CHECK(times[0] == JOT_TIME_OK_UNKNOWN && times[1] == JOT_TIME_OK_UNKNOWN && times[5] == 0 && times[6] == 1);
  CHECK(late[0] == 0 && late[5] == 0 && exp[0] == 1800000100 && report.accepted == ROWS / 5 - 1);
  /* Of a program that was built before `as_of_known` was there, and without `as_of`. */
  options.size = offsetof(jot_batch_options, as_of_known);
  OK(jot_batch_verify(batch, verifier, &column, &options, &out, NULL, NULL));
  CHECK(codes[0] == JOT_EXPIRED && codes[1] == JOT_ACCEPTED);
  options.size = sizeof options, options.as_of = NULL;
  OK(jot_batch_verify(batch, verifier, &column, &options, &out, NULL, NULL));
  as_wanted(0, ROWS);
  options.as_of_known = NULL;
  /* Columns that nobody wants. */
  jot_columns few = {.size = sizeof few, .codes = codes};
  options.as_of = NULL;
  OK(jot_batch_verify(batch, verifier, &column, &options, &few, NULL, NULL));
  as_wanted(0, ROWS);
  /* Of programs that were built before the struct grew; what lies after it is not read. */
  size_t grown[] = {offsetof(jot_columns, key_state), offsetof(jot_columns, first_row)};
  few.key_state = few.time_ok = (uint8_t *)1, few.expired_by_seconds = (int64_t *)1;
  for (size_t i = 0; i < sizeof grown / sizeof *grown; i++) {
    few.size = grown[i];
    memset(codes, 0xff, sizeof codes);
    OK(jot_batch_verify(batch, verifier, &column, &options, &few, NULL, NULL));
    as_wanted(0, ROWS);
    few.size += 4;
    CHECK_CODE(jot_batch_verify(batch, verifier, &column, &options, &few, NULL, NULL), JOT_ARGUMENT_SIZE);
    few.first_row = (uint32_t *)1, few.claims = few.unverified = ~0u;
  }
  jot_batch_free(batch);
}

/* Whether a row of a column has this text; NULL for none. */
static int shows(const jot_text_column *column, size_t row, const char *wanted) {
  int64_t start = column->offsets[row], end = column->offsets[row + 1];
  int valid = column->validity[row / 8] >> row % 8 & 1;
  jot_slice found = {column->data.ptr + start, (size_t)(end - start)};
  return wanted == NULL ? !valid && start == end : valid && is_text(found, wanted);
}

static void claims_are_kept(jot_verifier *verifier, size_t threads) {
  jot_batch *batch = NULL;
  OK(jot_batch_new(threads, &batch, NULL));
  jot_error error = {.size = sizeof error};
  jot_text_column subjects = {.size = sizeof subjects}, ids = {.size = sizeof ids};
  CHECK_CODE(jot_batch_claim(batch, JOT_CLAIM_SUBJECT, &subjects, &error), JOT_VALUE_MISSING);
  jot_tokens column = {.size = sizeof column, .layout = JOT_SLICES, .rows = ROWS, .slices = rows};
  jot_batch_options options = {.size = sizeof options, .now = NOW};
  static uint32_t firsts[ROWS];
  jot_columns out = {.size = sizeof out, .codes = codes, .first_row = firsts,
                     .claims = JOT_CLAIM_SUBJECT | JOT_CLAIM_JWT_ID};
  for (int turn = 0; turn < 2; turn++) {
    OK(jot_batch_verify(batch, verifier, &column, &options, &out, NULL, NULL));
    as_wanted(0, ROWS);
    OK(jot_batch_claim(batch, JOT_CLAIM_SUBJECT, &subjects, &error));
    OK(jot_batch_claim(batch, JOT_CLAIM_JWT_ID, &ids, NULL));
    CHECK(subjects.rows == ROWS && ids.rows == ROWS && firsts[6] == 1 && firsts[2] == JOT_NONE);
    size_t wrong = 0;
    for (size_t row = 0; row < ROWS; row++) {
      wrong += !shows(&subjects, row, row % 5 == 0 ? "alice" : row % 5 == 1 ? "" : NULL);
      wrong += !shows(&ids, row, row % 5 == 0 ? "j\303\251" : NULL);
    }
    CHECK(wrong == 0 && subjects.data.len == ROWS && subjects.offsets[ROWS] == ROWS);
    /* The first column still stands, and is not made anew. */
    jot_text_column again = {.size = sizeof again};
    OK(jot_batch_claim(batch, JOT_CLAIM_SUBJECT, &again, NULL));
    CHECK(again.data.ptr == subjects.data.ptr && again.offsets == subjects.offsets);
  }
  CHECK_CODE(jot_batch_claim(batch, JOT_CLAIM_ISSUER, &ids, &error), JOT_VALUE_MISSING);
  CHECK(strcmp(error.name, "claim") == 0);
  uint32_t strange[] = {0, 8, JOT_CLAIM_SUBJECT | JOT_CLAIM_JWT_ID};
  for (size_t i = 0; i < sizeof strange / sizeof *strange; i++)
    CHECK_CODE(jot_batch_claim(batch, strange[i], &ids, &error), JOT_ARGUMENT_VALUE);
  CHECK_CODE(jot_batch_claim(batch, JOT_CLAIM_SUBJECT, NULL, &error), JOT_ARGUMENT_NULL);
  CHECK_CODE(jot_batch_claim(NULL, JOT_CLAIM_SUBJECT, &ids, &error), JOT_ARGUMENT_NULL);
  /* No rows: no texts, but something to point at. */
  column.rows = 0;
  OK(jot_batch_verify(batch, verifier, &column, &options, &out, NULL, NULL));
  OK(jot_batch_claim(batch, JOT_CLAIM_SUBJECT, &subjects, NULL));
  CHECK(subjects.rows == 0 && subjects.offsets[0] == 0 && subjects.validity != NULL);
  /* The last call failed, and then it kept nothing. */
  out.claims = 8;
  CHECK_CODE(jot_batch_verify(batch, verifier, &column, &options, &out, NULL, &error), JOT_ARGUMENT_VALUE);
  CHECK(strcmp(error.name, "claims") == 0);
  CHECK_CODE(jot_batch_claim(batch, JOT_CLAIM_SUBJECT, &subjects, NULL), JOT_VALUE_MISSING);
  out.claims = 0;
  OK(jot_batch_verify(batch, verifier, &column, &options, &out, NULL, NULL));
  CHECK_CODE(jot_batch_claim(batch, JOT_CLAIM_SUBJECT, &subjects, NULL), JOT_VALUE_MISSING);
  jot_batch_free(batch);
}

static void header_names_are_kept(jot_verifier *verifier, size_t threads) {
  /* {"alg":"none","kid":"\u00e9"}; then a repeated member and an unused bit. */
  static const char *const made_up[] = {
    "eyJhbGciOiJub25lIiwia2lkIjoiXHUwMGU5In0.e30.", "eyJhbGciOiJub25lIiwiYWxnIjoiYSJ9.e30.",
    "eyJhbGciOiJub25lIiwia2lkIjoiXHUwMGU5In1.e30."};
  jot_slice given[] = {jot_text_view(tokens[0]), text(made_up[0]), text(made_up[1]), text(made_up[2]), ABSENT,
                       text(made_up[0])};
  const size_t count = sizeof given / sizeof *given;
  jot_batch *batch = NULL;
  OK(jot_batch_new(threads, &batch, NULL));
  jot_error error = {.size = sizeof error};
  jot_text_column algs = {.size = sizeof algs}, kids = {.size = sizeof kids};
  CHECK_CODE(jot_batch_unverified(batch, JOT_UNVERIFIED_ALG, &algs, &error), JOT_VALUE_MISSING);
  jot_tokens column = {.size = sizeof column, .layout = JOT_SLICES, .rows = count, .slices = given};
  jot_batch_options options = {.size = sizeof options, .now = NOW};
  jot_columns out = {.size = sizeof out, .codes = codes, .unverified = JOT_UNVERIFIED_ALG | JOT_UNVERIFIED_KID};
  OK(jot_batch_verify(batch, verifier, &column, &options, &out, NULL, NULL));
  CHECK(codes[0] == JOT_ACCEPTED && codes[1] == JOT_ALG_NONE && codes[2] == JOT_HEADER_REPEATED);
  CHECK(codes[3] == JOT_HEADER_ENCODING && codes[4] == JOT_TOKEN_NULL);
  OK(jot_batch_unverified(batch, JOT_UNVERIFIED_ALG, &algs, &error));
  OK(jot_batch_unverified(batch, JOT_UNVERIFIED_KID, &kids, NULL));
  const char *const alg[] = {"HS256", "none", NULL, NULL, NULL, "none"};
  const char *const kid[] = {"k", "\303\251", NULL, NULL, NULL, "\303\251"};
  for (size_t row = 0; row < count; row++) CHECK(shows(&algs, row, alg[row]) && shows(&kids, row, kid[row]));
  CHECK_CODE(jot_batch_claim(batch, JOT_CLAIM_SUBJECT, &kids, &error), JOT_VALUE_MISSING);
  uint32_t strange[] = {0, 4, JOT_UNVERIFIED_ALG | JOT_UNVERIFIED_KID};
  for (size_t i = 0; i < sizeof strange / sizeof *strange; i++)
    CHECK_CODE(jot_batch_unverified(batch, strange[i], &kids, &error), JOT_ARGUMENT_VALUE);
  CHECK(strcmp(error.name, "name") == 0);
  CHECK_CODE(jot_batch_unverified(batch, JOT_UNVERIFIED_ALG, NULL, &error), JOT_ARGUMENT_NULL);
  CHECK_CODE(jot_batch_unverified(NULL, JOT_UNVERIFIED_ALG, &kids, &error), JOT_ARGUMENT_NULL);
  /* One of them, beside a claim. */
  out.claims = JOT_CLAIM_SUBJECT, out.unverified = JOT_UNVERIFIED_KID;
  OK(jot_batch_verify(batch, verifier, &column, &options, &out, NULL, NULL));
  CHECK_CODE(jot_batch_unverified(batch, JOT_UNVERIFIED_ALG, &algs, &error), JOT_VALUE_MISSING);
  OK(jot_batch_unverified(batch, JOT_UNVERIFIED_KID, &kids, NULL));
  OK(jot_batch_claim(batch, JOT_CLAIM_SUBJECT, &algs, NULL));
  CHECK(shows(&kids, 1, kid[1]) && shows(&algs, 0, "alice") && shows(&algs, 1, NULL));
  out.unverified = 4;
  CHECK_CODE(jot_batch_verify(batch, verifier, &column, &options, &out, NULL, &error), JOT_ARGUMENT_VALUE);
  CHECK(strcmp(error.name, "unverified") == 0);
  jot_batch_free(batch);
}

/* Within the library its words are atomics. */
struct byte_and_watch {
  uint8_t byte;
  jot_watch watch;
};
typedef char watch_is_aligned[offsetof(struct byte_and_watch, watch) == 8 ? 1 : -1];

struct watch {
  jot_batch *batch;
  jot_verifier *verifier;
  size_t calls, done, total;
};

static int stop(void *user, size_t done, size_t total) {
  struct watch *watch = user;
  watch->calls++, watch->done = done, watch->total = total;
  /* A batch that is at work takes no other work. */
  jot_tokens column = {.size = sizeof column};
  jot_batch_options options = {.size = sizeof options};
  jot_columns out = {.size = sizeof out};
  CHECK_CODE(jot_batch_verify(watch->batch, watch->verifier, &column, &options, &out, NULL, NULL),
             JOT_HANDLE_BUSY);
  jot_text_column claim = {.size = sizeof claim};
  CHECK_CODE(jot_batch_claim(watch->batch, JOT_CLAIM_SUBJECT, &claim, NULL), JOT_HANDLE_BUSY);
  return 1;
}

static void progress_cancels(jot_verifier *verifier) {
  static char distinct[ROWS][8];
  static jot_slice many[ROWS];
  for (size_t row = 0; row < ROWS; row++) {
    snprintf(distinct[row], sizeof distinct[row], "%zu", row);
    many[row] = text(distinct[row]);
  }
  struct watch watch = {.verifier = verifier};
  OK(jot_batch_new(1, &watch.batch, NULL));
  jot_tokens column = {.size = sizeof column, .rows = ROWS, .slices = many};
  jot_batch_options options = {.size = sizeof options, .now = NOW, .progress = stop, .user = &watch};
  jot_columns out = {.size = sizeof out, .codes = codes};
  jot_batch_report report = {.size = sizeof report};
  OK(jot_batch_verify(watch.batch, verifier, &column, &options, &out, &report, NULL));
  CHECK(report.cancelled == 1 && watch.calls == 1 && watch.done == 64 && watch.total == ROWS);
  CHECK(codes[0] == JOT_TOKEN_SEGMENTS && codes[63] == JOT_TOKEN_SEGMENTS && codes[64] == JOT_BATCH_CANCELLED);
  jot_batch_free(watch.batch);
}

int main(void) {
  jot_signer *signer = signer_of(JOT_HS256, "k");
  for (size_t i = 0; i < 3; i++) tokens[i] = jot_text_new();
  fill(signer);
  jot_key_set *set = keys_of(signer);
  jot_verifier *verifier = verifier_of(policy_of(JOT_HS256), set, 100);
  slices_are_verified(verifier, 1);
  slices_are_verified(verifier, 2);
  claims_are_kept(verifier, 1);
  claims_are_kept(verifier, 2);
  header_names_are_kept(verifier, 1);
  header_names_are_kept(verifier, 2);
  progress_cancels(verifier);
  jot_verifier_free(verifier);
  jot_key_set_free(set);
  for (size_t i = 0; i < 3; i++) jot_text_free(tokens[i]);
  jot_signer_free(signer);
  return checked("batch");
}
