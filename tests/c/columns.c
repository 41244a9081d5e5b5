/* The layouts of the columns that batches take. */
#include <stddef.h>
#include <stdlib.h>

#include "rows.h"

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

int main(void) {
  jot_signer *signer = signer_of(JOT_HS256, "k");
  for (size_t i = 0; i < 3; i++) tokens[i] = jot_text_new();
  fill(signer);
  jot_key_set *set = keys_of(signer);
  jot_verifier *verifier = verifier_of(policy_of(JOT_HS256), set, 100);
  size_t offsets[] = {0, 1, 7, 8, 13, 299, 300};
  for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
    arrow_is_verified(verifier, offsets[i], ROWS - offsets[i], 1);
    arrow_is_verified(verifier, offsets[i], (ROWS - offsets[i]) / 2, 1);
    arrow_is_verified(verifier, offsets[i], ROWS - offsets[i], 0);
  }
  views_and_words_are_verified(verifier);
  jot_verifier_free(verifier);
  jot_key_set_free(set);
  for (size_t i = 0; i < 3; i++) jot_text_free(tokens[i]);
  jot_signer_free(signer);
  return checked("columns");
}
