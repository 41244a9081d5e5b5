
/*
 * Files of keys and revocations.  The master reads them with the configuration.
 */


#include "ngx_http_jot.h"


/* Keys that are fetched may come later. */

ngx_http_jot_file_t *
ngx_http_jot_add_file(ngx_conf_t *cf, ngx_str_t *path, ngx_http_jot_kind_e kind,
    ngx_http_jot_fetch_t *fetch)
{
    char                       why[NGX_HTTP_JOT_WHY];
    ngx_str_t                  full;
    ngx_uint_t                 i;
    ngx_http_jot_file_t       *file, **files;
    ngx_http_jot_main_conf_t  *jmcf;

    jmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_jot_module);

    full = *path;

    if (ngx_conf_full_name(cf->cycle, &full, 1) != NGX_OK) {
        return NULL;
    }

    files = jmcf->files.elts;

    for (i = 0; i < jmcf->files.nelts; i++) {
        if (files[i]->kind == kind
            && ngx_http_jot_same(&files[i]->path, &full))
        {
            return files[i];
        }
    }

    file = ngx_pcalloc(cf->pool, sizeof(ngx_http_jot_file_t));
    if (file == NULL) {
        return NULL;
    }

    file->path = full;
    file->kind = kind;
    file->fetch = fetch;
    file->place.name = cf->conf_file->file.name.data;
    file->place.line = cf->conf_file->line;
    file->index = jmcf->files.nelts;

    if (ngx_http_jot_read(file, &file->text, &file->stamp, why, sizeof(why),
                          cf->log)
        != NGX_OK
        || ngx_http_jot_is_stale(jmcf, file, &file->stamp))
    {
        if (fetch == NULL) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "%s", why);
            return NULL;
        }

        ngx_http_jot_free_text(&file->text);
        file->awaited = 1;
        file->stale = ngx_http_jot_is_stale(jmcf, file, &file->stamp);
        file->settled = 0;
    }

    files = ngx_array_push(&jmcf->files);
    if (files == NULL) {
        ngx_http_jot_free_text(&file->text);
        return NULL;
    }

    *files = file;

    if (file->awaited) {

        if (kind == NGX_HTTP_JOT_REVOCATIONS) {
            file->content.list = jot_revocations_not_yet();
        }

        return file;
    }

    if (ngx_http_jot_parse(file, &file->text, &file->content, why,
                           sizeof(why), cf->log)
        != JOT_ACCEPTED)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\": %s", &full, why);
        return NULL;
    }

    ngx_http_jot_lapse(file, &file->content);

    return file;
}
