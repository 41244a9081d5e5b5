
/*
 * Tokens in the parameters of a text: stars are put in their place.
 */


#include "ngx_http_jot.h"


static u_char *ngx_http_jot_next_secret(ngx_array_t *names, u_char *p,
    u_char *last, ngx_uint_t args, u_char **end);


#define NGX_HTTP_JOT_MASK  "***"


/* Notes a parameter whose value is a token somewhere in the configuration. */

ngx_int_t
ngx_http_jot_mask_parameter(ngx_conf_t *cf, ngx_str_t *name)
{
    ngx_str_t                 *names;
    ngx_uint_t                 i;
    ngx_http_jot_main_conf_t  *jmcf;

    jmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_jot_module);
    names = jmcf->masked.elts;

    for (i = 0; i < jmcf->masked.nelts; i++) {
        if (ngx_http_jot_same(&names[i], name)) {
            return NGX_OK;
        }
    }

    names = ngx_array_push(&jmcf->masked);
    if (names == NULL) {
        return NGX_ERROR;
    }

    *names = *name;

    return NGX_OK;
}


/* Tells whether something was masked, in a copy: others share the bytes. */

ngx_uint_t
ngx_http_jot_mask_text(ngx_http_request_t *r, ngx_str_t *text, ngx_uint_t args)
{
    u_char                    *p, *end;
    ngx_http_jot_main_conf_t  *jmcf;

    jmcf = ngx_http_get_module_main_conf(r, ngx_http_jot_module);

    if (text->len == 0
        || ngx_http_jot_next_secret(&jmcf->masked, text->data,
                                    text->data + text->len, args, &end)
           == NULL)
    {
        return 0;
    }

    p = ngx_pnalloc(r->pool, text->len);

    if (p == NULL) {
        text->len = 0;
        return 1;
    }

    ngx_memcpy(p, text->data, text->len);

    text->len = ngx_http_jot_mask(&jmcf->masked, p, p + text->len, args) - p;
    text->data = p;

    return 1;
}


/* Puts stars in the place of secrets; the text gets no longer by that. */

u_char *
ngx_http_jot_mask(ngx_array_t *names, u_char *p, u_char *last, ngx_uint_t args)
{
    size_t   n;
    u_char  *end, *to, *secret;

    to = p;

    while ((secret = ngx_http_jot_next_secret(names, p, last, args, &end))
           != NULL)
    {
        to = ngx_movemem(to, p, secret - p);

        n = ngx_min((size_t) (end - secret), sizeof(NGX_HTTP_JOT_MASK) - 1);
        to = ngx_cpymem(to, NGX_HTTP_JOT_MASK, n);

        p = end;
        args = 0;
    }

    return ngx_movemem(to, p, last - p);
}


/*
 * Finds the value of the next parameter with one of the names.  Where the
 * text does not begin with parameters, they follow a "?", a "&" or a quote.
 */

static u_char *
ngx_http_jot_next_secret(ngx_array_t *names, u_char *p, u_char *last,
    ngx_uint_t args, u_char **end)
{
    u_char      *q;
    ngx_str_t   *name;
    ngx_uint_t   i, begins;

    name = names->elts;

    for (begins = args; p < last; p++) {

        for (i = 0; begins && i < names->nelts; i++) {

            if ((size_t) (last - p) <= name[i].len + 1
                || p[name[i].len] != '='
                || ngx_memcmp(p, name[i].data, name[i].len) != 0)
            {
                continue;
            }

            p += name[i].len + 1;

            for (q = p; q < last && *q > ' ' && *q != '&'; q++) { /* void */ }

            /* what encloses a text in the error log is none of it */

            if (q > p && q < last && q[-1] == ',') {
                q--;
            }

            if (q > p && q[-1] == '"') {
                q--;
            }

            if (q == p) {
                break;
            }

            *end = q;

            return p;
        }

        begins = (*p == '?' || *p == '&' || *p == '"');
    }

    return NULL;
}
