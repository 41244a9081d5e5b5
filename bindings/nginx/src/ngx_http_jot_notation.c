
/*
 * Conditions as they are written in the configuration.  The library reads them;
 * here an error is told with what cures it.
 */


#include "ngx_http_jot.h"


static ngx_int_t ngx_http_jot_check_pattern(ngx_conf_t *cf,
    ngx_str_t *pattern);
static void ngx_http_jot_tell_test(ngx_conf_t *cf, ngx_str_t *name,
    ngx_str_t *test);


/* The words are a name, "not" if it is negated, a test and its operands. */

ngx_int_t
ngx_http_jot_make_condition(ngx_conf_t *cf, ngx_array_t *words, uint32_t flags,
    jot_condition **condition)
{
    char         message[512];
    uint32_t     code;
    jot_slice   *slice;
    jot_error    error;
    ngx_str_t   *word, *test;
    ngx_uint_t   i;

    slice = ngx_palloc(cf->temp_pool, words->nelts * sizeof(jot_slice));
    if (slice == NULL) {
        return NGX_ERROR;
    }

    word = words->elts;
    i = words->nelts > 2 && ngx_strcmp(word[1].data, "not") == 0;
    test = &word[1 + i];

    if (ngx_strcmp(test->data, "regex") == 0
        && ngx_http_jot_check_pattern(cf, &word[words->nelts - 1]) != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (i = 0; i < words->nelts; i++) {
        slice[i] = ngx_http_jot_slice(&word[i]);
    }

    ngx_memzero(&error, sizeof(jot_error));
    error.size = sizeof(jot_error);

    code = jot_condition_new(NULL, 0, slice, words->nelts, flags, condition,
                             &error);
    if (code == JOT_ACCEPTED) {
        return NGX_OK;
    }

    if (code == JOT_CONDITION_TEST) {
        ngx_http_jot_tell_test(cf, word, test);
        return NGX_ERROR;
    }

    (void) jot_error_message(&error, message, sizeof(message), NULL);

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "%s%s", message,
                       flags == JOT_CONDITION_TEXT
                           && code == JOT_CONDITION_OPERAND
                           ? " A variable is a text and no number."
                           : "");

    return NGX_ERROR;
}


/* A "$" before a name is meant for a variable, and could match nothing. */

static ngx_int_t
ngx_http_jot_check_pattern(ngx_conf_t *cf, ngx_str_t *pattern)
{
    u_char  c;
    size_t  i;

    for (i = 0; i + 1 < pattern->len; i++) {

        if (pattern->data[i] == '\\') {
            i++;
            continue;
        }

        c = pattern->data[i + 1];

        if (pattern->data[i] == '$'
            && (c == '{' || c == '_' || (c >= '0' && c <= '9')
                || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')))
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "variables are not supported in a regular "
                               "expression: \"%V\"", pattern);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* Values, and expressions after a tilde, followed the name once. */

static void
ngx_http_jot_tell_test(ngx_conf_t *cf, ngx_str_t *name, ngx_str_t *test)
{
    ngx_str_t   pattern;
    ngx_uint_t  caseless;

    if (test->len && test->data[0] == '~') {

        pattern = *test;
        caseless = pattern.len > 1 && pattern.data[1] == '*';
        pattern.data += 1 + caseless;
        pattern.len -= 1 + caseless;

        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is no test; a claim in which an expression "
                           "matches is \"%V regex '%s.*(%V).*'\"", test, name,
                           caseless ? "(?i)" : "", &pattern);
        return;
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "\"%V\" is no test; a claim that is one of several "
                       "values is \"%V any_of %V ...\", an array that has one "
                       "of them \"%V contains %V ...\"; the tests are present, "
                       "equals, any_of, contains, prefix, regex, ge, gt, le "
                       "and lt", test, name, test, name, test);
}
