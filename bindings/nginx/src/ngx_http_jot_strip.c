
/*
 * Removing a token from a request: the upstream does not see it.
 *
 * The list of header lines is replaced and not changed: others point into it,
 * and a subrequest shares its parts with its parent.
 */


#include "ngx_http_jot.h"


static ngx_int_t ngx_http_jot_strip_header(ngx_http_request_t *r,
    ngx_http_jot_source_t *source);
static ngx_int_t ngx_http_jot_strip_query(ngx_http_request_t *r,
    ngx_http_jot_source_t *source);
static ngx_int_t ngx_http_jot_without(ngx_pool_t *pool, ngx_str_t *text,
    u_char separator, ngx_str_t *name);


ngx_int_t
ngx_http_jot_strip(ngx_http_request_t *r, ngx_http_jot_source_t *source)
{
    if (source->where == NGX_HTTP_JOT_QUERY) {
        return ngx_http_jot_strip_query(r, source);
    }

    return ngx_http_jot_strip_header(r, source);
}


static ngx_int_t
ngx_http_jot_strip_header(ngx_http_request_t *r, ngx_http_jot_source_t *source)
{
    ngx_str_t        *name, value;
    ngx_list_t        kept;
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *header, *h;

    static ngx_str_t  cookie = ngx_string("cookie");

    name = source->where == NGX_HTTP_JOT_COOKIE ? &cookie : &source->name;

    if (ngx_list_init(&kept, r->pool, 20, sizeof(ngx_table_elt_t)) != NGX_OK) {
        return NGX_ERROR;
    }

    for (part = &r->headers_in.headers.part; part; part = part->next) {

        header = part->elts;

        for (i = 0; i < part->nelts; i++) {

            value = header[i].value;

            if (header[i].key.len == name->len
                && ngx_strncasecmp(header[i].key.data, name->data, name->len)
                   == 0)
            {
                if (&header[i] == r->headers_in.authorization) {
                    r->headers_in.authorization = NULL;
                }

                if (source->where == NGX_HTTP_JOT_HEADER) {
                    continue;
                }

                if (ngx_http_jot_without(r->pool, &value, ';', &source->name)
                    != NGX_OK)
                {
                    return NGX_ERROR;
                }

                /* what $cookie_NAME looks at; a parent's stays as it is */

                if (r == r->main) {
                    header[i].value = value;
                }

                if (value.len == 0) {
                    continue;
                }
            }

            h = ngx_list_push(&kept);
            if (h == NULL) {
                return NGX_ERROR;
            }

            *h = header[i];
            h->value = value;
        }
    }

    /* a list that lives in the request ends in itself when it has one part */

    r->headers_in.headers = kept;

    if (kept.last == &kept.part) {
        r->headers_in.headers.last = &r->headers_in.headers.part;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_jot_strip_query(ngx_http_request_t *r, ngx_http_jot_source_t *source)
{
    u_char     *p, *last;
    ngx_str_t   args, uri;

    args = r->args;

    if (ngx_http_jot_without(r->pool, &args, '&', &source->name) != NGX_OK) {
        return NGX_ERROR;
    }

    r->args = args;

    /* what "proxy_pass" without a URI hands on, and $request_uri */

    last = r->unparsed_uri.data + r->unparsed_uri.len;
    p = ngx_strlchr(r->unparsed_uri.data, last, '?');

    if (p == NULL) {
        return NGX_OK;
    }

    args.data = p + 1;
    args.len = last - p - 1;

    if (ngx_http_jot_without(r->pool, &args, '&', &source->name) != NGX_OK) {
        return NGX_ERROR;
    }

    uri.len = p - r->unparsed_uri.data;
    uri.data = ngx_pnalloc(r->pool, uri.len + 1 + args.len);
    if (uri.data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(uri.data, r->unparsed_uri.data, uri.len);

    if (args.len) {
        *p++ = '?';
        p = ngx_cpymem(p, args.data, args.len);
    }

    uri.len = p - uri.data;
    r->unparsed_uri = uri;

    return NGX_OK;
}


/* Leaves out the pairs with this name; the others stay as they are. */

static ngx_int_t
ngx_http_jot_without(ngx_pool_t *pool, ngx_str_t *text, u_char separator,
    ngx_str_t *name)
{
    u_char     *p;
    ngx_str_t   rest, pair, value, kept;

    kept.data = ngx_pnalloc(pool, 2 * text->len + 1);
    if (kept.data == NULL) {
        return NGX_ERROR;
    }

    p = kept.data;
    rest = *text;

    while (ngx_http_jot_next_pair(&rest, separator, &pair) == NGX_OK) {

        if (pair.len == 0
            || ngx_http_jot_pair_value(&pair, name, &value) == NGX_OK)
        {
            continue;
        }

        if (p != kept.data) {
            *p++ = separator;

            if (separator == ';') {
                *p++ = ' ';
            }
        }

        p = ngx_cpymem(p, pair.data, pair.len);
    }

    kept.len = p - kept.data;
    *text = kept;

    return NGX_OK;
}
