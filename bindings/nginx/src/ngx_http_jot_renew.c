
/*
 * Keys and lists in force.
 *
 * Rules over the same files share the parsed keys, and with them the tables
 * of accelerated code, which belong to a key.  What a file newly says is put
 * in force for all rules that use it or, where one of them could not, for
 * none.
 */


#include "ngx_http_jot.h"


static ngx_int_t ngx_http_jot_renew_keys(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_file_t *file, char *why, size_t size);
static ngx_uint_t ngx_http_jot_same_files(ngx_array_t *one,
    ngx_array_t *other);
static ngx_uint_t ngx_http_jot_holds(ngx_array_t *files,
    ngx_http_jot_file_t *file);
static uint32_t ngx_http_jot_read_keys(ngx_http_jot_keys_t *keys,
    jot_key_set **set, jot_error *error);


ngx_http_jot_keys_t *
ngx_http_jot_share_keys(ngx_conf_t *cf, ngx_array_t *files, ngx_flag_t validity)
{
    char                       why[NGX_HTTP_JOT_WHY];
    jot_error                  error;
    ngx_uint_t                 i;
    ngx_http_jot_keys_t      **known, *keys;
    ngx_http_jot_main_conf_t  *jmcf;

    jmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_jot_module);
    known = jmcf->keys.elts;

    for (i = 0; i < jmcf->keys.nelts; i++) {
        if (known[i]->validity == validity
            && ngx_http_jot_same_files(&known[i]->files, files))
        {
            return known[i];
        }
    }

    keys = ngx_pcalloc(cf->pool, sizeof(ngx_http_jot_keys_t));
    if (keys == NULL) {
        return NULL;
    }

    keys->files = *files;
    keys->validity = validity;

    known = ngx_array_push(&jmcf->keys);
    if (known == NULL) {
        return NULL;
    }

    *known = keys;

    ngx_memzero(&error, sizeof(jot_error));
    error.size = sizeof(jot_error);

    if (ngx_http_jot_read_keys(keys, &keys->set, &error) != JOT_ACCEPTED) {
        (void) jot_error_message(&error, why, sizeof(why), NULL);
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "%s", why);
        return NULL;
    }

    return keys;
}


ngx_int_t
ngx_http_jot_renew(ngx_http_jot_main_conf_t *jmcf, ngx_http_jot_file_t *file,
    ngx_http_jot_content_t *content, char *why, size_t size)
{
    u_char                 *p;
    ngx_uint_t              i;
    ngx_http_jot_rules_t  **rules;

    if (file->kind == NGX_HTTP_JOT_KEYS) {

        if (ngx_http_jot_renew_keys(jmcf, file, why, size) != NGX_OK) {
            return NGX_ERROR;
        }

        file->content = *content;

        return NGX_OK;
    }

    rules = jmcf->rules.elts;

    for (i = 0; i < jmcf->rules.nelts; i++) {

        if (rules[i]->settings.revoked == file) {
            (void) jot_verifier_set_revocations(rules[i]->verifier,
                                                content->list);
        }

        if (file->folder && rules[i]->settings.statuses
            && ngx_http_jot_holds(rules[i]->settings.statuses, file->folder)
            && jot_verifier_put_status_list(rules[i]->verifier,
                                            content->statuses)
               != JOT_ACCEPTED)
        {
            p = ngx_slprintf((u_char *) why, (u_char *) why + size - 1,
                             "there are too many status lists in %s:%ui",
                             rules[i]->place.name, rules[i]->place.line);
            *p = '\0';
            return NGX_ERROR;
        }
    }

    ngx_http_jot_free_content(&file->content);
    file->content = *content;

    return NGX_OK;
}


