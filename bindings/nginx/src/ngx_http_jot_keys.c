
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
    ngx_uint_t *count, jot_revocations **list, jot_error *error,
    ngx_log_t *log)
{
    uint32_t      code;
    jot_key_set  *set;

    if (file->kind == NGX_HTTP_JOT_REVOCATIONS) {

        code = jot_revocations_from_text(ngx_http_jot_slice(text), (size_t) -1,
                                         list, error);
        if (code != JOT_ACCEPTED) {
            return code;
        }

        *count = jot_revocations_len(*list);

        return JOT_ACCEPTED;
    }

    set = jot_key_set_new();

    code = jot_key_set_add_text(set, ngx_http_jot_slice(text), NULL, error);

    if (code == JOT_ACCEPTED) {
        *count = jot_key_set_len(set);
        ngx_http_jot_log_skipped(file, set, log);
    }

    jot_key_set_free(set);

    return code;
}


static void
ngx_http_jot_log_skipped(ngx_http_jot_file_t *file, jot_key_set *set,
    ngx_log_t *log)
{
    char        message[256];
    size_t      i, position;
    jot_error   why;
    jot_slice   kid;
    ngx_str_t   name;

    why.size = sizeof(jot_error);

    for (i = 0; i < jot_key_set_skipped_len(set); i++) {

        if (jot_key_set_skipped(set, i, &position, &kid, &why) != JOT_ACCEPTED
            || jot_error_message(&why, message, sizeof(message), NULL)
               != JOT_ACCEPTED)
        {
            continue;
        }

        name.data = (u_char *) kid.ptr;
        name.len = ngx_min(kid.len, 64);

        ngx_log_error(NGX_LOG_WARN, log, 0,
                      "jot: key %uz \"%V\" of \"%V\" is not used: %s",
                      position, &name, &file->path, message);
    }
}
