
/*
 * What a worker writes that has keys fetched: the keys, and how they do.
 */


#include "ngx_http_jot.h"


/* Says how the keys do, as a process does. */

void
ngx_http_jot_tell(ngx_http_jot_request_t *request, ngx_log_t *log)
{
    u_char      text[256];
    u_char     *p;
    int64_t     fetched_at;
    jot_health  health;

    ngx_memzero(&health, sizeof(jot_health));
    health.size = sizeof(jot_health);

    if (jot_keeper_health(request->keeper, &health) != JOT_ACCEPTED) {
        return;
    }

    p = ngx_sprintf(text, "next_fetch %L\nfailures %uD\n",
                    health.next_fetch, health.failures);

    fetched_at = health.last_success;

    if (fetched_at == INT64_MIN && request->file->stamp.uniq) {

        /* by a worker before this one */

        fetched_at = request->file->stamp.mtim.tv_sec;
    }

    if (fetched_at != INT64_MIN) {
        p = ngx_sprintf(p, "fetched_at %L\n", fetched_at);
    }

    if (health.error) {
        p = ngx_sprintf(p, "error %s\n", jot_code_name(health.error));
    }

    ngx_http_jot_replace(&request->file->fetch->state, text, p - text, log);
}


/* Replaces a file as a whole. */

void
ngx_http_jot_replace(ngx_str_t *path, u_char *data, size_t size, ngx_log_t *log)
{
    u_char           name[NGX_MAX_PATH + 8];
    ngx_fd_t         fd;
    struct timespec  times[2];

    (void) ngx_snprintf(name, sizeof(name), "%V.new%Z", path);

    fd = ngx_open_file(name, NGX_FILE_WRONLY, NGX_FILE_TRUNCATE, 0644);

    if (fd == NGX_INVALID_FILE) {
        ngx_log_error(NGX_LOG_ERR, log, ngx_errno,
                      "jot: " ngx_open_file_n " \"%s\" failed", name);
        return;
    }

    if (ngx_write_fd(fd, data, size) != (ssize_t) size) {
        ngx_log_error(NGX_LOG_ERR, log, ngx_errno,
                      "jot: " ngx_write_fd_n " \"%s\" failed", name);
        (void) ngx_close_file(fd);
        return;
    }

    /* the clock of the file system is behind that of who asked for a fetch */

    (void) clock_gettime(CLOCK_REALTIME, &times[0]);
    times[1] = times[0];
    (void) futimens(fd, times);

    (void) ngx_close_file(fd);

    if (ngx_rename_file(name, path->data) == NGX_FILE_ERROR) {
        ngx_log_error(NGX_LOG_ERR, log, ngx_errno,
                      "jot: " ngx_rename_file_n " \"%s\" failed", name);
    }
}
