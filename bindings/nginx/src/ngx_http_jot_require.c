
/*
 * jot_require_claim: what a claim must be beyond the rules of the verifier,
 * with values that may differ from request to request.
 */


#include "ngx_http_jot.h"


static ngx_int_t ngx_http_jot_wanted(ngx_conf_t *cf, ngx_str_t *text,
    ngx_http_jot_wanted_t *wanted);
static ngx_uint_t ngx_http_jot_meets(ngx_http_request_t *r,
    ngx_http_jot_require_t *require, jot_value *claim);
static ngx_uint_t ngx_http_jot_meets_text(ngx_http_request_t *r,
    ngx_http_jot_require_t *require, jot_slice *text);
static ngx_uint_t ngx_http_jot_equals(ngx_http_request_t *r,
    ngx_http_jot_wanted_t *wanted, ngx_str_t *text);


char *
ngx_http_jot_require_claim(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_jot_loc_conf_t *jlcf = conf;

    ngx_str_t               *value;
    ngx_uint_t               i;
    ngx_http_jot_wanted_t   *wanted;
    ngx_http_jot_require_t  *require;

    value = cf->args->elts;

    if (jlcf->required == NULL) {
        return "is \"off\" already";
    }

    if (cf->args->nelts == 2 && ngx_strcmp(value[1].data, "off") == 0) {

        if (jlcf->required != NGX_CONF_UNSET_PTR) {
            return "demands claims beside \"off\"";
        }

        jlcf->required = NULL;

        return NGX_CONF_OK;
    }

    if (jlcf->required == NGX_CONF_UNSET_PTR) {
        jlcf->required = ngx_array_create(cf->pool, 2,
                                          sizeof(ngx_http_jot_require_t));
        if (jlcf->required == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    require = ngx_array_push(jlcf->required);
    if (require == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(require, sizeof(ngx_http_jot_require_t));

    require->status = NGX_HTTP_FORBIDDEN;
    require->claim.name = value[1];
    require->scope = ngx_strcmp(value[1].data, "scope") == 0
                     || ngx_strcmp(value[1].data, "scp") == 0;

    if (ngx_http_jot_parse_path(cf, &value[1], &require->claim) != NGX_OK
        || ngx_array_init(&require->wanted, cf->pool, 2,
                          sizeof(ngx_http_jot_wanted_t))
           != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    for (i = 2; i < cf->args->nelts; i++) {

        if (ngx_strncmp(value[i].data, "error=", 6) == 0) {

            if (ngx_http_jot_parse_error(cf, &value[i], &require->status)
                != NGX_OK)
            {
                return NGX_CONF_ERROR;
            }

            continue;
        }

        wanted = ngx_array_push(&require->wanted);
        if (wanted == NULL) {
            return NGX_CONF_ERROR;
        }

        if (ngx_http_jot_wanted(cf, &value[i], wanted) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_jot_wanted(ngx_conf_t *cf, ngx_str_t *text,
    ngx_http_jot_wanted_t *wanted)
{
    ngx_http_compile_complex_value_t  ccv;
#if (NGX_PCRE)
    u_char                            errstr[NGX_MAX_CONF_ERRSTR];
    ngx_regex_compile_t               rc;
#endif

    ngx_memzero(wanted, sizeof(ngx_http_jot_wanted_t));

    if (text->len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "an empty value matches none");
        return NGX_ERROR;
    }

    if (text->data[0] == '~') {

#if (NGX_PCRE)

        ngx_memzero(&rc, sizeof(ngx_regex_compile_t));

        rc.pattern.data = text->data + 1;
        rc.pattern.len = text->len - 1;
        rc.pool = cf->pool;
        rc.err.len = NGX_MAX_CONF_ERRSTR;
        rc.err.data = errstr;

        if (rc.pattern.len && rc.pattern.data[0] == '*') {
            rc.pattern.data++;
            rc.pattern.len--;
            rc.options = NGX_REGEX_CASELESS;
        }

        if (rc.pattern.len == 0) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "empty regex in \"%V\"",
                               text);
            return NGX_ERROR;
        }

        if (ngx_regex_compile(&rc) != NGX_OK) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "%V", &rc.err);
            return NGX_ERROR;
        }

        wanted->regex = rc.regex;

        return NGX_OK;

#else

        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "using regex \"%V\" requires PCRE library", text);
        return NGX_ERROR;

#endif
    }

    wanted->value = ngx_palloc(cf->pool, sizeof(ngx_http_complex_value_t));
    if (wanted->value == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

    ccv.cf = cf;
    ccv.value = text;
    ccv.complex_value = wanted->value;

    return ngx_http_compile_complex_value(&ccv);
}


/* Looks at the token that the scratch holds. */

uint32_t
ngx_http_jot_required(ngx_http_request_t *r, ngx_http_jot_require_t *require)
{
    uint32_t   code;
    jot_value  claim;

    code = jot_claims_path(ngx_http_jot_scratch, require->claim.path,
                           require->claim.depth, &claim);

    /* some issuers write scopes as an array in "scp" */

    if (code != JOT_ACCEPTED && require->scope) {
        code = jot_claims_get(ngx_http_jot_scratch, JOT_TEXT("scp"), &claim);
    }

    if (code != JOT_ACCEPTED || claim.kind == JOT_NULL) {
        return require->scope ? JOT_SCOPE_INSUFFICIENT : JOT_CLAIM_MISSING;
    }

    if (require->wanted.nelts == 0 || ngx_http_jot_meets(r, require, &claim)) {
        return JOT_ACCEPTED;
    }

    return require->scope ? JOT_SCOPE_INSUFFICIENT : JOT_CLAIM_MISMATCH;
}


static ngx_uint_t
ngx_http_jot_meets(ngx_http_request_t *r, ngx_http_jot_require_t *require,
    jot_value *claim)
{
    u_char     *p, *last;
    uint32_t    cursor;
    jot_slice   word;
    jot_value   element;

    switch (claim->kind) {

    case JOT_STRING:

        if (!require->scope) {
            break;
        }

        /* scopes are words apart by spaces (RFC 6749, 3.3) */

        p = (u_char *) claim->text.ptr;
        last = p + claim->text.len;

        while (p < last) {

            word.ptr = p;

            while (p < last && *p != ' ') {
                p++;
            }

            word.len = p - word.ptr;

            if (word.len && ngx_http_jot_meets_text(r, require, &word)) {
                return 1;
            }

            p++;
        }

        return 0;

    case JOT_NUMBER:
    case JOT_BOOLEAN:
        break;

    case JOT_ARRAY:

        cursor = 0;

        while (jot_value_next(ngx_http_jot_scratch, claim, &cursor, NULL,
                              &element)
               == JOT_ACCEPTED)
        {
            if ((element.kind == JOT_STRING || element.kind == JOT_NUMBER
                 || element.kind == JOT_BOOLEAN)
                && ngx_http_jot_meets_text(r, require, &element.text))
            {
                return 1;
            }
        }

        return 0;

    default:
        return 0;
    }

    return ngx_http_jot_meets_text(r, require, &claim->text);
}


static ngx_uint_t
ngx_http_jot_meets_text(ngx_http_request_t *r, ngx_http_jot_require_t *require,
    jot_slice *text)
{
    ngx_str_t               found;
    ngx_uint_t              i;
    ngx_http_jot_wanted_t  *wanted;

    found.data = (u_char *) text->ptr;
    found.len = text->len;

    wanted = require->wanted.elts;

    for (i = 0; i < require->wanted.nelts; i++) {
        if (ngx_http_jot_equals(r, &wanted[i], &found)) {
            return 1;
        }
    }

    return 0;
}


static ngx_uint_t
ngx_http_jot_equals(ngx_http_request_t *r, ngx_http_jot_wanted_t *wanted,
    ngx_str_t *text)
{
    ngx_str_t  value;

#if (NGX_PCRE)

    if (wanted->regex) {
        return ngx_regex_exec(wanted->regex, text, NULL, 0) >= 0;
    }

#endif

    if (ngx_http_complex_value(r, wanted->value, &value) != NGX_OK) {
        return 0;
    }

    /* a variable that is not set must not match a claim that is empty */

    return value.len
           && value.len == text->len
           && ngx_memcmp(value.data, text->data, text->len) == 0;
}
