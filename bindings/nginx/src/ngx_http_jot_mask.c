
/*
 * Tokens in queries are kept out of the logs.
 *
 * nginx itself adds the request line, what was asked of an upstream and the
 * referrer to each line of the error log, from before any module sees the
 * request; so the lines are masked where they are written.  For the access
 * log the request itself is, when nothing is left to do but to log: upstreams
 * and variables need it as it came until then.
 */


#include "ngx_http_jot.h"


typedef struct {
    ngx_array_t               *names;
    ngx_log_writer_pt          writer;
    void                      *wdata;
} ngx_http_jot_log_guard_t;


static void ngx_http_jot_write(ngx_log_t *log, ngx_uint_t level, u_char *buf,
    size_t len);
static ngx_int_t ngx_http_jot_guard_access_log(ngx_http_request_t *r);
static ngx_uint_t ngx_http_jot_mask_text(ngx_http_request_t *r,
    ngx_str_t *text, ngx_uint_t args);
static u_char *ngx_http_jot_next_secret(ngx_array_t *names, u_char *p,
    u_char *last, ngx_uint_t args, u_char **end);
static u_char *ngx_http_jot_mask(ngx_array_t *names, u_char *p, u_char *last,
    ngx_uint_t args);


#define NGX_HTTP_JOT_MASK  "***"


/* the variables that may hold a token, those that end with "_" with any name */
static ngx_str_t  ngx_http_jot_logged[] = {
    ngx_string("request"),
    ngx_string("request_uri"),
    ngx_string("args"),
    ngx_string("query_string"),
    ngx_string("arg_"),
    ngx_string("http_referer"),
    ngx_null_string
};


/* Notes a parameter whose value is a token somewhere in the configuration. */

ngx_int_t
ngx_http_jot_mask_parameter(ngx_conf_t *cf, ngx_str_t *name)
{
    ngx_str_t                 *names;
    ngx_uint_t                 i;
    ngx_http_jot_main_conf_t  *jmcf;

    jmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_jot_module);
    names = jmcf->masked.elts;

    for (i = 0; i < jmcf->masked.nelts; i++) {
        if (names[i].len == name->len
            && ngx_memcmp(names[i].data, name->data, name->len) == 0)
        {
            return NGX_OK;
        }
    }

    names = ngx_array_push(&jmcf->masked);
    if (names == NULL) {
        return NGX_ERROR;
    }

    *names = *name;

    return NGX_OK;
}


/* Notes where the location whose configuration is merged logs its errors. */

ngx_int_t
ngx_http_jot_note_log(ngx_conf_t *cf)
{
    ngx_log_t                **logs;
    ngx_http_core_loc_conf_t  *clcf;
    ngx_http_jot_main_conf_t  *jmcf;

    jmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_jot_module);
    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    logs = jmcf->logs.elts;

    if (jmcf->logs.nelts && logs[jmcf->logs.nelts - 1] == clcf->error_log) {
        return NGX_OK;
    }

    logs = ngx_array_push(&jmcf->logs);
    if (logs == NULL) {
        return NGX_ERROR;
    }

    *logs = clcf->error_log;

    return NGX_OK;
}


/* A request whose parameter is no token elsewhere is masked all the same. */

ngx_int_t
ngx_http_jot_guard_access_logs(ngx_conf_t *cf)
{
    ngx_array_t                *handlers;
    ngx_http_handler_pt        *h;
    ngx_http_jot_main_conf_t   *jmcf;
    ngx_http_core_main_conf_t  *cmcf;

    jmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_jot_module);
    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    if (jmcf->masked.nelts == 0) {
        return NGX_OK;
    }

    /* before those that write, which run in their order */

    handlers = &cmcf->phases[NGX_HTTP_LOG_PHASE].handlers;

    if (ngx_array_push(handlers) == NULL) {
        return NGX_ERROR;
    }

    h = handlers->elts;
    ngx_memmove(h + 1, h,
                (handlers->nelts - 1) * sizeof(ngx_http_handler_pt));
    h[0] = ngx_http_jot_guard_access_log;

    return NGX_OK;
}


/*
 * Done by the workers alone: the master goes on to use its logs when the module
 * is no longer loaded.
 */

ngx_int_t
ngx_http_jot_guard_error_logs(ngx_http_jot_main_conf_t *jmcf,
    ngx_cycle_t *cycle)
{
    ngx_log_t                **logs, *log;
    ngx_uint_t                 i;
    ngx_http_jot_log_guard_t  *guard;

    logs = jmcf->logs.elts;

    for (i = 0; jmcf->masked.nelts && i < jmcf->logs.nelts; i++) {

        for (log = logs[i]; log; log = log->next) {

            if (log->writer == ngx_http_jot_write) {
                continue;
            }

            guard = ngx_palloc(cycle->pool, sizeof(ngx_http_jot_log_guard_t));
            if (guard == NULL) {
                return NGX_ERROR;
            }

            guard->names = &jmcf->masked;
            guard->writer = log->writer;
            guard->wdata = log->wdata;

            log->writer = ngx_http_jot_write;
            log->wdata = guard;
        }
    }

    return NGX_OK;
}


void
ngx_http_jot_release_error_logs(ngx_http_jot_main_conf_t *jmcf)
{
    ngx_log_t                **logs, *log;
    ngx_uint_t                 i;
    ngx_http_jot_log_guard_t  *guard;

    logs = jmcf->logs.elts;

    for (i = 0; i < jmcf->logs.nelts; i++) {

        for (log = logs[i]; log; log = log->next) {

            if (log->writer == ngx_http_jot_write) {
                guard = log->wdata;
                log->writer = guard->writer;
                log->wdata = guard->wdata;
            }
        }
    }
}


