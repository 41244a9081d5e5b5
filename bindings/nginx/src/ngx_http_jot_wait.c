
/*
 * Requests that wait for keys and status lists.
 *
 * The first request whose token names a key that is in no set has the keys
 * fetched and waits for them, and the first one that names a status list waits
 * for that.  It is looked at again every few milliseconds, as the requests that
 * "limit_req" delays.
 */


#include "ngx_http_jot.h"


/* how often a request is looked at again, in milliseconds */
#define NGX_HTTP_JOT_LOOK       50

/* how long it waits at most */
#define NGX_HTTP_JOT_LONGEST    5000

/* how many wait in each worker */
#define NGX_HTTP_JOT_MOST       256

/*
 * how often is asked, in milliseconds: a little less often than who fetches
 * allows, in whole seconds
 */
#define NGX_HTTP_JOT_COOL_DOWN  31000


static ngx_int_t ngx_http_jot_delay(ngx_http_request_t *r,
    ngx_http_jot_ctx_t *ctx, ngx_msec_t time);
static ngx_http_jot_issuer_t *ngx_http_jot_awaited_issuer(
    ngx_http_jot_ctx_t *ctx);
static ngx_uint_t ngx_http_jot_awaited(ngx_http_request_t *r,
    ngx_http_jot_ctx_t *ctx, ngx_http_jot_issuer_t *group, ngx_uint_t ask);
static ngx_uint_t ngx_http_jot_asked(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_file_t *file, ngx_uint_t ask, ngx_log_t *log);
static ngx_uint_t ngx_http_jot_look(ngx_http_request_t *r,
    ngx_http_jot_issuer_t *group, ngx_uint_t check);
static ngx_http_jot_file_t *ngx_http_jot_next_fetched(
    ngx_http_jot_issuer_t *group, ngx_uint_t *i);
static ngx_uint_t ngx_http_jot_has_waited(ngx_http_request_t *r,
    ngx_http_jot_ctx_t *ctx, ngx_http_jot_issuer_t *group);
static void ngx_http_jot_go_on(ngx_http_request_t *r);


/*
 * Returns NGX_AGAIN if the request waits.  Otherwise the code of its context is
 * what to answer.
 */

ngx_int_t
ngx_http_jot_wait(ngx_http_request_t *r, ngx_http_jot_ctx_t *ctx)
{
    ngx_uint_t              fetched, changed;
    ngx_http_jot_issuer_t  *group;

    if (ctx->waited || !ngx_http_jot_may_come(ctx->code)) {
        ngx_http_jot_end_wait(ctx);
        return NGX_OK;
    }

    group = ngx_http_jot_awaited_issuer(ctx);
    changed = 0;

    if (!ctx->waiting) {

        /* what was fetched before must not be taken for what is asked for */

        fetched = ngx_http_jot_look(r, group, 0);
        ctx->fetched = ngx_http_jot_look(r, group, 1);

        if (ctx->fetched != fetched) {
            return ngx_http_jot_delay(r, ctx, 1);
        }

        /* a subrequest shares the connection of its request */

        if (r != r->main || !ngx_http_jot_awaited(r, ctx, group, 1)) {
            return NGX_OK;
        }

        if (ngx_http_jot_waiting >= NGX_HTTP_JOT_MOST) {
            ctx->code = NGX_HTTP_JOT_KEYS_UNAVAILABLE;
            return NGX_OK;
        }

        ctx->waiting = 1;
        ctx->deadline = ngx_current_msec + NGX_HTTP_JOT_LONGEST;
        ngx_http_jot_waiting++;

    } else {
        fetched = ngx_http_jot_look(r, group, 1);
        changed = (fetched != ctx->fetched);
        ctx->fetched = fetched;

        /* the next look sees what came, and another URL may still bring more */

        if (!changed && ngx_http_jot_has_waited(r, ctx, group)) {
            ngx_http_jot_end_wait(ctx);
            ctx->waited = 1;
            return NGX_OK;
        }
    }

    return ngx_http_jot_delay(r, ctx, changed ? 1 : NGX_HTTP_JOT_LOOK);
}


/* Whether a token may be judged otherwise when something was fetched. */

ngx_uint_t
ngx_http_jot_may_come(uint32_t code)
{
    switch (code) {

    case JOT_KID_UNKNOWN:
    case JOT_KEYS_NOT_YET:
    case JOT_KEYS_STALE:
    case JOT_STATUS_LIST_NOT_YET:
        return 1;

    default:
        return 0;
    }
}


/*
 * Whether nothing will come any more.  A key that one of the URLs may have
 * could not be looked for is not unknown, but unavailable.
 */

static ngx_uint_t
ngx_http_jot_has_waited(ngx_http_request_t *r, ngx_http_jot_ctx_t *ctx,
    ngx_http_jot_issuer_t *group)
{
    ngx_uint_t  awaited;

    awaited = ngx_http_jot_awaited(r, ctx, group, 0);

    if (awaited && (ngx_msec_int_t) (ctx->deadline - ngx_current_msec) > 0) {
        return 0;
    }

    if (ctx->code == JOT_KID_UNKNOWN && awaited) {
        ctx->code = NGX_HTTP_JOT_KEYS_UNAVAILABLE;
    }

    return 1;
}


static ngx_int_t
ngx_http_jot_delay(ngx_http_request_t *r, ngx_http_jot_ctx_t *ctx,
    ngx_msec_t time)
{
    if (ngx_handle_read_event(r->connection->read, 0) != NGX_OK) {
        ngx_http_jot_end_wait(ctx);
        ctx->code = NGX_HTTP_JOT_KEYS_UNAVAILABLE;
        return NGX_OK;
    }

    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_http_jot_go_on;

    r->connection->write->delayed = 1;
    ngx_add_timer(r->connection->write, time);

    return NGX_AGAIN;
}


