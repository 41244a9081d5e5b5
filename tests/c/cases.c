/* Runs the cases that tests/c_cases.rs wrote: a word and its arguments on each
 * line, texts in hexadecimal behind `=`. */
#include <stdlib.h>

#include "check.h"

#define MOST 16

struct line {
  char *word;
  size_t count;
  char *words[MOST];   /* numbers */
  jot_slice texts[MOST]; /* texts, decoded in place */
};

static int digit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

static void split(char *chars, struct line *line) {
  line->count = 0;
  line->word = strtok(chars, " \n");
  for (char *word; line->count < MOST && (word = strtok(NULL, " \n")) != NULL; line->count++) {
    line->words[line->count] = word;
    line->texts[line->count] = ABSENT;
    if (*word != '=') continue;
    uint8_t *bytes = (uint8_t *)word;
    size_t length = 0;
    for (char *from = word + 1; from[0] != 0; from += 2)
      bytes[length++] = (uint8_t)(digit(from[0]) << 4 | digit(from[1]));
    line->texts[line->count].ptr = bytes;
    line->texts[line->count].len = length;
  }
}

/* A case in the making. `code` is the first refusal. */
static struct {
  char *id;
  uint32_t algs[32];
  size_t alg_count;
  jot_policy *policy;
  jot_verifier_builder *builder;
  jot_verifier *verifier;
  jot_key_set *set;
  jot_status_list *lists[4];
  size_t list_count;
  jot_key_options options;
  size_t token_bytes, header_bytes;
  uint8_t *token, *detached;
  size_t token_len, detached_len;
  char kid[8];
  int64_t now;
  uint32_t code;
} now_run;

static uint8_t *keep(jot_slice view) {
  uint8_t *copy = malloc(view.len + 1);
  if (view.len != 0) memcpy(copy, view.ptr, view.len);
  return copy;
}

static void forget(void) {
  for (size_t i = 0; i < now_run.list_count; i++) jot_status_list_free(now_run.lists[i]);
  jot_verifier_free(now_run.verifier);
  jot_verifier_builder_free(now_run.builder);
  jot_policy_free(now_run.policy);
  jot_key_set_free(now_run.set);
  free(now_run.token);
  free(now_run.detached);
  free(now_run.id);
  memset(&now_run, 0, sizeof now_run);
  now_run.options.size = sizeof now_run.options;
}

static void settle(uint32_t code) {
  if (now_run.code == JOT_ACCEPTED) now_run.code = code;
}

static jot_verifier_builder *builder(void) {
  if (now_run.builder == NULL) settle(jot_verifier_builder_new(now_run.policy, &now_run.builder, NULL));
  return now_run.builder;
}

static void trust(jot_slice issuer) {
  if (now_run.code != JOT_ACCEPTED) return;
  settle(issuer.ptr == NULL ? jot_verifier_builder_keys(builder(), now_run.set)
                            : jot_verifier_builder_issuer(builder(), issuer, now_run.set));
  jot_key_set_free(now_run.set);
  now_run.set = NULL;
}

static void add(const char *word, jot_slice key) {
  if (now_run.set == NULL) now_run.set = jot_key_set_new();
  uint32_t code = !strcmp(word, "jwks")  ? jot_key_set_add_jwks(now_run.set, key, &now_run.options, NULL)
                  : !strcmp(word, "jwk") ? jot_key_set_add_jwk(now_run.set, key, &now_run.options, NULL)
                  : !strcmp(word, "pem") ? jot_key_set_add_pem(now_run.set, key, &now_run.options, NULL)
                                         : jot_key_set_add_secret(now_run.set, key, &now_run.options, NULL);
  settle(code);
}

static int wrong;
static jot_batch *batch;

