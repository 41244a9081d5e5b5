
/*
 * What the text of a file says: keys or revocations.
 */


#include "ngx_http_jot.h"


static void ngx_http_jot_log_skipped(ngx_http_jot_file_t *file,
    jot_key_set *set, ngx_log_t *log);


/* A list of revocations is the caller's.  Those that use keys read them again. */

uint32_t
ngx_http_jot_parse(ngx_http_jot_file_t *file, ngx_str_t *text,
    ngx_http_jot_content_t *content, char *why, size_t size, ngx_log_t *log)
{
    size_t        told;
    uint32_t      code;
    jot_error     error;
    jot_key_set  *set;

    ngx_memzero(content, sizeof(ngx_http_jot_content_t));
    ngx_memzero(&error, sizeof(jot_error));
    error.size = sizeof(jot_error);

    if (file->kind == NGX_HTTP_JOT_REVOCATIONS) {

        code = jot_revocations_from_text(ngx_http_jot_slice(text), (size_t) -1,
                                         &content->list, &error);
        if (code != JOT_ACCEPTED) {
            (void) jot_error_message(&error, why, size, NULL);
            return code;
        }

        content->count = jot_revocations_len(content->list);

        return JOT_ACCEPTED;
    }

    set = jot_key_set_new();

    code = jot_key_set_add_text(set, ngx_http_jot_slice(text), NULL, &error);

    if (code == JOT_ACCEPTED) {
        content->count = jot_key_set_len(set);
        content->doubt = jot_key_set_secret_doubt(set);
        ngx_http_jot_log_skipped(file, set, log);

    } else {
        (void) jot_error_message(&error, why, size, NULL);

        /* what is wrong with each key, if they are at fault */

        told = ngx_strlen(why);

        if (jot_key_set_skipped_len(set) && size - told > 2) {
            why[told] = ' ';
            (void) jot_key_set_reasons(set, why + told + 1, size - told - 1,
                                       NULL);
        }
    }

    jot_key_set_free(set);

    return code;
}


/* A list whose time has come refuses what nobody can vouch for. */

ngx_uint_t
ngx_http_jot_lapse(ngx_http_jot_content_t *content)
{
    if (content->list == NULL
        || (int64_t) ngx_time() < jot_revocations_end(content->list))
    {
        return 0;
    }

    jot_revocations_free(content->list);
    content->list = jot_revocations_stale();
    content->count = 0;

    return 1;
}


static void
ngx_http_jot_log_skipped(ngx_http_jot_file_t *file, jot_key_set *set,
    ngx_log_t *log)
{
    char  reasons[NGX_HTTP_JOT_WHY];

    if (jot_key_set_skipped_len(set)
        && jot_key_set_reasons(set, reasons, sizeof(reasons), NULL)
           == JOT_ACCEPTED)
    {
        ngx_log_error(NGX_LOG_WARN, log, 0, "jot: \"%V\": not used: %s",
                      &file->path, reasons);
    }
}
