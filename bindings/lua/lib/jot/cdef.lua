-- Made from include/ by scripts/lua_cdef.py; do not edit.
local M = {}

M.jot = [[
enum {
  JOT_CONDITION_TEXT = 1,
  JOT_SIGNATURE_OK = 1,
  JOT_FROM_CACHE = 2,
  JOT_REPEATED = 4,
  JOT_HAS_EXP = 8,
  JOT_HAS_NBF = 16,
  JOT_HAS_IAT = 32,
  JOT_DETAIL_BYTES = 256,
  JOT_NULL = 0,
  JOT_BOOLEAN = 1,
  JOT_NUMBER = 2,
  JOT_STRING = 3,
  JOT_ARRAY = 4,
  JOT_OBJECT = 5,
  JOT_ALLOW_WEAK_KEYS = 1,
  JOT_DATED_KEYS = 2,
  JOT_ALL_CERTIFICATES = 4,
  JOT_CERTIFICATE_VALIDITY = 8,
  JOT_ABSENT_TWICE = 1,
  JOT_ALLOW_LOOPBACK = 2,
  JOT_REPLIED = 0,
  JOT_FAILED = 1,
  JOT_TIMED_OUT = 2,
  JOT_CHANGE_KEYS = 1,
  JOT_CHANGE_CONFIRMED = 2,
  JOT_CHANGE_ELSEWHERE = 3,
  JOT_CHANGE_LATE = 4,
  JOT_SLICES = 0,
  JOT_ARROW32 = 1,
  JOT_ARROW64 = 2,
  JOT_ARROW_VIEWS = 3,
  JOT_ARROW_DICTIONARY = 4,
  JOT_BOUNDED = 1,
  JOT_UNSIGNED_INDICES = 2,
  JOT_STATE_ACTIVE = 1,
  JOT_STATE_RETIRED = 2,
  JOT_STATE_NOT_YET_VALID = 3,
  JOT_STATE_UNKNOWN = 4,
  JOT_TIME_OK_UNKNOWN = 2,
  JOT_CLAIM_ISSUER = 1,
  JOT_CLAIM_SUBJECT = 2,
  JOT_CLAIM_JWT_ID = 4,
  JOT_UNVERIFIED_ALG = 1,
  JOT_UNVERIFIED_KID = 2,
  JOT_BACKEND_AWS_LC = 0,
  JOT_BACKEND_AUTO = 1,
  JOT_BACKEND_ACCELERATED = 2,
  JOT_BACKEND_PORTABLE = 3,
  JOT_BACKEND_FINE = 0,
  JOT_BACKEND_UNSUPPORTED = 1,
  JOT_BACKEND_SELF_TEST_FAILED = 2,
  JOT_BACKEND_DISAGREEMENT = 3,
  JOT_BACKEND_CHECK_FAILED = 4,
  JOT_START_WITHOUT_LIST = 1,
  JOT_LIST_ALLOW_LOOPBACK = 2,
  JOT_CHANGE_LIST = 1,
  JOT_ANY_TYP = 1,
  JOT_WITHOUT_TYP = 1,
  JOT_ATTACHED = 0,
  JOT_DETACHED = 1,
  JOT_UNENCODED_DETACHED = 2,
  JOT_SEVERAL_TOKENS = 1,
  JOT_WITHOUT_DESCRIPTION = 2,
  JOT_NONE = 4294967295,
  JOT_ABI_VERSION = 0,
};
typedef struct jot_policy jot_policy;
typedef struct jot_condition jot_condition;
typedef struct jot_verifier jot_verifier;
typedef struct jot_verifier_builder jot_verifier_builder;
typedef struct jot_scratch jot_scratch;
typedef struct jot_key_set jot_key_set;
typedef struct jot_budget jot_budget;
typedef struct jot_keeper jot_keeper;
typedef struct jot_batch jot_batch;
typedef struct jot_revocations jot_revocations;
typedef struct jot_status_list jot_status_list;
typedef struct jot_list_keeper jot_list_keeper;
typedef struct jot_selfsigned_verifier jot_selfsigned_verifier;
typedef struct jot_signer jot_signer;
typedef struct jot_text jot_text;
typedef struct jot_slice {
  const uint8_t *ptr;
  size_t len;
} jot_slice;
typedef struct jot_error {
  size_t size;
  uint32_t code;
  uint32_t offset;
  char name[48];
} jot_error;
uint32_t jot_error_message(const jot_error *error,
                           char *buffer,
                           size_t capacity,
                           size_t *length);
uint32_t jot_policy_new(const uint32_t *algs,
                        size_t count,
                        jot_policy **policy,
                        jot_error *error);
uint32_t jot_policy_new_access_token(jot_slice resource,
                                     const uint32_t *algs,
                                     size_t count,
                                     jot_policy **policy,
                                     jot_error *error);
uint32_t jot_policy_new_id_token(jot_slice client_id,
                                 const uint32_t *algs,
                                 size_t count,
                                 jot_policy **policy,
                                 jot_error *error);
uint32_t jot_policy_new_revocation_list(const uint32_t *algs,
                                        size_t count,
                                        jot_policy **policy,
                                        jot_error *error);
uint32_t jot_policy_new_status_list(const uint32_t *algs,
                                    size_t count,
                                    jot_policy **policy,
                                    jot_error *error);
uint32_t jot_policy_typ(jot_policy *policy, jot_slice typ);
uint32_t jot_policy_understand_critical(jot_policy *policy, jot_slice name);
uint32_t jot_policy_audience(jot_policy *policy, jot_slice audience);
uint32_t jot_policy_any_audience(jot_policy *policy);
uint32_t jot_policy_subject(jot_policy *policy, jot_slice subject);
uint32_t jot_policy_require(jot_policy *policy, jot_slice claim);
uint32_t jot_policy_nonce(jot_policy *policy, jot_slice nonce);
uint32_t jot_policy_authorized_party(jot_policy *policy, jot_slice party);
uint32_t jot_policy_scope(jot_policy *policy, jot_slice scope);
uint32_t jot_policy_leeway(jot_policy *policy, uint32_t seconds);
uint32_t jot_policy_allow_missing_exp(jot_policy *policy);
uint32_t jot_policy_allow_future_iat(jot_policy *policy);
uint32_t jot_policy_max_age(jot_policy *policy, uint32_t seconds);
uint32_t jot_policy_issuer_required(jot_policy *policy);
uint32_t jot_policy_limits(jot_policy *policy,
                           size_t token_bytes,
                           size_t header_bytes);
uint32_t jot_policy_fits(const jot_policy *policy, const jot_key_set *set);
void jot_policy_free(jot_policy *policy);
uint32_t jot_condition_parse(jot_slice text,
                             jot_condition **condition,
                             jot_error *error);
uint32_t jot_condition_new(const jot_slice *path,
                           size_t depth,
                           const jot_slice *words,
                           size_t count,
                           uint32_t flags,
                           jot_condition **condition,
                           jot_error *error);
uint32_t jot_policy_claim(jot_policy *policy, const jot_condition *condition);
uint32_t jot_claims_meet(const jot_scratch *scratch,
                         const jot_condition *condition);
uint32_t jot_claims_have_scopes(const jot_scratch *scratch,
                                const jot_slice *scopes,
                                size_t count);
void jot_condition_free(jot_condition *condition);
uint32_t jot_verifier_builder_new(const jot_policy *policy,
                                  jot_verifier_builder **builder,
                                  jot_error *error);
uint32_t jot_verifier_builder_keys(jot_verifier_builder *builder,
                                   const jot_key_set *set);
uint32_t jot_verifier_builder_issuer(jot_verifier_builder *builder,
                                     jot_slice issuer,
                                     const jot_key_set *set);
uint32_t jot_verifier_builder_key_set(jot_verifier_builder *builder,
                                      jot_slice name,
                                      jot_slice issuer,
                                      const jot_key_set *set);
uint32_t jot_verifier_builder_cache_entries(jot_verifier_builder *builder,
                                            size_t entries);
uint32_t jot_verifier_builder_cache_bytes(jot_verifier_builder *builder,
                                          size_t bytes);
uint32_t jot_verifier_builder_build(const jot_verifier_builder *builder,
                                    jot_verifier **verifier,
                                    jot_error *error);
uint32_t jot_verifier_builder_check(const jot_verifier_builder *builder,
                                    jot_error *error);
void jot_verifier_builder_free(jot_verifier_builder *builder);
uint32_t jot_verifier_replace_keys(const jot_verifier *verifier,
                                   jot_slice issuer,
                                   const jot_key_set *set,
                                   jot_error *error);
uint32_t jot_verifier_keys(const jot_verifier *verifier,
                           jot_slice issuer,
                           jot_key_set **set);
uint32_t jot_verifier_set_revocations(const jot_verifier *verifier,
                                      const jot_revocations *revocations);
uint32_t jot_verifier_revocations(const jot_verifier *verifier,
                                  jot_revocations **revocations);
void jot_verifier_free(jot_verifier *verifier);
typedef struct jot_verdict {
  size_t size;
  uint32_t code;
  uint32_t flags;
  uint32_t alg;
  uint32_t issuer_index;
  uint32_t key_index;
  uint32_t fault_offset;
  int64_t expires_at;
  int64_t not_before;
  int64_t issued_at;
  jot_slice fault_claim;
  jot_slice header;
  jot_slice payload;
  jot_slice kid;
  jot_slice typ;
} jot_verdict;
jot_scratch *jot_scratch_new(void);
void jot_scratch_free(jot_scratch *scratch);
uint32_t jot_verifier_verify(const jot_verifier *verifier,
                             jot_slice token,
                             int64_t now,
                             jot_scratch *scratch,
                             jot_verdict *verdict);
uint32_t jot_verifier_check(const jot_verifier *verifier,
                            jot_slice token,
                            int64_t now,
                            jot_scratch *scratch,
                            jot_verdict *verdict);
uint32_t jot_verifier_verify_jws(const jot_verifier *verifier,
                                 jot_slice token,
                                 jot_slice issuer,
                                 jot_slice detached,
                                 jot_scratch *scratch,
                                 jot_verdict *verdict);
uint32_t jot_verdict_detail(const jot_verdict *verdict,
                            jot_slice token,
                            char *buffer,
                            size_t capacity,
                            size_t *length);
typedef struct jot_demand {
  size_t size;
  jot_slice key_set;
  const jot_slice *issuers;
  size_t issuer_count;
  const jot_slice *audiences;
  size_t audience_count;
} jot_demand;
uint32_t jot_verifier_verify_for(const jot_verifier *verifier,
                                 jot_slice token,
                                 int64_t now,
                                 const jot_demand *demand,
                                 jot_scratch *scratch,
                                 jot_verdict *verdict);
typedef struct jot_value {
  uint32_t kind;
  uint32_t node;
  uint64_t epoch;
  jot_slice text;
} jot_value;
uint32_t jot_claims_get(const jot_scratch *scratch,
                        jot_slice name,
                        jot_value *value);
uint32_t jot_claims_path(const jot_scratch *scratch,
                         const jot_slice *path,
                         size_t depth,
                         jot_value *value);
uint32_t jot_claims_text(const jot_scratch *scratch, jot_slice name, jot_slice *text);
uint32_t jot_claims_integer(const jot_scratch *scratch,
                            jot_slice name,
                            int64_t *integer);
uint32_t jot_claims_number(const jot_scratch *scratch, jot_slice name, double *number);
uint32_t jot_claims_boolean(const jot_scratch *scratch,
                            jot_slice name,
                            uint32_t *boolean);
uint32_t jot_claims_date(const jot_scratch *scratch, jot_slice name, int64_t *seconds);
bool jot_claims_has_scope(const jot_scratch *scratch, jot_slice scope);
bool jot_claims_contains(const jot_scratch *scratch,
                         const jot_slice *path,
                         size_t depth,
                         jot_slice element);
uint32_t jot_header_get(const jot_scratch *scratch,
                        jot_slice name,
                        jot_value *value);
uint32_t jot_header_path(const jot_scratch *scratch,
                         const jot_slice *path,
                         size_t depth,
                         jot_value *value);
uint32_t jot_value_member(const jot_scratch *scratch,
                          const jot_value *value,
                          jot_slice name,
                          jot_value *member);
uint32_t jot_value_next(const jot_scratch *scratch,
                        const jot_value *value,
                        uint32_t *cursor,
                        jot_slice *name,
                        jot_value *next);
uint32_t jot_value_integer(const jot_value *value, int64_t *integer);
uint32_t jot_value_number(const jot_value *value, double *number);
uint32_t jot_value_boolean(const jot_value *value, uint32_t *boolean);
typedef struct jot_key_options {
  size_t size;
  uint32_t alg;
  uint32_t flags;
  jot_slice kid;
} jot_key_options;
typedef struct jot_key_info {
  size_t size;
  uint32_t algs;
  uint32_t alg;
  jot_slice kid;
  jot_slice kty;
  jot_slice crv;
  jot_slice thumbprint;
  uint32_t flags;
  uint32_t reserved;
  int64_t not_before;
  int64_t expires_at;
} jot_key_info;
jot_key_set *jot_key_set_new(void);
jot_key_set *jot_key_set_not_yet(void);
jot_key_set *jot_key_set_stale(void);
uint32_t jot_key_set_add_jwks(jot_key_set *set,
                              jot_slice jwks,
                              const jot_key_options *options,
                              jot_error *error);
uint32_t jot_key_set_add_jwk(jot_key_set *set,
                             jot_slice jwk,
                             const jot_key_options *options,
                             jot_error *error);
uint32_t jot_key_set_add_pem(jot_key_set *set,
                             jot_slice pem,
                             const jot_key_options *options,
                             jot_error *error);
uint32_t jot_key_set_add_pem_bundle(jot_key_set *set,
                                    jot_slice pem,
                                    const jot_key_options *options,
                                    jot_error *error);
uint32_t jot_key_set_add_text(jot_key_set *set,
                              jot_slice text,
                              const jot_key_options *options,
                              jot_error *error);
uint32_t jot_key_set_add_der(jot_key_set *set,
                             jot_slice der,
                             const jot_key_options *options,
                             jot_error *error);
uint32_t jot_key_set_add_secret(jot_key_set *set,
                                jot_slice secret,
                                const jot_key_options *options,
                                jot_error *error);
size_t jot_key_set_len(const jot_key_set *set);
uint32_t jot_key_set_key(const jot_key_set *set,
                         size_t index,
                         jot_key_info *info);
size_t jot_key_set_skipped_len(const jot_key_set *set);
uint32_t jot_key_set_skipped(const jot_key_set *set,
                             size_t index,
                             size_t *position,
                             jot_slice *kid,
                             jot_error *why);
uint32_t jot_key_set_reasons(const jot_key_set *set,
                             char *buffer,
                             size_t capacity,
                             size_t *length);
jot_slice jot_key_set_secret_doubt(const jot_key_set *set);
uint32_t jot_key_set_to_jwks(const jot_key_set *set,
                             jot_text *jwks,
                             jot_error *error);
uint32_t jot_key_set_to_pem(const jot_key_set *set,
                            size_t index,
                            jot_text *pem,
                            jot_error *error);
uint32_t jot_key_set_check_signature(const jot_key_set *set,
                                     size_t index,
                                     uint32_t alg,
                                     jot_slice message,
                                     jot_slice signature);
void jot_key_set_free(jot_key_set *set);
typedef struct jot_keeper_options {
  size_t size;
  uint32_t fresh;
  uint32_t least_fresh;
  uint32_t most_fresh;
  uint32_t serve_stale_for;
  uint32_t cool_down;
  uint32_t timeout;
  uint32_t most_keys;
  uint32_t remembered;
  uint32_t flags;
  uint32_t algs;
  uint32_t key_alg;
  uint32_t key_flags;
  size_t most_bytes;
} jot_keeper_options;
uint32_t jot_keeper_options_default(jot_keeper_options *options);
typedef struct jot_health {
  size_t size;
  int64_t last_success;
  int64_t fresh_until;
  int64_t next_fetch;
  uint32_t error;
  uint32_t failures;
  uint64_t fetches;
  uint64_t successes;
  uint64_t refused;
  size_t keys;
} jot_health;
uint32_t jot_keeper_new(jot_slice url,
                        const jot_keeper_options *options,
                        uint64_t seed,
                        jot_keeper **keeper,
                        jot_error *error);
uint32_t jot_keeper_new_issuer(jot_slice issuer,
                               const jot_keeper_options *options,
                               uint64_t seed,
                               jot_keeper **keeper,
                               jot_error *error);
uint32_t jot_keeper_new_authorization_server(jot_slice issuer,
                                             const jot_keeper_options *options,
                                             uint64_t seed,
                                             jot_keeper **keeper,
                                             jot_error *error);
uint32_t jot_keeper_keys(const jot_keeper *keeper,
                         int64_t now,
                         jot_key_set **set);
jot_budget *jot_budget_new(uint32_t fetches, uint32_t seconds);
void jot_budget_free(jot_budget *budget);
uint32_t jot_keeper_unknown_kid(jot_keeper *keeper,
                                jot_budget *budget,
                                int64_t now,
                                uint32_t *pending);
uint32_t jot_keeper_refresh_now(jot_keeper *keeper, int64_t now);
uint32_t jot_keeper_reseed(jot_keeper *keeper, uint64_t seed);
uint32_t jot_keeper_health(const jot_keeper *keeper, jot_health *health);
size_t jot_keeper_snapshots(const jot_keeper *keeper);
uint32_t jot_keeper_snapshot(const jot_keeper *keeper,
                             size_t number,
                             int64_t *since,
                             jot_key_set **set);
uint32_t jot_keeper_save(const jot_keeper *keeper, jot_text *text);
uint32_t jot_keeper_restore(jot_keeper *keeper,
                            jot_slice saved,
                            jot_error *error);
void jot_keeper_free(jot_keeper *keeper);
typedef struct jot_request {
  size_t size;
  uint64_t ticket;
  int64_t until;
  jot_slice url;
  jot_slice etag;
  jot_slice last_modified;
  size_t most_bytes;
  uint32_t timeout;
  uint32_t reserved;
  jot_slice accept;
} jot_request;
typedef struct jot_field {
  jot_slice name;
  jot_slice value;
} jot_field;
typedef struct jot_reply {
  size_t size;
  uint32_t outcome;
  uint32_t status;
  const jot_field *fields;
  size_t field_count;
  jot_slice body;
} jot_reply;
uint32_t jot_keeper_poll(jot_keeper *keeper, int64_t now, jot_request *request);
uint32_t jot_keeper_answer(jot_keeper *keeper,
                           uint64_t ticket,
                           const jot_reply *reply,
                           int64_t now,
                           uint32_t *change,
                           jot_error *error);
typedef struct jot_tokens {
  size_t size;
  uint32_t layout;
  uint32_t flags;
  size_t rows;
  const jot_slice *slices;
  jot_slice data;
  const void *offsets;
  const uint8_t *validity;
  size_t offset;
  size_t offsets_bytes;
  size_t validity_bytes;
  const jot_slice *buffers;
  size_t buffer_count;
  const void *dictionary;
  size_t index_bytes;
} jot_tokens;
typedef int (*jot_progress)(void *user, size_t done, size_t total);
typedef struct jot_batch_options {
  size_t size;
  int64_t now;
  const int64_t *as_of;
  jot_progress progress;
  void *user;
  const uint8_t *as_of_known;
} jot_batch_options;
typedef struct jot_columns {
  size_t size;
  uint32_t *codes;
  uint8_t *flags;
  uint32_t *issuer_index;
  uint32_t *key_index;
  int64_t *expires_at;
  int64_t *not_before;
  int64_t *issued_at;
  uint32_t *first_row;
  uint32_t claims;
  uint32_t unverified;
  uint8_t *key_state;
  uint8_t *time_ok;
  int64_t *expired_by_seconds;
} jot_columns;
typedef struct jot_batch_report {
  size_t size;
  size_t rows;
  size_t accepted;
  size_t distinct;
  uint32_t cancelled;
  uint32_t reserved;
} jot_batch_report;
uint32_t jot_batch_new(size_t threads, jot_batch **batch, jot_error *error);
uint32_t jot_batch_verify(const jot_batch *batch,
                          const jot_verifier *verifier,
                          const jot_tokens *tokens,
                          const jot_batch_options *options,
                          const jot_columns *columns,
                          jot_batch_report *report,
                          jot_error *error);
void jot_batch_free(jot_batch *batch);
typedef struct jot_text_column {
  size_t size;
  size_t rows;
  jot_slice data;
  const int64_t *offsets;
  const uint8_t *validity;
} jot_text_column;
uint32_t jot_batch_claim(const jot_batch *batch,
                         uint32_t claim,
                         jot_text_column *column,
                         jot_error *error);
uint32_t jot_batch_unverified(const jot_batch *batch,
                              uint32_t name,
                              jot_text_column *column,
                              jot_error *error);
typedef struct jot_watch {
  uint64_t done;
  uint64_t total;
  uint32_t cancel;
  uint32_t reserved;
} jot_watch;
int jot_watch_progress(void *user, size_t done, size_t total);
typedef struct jot_statistics {
  size_t size;
  uint64_t accepted;
  uint64_t refused;
  uint64_t cache_hits;
  uint64_t cache_misses;
  uint64_t cache_evictions;
  uint64_t cache_bytes;
} jot_statistics;
uint32_t jot_verifier_statistics(const jot_verifier *verifier,
                                 jot_statistics *statistics);
uint64_t jot_verifier_verdicts(const jot_verifier *verifier, uint32_t code);
uint64_t jot_verifier_verifications(const jot_verifier *verifier, uint32_t alg);
uint32_t jot_verifier_prometheus(const jot_verifier *verifier, jot_text *text);
typedef struct jot_backend_report {
  size_t size;
  uint64_t accepted;
  uint64_t referred;
  uint64_t cross_checked;
  uint64_t disagreements;
  uint64_t table_bytes;
  uint32_t warning;
  uint32_t reserved;
  uint64_t tables;
  uint64_t tables_refused;
  uint64_t failed_checks;
  uint64_t failed_self_tests;
} jot_backend_report;
uint32_t jot_verifier_builder_backend(jot_verifier_builder *builder, uint32_t backend);
uint32_t jot_verifier_builder_table_bytes(jot_verifier_builder *builder, size_t bytes);
uint32_t jot_verifier_builder_cross_check(jot_verifier_builder *builder,
                                          uint32_t one_in);
size_t jot_backend_distrusted(void);
uint32_t jot_backend_news(uint64_t *told, jot_text *line);
size_t jot_verifier_prepare(const jot_verifier *verifier);
jot_slice jot_verifier_backend_name(const jot_verifier *verifier, uint32_t alg);
uint32_t jot_verifier_backend_report(const jot_verifier *verifier,
                                     jot_backend_report *report);
jot_revocations *jot_revocations_new(size_t limit);
uint32_t jot_revocations_revoke_jti(jot_revocations *revocations,
                                    jot_slice jti,
                                    int64_t until);
uint32_t jot_revocations_revoke_session(jot_revocations *revocations,
                                        jot_slice sid,
                                        int64_t until);
uint32_t jot_revocations_revoke_subject(jot_revocations *revocations,
                                        jot_slice subject,
                                        int64_t issued_before);
uint32_t jot_revocations_revoke_key(jot_revocations *revocations,
                                    jot_slice thumbprint);
uint32_t jot_revocations_purge(jot_revocations *revocations, int64_t now);
size_t jot_revocations_len(const jot_revocations *revocations);
int64_t jot_revocations_end(const jot_revocations *revocations);
jot_revocations *jot_revocations_stale(void);
jot_revocations *jot_revocations_not_yet(void);
uint32_t jot_revocations_to_text(const jot_revocations *revocations,
                                 jot_text *text);
uint32_t jot_revocations_from_text(jot_slice text,
                                   size_t limit,
                                   jot_revocations **revocations,
                                   jot_error *error);
uint32_t jot_revocations_from_claims(jot_slice claims,
                                     size_t limit,
                                     jot_revocations **revocations,
                                     jot_error *error);
void jot_revocations_free(jot_revocations *revocations);
typedef int (*jot_status_wanted)(void *user, jot_slice uri);
uint32_t jot_policy_check_status(jot_policy *policy);
uint32_t jot_policy_require_status(jot_policy *policy);
uint32_t jot_status_list_from_claims(jot_slice claims,
                                     size_t most_entries,
                                     jot_status_list **list,
                                     jot_error *error);
jot_status_list *jot_status_list_not_yet(jot_slice uri);
jot_status_list *jot_status_list_stale(jot_slice uri);
size_t jot_status_list_len(const jot_status_list *list);
int64_t jot_status_list_end(const jot_status_list *list);
void jot_status_list_free(jot_status_list *list);
uint32_t jot_verifier_put_status_list(const jot_verifier *verifier,
                                      const jot_status_list *list);
uint32_t jot_verifier_set_status_list(const jot_verifier *verifier,
                                      jot_slice claims,
                                      size_t most_entries,
                                      jot_error *error);
uint32_t jot_verifier_forget_status_list(const jot_verifier *verifier, jot_slice uri);
uint32_t jot_verifier_status_list_was_named(const jot_verifier *verifier,
                                            jot_slice uri,
                                            uint32_t *named);
uint32_t jot_verifier_add_status_feed(const jot_verifier *verifier,
                                      jot_status_wanted wanted,
                                      void *user);
typedef struct jot_list_options {
  size_t size;
  uint32_t poll;
  uint32_t least_poll;
  uint32_t most_poll;
  uint32_t serve_stale_for;
  uint32_t timeout;
  uint32_t most_entries;
  uint32_t flags;
  uint32_t reserved;
  size_t most_bytes;
} jot_list_options;
typedef struct jot_list_health {
  size_t size;
  int64_t last_success;
  int64_t issued_at;
  int64_t expires_at;
  int64_t next_fetch;
  uint32_t error;
  uint32_t failures;
  uint64_t fetches;
  uint64_t successes;
  size_t entries;
} jot_list_health;
uint32_t jot_list_keeper_new_revocations(jot_slice url,
                                         const jot_verifier *lists,
                                         const jot_list_options *options,
                                         uint64_t seed,
                                         jot_list_keeper **keeper,
                                         jot_error *error);
uint32_t jot_list_keeper_new_status_list(jot_slice uri,
                                         const jot_verifier *lists,
                                         const jot_list_options *options,
                                         uint64_t seed,
                                         jot_list_keeper **keeper,
                                         jot_error *error);
uint32_t jot_list_keeper_feed(const jot_list_keeper *keeper,
                              const jot_verifier *verifier,
                              int64_t now);
uint32_t jot_list_keeper_refresh_now(jot_list_keeper *keeper, int64_t now);
uint32_t jot_list_keeper_reseed(jot_list_keeper *keeper, uint64_t seed);
uint32_t jot_list_keeper_health(const jot_list_keeper *keeper,
                                jot_list_health *health);
uint32_t jot_list_keeper_save(const jot_list_keeper *keeper, jot_text *text);
uint32_t jot_list_keeper_restore(jot_list_keeper *keeper,
                                 jot_slice saved,
                                 int64_t now);
void jot_list_keeper_free(jot_list_keeper *keeper);
uint32_t jot_list_keeper_poll(jot_list_keeper *keeper,
                              int64_t now,
                              jot_request *request);
uint32_t jot_list_keeper_answer(jot_list_keeper *keeper,
                                uint64_t ticket,
                                const jot_reply *reply,
                                int64_t now,
                                uint32_t *change,
                                jot_error *error);
typedef struct jot_selfsigned_options {
  size_t size;
  uint32_t algs;
  uint32_t flags;
  const jot_slice *typs;
  size_t typ_count;
  size_t token_bytes;
  size_t header_bytes;
  uint32_t backend;
  uint32_t reserved;
} jot_selfsigned_options;
typedef struct jot_selfsigned {
  size_t size;
  uint32_t code;
  uint32_t flags;
  uint32_t alg;
  uint32_t fault_offset;
  int64_t expires_at;
  int64_t not_before;
  int64_t issued_at;
  char thumbprint[48];
  char fault_name[48];
  jot_slice payload;
} jot_selfsigned;
typedef void (*jot_each_selfsigned)(void *user, size_t row, const jot_selfsigned *known);
typedef struct jot_selfsigned_columns {
  size_t size;
  uint32_t *codes;
  uint8_t *digests;
  jot_each_selfsigned each;
  void *user;
} jot_selfsigned_columns;
uint32_t jot_selfsigned_verifier_new(const jot_selfsigned_options *options,
                                     jot_selfsigned_verifier **verifier,
                                     jot_error *error);
void jot_selfsigned_verifier_free(jot_selfsigned_verifier *verifier);
uint32_t jot_selfsigned_verify(const jot_selfsigned_verifier *verifier,
                               jot_slice token,
                               jot_slice key,
                               jot_scratch *scratch,
                               jot_selfsigned *answer);
uint32_t jot_batch_verify_selfsigned(const jot_batch *batch,
                                     const jot_selfsigned_verifier *verifier,
                                     const jot_tokens *tokens,
                                     const jot_tokens *own_keys,
                                     const jot_selfsigned_columns *columns,
                                     jot_error *error);
typedef struct jot_critical {
  jot_slice name;
  jot_slice value;
} jot_critical;
typedef struct jot_sign_header {
  size_t size;
  uint32_t flags;
  uint32_t reserved;
  jot_slice typ;
  jot_slice cty;
  jot_slice parameters;
  const jot_critical *critical;
  size_t critical_count;
} jot_sign_header;
uint32_t jot_signer_generate(uint32_t alg,
                             size_t rsa_bits,
                             jot_slice kid,
                             jot_signer **signer,
                             jot_error *error);
uint32_t jot_signer_from_jwk(jot_slice jwk,
                             const jot_key_options *options,
                             jot_signer **signer,
                             jot_error *error);
uint32_t jot_signer_from_pem(jot_slice pem,
                             const jot_key_options *options,
                             jot_signer **signer,
                             jot_error *error);
uint32_t jot_signer_from_der(jot_slice der,
                             const jot_key_options *options,
                             jot_signer **signer,
                             jot_error *error);
uint32_t jot_signer_from_secret(jot_slice secret,
                                const jot_key_options *options,
                                jot_signer **signer,
                                jot_error *error);
uint32_t jot_signer_key(const jot_signer *signer, jot_key_info *info);
uint32_t jot_signer_to_jwk(const jot_signer *signer,
                           jot_text *jwk,
                           jot_error *error);
uint32_t jot_signer_to_pem(const jot_signer *signer,
                           jot_text *pem,
                           jot_error *error);
uint32_t jot_key_set_add_signer(jot_key_set *set,
                                const jot_signer *signer,
                                jot_error *error);
uint32_t jot_signer_sign_claims(const jot_signer *signer,
                                const jot_sign_header *header,
                                jot_slice claims,
                                jot_text *token,
                                jot_error *error);
uint32_t jot_signer_sign_payload(const jot_signer *signer,
                                 const jot_sign_header *header,
                                 jot_slice payload,
                                 uint32_t form,
                                 jot_text *token,
                                 jot_error *error);
uint32_t jot_signer_sign_message(const jot_signer *signer,
                                 jot_slice message,
                                 jot_text *signature,
                                 jot_error *error);
void jot_signer_free(jot_signer *signer);
typedef struct jot_decoded {
  size_t size;
  jot_slice header;
  jot_slice payload;
  jot_slice signature;
  uint32_t claims_code;
  uint32_t reserved;
} jot_decoded;
uint32_t jot_token_decode_unverified(jot_slice token,
                                     jot_scratch *scratch,
                                     jot_decoded *decoded);
uint32_t jot_verifier_unverified_issuer(const jot_verifier *verifier,
                                        jot_slice token,
                                        jot_scratch *scratch,
                                        uint32_t *index);
typedef struct jot_challenge {
  size_t size;
  uint32_t code;
  uint32_t flags;
  jot_slice realm;
  jot_slice resource_metadata;
  const jot_slice *scopes;
  size_t scope_count;
} jot_challenge;
uint32_t jot_authorization_token(jot_slice scheme,
                                 const jot_slice *values,
                                 size_t count,
                                 jot_slice *token,
                                 uint32_t *found);
uint32_t jot_challenge_write(const jot_challenge *challenge,
                             uint32_t *status,
                             jot_text *text,
                             jot_error *error);
jot_text *jot_text_new(void);
jot_slice jot_text_view(const jot_text *text);
void jot_text_free(jot_text *text);
enum jot_code {
  JOT_ACCEPTED = 0,
  JOT_ALGORITHMS_EMPTY = 100,
  JOT_KEYS_EMPTY = 101,
  JOT_ISSUER_REPEATED = 102,
  JOT_ISSUER_REQUIRED = 103,
  JOT_POLICY_INVALID = 104,
  JOT_CLAIMS_TO_SIGN_INVALID = 110,
  JOT_HEADER_TO_SIGN_INVALID = 111,
  JOT_ALGORITHM_NOT_FOR_KEY = 112,
  JOT_REVOCATIONS_FULL = 120,
  JOT_REVOCATIONS_INVALID = 121,
  JOT_SAVED_KEYS_INVALID = 122,
  JOT_STATUS_LISTS_FULL = 123,
  JOT_BATCH_INVALID = 130,
  JOT_BATCH_CANCELLED = 131,
  JOT_RANDOMNESS_MISSING = 140,
  JOT_CACHE_TOO_LARGE = 141,
  JOT_MEMORY_MISSING = 142,
  JOT_THREADS_MISSING = 143,
  JOT_ARGUMENT_NULL = 150,
  JOT_ARGUMENT_SIZE = 151,
  JOT_ARGUMENT_MISALIGNED = 152,
  JOT_ARGUMENT_TEXT = 153,
  JOT_ARGUMENT_VALUE = 154,
  JOT_HANDLE_BUSY = 155,
  JOT_KEY_SET_FROZEN = 156,
  JOT_VALUE_MISSING = 157,
  JOT_VALUE_TYPE = 158,
  JOT_VALUE_STALE = 159,
  JOT_CONDITION_NAME = 160,
  JOT_CONDITION_TEST = 161,
  JOT_CONDITION_OPERANDS = 162,
  JOT_CONDITION_OPERAND = 163,
  JOT_CONDITION_QUOTES = 164,
  JOT_CONDITION_PATTERN = 165,
  JOT_REGEX_MISSING = 166,
  JOT_TOKEN_EMPTY = 200,
  JOT_TOKEN_SEGMENTS = 201,
  JOT_TOKEN_JSON_SERIALIZATION = 202,
  JOT_HEADER_ENCODING = 203,
  JOT_PAYLOAD_ENCODING = 204,
  JOT_SIGNATURE_ENCODING = 205,
  JOT_PAYLOAD_ATTACHED = 206,
  JOT_TOKEN_NULL = 207,
  JOT_TOKEN_ENCRYPTED = 208,
  JOT_TOKEN_WRAPPED = 209,
  JOT_TOKEN_PADDED = 210,
  JOT_HEADER_JSON = 300,
  JOT_HEADER_NOT_OBJECT = 301,
  JOT_HEADER_REPEATED = 302,
  JOT_ALG_MISSING = 310,
  JOT_ALG_INVALID = 311,
  JOT_ALG_NONE = 312,
  JOT_ALG_UNKNOWN = 313,
  JOT_ALG_NOT_ALLOWED = 314,
  JOT_KID_INVALID = 320,
  JOT_TYP_INVALID = 330,
  JOT_TYP_MISSING = 331,
  JOT_TYP_MISMATCH = 332,
  JOT_CRIT_INVALID = 340,
  JOT_CRIT_REPEATED = 341,
  JOT_CRIT_REGISTERED = 342,
  JOT_CRIT_ABSENT = 343,
  JOT_CRIT_UNKNOWN = 344,
  JOT_B64_INVALID = 350,
  JOT_B64_NOT_CRITICAL = 351,
  JOT_B64_IN_JWT = 352,
  JOT_JWK_MISSING = 360,
  JOT_JWK_INVALID = 361,
  JOT_JWK_UNEXPECTED = 362,
  JOT_JWK_PRIVATE = 363,
  JOT_KEY_JSON = 400,
  JOT_KEY_MEMBER_MISSING = 401,
  JOT_KEY_MEMBER_INVALID = 402,
  JOT_KEY_TYPE_UNKNOWN = 403,
  JOT_KEY_CURVE_UNKNOWN = 404,
  JOT_KEY_ALG_UNKNOWN = 405,
  JOT_KEY_ALG_MISMATCH = 406,
  JOT_KEY_USE_NOT_SIGNATURE = 407,
  JOT_KEY_OPS_NOT_ALLOWED = 408,
  JOT_KEY_INVALID = 409,
  JOT_KEY_PEM_INVALID = 410,
  JOT_KEY_DER_INVALID = 411,
  JOT_KEY_RSA_TOO_SHORT = 412,
  JOT_KEY_RSA_EXPONENT = 413,
  JOT_KEY_RSA_MODULUS = 414,
  JOT_KEY_SECRET_TOO_SHORT = 415,
  JOT_KEY_SECRET_IS_KEY_TEXT = 416,
  JOT_KEY_SET_EMPTY = 417,
  JOT_KEY_NOT_PRIVATE = 418,
  JOT_KEY_GENERATION = 419,
  JOT_KID_UNKNOWN = 420,
  JOT_KEY_NOT_FOR_ALG = 421,
  JOT_ISSUER_UNKNOWN = 422,
  JOT_KEY_SECRET_NOT_PUBLIC = 423,
  JOT_KEY_REVOKED = 424,
  JOT_KEY_NOT_YET_VALID = 425,
  JOT_KEY_RETIRED = 426,
  JOT_KEY_TEXT_IS_PAGE = 427,
  JOT_KEY_OF_AUTHORITY = 428,
  JOT_KEY_ENCRYPTED = 430,
  JOT_KEY_TEXT_IS_SSH = 431,
  JOT_KEY_TEXT_IS_PKCS12 = 432,
  JOT_KEY_TEXT_IS_PKCS7 = 433,
  JOT_KEY_TEXT_IS_DER = 434,
  JOT_KEY_TEXT_IS_PEM = 435,
  JOT_KEY_TEXT_IS_JSON = 436,
  JOT_KEY_TEXT_IS_BASE64 = 437,
  JOT_KEY_TEXT_IS_ESCAPED = 438,
  JOT_KEY_TEXT_IS_WIDE = 439,
  JOT_KEY_TEXT_IS_DISCOVERY = 440,
  JOT_KEY_TEXT_IS_MAP = 441,
  JOT_KEY_PEM_LABEL = 442,
  JOT_KEY_CURVE_RENAMED = 443,
  JOT_KEY_CURVE_EXPLICIT = 444,
  JOT_KEY_RSA_PSS = 446,
  JOT_KEY_TEXT_UNKNOWN = 447,
  JOT_KEY_PEM_DASHES = 448,
  JOT_KEY_TEXT_IS_REALM = 449,
  JOT_KEYS_NOT_YET = 450,
  JOT_KEYS_STALE = 451,
  JOT_FETCH_FAILED = 452,
  JOT_FETCH_TIMEOUT = 453,
  JOT_FETCH_STATUS = 454,
  JOT_FETCH_REDIRECT = 455,
  JOT_REPLY_TOO_LONG = 456,
  JOT_KEYS_TOO_MANY = 457,
  JOT_DISCOVERY_INVALID = 458,
  JOT_DISCOVERY_ISSUER = 459,
  JOT_URL_REFUSED = 460,
  JOT_KEY_CERTIFICATE_DIFFERS = 461,
  JOT_REVOCATIONS_STALE = 462,
  JOT_REVOCATIONS_NOT_YET = 463,
  JOT_REVOCATIONS_OLDER = 464,
  JOT_STATUS_LIST_NOT_YET = 465,
  JOT_STATUS_LIST_STALE = 466,
  JOT_STATUS_LIST_INVALID = 467,
  JOT_STATUS_LIST_UNKNOWN = 468,
  JOT_STATUS_LIST_TOO_LONG = 469,
  JOT_SIGNATURE_INVALID = 500,
  JOT_SELF_SIGNED = 501,
  JOT_CLAIMS_JSON = 600,
  JOT_CLAIMS_NOT_OBJECT = 601,
  JOT_CLAIMS_REPEATED = 602,
  JOT_ISS_MISSING = 610,
  JOT_ISS_INVALID = 611,
  JOT_ISS_MISMATCH = 612,
  JOT_AUD_MISSING = 620,
  JOT_AUD_INVALID = 621,
  JOT_AUD_MISMATCH = 622,
  JOT_AUD_UNEXPECTED = 623,
  JOT_SUB_MISSING = 630,
  JOT_SUB_INVALID = 631,
  JOT_SUB_MISMATCH = 632,
  JOT_SUB_REVOKED = 633,
  JOT_JTI_INVALID = 640,
  JOT_JTI_REVOKED = 641,
  JOT_SID_REVOKED = 642,
  JOT_STATUS_REVOKED = 643,
  JOT_STATUS_SUSPENDED = 644,
  JOT_STATUS_OTHER = 645,
  JOT_STATUS_INVALID = 646,
  JOT_STATUS_MISSING = 647,
  JOT_CLAIM_MISSING = 650,
  JOT_CLAIM_MISMATCH = 651,
  JOT_AZP_MISSING = 660,
  JOT_AZP_MISMATCH = 661,
  JOT_SCOPE_INVALID = 662,
  JOT_SCOPE_INSUFFICIENT = 663,
  JOT_IAT_MISSING = 670,
  JOT_IAT_INVALID = 671,
  JOT_ISSUED_IN_FUTURE = 672,
  JOT_TOO_OLD = 673,
  JOT_NBF_INVALID = 680,
  JOT_NOT_YET_VALID = 681,
  JOT_EXP_MISSING = 690,
  JOT_EXP_INVALID = 691,
  JOT_EXPIRED = 692,
  JOT_TIME_UNKNOWN = 695,
  JOT_TOKEN_TOO_LONG = 700,
  JOT_HEADER_TOO_LONG = 701,
  JOT_HEADER_TOO_DEEP = 702,
  JOT_CLAIMS_TOO_DEEP = 703,
  JOT_CANDIDATES_TOO_MANY = 704,
  JOT_INTERNAL = 900,
  JOT_PANICKED = 901,
};
enum jot_alg {
  JOT_HS256 = 1,
  JOT_HS384 = 2,
  JOT_HS512 = 3,
  JOT_RS256 = 4,
  JOT_RS384 = 5,
  JOT_RS512 = 6,
  JOT_PS256 = 7,
  JOT_PS384 = 8,
  JOT_PS512 = 9,
  JOT_ES256 = 10,
  JOT_ES384 = 11,
  JOT_ES512 = 12,
  JOT_ES256K = 13,
  JOT_EDDSA = 14,
  JOT_ED25519 = 15,
  JOT_ML_DSA_44 = 16,
  JOT_ML_DSA_65 = 17,
  JOT_ML_DSA_87 = 18,
};
uint32_t jot_abi_version(void);
const char *jot_version(void);
int64_t jot_clock_now(void);
const char *jot_code_name(uint32_t code);
const char *jot_code_stage(uint32_t code);
const char *jot_code_meaning(uint32_t code);
uint32_t jot_code_http_status(uint32_t code);
const char *jot_code_bearer_error(uint32_t code);
uint32_t jot_code_at(size_t position);
uint32_t jot_alg_parse(jot_slice name, uint32_t *alg);
const char *jot_alg_name(uint32_t alg);
]]