static ngx_int_t
ngx_http_jot_renew_keys(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_file_t *file, char *why, size_t size)
{
    u_char                  *p;
    uint32_t                 code;
    jot_error                error;
    ngx_int_t                rc;
    ngx_uint_t               i, k;
    ngx_http_jot_keys_t    **keys;
    ngx_http_jot_rules_t   **rules;
    ngx_http_jot_issuer_t   *group;

    ngx_memzero(&error, sizeof(jot_error));
    error.size = sizeof(jot_error);

    keys = jmcf->keys.elts;
    rules = jmcf->rules.elts;
    rc = NGX_ERROR;

    for (i = 0; i < jmcf->keys.nelts; i++) {

        if (ngx_http_jot_holds(&keys[i]->files, file)
            && ngx_http_jot_read_keys(keys[i], &keys[i]->next, &error)
               != JOT_ACCEPTED)
        {
            (void) jot_error_message(&error, why, size, NULL);
            goto done;
        }
    }

    for (i = 0; i < jmcf->rules.nelts; i++) {

        group = rules[i]->groups.elts;

        for (k = 0; k < rules[i]->groups.nelts; k++) {

            if (group[k].keys->next
                && jot_key_set_len(group[k].keys->next)
                && jot_policy_fits(rules[i]->policy, group[k].keys->next)
                   != JOT_ACCEPTED)
            {
                p = ngx_slprintf((u_char *) why, (u_char *) why + size - 1,
                                 "no key verifies with any of "
                                 "\"jot_algorithms\" in %s:%ui",
                                 rules[i]->place.name, rules[i]->place.line);
                *p = '\0';
                goto done;
            }
        }
    }

    for (i = 0; i < jmcf->rules.nelts; i++) {

        group = rules[i]->groups.elts;

        for (k = 0; k < rules[i]->groups.nelts; k++) {

            if (group[k].keys->next == NULL) {
                continue;
            }

            code = jot_verifier_replace_keys(rules[i]->verifier,
                                           ngx_http_jot_slice(&group[k].name),
                                           group[k].keys->next, &error);
            if (code != JOT_ACCEPTED) {
                (void) jot_error_message(&error, why, size, NULL);
                goto done;
            }
        }
    }

    for (i = 0; i < jmcf->keys.nelts; i++) {

        if (keys[i]->next) {
            jot_key_set_free(keys[i]->set);
            keys[i]->set = keys[i]->next;
            keys[i]->next = NULL;
        }
    }

    rc = NGX_OK;

done:

    for (i = 0; i < jmcf->keys.nelts; i++) {
        jot_key_set_free(keys[i]->next);
        keys[i]->next = NULL;
    }

    return rc;
}


static ngx_uint_t
ngx_http_jot_same_files(ngx_array_t *one, ngx_array_t *other)
{
    return one->nelts == other->nelts
           && ngx_memcmp(one->elts, other->elts,
                         one->nelts * sizeof(ngx_http_jot_file_t *))
              == 0;
}


static ngx_uint_t
ngx_http_jot_holds(ngx_array_t *files, ngx_http_jot_file_t *file)
{
    ngx_uint_t             i;
    ngx_http_jot_file_t  **one;

    one = files->elts;

    for (i = 0; i < files->nelts; i++) {
        if (one[i] == file) {
            return 1;
        }
    }

    return 0;
}


static uint32_t
ngx_http_jot_read_keys(ngx_http_jot_keys_t *keys, jot_key_set **set,
    jot_error *error)
{
    uint32_t               code;
    ngx_uint_t             i, stale;
    jot_key_set           *all;
    jot_key_options        options;
    ngx_http_jot_file_t  **file;

    ngx_memzero(&options, sizeof(jot_key_options));
    options.size = sizeof(jot_key_options);

    all = jot_key_set_new();
    file = keys->files.elts;
    stale = 0;

    for (i = 0; i < keys->files.nelts; i++) {

        if (file[i]->awaited) {
            stale |= file[i]->stale;
            continue;
        }

        if (keys->validity) {

            /* a process writes the dates of certificates into the keys */

            options.flags = file[i]->fetch && file[i]->fetch->argv
                            ? JOT_DATED_KEYS : JOT_CERTIFICATE_VALIDITY;
        }

        code = jot_key_set_add_text(all, ngx_http_jot_slice(&file[i]->text),
                                    &options, error);
        if (code != JOT_ACCEPTED) {
            jot_key_set_free(all);
            return code;
        }
    }

    /* each file that can be read has keys */

    if (jot_key_set_len(all) == 0) {
        jot_key_set_free(all);
        all = stale ? jot_key_set_stale() : jot_key_set_not_yet();
    }

    *set = all;

    return JOT_ACCEPTED;
}
