
/*
 * What the files of the directives share.
 */


#include "ngx_http_jot.h"


void
ngx_http_jot_note_place(ngx_conf_t *cf, ngx_http_jot_place_t *place)
{
    if (cf->conf_file->file.fd == NGX_INVALID_FILE) {
        place->name = (u_char *) "-g option";
        place->line = 0;
        return;
    }

    place->name = cf->conf_file->file.name.data;
    place->line = cf->conf_file->line;
}


ngx_http_jot_settings_t *
ngx_http_jot_own(ngx_conf_t *cf, ngx_http_jot_loc_conf_t *jlcf)
{
    if (!jlcf->has_own) {
        jlcf->has_own = 1;
        ngx_http_jot_note_place(cf, &jlcf->place);
    }

    return &jlcf->own;
}


void *
ngx_http_jot_push(ngx_conf_t *cf, ngx_array_t **array, size_t size)
{
    if (*array == NGX_CONF_UNSET_PTR) {
        *array = ngx_array_create(cf->pool, 2, size);
        if (*array == NULL) {
            return NULL;
        }
    }

    return ngx_array_push(*array);
}


/*
 * A "$" would be taken for itself and the rule never be met.  "See" names what
 * does take variables.
 */

ngx_int_t
ngx_http_jot_literal(ngx_conf_t *cf, ngx_str_t *value, const char *see)
{
    ngx_str_t  *directive;

    if (ngx_strlchr(value->data, value->data + value->len, '$') == NULL) {
        return NGX_OK;
    }

    directive = cf->args->elts;

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "variables are not supported in \"%V\", see %s: "
                       "\"%V\"", directive, see, value);
    return NGX_ERROR;
}