static void judge(const struct line *line, jot_scratch *scratch) {
  if (now_run.code == JOT_ACCEPTED && now_run.verifier == NULL)
    settle(jot_verifier_builder_build(builder(), &now_run.verifier, NULL));
  for (size_t i = 0; now_run.verifier != NULL && i < now_run.list_count; i++)
    OK(jot_verifier_put_status_list(now_run.verifier, now_run.lists[i]));
  int is_jws = strcmp(line->word, "jws") == 0;
  jot_verdict verdict = {.size = sizeof verdict}, again = {.size = sizeof again};
  jot_slice token = {now_run.token, now_run.token_len}, detached = {now_run.detached, now_run.detached_len};
  uint32_t code = now_run.code, flags = 0;
  jot_slice claim = ABSENT;
  if (code == JOT_ACCEPTED) {
    code = is_jws ? jot_verifier_verify_jws(now_run.verifier, token, ABSENT, detached, scratch, &verdict)
                  : jot_verifier_verify(now_run.verifier, token, now_run.now, scratch, &verdict);
    flags = verdict.flags, claim = verdict.fault_claim;
    CHECK(verdict.code == code);
    if (!(flags & JOT_SIGNATURE_OK)) CHECK(verdict.payload.ptr == NULL);
  }
  uint32_t wanted = (uint32_t)strtoul(line->words[0], NULL, 10);
  uint32_t held = line->words[1][0] == '1';
  int same = code == wanted && ((flags & JOT_SIGNATURE_OK) != 0) == held;
  if (!is_jws && line->texts[2].len != 0)
    same = same && claim.len == line->texts[2].len && memcmp(claim.ptr, line->texts[2].ptr, claim.len) == 0;
  if (!CHECK(same)) fprintf(stderr, "  %s: %u, not %u\n", now_run.id, code, wanted), wrong++;
  /* The other two ways to the same answer. */
  if (!is_jws && now_run.verifier != NULL) {
    CHECK_CODE(jot_verifier_check(now_run.verifier, token, now_run.now, scratch, &again), code);
    uint32_t codes[1] = {12345};
    jot_tokens column = {.size = sizeof column, .rows = 1, .slices = &token};
    jot_batch_options options = {.size = sizeof options, .now = now_run.now};
    jot_columns out = {.size = sizeof out, .codes = codes};
    OK(jot_batch_verify(batch, now_run.verifier, &column, &options, &out, NULL, NULL));
    CHECK(codes[0] == code);
  }
}

static int is(const struct line *line, const char *word) { return strcmp(line->word, word) == 0; }

static void set(const struct line *line) {
  jot_policy *policy = now_run.policy;
  jot_slice view = line->count > 0 ? line->texts[0] : ABSENT;
  const char *word = line->count > 0 ? line->words[0] : "";
  uint32_t number = (uint32_t)strtoul(word, NULL, 10);
  uint32_t code = JOT_ACCEPTED;
  if (is(line, "audiences")) code = jot_policy_audience(policy, view);
  else if (is(line, "required")) code = jot_policy_require(policy, view);
  else if (is(line, "scopes")) code = jot_policy_scope(policy, view);
  else if (is(line, "understand_critical")) code = jot_policy_understand_critical(policy, view);
  else if (is(line, "subject")) code = jot_policy_subject(policy, view);
  else if (is(line, "typs")) code = jot_policy_typ(policy, view);
  else if (is(line, "nonce")) code = jot_policy_nonce(policy, view);
  else if (is(line, "authorized_party")) code = jot_policy_authorized_party(policy, view);
  else if (is(line, "leeway")) code = jot_policy_leeway(policy, number);
  else if (is(line, "max_age")) code = jot_policy_max_age(policy, number);
  else if (is(line, "token_bytes")) code = jot_policy_limits(policy, number, 0);
  else if (is(line, "header_bytes")) code = jot_policy_limits(policy, 0, number);
  else if (is(line, "any_audience")) code = jot_policy_any_audience(policy);
  else if (is(line, "allow_missing_exp")) code = jot_policy_allow_missing_exp(policy);
  else if (is(line, "allow_future_iat")) code = jot_policy_allow_future_iat(policy);
  else if (is(line, "issuer_required")) code = jot_policy_issuer_required(policy);
  else if (is(line, "check_status")) code = jot_policy_check_status(policy);
  else if (is(line, "require_status")) code = jot_policy_require_status(policy);
  else if (is(line, "claims")) {
    jot_condition *condition = NULL;
    OK(jot_condition_parse(view, &condition, NULL));
    code = jot_policy_claim(policy, condition);
    jot_condition_free(condition);
  }
  else if (!CHECK(!"a word that is known")) fprintf(stderr, "  %s\n", line->word);
  settle(code);
}

