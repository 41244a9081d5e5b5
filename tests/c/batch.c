/* Batches: layouts, instants, threads, progress, claims. */
#include <stddef.h>
#include <stdlib.h>

#include "check.h"

#define ROWS 300

static jot_text *tokens[3];
static jot_slice rows[ROWS];
static uint32_t wanted[ROWS];

/* Accepted, expired, null, garbage, empty; in that turn. */
static void fill(jot_signer *signer) {
  sign(signer, "{\"iss\":\"" ISSUER "\",\"exp\":1800000100,\"nbf\":5,\"iat\":1700000000,\"sub\":\"alice\","
               "\"jti\":\"j\\u00e9\"}", tokens[0]);
  sign(signer, "{\"iss\":\"" ISSUER "\",\"exp\":1799999999,\"sub\":\"\"}", tokens[1]);
  for (size_t row = 0; row < ROWS; row++) {
    switch (row % 5) {
      case 0: rows[row] = jot_text_view(tokens[0]), wanted[row] = JOT_ACCEPTED; break;
      case 1: rows[row] = jot_text_view(tokens[1]), wanted[row] = JOT_EXPIRED; break;
      case 2: rows[row] = ABSENT, wanted[row] = JOT_TOKEN_NULL; break;
      case 3: rows[row] = text("gar.bage"), wanted[row] = JOT_TOKEN_SEGMENTS; break;
      default: rows[row] = text(""), wanted[row] = JOT_TOKEN_EMPTY; break;
    }
  }
}

static uint32_t codes[ROWS];

static void as_wanted(size_t first, size_t count) {
  size_t wrong = 0;
  for (size_t row = 0; row < count; row++) wrong += codes[row] != wanted[first + row];
  CHECK(wrong == 0);
}

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
    CHECK(times[0] == 1 && times[1] == 0 && times[2] == JOT_TIME_UNKNOWN && times[3] == JOT_TIME_UNKNOWN);
    CHECK(late[0] == 0 && late[1] == NOW - 1799999999 && late[6] == late[1] && late[2] == 0);
    CHECK(exp[0] == 1800000100 && nbf[5] == 5 && iat[0] == 1700000000 && exp[3] == 0 && issuers[2] == JOT_NONE);
  }
  /* Each row at its own instant. */
  static int64_t as_of[ROWS];
  for (size_t row = 0; row < ROWS; row++) as_of[row] = row % 5 == 1 ? 1799999998 : 1800000100;
  options.as_of = as_of;
  OK(jot_batch_verify(batch, verifier, &column, &options, &out, NULL, NULL));
  CHECK(codes[0] == JOT_EXPIRED && codes[1] == JOT_ACCEPTED && codes[2] == JOT_TOKEN_NULL);
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

static void arrow_is_verified(jot_verifier *verifier, size_t offset, size_t count, int with_validity) {
  size_t bytes = 0;
  for (size_t row = 0; row < ROWS; row++) bytes += rows[row].len;
  uint8_t *data = malloc(bytes);
  int32_t *narrow = malloc((ROWS + 1) * sizeof *narrow);
  int64_t *wide = malloc((ROWS + 1) * sizeof *wide);
  uint8_t *validity = calloc((ROWS + 7) / 8, 1);
  size_t end = 0;
  narrow[0] = 0, wide[0] = 0;
  for (size_t row = 0; row < ROWS; row++) {
    if (rows[row].len != 0) memcpy(data + end, rows[row].ptr, rows[row].len);
    end += rows[row].len;
    narrow[row + 1] = (int32_t)end, wide[row + 1] = (int64_t)end;
    if (rows[row].ptr != NULL) validity[row / 8] |= (uint8_t)(1u << row % 8);
  }
  jot_batch *batch = NULL;
  OK(jot_batch_new(1, &batch, NULL));
  jot_error error = {.size = sizeof error};
  for (uint32_t layout = JOT_ARROW32; layout <= JOT_ARROW64; layout++) {
    jot_tokens column = {.size = sizeof column, .layout = layout, .rows = count, .offset = offset,
                         .data = {data, bytes}, .validity = with_validity ? validity : NULL,
                         .offsets = layout == JOT_ARROW32 ? (void *)narrow : (void *)wide};
    jot_batch_options options = {.size = sizeof options, .now = NOW};
    jot_columns out = {.size = sizeof out, .codes = codes};
    memset(codes, 0xff, sizeof codes);
    OK(jot_batch_verify(batch, verifier, &column, &options, &out, NULL, &error));
    if (with_validity) as_wanted(offset, count);
    else CHECK(count < 3 || codes[(2 + 5 - offset % 5) % 5] == JOT_TOKEN_EMPTY);
    /* The data are shorter than the offsets say. */
    column.data.len = bytes / 2;
    if (offset + count == ROWS && count != 0) {
      CHECK_CODE(jot_batch_verify(batch, verifier, &column, &options, &out, NULL, &error), JOT_BATCH_INVALID);
      CHECK(strcmp(error.name, "offsets") == 0);
    }
    size_t absurd[] = {SIZE_MAX, SIZE_MAX / 16, (size_t)UINT32_MAX + 1};
    for (size_t i = 0; i < sizeof absurd / sizeof *absurd; i++) {
      column.rows = absurd[i];
      CHECK_CODE(jot_batch_verify(batch, verifier, &column, &options, &out, NULL, &error), JOT_BATCH_INVALID);
    }
    /* No rows need no buffers. */
    uint32_t odd = count == 0 ? JOT_ACCEPTED : JOT_ARGUMENT_SIZE;
    column.offset = SIZE_MAX;
    column.rows = count;
    CHECK_CODE(jot_batch_verify(batch, verifier, &column, &options, &out, NULL, &error), odd);
    column.offset = offset;
    column.offsets = (const char *)column.offsets + 1;
    odd = count == 0 ? JOT_ACCEPTED : JOT_ARGUMENT_MISALIGNED;
    CHECK_CODE(jot_batch_verify(batch, verifier, &column, &options, &out, NULL, &error), odd);
  }
  jot_batch_free(batch);
  free(data), free(narrow), free(wide), free(validity);
}

