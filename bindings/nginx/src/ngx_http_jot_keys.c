
/*
 * The directives that name keys and revocations.
 */


#include "ngx_http_jot.h"


char *
ngx_http_jot_key_file(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t                *value;
    ngx_uint_t                i;
    ngx_http_jot_key_file_t  *key_file;

    value = cf->args->elts;

    key_file = ngx_http_jot_name_keys(cf, conf);
    if (key_file == NULL) {
        return NGX_CONF_ERROR;
    }

    for (i = 2; i < cf->args->nelts; i++) {
        if (ngx_http_jot_push_issuer(cf, key_file, &value[i]) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    key_file->file = ngx_http_jot_add_file(cf, &value[1], NGX_HTTP_JOT_KEYS,
                                           NULL);

    return key_file->file ? NGX_CONF_OK : NGX_CONF_ERROR;
}


/* Takes note of keys that a directive names; its words must be literal. */

ngx_http_jot_key_file_t *
ngx_http_jot_name_keys(ngx_conf_t *cf, void *conf)
{
    ngx_str_t                *value;
    ngx_uint_t                i;
    ngx_http_jot_key_file_t  *key_file;
    ngx_http_jot_settings_t  *own;

    value = cf->args->elts;
    own = ngx_http_jot_own(cf, conf);

    for (i = 1; i < cf->args->nelts; i++) {
        if (ngx_http_jot_literal(cf, &value[i], "\"jot_keys\"") != NGX_OK) {
            return NULL;
        }
    }

    if (own->keys != NGX_CONF_UNSET_PTR) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" directive stands beside \"jot_keys\"",
                           &value[0]);
        return NULL;
    }

    key_file = ngx_http_jot_push(cf, &own->key_files,
                                 sizeof(ngx_http_jot_key_file_t));
    if (key_file) {
        key_file->issuers = NULL;
    }

    return key_file;
}


/* Takes "issuer=...". */

ngx_int_t
ngx_http_jot_push_issuer(ngx_conf_t *cf, ngx_http_jot_key_file_t *key_file,
    ngx_str_t *value)
{
    ngx_str_t  *issuer;

    if (value->len <= 7 || ngx_strncmp(value->data, "issuer=", 7) != 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\"",
                           value);
        return NGX_ERROR;
    }

    if (key_file->issuers == NULL) {
        key_file->issuers = ngx_array_create(cf->pool, 1, sizeof(ngx_str_t));
        if (key_file->issuers == NULL) {
            return NGX_ERROR;
        }
    }

    issuer = ngx_array_push(key_file->issuers);
    if (issuer == NULL) {
        return NGX_ERROR;
    }

    issuer->data = value->data + 7;
    issuer->len = value->len - 7;

    return NGX_OK;
}


char *
ngx_http_jot_keys(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t                *value;
    ngx_http_jot_settings_t  *own;

    value = cf->args->elts;
    own = ngx_http_jot_own(cf, conf);

    if (own->keys != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    if (own->key_files != NGX_CONF_UNSET_PTR) {
        return "stands beside \"jot_key_file\"";
    }

    own->keys = ngx_http_jot_compiled(cf, &value[1]);

    return own->keys ? NGX_CONF_OK : NGX_CONF_ERROR;
}


char *
ngx_http_jot_key_set(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_jot_main_conf_t *jmcf = conf;

    ngx_str_t               *value;
    ngx_uint_t               i;
    ngx_http_jot_file_t    **file;
    ngx_http_jot_issuer_t   *set, *other;

    value = cf->args->elts;

    if (value[1].len == 0) {
        return "has an empty name";
    }

    other = jmcf->key_sets.elts;

    for (i = 0; i < jmcf->key_sets.nelts; i++) {
        if (ngx_http_jot_same(&other[i].name, &value[1])) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "duplicate key set \"%V\"",
                               &value[1]);
            return NGX_CONF_ERROR;
        }
    }

    set = ngx_array_push(&jmcf->key_sets);
    if (set == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(set, sizeof(ngx_http_jot_issuer_t));

    set->name = value[1];

    if (ngx_array_init(&set->files, cf->pool, 1, sizeof(ngx_http_jot_file_t *))
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    for (i = 2; i < cf->args->nelts; i++) {

        if (ngx_http_jot_literal(cf, &value[i], "\"jot_keys\"") != NGX_OK) {
            return NGX_CONF_ERROR;
        }

        if (ngx_strncmp(value[i].data, "issuer=", 7) == 0) {

            if (value[i].len == 7 || set->issuer.len) {
                ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                                   "invalid parameter \"%V\", a key set is of "
                                   "one issuer", &value[i]);
                return NGX_CONF_ERROR;
            }

            set->issuer.data = value[i].data + 7;
            set->issuer.len = value[i].len - 7;

            continue;
        }

        file = ngx_array_push(&set->files);
        if (file == NULL) {
            return NGX_CONF_ERROR;
        }

        *file = ngx_http_jot_add_file(cf, &value[i], NGX_HTTP_JOT_KEYS,
                                      NULL);
        if (*file == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    return set->files.nelts ? NGX_CONF_OK : "names no file";
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
                                         NGX_HTTP_JOT_REVOCATIONS, NULL);

    return own->revoked ? NGX_CONF_OK : NGX_CONF_ERROR;
}
