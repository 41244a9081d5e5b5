
/*
 * Looks at a file.  One that cannot be read leaves what was read before in
 * force, for as long as that says.
 */


#include "ngx_http_jot.h"


static ngx_uint_t ngx_http_jot_settle_fetched(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_file_t *file, ngx_http_jot_stamp_t *stamp, ngx_log_t *log);
static void ngx_http_jot_settle_list(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_file_t *file, ngx_log_t *log);


void
ngx_http_jot_check_file(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_file_t *file, ngx_log_t *log)
{
    char                    why[NGX_HTTP_JOT_WHY];
    ngx_str_t               text, old;
    ngx_int_t               rc;
    ngx_uint_t              same, awaited, stale;
    ngx_file_info_t         fi;
    ngx_http_jot_stamp_t    stamp;
    ngx_http_jot_content_t  content;

    ngx_memzero(&stamp, sizeof(ngx_http_jot_stamp_t));

    if (ngx_file_info(file->path.data, &fi) != NGX_FILE_ERROR) {
        ngx_http_jot_note_stamp(&stamp, &fi);
    }

    if (file->kind != NGX_HTTP_JOT_KEYS) {
        ngx_http_jot_settle_list(jmcf, file, log);
    }

    if (file->fetch && ngx_http_jot_settle_fetched(jmcf, file, &stamp, log)) {
        return;
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

    if (file->fetch && !same) {
        file->fetch->fetched++;
    }

    if (!file->awaited && ngx_http_jot_same(&text, &file->text)) {
        ngx_http_jot_free_text(&text);

        if (file->failed) {
            ngx_log_error(NGX_LOG_NOTICE, log, 0,
                          "jot: \"%V\" has its last good content again",
                          &file->path);
        }

        file->failed = 0;
        return;
    }

    if (ngx_http_jot_parse(file, &text, &content, why, sizeof(why), log)
        != JOT_ACCEPTED)
    {
        ngx_http_jot_free_text(&text);
        goto failed;
    }

    ngx_http_jot_lapse(file, &content);

    old = file->text;
    file->text = text;
    awaited = file->awaited;
    stale = file->stale;
    file->awaited = 0;
    file->stale = 0;

    if (ngx_http_jot_renew(jmcf, file, &content, why, sizeof(why)) != NGX_OK) {
        file->text = old;
        file->awaited = awaited;
        file->stale = stale;
        ngx_http_jot_free_text(&text);
        ngx_http_jot_free_content(&content);
        goto failed;
    }

    ngx_http_jot_free_text(&old);

    file->failed = 0;
    file->doubted = 0;

    ngx_http_jot_count_file(jmcf, file, 1);

    ngx_log_error(NGX_LOG_NOTICE, log, 0, "jot: \"%V\" was read again: %ui %s",
                  &file->path, content.count, ngx_http_jot_entries(file));

    return;

failed:

    /* told once for each state of the file */

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


/*
 * Takes keys out of use that were fetched too long ago.  Tells whether there
 * are none to be read now.
 */

static ngx_uint_t
ngx_http_jot_settle_fetched(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_file_t *file, ngx_http_jot_stamp_t *stamp, ngx_log_t *log)
{
    char                    why[NGX_HTTP_JOT_WHY];
    ngx_str_t               old;
    ngx_uint_t              awaited;
    ngx_http_jot_content_t  none;

    if (stamp->uniq == 0) {
        return file->awaited;
    }

    if (!ngx_http_jot_is_stale(jmcf, file, stamp)) {
        return 0;
    }

    if (file->stale) {
        return 1;
    }

    old = file->text;
    awaited = file->awaited;
    ngx_str_null(&file->text);
    file->awaited = 1;
    file->stale = 1;

    ngx_memzero(&none, sizeof(ngx_http_jot_content_t));

    if (ngx_http_jot_renew(jmcf, file, &none, why, sizeof(why)) != NGX_OK) {
        file->text = old;
        file->awaited = awaited;
        file->stale = 0;
        ngx_log_error(NGX_LOG_ERR, log, 0, "jot: \"%V\": %s", &file->path,
                      why);
        return 1;
    }

    ngx_http_jot_free_text(&old);

    ngx_log_error(NGX_LOG_ERR, log, 0,
                  "jot: the keys of \"%V\" could not be fetched for longer "
                  "than \"jot_fetch_stale\" and are not used any more",
                  &file->fetch->source);

    return 1;
}


/* Takes a list out of use that is too old. */

static void
ngx_http_jot_settle_list(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_file_t *file, ngx_log_t *log)
{
    char                    why[NGX_HTTP_JOT_WHY];
    ngx_http_jot_content_t  stale;

    if ((int64_t) ngx_time() < ngx_http_jot_end(&file->content)) {
        return;
    }

    ngx_http_jot_make_stale(file, &stale);

    if (ngx_http_jot_renew(jmcf, file, &stale, why, sizeof(why)) != NGX_OK) {
        ngx_http_jot_free_content(&stale);
        return;
    }

    ngx_log_error(NGX_LOG_ERR, log, 0,
                  "jot: the %s in \"%V\" are too old; tokens are answered with "
                  "503", ngx_http_jot_entries(file), &file->path);
}
