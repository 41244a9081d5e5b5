
/*
 * What the files of ngx_http_jot_module share.  A file calls only files that
 * do not call it, directly or by way of others.
 *
 * The master reads and checks everything; each worker builds its own
 * verifiers of it, with caches of their own.
 */


#ifndef _NGX_HTTP_JOT_H_INCLUDED_
#define _NGX_HTTP_JOT_H_INCLUDED_


#include "ngx_http_jot_types.h"
#include "ngx_http_jot_fetch.h"


/* ngx_http_jot_commands.c: the table of the directives */

extern ngx_command_t  ngx_http_jot_commands[];

/* ngx_http_jot_conf.c: what the files of the directives share */

ngx_http_jot_settings_t *ngx_http_jot_own(ngx_conf_t *cf,
    ngx_http_jot_loc_conf_t *jlcf);
void *ngx_http_jot_push(ngx_conf_t *cf, ngx_array_t **array, size_t size);
void ngx_http_jot_note_place(ngx_conf_t *cf, ngx_http_jot_place_t *place);
ngx_int_t ngx_http_jot_literal(ngx_conf_t *cf, ngx_str_t *value,
    const char *see);

/* ngx_http_jot_complex.c: values with variables */

ngx_int_t ngx_http_jot_compile(ngx_conf_t *cf, ngx_str_t *text,
    ngx_http_complex_value_t *value);
ngx_http_complex_value_t *ngx_http_jot_compiled(ngx_conf_t *cf,
    ngx_str_t *text);
ngx_int_t ngx_http_jot_evaluate(ngx_http_request_t *r,
    ngx_http_complex_value_t *value, jot_slice *slice);

/* ngx_http_jot_words.c: what jot_scope, jot_require and jot_require_claim share */

ngx_uint_t ngx_http_jot_off(ngx_conf_t *cf, ngx_array_t **array, char *beside,
    char **rv);
ngx_int_t ngx_http_jot_parse_error(ngx_conf_t *cf, ngx_str_t *text,
    ngx_uint_t *status);
char *ngx_http_jot_read_words(ngx_conf_t *cf, ngx_array_t **words,
    const ngx_http_jot_words_t *kind);

/* ngx_http_jot_path.c: the way to a claim */

ngx_int_t ngx_http_jot_parse_path(ngx_conf_t *cf, ngx_str_t *name,
    ngx_http_jot_value_t *value);
ngx_int_t ngx_http_jot_name_path(ngx_str_t *name, ngx_http_jot_value_t *value);

/* ngx_http_jot_settings.c: the settings of rules */

