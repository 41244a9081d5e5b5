
/*
 * The text of a file, and how the file looked when it was read.
 */


#include "ngx_http_jot.h"


#define NGX_HTTP_JOT_MAX_KEYS  (1024 * 1024)
#define NGX_HTTP_JOT_MAX_LIST  (64 * 1024 * 1024)


ngx_int_t
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

    /* a FIFO must not block the worker */

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
                                          : NGX_HTTP_JOT_MAX_LIST;
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
ngx_http_jot_note_stamp(ngx_http_jot_stamp_t *stamp, ngx_file_info_t *fi)
{
    stamp->uniq = ngx_file_uniq(fi);
    stamp->size = ngx_file_size(fi);
    stamp->mtim = fi->st_mtim;
    stamp->ctim = fi->st_ctim;
}


/*
 * Whether keys were fetched too long ago; who fetches notes when it last did.
 * While the configuration is read, "jot_fetch_stale" may not be known yet.
 */

ngx_uint_t
ngx_http_jot_is_stale(ngx_http_jot_main_conf_t *jmcf, ngx_http_jot_file_t *file,
    ngx_http_jot_stamp_t *stamp)
{
    return file->fetch && file->kind == NGX_HTTP_JOT_KEYS && stamp->uniq
           && jmcf->fetch_stale != NGX_CONF_UNSET
           && ngx_time() - stamp->mtim.tv_sec > jmcf->fetch_stale;
}


/* That of a file that is not there is all zeros. */

ngx_uint_t
ngx_http_jot_same_stamp(ngx_http_jot_stamp_t *one, ngx_http_jot_stamp_t *other)
{
    return one->uniq == other->uniq
           && one->size == other->size
           && one->mtim.tv_sec == other->mtim.tv_sec
           && one->mtim.tv_nsec == other->mtim.tv_nsec
           && one->ctim.tv_sec == other->ctim.tv_sec
           && one->ctim.tv_nsec == other->ctim.tv_nsec;
}
