/* Claims, headers, and conditions on them. */
#include "check.h"

static void claims_are_read(jot_verifier *verifier, jot_slice token, jot_scratch *scratch) {
  jot_slice view = ABSENT;
  jot_value value, other;
  int64_t integer = 0;
  double number = 0;
  uint32_t boolean = 9;
  OK(jot_verifier_verify(verifier, token, NOW, scratch, NULL));
  OK(jot_claims_text(scratch, text("sub"), &view));
  CHECK(is_text(view, "alice"));
  OK(jot_claims_integer(scratch, text("n"), &integer));
  OK(jot_claims_number(scratch, text("x"), &number));
  OK(jot_claims_boolean(scratch, text("b"), &boolean));
  CHECK(integer == -7 && number == 1.5 && boolean == 1);
  OK(jot_claims_date(scratch, text("iat"), &integer));
  CHECK(integer == 1799999990);
  CHECK_CODE(jot_claims_integer(scratch, text("iat"), &integer), JOT_VALUE_TYPE);
  CHECK_CODE(jot_claims_text(scratch, text("n"), &view), JOT_VALUE_TYPE);
  CHECK_CODE(jot_claims_text(scratch, text("nope"), &view), JOT_VALUE_MISSING);
  CHECK(is_text(view, "alice"));

  jot_slice path[] = {text("realm"), text("roles")};
  OK(jot_claims_path(scratch, path, 2, &value));
  CHECK(value.kind == JOT_ARRAY && is_text(value.text, "[\"reader\",\"writer\"]"));
  const char *roles[] = {"reader", "writer"};
  uint32_t at = 0;
  size_t count = 0;
  for (; jot_value_next(scratch, &value, &at, &view, &other) == 0; count++)
    CHECK(count < 2 && other.kind == JOT_STRING && is_text(other.text, roles[count]) && view.ptr == NULL);
  CHECK(count == 2);
  CHECK_CODE(jot_value_next(scratch, &value, &at, &view, &other), JOT_VALUE_MISSING);
  CHECK_CODE(jot_value_next(scratch, &other, &at, &view, &value), JOT_VALUE_TYPE);

  OK(jot_claims_path(scratch, NULL, 0, &value));
  CHECK(value.kind == JOT_OBJECT && is_text(value.text, GOOD));
  const char *names[] = {"iss", "aud", "sub", "exp", "iat", "n", "x", "b", "z", "realm"};
  for (at = 0, count = 0; jot_value_next(scratch, &value, &at, &view, &other) == 0; count++)
    CHECK(count < 10 && is_text(view, names[count]));
  CHECK(count == 10);
  OK(jot_value_member(scratch, &value, text("realm"), &other));
  OK(jot_value_member(scratch, &other, text("id"), &other));
  OK(jot_value_integer(&other, &integer));
  OK(jot_value_number(&other, &number));
  CHECK(integer == 42 && number == 42);
  CHECK_CODE(jot_value_boolean(&other, &boolean), JOT_VALUE_TYPE);
  CHECK_CODE(jot_value_member(scratch, &other, text("id"), &value), JOT_VALUE_TYPE);
  OK(jot_claims_get(scratch, text("b"), &other));
  OK(jot_value_boolean(&other, &boolean));
  CHECK(boolean == 1 && is_text(other.text, "true"));
  OK(jot_claims_get(scratch, text("z"), &other));
  CHECK(other.kind == JOT_NULL && is_text(other.text, "null"));

  OK(jot_header_get(scratch, text("alg"), &other));
  CHECK(is_text(other.text, "HS256"));
  OK(jot_header_path(scratch, NULL, 0, &other));
  OK(jot_value_member(scratch, &other, text("typ"), &value));
  CHECK(is_text(value.text, "JWT"));
  CHECK_CODE(jot_header_get(scratch, text("x5c"), &value), JOT_VALUE_MISSING);

  /* What was read of a token is gone with the next one. */
  CHECK_CODE(jot_verifier_verify(verifier, text("x"), NOW, scratch, NULL), JOT_TOKEN_SEGMENTS);
  CHECK_CODE(jot_value_member(scratch, &other, text("typ"), &value), JOT_VALUE_STALE);
  CHECK_CODE(jot_claims_text(scratch, text("sub"), &view), JOT_VALUE_MISSING);
  CHECK_CODE(jot_header_get(scratch, text("alg"), &value), JOT_VALUE_MISSING);
  jot_scratch *stranger = jot_scratch_new();
  OK(jot_verifier_verify(verifier, token, NOW, scratch, NULL));
  OK(jot_verifier_verify(verifier, token, NOW, stranger, NULL));
  OK(jot_claims_path(scratch, NULL, 0, &value));
  CHECK_CODE(jot_value_member(stranger, &value, text("sub"), &other), JOT_VALUE_STALE);
  jot_scratch_free(stranger);
}

