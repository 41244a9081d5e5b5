
/*
 * Where a token is in a request.
 *
 * The lines are looked through by name, not by way of r->headers_in, whose
 * members for lines that may be repeated differ between versions of nginx.
 */


#include "ngx_http_jot.h"


static ngx_int_t ngx_http_jot_find_header(ngx_http_request_t *r,
    ngx_http_jot_source_t *source, ngx_str_t *token);
static ngx_int_t ngx_http_jot_find_cookie(ngx_http_request_t *r,
    ngx_http_jot_source_t *source, ngx_str_t *token);
static ngx_int_t ngx_http_jot_find_variable(ngx_http_request_t *r,
    ngx_http_jot_source_t *source, ngx_str_t *token);
static ngx_int_t ngx_http_jot_find_pair(ngx_str_t rest, u_char separator,
    ngx_str_t *name, ngx_str_t *token);
static ngx_int_t ngx_http_jot_behind_bearer(ngx_str_t *value,
    ngx_str_t *token);
static void ngx_http_jot_trim(ngx_str_t *value);


/*
 * Finds the token of one source.  NGX_DECLINED: there is none; NGX_ABORT:
 * there are several.
 */

ngx_int_t
ngx_http_jot_find(ngx_http_request_t *r, ngx_http_jot_source_t *source,
    ngx_str_t *token)
{
    switch (source->where) {

    case NGX_HTTP_JOT_HEADER:
        return ngx_http_jot_find_header(r, source, token);

    case NGX_HTTP_JOT_COOKIE:
        return ngx_http_jot_find_cookie(r, source, token);

    case NGX_HTTP_JOT_VARIABLE:
        return ngx_http_jot_find_variable(r, source, token);

    default: /* NGX_HTTP_JOT_QUERY */
        ngx_str_null(token);
        return ngx_http_jot_find_pair(r->args, '&', &source->name, token);
    }
}


static ngx_table_elt_t *
ngx_http_jot_next_header(ngx_list_part_t **part, ngx_uint_t *i,
    ngx_str_t *name)
{
    ngx_table_elt_t  *header;

    while (*part) {

        header = (*part)->elts;

        while (*i < (*part)->nelts) {

            if (header[*i].key.len == name->len
                && ngx_strncasecmp(header[*i].key.data, name->data, name->len)
                   == 0)
            {
                return &header[(*i)++];
            }

            (*i)++;
        }

        *part = (*part)->next;
        *i = 0;
    }

    return NULL;
}


static ngx_int_t
ngx_http_jot_find_header(ngx_http_request_t *r, ngx_http_jot_source_t *source,
    ngx_str_t *token)
{
    u_char           *p, *last;
    ngx_str_t         value, other;
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *header;

    i = 0;
    part = &r->headers_in.headers.part;

    header = ngx_http_jot_next_header(&part, &i, &source->name);
    if (header == NULL) {
        return NGX_DECLINED;
    }

    /* a second line is refused, whatever either of them holds */

    if (ngx_http_jot_next_header(&part, &i, &source->name)) {
        return NGX_ABORT;
    }

    value = header->value;

    if (!source->bearer) {
        *token = value;
        ngx_http_jot_trim(token);
        return NGX_OK;
    }

    if (ngx_http_jot_behind_bearer(&value, token) != NGX_OK) {
        return NGX_DECLINED;
    }

    /*
     * lines of one name may be joined by commas on their way (RFC 9110,
     * 5.3), and no token holds a comma
     */

    p = token->data;
    last = token->data + token->len;

    while ((p = memchr(p, ',', last - p)) != NULL) {

        p++;

        value.data = p;
        value.len = last - p;

        if (ngx_http_jot_behind_bearer(&value, &other) == NGX_OK) {
            return NGX_ABORT;
        }
    }

    return NGX_OK;
}


/* The scheme may be in any case (RFC 9110, 11.1). */

