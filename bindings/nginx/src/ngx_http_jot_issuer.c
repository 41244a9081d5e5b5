
/*
 * Whose tokens the keys of a file verify: the keys of one issuer never verify
 * the tokens of another.
 */


#include "ngx_http_jot.h"


static ngx_int_t ngx_http_jot_group_sets(ngx_conf_t *cf,
    ngx_http_jot_rules_t *rules);
static ngx_http_jot_issuer_t *ngx_http_jot_group_of(ngx_conf_t *cf,
    ngx_http_jot_rules_t *rules, ngx_str_t *name);
static ngx_uint_t ngx_http_jot_listed(ngx_array_t *names, ngx_str_t *name);


/* Says which files hold the keys of which issuer. */

ngx_int_t
ngx_http_jot_group(ngx_conf_t *cf, ngx_http_jot_rules_t *rules)
{
    ngx_str_t                 any, *names;
    ngx_uint_t                i, k, n;
    ngx_array_t              *issuers;
    ngx_http_jot_file_t     **file;
    ngx_http_jot_issuer_t    *group;
    ngx_http_jot_key_file_t  *key_file;

    if (ngx_array_init(&rules->groups, cf->pool, 2,
                       sizeof(ngx_http_jot_issuer_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_str_null(&any);

    if (rules->settings.keys) {
        return ngx_http_jot_group_sets(cf, rules);
    }

    /* those that a request names are no names of groups */

    issuers = rules->issuers ? NULL : rules->settings.issuers;
    key_file = rules->settings.key_files->elts;

    for (i = 0; i < rules->settings.key_files->nelts; i++) {

        if (key_file[i].issuers) {
            names = key_file[i].issuers->elts;
            n = key_file[i].issuers->nelts;

        } else if (issuers && issuers->nelts > 1) {
            ngx_http_jot_error(cf, &key_file[i].file->place,
                               "\"jot_issuer\" names several issuers, so "
                               "\"jot_key_file\" needs \"issuer=\" in %s:%ui");
            return NGX_ERROR;

        } else {
            names = issuers ? issuers->elts : &any;
            n = 1;
        }

        for (k = 0; k < n; k++) {

            if (issuers && !ngx_http_jot_listed(issuers, &names[k])) {
                ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                              "issuer \"%V\" of \"jot_key_file\" is not among "
                              "those of \"jot_issuer\" (write \"jot_issuer "
                              "off\" beside the file to take those of its "
                              "\"issuer=\") in %s:%ui", &names[k],
                              key_file[i].file->place.name,
                              key_file[i].file->place.line);
                return NGX_ERROR;
            }

            group = ngx_http_jot_group_of(cf, rules, &names[k]);
            if (group == NULL) {
                return NGX_ERROR;
            }

            file = ngx_array_push(&group->files);
            if (file == NULL) {
                return NGX_ERROR;
            }

            *file = key_file[i].file;
        }
    }

    group = rules->groups.elts;

    for (i = 0; rules->groups.nelts > 1 && i < rules->groups.nelts; i++) {

        if (group[i].name.len == 0) {
            file = group[i].files.elts;
            ngx_http_jot_error(cf, &file[0]->place,
                               "\"jot_key_file\" needs \"issuer=\" where "
                               "another one has it in %s:%ui");
            return NGX_ERROR;
        }
    }

    for (i = 0; issuers && i < issuers->nelts; i++) {

        names = issuers->elts;

        for (k = 0; k < rules->groups.nelts; k++) {
            if (ngx_http_jot_same(&group[k].name, &names[i])) {
                break;
            }
        }

        if (k == rules->groups.nelts) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "issuer \"%V\" of \"jot_issuer\" has no "
                          "\"jot_key_file\" (write \"jot_issuer off\" to take "
                          "those of each \"issuer=\") in %s:%ui", &names[i], rules->place.name, rules->place.line);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* Each verifier has key sets of its own, of the same files. */

static ngx_int_t
ngx_http_jot_group_sets(ngx_conf_t *cf, ngx_http_jot_rules_t *rules)
{
    ngx_uint_t                 i;
    ngx_http_jot_issuer_t     *group, *set;
    ngx_http_jot_main_conf_t  *jmcf;

    jmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_jot_module);
    set = jmcf->key_sets.elts;

    group = ngx_array_push_n(&rules->groups, jmcf->key_sets.nelts);
    if (group == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < jmcf->key_sets.nelts; i++) {
        group[i] = set[i];
    }

    return NGX_OK;
}


static ngx_http_jot_issuer_t *
ngx_http_jot_group_of(ngx_conf_t *cf, ngx_http_jot_rules_t *rules,
    ngx_str_t *name)
{
    ngx_uint_t              i;
    ngx_http_jot_issuer_t  *group;

    group = rules->groups.elts;

    for (i = 0; i < rules->groups.nelts; i++) {
        if (ngx_http_jot_same(&group[i].name, name)) {
            return &group[i];
        }
    }

    group = ngx_array_push(&rules->groups);
    if (group == NULL) {
        return NULL;
    }

    ngx_memzero(group, sizeof(ngx_http_jot_issuer_t));

    group->name = *name;

    if (ngx_array_init(&group->files, cf->pool, 1,
                       sizeof(ngx_http_jot_file_t *))
        != NGX_OK)
    {
        return NULL;
    }

    return group;
}


static ngx_uint_t
ngx_http_jot_listed(ngx_array_t *names, ngx_str_t *name)
{
    ngx_str_t   *listed;
    ngx_uint_t   i;

    listed = names->elts;

    for (i = 0; i < names->nelts; i++) {
        if (ngx_http_jot_same(&listed[i], name)) {
            return 1;
        }
    }

    return 0;
}
