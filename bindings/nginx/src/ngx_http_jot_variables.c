
/*
 * The variables of the module, and those that tell the verdict: $jot_status,
 * $jot_code, $jot_fault.
 */


#include "ngx_http_jot.h"


static ngx_int_t ngx_http_jot_status_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_jot_code_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_jot_fault_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);


static ngx_http_variable_t  ngx_http_jot_variables[] = {

    { ngx_string("jot_claims"), NULL, ngx_http_jot_claims_variable, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("jot_status"), NULL, ngx_http_jot_status_variable, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("jot_code"), NULL, ngx_http_jot_code_variable, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("jot_fault"), NULL, ngx_http_jot_fault_variable, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("jot_claim_"), NULL, ngx_http_jot_claim_variable, 0,
      NGX_HTTP_VAR_NOCACHEABLE|NGX_HTTP_VAR_PREFIX, 0 },

    { ngx_string("jot_refused_claim_"), NULL, ngx_http_jot_claim_variable, 0,
      NGX_HTTP_VAR_NOCACHEABLE|NGX_HTTP_VAR_PREFIX, 0 },

    { ngx_string("jot_header_"), NULL, ngx_http_jot_claim_variable, 0,
      NGX_HTTP_VAR_NOCACHEABLE|NGX_HTTP_VAR_PREFIX, 0 },

      ngx_http_null_variable
};


ngx_int_t
ngx_http_jot_add_variables(ngx_conf_t *cf)
{
    ngx_http_variable_t  *var, *v;

    for (v = ngx_http_jot_variables; v->name.len; v++) {

        var = ngx_http_add_variable(cf, &v->name, v->flags);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = v->get_handler;
        var->data = v->data;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_jot_fault_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_str_t           *text;
    ngx_http_jot_ctx_t  *ctx;

    if (ngx_http_jot_verdict_ctx(r, &ctx) != NGX_OK) {
        return NGX_ERROR;
    }

    v->not_found = 1;

    if (ctx && !ctx->accepted) {

        text = ngx_http_jot_fault(r, ctx);

        if (text->len) {
            ngx_http_jot_found(v, text);
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_jot_status_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_str_t            text;
    ngx_http_jot_ctx_t  *ctx;

    if (ngx_http_jot_verdict_ctx(r, &ctx) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ctx == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    if (ctx->accepted) {
        ngx_str_set(&text, "accepted");

    } else if (ctx->code == NGX_HTTP_JOT_TOKEN_MISSING) {
        ngx_str_set(&text, "missing");

    } else {
        ngx_str_set(&text, "refused");
    }

    ngx_http_jot_found(v, &text);

    return NGX_OK;
}


static ngx_int_t
ngx_http_jot_code_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_str_t            text;
    ngx_http_jot_ctx_t  *ctx;

    if (ngx_http_jot_verdict_ctx(r, &ctx) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ctx == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    text.data = (u_char *) ngx_http_jot_code_name(ctx->code);
    text.len = ngx_strlen(text.data);

    ngx_http_jot_found(v, &text);

    return NGX_OK;
}
