
/*
 * $jot_claim_NAME, $jot_header_NAME, $jot_claims, and those of jot_claim_set.
 *
 * The scratch holds one token at a time, so the values that the configuration
 * speaks of are copied when the token was verified.  Others, which a script
 * may ask for by a name made at run time, are read by verifying once more at
 * the same instant.
 */


#include "ngx_http_jot.h"


static ngx_int_t ngx_http_jot_set_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_jot_recall(ngx_http_jot_ctx_t *ctx,
    jot_verdict *verdict);


char *
ngx_http_jot_claim_set(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_jot_main_conf_t *jmcf = conf;

    ngx_str_t              name, *args;
    ngx_http_variable_t   *var;
    ngx_http_jot_value_t  *value;

    args = cf->args->elts;
    name = args[1];

    if (name.len < 2 || name.data[0] != '$') {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid variable name \"%V\"",
                           &name);
        return NGX_CONF_ERROR;
    }

    name.data++;
    name.len--;

    var = ngx_http_add_variable(cf, &name, NGX_HTTP_VAR_NOCACHEABLE);
    if (var == NULL) {
        return NGX_CONF_ERROR;
    }

    value = ngx_array_push(&jmcf->values);
    if (value == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(value, sizeof(ngx_http_jot_value_t));

    if (ngx_http_jot_parse_path(cf, &args[2], value) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    var->get_handler = ngx_http_jot_set_variable;
    var->data = jmcf->values.nelts - 1;

    return NGX_CONF_OK;
}


/* Notes which claims the configuration speaks of. */

ngx_int_t
ngx_http_jot_note_variables(ngx_conf_t *cf)
{
    ngx_uint_t                  i;
    ngx_http_variable_t        *v;
    ngx_http_jot_value_t        value, *noted;
    ngx_http_jot_main_conf_t   *jmcf;
    ngx_http_core_main_conf_t  *cmcf;

    jmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_jot_module);
    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    v = cmcf->variables.elts;

    for (i = 0; i < cmcf->variables.nelts; i++) {

        if (v[i].name.len == sizeof("jot_claims") - 1
            && ngx_strncmp(v[i].name.data, "jot_claims", v[i].name.len) == 0)
        {
            jmcf->payload = 1;
            continue;
        }

        if (ngx_http_jot_name_path(&v[i].name, &value) != NGX_OK) {
            continue;
        }

        noted = ngx_array_push(&jmcf->values);
        if (noted == NULL) {
            return NGX_ERROR;
        }

        *noted = value;

        if (value.refused) {
            jmcf->refused = 1;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_jot_set_variable(ngx_http_request_t *r, ngx_http_variable_value_t *v,
    uintptr_t data)
{
    ngx_http_jot_ctx_t  *ctx;

    if (ngx_http_jot_verdict_ctx(r, &ctx) != NGX_OK) {
        return NGX_ERROR;
    }

    v->not_found = 1;

    if (ctx && ctx->accepted && ctx->values && ctx->values[data].data) {
        ngx_http_jot_found(v, &ctx->values[data]);
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_jot_claim_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_str_t *name = (ngx_str_t *) data;

    ngx_str_t                  text;
    ngx_uint_t                 i;
    ngx_http_jot_ctx_t        *ctx;
    ngx_http_jot_value_t      *value, path;
    ngx_http_jot_main_conf_t  *jmcf;

    if (ngx_http_jot_verdict_ctx(r, &ctx) != NGX_OK) {
        return NGX_ERROR;
    }

    v->not_found = 1;

    if (ctx == NULL
        || ngx_http_jot_name_path(name, &path) != NGX_OK
        || !(path.refused ? ctx->refused : ctx->accepted))
    {
        return NGX_OK;
    }

    jmcf = ngx_http_get_module_main_conf(r, ngx_http_jot_module);
    value = jmcf->values.elts;

    for (i = 0; ctx->values && i < jmcf->values.nelts; i++) {

        if (ngx_http_jot_same(&value[i].name, name)) {
            if (ctx->values[i].data) {
                ngx_http_jot_found(v, &ctx->values[i]);
            }

            return NGX_OK;
        }
    }

    if (ngx_http_jot_recall(ctx, NULL) != NGX_OK) {
        return NGX_OK;
    }

    switch (ngx_http_jot_read_value(r->pool, &path, &text)) {

    case NGX_OK:
        ngx_http_jot_found(v, &text);
        return NGX_OK;

    case NGX_ERROR:
        return NGX_ERROR;

    default:
        return NGX_OK;
    }
}


/* Verifies again if a verdict is wanted, which the scratch does not keep. */

static ngx_int_t
ngx_http_jot_recall(ngx_http_jot_ctx_t *ctx, jot_verdict *verdict)
{
    if (ngx_http_jot_scratch_owner == ctx && verdict == NULL) {
        return NGX_OK;
    }

    ngx_http_jot_scratch_owner = NULL;

    if (ngx_http_jot_ask(ctx, verdict) != JOT_ACCEPTED && ctx->accepted) {
        return NGX_DECLINED;
    }

    ngx_http_jot_scratch_owner = ctx;

    return NGX_OK;
}


ngx_int_t
ngx_http_jot_claims_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    jot_verdict          verdict;
    ngx_http_jot_ctx_t  *ctx;

    if (ngx_http_jot_verdict_ctx(r, &ctx) != NGX_OK) {
        return NGX_ERROR;
    }

    v->not_found = 1;

    if (ctx == NULL || !ctx->accepted) {
        return NGX_OK;
    }

    if (ctx->payload.data == NULL) {

        verdict.size = sizeof(jot_verdict);

        if (ngx_http_jot_recall(ctx, &verdict) != NGX_OK) {
            return NGX_OK;
        }

        if (ngx_http_jot_keep_payload(r, ctx, &verdict) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    ngx_http_jot_found(v, &ctx->payload);

    return NGX_OK;
}
