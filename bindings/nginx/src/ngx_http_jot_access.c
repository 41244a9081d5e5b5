
/*
 * The check of a request.
 */


#include "ngx_http_jot.h"


static ngx_int_t ngx_http_jot_check(ngx_http_request_t *r,
    ngx_http_jot_loc_conf_t *jlcf);
static ngx_int_t ngx_http_jot_find_token(ngx_http_request_t *r,
    ngx_http_jot_loc_conf_t *jlcf, ngx_http_jot_ctx_t *ctx);
static ngx_int_t ngx_http_jot_find_stripped(ngx_http_request_t *r,
    ngx_http_jot_source_t *source, ngx_str_t *token);
static uint32_t ngx_http_jot_verify(ngx_http_request_t *r,
    ngx_http_jot_loc_conf_t *jlcf, ngx_http_jot_ctx_t *ctx,
    jot_verdict *verdict);
static ngx_int_t ngx_http_jot_refuse_signed(ngx_http_request_t *r,
    ngx_http_jot_loc_conf_t *jlcf, ngx_http_jot_ctx_t *ctx,
    jot_verdict *verdict, ngx_str_t *claim, ngx_uint_t status);


static ngx_http_jot_source_t  ngx_http_jot_authorization = {
    NGX_HTTP_JOT_HEADER, ngx_string("authorization"), 1, NGX_ERROR
};


ngx_int_t
ngx_http_jot_access_handler(ngx_http_request_t *r)
{
    ngx_http_jot_loc_conf_t  *jlcf;

    jlcf = ngx_http_get_module_loc_conf(r, ngx_http_jot_module);

    if (jlcf->enable == NGX_HTTP_JOT_OFF || jlcf->early) {
        return NGX_DECLINED;
    }

    return ngx_http_jot_check(r, jlcf);
}


/*
 * nginx runs no access handlers for subrequests: without this handler the
 * target of "auth_request" would stand open.
 */

ngx_int_t
ngx_http_jot_preaccess_handler(ngx_http_request_t *r)
{
    ngx_int_t                 rc;
    ngx_http_jot_loc_conf_t  *jlcf;

    jlcf = ngx_http_get_module_loc_conf(r, ngx_http_jot_module);

    if (jlcf->enable == NGX_HTTP_JOT_OFF || (r == r->main && !jlcf->early)
        || ngx_http_jot_is_own(r))
    {
        return NGX_DECLINED;
    }

    rc = ngx_http_jot_check(r, jlcf);

    return rc == NGX_OK ? NGX_DECLINED : rc;
}


