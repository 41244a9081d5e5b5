
/*
 * How who fetches does: the age of what was fetched, the last error and the
 * next fetch.  The process tells it in a file of its own, which is read when
 * somebody asks; docs/jotctl.md describes the lines.
 */


#include "ngx_http_jot.h"


#define NGX_HTTP_JOT_MAX_STATE  1024


typedef enum {
    NGX_HTTP_JOT_AGE = 0,
    NGX_HTTP_JOT_NEXT,
    NGX_HTTP_JOT_FAILED,
    NGX_HTTP_JOT_ERROR,
    NGX_HTTP_JOT_FAMILIES
} ngx_http_jot_family_e;


static void ngx_http_jot_read_state(ngx_http_jot_fetch_t *fetch,
    ngx_log_t *log);
static void ngx_http_jot_read_line(ngx_http_jot_state_t *state,
    ngx_str_t *name, ngx_str_t *value);
static void ngx_http_jot_copy_code(char *code, ngx_str_t *value);
static u_char *ngx_http_jot_write_number(u_char *p, const char *name,
    time_t number);
static u_char *ngx_http_jot_write_state(ngx_http_jot_file_t *file, u_char *p,
    const char *name, ngx_uint_t family);


/* Behind the members of a file, within its object. */

u_char *
ngx_http_jot_write_state_json(ngx_http_jot_file_t *file, u_char *p,
    ngx_log_t *log)
{
    ngx_http_jot_fetch_t  *fetch;
    ngx_http_jot_state_t  *state;

    fetch = file->fetch;
    state = &fetch->told;

    ngx_http_jot_read_state(fetch, log);

    p = ngx_sprintf(p, ",\"source\":\"");
    p = (u_char *) ngx_escape_json(p, fetch->source.data, fetch->source.len);
    *p++ = '"';

    p = ngx_http_jot_write_number(p, "fetched_at", state->fetched_at);
    p = ngx_http_jot_write_number(p, "age", state->fetched_at == -1 ? -1
                                   : ngx_max(ngx_time() - state->fetched_at, 0));
    p = ngx_http_jot_write_number(p, "next_fetch", state->next_fetch);
    p = ngx_http_jot_write_number(p, "fetch_failures", state->failures);

    if (state->error[0] == '\0') {
        return ngx_sprintf(p, ",\"error\":null");
    }

    return ngx_sprintf(p, ",\"error\":\"%s\"", state->error);
}


/* The metrics of all files that are fetched. */

u_char *
ngx_http_jot_write_states(ngx_http_jot_main_conf_t *jmcf, u_char *p,
    ngx_log_t *log)
{
    ngx_uint_t             i, k;
    ngx_http_jot_file_t  **files;

    static const struct {
        const char  *name;
        const char  *help;
    } families[NGX_HTTP_JOT_FAMILIES] = {
        { "jot_fetch_age_seconds", "Time since the last good fetch." },
        { "jot_fetch_next_seconds",
          "Time until the next fetch, negative if it is overdue." },
        { "jot_fetch_failures", "Failed fetches since the last good one." },
        { "jot_fetch_error", "What was wrong with the last fetch." }
    };

    files = jmcf->files.elts;

    for (i = 0; i < jmcf->files.nelts; i++) {
        if (files[i]->fetch) {
            ngx_http_jot_read_state(files[i]->fetch, log);
        }
    }

    for (k = 0; k < NGX_HTTP_JOT_FAMILIES; k++) {

        p = ngx_sprintf(p, "# HELP %s %s\n# TYPE %s gauge\n", families[k].name,
                        families[k].help, families[k].name);

        for (i = 0; i < jmcf->files.nelts; i++) {
            if (files[i]->fetch) {
                p = ngx_http_jot_write_state(files[i], p, families[k].name, k);
            }
        }
    }

    return p;
}


/* More than either format can take for this file. */

size_t
ngx_http_jot_state_bound(ngx_http_jot_file_t *file)
{
    return NGX_HTTP_JOT_FAMILIES
           * (256 + NGX_HTTP_JOT_MAX_NAME
              + 6 * (file->path.len + file->fetch->source.len));
}


/* Nothing is known of one that has not told yet. */

