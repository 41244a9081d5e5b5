
/*
 * Values that others have made of claims, such as those of "map".
 *
 * nginx keeps the value of a variable for as long as the request lives, and a
 * subrequest has the values of its parent.  A map over a claim that is asked
 * for while there is no claim yet would stay what it is when there is one, and
 * what was made of one token would be taken for that of the next.  So the
 * first reading of a claim notes which values there are.  Whenever the claims
 * change, later values are forgotten, and nginx evaluates them again.
 */


#include "ngx_http_jot.h"


static ngx_uint_t ngx_http_jot_is_made(ngx_http_variable_t *v);


/* The data of a variable is a number up to this, or else a pointer. */
#define NGX_HTTP_JOT_MAX_NUMBER  0xffff


/* Called before a claim, or that there is none, is told. */

ngx_int_t
ngx_http_jot_note_reading(ngx_http_request_t *r)
{
    ngx_uint_t                  i;
    ngx_http_jot_ctx_t         *ctx;
    ngx_http_core_main_conf_t  *cmcf;

    ctx = ngx_http_jot_make_ctx(r->main);
    if (ctx == NULL) {
        return NGX_ERROR;
    }

    if (ctx->read) {
        return NGX_OK;
    }

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_core_module);

    if (ctx->before == NULL) {
        ctx->before = ngx_pnalloc(r->pool, cmcf->variables.nelts);
        if (ctx->before == NULL) {
            return NGX_ERROR;
        }
    }

    for (i = 0; i < cmcf->variables.nelts; i++) {
        ctx->before[i] = r->variables[i].valid || r->variables[i].not_found;
    }

    ctx->read = 1;

    return NGX_OK;
}


/* A subrequest that was not checked itself knows of its parent's token. */

ngx_int_t
ngx_http_jot_verdict_ctx(ngx_http_request_t *r, ngx_http_jot_ctx_t **verdict)
{
    ngx_http_jot_ctx_t  *ctx;

    if (ngx_http_jot_note_reading(r) != NGX_OK) {
        return NGX_ERROR;
    }

    ctx = ngx_http_jot_get_ctx(r);

    if (ctx == NULL || !ctx->judged) {
        ctx = ngx_http_jot_get_ctx(r->main);
    }

    *verdict = ctx && ctx->judged ? ctx : NULL;

    return NGX_OK;
}


/* Called whenever other claims are to be seen than before. */

void
ngx_http_jot_forget_made(ngx_http_request_t *r)
{
    ngx_uint_t                  i;
    ngx_http_variable_t        *v;
    ngx_http_jot_ctx_t         *ctx;
    ngx_http_core_main_conf_t  *cmcf;

    ctx = ngx_http_jot_get_ctx(r->main);

    if (ctx == NULL || !ctx->read) {
        return;
    }

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_core_module);
    v = cmcf->variables.elts;

    for (i = 0; i < cmcf->variables.nelts; i++) {

        if (!ctx->before[i] && ngx_http_jot_is_made(&v[i])) {
            r->variables[i].valid = 0;
            r->variables[i].not_found = 0;
        }
    }

    ctx->read = 0;
}


/*
 * A value that was assigned, by "set", a regular expression or
 * "auth_request_set", cannot be evaluated again.  Such variables have no data or a
 * number; those of "map", "geo", "split_clients" and scripts have a pointer to
 * what they are made by.  Variables with a prefix have one to their own name,
 * and "set" may assign to them.
 */

static ngx_uint_t
ngx_http_jot_is_made(ngx_http_variable_t *v)
{
    return v->data > NGX_HTTP_JOT_MAX_NUMBER
           && v->data != (uintptr_t) &v->name;
}