static ngx_int_t
ngx_http_jot_check(ngx_http_request_t *r, ngx_http_jot_loc_conf_t *jlcf)
{
    ngx_int_t                  rc;
    jot_verdict                verdict;
    ngx_http_jot_ctx_t        *ctx;
    ngx_http_jot_word_t       *scope, *unmet;
    ngx_http_jot_require_t    *require;
    ngx_http_jot_main_conf_t  *jmcf;

    ctx = ngx_http_jot_make_ctx(r);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    jmcf = ngx_http_get_module_main_conf(r, ngx_http_jot_module);

    ctx->rules = jlcf->rules;
    ctx->judged = 1;
    ctx->accepted = 0;
    ctx->refused = 0;
    ctx->fault = NULL;
    ngx_str_null(&ctx->fault_text);
    ngx_http_jot_forget_made(r);

    ngx_memzero(&verdict, sizeof(jot_verdict));
    verdict.size = sizeof(jot_verdict);
    verdict.fault_offset = JOT_NONE;

    rc = ngx_http_jot_find_token(r, jlcf, ctx);

    if (rc == NGX_DECLINED) {

        ctx->code = NGX_HTTP_JOT_TOKEN_MISSING;

        if (jlcf->enable == NGX_HTTP_JOT_OPTIONAL) {
            ngx_http_jot_count(jmcf, jlcf->rules, ctx->code, 0);
            return NGX_DECLINED;
        }

        return ngx_http_jot_refuse(r, jlcf, ctx, NGX_HTTP_UNAUTHORIZED);
    }

    if (rc == NGX_ABORT) {
        ctx->code = NGX_HTTP_JOT_TOKEN_REPEATED;
        return ngx_http_jot_refuse(r, jlcf, ctx, NGX_HTTP_BAD_REQUEST);
    }

    if (ngx_http_jot_make_demand(r, ctx) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->code = ngx_http_jot_verify(r, jlcf, ctx, &verdict);

    ngx_http_jot_tell_distrust(r);

    if (ctx->waiting || ngx_http_jot_may_come(ctx->code)) {
        if (ngx_http_jot_wait(r, ctx) == NGX_AGAIN) {
            return NGX_AGAIN;
        }
    }

    if (ctx->code == NGX_HTTP_JOT_KEYS_UNAVAILABLE) {
        return ngx_http_jot_refuse(r, jlcf, ctx,
                                   NGX_HTTP_SERVICE_UNAVAILABLE);
    }

    if (ctx->code != JOT_ACCEPTED) {
        return ngx_http_jot_refuse_signed(r, jlcf, ctx, &verdict, NULL, 0);
    }

    if (jlcf->scopes) {

        ctx->code = ngx_http_jot_scoped(r, jlcf->scopes, &scope);

        if (ctx->code != JOT_ACCEPTED) {
            return ngx_http_jot_refuse_signed(r, jlcf, ctx, &verdict, NULL,
                                              scope->status);
        }
    }

    if (jlcf->required) {

        ctx->code = ngx_http_jot_required(r, jlcf->required, &require);

        if (ctx->code != JOT_ACCEPTED) {
            return ngx_http_jot_refuse_signed(r, jlcf, ctx, &verdict,
                                              &require->name, require->status);
        }
    }

    if (ngx_http_jot_keep_values(r, ctx, &verdict) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->accepted = 1;
    ngx_http_jot_forget_made(r);

    if (jlcf->conditions) {

        rc = ngx_http_jot_conditions(r, jlcf->conditions, &unmet);

        if (rc != NGX_OK) {
            ctx->accepted = 0;
            ctx->refused = 1;
            ngx_http_jot_forget_made(r);
        }

        if (rc == NGX_ERROR) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        if (rc == NGX_DECLINED) {
            ctx->code = NGX_HTTP_JOT_CONDITION_UNMET;
            ctx->fault_text = unmet->text;
            return ngx_http_jot_refuse(r, jlcf, ctx, unmet->status);
        }
    }

    /* what a variable was made of is not known */

    if (jlcf->strip && !ctx->stripped
        && ctx->source->where != NGX_HTTP_JOT_VARIABLE)
    {

        if (ngx_http_jot_strip(r, ctx->source) != NGX_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        ctx->stripped = 1;
    }

    ngx_http_jot_count(jmcf, jlcf->rules, JOT_ACCEPTED,
                       verdict.flags & JOT_FROM_CACHE);

    return NGX_OK;
}


/*
 * If the signature held, the log may tell the claims.  "Claim" is the name of
 * one that a directive demands, and "status" what it wants to be answered.
 */

static ngx_int_t
ngx_http_jot_refuse_signed(ngx_http_request_t *r, ngx_http_jot_loc_conf_t *jlcf,
    ngx_http_jot_ctx_t *ctx, jot_verdict *verdict, ngx_str_t *claim,
    ngx_uint_t status)
{
    ngx_http_jot_main_conf_t  *jmcf;

    jmcf = ngx_http_get_module_main_conf(r, ngx_http_jot_module);

    if (verdict->flags & JOT_SIGNATURE_OK) {

        if (jmcf->refused
            && ngx_http_jot_keep_values(r, ctx, verdict) != NGX_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        ctx->refused = 1;
        ngx_http_jot_forget_made(r);
    }

    if (ngx_http_jot_note_fault(r, ctx, verdict, claim) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_jot_tell_doubt(r, ctx, verdict);

    switch (ctx->code) {

    case JOT_CLAIM_MISSING:
    case JOT_CLAIM_MISMATCH:
    case JOT_SCOPE_INSUFFICIENT:

        if (status) {
            break;
        }

        /* fall through */

    default:

        /* the module's own codes are none of the library's */

        status = ctx->code < NGX_HTTP_JOT_TOKEN_MISSING
                     ? jot_code_http_status(ctx->code) : NGX_HTTP_UNAUTHORIZED;
    }

    return ngx_http_jot_refuse(r, jlcf, ctx, status);
}


/* Two tokens are refused, be they in one place or in two (RFC 6750, 2). */

static ngx_int_t
ngx_http_jot_find_token(ngx_http_request_t *r, ngx_http_jot_loc_conf_t *jlcf,
    ngx_http_jot_ctx_t *ctx)
{
    ngx_int_t               rc;
    ngx_str_t               token;
    ngx_uint_t              i, n, found;
    ngx_http_jot_source_t  *source;

    source = &ngx_http_jot_authorization;
    n = 1;

    if (jlcf->sources) {
        source = jlcf->sources->elts;
        n = jlcf->sources->nelts;
    }

    found = 0;

    for (i = 0; i < n; i++) {

        rc = ngx_http_jot_find(r, &source[i], &token);

        if (rc == NGX_ABORT) {
            return NGX_ABORT;
        }

        if (rc == NGX_DECLINED
            && ngx_http_jot_find_stripped(r, &source[i], &token) != NGX_OK)
        {
            continue;
        }

        if (found) {
            return NGX_ABORT;
        }

        found = 1;
        ctx->token = token;
        ctx->source = &source[i];
        ctx->stripped = (rc == NGX_DECLINED);
    }

    return found ? NGX_OK : NGX_DECLINED;
}


/*
 * A request that was redirected internally, or a subrequest, is checked by the
 * token that was taken out of it before.
 */

static ngx_int_t
ngx_http_jot_find_stripped(ngx_http_request_t *r, ngx_http_jot_source_t *source,
    ngx_str_t *token)
{
    ngx_http_jot_ctx_t  *ctx;

    ctx = ngx_http_jot_get_ctx(r);

    if (ctx == NULL || !ctx->stripped) {
        ctx = ngx_http_jot_get_ctx(r->main);
    }

    if (ctx == NULL
        || !ctx->stripped
        || ctx->source->where != source->where
        || !ngx_http_jot_same(&ctx->source->name, &source->name))
    {
        return NGX_DECLINED;
    }

    *token = ctx->token;

    return NGX_OK;
}


static uint32_t
ngx_http_jot_verify(ngx_http_request_t *r, ngx_http_jot_loc_conf_t *jlcf,
    ngx_http_jot_ctx_t *ctx, jot_verdict *verdict)
{
    uint32_t                   code;
    ngx_http_jot_main_conf_t  *jmcf;

    jmcf = ngx_http_get_module_main_conf(r, ngx_http_jot_module);

    ctx->checked = ngx_time();

    /* claims that nobody asks for need not be read */

    if (ctx->demand == NULL && jlcf->required == NULL && jlcf->scopes == NULL
        && jmcf->values.nelts == 0 && !jmcf->payload)
    {
        ngx_http_jot_scratch_owner = NULL;

        return jot_verifier_check(ctx->rules->verifier,
                                  ngx_http_jot_slice(&ctx->token), ctx->checked,
                                  ngx_http_jot_scratch, verdict);
    }

    code = ngx_http_jot_ask(ctx, verdict);

    ngx_http_jot_scratch_owner = ctx;

    return code;
}