static void grants_are_asked_for(jot_scratch *scratch) {
  jot_signer *signer = signer_of(JOT_HS256, "k1");
  jot_text *token = jot_text_new();
  jot_key_set *keys = keys_of(signer);
  jot_verifier *verifier = verifier_of(policy_of(JOT_HS256), keys, 0);
  sign(signer, "{\"iss\":\"" ISSUER "\",\"exp\":1800000100,\"scope\":\"read orders:write\",\"scp\":[\"x\"],"
               "\"realm\":{\"roles\":[\"reader\",\"writer\"]}}", token);
  jot_slice path[] = {text("realm"), text("roles")}, wrong[] = {text("realm"), text("\xff")};
  OK(jot_verifier_verify(verifier, jot_text_view(token), NOW, scratch, NULL));
  CHECK(jot_claims_has_scope(scratch, text("orders:write")) && jot_claims_has_scope(scratch, text("x")));
  CHECK(!jot_claims_has_scope(scratch, text("orders")) && !jot_claims_has_scope(scratch, ABSENT));
  CHECK(!jot_claims_has_scope(scratch, text("\xff")) && !jot_claims_has_scope(NULL, text("read")));
  jot_slice both[] = {text("orders:write"), text("x")}, more[] = {text("x"), text("y")}, bad[] = {text("y"), text("\xff")};
  OK(jot_claims_have_scopes(scratch, both, 2));
  OK(jot_claims_have_scopes(scratch, NULL, 0));
  CHECK_CODE(jot_claims_have_scopes(scratch, more, 2), JOT_SCOPE_INSUFFICIENT);
  CHECK_CODE(jot_claims_have_scopes(scratch, bad, 2), JOT_ARGUMENT_TEXT);
  CHECK_CODE(jot_claims_have_scopes(NULL, both, 2), JOT_ARGUMENT_NULL);
  CHECK(jot_claims_contains(scratch, path, 2, text("writer")));
  CHECK(!jot_claims_contains(scratch, path, 2, text("admin")) && !jot_claims_contains(scratch, path, 1, text("writer")));
  CHECK(!jot_claims_contains(scratch, wrong, 2, text("writer")) && !jot_claims_contains(scratch, NULL, 2, text("writer")));
  CHECK(!jot_claims_contains(scratch, path, 2, text("\xff")) && !jot_claims_contains(NULL, path, 2, text("writer")));
  /* Of a token that is not there nothing is granted. */
  CHECK_CODE(jot_verifier_verify(verifier, text("x"), NOW, scratch, NULL), JOT_TOKEN_SEGMENTS);
  CHECK(!jot_claims_has_scope(scratch, text("read")) && !jot_claims_contains(scratch, path, 2, text("writer")));
  jot_verifier_free(verifier);
  jot_key_set_free(keys);
  jot_text_free(token);
  jot_signer_free(signer);
}

static jot_condition *condition_of(const char *notation) {
  jot_condition *condition = NULL;
  OK(jot_condition_parse(text(notation), &condition, NULL));
  return condition;
}

static void demand(jot_policy *policy, const char *notation) {
  jot_condition *condition = condition_of(notation);
  OK(jot_policy_claim(policy, condition));
  /* The policy has a copy. */
  jot_condition_free(condition);
}

