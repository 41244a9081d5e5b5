
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
