
/*
 * What the directives have in common that name lists behind URLs.
 */


#include "ngx_http_jot.h"

#include <ngx_md5.h>


/* Reads what stands behind the URLs, of which there are so many. */

ngx_int_t
ngx_http_jot_list_words(ngx_conf_t *cf, ngx_uint_t urls,
    ngx_http_jot_list_words_t *words)
{
    ngx_str_t   *value, *word;
    ngx_int_t    seconds;
    ngx_uint_t   i, skip;

    ngx_memzero(words, sizeof(ngx_http_jot_list_words_t));

    value = cf->args->elts;

    for (i = 1 + urls; i < cf->args->nelts; i++) {

        if (ngx_strncmp(value[i].data, "issuer=", 7) == 0) {
            word = &words->issuer;
            skip = 7;

        } else if (ngx_strncmp(value[i].data, "keys=", 5) == 0) {
            word = &words->keys;
            skip = 5;

        } else if (ngx_strncmp(value[i].data, "alg=", 4) == 0) {
            word = &words->algorithms;
            skip = 4;

        } else if (ngx_strncmp(value[i].data, "stale=", 6) == 0) {
            word = &words->stale;
            skip = 6;

        } else {
            goto invalid;
        }

        if (value[i].len == skip || word->len) {
            goto invalid;
        }

        word->data = value[i].data + skip;
        word->len = value[i].len - skip;
    }

    if (words->stale.len) {

        seconds = ngx_parse_time(&words->stale, 1);
        if (seconds == NGX_ERROR) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid time \"%V\"",
                               &words->stale);
            return NGX_ERROR;
        }

        words->stale.data = ngx_pnalloc(cf->pool, NGX_INT_T_LEN + 1);
        if (words->stale.data == NULL) {
            return NGX_ERROR;
        }

        words->stale.len = ngx_sprintf(words->stale.data, "%i%Z", seconds)
                           - words->stale.data - 1;
    }

    if (words->algorithms.len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" directive needs \"alg=\"", &value[0]);
        return NGX_ERROR;
    }

    return NGX_OK;

invalid:

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\"",
                       &value[i]);

    return NGX_ERROR;
}


/* Says where the files of a list are; the words of the directive name it. */

ngx_int_t
ngx_http_jot_list_paths(ngx_conf_t *cf, ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_fetch_t *fetch, const char *ending, ngx_str_t *path)
{
    u_char       digest[16];
    ngx_md5_t    md5;
    ngx_str_t   *value;
    ngx_uint_t   i;

    ngx_md5_init(&md5);
    ngx_md5_update(&md5, ending, ngx_strlen(ending));

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        ngx_md5_update(&md5, value[i].data, value[i].len + 1);
    }

    ngx_md5_final(digest, &md5);

    return ngx_http_jot_fetch_paths(cf, jmcf, fetch, digest, ending, path);
}


/* Writes the options of a command that follows lists; returns their end. */

char **
ngx_http_jot_list_options(char **argv, ngx_http_jot_list_words_t *words,
    ngx_http_jot_fetch_t *fetch, ngx_str_t *path)
{
    if (words->keys.len) {
        *argv++ = "--jwks-url";
        *argv++ = (char *) words->keys.data;
    }

    if (words->issuer.len) {
        *argv++ = words->keys.len ? "--iss" : "--issuer";
        *argv++ = (char *) words->issuer.data;
    }

    *argv++ = "--alg";
    *argv++ = (char *) words->algorithms.data;

    if (words->stale.len) {
        *argv++ = "--stale";
        *argv++ = (char *) words->stale.data;
    }

    return ngx_http_jot_fetch_files(argv, fetch, path);
}
