/* Tokens that come with their own key: DPoP proofs, alone and in batches. */
#include "check.h"

#define PROOF "{\"htm\":\"GET\",\"iat\":1799999990.5,\"jti\":\"1\"}"
#define ROWS 40

/* A proof and the thumbprint of its key. */
struct proof {
  jot_text *token, *jwk;
  char thumbprint[44];
};

/* Signs with a new key, which is in the header unless `apart` is set. */
static struct proof proof_of(uint32_t alg, int apart) {
  struct proof made = {.token = jot_text_new(), .jwk = jot_text_new()};
  jot_signer *signer = signer_of(alg, "k");
  jot_key_set *keys = keys_of(signer);
  jot_key_info info = {.size = sizeof info};
  OK(jot_key_set_key(keys, 0, &info));
  CHECK(info.thumbprint.len == 43);
  memcpy(made.thumbprint, info.thumbprint.ptr, 43);
  OK(jot_key_set_to_jwks(keys, made.jwk, NULL));
  /* {"keys":[…]} */
  jot_slice set = jot_text_view(made.jwk);
  char parameters[1000];
  int length = snprintf(parameters, sizeof parameters, "{\"jwk\":%.*s}", (int)set.len - 11, set.ptr + 9);
  CHECK(length > 0 && (size_t)length < sizeof parameters);
  jot_sign_header header = {.size = sizeof header, .typ = text("dpop+jwt")};
  if (!apart) header.parameters = text(parameters);
  OK(jot_signer_sign_payload(signer, &header, text(PROOF), JOT_ATTACHED, made.token, NULL));
  jot_key_set_free(keys);
  jot_signer_free(signer);
  return made;
}

/* The JWK beside the token. */
static jot_slice jwk_of(const struct proof *proof) {
  jot_slice set = jot_text_view(proof->jwk);
  return (jot_slice){set.ptr + 9, set.len - 11};
}

static void free_proof(struct proof proof) {
  jot_text_free(proof.token);
  jot_text_free(proof.jwk);
}

static jot_selfsigned_verifier *verifier_with(uint32_t backend) {
  jot_slice typ = text("dpop+jwt");
  jot_selfsigned_options options = {.size = sizeof options,
                                    .algs = 1u << JOT_ES256 | 1u << JOT_EDDSA,
                                    .typs = &typ,
                                    .typ_count = 1,
                                    .backend = backend};
  jot_selfsigned_verifier *verifier = NULL;
  OK(jot_selfsigned_verifier_new(&options, &verifier, NULL));
  return verifier;
}