static void
ngx_http_jot_read_state(ngx_http_jot_fetch_t *fetch, ngx_log_t *log)
{
    u_char     text[NGX_HTTP_JOT_MAX_STATE];
    u_char    *p, *last, *end, *space;
    ssize_t    n;
    ngx_fd_t   fd;
    ngx_str_t  name, value;

    fetch->told.fetched_at = -1;
    fetch->told.next_fetch = -1;
    fetch->told.failures = -1;
    fetch->told.error[0] = '\0';

    fd = ngx_open_file(fetch->state.data, NGX_FILE_RDONLY|NGX_FILE_NONBLOCK,
                       NGX_FILE_OPEN, 0);

    if (fd == NGX_INVALID_FILE) {

        if (ngx_errno != NGX_ENOENT) {
            ngx_log_error(NGX_LOG_ERR, log, ngx_errno,
                          "jot: " ngx_open_file_n " \"%V\" failed",
                          &fetch->state);
        }

        return;
    }

    n = ngx_read_fd(fd, text, sizeof(text));

    (void) ngx_close_file(fd);

    if (n <= 0) {
        return;
    }

    last = text + n;

    for (p = text; p < last; p = end + 1) {

        end = ngx_strlchr(p, last, '\n');
        if (end == NULL) {
            return;
        }

        space = ngx_strlchr(p, end, ' ');
        if (space == NULL) {
            continue;
        }

        name.data = p;
        name.len = space - p;
        value.data = space + 1;
        value.len = end - value.data;

        ngx_http_jot_read_line(&fetch->told, &name, &value);
    }
}


static void
ngx_http_jot_read_line(ngx_http_jot_state_t *state, ngx_str_t *name,
    ngx_str_t *value)
{
    static ngx_str_t  fetched_at = ngx_string("fetched_at");
    static ngx_str_t  next_fetch = ngx_string("next_fetch");
    static ngx_str_t  failures = ngx_string("failures");
    static ngx_str_t  error = ngx_string("error");

    if (ngx_http_jot_same(name, &fetched_at)) {
        state->fetched_at = ngx_atotm(value->data, value->len);

    } else if (ngx_http_jot_same(name, &next_fetch)) {
        state->next_fetch = ngx_atotm(value->data, value->len);

    } else if (ngx_http_jot_same(name, &failures)) {
        state->failures = ngx_atoi(value->data, value->len);

    } else if (ngx_http_jot_same(name, &error)) {
        ngx_http_jot_copy_code(state->error, value);
    }
}


/* It stands in JSON and in labels as it is. */

static void
ngx_http_jot_copy_code(char *code, ngx_str_t *value)
{
    size_t  i;

    if (value->len > NGX_HTTP_JOT_MAX_NAME) {
        return;
    }

    for (i = 0; i < value->len; i++) {

        code[i] = value->data[i];

        if (code[i] != '_' && (code[i] < 'a' || code[i] > 'z')
            && (code[i] < '0' || code[i] > '9'))
        {
            code[0] = '\0';
            return;
        }
    }

    code[i] = '\0';
}


static u_char *
ngx_http_jot_write_number(u_char *p, const char *name, time_t number)
{
    if (number == -1) {
        return ngx_sprintf(p, ",\"%s\":null", name);
    }

    return ngx_sprintf(p, ",\"%s\":%T", name, number);
}


/* What is not known has no line. */

static u_char *
ngx_http_jot_write_state(ngx_http_jot_file_t *file, u_char *p,
    const char *name, ngx_uint_t family)
{
    time_t                 number;
    ngx_http_jot_state_t  *state;

    state = &file->fetch->told;

    switch (family) {

    case NGX_HTTP_JOT_AGE:
        if (state->fetched_at == -1) {
            return p;
        }

        number = ngx_max(ngx_time() - state->fetched_at, 0);
        break;

    case NGX_HTTP_JOT_NEXT:
        if (state->next_fetch == -1) {
            return p;
        }

        number = state->next_fetch - ngx_time();
        break;

    case NGX_HTTP_JOT_FAILED:
        if (state->failures == -1) {
            return p;
        }

        number = state->failures;
        break;

    default: /* NGX_HTTP_JOT_ERROR */
        if (state->error[0] == '\0') {
            return p;
        }

        number = 1;
    }

    p = ngx_sprintf(p, "%s{file=\"", name);
    p = (u_char *) ngx_escape_json(p, file->path.data, file->path.len);
    p = ngx_sprintf(p, "\",kind=\"%s\",source=\"",
                    ngx_http_jot_entries(file));
    p = (u_char *) ngx_escape_json(p, file->fetch->source.data,
                                   file->fetch->source.len);

    if (family == NGX_HTTP_JOT_ERROR) {
        p = ngx_sprintf(p, "\",code=\"%s", state->error);
    }

    return ngx_sprintf(p, "\"} %T\n", number);
}
