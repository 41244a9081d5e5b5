
/*
 * jot_require_claim: a condition on a claim, in the notation of the library.
 *
 * A condition of constant words is made with the configuration.  Where a word
 * has variables, one is made for each request; the values of variables have no
 * type and are never read as JSON.
 */


#include "ngx_http_jot.h"


static ngx_int_t ngx_http_jot_check_name(ngx_conf_t *cf, ngx_str_t *name);
static ngx_int_t ngx_http_jot_compile_condition(ngx_conf_t *cf,
    ngx_http_jot_require_t *require, ngx_array_t *words);
static ngx_int_t ngx_http_jot_compile_operands(ngx_conf_t *cf,
    ngx_http_jot_require_t *require, ngx_array_t *words);
static void ngx_http_jot_free_condition(void *data);
static uint32_t ngx_http_jot_meet_texts(ngx_http_request_t *r,
    ngx_array_t *words);


char *
ngx_http_jot_require_claim(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_jot_loc_conf_t *jlcf = conf;

    char                    *rv;
    ngx_str_t               *value, *word;
    ngx_uint_t               i;
    ngx_array_t              words;
    ngx_http_jot_require_t  *require;

    value = cf->args->elts;

    if (ngx_http_jot_off(cf, &jlcf->required,
                         "demands claims beside \"off\"", &rv))
    {
        return rv;
    }

    if (ngx_http_jot_check_name(cf, &value[1]) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    require = ngx_http_jot_push(cf, &jlcf->required,
                                sizeof(ngx_http_jot_require_t));
    if (require == NULL
        || ngx_array_init(&words, cf->temp_pool, cf->args->nelts,
                          sizeof(ngx_str_t))
           != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(require, sizeof(ngx_http_jot_require_t));

    require->name = value[1];
    require->status = NGX_HTTP_FORBIDDEN;

    for (i = 1; i < cf->args->nelts; i++) {

        if (i > 1 && ngx_strncmp(value[i].data, "error=", 6) == 0) {

            if (ngx_http_jot_parse_error(cf, &value[i], &require->status)
                != NGX_OK)
            {
                return NGX_CONF_ERROR;
            }

            continue;
        }

        word = ngx_array_push(&words);
        if (word == NULL) {
            return NGX_CONF_ERROR;
        }

        *word = value[i];
    }

    if (words.nelts == 1) {

        word = ngx_array_push(&words);
        if (word == NULL) {
            return NGX_CONF_ERROR;
        }

        ngx_str_set(word, "present");
    }

    if (ngx_http_jot_compile_condition(cf, require, &words) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_jot_check_name(ngx_conf_t *cf, ngx_str_t *name)
{
    if (name->len && name->data[0] == '$') {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "variables are not supported in the name of a "
                           "claim; one that is called so is \"/%V\"", name);
        return NGX_ERROR;
    }

    /* what was a demand for scopes must not become a weaker one unseen */

    if (ngx_strcmp(name->data, "scope") == 0
        || ngx_strcmp(name->data, "scp") == 0)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "scopes are demanded by \"jot_scope\"; the claim "
                           "itself is \"/%V\"", name);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_jot_compile_condition(ngx_conf_t *cf, ngx_http_jot_require_t *require,
    ngx_array_t *words)
{
    ngx_str_t           *word, *test;
    ngx_uint_t           i, variables;
    ngx_pool_cleanup_t  *cln;

    word = words->elts;
    test = &word[1];

    if (words->nelts > 2 && ngx_strcmp(test->data, "not") == 0) {
        test++;
    }

    variables = 0;

    /* in an expression "$" is the end of the text */

    if (ngx_strcmp(test->data, "regex") != 0) {
        for (i = test - word + 1; i < words->nelts; i++) {
            variables += ngx_http_script_variables_count(&word[i]);
        }
    }

    if (variables) {
        return ngx_http_jot_compile_operands(cf, require, words);
    }

    if (ngx_http_jot_make_condition(cf, words, 0, &require->condition)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    cln = ngx_pool_cleanup_add(cf->pool, 0);
    if (cln == NULL) {
        jot_condition_free(require->condition);
        return NGX_ERROR;
    }

    cln->handler = ngx_http_jot_free_condition;
    cln->data = require->condition;

    return NGX_OK;
}


/* Keeps the words, and tries whether they make a condition. */

static ngx_int_t
ngx_http_jot_compile_operands(ngx_conf_t *cf, ngx_http_jot_require_t *require,
    ngx_array_t *words)
{
    ngx_str_t                 *word;
    ngx_uint_t                 i;
    jot_condition             *condition;
    ngx_http_complex_value_t  *value;

    if (ngx_http_jot_make_condition(cf, words, JOT_CONDITION_TEXT, &condition)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    jot_condition_free(condition);

    require->words = ngx_array_create(cf->pool, words->nelts,
                                      sizeof(ngx_http_complex_value_t));
    if (require->words == NULL) {
        return NGX_ERROR;
    }

    word = words->elts;

    for (i = 0; i < words->nelts; i++) {

        if (i && word[i].len && word[i].data[0] == '"') {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "an operand beside one with variables is a "
                               "text and needs no quotes of JSON: \"%V\"",
                               &word[i]);
            return NGX_ERROR;
        }

        value = ngx_array_push(require->words);
        if (value == NULL) {
            return NGX_ERROR;
        }

        if (i == 0) {
            ngx_memzero(value, sizeof(ngx_http_complex_value_t));
            value->value = word[0];
            continue;
        }

        if (ngx_http_jot_compile(cf, &word[i], value) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static void
ngx_http_jot_free_condition(void *data)
{
    jot_condition_free(data);
}


/* Looks at the token that the scratch holds; *unmet is what it does not meet. */

uint32_t
ngx_http_jot_required(ngx_http_request_t *r, ngx_array_t *required,
    ngx_http_jot_require_t **unmet)
{
    uint32_t                 code;
    ngx_uint_t               i;
    ngx_http_jot_require_t  *require;

    require = required->elts;

    for (i = 0; i < required->nelts; i++) {

        *unmet = &require[i];

        code = require[i].words
                   ? ngx_http_jot_meet_texts(r, require[i].words)
                   : jot_claims_meet(ngx_http_jot_scratch,
                                     require[i].condition);

        if (code != JOT_ACCEPTED) {
            return code;
        }
    }

    return JOT_ACCEPTED;
}


static uint32_t
ngx_http_jot_meet_texts(ngx_http_request_t *r, ngx_array_t *words)
{
    uint32_t                   code;
    jot_slice                 *word;
    ngx_uint_t                 i;
    jot_condition             *condition;
    ngx_http_complex_value_t  *value;

    word = ngx_palloc(r->pool, words->nelts * sizeof(jot_slice));
    if (word == NULL) {
        return JOT_INTERNAL;
    }

    value = words->elts;

    for (i = 0; i < words->nelts; i++) {

        if (ngx_http_jot_evaluate(r, &value[i], &word[i]) != NGX_OK) {
            return JOT_INTERNAL;
        }
    }

    code = jot_condition_new(NULL, 0, word, words->nelts, JOT_CONDITION_TEXT,
                             &condition, NULL);

    /* no claim is equal to what is not UTF-8 */

    if (code == JOT_ARGUMENT_TEXT) {
        return JOT_CLAIM_MISMATCH;
    }

    if (code != JOT_ACCEPTED) {
        return code;
    }

    code = jot_claims_meet(ngx_http_jot_scratch, condition);
    jot_condition_free(condition);

    return code;
}
