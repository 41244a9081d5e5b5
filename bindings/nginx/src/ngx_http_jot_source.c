
/*
 * jot_token_from: the places that are looked at for a token.
 */


#include "ngx_http_jot.h"


static ngx_int_t ngx_http_jot_parse_source(ngx_conf_t *cf,
    ngx_http_jot_source_t *source, ngx_str_t *kind, ngx_str_t *name);


char *
ngx_http_jot_token_from(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_jot_loc_conf_t *jlcf = conf;

    ngx_str_t              *value, *kind;
    ngx_uint_t              i, k;
    ngx_http_jot_source_t  *source, *other;

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        source = ngx_http_jot_push(cf, &jlcf->sources,
                                   sizeof(ngx_http_jot_source_t));
        if (source == NULL) {
            return NGX_CONF_ERROR;
        }

        ngx_memzero(source, sizeof(ngx_http_jot_source_t));

        kind = &value[i];

        if (kind->len && kind->data[0] == '$') {
            source->where = NGX_HTTP_JOT_VARIABLE;
            source->name.data = kind->data + 1;
            source->name.len = kind->len - 1;
            source->index = ngx_http_get_variable_index(cf, &source->name);

            if (source->index == NGX_ERROR) {
                return NGX_CONF_ERROR;
            }

        } else if (++i == cf->args->nelts) {
            return "needs pairs of \"header\", \"cookie\" or \"query\" and a "
                   "name, or a variable";

        } else if (value[i].len == 0) {
            return "has an empty name";

        } else if (ngx_http_jot_parse_source(cf, source, kind, &value[i])
                   != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }

        /* each token would be found twice */

        other = jlcf->sources->elts;

        for (k = 0; k + 1 < jlcf->sources->nelts; k++) {

            if (other[k].where == source->where
                && ngx_http_jot_same(&other[k].name, &source->name))
            {
                ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                                   "duplicate source \"%V %V\"", kind,
                                   &source->name);
                return NGX_CONF_ERROR;
            }
        }
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_jot_parse_source(ngx_conf_t *cf, ngx_http_jot_source_t *source,
    ngx_str_t *kind, ngx_str_t *name)
{
    source->name = *name;

    if (ngx_strcmp(kind->data, "cookie") == 0) {
        source->where = NGX_HTTP_JOT_COOKIE;
        return NGX_OK;
    }

    if (ngx_strcmp(kind->data, "query") == 0) {
        source->where = NGX_HTTP_JOT_QUERY;
        return ngx_http_jot_mask_parameter(cf, &source->name);
    }

    if (ngx_strcmp(kind->data, "header") == 0) {
        source->where = NGX_HTTP_JOT_HEADER;
        ngx_strlow(source->name.data, source->name.data, source->name.len);
        source->bearer = ngx_strcmp(source->name.data, "authorization") == 0;
        return NGX_OK;
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "invalid source \"%V\", it must be \"header\", "
                       "\"cookie\", \"query\" or a variable", kind);

    return NGX_ERROR;
}