/* A copy that ends where its memory does, so that a look past it is seen. */
static void *exactly(const void *bytes, size_t length) {
  void *copy = malloc(length + (length == 0));
  if (length != 0) memcpy(copy, bytes, length);
  return copy;
}

/* Gives every shorter length than the column needs, and then that. */
static void shorter_is_refused(jot_verifier *verifier, jot_tokens column, const char *buffer, size_t needed) {
  int validity = strcmp(buffer, "validity") == 0;
  const void *whole = validity ? (const void *)column.validity : column.offsets;
  jot_batch *batch = NULL;
  OK(jot_batch_new(1, &batch, NULL));
  jot_batch_options options = {.size = sizeof options, .now = NOW};
  jot_columns out = {.size = sizeof out, .codes = codes};
  jot_error error = {.size = sizeof error};
  for (size_t length = 0; length <= needed; length++) {
    void *copy = exactly(whole, length);
    if (validity) column.validity = copy, column.validity_bytes = length;
    else column.offsets = copy, column.offsets_bytes = length;
    uint32_t expected = length < needed ? JOT_BATCH_INVALID : JOT_ACCEPTED;
    CHECK_CODE(jot_batch_verify(batch, verifier, &column, &options, &out, NULL, &error), expected);
    if (length < needed) CHECK(strcmp(error.name, buffer) == 0);
    free(copy);
  }
  jot_batch_free(batch);
}

static void code_is(jot_verifier *verifier, jot_tokens column, uint32_t code, const char *name) {
  jot_batch *batch = NULL;
  OK(jot_batch_new(1, &batch, NULL));
  jot_batch_options options = {.size = sizeof options, .now = NOW};
  jot_columns out = {.size = sizeof out, .codes = codes};
  jot_error error = {.size = sizeof error};
  CHECK_CODE(jot_batch_verify(batch, verifier, &column, &options, &out, NULL, &error), code);
  if (code != JOT_ACCEPTED) CHECK(strcmp(error.name, name) == 0);
  jot_batch_free(batch);
}

