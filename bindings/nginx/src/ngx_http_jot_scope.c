
/*
 * jot_scope: scopes that the token must grant, each of them.
 */


#include "ngx_http_jot.h"


static ngx_int_t ngx_http_jot_check_scope(ngx_conf_t *cf, ngx_str_t *text);
static ngx_uint_t ngx_http_jot_is_plain(ngx_str_t *scope);


char *
ngx_http_jot_scope(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_jot_loc_conf_t *jlcf = conf;

    static const ngx_http_jot_words_t  kind = {
        "demands scopes beside \"off\"",
        "names no scope",
        ngx_http_jot_check_scope
    };

    return ngx_http_jot_read_words(cf, &jlcf->scopes, &kind);
}


/* No token grants an empty scope or one with a space (RFC 6749, 3.3). */

static ngx_int_t
ngx_http_jot_check_scope(ngx_conf_t *cf, ngx_str_t *text)
{
    if (text->len && ngx_strchr(text->data, ' ') == NULL) {
        return NGX_OK;
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "\"%V\" is no scope; several are words of their own",
                       text);
    return NGX_ERROR;
}


/* Looks at the token that the scratch holds; *unmet is what it does not grant. */

uint32_t
ngx_http_jot_scoped(ngx_http_request_t *r, ngx_array_t *scopes,
    ngx_http_jot_word_t **unmet)
{
    uint32_t              code;
    jot_slice             slice;
    ngx_uint_t            i;
    ngx_http_jot_word_t  *scope;

    scope = scopes->elts;

    for (i = 0; i < scopes->nelts; i++) {

        *unmet = &scope[i];

        if (ngx_http_jot_evaluate(r, &scope[i].value, &slice) != NGX_OK) {
            return JOT_INTERNAL;
        }

        code = jot_claims_have_scopes(ngx_http_jot_scratch, &slice, 1);

        /* no token grants what is no text */

        if (code == JOT_ARGUMENT_TEXT) {
            code = JOT_SCOPE_INSUFFICIENT;
        }

        if (code != JOT_ACCEPTED) {
            return code;
        }
    }

    return JOT_ACCEPTED;
}


/*
 * Writes the scopes of a location with spaces in between, for the challenge.
 * One that has other characters than a scope is left out (RFC 6750, 3).
 */

ngx_int_t
ngx_http_jot_write_scopes(ngx_http_request_t *r, ngx_array_t *scopes,
    ngx_str_t *text)
{
    u_char               *p;
    size_t                len;
    ngx_str_t            *one;
    ngx_uint_t            i;
    ngx_http_jot_word_t  *scope;

    one = ngx_palloc(r->pool, scopes->nelts * sizeof(ngx_str_t));
    if (one == NULL) {
        return NGX_ERROR;
    }

    scope = scopes->elts;
    len = 0;

    for (i = 0; i < scopes->nelts; i++) {

        if (ngx_http_complex_value(r, &scope[i].value, &one[i]) != NGX_OK) {
            return NGX_ERROR;
        }

        len += one[i].len + 1;
    }

    text->data = ngx_pnalloc(r->pool, len);
    if (text->data == NULL) {
        return NGX_ERROR;
    }

    p = text->data;

    for (i = 0; i < scopes->nelts; i++) {

        if (!ngx_http_jot_is_plain(&one[i])) {
            continue;
        }

        if (p != text->data) {
            *p++ = ' ';
        }

        p = ngx_cpymem(p, one[i].data, one[i].len);
    }

    text->len = p - text->data;

    return NGX_OK;
}


static ngx_uint_t
ngx_http_jot_is_plain(ngx_str_t *scope)
{
    size_t  i;

    for (i = 0; i < scope->len; i++) {

        if (scope->data[i] <= 0x20 || scope->data[i] > 0x7e
            || scope->data[i] == '"' || scope->data[i] == '\\')
        {
            return 0;
        }
    }

    return scope->len != 0;
}
