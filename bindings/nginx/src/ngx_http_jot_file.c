
/*
 * Files of keys and revocations: read by the master with the configuration,
 * looked at by a timer of each worker, between requests.  What cannot be read
 * leaves what was read before in force.
 */


#include "ngx_http_jot.h"


static ngx_int_t ngx_http_jot_read(ngx_http_jot_file_t *file, ngx_str_t *text,
    ngx_http_jot_stamp_t *stamp, char *why, size_t size, ngx_log_t *log);
static void ngx_http_jot_note_stamp(ngx_http_jot_stamp_t *stamp,
    ngx_file_info_t *fi);
static ngx_uint_t ngx_http_jot_same_stamp(ngx_http_jot_stamp_t *one,
    ngx_http_jot_stamp_t *other);
static void ngx_http_jot_check_file(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_file_t *file, ngx_log_t *log);
static void ngx_http_jot_timer(ngx_event_t *ev);


#define NGX_HTTP_JOT_MAX_KEYS         (1024 * 1024)
#define NGX_HTTP_JOT_MAX_REVOCATIONS  (64 * 1024 * 1024)


ngx_http_jot_file_t *
ngx_http_jot_add_file(ngx_conf_t *cf, ngx_str_t *path, ngx_http_jot_kind_e kind)
{
    char                       why[NGX_HTTP_JOT_WHY];
    ngx_str_t                  full;
    ngx_uint_t                 i;
    ngx_http_jot_file_t       *file, **files;
    ngx_http_jot_main_conf_t  *jmcf;

    jmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_jot_module);

    full = *path;

    if (ngx_conf_full_name(cf->cycle, &full, 1) != NGX_OK) {
        return NULL;
    }

    files = jmcf->files.elts;

    for (i = 0; i < jmcf->files.nelts; i++) {
        if (files[i]->kind == kind && files[i]->path.len == full.len
            && ngx_memcmp(files[i]->path.data, full.data, full.len) == 0)
        {
            return files[i];
        }
    }

    file = ngx_pcalloc(cf->pool, sizeof(ngx_http_jot_file_t));
    if (file == NULL) {
        return NULL;
    }

    file->path = full;
    file->kind = kind;
    file->place.name = cf->conf_file->file.name.data;
    file->place.line = cf->conf_file->line;
    file->index = jmcf->files.nelts;

    if (ngx_http_jot_read(file, &file->text, &file->stamp, why, sizeof(why),
                          cf->log)
        != NGX_OK)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "%s", why);
        return NULL;
    }

    files = ngx_array_push(&jmcf->files);
    if (files == NULL) {
        ngx_http_jot_free_text(&file->text);
        return NULL;
    }

    *files = file;

    if (ngx_http_jot_parse(file, &file->text, &file->count, &file->list,
                           why, sizeof(why), cf->log)
        != JOT_ACCEPTED)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\": %s", &full, why);
        return NULL;
    }

    return file;
}


static ngx_int_t
ngx_http_jot_read(ngx_http_jot_file_t *file, ngx_str_t *text,
    ngx_http_jot_stamp_t *stamp, char *why, size_t size, ngx_log_t *log)
{
    u_char           *p, *last;
    size_t            max, n;
    ssize_t           got;
    ngx_fd_t          fd;
    ngx_err_t         err;
    ngx_file_info_t   fi;

    p = (u_char *) why;
    last = p + size - 1;

    /* so that a FIFO does not hold up the worker */

    fd = ngx_open_file(file->path.data, NGX_FILE_RDONLY|NGX_FILE_NONBLOCK,
                       NGX_FILE_OPEN, 0);

    if (fd == NGX_INVALID_FILE) {
        err = ngx_errno;
        p = ngx_slprintf(p, last, ngx_open_file_n " \"%V\" failed (%d: ",
                         &file->path, err);
        p = ngx_strerror(err, p, last - p);
        p = ngx_slprintf(p, last, ")");
        *p = '\0';
        return err == NGX_EACCES ? NGX_DECLINED : NGX_ERROR;
    }

    max = file->kind == NGX_HTTP_JOT_KEYS ? NGX_HTTP_JOT_MAX_KEYS
                                          : NGX_HTTP_JOT_MAX_REVOCATIONS;
    text->data = NULL;
    text->len = 0;

    if (ngx_fd_info(fd, &fi) == NGX_FILE_ERROR || !ngx_is_file(&fi)) {
        p = ngx_slprintf(p, last, "\"%V\" is not a regular file", &file->path);
        goto failed;
    }

    if ((size_t) ngx_file_size(&fi) > max) {
        p = ngx_slprintf(p, last, "\"%V\" is larger than %uz bytes",
                         &file->path, max);
        goto failed;
    }

    n = (size_t) ngx_file_size(&fi);

    text->data = ngx_alloc(n + 1, log);
    if (text->data == NULL) {
        p = ngx_slprintf(p, last, "\"%V\": no memory", &file->path);
        goto failed;
    }

    while (text->len < n) {

        got = ngx_read_fd(fd, text->data + text->len, n - text->len);

        if (got == -1 && ngx_errno == NGX_EINTR) {
            continue;
        }

        if (got <= 0) {
            p = ngx_slprintf(p, last, "\"%V\" changed while it was read",
                             &file->path);
            ngx_http_jot_free_text(text);
            goto failed;
        }

        text->len += got;
    }

    ngx_http_jot_note_stamp(stamp, &fi);

    /* a change within the clock's tick of the file system would go unseen */

    file->settled = ngx_time() - fi.st_ctim.tv_sec > 1;

    (void) ngx_close_file(fd);

    return NGX_OK;

failed:

    *p = '\0';

    (void) ngx_close_file(fd);

    return NGX_ERROR;
}


