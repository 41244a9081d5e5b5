
/*
 * jot_protected_resource: the metadata by which a client finds out where to
 * get a token (RFC 9728).
 */


#include "ngx_http_jot.h"


static ngx_int_t ngx_http_jot_add_member(ngx_conf_t *cf, ngx_array_t *members,
    ngx_str_t *name, ngx_str_t *value);
static ngx_int_t ngx_http_jot_shape_of(ngx_str_t *name,
    ngx_http_jot_shape_e *shape);


/* the members of RFC 9728, 2 */

static const struct {
    const char            *name;
    ngx_http_jot_shape_e   shape;
} ngx_http_jot_members[] = {
    { "resource", NGX_HTTP_JOT_TEXT },
    { "authorization_servers", NGX_HTTP_JOT_LIST },
    { "jwks_uri", NGX_HTTP_JOT_TEXT },
    { "scopes_supported", NGX_HTTP_JOT_LIST },
    { "bearer_methods_supported", NGX_HTTP_JOT_LIST },
    { "resource_signing_alg_values_supported", NGX_HTTP_JOT_LIST },
    { "resource_name", NGX_HTTP_JOT_TEXT },
    { "resource_documentation", NGX_HTTP_JOT_TEXT },
    { "resource_policy_uri", NGX_HTTP_JOT_TEXT },
    { "resource_tos_uri", NGX_HTTP_JOT_TEXT },
    { "tls_client_certificate_bound_access_tokens", NGX_HTTP_JOT_TRUTH },
    { "authorization_details_types_supported", NGX_HTTP_JOT_LIST },
    { "dpop_signing_alg_values_supported", NGX_HTTP_JOT_LIST },
    { "dpop_bound_access_tokens_required", NGX_HTTP_JOT_TRUTH },
    { NULL, NGX_HTTP_JOT_TEXT }
};


char *
ngx_http_jot_protected_resource(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_jot_loc_conf_t *jlcf = conf;

    u_char                    *p;
    ngx_str_t                 *args, name, value;
    ngx_uint_t                 i;
    ngx_http_core_loc_conf_t  *clcf;

    if (jlcf->members) {
        return "is duplicate";
    }

    args = cf->args->elts;

    jlcf->members = ngx_array_create(cf->pool, 4,
                                     sizeof(ngx_http_jot_member_t));
    if (jlcf->members == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_str_set(&name, "resource");

    if (ngx_http_jot_add_member(cf, jlcf->members, &name, &args[1]) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    for (i = 2; i < cf->args->nelts; i++) {

        p = ngx_strlchr(args[i].data, args[i].data + args[i].len, '=');

        if (p == NULL) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" is not \"member=value\"", &args[i]);
            return NGX_CONF_ERROR;
        }

        name.data = args[i].data;
        name.len = p - args[i].data;
        value.data = p + 1;
        value.len = args[i].data + args[i].len - value.data;

        if (ngx_http_jot_add_member(cf, jlcf->members, &name, &value)
            != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    ngx_http_jot_note_place(cf, &jlcf->described);

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    clcf->handler = ngx_http_jot_send_resource;

    return NGX_CONF_OK;
}


/* Where the challenge says that the metadata are. */

char *
ngx_http_jot_resource_metadata(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_jot_loc_conf_t *jlcf = conf;

    ngx_str_t  *value;

    if (jlcf->metadata != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "off") == 0) {
        jlcf->metadata = NULL;
        return NGX_CONF_OK;
    }

    jlcf->metadata = ngx_http_jot_compiled(cf, &value[1]);

    return jlcf->metadata ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static ngx_int_t
ngx_http_jot_add_member(ngx_conf_t *cf, ngx_array_t *members, ngx_str_t *name,
    ngx_str_t *value)
{
    ngx_uint_t                 i;
    ngx_http_jot_shape_e       shape;
    ngx_http_jot_member_t     *member;
    ngx_http_complex_value_t  *complex;

    if (ngx_http_jot_shape_of(name, &shape) != NGX_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "unknown member \"%V\" of a protected resource",
                           name);
        return NGX_ERROR;
    }

    if (value->len == 0
        || (shape == NGX_HTTP_JOT_TRUTH
            && ngx_strcmp(value->data, "true") != 0
            && ngx_strcmp(value->data, "false") != 0))
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid value \"%V\" of \"%V\"", value, name);
        return NGX_ERROR;
    }

    member = members->elts;

    for (i = 0; i < members->nelts; i++) {
        if (ngx_http_jot_same(&member[i].name, name)) {
            break;
        }
    }

    if (i < members->nelts) {

        if (shape != NGX_HTTP_JOT_LIST) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "duplicate member \"%V\"",
                               name);
            return NGX_ERROR;
        }

        member = &member[i];

    } else {

        member = ngx_array_push(members);
        if (member == NULL) {
            return NGX_ERROR;
        }

        member->name = *name;
        member->shape = shape;

        if (ngx_array_init(&member->values, cf->pool, 2,
                           sizeof(ngx_http_complex_value_t))
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    complex = ngx_array_push(&member->values);
    if (complex == NULL) {
        return NGX_ERROR;
    }

    return ngx_http_jot_compile(cf, value, complex);
}


/* Texts for people may have a language behind a "#" (RFC 9728, 2.1). */

static ngx_int_t
ngx_http_jot_shape_of(ngx_str_t *name, ngx_http_jot_shape_e *shape)
{
    size_t       len;
    u_char      *p;
    ngx_uint_t   i;

    len = name->len;
    p = ngx_strlchr(name->data, name->data + name->len, '#');

    if (p && ngx_strncmp(name->data, "resource_", 9) == 0) {
        len = p - name->data;
    }

    for (i = 0; ngx_http_jot_members[i].name; i++) {
        if (ngx_strlen(ngx_http_jot_members[i].name) == len
            && ngx_strncmp(ngx_http_jot_members[i].name, name->data, len) == 0)
        {
            *shape = ngx_http_jot_members[i].shape;
            return len == name->len || *shape == NGX_HTTP_JOT_TEXT
                       ? NGX_OK : NGX_DECLINED;
        }
    }

    return NGX_DECLINED;
}
