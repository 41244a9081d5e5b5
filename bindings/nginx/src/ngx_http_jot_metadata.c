
/*
 * The document that jot_protected_resource answers with (RFC 9728, 3.2).
 */


#include "ngx_http_jot.h"


static ngx_int_t ngx_http_jot_member_texts(ngx_http_request_t *r,
    ngx_array_t *members, ngx_str_t **texts, size_t *size);
static u_char *ngx_http_jot_write_members(u_char *p, ngx_array_t *members,
    ngx_str_t *texts);


ngx_int_t
ngx_http_jot_send_resource(ngx_http_request_t *r)
{
    size_t                    size;
    ngx_int_t                 rc;
    ngx_buf_t                *b;
    ngx_str_t                *texts;
    ngx_http_jot_loc_conf_t  *jlcf;

    static ngx_str_t  type = ngx_string("application/json");

    rc = ngx_http_jot_begin_page(r);
    if (rc != NGX_OK) {
        return rc;
    }

    jlcf = ngx_http_get_module_loc_conf(r, ngx_http_jot_module);

    if (ngx_http_jot_member_texts(r, jlcf->members, &texts, &size)
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    b = ngx_create_temp_buf(r->pool, size);
    if (b == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    b->last = ngx_http_jot_write_members(b->last, jlcf->members, texts);

    return ngx_http_jot_send_page(r, b, &type);
}


/* All values one after the other, and more room than the document takes. */

static ngx_int_t
ngx_http_jot_member_texts(ngx_http_request_t *r, ngx_array_t *members,
    ngx_str_t **texts, size_t *size)
{
    ngx_str_t                 *text;
    ngx_uint_t                 i, k, n;
    ngx_http_jot_member_t     *member;
    ngx_http_complex_value_t  *value;

    member = members->elts;
    n = 0;

    for (i = 0; i < members->nelts; i++) {
        n += member[i].values.nelts;
    }

    text = ngx_palloc(r->pool, n * sizeof(ngx_str_t));
    if (text == NULL) {
        return NGX_ERROR;
    }

    *texts = text;
    *size = 16;

    for (i = 0; i < members->nelts; i++) {

        value = member[i].values.elts;
        *size += member[i].name.len + 8;

        for (k = 0; k < member[i].values.nelts; k++, text++) {

            if (ngx_http_complex_value(r, &value[k], text) != NGX_OK) {
                return NGX_ERROR;
            }

            *size += text->len
                     + ngx_escape_json(NULL, text->data, text->len) + 4;
        }
    }

    return NGX_OK;
}


/* What is empty in this request is left out (RFC 9728, 3.2). */

static u_char *
ngx_http_jot_write_members(u_char *p, ngx_array_t *members, ngx_str_t *texts)
{
    u_char                 *start;
    ngx_uint_t              i, k, n;
    ngx_http_jot_member_t  *member;

    member = members->elts;
    start = p;

    for (i = 0; i < members->nelts; i++) {

        n = 0;

        for (k = 0; k < member[i].values.nelts; k++, texts++) {

            if (texts->len == 0) {
                continue;
            }

            if (n++ == 0) {
                p = ngx_sprintf(p, "%c\"%V\":", p == start ? '{' : ',',
                                &member[i].name);

                if (member[i].shape == NGX_HTTP_JOT_LIST) {
                    *p++ = '[';
                }

            } else {
                *p++ = ',';
            }

            if (member[i].shape == NGX_HTTP_JOT_TRUTH) {
                p = ngx_cpymem(p, texts->data, texts->len);
                continue;
            }

            *p++ = '"';
            p = (u_char *) ngx_escape_json(p, texts->data, texts->len);
            *p++ = '"';
        }

        if (n && member[i].shape == NGX_HTTP_JOT_LIST) {
            *p++ = ']';
        }
    }

    if (p == start) {
        *p++ = '{';
    }

    return ngx_cpymem(p, "}\n", 2);
}
