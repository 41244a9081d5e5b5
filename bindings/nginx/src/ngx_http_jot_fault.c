
/*
 * What was at fault in a token that was refused, for the error log and
 * $jot_fault: the kid, the issuer, the audience, the name of the claim.  The
 * library escapes and bounds it; nothing secret is in it.
 */


#include "ngx_http_jot.h"


static ngx_uint_t ngx_http_jot_has_hmac(ngx_http_jot_ctx_t *ctx,
    jot_verdict *verdict);


/*
 * Keeps what the scratch knows of the fault.  "Claim" is the name of one that
 * a directive demands and that the verifier knows nothing of.
 */

ngx_int_t
ngx_http_jot_note_fault(ngx_http_request_t *r, ngx_http_jot_ctx_t *ctx,
    jot_verdict *verdict, ngx_str_t *claim)
{
    u_char       *name;
    jot_verdict  *fault;

    fault = ngx_palloc(r->pool, sizeof(jot_verdict));
    if (fault == NULL) {
        return NGX_ERROR;
    }

    *fault = *verdict;

    if (ctx->code < NGX_HTTP_JOT_TOKEN_MISSING) {
        fault->code = ctx->code;
    }

    if (claim) {
        fault->fault_claim = ngx_http_jot_slice(claim);
        fault->fault_offset = JOT_NONE;

    } else if (fault->fault_claim.ptr) {

        name = ngx_pnalloc(r->pool, fault->fault_claim.len + 1);
        if (name == NULL) {
            return NGX_ERROR;
        }

        ngx_memcpy(name, fault->fault_claim.ptr, fault->fault_claim.len);
        fault->fault_claim.ptr = name;
    }

    ctx->fault = fault;

    return NGX_OK;
}


/* Describes the fault once it is asked for; an empty text: there is none. */

ngx_str_t *
ngx_http_jot_fault(ngx_http_request_t *r, ngx_http_jot_ctx_t *ctx)
{
    char    *text;
    size_t   len;

    if (ctx->fault == NULL) {
        return &ctx->fault_text;
    }

    text = ngx_pnalloc(r->pool, JOT_DETAIL_BYTES);

    if (text && jot_verdict_detail(ctx->fault, ngx_http_jot_slice(&ctx->token),
                                   text, JOT_DETAIL_BYTES, &len)
                == JOT_ACCEPTED)
    {
        ctx->fault_text.data = (u_char *) text;
        ctx->fault_text.len = ngx_min(len, JOT_DETAIL_BYTES - 1);
    }

    ctx->fault = NULL;

    return &ctx->fault_text;
}


/*
 * Tells the operator what an HMAC secret looks like if it may not have been
 * meant as it is: once for each state of a file.
 */

void
ngx_http_jot_tell_doubt(ngx_http_request_t *r, ngx_http_jot_ctx_t *ctx,
    jot_verdict *verdict)
{
    ngx_str_t               doubt;
    ngx_uint_t              i, k;
    ngx_http_jot_file_t   **file;
    ngx_http_jot_issuer_t  *group;

    if (ctx->code != JOT_SIGNATURE_INVALID) {
        return;
    }

    group = ctx->rules->groups.elts;

    for (i = 0; i < ctx->rules->groups.nelts; i++) {

        file = group[i].files.elts;

        for (k = 0; k < group[i].files.nelts; k++) {

            if (file[k]->content.doubt.ptr == NULL || file[k]->doubted) {
                continue;
            }

            if (!ngx_http_jot_has_hmac(ctx, verdict)) {
                return;
            }

            file[k]->doubted = 1;

            doubt.data = (u_char *) file[k]->content.doubt.ptr;
            doubt.len = file[k]->content.doubt.len;

            ngx_log_error(NGX_LOG_WARN, r->connection->log, 0,
                          "jot: \"%V\": a signature does not hold, and %V",
                          &file[k]->path, &doubt);
        }
    }
}


/* The fastest check does not name the algorithm. */

static ngx_uint_t
ngx_http_jot_has_hmac(ngx_http_jot_ctx_t *ctx, jot_verdict *verdict)
{
    jot_verdict  named;

    ngx_memzero(&named, sizeof(jot_verdict));
    named.size = sizeof(jot_verdict);
    named.alg = verdict->alg;

    if (named.alg == 0) {
        (void) ngx_http_jot_ask(ctx, &named);
    }

    return named.alg == JOT_HS256 || named.alg == JOT_HS384
           || named.alg == JOT_HS512;
}
