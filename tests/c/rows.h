/* A column of tokens and what becomes of them, for the tests of batches. */
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
