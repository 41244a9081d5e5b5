
/*
 * The directive that names Token Status Lists, by their URIs or by what these
 * begin with.  One process follows them all; it has a folder with a file for
 * each list.
 */


#include "ngx_http_jot.h"


static ngx_uint_t ngx_http_jot_places(ngx_conf_t *cf,
    ngx_http_jot_main_conf_t *jmcf, char **needs);
static ngx_http_jot_file_t *ngx_http_jot_fetched_statuses(ngx_conf_t *cf,
    ngx_http_jot_main_conf_t *jmcf, ngx_uint_t places,
    ngx_http_jot_list_words_t *words);


char *
ngx_http_jot_status_list_url(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char                       *needs;
    ngx_str_t                  *value;
    ngx_uint_t                  places;
    ngx_http_jot_file_t       **slot;
    ngx_http_jot_settings_t    *own;
    ngx_http_jot_list_words_t   words;
    ngx_http_jot_main_conf_t   *jmcf;

    value = cf->args->elts;
    own = ngx_http_jot_own(cf, conf);
    jmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_jot_module);

    if (own->statuses == NULL) {
        return "is \"off\" already";
    }

    if (cf->args->nelts == 2 && ngx_strcmp(value[1].data, "off") == 0) {

        if (own->statuses != NGX_CONF_UNSET_PTR) {
            return "has lists beside \"off\"";
        }

        own->statuses = NULL;

        return NGX_CONF_OK;
    }

    places = ngx_http_jot_places(cf, jmcf, &needs);
    if (places == 0) {
        return needs;
    }

    if (ngx_http_jot_list_words(cf, places, &words) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if ((words.issuer.len == 0) == (words.keys.len == 0)) {
        return "needs either \"issuer=\" or \"keys=\"";
    }

    slot = ngx_http_jot_push(cf, &own->statuses, sizeof(ngx_http_jot_file_t *));
    if (slot == NULL) {
        return NGX_CONF_ERROR;
    }

    *slot = ngx_http_jot_fetched_statuses(cf, jmcf, places, &words);

    return *slot ? NGX_CONF_OK : NGX_CONF_ERROR;
}


/* Returns how many URIs there are; 0 with what they need. */

static ngx_uint_t
ngx_http_jot_places(ngx_conf_t *cf, ngx_http_jot_main_conf_t *jmcf,
    char **needs)
{
    ngx_str_t   *value;
    ngx_uint_t   i, places;

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        if (ngx_http_jot_literal(cf, &value[i], "\"location\"") != NGX_OK) {
            *needs = NGX_CONF_ERROR;
            return 0;
        }
    }

    /* the first one at least must be a URL */

    *needs = ngx_http_jot_fetch_needs(cf, jmcf, &value[1]);
    if (*needs) {
        return 0;
    }

    for (places = 1; places + 1 < cf->args->nelts; places++) {
        if (ngx_strncmp(value[places + 1].data, "http", 4) != 0) {
            break;
        }
    }

    return places;
}


static ngx_http_jot_file_t *
ngx_http_jot_fetched_statuses(ngx_conf_t *cf, ngx_http_jot_main_conf_t *jmcf,
    ngx_uint_t places, ngx_http_jot_list_words_t *words)
{
    char                    **argv;
    ngx_str_t                *value, *place, path;
    ngx_uint_t                i;
    ngx_http_jot_file_t     **files, *file;
    ngx_http_jot_fetch_t     *fetch;
    ngx_http_jot_statuses_t  *statuses;

    value = cf->args->elts;

    fetch = ngx_http_jot_new_fetch(cf, &value[1]);

    if (fetch == NULL
        || ngx_http_jot_list_paths(cf, jmcf, fetch, ".statuses", &path)
           != NGX_OK)
    {
        return NULL;
    }

    files = jmcf->files.elts;

    for (i = 0; i < jmcf->files.nelts; i++) {
        if (files[i]->statuses && ngx_http_jot_same(&files[i]->path, &path)) {
            return files[i];
        }
    }

    argv = ngx_http_jot_fetch_words(cf, jmcf, fetch, "statuses", places + 12);

    file = ngx_pcalloc(cf->pool, sizeof(ngx_http_jot_file_t));
    statuses = ngx_pcalloc(cf->pool, sizeof(ngx_http_jot_statuses_t));
    files = ngx_array_push(&jmcf->files);

    if (argv == NULL || file == NULL || statuses == NULL || files == NULL
        || ngx_array_init(&statuses->places, cf->pool, places,
                          sizeof(ngx_str_t))
           != NGX_OK
        || ngx_array_init(&statuses->lists, cf->pool, 4,
                          sizeof(ngx_http_jot_file_t *))
           != NGX_OK)
    {
        return NULL;
    }

    for (i = 1; i <= places; i++) {

        place = ngx_array_push(&statuses->places);
        if (place == NULL) {
            return NULL;
        }

        *place = value[i];
        *argv++ = (char *) value[i].data;
    }

    (void) ngx_http_jot_list_options(argv, words, fetch, &path);

    file->path = path;
    file->kind = NGX_HTTP_JOT_STATUSES;
    file->fetch = fetch;
    file->statuses = statuses;
    file->place.name = cf->conf_file->file.name.data;
    file->place.line = cf->conf_file->line;
    file->index = jmcf->files.nelts - 1;

    *files = file;

    return file;
}
