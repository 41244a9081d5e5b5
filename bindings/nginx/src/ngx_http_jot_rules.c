/*
 * Rules: what a token must be, and the verifier that is made of them.
 */


#include "ngx_http_jot.h"


static ngx_int_t ngx_http_jot_load(ngx_conf_t *cf,
    ngx_http_jot_rules_t *rules);
static uint32_t ngx_http_jot_builder(ngx_http_jot_rules_t *rules,
    jot_verifier_builder **builder, jot_error *error);
static uint32_t ngx_http_jot_policy(ngx_http_jot_rules_t *rules,
    jot_policy **policy, jot_error *error);


ngx_http_jot_rules_t *
ngx_http_jot_make_rules(ngx_conf_t *cf, ngx_http_jot_loc_conf_t *conf,
    ngx_http_jot_rules_t *outer)
{
    ngx_http_jot_rules_t     *rules;
    ngx_http_jot_settings_t  *settings, *prev, none;

    rules = ngx_pcalloc(cf->pool, sizeof(ngx_http_jot_rules_t));
    if (rules == NULL) {
        return NULL;
    }

    ngx_memzero(&none, sizeof(ngx_http_jot_settings_t));

    prev = outer ? &outer->settings : &none;
    settings = &rules->settings;

    *settings = conf->own;
    rules->place = conf->place;

    /* either takes the place of the other one further out */

    if (settings->key_files == NGX_CONF_UNSET_PTR
        && settings->keys == NGX_CONF_UNSET_PTR)
    {
        settings->key_files = prev->key_files;
        settings->keys = prev->keys;
    }

    ngx_conf_merge_ptr_value(settings->key_files, NULL, NULL);
    ngx_conf_merge_ptr_value(settings->keys, NULL, NULL);
    ngx_conf_merge_ptr_value(settings->algorithms, prev->algorithms, NULL);
    ngx_conf_merge_ptr_value(settings->issuers, prev->issuers, NULL);
    ngx_conf_merge_ptr_value(settings->audiences, prev->audiences, NULL);
    ngx_conf_merge_ptr_value(settings->typs, prev->typs, NULL);
    ngx_conf_merge_ptr_value(settings->revoked, prev->revoked, NULL);
    ngx_conf_merge_ptr_value(settings->statuses, prev->statuses, NULL);
    ngx_conf_merge_value(settings->require_status, prev->require_status, 0);
    ngx_conf_merge_value(settings->validity, prev->validity, 0);
    ngx_conf_merge_sec_value(settings->leeway, prev->leeway, 0);
    ngx_conf_merge_value(settings->future_iat, prev->future_iat, 0);
    ngx_conf_merge_value(settings->backend, prev->backend,
                         JOT_BACKEND_AWS_LC);

    if (settings->entries == NGX_CONF_UNSET) {
        settings->entries = prev->entries;
        settings->zone = prev->zone;
    }

    return rules;
}


/*
 * Checks the rules of a location that is guarded.  Their verifier is made by
 * the workers: the master has no use for its cache and its tables.
 */

char *
ngx_http_jot_use_rules(ngx_conf_t *cf, ngx_http_jot_loc_conf_t *conf)
{
    char                       message[256];
    uint32_t                   code;
    jot_error                  error;
    jot_verifier_builder      *builder;
    ngx_http_jot_rules_t      *rules, **slot;
    ngx_http_jot_main_conf_t  *jmcf;

    rules = conf->rules;

    if (rules == NULL || (rules->settings.key_files == NULL
                          && rules->settings.keys == NULL))
    {
        ngx_http_jot_error(cf, &conf->enabled,
                           "\"jot\" needs \"jot_key_file\" in %s:%ui");
        return NGX_CONF_ERROR;
    }

    if (rules->settings.algorithms == NULL) {
        ngx_http_jot_error(cf, &conf->enabled,
                           "\"jot\" needs \"jot_algorithms\" in %s:%ui");
        return NGX_CONF_ERROR;
    }

    if (rules->settings.require_status && rules->settings.statuses == NULL) {
        ngx_http_jot_error(cf, &rules->place,
                           "\"jot_require_status\" needs "
                           "\"jot_status_list_url\" in %s:%ui");
        return NGX_CONF_ERROR;
    }

    if (rules->used) {
        return NGX_CONF_OK;
    }

    jmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_jot_module);

    slot = ngx_array_push(&jmcf->rules);
    if (slot == NULL) {
        return NGX_CONF_ERROR;
    }

    *slot = rules;

    rules->used = 1;
    rules->index = jmcf->rules.nelts - 1;

    if (ngx_http_jot_compile_demand(cf, rules) != NGX_OK
        || ngx_http_jot_group(cf, rules) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(&error, sizeof(jot_error));
    error.size = sizeof(jot_error);

    if (ngx_http_jot_policy(rules, &rules->policy, &error) != JOT_ACCEPTED) {
        goto failed;
    }

    if (ngx_http_jot_load(cf, rules) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (ngx_http_jot_builder(rules, &builder, &error) != JOT_ACCEPTED) {
        goto failed;
    }

    code = jot_verifier_builder_check(builder, &error);
    jot_verifier_builder_free(builder);

    if (code == JOT_ACCEPTED) {
        return NGX_CONF_OK;
    }

failed:

    (void) jot_error_message(&error, message, sizeof(message), NULL);
    ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "%s in %s:%ui", message,
                  rules->place.name, rules->place.line);

    return NGX_CONF_ERROR;
}