static void obey(struct line *line, jot_scratch *scratch) {
  jot_slice view = line->count > 0 ? line->texts[0] : ABSENT;
  uint32_t alg = 0;
  if (is(line, "case")) {
    forget();
    now_run.id = (char *)keep(view);
    now_run.id[view.len] = 0;
  } else if (is(line, "alg")) {
    OK(jot_alg_parse(view, &now_run.algs[now_run.alg_count++]));
  } else if (is(line, "policy")) {
    settle(jot_policy_new(now_run.algs, now_run.alg_count, &now_run.policy, NULL));
  } else if (is(line, "access_token")) {
    settle(jot_policy_new_access_token(view, now_run.algs, now_run.alg_count, &now_run.policy, NULL));
  } else if (is(line, "id_token")) {
    settle(jot_policy_new_id_token(view, now_run.algs, now_run.alg_count, &now_run.policy, NULL));
  } else if (is(line, "weak")) {
    now_run.options.flags = JOT_ALLOW_WEAK_KEYS;
  } else if (is(line, "key_alg")) {
    OK(jot_alg_parse(view, &alg));
    now_run.options.alg = alg;
  } else if (is(line, "jwks") || is(line, "jwk") || is(line, "pem") || is(line, "secret")) {
    add(line->word, view);
  } else if (is(line, "anyone") || is(line, "issuer")) {
    trust(view);
  } else if (is(line, "status_list")) {
    OK(jot_status_list_from_claims(view, 1 << 10, &now_run.lists[now_run.list_count++], NULL));
  } else if (is(line, "status_list_not_yet")) {
    now_run.lists[now_run.list_count++] = jot_status_list_not_yet(view);
  } else if (is(line, "status_list_stale")) {
    now_run.lists[now_run.list_count++] = jot_status_list_stale(view);
  } else if (is(line, "now")) {
    now_run.now = strtoll(line->words[0], NULL, 10);
  } else if (is(line, "token")) {
    now_run.token = keep(view), now_run.token_len = view.len;
  } else if (is(line, "detached")) {
    now_run.detached = keep(view), now_run.detached_len = view.len;
  } else if (is(line, "verify") || is(line, "jws")) {
    judge(line, scratch);
  } else {
    set(line);
  }
}

int main(int argc, char **argv) {
  FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
  if (file == NULL) return fprintf(stderr, "cases: which file?\n"), 2;
  char *chars = NULL;
  size_t room = 0, length = 0, cases = 0, announced = 0;
  jot_scratch *scratch = jot_scratch_new();
  OK(jot_batch_new(1, &batch, NULL));
  /* Lines are as long as the longest token, so they are read byte by byte. */
  for (int c; (c = fgetc(file)) != EOF;) {
    if (length + 1 >= room) chars = realloc(chars, room = room * 2 + 4096);
    if (c != '\n') {
      chars[length++] = (char)c;
      continue;
    }
    chars[length] = 0;
    struct line line;
    split(chars, &line);
    length = 0;
    if (strcmp(line.word, "end") == 0) announced = strtoul(line.words[0], NULL, 10);
    else obey(&line, scratch);
    if (strcmp(line.word, "case") == 0) cases++;
  }
  CHECK(cases == announced && cases > 500);
  forget();
  jot_batch_free(batch);
  jot_scratch_free(scratch);
  free(chars);
  fclose(file);
  printf("cases: %zu cases, %d wrong\n", cases, wrong);
  return checked("cases");
}