static void good_proofs_are_never_accepted(void) {
  jot_selfsigned_verifier *verifier = verifier_with(JOT_BACKEND_AWS_LC);
  jot_scratch *scratch = jot_scratch_new();
  jot_selfsigned answer = {.size = sizeof answer};
  uint32_t algs[] = {JOT_ES256, JOT_EDDSA};
  for (size_t i = 0; i < 2; i++) {
    struct proof proof = proof_of(algs[i], 0);
    jot_slice token = jot_text_view(proof.token);
    CHECK_CODE(jot_selfsigned_verify(verifier, token, ABSENT, scratch, &answer), JOT_SELF_SIGNED);
    CHECK(answer.code == JOT_SELF_SIGNED && answer.code != JOT_ACCEPTED && answer.alg == algs[i]);
    CHECK(strcmp(answer.thumbprint, proof.thumbprint) == 0 && is_text(answer.payload, PROOF));
    CHECK(answer.flags == JOT_HAS_IAT && answer.issued_at == 1799999990 && answer.expires_at == 0);
    CHECK(answer.fault_offset == JOT_NONE && answer.fault_name[0] == 0);
    /* The key came twice. */
    CHECK_CODE(jot_selfsigned_verify(verifier, token, jwk_of(&proof), scratch, &answer), JOT_JWK_UNEXPECTED);
    CHECK(answer.code == JOT_JWK_UNEXPECTED && answer.payload.ptr == NULL && answer.thumbprint[0] == 0);
    free_proof(proof);
    /* The key comes from elsewhere. */
    proof = proof_of(algs[i], 1);
    token = jot_text_view(proof.token);
    CHECK_CODE(jot_selfsigned_verify(verifier, token, jwk_of(&proof), scratch, &answer), JOT_SELF_SIGNED);
    CHECK(strcmp(answer.thumbprint, proof.thumbprint) == 0);
    CHECK_CODE(jot_selfsigned_verify(verifier, token, ABSENT, scratch, &answer), JOT_JWK_MISSING);
    CHECK_CODE(jot_selfsigned_verify(verifier, token, text("{\"kty\":\"EC\"}"), scratch, &answer), JOT_KEY_MEMBER_MISSING);
    CHECK(strcmp(answer.fault_name, "crv") == 0 && answer.flags == 0 && answer.issued_at == 0);
    CHECK_CODE(jot_selfsigned_verify(verifier, token, text("{"), scratch, &answer), JOT_KEY_JSON);
    CHECK(answer.fault_offset == 1);
    free_proof(proof);
  }
  CHECK_CODE(jot_selfsigned_verify(verifier, text("a.b"), ABSENT, scratch, &answer), JOT_TOKEN_SEGMENTS);
  CHECK_CODE(jot_selfsigned_verify(verifier, ABSENT, ABSENT, scratch, &answer), JOT_TOKEN_EMPTY);
  CHECK_CODE(jot_selfsigned_verify(NULL, text("a.b"), ABSENT, scratch, &answer), JOT_ARGUMENT_NULL);
  CHECK(answer.code == JOT_ARGUMENT_NULL);
  CHECK(jot_code_http_status(JOT_SELF_SIGNED) == 401);
  jot_scratch_free(scratch);
  jot_selfsigned_verifier_free(verifier);
  jot_selfsigned_verifier_free(NULL);
}

static void rules_make_sense_or_are_refused(void) {
  jot_slice typs[] = {text("dpop+jwt"), text("")};
  jot_selfsigned_options options = {.size = sizeof options, .algs = 1u << JOT_ES256, .typs = typs, .typ_count = 1};
  jot_selfsigned_verifier *verifier = NULL;
  jot_error error = {.size = sizeof error};
#define REFUSED(wanted, what)                                                      \
  CHECK_CODE(jot_selfsigned_verifier_new(&options, &verifier, &error), (wanted)); \
  CHECK(verifier == NULL && strcmp(error.name, (what)) == 0)
  options.algs = 0;
  REFUSED(JOT_ALGORITHMS_EMPTY, "");
  options.algs = 1u << JOT_ES256 | 1u << JOT_HS256;
  REFUSED(JOT_POLICY_INVALID, "algorithms");
  options.algs = 1u << 31;
  REFUSED(JOT_ARGUMENT_VALUE, "algs");
  options.algs = 1u << JOT_ES256, options.typ_count = 0;
  REFUSED(JOT_POLICY_INVALID, "typ");
  options.typ_count = 2;
  REFUSED(JOT_POLICY_INVALID, "typ");
  options.typ_count = 1, options.flags = JOT_ANY_TYP;
  REFUSED(JOT_POLICY_INVALID, "any_typ");
  options.flags = 2;
  REFUSED(JOT_ARGUMENT_VALUE, "flags");
  options.flags = 0, options.backend = 4;
  REFUSED(JOT_ARGUMENT_VALUE, "backend");
  options.backend = 0, options.reserved = 1;
  REFUSED(JOT_ARGUMENT_VALUE, "reserved");
  options.reserved = 0, options.token_bytes = 2;
  OK(jot_selfsigned_verifier_new(&options, &verifier, NULL));
  jot_scratch *scratch = jot_scratch_new();
  jot_selfsigned answer = {.size = sizeof answer};
  CHECK_CODE(jot_selfsigned_verify(verifier, text("a.b"), ABSENT, scratch, &answer), JOT_TOKEN_TOO_LONG);
  jot_scratch_free(scratch);
  jot_selfsigned_verifier_free(verifier);
}

