
/*
 * What is known of a request: its token and its verdict.
 */


#include "ngx_http_jot.h"


static void ngx_http_jot_cleanup(void *data);


/* one of each worker, and the request whose token it holds */
jot_scratch  *ngx_http_jot_scratch;
void         *ngx_http_jot_scratch_owner;

/* how many requests of the worker wait for keys */
ngx_uint_t    ngx_http_jot_waiting;


/*
 * An internal redirect wipes the contexts of all modules; ours is found again
 * by way of the pool, so that an error page and the log know the verdict.
 */

ngx_http_jot_ctx_t *
ngx_http_jot_get_ctx(ngx_http_request_t *r)
{
    ngx_http_jot_ctx_t  *ctx;
    ngx_pool_cleanup_t  *cln;

    ctx = ngx_http_get_module_ctx(r, ngx_http_jot_module);

    if (ctx || !(r->internal || r->filter_finalize)) {
        return ctx;
    }

    for (cln = r->pool->cleanup; cln; cln = cln->next) {

        if (cln->handler != ngx_http_jot_cleanup) {
            continue;
        }

        ctx = cln->data;

        if (ctx->request == r) {
            ngx_http_set_ctx(r, ctx, ngx_http_jot_module);
            return ctx;
        }
    }

    return NULL;
}


ngx_http_jot_ctx_t *
ngx_http_jot_make_ctx(ngx_http_request_t *r)
{
    ngx_http_jot_ctx_t  *ctx;
    ngx_pool_cleanup_t  *cln;

    ctx = ngx_http_jot_get_ctx(r);

    if (ctx) {
        return ctx;
    }

    cln = ngx_pool_cleanup_add(r->pool, sizeof(ngx_http_jot_ctx_t));
    if (cln == NULL) {
        return NULL;
    }

    ctx = cln->data;
    ngx_memzero(ctx, sizeof(ngx_http_jot_ctx_t));

    ctx->request = r;
    cln->handler = ngx_http_jot_cleanup;

    ngx_http_set_ctx(r, ctx, ngx_http_jot_module);

    return ctx;
}


void
ngx_http_jot_end_wait(ngx_http_jot_ctx_t *ctx)
{
    if (ctx->waiting) {
        ctx->waiting = 0;
        ngx_http_jot_waiting--;
    }
}


/* The scratch must not be taken for that of a later request. */

static void
ngx_http_jot_cleanup(void *data)
{
    ngx_http_jot_end_wait(data);

    if (ngx_http_jot_scratch_owner == data) {
        ngx_http_jot_scratch_owner = NULL;
    }
}
