
/*
 * The words of jot_scope and jot_require, with the status of each, and what
 * jot_require_claim writes alike: "off" and "error=".
 */


#include "ngx_http_jot.h"


/* Tells whether "off" is said, now or before; *rv is what is answered then. */

ngx_uint_t
ngx_http_jot_off(ngx_conf_t *cf, ngx_array_t **array, char *beside, char **rv)
{
    ngx_str_t  *value;

    value = cf->args->elts;

    if (*array == NULL) {
        *rv = "is \"off\" already";
        return 1;
    }

    if (cf->args->nelts != 2 || ngx_strcmp(value[1].data, "off") != 0) {
        return 0;
    }

    if (*array != NGX_CONF_UNSET_PTR) {
        *rv = beside;
        return 1;
    }

    *array = NULL;
    *rv = NGX_CONF_OK;

    return 1;
}


ngx_int_t
ngx_http_jot_parse_error(ngx_conf_t *cf, ngx_str_t *text, ngx_uint_t *status)
{
    if (ngx_strcmp(text->data, "error=401") == 0) {
        *status = NGX_HTTP_UNAUTHORIZED;
        return NGX_OK;
    }

    if (ngx_strcmp(text->data, "error=403") == 0) {
        *status = NGX_HTTP_FORBIDDEN;
        return NGX_OK;
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "invalid parameter \"%V\", it must be \"error=401\" or "
                       "\"error=403\"", text);

    return NGX_ERROR;
}


/* Adds words with variables to those that the location has already. */

char *
ngx_http_jot_read_words(ngx_conf_t *cf, ngx_array_t **words,
    const ngx_http_jot_words_t *kind)
{
    char                 *rv;
    ngx_str_t            *value;
    ngx_uint_t            i, first, status;
    ngx_http_jot_word_t  *word;

    value = cf->args->elts;

    if (ngx_http_jot_off(cf, words, kind->beside, &rv)) {
        return rv;
    }

    status = NGX_HTTP_FORBIDDEN;
    first = *words == NGX_CONF_UNSET_PTR ? 0 : (*words)->nelts;

    for (i = 1; i < cf->args->nelts; i++) {

        if (ngx_strncmp(value[i].data, "error=", 6) == 0) {

            if (ngx_http_jot_parse_error(cf, &value[i], &status) != NGX_OK) {
                return NGX_CONF_ERROR;
            }

            continue;
        }

        if (kind->check(cf, &value[i]) != NGX_OK) {
            return NGX_CONF_ERROR;
        }

        word = ngx_http_jot_push(cf, words, sizeof(ngx_http_jot_word_t));
        if (word == NULL) {
            return NGX_CONF_ERROR;
        }

        word->text = value[i];

        if (ngx_http_jot_compile(cf, &value[i], &word->value) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    if (*words == NGX_CONF_UNSET_PTR || (*words)->nelts == first) {
        return kind->none;
    }

    word = (*words)->elts;

    for (i = first; i < (*words)->nelts; i++) {
        word[i].status = status;
    }

    return NGX_CONF_OK;
}