/* Writes a line as nginx would have without this writer. */

static void
ngx_http_jot_write(ngx_log_t *log, ngx_uint_t level, u_char *buf, size_t len)
{
    u_char                     line[NGX_MAX_ERROR_STR];
    ngx_log_t                  plain;
    ngx_http_jot_log_guard_t  *guard;

    guard = log->wdata;

    /* the next log writes the same line */

    len = ngx_min(len, NGX_MAX_ERROR_STR);
    ngx_memcpy(line, buf, len);
    len = ngx_http_jot_mask(guard->names, line, line + len, 0) - line;

    if (guard->writer) {
        plain = *log;
        plain.writer = guard->writer;
        plain.wdata = guard->wdata;

        guard->writer(&plain, level, line, len);

    } else if (log->file && ngx_time() != log->disk_full_time) {

        if (ngx_write_fd(log->file->fd, line, len) == -1
            && ngx_errno == NGX_ENOSPC)
        {
            log->disk_full_time = ngx_time();
        }
    }
}


static ngx_int_t
ngx_http_jot_guard_access_log(ngx_http_request_t *r)
{
    ngx_str_t                  *name;
    ngx_uint_t                  i, masked;
    ngx_table_elt_t             referer, *h;
    ngx_http_variable_t        *v;
    ngx_http_core_main_conf_t  *cmcf;

    masked = ngx_http_jot_mask_text(r, &r->request_line, 0)
             + ngx_http_jot_mask_text(r, &r->unparsed_uri, 0)
             + ngx_http_jot_mask_text(r, &r->args, 1);

    if (r->headers_in.referer) {
        referer = *r->headers_in.referer;

        if (ngx_http_jot_mask_text(r, &referer.value, 0)) {

            /* the line itself may be another request's as well */

            h = ngx_palloc(r->pool, sizeof(ngx_table_elt_t));
            if (h) {
                *h = referer;
            }

            r->headers_in.referer = h;
            masked++;
        }
    }

    if (masked == 0) {
        return NGX_OK;
    }

    /* values that were made of them before are made again */

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_core_module);
    v = cmcf->variables.elts;

    for (i = 0; i < cmcf->variables.nelts; i++) {
        for (name = ngx_http_jot_logged; name->len; name++) {

            if (v[i].name.len >= name->len
                && (v[i].name.len == name->len
                    || name->data[name->len - 1] == '_')
                && ngx_strncmp(v[i].name.data, name->data, name->len) == 0)
            {
                r->variables[i].valid = 0;
                r->variables[i].not_found = 0;
            }
        }
    }

    return NGX_OK;
}


/* Tells whether something was masked, in a copy: others share the bytes. */

static ngx_uint_t
ngx_http_jot_mask_text(ngx_http_request_t *r, ngx_str_t *text, ngx_uint_t args)
{
    u_char                    *p, *end;
    ngx_http_jot_main_conf_t  *jmcf;

    jmcf = ngx_http_get_module_main_conf(r, ngx_http_jot_module);

    if (text->len == 0
        || ngx_http_jot_next_secret(&jmcf->masked, text->data,
                                    text->data + text->len, args, &end)
           == NULL)
    {
        return 0;
    }

    p = ngx_pnalloc(r->pool, text->len);

    if (p == NULL) {
        text->len = 0;
        return 1;
    }

    ngx_memcpy(p, text->data, text->len);

    text->len = ngx_http_jot_mask(&jmcf->masked, p, p + text->len, args) - p;
    text->data = p;

    return 1;
}


/* Puts stars in the place of secrets; the text gets no longer by that. */

static u_char *
ngx_http_jot_mask(ngx_array_t *names, u_char *p, u_char *last, ngx_uint_t args)
{
    size_t   n;
    u_char  *end, *to, *secret;

    to = p;

    while ((secret = ngx_http_jot_next_secret(names, p, last, args, &end))
           != NULL)
    {
        to = ngx_movemem(to, p, secret - p);

        n = ngx_min((size_t) (end - secret), sizeof(NGX_HTTP_JOT_MASK) - 1);
        to = ngx_cpymem(to, NGX_HTTP_JOT_MASK, n);

        p = end;
        args = 0;
    }

    return ngx_movemem(to, p, last - p);
}


/*
 * Finds the value of the next parameter with one of the names.  Where the
 * text does not begin with parameters, they follow a "?", a "&" or a quote.
 */

static u_char *
ngx_http_jot_next_secret(ngx_array_t *names, u_char *p, u_char *last,
    ngx_uint_t args, u_char **end)
{
    u_char      *q;
    ngx_str_t   *name;
    ngx_uint_t   i, begins;

    name = names->elts;

    for (begins = args; p < last; p++) {

        for (i = 0; begins && i < names->nelts; i++) {

            if ((size_t) (last - p) <= name[i].len + 1
                || p[name[i].len] != '='
                || ngx_memcmp(p, name[i].data, name[i].len) != 0)
            {
                continue;
            }

            p += name[i].len + 1;

            for (q = p; q < last && *q > ' ' && *q != '&'; q++) { /* void */ }

            /* what encloses a text in the error log is none of it */

            if (q > p && q < last && q[-1] == ',') {
                q--;
            }

            if (q > p && q[-1] == '"') {
                q--;
            }

            if (q == p) {
                break;
            }

            *end = q;

            return p;
        }

        begins = (*p == '?' || *p == '&' || *p == '"');
    }

    return NULL;
}