M.fetch = [[
typedef struct jot_fetcher jot_fetcher;
typedef struct jot_remote_keys jot_remote_keys;
typedef struct jot_remote_revocations jot_remote_revocations;
typedef struct jot_remote_status_lists jot_remote_status_lists;
typedef struct jot_fetcher_options {
  size_t size;
  jot_slice authorities;
  jot_slice client_chain;
  jot_slice client_key;
  jot_slice proxy;
  uint32_t threads;
  uint32_t budget_fetches;
  uint32_t budget_seconds;
  uint32_t reserved;
} jot_fetcher_options;
uint32_t jot_fetcher_new(const jot_fetcher_options *options,
                         jot_fetcher **fetcher,
                         jot_error *error);
void jot_fetcher_free(jot_fetcher *fetcher);
uint32_t jot_remote_keys_new(const jot_fetcher *fetcher,
                             jot_slice url,
                             const jot_keeper_options *options,
                             jot_remote_keys **keys,
                             jot_error *error);
uint32_t jot_remote_keys_discover(const jot_fetcher *fetcher,
                                  jot_slice issuer,
                                  const jot_keeper_options *options,
                                  jot_remote_keys **keys,
                                  jot_error *error);
uint32_t jot_remote_keys_set(const jot_remote_keys *keys, jot_key_set **set);
uint32_t jot_remote_keys_feed(const jot_remote_keys *keys,
                              const jot_verifier *verifier,
                              jot_slice issuer,
                              jot_error *error);
uint32_t jot_remote_keys_wait(const jot_remote_keys *keys,
                              uint32_t milliseconds);
uint32_t jot_remote_keys_retry(const jot_remote_keys *keys,
                               uint32_t code,
                               uint32_t milliseconds);
uint32_t jot_remote_keys_start(const jot_remote_keys *keys);
uint32_t jot_remote_keys_refresh_now(const jot_remote_keys *keys);
uint32_t jot_remote_keys_health(const jot_remote_keys *keys, jot_health *health);
uint32_t jot_remote_keys_reason(const jot_remote_keys *keys, jot_text *text);
size_t jot_remote_keys_snapshots(const jot_remote_keys *keys);
uint32_t jot_remote_keys_snapshot(const jot_remote_keys *keys,
                                  size_t number,
                                  int64_t *since,
                                  jot_key_set **set);
uint32_t jot_remote_keys_save(const jot_remote_keys *keys, jot_text *text);
uint32_t jot_remote_keys_restore(const jot_remote_keys *keys,
                                 jot_slice saved,
                                 jot_error *error);
void jot_remote_keys_free(jot_remote_keys *keys);
uint32_t jot_remote_revocations_new(const jot_fetcher *fetcher,
                                    jot_slice url,
                                    const jot_remote_keys *keys,
                                    jot_slice issuer,
                                    uint32_t algs,
                                    const jot_list_options *options,
                                    jot_remote_revocations **revocations,
                                    jot_error *error);
uint32_t jot_remote_revocations_feed(const jot_remote_revocations *revocations,
                                     const jot_verifier *verifier);
uint32_t jot_remote_revocations_wait(const jot_remote_revocations *revocations,
                                     uint32_t milliseconds);
uint32_t jot_remote_revocations_list(const jot_remote_revocations *revocations,
                                     jot_revocations **list);
uint32_t jot_remote_revocations_start(const jot_remote_revocations *revocations);
uint32_t jot_remote_revocations_refresh_now(const jot_remote_revocations *revocations);
uint32_t jot_remote_revocations_health(const jot_remote_revocations *revocations,
                                       jot_list_health *health);
uint32_t jot_remote_revocations_reason(const jot_remote_revocations *revocations,
                                       jot_text *text);
uint32_t jot_remote_revocations_save(const jot_remote_revocations *revocations,
                                     jot_text *text);
uint32_t jot_remote_revocations_restore(const jot_remote_revocations *revocations,
                                        jot_slice saved);
void jot_remote_revocations_free(jot_remote_revocations *revocations);
typedef struct jot_status_places {
  size_t size;
  const jot_slice *uris;
  size_t count;
  uint32_t most;
  uint32_t forget_after;
} jot_status_places;
uint32_t jot_remote_status_lists_new(const jot_fetcher *fetcher,
                                     const jot_status_places *places,
                                     const jot_remote_keys *keys,
                                     uint32_t algs,
                                     const jot_list_options *options,
                                     jot_remote_status_lists **lists,
                                     jot_error *error);
uint32_t jot_remote_status_lists_feed(const jot_remote_status_lists *lists,
                                      const jot_verifier *verifier);
uint32_t jot_remote_status_lists_wait(const jot_remote_status_lists *lists,
                                      uint32_t milliseconds);
uint32_t jot_remote_status_lists_retry(const jot_remote_status_lists *lists,
                                       uint32_t code,
                                       uint32_t milliseconds);
uint32_t jot_remote_status_lists_start(const jot_remote_status_lists *lists);
uint32_t jot_remote_status_lists_refresh_now(const jot_remote_status_lists *lists);
uint32_t jot_remote_status_lists_uris(const jot_remote_status_lists *lists,
                                      jot_text *text);
uint32_t jot_remote_status_lists_health(const jot_remote_status_lists *lists,
                                        jot_slice uri,
                                        jot_list_health *health);
uint32_t jot_remote_status_lists_reason(const jot_remote_status_lists *lists,
                                        jot_slice uri,
                                        jot_text *text);
uint64_t jot_remote_status_lists_refused(const jot_remote_status_lists *lists);
void jot_remote_status_lists_free(jot_remote_status_lists *lists);
]]

M.flat = [[
uint32_t jot_verifier_verify_flat(const jot_verifier *verifier, const char *token, size_t token_length, int64_t now, jot_scratch *scratch, jot_verdict *verdict) __asm__("jot_verifier_verify");
uint32_t jot_verifier_check_flat(const jot_verifier *verifier, const char *token, size_t token_length, int64_t now, jot_scratch *scratch, jot_verdict *verdict) __asm__("jot_verifier_check");
uint32_t jot_verifier_verify_for_flat(const jot_verifier *verifier, const char *token, size_t token_length, int64_t now, const jot_demand *demand, jot_scratch *scratch, jot_verdict *verdict) __asm__("jot_verifier_verify_for");
uint32_t jot_authorization_token_flat(const char *scheme, size_t scheme_length, const jot_slice *values, size_t count, jot_slice *token, uint32_t *found) __asm__("jot_authorization_token");
]]

return M