/* Of `sub`, `n` and `realm` in GOOD. */
static void conditions_are_asked_of_one_token(jot_verifier *verifier, jot_slice token, jot_scratch *scratch) {
  OK(jot_verifier_verify(verifier, token, NOW, scratch, NULL));
  const struct {
    const char *notation;
    uint32_t code;
  } cases[] = {{"n lt 0", JOT_ACCEPTED},
               {"n not lt 0", JOT_CLAIM_MISMATCH},
               {"/realm/roles contains writer", JOT_ACCEPTED},
               {"/realm/roles/0 equals reader", JOT_CLAIM_MISSING},
               {"nope not equals 1", JOT_CLAIM_MISSING}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    jot_condition *condition = condition_of(cases[i].notation);
    CHECK_CODE(jot_claims_meet(scratch, condition), cases[i].code);
    CHECK_CODE(jot_claims_meet(NULL, condition), JOT_ARGUMENT_NULL);
    jot_condition_free(condition);
  }
  CHECK_CODE(jot_claims_meet(scratch, NULL), JOT_ARGUMENT_NULL);

  /* Of words: a path, or the name as the first word; operands with and without types. */
  jot_slice path[] = {text("realm"), text("id")}, number[] = {text("equals"), text("42")};
  jot_slice named[] = {text("/realm/id"), text("not"), text("any_of"), text("4.2e1"), text("1")};
  jot_slice empty[] = {text("not"), text("equals"), text("")}, quoted[] = {text("equals"), text("\"42\"")};
  const struct {
    const jot_slice *path, *words;
    size_t depth, count;
    uint32_t flags, code;
  } made[] = {{path, number, 2, 2, 0, JOT_ACCEPTED},
              {path, number, 2, 2, JOT_CONDITION_TEXT, JOT_ACCEPTED},
              {NULL, named, 0, 5, 0, JOT_CLAIM_MISMATCH},
              {NULL, named, 0, 5, JOT_CONDITION_TEXT, JOT_ACCEPTED},
              {path, quoted, 2, 2, 0, JOT_CLAIM_MISMATCH},
              {path, empty, 2, 3, 0, JOT_ACCEPTED},
              {path, empty, 2, 3, JOT_CONDITION_TEXT, JOT_CLAIM_MISMATCH}};
  for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
    jot_condition *condition = NULL;
    OK(jot_condition_new(made[i].path, made[i].depth, made[i].words, made[i].count, made[i].flags, &condition, NULL));
    CHECK_CODE(jot_claims_meet(scratch, condition), made[i].code);
    jot_condition_free(condition);
  }
  CHECK_CODE(jot_verifier_verify(verifier, text("x"), NOW, scratch, NULL), JOT_TOKEN_SEGMENTS);
  jot_condition *present = condition_of("sub present");
  CHECK_CODE(jot_claims_meet(scratch, present), JOT_VALUE_MISSING);
  CHECK_CODE(jot_claims_have_scopes(scratch, NULL, 0), JOT_VALUE_MISSING);
  jot_condition_free(present);
  jot_condition_free(NULL);
}

static void conditions_that_cannot_be_made_are_explained(jot_key_set *keys) {
  jot_condition *condition = NULL;
  jot_error error = {.size = sizeof error};
  const struct {
    const char *notation, *name;
    uint32_t code, offset;
  } cases[] = {{"", "", JOT_CONDITION_NAME, JOT_NONE},
               {"tier is gold", "is", JOT_CONDITION_TEST, 5},
               {"tier equals", "equals", JOT_CONDITION_OPERANDS, 5},
               {"level ge high", "high", JOT_CONDITION_OPERAND, 9},
               {"tier equals \"gold", "\"gold", JOT_CONDITION_QUOTES, 12},
               {"sub regex a(b", "unclosed group", JOT_CONDITION_PATTERN, 1}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    CHECK_CODE(jot_condition_parse(text(cases[i].notation), &condition, &error), cases[i].code);
    CHECK(condition == NULL && error.code == cases[i].code && error.offset == cases[i].offset);
    CHECK(strcmp(error.name, cases[i].name) == 0);
  }
  jot_slice present = text("present"), x = text("x");
  CHECK_CODE(jot_condition_new(&x, 1, &present, 1, 2, &condition, NULL), JOT_ARGUMENT_VALUE);
  CHECK_CODE(jot_condition_new(NULL, 0, NULL, 0, 0, &condition, NULL), JOT_CONDITION_TEST);
  /* A policy that was handed none is spoiled. */
  jot_policy *policy = policy_of(JOT_HS256);
  jot_verifier_builder *builder = NULL;
  jot_verifier *verifier = NULL;
  CHECK_CODE(jot_policy_claim(policy, condition), JOT_ARGUMENT_NULL);
  uint32_t code = jot_verifier_builder_new(policy, &builder, NULL);
  if (code == JOT_ACCEPTED) code = jot_verifier_builder_keys(builder, keys);
  if (code == JOT_ACCEPTED) code = jot_verifier_builder_build(builder, &verifier, NULL);
  CHECK(code == JOT_ARGUMENT_NULL && verifier == NULL);
  jot_verifier_builder_free(builder);
  jot_policy_free(policy);
}

int main(void) {
  jot_signer *signer = signer_of(JOT_HS256, "k1");
  jot_text *token = jot_text_new();
  sign(signer, GOOD, token);
  jot_key_set *keys = keys_of(signer);
  jot_policy *policy = policy_of(JOT_HS256);
  OK(jot_policy_audience(policy, text("api")));
  const char *conditions[] = {"/realm/id equals 42", "x ge 1.5", "b equals true", "sub regex ali.+",
                              "aud contains other", "z not present"};
  for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) demand(policy, conditions[i]);
  jot_verifier *verifier = verifier_of(policy, keys, 0);
  jot_scratch *scratch = jot_scratch_new();
  claims_are_read(verifier, jot_text_view(token), scratch);
  grants_are_asked_for(scratch);
  conditions_are_asked_of_one_token(verifier, jot_text_view(token), scratch);
  conditions_that_cannot_be_made_are_explained(keys);
  jot_key_set_free(keys);
  jot_scratch_free(scratch);
  jot_verifier_free(verifier);
  jot_text_free(token);
  jot_signer_free(signer);
  return checked("claims");
}
