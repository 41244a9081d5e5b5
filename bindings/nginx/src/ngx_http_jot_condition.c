
/*
 * jot_require: variables that must be neither empty nor "0", with the claims
 * of the token to be seen.
 */


#include "ngx_http_jot.h"


static ngx_int_t ngx_http_jot_check_variable(ngx_conf_t *cf, ngx_str_t *text);


char *
ngx_http_jot_require_variables(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_jot_loc_conf_t *jlcf = conf;

    static const ngx_http_jot_words_t  kind = {
        "demands values beside \"off\"",
        "names no variable",
        ngx_http_jot_check_variable
    };

    return ngx_http_jot_read_words(cf, &jlcf->conditions, &kind);
}


static ngx_int_t
ngx_http_jot_check_variable(ngx_conf_t *cf, ngx_str_t *text)
{
    if (ngx_http_script_variables_count(text)) {
        return NGX_OK;
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "\"%V\" holds no variable; claims are named by "
                       "\"jot_require_claim\"", text);
    return NGX_ERROR;
}


/*
 * Finds the first one that does not hold.  NGX_OK: there is none;
 * NGX_DECLINED: *unmet is.
 */

ngx_int_t
ngx_http_jot_conditions(ngx_http_request_t *r, ngx_array_t *conditions,
    ngx_http_jot_word_t **unmet)
{
    ngx_str_t             text;
    ngx_uint_t            i;
    ngx_http_jot_word_t  *condition;

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
