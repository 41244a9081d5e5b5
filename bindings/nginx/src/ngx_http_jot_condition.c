
/*
 * jot_require: variables that must be neither empty nor "0", with the claims
 * of the token to be seen.
 */


#include "ngx_http_jot.h"


char *
ngx_http_jot_require_variables(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_jot_loc_conf_t *jlcf = conf;

    ngx_str_t                         *value;
    ngx_uint_t                         i, first, status;
    ngx_http_jot_condition_t          *condition;
    ngx_http_compile_complex_value_t   ccv;

    value = cf->args->elts;

    if (jlcf->conditions == NULL) {
        return "is \"off\" already";
    }

    if (cf->args->nelts == 2 && ngx_strcmp(value[1].data, "off") == 0) {

        if (jlcf->conditions != NGX_CONF_UNSET_PTR) {
            return "demands values beside \"off\"";
        }

        jlcf->conditions = NULL;

        return NGX_CONF_OK;
    }

    status = NGX_HTTP_FORBIDDEN;
    first = jlcf->conditions == NGX_CONF_UNSET_PTR ? 0
                                                   : jlcf->conditions->nelts;

    for (i = 1; i < cf->args->nelts; i++) {

        if (ngx_strncmp(value[i].data, "error=", 6) == 0) {

            if (ngx_http_jot_parse_error(cf, &value[i], &status) != NGX_OK) {
                return NGX_CONF_ERROR;
            }

            continue;
        }

        if (ngx_http_script_variables_count(&value[i]) == 0) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" holds no variable; claims are named by "
                               "\"jot_require_claim\"", &value[i]);
            return NGX_CONF_ERROR;
        }

        condition = ngx_http_jot_push(cf, &jlcf->conditions,
                                      sizeof(ngx_http_jot_condition_t));
        if (condition == NULL) {
            return NGX_CONF_ERROR;
        }

        condition->text = value[i];

        ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

        ccv.cf = cf;
        ccv.value = &value[i];
        ccv.complex_value = &condition->value;

        if (ngx_http_compile_complex_value(&ccv) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    if (jlcf->conditions == NGX_CONF_UNSET_PTR
        || jlcf->conditions->nelts == first)
    {
        return "names no variable";
    }

    condition = jlcf->conditions->elts;

    for (i = first; i < jlcf->conditions->nelts; i++) {
        condition[i].status = status;
    }

    return NGX_CONF_OK;
}


ngx_int_t
ngx_http_jot_parse_error(ngx_conf_t *cf, ngx_str_t *text, ngx_uint_t *status)
{
    if (ngx_strcmp(text->data, "error=401") == 0) {
        *status = NGX_HTTP_UNAUTHORIZED;
        return NGX_OK;
    }

    if (ngx_strcmp(text->data, "error=403") == 0) {
        *status = NGX_HTTP_FORBIDDEN;
        return NGX_OK;
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "invalid parameter \"%V\", it must be \"error=401\" or "
                       "\"error=403\"", text);

    return NGX_ERROR;
}


/*
 * Finds the first one that does not hold.  NGX_OK: there is none;
 * NGX_DECLINED: *unmet is.
 */

ngx_int_t
ngx_http_jot_conditions(ngx_http_request_t *r, ngx_array_t *conditions,
    ngx_http_jot_condition_t **unmet)
{
    ngx_str_t                  text;
    ngx_uint_t                 i;
    ngx_http_jot_condition_t  *condition;

    condition = conditions->elts;

    for (i = 0; i < conditions->nelts; i++) {

        if (ngx_http_complex_value(r, &condition[i].value, &text) != NGX_OK) {
            return NGX_ERROR;
        }

        if (text.len == 0 || (text.len == 1 && text.data[0] == '0')) {
            *unmet = &condition[i];
            return NGX_DECLINED;
        }
    }

    return NGX_OK;
}