static void
ngx_http_jot_go_on(ngx_http_request_t *r)
{
    ngx_event_t  *wev;

    wev = r->connection->write;

    if (wev->delayed) {

        if (ngx_handle_write_event(wev, 0) != NGX_OK) {
            ngx_http_finalize_request(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
        }

        return;
    }

    if (ngx_handle_read_event(r->connection->read, 0) != NGX_OK) {
        ngx_http_finalize_request(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
        return;
    }

    r->read_event_handler = ngx_http_block_reading;
    r->write_event_handler = ngx_http_core_run_phases;

    ngx_http_core_run_phases(r);
}


/*
 * Returns whose keys may come; NULL: nobody's.  Nothing of the token is verified
 * then, and what the scratch held is gone.
 */

static ngx_http_jot_issuer_t *
ngx_http_jot_awaited_issuer(ngx_http_jot_ctx_t *ctx)
{
    uint32_t                index;
    ngx_http_jot_issuer_t  *groups;

    /* this one was verified, and its claims are still to be told */

    if (ctx->code == JOT_STATUS_LIST_NOT_YET) {
        return NULL;
    }

    ngx_http_jot_scratch_owner = NULL;

    if (jot_verifier_unverified_issuer(ctx->rules->verifier,
                                       ngx_http_jot_slice(&ctx->token),
                                       ngx_http_jot_scratch, &index)
        != JOT_ACCEPTED)
    {
        return NULL;
    }

    groups = ctx->rules->groups.elts;

    return &groups[index];
}


/*
 * Tells whether something may come of what is fetched for the token's issuer.
 * Each of its URLs is asked for an unknown key: nobody knows which will have
 * it.
 */

static ngx_uint_t
ngx_http_jot_awaited(ngx_http_request_t *r, ngx_http_jot_ctx_t *ctx,
    ngx_http_jot_issuer_t *group, ngx_uint_t ask)
{
    ngx_uint_t                 i, awaited;
    ngx_http_jot_file_t       *one;
    ngx_http_jot_main_conf_t  *jmcf;

    if (ctx->code == JOT_STATUS_LIST_NOT_YET) {
        return ngx_http_jot_lists_come(ctx->rules, ask ? NGX_HTTP_JOT_LONGEST
                                                       : NGX_MAX_INT32_VALUE);
    }

    jmcf = ngx_http_get_module_main_conf(r, ngx_http_jot_module);

    i = 0;
    awaited = 0;

    while ((one = ngx_http_jot_next_fetched(group, &i))) {

        if (ctx->code == JOT_KID_UNKNOWN) {
            awaited |= ngx_http_jot_asked(jmcf, one, ask, r->connection->log);
            continue;
        }

        /* who fetches began with the worker, and asks by itself */

        awaited |= one->awaited
                   && (!ask || (ngx_time() - jmcf->began) * 1000
                               < NGX_HTTP_JOT_LONGEST);
    }

    return awaited;
}


/*
 * Tells whether a fetch that was asked for may still bring keys.  Asks for one
 * if no worker has for a while; who asks waits for no old one.
 */

static ngx_uint_t
ngx_http_jot_asked(ngx_http_jot_main_conf_t *jmcf, ngx_http_jot_file_t *file,
    ngx_uint_t ask, ngx_log_t *log)
{
    int64_t           age;
    uint64_t          now, asked, fetched;
    ngx_time_t       *tp;
    ngx_atomic_t     *slot;

    static ngx_str_t  text = ngx_string("?");

    ngx_time_update();

    tp = ngx_timeofday();
    now = (uint64_t) tp->sec * 1000 + tp->msec;

    slot = &ngx_http_jot_file_counters(jmcf, file)[NGX_HTTP_JOT_ASKED];
    asked = *slot;

    /* another worker may have asked a moment later, and clocks are set back */

    age = (int64_t) (now - asked);

    if (ask && ngx_abs(age) >= NGX_HTTP_JOT_COOL_DOWN
        && ngx_atomic_cmp_set(slot, asked, now))
    {
        asked = now;
        age = 0;
        ngx_http_jot_ask_fetch(file->fetch, &text, log);
    }

    fetched = (uint64_t) file->stamp.mtim.tv_sec * 1000
              + file->stamp.mtim.tv_nsec / 1000000;

    return fetched < asked
           && ngx_abs(age) < (ask ? NGX_HTTP_JOT_LONGEST
                                  : NGX_HTTP_JOT_COOL_DOWN);
}


/* Returns a number that changes with each fetch that this worker has seen. */

static ngx_uint_t
ngx_http_jot_look(ngx_http_request_t *r, ngx_http_jot_issuer_t *group,
    ngx_uint_t check)
{
    ngx_uint_t                 i, sum;
    ngx_http_jot_file_t       *one;
    ngx_http_jot_main_conf_t  *jmcf;

    jmcf = ngx_http_get_module_main_conf(r, ngx_http_jot_module);

    i = 0;
    sum = 0;

    while ((one = ngx_http_jot_next_fetched(group, &i))) {

        if (check) {
            ngx_http_jot_check_file(jmcf, one, ngx_cycle->log);
        }

        sum += one->fetch->fetched;
    }

    return sum;
}


/* Goes through the files of an issuer that are fetched. */

static ngx_http_jot_file_t *
ngx_http_jot_next_fetched(ngx_http_jot_issuer_t *group, ngx_uint_t *i)
{
    ngx_http_jot_file_t  *one, **files;

    if (group == NULL) {
        return NULL;
    }

    files = group->files.elts;

    while (*i < group->files.nelts) {

        one = files[(*i)++];

        if (one->fetch) {
            return one;
        }
    }

    return NULL;
}
