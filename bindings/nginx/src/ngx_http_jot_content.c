
/*
 * What the text of a file says: keys, revocations or a status list.
 */


#include "ngx_http_jot.h"


/* the most entries of a status list */
#define NGX_HTTP_JOT_MAX_STATUSES  (1 << 24)


static void ngx_http_jot_log_skipped(ngx_http_jot_file_t *file,
    jot_key_set *set, ngx_log_t *log);


/* A list is the caller's.  Those that use keys read them again. */

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

    if (file->kind == NGX_HTTP_JOT_STATUSES) {

        code = jot_status_list_from_claims(ngx_http_jot_slice(text),
                                           NGX_HTTP_JOT_MAX_STATUSES,
                                           &content->statuses, &error);
        if (code != JOT_ACCEPTED) {
            (void) jot_error_message(&error, why, size, NULL);
            return code;
        }

        content->count = jot_status_list_len(content->statuses);

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


/* Until when a list may be used; keys are told by the age of their file. */

int64_t
ngx_http_jot_end(ngx_http_jot_content_t *content)
{
    return content->statuses ? jot_status_list_end(content->statuses)
                             : jot_revocations_end(content->list);
}


/* A list whose time has come refuses what nobody can vouch for. */

void
ngx_http_jot_lapse(ngx_http_jot_file_t *file, ngx_http_jot_content_t *content)
{
    if ((int64_t) ngx_time() >= ngx_http_jot_end(content)) {
        ngx_http_jot_free_content(content);
        ngx_http_jot_make_stale(file, content);
    }
}


/* What stands in the place of a list then. */

void
ngx_http_jot_make_stale(ngx_http_jot_file_t *file,
    ngx_http_jot_content_t *content)
{
    ngx_memzero(content, sizeof(ngx_http_jot_content_t));

    if (file->kind == NGX_HTTP_JOT_STATUSES) {
        content->statuses = jot_status_list_stale(ngx_http_jot_slice(&file->uri));

    } else {
        content->list = jot_revocations_stale();
    }
}


void
ngx_http_jot_free_content(ngx_http_jot_content_t *content)
{
    jot_revocations_free(content->list);
    jot_status_list_free(content->statuses);

    content->list = NULL;
    content->statuses = NULL;
}


/* What there are several of in the file. */

const char *
ngx_http_jot_entries(ngx_http_jot_file_t *file)
{
    static const char  *entries[] = { "keys", "revocations", "statuses" };

    return entries[file->kind];
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