static ngx_int_t
ngx_http_jot_load(ngx_conf_t *cf, ngx_http_jot_rules_t *rules)
{
    ngx_uint_t              i;
    ngx_http_jot_issuer_t  *group;

    group = rules->groups.elts;

    for (i = 0; i < rules->groups.nelts; i++) {

        group[i].keys = ngx_http_jot_share_keys(cf, &group[i].files,
                                                rules->settings.validity);
        if (group[i].keys == NULL) {
            return NGX_ERROR;
        }

        if (jot_key_set_len(group[i].keys->set)
            && jot_policy_fits(rules->policy, group[i].keys->set)
               == JOT_KEY_NOT_FOR_ALG)
        {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "no key of issuer \"%V\" verifies with any of "
                          "\"jot_algorithms\" in %s:%ui", &group[i].name,
                          rules->place.name, rules->place.line);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* Makes the verifier of this worker. */

uint32_t
ngx_http_jot_build(ngx_http_jot_rules_t *rules, jot_error *error)
{
    uint32_t               code;
    jot_verifier_builder  *builder;

    code = ngx_http_jot_builder(rules, &builder, error);
    if (code != JOT_ACCEPTED) {
        return code;
    }

    code = jot_verifier_builder_build(builder, &rules->verifier, error);
    jot_verifier_builder_free(builder);

    if (code == JOT_ACCEPTED && rules->settings.revoked) {
        code = jot_verifier_set_revocations(rules->verifier,
                                        rules->settings.revoked->content.list);
        error->code = code;
    }

    if (code == JOT_ACCEPTED && rules->settings.statuses) {
        code = jot_verifier_add_status_feed(rules->verifier,
                                            ngx_http_jot_want_list, rules);
        error->code = code;
    }

    return code;
}


static uint32_t
ngx_http_jot_builder(ngx_http_jot_rules_t *rules,
    jot_verifier_builder **builder, jot_error *error)
{
    uint32_t                  code;
    ngx_uint_t                i;
    ngx_http_jot_issuer_t    *group;
    ngx_http_jot_settings_t  *settings;

    code = jot_verifier_builder_new(rules->policy, builder, error);
    if (code != JOT_ACCEPTED) {
        return code;
    }

    /* a call that fails is told by the last one */

    group = rules->groups.elts;
    settings = &rules->settings;

    for (i = 0; i < rules->groups.nelts; i++) {
        if (settings->keys) {
            (void) jot_verifier_builder_key_set(*builder,
                                          ngx_http_jot_slice(&group[i].name),
                                          ngx_http_jot_slice(&group[i].issuer),
                                          group[i].keys->set);

        } else if (group[i].name.len == 0) {
            (void) jot_verifier_builder_keys(*builder, group[i].keys->set);

        } else {
            (void) jot_verifier_builder_issuer(*builder,
                                            ngx_http_jot_slice(&group[i].name),
                                            group[i].keys->set);
        }
    }

    if (settings->entries) {
        (void) jot_verifier_builder_cache_entries(*builder, settings->entries);
    }

    (void) jot_verifier_builder_backend(*builder, (uint32_t) settings->backend);

    return JOT_ACCEPTED;
}


static uint32_t
ngx_http_jot_policy(ngx_http_jot_rules_t *rules, jot_policy **policy,
    jot_error *error)
{
    uint32_t                  code;
    ngx_str_t                *audience, *typ;
    ngx_uint_t                i;
    ngx_array_t              *audiences;
    ngx_http_jot_settings_t  *settings;

    settings = &rules->settings;

    code = jot_policy_new(settings->algorithms->elts,
                          settings->algorithms->nelts, policy, error);
    if (code != JOT_ACCEPTED) {
        return code;
    }

    if (rules->audiences) {
        audiences = NULL;
        (void) jot_policy_any_audience(*policy);

    } else {
        audiences = settings->audiences;
    }

    audience = audiences ? audiences->elts : NULL;

    for (i = 0; audiences && i < audiences->nelts; i++) {

        if (audience[i].len == 1 && audience[i].data[0] == '*') {
            (void) jot_policy_any_audience(*policy);

        } else {
            (void) jot_policy_audience(*policy,
                                       ngx_http_jot_slice(&audience[i]));
        }
    }

    typ = settings->typs ? settings->typs->elts : NULL;

    for (i = 0; settings->typs && i < settings->typs->nelts; i++) {
        (void) jot_policy_typ(*policy, ngx_http_jot_slice(&typ[i]));
    }

    if (settings->future_iat) {
        (void) jot_policy_allow_future_iat(*policy);
    }

    if (settings->require_status) {
        (void) jot_policy_require_status(*policy);

    } else if (settings->statuses) {
        (void) jot_policy_check_status(*policy);
    }

    (void) jot_policy_leeway(*policy, (uint32_t) settings->leeway);

    return JOT_ACCEPTED;
}


void
ngx_http_jot_free_rules(ngx_http_jot_rules_t *rules)
{
    jot_verifier_free(rules->verifier);
    jot_policy_free(rules->policy);
}
