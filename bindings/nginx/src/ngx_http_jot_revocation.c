
/*
 * The directive that names a list of revocations behind a URL, and what
 * becomes of a list whose time has come.
 */


#include "ngx_http_jot.h"

#include <ngx_md5.h>


typedef struct {
    ngx_str_t    issuer;
    ngx_str_t    keys;      /* or where the issuer says */
    ngx_str_t    algorithms;
    ngx_str_t    stale;
} ngx_http_jot_list_words_t;


static ngx_int_t ngx_http_jot_list_words(ngx_conf_t *cf,
    ngx_http_jot_list_words_t *words);
static ngx_http_jot_file_t *ngx_http_jot_fetched_list(ngx_conf_t *cf,
    ngx_http_jot_main_conf_t *jmcf, ngx_http_jot_list_words_t *words);
static ngx_int_t ngx_http_jot_list_command(ngx_conf_t *cf,
    ngx_http_jot_main_conf_t *jmcf, ngx_http_jot_list_words_t *words,
    ngx_http_jot_fetch_t *fetch, ngx_str_t *path);


char *
ngx_http_jot_revocation_url(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char                       *needs;
    ngx_str_t                  *value;
    ngx_uint_t                  i;
    ngx_http_jot_settings_t    *own;
    ngx_http_jot_list_words_t   words;
    ngx_http_jot_main_conf_t   *jmcf;

    value = cf->args->elts;
    own = ngx_http_jot_own(cf, conf);
    jmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_jot_module);

    if (own->revoked != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    needs = ngx_http_jot_fetch_needs(cf, jmcf, &value[1]);
    if (needs) {
        return needs;
    }

    for (i = 1; i < cf->args->nelts; i++) {
        if (ngx_http_jot_literal(cf, &value[i], "\"location\"") != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    ngx_memzero(&words, sizeof(ngx_http_jot_list_words_t));

    if (ngx_http_jot_list_words(cf, &words) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (words.issuer.len == 0 || words.algorithms.len == 0) {
        return "needs \"issuer=\" and \"alg=\"";
    }

    own->revoked = ngx_http_jot_fetched_list(cf, jmcf, &words);

    return own->revoked ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static ngx_int_t
ngx_http_jot_list_words(ngx_conf_t *cf, ngx_http_jot_list_words_t *words)
{
    ngx_str_t   *value, *word;
    ngx_int_t    seconds;
    ngx_uint_t   i, skip;

    value = cf->args->elts;

    for (i = 2; i < cf->args->nelts; i++) {

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

    return NGX_OK;

invalid:

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\"",
                       &value[i]);

    return NGX_ERROR;
}


/* The file of one list; there is one process for it, whoever names it. */

static ngx_http_jot_file_t *
ngx_http_jot_fetched_list(ngx_conf_t *cf, ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_list_words_t *words)
{
    u_char                 digest[16];
    ngx_md5_t              md5;
    ngx_str_t             *value, stem, path;
    ngx_uint_t             i;
    ngx_http_jot_file_t  **files;
    ngx_http_jot_fetch_t  *fetch;

    value = cf->args->elts;

    fetch = ngx_pcalloc(cf->pool, sizeof(ngx_http_jot_fetch_t));
    if (fetch == NULL) {
        return NULL;
    }

    fetch->source = value[1];
    fetch->pipe = NGX_INVALID_FILE;

    ngx_md5_init(&md5);
    ngx_md5_update(&md5, "r", 1);

    for (i = 1; i < cf->args->nelts; i++) {
        ngx_md5_update(&md5, value[i].data, value[i].len + 1);
    }

    ngx_md5_final(digest, &md5);

    if (ngx_http_jot_fetch_stem(cf, jmcf, digest, sizeof(digest), &stem)
        != NGX_OK
        || ngx_http_jot_path_beside(cf, &stem, ".revoked", &path) != NGX_OK)
    {
        return NULL;
    }

    files = jmcf->files.elts;

    for (i = 0; i < jmcf->files.nelts; i++) {
        if (files[i]->kind == NGX_HTTP_JOT_REVOCATIONS
            && files[i]->fetch
            && ngx_http_jot_same(&files[i]->path, &path))
        {
            return files[i];
        }
    }

    if (ngx_http_jot_path_beside(cf, &stem, ".lock", &fetch->lock) != NGX_OK
        || ngx_http_jot_path_beside(cf, &stem, ".ask", &fetch->fifo) != NGX_OK
        || ngx_http_jot_path_beside(cf, &stem, ".state", &fetch->state)
           != NGX_OK
        || ngx_http_jot_list_command(cf, jmcf, words, fetch, &path) != NGX_OK)
    {
        return NULL;
    }

    return ngx_http_jot_add_file(cf, &path, NGX_HTTP_JOT_REVOCATIONS, fetch);
}


static ngx_int_t
ngx_http_jot_list_command(ngx_conf_t *cf, ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_list_words_t *words, ngx_http_jot_fetch_t *fetch,
    ngx_str_t *path)
{
    char  **argv;

    argv = ngx_http_jot_fetch_words(cf, jmcf, fetch, "revocations", 16);
    if (argv == NULL) {
        return NGX_ERROR;
    }

    *argv++ = (char *) fetch->source.data;

    if (words->keys.len) {
        *argv++ = "--jwks-url";
        *argv++ = (char *) words->keys.data;
        *argv++ = "--iss";

    } else {
        *argv++ = "--issuer";
    }

    *argv++ = (char *) words->issuer.data;
    *argv++ = "--alg";
    *argv++ = (char *) words->algorithms.data;

    if (words->stale.len) {
        *argv++ = "--stale";
        *argv++ = (char *) words->stale.data;
    }

    *argv++ = "--out";
    *argv++ = (char *) path->data;
    *argv++ = "--ask";
    *argv++ = (char *) fetch->fifo.data;
    *argv++ = "--state";
    *argv++ = (char *) fetch->state.data;

    return NGX_OK;
}


/* Takes a list out of use that is too old. */

void
ngx_http_jot_settle_list(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_file_t *file, ngx_log_t *log)
{
    char                    why[NGX_HTTP_JOT_WHY];
    ngx_http_jot_content_t  none;

    if (file->content.list == NULL
        || (int64_t) ngx_time() < jot_revocations_end(file->content.list))
    {
        return;
    }

    ngx_memzero(&none, sizeof(ngx_http_jot_content_t));
    none.list = jot_revocations_stale();

    if (ngx_http_jot_renew(jmcf, file, &none, why, sizeof(why)) != NGX_OK) {
        jot_revocations_free(none.list);
        return;
    }

    ngx_log_error(NGX_LOG_ERR, log, 0,
                  "jot: the revocations in \"%V\" are too old; tokens are "
                  "answered with 503", &file->path);
}
