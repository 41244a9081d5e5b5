
/*
 * The directives that name files, and what is read from files.
 */


#include "ngx_http_jot.h"


static void ngx_http_jot_log_skipped(ngx_http_jot_file_t *file,
    jot_key_set *set, ngx_log_t *log);


char *
ngx_http_jot_key_file(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t                *value, *issuer;
    ngx_uint_t                i;
    ngx_http_jot_key_file_t  *key_file;
    ngx_http_jot_settings_t  *own;

    value = cf->args->elts;
    own = ngx_http_jot_own(cf, conf);

    for (i = 1; i < cf->args->nelts; i++) {
        if (ngx_http_jot_literal(cf, &value[i],
                                 "\"jot_keys\"")
            != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    if (own->keys != NGX_CONF_UNSET_PTR) {
        return "stands beside \"jot_keys\"";
    }

    key_file = ngx_http_jot_push(cf, &own->key_files,
                                 sizeof(ngx_http_jot_key_file_t));
    if (key_file == NULL) {
        return NGX_CONF_ERROR;
    }

    key_file->issuers = NULL;

    for (i = 2; i < cf->args->nelts; i++) {

        if (value[i].len <= 7 || ngx_strncmp(value[i].data, "issuer=", 7) != 0)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid parameter \"%V\"", &value[i]);
            return NGX_CONF_ERROR;
        }

        if (key_file->issuers == NULL) {
            key_file->issuers = ngx_array_create(cf->pool, 1,
                                                 sizeof(ngx_str_t));
            if (key_file->issuers == NULL) {
                return NGX_CONF_ERROR;
            }
        }

        issuer = ngx_array_push(key_file->issuers);
        if (issuer == NULL) {
            return NGX_CONF_ERROR;
        }

        issuer->data = value[i].data + 7;
        issuer->len = value[i].len - 7;
    }

    key_file->file = ngx_http_jot_add_file(cf, &value[1], NGX_HTTP_JOT_KEYS);

    return key_file->file ? NGX_CONF_OK : NGX_CONF_ERROR;
}


char *
ngx_http_jot_revoked_file(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t                *value;
    ngx_http_jot_settings_t  *own;

    value = cf->args->elts;
    own = ngx_http_jot_own(cf, conf);

    if (own->revoked != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    if (ngx_strcmp(value[1].data, "off") == 0) {
        own->revoked = NULL;
        return NGX_CONF_OK;
    }

    if (ngx_http_jot_literal(cf, &value[1], "\"location\"") != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    own->revoked = ngx_http_jot_add_file(cf, &value[1],
                                         NGX_HTTP_JOT_REVOCATIONS);

    return own->revoked ? NGX_CONF_OK : NGX_CONF_ERROR;
}


/* A list of revocations is handed out; keys are, by those that use them. */

uint32_t
ngx_http_jot_parse(ngx_http_jot_file_t *file, ngx_str_t *text,
    ngx_uint_t *count, jot_revocations **list, char *why, size_t size,
    ngx_log_t *log)
{
    size_t        told;
    uint32_t      code;
    jot_error     error;
    jot_key_set  *set;

    ngx_memzero(&error, sizeof(jot_error));
    error.size = sizeof(jot_error);

    if (file->kind == NGX_HTTP_JOT_REVOCATIONS) {

        code = jot_revocations_from_text(ngx_http_jot_slice(text), (size_t) -1,
                                         list, &error);
        if (code != JOT_ACCEPTED) {
            (void) jot_error_message(&error, why, size, NULL);
            return code;
        }

        *count = jot_revocations_len(*list);

        return JOT_ACCEPTED;
    }

    set = jot_key_set_new();

    code = jot_key_set_add_text(set, ngx_http_jot_slice(text), NULL, &error);

    if (code == JOT_ACCEPTED) {
        *count = jot_key_set_len(set);
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
