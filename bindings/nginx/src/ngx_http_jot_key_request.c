
/*
 * The directive that names keys by the location that has them fetched.
 */


#include "ngx_http_jot.h"

#include <ngx_md5.h>


static ngx_http_jot_file_t *ngx_http_jot_requested_file(ngx_conf_t *cf,
    ngx_http_jot_main_conf_t *jmcf, ngx_http_core_srv_conf_t *cscf,
    ngx_str_t *uri);


char *
ngx_http_jot_key_request(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t                 *value;
    ngx_uint_t                 i;
    ngx_http_jot_key_file_t   *key_file;
    ngx_http_jot_main_conf_t  *jmcf;

    value = cf->args->elts;
    jmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_jot_module);

    if (jmcf->fetch_path == NULL) {
        return "needs \"jot_fetch_path\" before it";
    }

    if (jmcf->check == 0) {
        return "needs \"jot_file_check\"";
    }

    if (value[1].len == 0 || value[1].data[0] != '/') {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid location \"%V\"",
                           &value[1]);
        return NGX_CONF_ERROR;
    }

    key_file = ngx_http_jot_name_keys(cf, conf);
    if (key_file == NULL) {
        return NGX_CONF_ERROR;
    }

    for (i = 2; i < cf->args->nelts; i++) {
        if (ngx_http_jot_push_issuer(cf, key_file, &value[i]) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    key_file->file = ngx_http_jot_requested_file(cf, jmcf,
                  ngx_http_conf_get_module_srv_conf(cf, ngx_http_core_module),
                  &value[1]);

    return key_file->file ? NGX_CONF_OK : NGX_CONF_ERROR;
}


/* The file of one location of one server. */

static ngx_http_jot_file_t *
ngx_http_jot_requested_file(ngx_conf_t *cf, ngx_http_jot_main_conf_t *jmcf,
    ngx_http_core_srv_conf_t *cscf, ngx_str_t *uri)
{
    u_char                   digest[16];
    ngx_md5_t                md5;
    ngx_str_t                path;
    ngx_uint_t               i;
    ngx_http_jot_file_t    **files, *file;
    ngx_http_jot_fetch_t    *fetch;
    ngx_http_jot_request_t  *request;

    files = jmcf->files.elts;

    for (i = 0; i < jmcf->files.nelts; i++) {

        request = files[i]->fetch ? files[i]->fetch->request : NULL;

        if (request && request->address.conf.default_server == cscf
            && ngx_http_jot_same(&request->uri, uri))
        {
            return files[i];
        }
    }

    fetch = ngx_http_jot_new_fetch(cf, uri);
    request = ngx_pcalloc(cf->pool, sizeof(ngx_http_jot_request_t));

    if (fetch == NULL || request == NULL) {
        return NULL;
    }

    request->uri = *uri;
    request->lock = NGX_INVALID_FILE;
    ngx_http_jot_aim_request(request, cscf);

    fetch->request = request;

    /* another server may have another location of the same name */

    ngx_md5_init(&md5);
    ngx_md5_update(&md5, "q", 1);
    ngx_md5_update(&md5, uri->data, uri->len + 1);
    ngx_md5_update(&md5, cscf->file_name, ngx_strlen(cscf->file_name));
    ngx_md5_update(&md5, &cscf->line, sizeof(ngx_uint_t));
    ngx_md5_final(digest, &md5);

    if (ngx_http_jot_fetch_paths(cf, jmcf, fetch, digest, ".jwks", &path)
        != NGX_OK)
    {
        return NULL;
    }

    file = ngx_http_jot_add_file(cf, &path, NGX_HTTP_JOT_KEYS, fetch);
    request->file = file;

    return file;
}
