
/*
 * The directives that name keys behind a URL.
 */


#include "ngx_http_jot.h"

#include <ngx_md5.h>


static ngx_http_jot_file_t *ngx_http_jot_fetched_file(ngx_conf_t *cf,
    ngx_http_jot_main_conf_t *jmcf, ngx_str_t *source, ngx_uint_t discover);
static ngx_int_t ngx_http_jot_path_beside(ngx_conf_t *cf, ngx_str_t *stem,
    const char *ending, ngx_str_t *path);
static ngx_int_t ngx_http_jot_make_command(ngx_conf_t *cf,
    ngx_http_jot_main_conf_t *jmcf, ngx_http_jot_fetch_t *fetch,
    ngx_str_t *path);


/* "jot_key_url" and, with an offset, "jot_issuer_discover" */

char *
ngx_http_jot_key_url(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char                      *needs;
    ngx_str_t                 *value, issuer;
    ngx_uint_t                 i;
    ngx_http_jot_key_file_t   *key_file;
    ngx_http_jot_main_conf_t  *jmcf;

    value = cf->args->elts;
    jmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_jot_module);

    needs = ngx_http_jot_fetch_needs(cf, jmcf, &value[1]);
    if (needs) {
        return needs;
    }

    key_file = ngx_http_jot_name_keys(cf, conf);
    if (key_file == NULL) {
        return NGX_CONF_ERROR;
    }

    if (cmd->offset) {

        /* the keys are those of this issuer */

        issuer.len = sizeof("issuer=") - 1 + value[1].len;
        issuer.data = ngx_pnalloc(cf->pool, issuer.len);
        if (issuer.data == NULL) {
            return NGX_CONF_ERROR;
        }

        (void) ngx_sprintf(issuer.data, "issuer=%V", &value[1]);

        if (ngx_http_jot_push_issuer(cf, key_file, &issuer) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    for (i = 2; i < cf->args->nelts; i++) {
        if (ngx_http_jot_push_issuer(cf, key_file, &value[i]) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    key_file->file = ngx_http_jot_fetched_file(cf, jmcf, &value[1],
                                               cmd->offset);

    return key_file->file ? NGX_CONF_OK : NGX_CONF_ERROR;
}


/* What a URL needs before it, or NULL. */

char *
ngx_http_jot_fetch_needs(ngx_conf_t *cf, ngx_http_jot_main_conf_t *jmcf,
    ngx_str_t *url)
{
    if (jmcf->fetch_path == NULL) {
        return "needs \"jot_fetch_path\" before it";
    }

    if (jmcf->check == 0) {
        return "needs \"jot_file_check\"";
    }

    if (ngx_strncmp(url->data, "https://", 8) != 0
        && ngx_strncmp(url->data, "http://", 7) != 0)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid URL \"%V\"", url);
        return NGX_CONF_ERROR;
    }

    return NULL;
}


char *
ngx_http_jot_fetch(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_jot_main_conf_t *jmcf = conf;

    ngx_str_t   *value, *word;
    ngx_uint_t   i;

    if (jmcf->fetch_command) {
        return "is duplicate";
    }

    value = cf->args->elts;

    jmcf->fetch_command = ngx_array_create(cf->pool, cf->args->nelts,
                                           sizeof(ngx_str_t));
    if (jmcf->fetch_command == NULL) {
        return NGX_CONF_ERROR;
    }

    for (i = 1; i < cf->args->nelts; i++) {

        word = ngx_array_push(jmcf->fetch_command);
        if (word == NULL) {
            return NGX_CONF_ERROR;
        }

        *word = value[i];
    }

    return NGX_CONF_OK;
}


/* The file of one URL; there is one process for it, whoever names it. */

static ngx_http_jot_file_t *
ngx_http_jot_fetched_file(ngx_conf_t *cf, ngx_http_jot_main_conf_t *jmcf,
    ngx_str_t *source, ngx_uint_t discover)
{
    u_char                 digest[16];
    ngx_md5_t              md5;
    ngx_str_t              path;
    ngx_uint_t             i;
    ngx_http_jot_file_t  **files;
    ngx_http_jot_fetch_t  *fetch;

    files = jmcf->files.elts;

    for (i = 0; i < jmcf->files.nelts; i++) {

        fetch = files[i]->fetch;

        if (fetch && fetch->discover == discover
            && ngx_http_jot_same(&fetch->source, source))
        {
            return files[i];
        }
    }

    fetch = ngx_http_jot_new_fetch(cf, source);
    if (fetch == NULL) {
        return NULL;
    }

    fetch->discover = discover ? 1 : 0;

    ngx_md5_init(&md5);
    ngx_md5_update(&md5, discover ? "i" : "u", 1);
    ngx_md5_update(&md5, source->data, source->len);
    ngx_md5_final(digest, &md5);

    if (ngx_http_jot_fetch_paths(cf, jmcf, fetch, digest, ".jwks", &path)
        != NGX_OK
        || ngx_http_jot_make_command(cf, jmcf, fetch, &path) != NGX_OK)
    {
        return NULL;
    }

    return ngx_http_jot_add_file(cf, &path, NGX_HTTP_JOT_KEYS, fetch);
}


ngx_http_jot_fetch_t *
ngx_http_jot_new_fetch(ngx_conf_t *cf, ngx_str_t *source)
{
    ngx_http_jot_fetch_t  *fetch;

    fetch = ngx_pcalloc(cf->pool, sizeof(ngx_http_jot_fetch_t));
    if (fetch == NULL) {
        return NULL;
    }

    fetch->source = *source;
    fetch->pipe = NGX_INVALID_FILE;

    return fetch;
}


/* Says where the files of a process are; what it writes has this ending. */

ngx_int_t
ngx_http_jot_fetch_paths(ngx_conf_t *cf, ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_fetch_t *fetch, u_char digest[16], const char *ending,
    ngx_str_t *path)
{
    ngx_str_t  full, stem;

    full = jmcf->fetch_path->name;

    if (ngx_conf_full_name(cf->cycle, &full, 0) != NGX_OK) {
        return NGX_ERROR;
    }

    stem.len = full.len + 1 + 2 * 16;
    stem.data = ngx_pnalloc(cf->pool, stem.len);
    if (stem.data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_hex_dump(ngx_sprintf(stem.data, "%V/", &full), digest, 16);

    if (ngx_http_jot_path_beside(cf, &stem, ending, path) != NGX_OK
        || ngx_http_jot_path_beside(cf, &stem, ".lock", &fetch->lock) != NGX_OK
        || ngx_http_jot_path_beside(cf, &stem, ".ask", &fetch->fifo) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_jot_path_beside(cf, &stem, ".state", &fetch->state);
}


/* Ends with a zero, as all that the system reads. */

static ngx_int_t
ngx_http_jot_path_beside(ngx_conf_t *cf, ngx_str_t *stem, const char *ending,
    ngx_str_t *path)
{
    path->len = stem->len + ngx_strlen(ending);
    path->data = ngx_pnalloc(cf->pool, path->len + 1);
    if (path->data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_sprintf(path->data, "%V%s%Z", stem, ending);

    return NGX_OK;
}


static ngx_int_t
ngx_http_jot_make_command(ngx_conf_t *cf, ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_fetch_t *fetch, ngx_str_t *path)
{
    char  **argv;

    argv = ngx_http_jot_fetch_words(cf, jmcf, fetch, "keys", 9);
    if (argv == NULL) {
        return NGX_ERROR;
    }

    if (fetch->discover) {
        *argv++ = "--issuer";
    }

    *argv++ = (char *) fetch->source.data;
    *argv++ = "--certificate-validity";
    (void) ngx_http_jot_fetch_files(argv, fetch, path);

    return NGX_OK;
}


/* Says in a command where its files are; returns the end of the command. */

char **
ngx_http_jot_fetch_files(char **argv, ngx_http_jot_fetch_t *fetch,
    ngx_str_t *path)
{
    *argv++ = "--out";
    *argv++ = (char *) path->data;
    *argv++ = "--ask";
    *argv++ = (char *) fetch->fifo.data;
    *argv++ = "--state";
    *argv++ = (char *) fetch->state.data;

    return argv;
}


/*
 * Begins a command with what "jot_fetch" says; there is room for so many words
 * behind it, and for the NULL at the end.
 */

char **
ngx_http_jot_fetch_words(ngx_conf_t *cf, ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_fetch_t *fetch, char *what, ngx_uint_t room)
{
    char        **argv;
    ngx_str_t    *word;
    ngx_uint_t    i, n;

    n = jmcf->fetch_command ? jmcf->fetch_command->nelts : 1;

    argv = ngx_pcalloc(cf->pool, (n + 2 + room + 1) * sizeof(char *));
    if (argv == NULL) {
        return NULL;
    }

    fetch->argv = argv;
    word = jmcf->fetch_command ? jmcf->fetch_command->elts : NULL;

    *argv++ = word ? (char *) word[0].data : "jotctl";
    *argv++ = what;
    *argv++ = "watch";

    for (i = 1; i < n; i++) {
        *argv++ = (char *) word[i].data;
    }

    return argv;
}