static ngx_int_t
ngx_http_jot_behind_bearer(ngx_str_t *value, ngx_str_t *token)
{
    ngx_str_t  rest;

    rest = *value;
    ngx_http_jot_trim(&rest);

    if (rest.len < 6
        || ngx_strncasecmp(rest.data, (u_char *) "bearer", 6) != 0)
    {
        return NGX_DECLINED;
    }

    rest.data += 6;
    rest.len -= 6;

    if (rest.len && rest.data[0] != ' ' && rest.data[0] != '\t') {
        return NGX_DECLINED;
    }

    ngx_http_jot_trim(&rest);
    *token = rest;

    return NGX_OK;
}


static ngx_int_t
ngx_http_jot_find_cookie(ngx_http_request_t *r, ngx_http_jot_source_t *source,
    ngx_str_t *token)
{
    ngx_int_t         rc;
    ngx_str_t         found;
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *header;

    static ngx_str_t  cookie = ngx_string("cookie");

    i = 0;
    part = &r->headers_in.headers.part;
    ngx_str_null(&found);

    while ((header = ngx_http_jot_next_header(&part, &i, &cookie)) != NULL) {

        rc = ngx_http_jot_find_pair(header->value, ';', &source->name, &found);

        if (rc == NGX_ABORT) {
            return NGX_ABORT;
        }
    }

    if (found.data == NULL) {
        return NGX_DECLINED;
    }

    if (found.len > 1 && found.data[0] == '"'
        && found.data[found.len - 1] == '"')
    {
        found.data++;
        found.len -= 2;
    }

    *token = found;

    return NGX_OK;
}


/* An empty value is no token. */

static ngx_int_t
ngx_http_jot_find_variable(ngx_http_request_t *r, ngx_http_jot_source_t *source,
    ngx_str_t *token)
{
    ngx_http_variable_value_t  *v;

    v = ngx_http_get_flushed_variable(r, source->index);

    if (v == NULL || v->not_found || v->len == 0) {
        return NGX_DECLINED;
    }

    token->data = v->data;
    token->len = v->len;

    return NGX_OK;
}


/* Refuses a second one also when *token was found before. */

static ngx_int_t
ngx_http_jot_find_pair(ngx_str_t rest, u_char separator, ngx_str_t *name,
    ngx_str_t *token)
{
    ngx_str_t  pair, value;

    while (ngx_http_jot_next_pair(&rest, separator, &pair) == NGX_OK) {

        if (ngx_http_jot_pair_value(&pair, name, &value) != NGX_OK) {
            continue;
        }

        if (token->data) {
            return NGX_ABORT;
        }

        *token = value;
    }

    return token->data ? NGX_OK : NGX_DECLINED;
}


ngx_int_t
ngx_http_jot_next_pair(ngx_str_t *rest, u_char separator, ngx_str_t *pair)
{
    u_char  *p;

    if (rest->len == 0) {
        return NGX_DONE;
    }

    p = ngx_strlchr(rest->data, rest->data + rest->len, separator);

    pair->data = rest->data;

    if (p == NULL) {
        pair->len = rest->len;
        rest->len = 0;

    } else {
        pair->len = p - rest->data;
        rest->len -= pair->len + 1;
        rest->data = p + 1;
    }

    if (separator == ';') {
        ngx_http_jot_trim(pair);
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_jot_pair_value(ngx_str_t *pair, ngx_str_t *name, ngx_str_t *value)
{
    if (pair->len <= name->len
        || pair->data[name->len] != '='
        || ngx_memcmp(pair->data, name->data, name->len) != 0)
    {
        return NGX_DECLINED;
    }

    value->data = pair->data + name->len + 1;
    value->len = pair->len - name->len - 1;

    return NGX_OK;
}


static void
ngx_http_jot_trim(ngx_str_t *value)
{
    while (value->len && (value->data[0] == ' ' || value->data[0] == '\t')) {
        value->data++;
        value->len--;
    }

    while (value->len
           && (value->data[value->len - 1] == ' '
               || value->data[value->len - 1] == '\t'))
    {
        value->len--;
    }
}
