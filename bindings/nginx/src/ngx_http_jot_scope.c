
/*
 * jot_scope: scopes that the token must grant, each of them.
 */


#include "ngx_http_jot.h"


static ngx_uint_t ngx_http_jot_is_plain(ngx_str_t *scope);


char *
ngx_http_jot_scope(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_jot_loc_conf_t *jlcf = conf;

    ngx_str_t                         *value;
    ngx_uint_t                         i, first, status;
    ngx_http_jot_scope_t              *scope;
    ngx_http_compile_complex_value_t   ccv;

    value = cf->args->elts;

    if (jlcf->scopes == NULL) {
        return "is \"off\" already";
    }

    if (cf->args->nelts == 2 && ngx_strcmp(value[1].data, "off") == 0) {

        if (jlcf->scopes != NGX_CONF_UNSET_PTR) {
            return "demands scopes beside \"off\"";
        }

        jlcf->scopes = NULL;

        return NGX_CONF_OK;
    }

    status = NGX_HTTP_FORBIDDEN;
    first = jlcf->scopes == NGX_CONF_UNSET_PTR ? 0 : jlcf->scopes->nelts;

    for (i = 1; i < cf->args->nelts; i++) {

        if (ngx_strncmp(value[i].data, "error=", 6) == 0) {

            if (ngx_http_jot_parse_error(cf, &value[i], &status) != NGX_OK) {
                return NGX_CONF_ERROR;
            }

            continue;
        }

        /* no token grants these (RFC 6749, 3.3) */

        if (value[i].len == 0 || ngx_strchr(value[i].data, ' ')) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" is no scope; several are words of their "
                               "own", &value[i]);
            return NGX_CONF_ERROR;
        }

        scope = ngx_http_jot_push(cf, &jlcf->scopes,
                                  sizeof(ngx_http_jot_scope_t));
        if (scope == NULL) {
            return NGX_CONF_ERROR;
        }

        ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

        ccv.cf = cf;
        ccv.value = &value[i];
        ccv.complex_value = &scope->value;

        if (ngx_http_compile_complex_value(&ccv) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    if (jlcf->scopes == NGX_CONF_UNSET_PTR || jlcf->scopes->nelts == first) {
        return "names no scope";
    }

    scope = jlcf->scopes->elts;

    for (i = first; i < jlcf->scopes->nelts; i++) {
        scope[i].status = status;
    }

    return NGX_CONF_OK;
}


/* Looks at the token that the scratch holds; *unmet is what it does not grant. */

uint32_t
ngx_http_jot_scoped(ngx_http_request_t *r, ngx_array_t *scopes,
    ngx_http_jot_scope_t **unmet)
{
    uint32_t               code;
    ngx_str_t              text;
    jot_slice              slice;
    ngx_uint_t             i;
    ngx_http_jot_scope_t  *scope;

    scope = scopes->elts;

    for (i = 0; i < scopes->nelts; i++) {

        *unmet = &scope[i];

        if (ngx_http_complex_value(r, &scope[i].value, &text) != NGX_OK) {
            return JOT_INTERNAL;
        }

        if (text.len == 0) {
            ngx_str_set(&text, "");
        }

        slice = ngx_http_jot_slice(&text);

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
    u_char                *p;
    size_t                 len;
    ngx_str_t             *one;
    ngx_uint_t             i;
    ngx_http_jot_scope_t  *scope;

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
