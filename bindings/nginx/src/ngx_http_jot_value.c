
/*
 * Claims and Header Parameters as texts.
 */


#include "ngx_http_jot.h"


static ngx_int_t ngx_http_jot_join(ngx_pool_t *pool, jot_value *array,
    ngx_str_t *text);
static ngx_int_t ngx_http_jot_copy(ngx_pool_t *pool, jot_slice *json,
    ngx_str_t *text);
static ngx_uint_t ngx_http_jot_is_clean(jot_slice *text, u_char separator);


/* Copies what the scratch holds for as long as the request lives. */

ngx_int_t
ngx_http_jot_keep_values(ngx_http_request_t *r, ngx_http_jot_ctx_t *ctx,
    jot_verdict *verdict)
{
    ngx_uint_t                 i;
    ngx_http_jot_value_t      *value;
    ngx_http_jot_main_conf_t  *jmcf;

    jmcf = ngx_http_get_module_main_conf(r, ngx_http_jot_module);

    ngx_str_null(&ctx->payload);

    if (jmcf->payload
        && ngx_http_jot_keep_payload(r, ctx, verdict) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (jmcf->values.nelts == 0) {
        return NGX_OK;
    }

    if (ctx->values == NULL) {
        ctx->values = ngx_palloc(r->pool,
                                 jmcf->values.nelts * sizeof(ngx_str_t));
        if (ctx->values == NULL) {
            return NGX_ERROR;
        }
    }

    value = jmcf->values.elts;

    for (i = 0; i < jmcf->values.nelts; i++) {

        if (ngx_http_jot_read_value(r->pool, &value[i], &ctx->values[i])
            == NGX_ERROR)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_jot_keep_payload(ngx_http_request_t *r, ngx_http_jot_ctx_t *ctx,
    jot_verdict *verdict)
{
    return ngx_http_jot_copy(r->pool, &verdict->payload, &ctx->payload);
}


/*
 * A value may end up in a header line.  One that would break it, or that
 * could be taken for several, is left out rather than changed.
 */

ngx_int_t
ngx_http_jot_read_value(ngx_pool_t *pool, ngx_http_jot_value_t *value,
    ngx_str_t *text)
{
    uint32_t   code;
    jot_value  found;

    ngx_str_null(text);

    code = value->header
               ? jot_header_path(ngx_http_jot_scratch, value->path,
                                 value->depth, &found)
               : jot_claims_path(ngx_http_jot_scratch, value->path,
                                 value->depth, &found);

    if (code != JOT_ACCEPTED) {
        return NGX_DECLINED;
    }

    switch (found.kind) {

    case JOT_STRING:

        if (!ngx_http_jot_is_clean(&found.text, '\0')) {
            return NGX_DECLINED;
        }

        break;

    case JOT_NULL:
        return NGX_DECLINED;

    case JOT_ARRAY:
        return ngx_http_jot_join(pool, &found, text);

    default:
        break;
    }

    return ngx_http_jot_copy(pool, &found.text, text);
}


static ngx_int_t
ngx_http_jot_join(ngx_pool_t *pool, jot_value *array, ngx_str_t *text)
{
    u_char     *p;
    uint32_t    cursor;
    jot_value   element;

    /* the elements are never longer than the JSON that holds them */

    text->data = ngx_pnalloc(pool, array->text.len + 1);
    if (text->data == NULL) {
        return NGX_ERROR;
    }

    p = text->data;
    cursor = 0;

    while (jot_value_next(ngx_http_jot_scratch, array, &cursor, NULL, &element)
           == JOT_ACCEPTED)
    {
        if ((element.kind != JOT_STRING && element.kind != JOT_NUMBER
             && element.kind != JOT_BOOLEAN)
            || !ngx_http_jot_is_clean(&element.text, ','))
        {
            ngx_str_null(text);
            return NGX_DECLINED;
        }

        if (p != text->data) {
            *p++ = ',';
        }

        p = ngx_cpymem(p, element.text.ptr, element.text.len);
    }

    text->len = p - text->data;

    return NGX_OK;
}


/* JSON without its line breaks, which stand outside of strings only. */

static ngx_int_t
ngx_http_jot_copy(ngx_pool_t *pool, jot_slice *json, ngx_str_t *text)
{
    size_t  i;

    text->data = ngx_pnalloc(pool, json->len + 1);
    if (text->data == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < json->len; i++) {
        text->data[i] = json->ptr[i] < 0x20 ? ' ' : json->ptr[i];
    }

    text->len = json->len;

    return NGX_OK;
}


static ngx_uint_t
ngx_http_jot_is_clean(jot_slice *text, u_char separator)
{
    size_t  i;

    for (i = 0; i < text->len; i++) {

        if (text->ptr[i] < 0x20 || text->ptr[i] == 0x7f
            || text->ptr[i] == separator)
        {
            return 0;
        }
    }

    return 1;
}