void ngx_http_jot_init_settings(ngx_http_jot_settings_t *settings);
char *ngx_http_jot_enable(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_jot_algorithms(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_jot_names(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_jot_leeway(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_jot_flag(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_jot_cache(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_jot_backend(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* ngx_http_jot_rules.c: what a token must be */

ngx_http_jot_rules_t *ngx_http_jot_make_rules(ngx_conf_t *cf,
    ngx_http_jot_loc_conf_t *conf, ngx_http_jot_rules_t *outer);
char *ngx_http_jot_use_rules(ngx_conf_t *cf, ngx_http_jot_loc_conf_t *conf);
uint32_t ngx_http_jot_build(ngx_http_jot_rules_t *rules, jot_error *error);
void ngx_http_jot_free_rules(ngx_http_jot_rules_t *rules);

/* ngx_http_jot_issuer.c: whose tokens the keys verify */

ngx_int_t ngx_http_jot_group(ngx_conf_t *cf, ngx_http_jot_rules_t *rules);

/* ngx_http_jot_renew.c: what is in force, for all rules that use it */

ngx_http_jot_keys_t *ngx_http_jot_share_keys(ngx_conf_t *cf,
    ngx_array_t *files, ngx_flag_t validity);
ngx_int_t ngx_http_jot_renew(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_file_t *file, ngx_http_jot_content_t *content, char *why,
    size_t size);

/* ngx_http_jot_demand.c: what requests demand beyond the rules */

ngx_int_t ngx_http_jot_compile_demand(ngx_conf_t *cf,
    ngx_http_jot_rules_t *rules);
ngx_int_t ngx_http_jot_make_demand(ngx_http_request_t *r,
    ngx_http_jot_ctx_t *ctx);
uint32_t ngx_http_jot_ask(ngx_http_jot_ctx_t *ctx, jot_verdict *verdict);

/* ngx_http_jot_keys.c: the directives that name keys and revocations */

char *ngx_http_jot_key_file(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
ngx_http_jot_key_file_t *ngx_http_jot_name_keys(ngx_conf_t *cf, void *conf);
ngx_int_t ngx_http_jot_push_issuer(ngx_conf_t *cf,
    ngx_http_jot_key_file_t *key_file, ngx_str_t *issuer);
char *ngx_http_jot_keys(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_jot_key_set(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_jot_revoked_file(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* ngx_http_jot_text.c: the text of a file */

ngx_int_t ngx_http_jot_read(ngx_http_jot_file_t *file, ngx_str_t *text,
    ngx_http_jot_stamp_t *stamp, char *why, size_t size, ngx_log_t *log);
void ngx_http_jot_free_text(ngx_str_t *text);
void ngx_http_jot_note_stamp(ngx_http_jot_stamp_t *stamp, ngx_file_info_t *fi);
ngx_uint_t ngx_http_jot_same_stamp(ngx_http_jot_stamp_t *one,
    ngx_http_jot_stamp_t *other);
ngx_uint_t ngx_http_jot_is_stale(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_file_t *file, ngx_http_jot_stamp_t *stamp);

/* ngx_http_jot_content.c: what the text of a file says */

uint32_t ngx_http_jot_parse(ngx_http_jot_file_t *file, ngx_str_t *text,
    ngx_http_jot_content_t *content, char *why, size_t size, ngx_log_t *log);
int64_t ngx_http_jot_end(ngx_http_jot_content_t *content);
void ngx_http_jot_lapse(ngx_http_jot_file_t *file,
    ngx_http_jot_content_t *content);
void ngx_http_jot_make_stale(ngx_http_jot_file_t *file,
    ngx_http_jot_content_t *content);
void ngx_http_jot_free_content(ngx_http_jot_content_t *content);
const char *ngx_http_jot_entries(ngx_http_jot_file_t *file);

/* ngx_http_jot_file.c: the files that directives name */

ngx_http_jot_file_t *ngx_http_jot_add_file(ngx_conf_t *cf, ngx_str_t *path,
    ngx_http_jot_kind_e kind, ngx_http_jot_fetch_t *fetch);

/* ngx_http_jot_wait.c: requests that wait for keys and status lists */

ngx_uint_t ngx_http_jot_may_come(uint32_t code);
ngx_int_t ngx_http_jot_wait(ngx_http_request_t *r, ngx_http_jot_ctx_t *ctx);

/* ngx_http_jot_check.c: a file that may have changed */

void ngx_http_jot_check_file(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_file_t *file, ngx_log_t *log);

/* ngx_http_jot_status_lists.c: the status lists that tokens name */

int ngx_http_jot_want_list(void *user, jot_slice name);
ngx_uint_t ngx_http_jot_lists_come(ngx_http_jot_rules_t *rules,
    ngx_msec_t longest);
void ngx_http_jot_check_lists(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_file_t *folder, ngx_log_t *log);
void ngx_http_jot_free_lists(ngx_http_jot_statuses_t *statuses);

/* ngx_http_jot_watch.c: files that are watched */

void ngx_http_jot_check_files(ngx_http_jot_main_conf_t *jmcf, ngx_log_t *log);
void ngx_http_jot_watch_files(ngx_http_jot_main_conf_t *jmcf, ngx_log_t *log);

/* ngx_http_jot_source.c: jot_token_from */

char *ngx_http_jot_token_from(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* ngx_http_jot_token.c: where a token is; ngx_http_jot_strip.c: taking it out */

ngx_int_t ngx_http_jot_find(ngx_http_request_t *r,
    ngx_http_jot_source_t *source, ngx_str_t *token);
ngx_int_t ngx_http_jot_next_pair(ngx_str_t *rest, u_char separator,
    ngx_str_t *pair);
ngx_int_t ngx_http_jot_pair_value(ngx_str_t *pair, ngx_str_t *name,
    ngx_str_t *value);
ngx_int_t ngx_http_jot_strip(ngx_http_request_t *r,
    ngx_http_jot_source_t *source);

/* ngx_http_jot_mask.c: stars for tokens; ngx_http_jot_logs.c: in the logs */

ngx_int_t ngx_http_jot_mask_parameter(ngx_conf_t *cf, ngx_str_t *name);
ngx_uint_t ngx_http_jot_mask_text(ngx_http_request_t *r, ngx_str_t *text,
    ngx_uint_t args);
u_char *ngx_http_jot_mask(ngx_array_t *names, u_char *p, u_char *last,
    ngx_uint_t args);
ngx_int_t ngx_http_jot_note_log(ngx_conf_t *cf);
ngx_int_t ngx_http_jot_guard_access_logs(ngx_conf_t *cf);
ngx_int_t ngx_http_jot_guard_error_logs(ngx_http_jot_main_conf_t *jmcf,
    ngx_cycle_t *cycle);
void ngx_http_jot_release_error_logs(ngx_http_jot_main_conf_t *jmcf);

/* ngx_http_jot_access.c: the check */

ngx_int_t ngx_http_jot_access_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_jot_preaccess_handler(ngx_http_request_t *r);

/* ngx_http_jot_answer.c: the answer when the check fails */

ngx_int_t ngx_http_jot_refuse(ngx_http_request_t *r,
    ngx_http_jot_loc_conf_t *jlcf, ngx_http_jot_ctx_t *ctx, ngx_uint_t status);
const char *ngx_http_jot_code_name(uint32_t code);

/* ngx_http_jot_fault.c: what was at fault */

ngx_int_t ngx_http_jot_note_fault(ngx_http_request_t *r,
    ngx_http_jot_ctx_t *ctx, jot_verdict *verdict, ngx_str_t *claim);
ngx_str_t *ngx_http_jot_fault(ngx_http_request_t *r, ngx_http_jot_ctx_t *ctx);
void ngx_http_jot_tell_doubt(ngx_http_request_t *r, ngx_http_jot_ctx_t *ctx,
    jot_verdict *verdict);

/* ngx_http_jot_ctx.c: what is known of a request */

extern jot_scratch  *ngx_http_jot_scratch;
extern void         *ngx_http_jot_scratch_owner;
extern ngx_uint_t    ngx_http_jot_waiting;

ngx_http_jot_ctx_t *ngx_http_jot_get_ctx(ngx_http_request_t *r);
ngx_http_jot_ctx_t *ngx_http_jot_make_ctx(ngx_http_request_t *r);
void ngx_http_jot_end_wait(ngx_http_jot_ctx_t *ctx);

/* ngx_http_jot_require.c: jot_require_claim */

char *ngx_http_jot_require_claim(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
uint32_t ngx_http_jot_required(ngx_http_request_t *r, ngx_array_t *required,
    ngx_http_jot_require_t **unmet);

/* ngx_http_jot_notation.c: conditions as they are written */

ngx_int_t ngx_http_jot_make_condition(ngx_conf_t *cf, ngx_array_t *words,
    uint32_t flags, jot_condition **condition);

/* ngx_http_jot_scope.c: jot_scope */

char *ngx_http_jot_scope(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
uint32_t ngx_http_jot_scoped(ngx_http_request_t *r, ngx_array_t *scopes,
    ngx_http_jot_word_t **unmet);
ngx_int_t ngx_http_jot_write_scopes(ngx_http_request_t *r,
    ngx_array_t *scopes, ngx_str_t *text);

/* ngx_http_jot_condition.c: jot_require */

char *ngx_http_jot_require_variables(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
ngx_int_t ngx_http_jot_conditions(ngx_http_request_t *r,
    ngx_array_t *conditions, ngx_http_jot_word_t **unmet);

/* ngx_http_jot_resource.c: jot_protected_resource, jot_resource_metadata */

char *ngx_http_jot_protected_resource(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_jot_resource_metadata(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* ngx_http_jot_page.c: an answer with a document */

ngx_int_t ngx_http_jot_begin_page(ngx_http_request_t *r);
ngx_int_t ngx_http_jot_send_page(ngx_http_request_t *r, ngx_buf_t *b,
    ngx_str_t *type);

/* ngx_http_jot_metadata.c: the document about a protected resource */

ngx_int_t ngx_http_jot_send_resource(ngx_http_request_t *r);

/* ngx_http_jot_fresh.c: what others make of claims */

ngx_int_t ngx_http_jot_note_reading(ngx_http_request_t *r);
ngx_int_t ngx_http_jot_verdict_ctx(ngx_http_request_t *r,
    ngx_http_jot_ctx_t **verdict);
void ngx_http_jot_forget_made(ngx_http_request_t *r);

/* ngx_http_jot_variables.c: the variables of the module */

ngx_int_t ngx_http_jot_add_variables(ngx_conf_t *cf);

/* ngx_http_jot_claims.c: variables with claims; ngx_http_jot_value.c: as texts */

ngx_int_t ngx_http_jot_note_variables(ngx_conf_t *cf);
char *ngx_http_jot_claim_set(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
ngx_int_t ngx_http_jot_claim_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
ngx_int_t ngx_http_jot_claims_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
ngx_int_t ngx_http_jot_keep_values(ngx_http_request_t *r,
    ngx_http_jot_ctx_t *ctx, jot_verdict *verdict);
ngx_int_t ngx_http_jot_keep_payload(ngx_http_request_t *r,
    ngx_http_jot_ctx_t *ctx, jot_verdict *verdict);
ngx_int_t ngx_http_jot_read_value(ngx_pool_t *pool,
    ngx_http_jot_value_t *value, ngx_str_t *text);

/* ngx_http_jot_distrust.c: alerts of accelerated code that was wrong */

void ngx_http_jot_tell_distrust(ngx_http_request_t *r);

/* ngx_http_jot_count.c: counters; ngx_http_jot_status.c: the page of them */

ngx_int_t ngx_http_jot_add_counters(ngx_conf_t *cf);
ngx_atomic_t *ngx_http_jot_counters(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_rules_t *rules);
ngx_atomic_t *ngx_http_jot_file_counters(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_file_t *file);
void ngx_http_jot_count(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_rules_t *rules, uint32_t code, ngx_uint_t cached);
ngx_atomic_t *ngx_http_jot_distrusting(ngx_http_jot_main_conf_t *jmcf);
void ngx_http_jot_count_file(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_file_t *file, ngx_uint_t good);
char *ngx_http_jot_status(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);


#define ngx_http_jot_error(cf, place, ...)                                    \
    ngx_log_error(NGX_LOG_EMERG, (cf)->log, 0, __VA_ARGS__,                   \
                  (place)->name, (place)->line)


extern ngx_module_t  ngx_http_jot_module;


static ngx_inline jot_slice
ngx_http_jot_slice(ngx_str_t *text)
{
    jot_slice  slice;

    slice.ptr = text->data;
    slice.len = text->len;

    return slice;
}


static ngx_inline ngx_uint_t
ngx_http_jot_same(ngx_str_t *one, ngx_str_t *other)
{
    return one->len == other->len
           && ngx_memcmp(one->data, other->data, one->len) == 0;
}


/* Gives a variable its value. */

static ngx_inline void
ngx_http_jot_found(ngx_http_variable_value_t *v, ngx_str_t *text)
{
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;
    v->data = text->data;
    v->len = text->len;
}


#endif /* _NGX_HTTP_JOT_H_INCLUDED_ */
