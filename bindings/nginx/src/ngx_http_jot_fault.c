
/*
 * What was at fault in a token that was refused, for the error log and
 * $jot_fault: the kid, the issuer, the audience, the name of the claim.  The
 * library escapes and bounds it; nothing secret is in it.
 */


#include "ngx_http_jot.h"


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