/* Wipes and frees: the text may hold HMAC secrets. */

void
ngx_http_jot_free_text(ngx_str_t *text)
{
    if (text->data) {
        ngx_explicit_memzero(text->data, text->len);
        ngx_free(text->data);
    }

    ngx_str_null(text);
}


void
ngx_http_jot_check_files(ngx_http_jot_main_conf_t *jmcf, ngx_log_t *log)
{
    ngx_uint_t             i;
    ngx_http_jot_file_t  **files;

    files = jmcf->files.elts;

    for (i = 0; i < jmcf->files.nelts; i++) {
        ngx_http_jot_check_file(jmcf, files[i], log);
    }
}


static void
ngx_http_jot_check_file(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_file_t *file, ngx_log_t *log)
{
    char                    why[NGX_HTTP_JOT_WHY];
    ngx_str_t               text, old;
    ngx_int_t               rc;
    ngx_uint_t              count, same;
    jot_revocations        *list;
    ngx_file_info_t         fi;
    ngx_http_jot_stamp_t    stamp;

    ngx_memzero(&stamp, sizeof(ngx_http_jot_stamp_t));

    if (ngx_file_info(file->path.data, &fi) != NGX_FILE_ERROR) {
        ngx_http_jot_note_stamp(&stamp, &fi);
    }

    same = ngx_http_jot_same_stamp(&file->stamp, &stamp);

    if (same && file->settled) {
        return;
    }

    rc = ngx_http_jot_read(file, &text, &stamp, why, sizeof(why), log);

    if (rc != NGX_OK) {

        /* secrets that only the master may read, as it has read them */

        if (same && rc == NGX_DECLINED) {
            file->settled = 1;
            return;
        }

        /* tried again at every tick */

        file->settled = 0;
        goto failed;
    }

    file->stamp = stamp;

    if (text.len == file->text.len
        && ngx_memcmp(text.data, file->text.data, text.len) == 0)
    {
        ngx_http_jot_free_text(&text);

        if (file->failed) {
            ngx_log_error(NGX_LOG_NOTICE, log, 0,
                          "jot: \"%V\" is again what is in force",
                          &file->path);
        }

        file->failed = 0;
        return;
    }

    list = NULL;

    if (ngx_http_jot_parse(file, &text, &count, &list, why, sizeof(why), log)
        != JOT_ACCEPTED)
    {
        ngx_http_jot_free_text(&text);
        goto failed;
    }

    old = file->text;
    file->text = text;

    if (ngx_http_jot_renew(jmcf, file, list, why, sizeof(why)) != NGX_OK) {
        file->text = old;
        ngx_http_jot_free_text(&text);
        goto failed;
    }

    ngx_http_jot_free_text(&old);

    file->failed = 0;
    file->count = count;

    ngx_http_jot_count_file(jmcf, file, 1);

    ngx_log_error(NGX_LOG_NOTICE, log, 0, "jot: \"%V\" was read anew: %ui %s",
                  &file->path, count,
                  file->kind == NGX_HTTP_JOT_KEYS ? "keys" : "revocations");

    return;

failed:

    /* told once, and anew of another state of the file */

    if (file->failed && ngx_http_jot_same_stamp(&file->told, &stamp)
        && ngx_strcmp(file->why, why) == 0)
    {
        return;
    }

    file->failed = 1;
    file->told = stamp;
    ngx_memcpy(file->why, why, sizeof(why));

    ngx_http_jot_count_file(jmcf, file, 0);

    ngx_log_error(NGX_LOG_ERR, log, 0,
                  "jot: \"%V\" cannot be used, what was read before stays in "
                  "force: %s", &file->path, why);
}


static void
ngx_http_jot_note_stamp(ngx_http_jot_stamp_t *stamp, ngx_file_info_t *fi)
{
    stamp->uniq = ngx_file_uniq(fi);
    stamp->size = ngx_file_size(fi);
    stamp->mtim = fi->st_mtim;
    stamp->ctim = fi->st_ctim;
}


/* That of a file that is not there is all zeros. */

static ngx_uint_t
ngx_http_jot_same_stamp(ngx_http_jot_stamp_t *one, ngx_http_jot_stamp_t *other)
{
    return one->uniq == other->uniq
           && one->size == other->size
           && one->mtim.tv_sec == other->mtim.tv_sec
           && one->mtim.tv_nsec == other->mtim.tv_nsec
           && one->ctim.tv_sec == other->ctim.tv_sec
           && one->ctim.tv_nsec == other->ctim.tv_nsec;
}


void
ngx_http_jot_watch_files(ngx_http_jot_main_conf_t *jmcf, ngx_log_t *log)
{
    if (jmcf->check == 0 || jmcf->timer.timer_set) {
        return;
    }

    jmcf->dumb.fd = (ngx_socket_t) -1;

    jmcf->timer.handler = ngx_http_jot_timer;
    jmcf->timer.data = &jmcf->dumb;
    jmcf->timer.log = log;
    jmcf->timer.cancelable = 1;

    ngx_add_timer(&jmcf->timer, jmcf->check);
}


static void
ngx_http_jot_timer(ngx_event_t *ev)
{
    ngx_http_jot_main_conf_t  *jmcf;

    if (ngx_exiting || ngx_terminate || ngx_quit) {
        return;
    }

    jmcf = (ngx_http_jot_main_conf_t *)
               ((char *) ev - offsetof(ngx_http_jot_main_conf_t, timer));

    ngx_http_jot_check_files(jmcf, ev->log);

    ngx_add_timer(ev, jmcf->check);
}
