
/*
 * Values with variables: compiled with the configuration, evaluated for each
 * request.
 */


#include "ngx_http_jot.h"


ngx_int_t
ngx_http_jot_compile(ngx_conf_t *cf, ngx_str_t *text,
    ngx_http_complex_value_t *value)
{
    ngx_http_compile_complex_value_t  ccv;

    ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

    ccv.cf = cf;
    ccv.value = text;
    ccv.complex_value = value;

    return ngx_http_compile_complex_value(&ccv);
}


ngx_http_complex_value_t *
ngx_http_jot_compiled(ngx_conf_t *cf, ngx_str_t *text)
{
    ngx_http_complex_value_t  *value;

    value = ngx_palloc(cf->pool, sizeof(ngx_http_complex_value_t));

    if (value == NULL || ngx_http_jot_compile(cf, text, value) != NGX_OK) {
        return NULL;
    }

    return value;
}


/* A text that is empty is not one that is absent: its pointer is not NULL. */

ngx_int_t
ngx_http_jot_evaluate(ngx_http_request_t *r, ngx_http_complex_value_t *value,
    jot_slice *slice)
{
    ngx_str_t  text;

    if (ngx_http_complex_value(r, value, &text) != NGX_OK) {
        return NGX_ERROR;
    }

    if (text.len == 0) {
        ngx_str_set(&text, "");
    }

    *slice = ngx_http_jot_slice(&text);

    return NGX_OK;
}
