
/*
 * The answer to a request that is refused (RFC 6750, 3).
 */


#include "ngx_http_jot.h"


static ngx_int_t ngx_http_jot_challenge(ngx_http_request_t *r,
    ngx_http_jot_loc_conf_t *jlcf, uint32_t code, ngx_uint_t status);
static const char *ngx_http_jot_code_meaning(uint32_t code);
static u_char *ngx_http_jot_quote(u_char *p, const u_char *text, size_t len);


ngx_int_t
ngx_http_jot_refuse(ngx_http_request_t *r, ngx_http_jot_loc_conf_t *jlcf,
    ngx_http_jot_ctx_t *ctx, ngx_uint_t status)
{
    ngx_str_t                 *fault;
    ngx_uint_t                 level;
    ngx_http_jot_main_conf_t  *jmcf;

    jmcf = ngx_http_get_module_main_conf(r, ngx_http_jot_module);

    ngx_http_jot_count(jmcf, jlcf->rules, ctx->code, 0);

    level = status == NGX_HTTP_INTERNAL_SERVER_ERROR ? NGX_LOG_CRIT
                                                     : NGX_LOG_INFO;

    if (r->connection->log->log_level >= level) {

        fault = ngx_http_jot_fault(r, ctx);

        ngx_log_error(level, r->connection->log, 0, "jot: %s (%uD)%s%V",
                      ngx_http_jot_code_name(ctx->code), ctx->code,
                      fault->len ? ": " : "", fault);
    }

    /* no token would be a better one */

    if (status >= NGX_HTTP_INTERNAL_SERVER_ERROR) {
        return status;
    }

    if (ngx_http_jot_challenge(r, jlcf, ctx->code, status) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return status;
}


static ngx_int_t
ngx_http_jot_challenge(ngx_http_request_t *r, ngx_http_jot_loc_conf_t *jlcf,
    uint32_t code, ngx_uint_t status)
{
    u_char           *p;
    size_t            len;
    ngx_str_t         realm, scope, metadata;
    const char       *error, *text;
    ngx_table_elt_t  *h;

    ngx_str_set(&realm, "restricted");
    ngx_str_null(&scope);
    ngx_str_null(&metadata);

    if (jlcf->realm
        && ngx_http_complex_value(r, jlcf->realm, &realm) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (jlcf->metadata
        && ngx_http_complex_value(r, jlcf->metadata, &metadata) != NGX_OK)
    {
        return NGX_ERROR;
    }

    error = NULL;
    text = NULL;

    /* who brings no credentials is told no error (RFC 6750, 3.1) */

    if (code == NGX_HTTP_JOT_TOKEN_REPEATED) {
        error = "invalid_request";
        text = "There is more than one token.";

    } else if (code != NGX_HTTP_JOT_TOKEN_MISSING) {
        error = status == NGX_HTTP_FORBIDDEN ? "insufficient_scope"
                                             : "invalid_token";
        text = ngx_http_jot_code_meaning(code);
    }

    /* who looks for a token should ask for one that will do */

    if (jlcf->scopes
        && (code == JOT_SCOPE_INSUFFICIENT
            ? status == NGX_HTTP_FORBIDDEN
            : metadata.len && code == NGX_HTTP_JOT_TOKEN_MISSING)
        && ngx_http_jot_write_scopes(r, jlcf->scopes, &scope) != NGX_OK)
    {
        return NGX_ERROR;
    }

    len = sizeof("Bearer realm=\"\", error=\"\", error_description=\"\", "
                 "scope=\"\", resource_metadata=\"\"") - 1
          + 2 * realm.len + 2 * scope.len + 2 * metadata.len;

    if (error) {
        len += ngx_strlen(error) + 2 * ngx_strlen(text);
    }

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    h->hash = 0;
#if (nginx_version >= 1023000)
    h->next = NULL;
#endif
    ngx_str_set(&h->key, "WWW-Authenticate");

    h->value.data = ngx_pnalloc(r->pool, len);
    if (h->value.data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(h->value.data, "Bearer realm=\"",
                   sizeof("Bearer realm=\"") - 1);
    p = ngx_http_jot_quote(p, realm.data, realm.len);
    *p++ = '"';

    if (error) {
        p = ngx_sprintf(p, ", error=\"%s\", error_description=\"", error);
        p = ngx_http_jot_quote(p, (const u_char *) text, ngx_strlen(text));
        *p++ = '"';
    }

    if (scope.len) {
        p = ngx_cpymem(p, ", scope=\"", sizeof(", scope=\"") - 1);
        p = ngx_http_jot_quote(p, scope.data, scope.len);
        *p++ = '"';
    }

    if (metadata.len) {
        p = ngx_cpymem(p, ", resource_metadata=\"",
                       sizeof(", resource_metadata=\"") - 1);
        p = ngx_http_jot_quote(p, metadata.data, metadata.len);
        *p++ = '"';
    }

    h->value.len = p - h->value.data;
    h->hash = 1;

    r->headers_out.www_authenticate = h;

    return NGX_OK;
}


static u_char *
ngx_http_jot_quote(u_char *p, const u_char *text, size_t len)
{
    size_t  i;

    for (i = 0; i < len; i++) {

        if (text[i] < 0x20 || text[i] == 0x7f) {
            continue;
        }

        if (text[i] == '"' || text[i] == '\\') {
            *p++ = '\\';
        }

        *p++ = text[i];
    }

    return p;
}


const char *
ngx_http_jot_code_name(uint32_t code)
{
    switch (code) {

    case NGX_HTTP_JOT_TOKEN_MISSING:
        return "token_missing";

    case NGX_HTTP_JOT_TOKEN_REPEATED:
        return "token_repeated";

    case NGX_HTTP_JOT_CONDITION_UNMET:
        return "condition_unmet";

    case NGX_HTTP_JOT_KEY_SET_UNKNOWN:
        return "key_set_unknown";

    case NGX_HTTP_JOT_KEYS_UNAVAILABLE:
        return "keys_unavailable";

    default:
        return jot_code_name(code);
    }
}


static const char *
ngx_http_jot_code_meaning(uint32_t code)
{
    switch (code) {

    case NGX_HTTP_JOT_CONDITION_UNMET:
        return "The token does not meet a condition of the server.";

    case NGX_HTTP_JOT_KEY_SET_UNKNOWN:
        return "The server has no keys for this request.";

    case NGX_HTTP_JOT_KEYS_UNAVAILABLE:
        return "The keys could not be fetched.";

    default:
        return jot_code_meaning(code);
    }
}
