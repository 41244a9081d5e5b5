
/*
 * The way to a claim, as it is written in the configuration.
 */


#include "ngx_http_jot.h"


static ngx_uint_t ngx_http_jot_begins(ngx_str_t *name, ngx_str_t *prefix);


static ngx_str_t  ngx_http_jot_claim_prefix = ngx_string("jot_claim_");
static ngx_str_t  ngx_http_jot_header_prefix = ngx_string("jot_header_");
static ngx_str_t  ngx_http_jot_refused_prefix =
                      ngx_string("jot_refused_claim_");


/*
 * "name" is a claim at the top, "/a/b" the JSON Pointer (RFC 6901) of one
 * within objects.  Names with any character can be written so.
 */

ngx_int_t
ngx_http_jot_parse_path(ngx_conf_t *cf, ngx_str_t *name,
    ngx_http_jot_value_t *value)
{
    u_char  *p, *last, *dst, *start;

    value->depth = 0;

    if (name->len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "the name of a claim is empty");
        return NGX_ERROR;
    }

    if (name->data[0] == '$') {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "variables are not supported in the name of a "
                           "claim; one that is called so is \"/%V\"", name);
        return NGX_ERROR;
    }

    if (name->data[0] != '/') {
        value->depth = 1;
        value->path[0] = ngx_http_jot_slice(name);
        return NGX_OK;
    }

    dst = ngx_pnalloc(cf->pool, name->len);
    if (dst == NULL) {
        return NGX_ERROR;
    }

    p = name->data;
    last = name->data + name->len;

    while (p < last) {

        if (value->depth == NGX_HTTP_JOT_MAX_PATH) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" is deeper than %d names", name,
                               NGX_HTTP_JOT_MAX_PATH);
            return NGX_ERROR;
        }

        start = dst;

        for (p++; p < last && *p != '/'; p++) {

            if (*p != '~') {
                *dst++ = *p;
                continue;
            }

            if (p + 1 == last || (p[1] != '0' && p[1] != '1')) {
                ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                                   "\"~\" in \"%V\" must be followed by "
                                   "\"0\" or \"1\"", name);
                return NGX_ERROR;
            }

            *dst++ = (*++p == '0') ? '~' : '/';
        }

        value->path[value->depth].ptr = start;
        value->path[value->depth].len = dst - start;
        value->depth++;
    }

    return NGX_OK;
}


/* "jot_claim_a__b" is the member "b" of the claim "a". */

ngx_int_t
ngx_http_jot_name_path(ngx_str_t *name, ngx_http_jot_value_t *value)
{
    u_char     *p, *last, *start;
    ngx_str_t  *prefix;

    ngx_memzero(value, sizeof(ngx_http_jot_value_t));

    if (ngx_http_jot_begins(name, &ngx_http_jot_claim_prefix)) {
        prefix = &ngx_http_jot_claim_prefix;

    } else if (ngx_http_jot_begins(name, &ngx_http_jot_header_prefix)) {
        prefix = &ngx_http_jot_header_prefix;
        value->header = 1;

    } else if (ngx_http_jot_begins(name, &ngx_http_jot_refused_prefix)) {
        prefix = &ngx_http_jot_refused_prefix;
        value->refused = 1;

    } else {
        return NGX_DECLINED;
    }

    value->name = *name;

    start = name->data + prefix->len;
    last = name->data + name->len;

    for (p = start; p <= last; p++) {

        if (p < last && (last - p < 3 || p == start
                         || p[0] != '_' || p[1] != '_'))
        {
            continue;
        }

        if (value->depth == NGX_HTTP_JOT_MAX_PATH) {
            return NGX_DECLINED;
        }

        value->path[value->depth].ptr = start;
        value->path[value->depth].len = p - start;
        value->depth++;

        start = p + 2;
        p++;
    }

    return NGX_OK;
}


static ngx_uint_t
ngx_http_jot_begins(ngx_str_t *name, ngx_str_t *prefix)
{
    return name->len > prefix->len
           && ngx_strncmp(name->data, prefix->data, prefix->len) == 0;
}
