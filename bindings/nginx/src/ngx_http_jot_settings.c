
/*
 * The settings of rules, and the directives that say them.
 */


#include "ngx_http_jot.h"


static ngx_conf_enum_t  ngx_http_jot_backends[] = {
    { ngx_string("aws-lc"), JOT_BACKEND_AWS_LC },
    { ngx_string("auto"), JOT_BACKEND_AUTO },
    { ngx_string("accelerated"), JOT_BACKEND_ACCELERATED },
    { ngx_null_string, 0 }
};


void
ngx_http_jot_init_settings(ngx_http_jot_settings_t *settings)
{
    settings->key_files = NGX_CONF_UNSET_PTR;
    settings->keys = NGX_CONF_UNSET_PTR;
    settings->algorithms = NGX_CONF_UNSET_PTR;
    settings->issuers = NGX_CONF_UNSET_PTR;
    settings->audiences = NGX_CONF_UNSET_PTR;
    settings->typs = NGX_CONF_UNSET_PTR;
    settings->revoked = NGX_CONF_UNSET_PTR;
    settings->statuses = NGX_CONF_UNSET_PTR;
    settings->require_status = NGX_CONF_UNSET;
    settings->validity = NGX_CONF_UNSET;
    settings->leeway = NGX_CONF_UNSET;
    settings->future_iat = NGX_CONF_UNSET;
    settings->entries = NGX_CONF_UNSET;
    settings->backend = NGX_CONF_UNSET;
}


char *
ngx_http_jot_enable(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_jot_loc_conf_t *jlcf = conf;

    ngx_str_t  *value;

    if (jlcf->enable != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "on") == 0) {
        jlcf->enable = NGX_HTTP_JOT_ON;

    } else if (ngx_strcmp(value[1].data, "off") == 0) {
        jlcf->enable = NGX_HTTP_JOT_OFF;

    } else if (ngx_strcmp(value[1].data, "optional") == 0) {
        jlcf->enable = NGX_HTTP_JOT_OPTIONAL;

    } else {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid value \"%V\", it must be \"on\", \"off\" "
                           "or \"optional\"", &value[1]);
        return NGX_CONF_ERROR;
    }

    ngx_http_jot_note_place(cf, &jlcf->enabled);

    if (cf->args->nelts == 2) {
        return NGX_CONF_OK;
    }

    jlcf->realm = ngx_http_jot_compiled(cf, &value[2]);

    return jlcf->realm ? NGX_CONF_OK : NGX_CONF_ERROR;
}


char *
ngx_http_jot_algorithms(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    uint32_t                 *algorithm;
    ngx_str_t                *value;
    ngx_uint_t                i;
    ngx_http_jot_settings_t  *own;

    value = cf->args->elts;
    own = ngx_http_jot_own(cf, conf);

    for (i = 1; i < cf->args->nelts; i++) {

        algorithm = ngx_http_jot_push(cf, &own->algorithms, sizeof(uint32_t));
        if (algorithm == NULL) {
            return NGX_CONF_ERROR;
        }

        switch (jot_alg_parse(ngx_http_jot_slice(&value[i]), algorithm)) {

        case JOT_ACCEPTED:
            break;

        case JOT_ALG_NONE:
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" is no algorithm: unsigned tokens are "
                               "never accepted", &value[i]);
            return NGX_CONF_ERROR;

        default:
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "unknown algorithm \"%V\"", &value[i]);
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


char *
ngx_http_jot_names(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t                *value, *name;
    ngx_uint_t                i;
    ngx_array_t             **names;
    ngx_http_jot_settings_t  *own;

    value = cf->args->elts;
    own = ngx_http_jot_own(cf, conf);
    names = (ngx_array_t **) ((char *) own + cmd->offset);

    if (*names == NULL) {
        return "is \"off\" already";
    }

    for (i = 1; i < cf->args->nelts; i++) {

        if (value[i].len == 0) {
            return "has an empty value";
        }

        if (ngx_strcmp(value[i].data, "off") == 0) {

            if (cf->args->nelts > 2 || *names != NGX_CONF_UNSET_PTR) {
                return "has names beside \"off\"";
            }

            *names = NULL;

            return NGX_CONF_OK;
        }

        if (cmd->offset == offsetof(ngx_http_jot_settings_t, typs)
            && ngx_http_jot_literal(cf, &value[i], "\"jot_require\"")
               != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }

        name = ngx_http_jot_push(cf, names, sizeof(ngx_str_t));
        if (name == NULL) {
            return NGX_CONF_ERROR;
        }

        *name = value[i];
    }

    return NGX_CONF_OK;
}


char *
ngx_http_jot_leeway(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t                *value;
    ngx_http_jot_settings_t  *own;

    value = cf->args->elts;
    own = ngx_http_jot_own(cf, conf);

    if (own->leeway != NGX_CONF_UNSET) {
        return "is duplicate";
    }

    own->leeway = ngx_parse_time(&value[1], 1);

    if (own->leeway == (time_t) NGX_ERROR || own->leeway > NGX_MAX_INT32_VALUE)
    {
        return "invalid value";
    }

    return NGX_CONF_OK;
}


char *
ngx_http_jot_flag(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    return ngx_conf_set_flag_slot(cf, cmd, ngx_http_jot_own(cf, conf));
}


char *
ngx_http_jot_cache(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t                *value;
    ngx_http_jot_settings_t  *own;

    value = cf->args->elts;
    own = ngx_http_jot_own(cf, conf);

    if (own->entries != NGX_CONF_UNSET) {
        return "is duplicate";
    }

    if (cf->args->nelts == 2) {

        if (ngx_strcmp(value[1].data, "off") != 0) {
            return "needs a zone and a number of entries, or \"off\"";
        }

        own->entries = 0;

        return NGX_CONF_OK;
    }

    own->zone = value[1];
    own->entries = ngx_atoi(value[2].data, value[2].len);

    if (own->entries == NGX_ERROR || own->entries == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid number of entries \"%V\"", &value[2]);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


char *
ngx_http_jot_backend(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t                *value;
    ngx_conf_enum_t          *one;
    ngx_http_jot_settings_t  *own;

    value = cf->args->elts;
    own = ngx_http_jot_own(cf, conf);

    if (own->backend != NGX_CONF_UNSET) {
        return "is duplicate";
    }

    for (one = ngx_http_jot_backends; one->name.len != 0; one++) {
        if (ngx_http_jot_same(&one->name, &value[1])) {
            own->backend = one->value;
            return NGX_CONF_OK;
        }
    }

    return "needs \"aws-lc\", \"auto\" or \"accelerated\"";
}