/* What a batch tells of each good row. */
struct told {
  char thumbprints[ROWS][48];
  int times[ROWS];
};

static void tell(void *user, size_t row, const jot_selfsigned *known) {
  struct told *told = user;
  CHECK(row < ROWS && known->code == JOT_SELF_SIGNED && is_text(known->payload, PROOF));
  memcpy(told->thumbprints[row], known->thumbprint, sizeof known->thumbprint);
  told->times[row]++;
}

static void batches_answer_as_single_calls_do(uint32_t backend) {
  jot_selfsigned_verifier *verifier = verifier_with(backend);
  jot_batch *batch = NULL;
  OK(jot_batch_new(1, &batch, NULL));
  struct proof proofs[ROWS];
  jot_slice rows[ROWS], keys[ROWS];
  for (int apart = 0; apart < 2; apart++) {
    for (size_t row = 0; row < ROWS; row++) {
      proofs[row] = proof_of(row % 3 == 0 ? JOT_EDDSA : JOT_ES256, apart);
      rows[row] = jot_text_view(proofs[row].token);
      keys[row] = jwk_of(&proofs[row]);
    }
    rows[5].len--, rows[6] = ABSENT, rows[7] = text("a.b");
    jot_tokens tokens = {.size = sizeof tokens, .layout = JOT_SLICES, .rows = ROWS, .slices = rows};
    jot_tokens handed = tokens;
    handed.slices = keys;
    struct told told = {0};
    uint32_t codes[ROWS];
    uint8_t digests[ROWS][32];
    memset(codes, 0, sizeof codes);
    memset(digests, 7, sizeof digests);
    jot_selfsigned_columns columns = {sizeof columns, codes, digests[0], tell, &told};
    OK(jot_batch_verify_selfsigned(batch, verifier, &tokens, apart ? &handed : NULL, &columns, NULL));
    for (size_t row = 0; row < ROWS; row++) {
      int good = row < 5 || row > 7;
      CHECK(good ? codes[row] == JOT_SELF_SIGNED : codes[row] != JOT_SELF_SIGNED && codes[row] != 0);
      CHECK(told.times[row] == good);
      CHECK(!good || strcmp(told.thumbprints[row], proofs[row].thumbprint) == 0);
      CHECK((memcmp(digests[row], (uint8_t[32]){0}, 32) != 0) == good);
    }
    CHECK(codes[6] == JOT_TOKEN_NULL && codes[7] == JOT_TOKEN_SEGMENTS);
    /* Columns that nobody wants, and those that do not fit. */
    jot_selfsigned_columns few = {.size = sizeof few, .codes = codes};
    OK(jot_batch_verify_selfsigned(batch, verifier, &tokens, apart ? &handed : NULL, &few, NULL));
    CHECK(codes[0] == JOT_SELF_SIGNED);
    jot_error error = {.size = sizeof error};
    handed.rows--;
    CHECK_CODE(jot_batch_verify_selfsigned(batch, verifier, &tokens, &handed, &few, &error), JOT_BATCH_INVALID);
    CHECK(strcmp(error.name, "keys") == 0);
    few.codes = NULL;
    CHECK_CODE(jot_batch_verify_selfsigned(batch, verifier, &tokens, NULL, &few, &error), JOT_ARGUMENT_NULL);
    for (size_t row = 0; row < ROWS; row++) free_proof(proofs[row]);
  }
  jot_batch_free(batch);
  jot_selfsigned_verifier_free(verifier);
}

int main(void) {
  good_proofs_are_never_accepted();
  rules_make_sense_or_are_refused();
  batches_answer_as_single_calls_do(JOT_BACKEND_AWS_LC);
  batches_answer_as_single_calls_do(JOT_BACKEND_AUTO);
  return checked("selfsigned");
}
