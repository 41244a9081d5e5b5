
/*
 * The directive that names a list of revocations behind a URL.
 */


#include "ngx_http_jot.h"


static ngx_http_jot_file_t *ngx_http_jot_fetched_list(ngx_conf_t *cf,
    ngx_http_jot_main_conf_t *jmcf, ngx_http_jot_list_words_t *words);


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

    if (ngx_http_jot_list_words(cf, 1, &words) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (words.issuer.len == 0) {
        return "needs \"issuer=\"";
    }

    own->revoked = ngx_http_jot_fetched_list(cf, jmcf, &words);

    return own->revoked ? NGX_CONF_OK : NGX_CONF_ERROR;
}


/* The file of one list; there is one process for it, whoever names it. */

static ngx_http_jot_file_t *
ngx_http_jot_fetched_list(ngx_conf_t *cf, ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_list_words_t *words)
{
    char                  **argv;
    ngx_str_t              *value, path;
    ngx_uint_t              i;
    ngx_http_jot_file_t   **files;
    ngx_http_jot_fetch_t   *fetch;

    value = cf->args->elts;

    fetch = ngx_http_jot_new_fetch(cf, &value[1]);

    if (fetch == NULL
        || ngx_http_jot_list_paths(cf, jmcf, fetch, ".revoked", &path)
           != NGX_OK)
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

    argv = ngx_http_jot_fetch_words(cf, jmcf, fetch, "revocations", 16);
    if (argv == NULL) {
        return NULL;
    }

    *argv++ = (char *) value[1].data;
    (void) ngx_http_jot_list_options(argv, words, fetch, &path);

    return ngx_http_jot_add_file(cf, &path, NGX_HTTP_JOT_REVOCATIONS, fetch);
}