static void views_and_words_are_verified(jot_verifier *verifier) {
  jot_slice sound = jot_text_view(tokens[0]), late = jot_text_view(tokens[1]);
  uint8_t bits[] = {0x7b, 0xff};
  int64_t ends[] = {0, 0, (int64_t)sound.len, (int64_t)sound.len};
  jot_tokens wide = {.size = sizeof wide, .layout = JOT_ARROW64, .flags = JOT_BOUNDED, .rows = 2, .offset = 1,
                     .data = sound, .offsets = ends, .offsets_bytes = sizeof ends, .validity = bits,
                     .validity_bytes = sizeof bits};
  shorter_is_refused(verifier, wide, "offsets", sizeof ends);
  shorter_is_refused(verifier, wide, "validity", 1);
  wide.rows = 8;
  code_is(verifier, wide, JOT_BATCH_INVALID, "offsets");

  /* Length, first bytes, buffer, place. */
  struct view { int32_t length; char text[4]; int32_t buffer, place; } views[] = {
    {-9, "null", -9, -9}, {(int32_t)late.len, "", 1, 0}, {3, "a.b", 7, 7}, {(int32_t)sound.len, "", 0, 0}};
  jot_slice buffers[] = {{exactly(sound.ptr, sound.len), sound.len}, {exactly(late.ptr, late.len), late.len}};
  jot_tokens column = {.size = sizeof column, .layout = JOT_ARROW_VIEWS, .flags = JOT_BOUNDED, .rows = 2,
                       .offset = 2, .offsets = views, .offsets_bytes = sizeof views, .validity = bits,
                       .validity_bytes = sizeof bits, .buffers = buffers, .buffer_count = 2};
  code_is(verifier, column, JOT_ACCEPTED, NULL);
  CHECK(codes[0] == JOT_TOKEN_NULL && codes[1] == JOT_ACCEPTED);
  shorter_is_refused(verifier, column, "views", sizeof views);
  shorter_is_refused(verifier, column, "validity", 1);
  column.rows = 3, column.offset = 1, column.validity = NULL;
  code_is(verifier, column, JOT_ACCEPTED, NULL);
  CHECK(codes[0] == JOT_EXPIRED && codes[1] == JOT_TOKEN_SEGMENTS && codes[2] == JOT_ACCEPTED);
  jot_tokens words = column;
  column.buffer_count = 1;
  code_is(verifier, column, JOT_BATCH_INVALID, "views");
  column.buffers = NULL, column.buffer_count = 2;
  code_is(verifier, column, JOT_ARGUMENT_NULL, "buffers");
  column.buffers = buffers;
  int32_t wrong[][3] = {{-1, 1, 0}, {INT32_MIN, 1, 0}, {INT32_MAX, 1, 0}, {13, 2, 0}, {13, -1, 0}, {13, 0, -1},
                        {13, 0, INT32_MAX}, {(int32_t)late.len, 1, 1}, {(int32_t)late.len + 1, 1, 0}};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    views[1].length = wrong[i][0], views[1].buffer = wrong[i][1], views[1].place = wrong[i][2];
    code_is(verifier, column, JOT_BATCH_INVALID, "views");
  }
  views[1].length = (int32_t)late.len, views[1].buffer = 1, views[1].place = 0;

  int16_t indices[] = {9, 2, 2, 0, -1};
  jot_tokens found = {.size = sizeof found, .layout = JOT_ARROW_DICTIONARY, .flags = JOT_BOUNDED, .rows = 3,
                      .offset = 1, .offsets = indices, .offsets_bytes = sizeof indices, .dictionary = &words,
                      .index_bytes = 2};
  code_is(verifier, found, JOT_ACCEPTED, NULL);
  CHECK(codes[0] == JOT_ACCEPTED && codes[1] == JOT_ACCEPTED && codes[2] == JOT_EXPIRED);
  shorter_is_refused(verifier, found, "indices", 4 * sizeof *indices);
  found.validity = bits, found.validity_bytes = 1;
  code_is(verifier, found, JOT_ACCEPTED, NULL);
  CHECK(codes[0] == JOT_ACCEPTED && codes[1] == JOT_TOKEN_NULL && codes[2] == JOT_EXPIRED);
  shorter_is_refused(verifier, found, "validity", 1);
  found.validity = NULL;
  int16_t missing[] = {-1, 3, INT16_MIN, INT16_MAX};
  for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
    indices[2] = missing[i];
    code_is(verifier, found, JOT_BATCH_INVALID, "indices");
    found.flags |= JOT_UNSIGNED_INDICES;
    code_is(verifier, found, JOT_BATCH_INVALID, "indices");
    found.flags = JOT_BOUNDED;
  }
  indices[2] = 2;
  found.index_bytes = 3;
  code_is(verifier, found, JOT_ARGUMENT_VALUE, "index_bytes");
  found.index_bytes = 2, found.flags = 4;
  code_is(verifier, found, JOT_ARGUMENT_VALUE, "flags");
  found.flags = JOT_BOUNDED, found.dictionary = NULL;
  code_is(verifier, found, JOT_ARGUMENT_NULL, "dictionary");
  /* Dictionaries in each other, and one in itself. */
  uint8_t first[] = {0};
  jot_tokens nested[6];
  for (size_t depth = 0; depth < 6; depth++) {
    nested[depth] = (jot_tokens){.size = sizeof *nested, .layout = JOT_ARROW_DICTIONARY, .rows = 1,
                                 .offsets = first, .index_bytes = 1,
                                 .dictionary = depth == 0 ? &words : &nested[depth - 1]};
    code_is(verifier, nested[depth], depth < 4 ? JOT_ACCEPTED : JOT_ARGUMENT_VALUE, "dictionary");
  }
  nested[0].dictionary = &nested[0];
  code_is(verifier, nested[0], JOT_ARGUMENT_VALUE, "dictionary");

  /* Of a program that was built before the struct grew; what lies behind is not read. */
  jot_tokens old = {.size = offsetof(jot_tokens, offsets_bytes), .layout = JOT_ARROW64, .rows = 2, .offset = 1,
                    .data = sound, .offsets = ends, .dictionary = (jot_tokens *)1, .buffers = (jot_slice *)1};
  code_is(verifier, old, JOT_ACCEPTED, NULL);
  free((void *)buffers[0].ptr), free((void *)buffers[1].ptr);
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
  size_t offsets[] = {0, 1, 7, 8, 13, 299, 300};
  for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
    arrow_is_verified(verifier, offsets[i], ROWS - offsets[i], 1);
    arrow_is_verified(verifier, offsets[i], (ROWS - offsets[i]) / 2, 1);
    arrow_is_verified(verifier, offsets[i], ROWS - offsets[i], 0);
  }
  views_and_words_are_verified(verifier);
  progress_cancels(verifier);
  jot_verifier_free(verifier);
  jot_key_set_free(set);
  for (size_t i = 0; i < 3; i++) jot_text_free(tokens[i]);
  jot_signer_free(signer);
  return checked("batch");
}
