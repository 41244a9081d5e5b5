
/*
 * ngx_http_jot_module: requests with a JSON Web Token, verified by libjot.
 */


#include "ngx_http_jot.h"


static ngx_int_t ngx_http_jot_init(ngx_conf_t *cf);
static void *ngx_http_jot_create_main_conf(ngx_conf_t *cf);
static char *ngx_http_jot_init_main_conf(ngx_conf_t *cf, void *conf);
static void *ngx_http_jot_create_loc_conf(ngx_conf_t *cf);
static char *ngx_http_jot_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child);
static ngx_int_t ngx_http_jot_init_process(ngx_cycle_t *cycle);
static void ngx_http_jot_exit_process(ngx_cycle_t *cycle);
static void ngx_http_jot_free_main_conf(void *data);


static ngx_http_module_t  ngx_http_jot_module_ctx = {
    ngx_http_jot_add_variables,            /* preconfiguration */
    ngx_http_jot_init,                     /* postconfiguration */

    ngx_http_jot_create_main_conf,         /* create main configuration */
    ngx_http_jot_init_main_conf,           /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_http_jot_create_loc_conf,          /* create location configuration */
    ngx_http_jot_merge_loc_conf            /* merge location configuration */
};


ngx_module_t  ngx_http_jot_module = {
    NGX_MODULE_V1,
    &ngx_http_jot_module_ctx,              /* module context */
    ngx_http_jot_commands,                 /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    ngx_http_jot_init_process,             /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    ngx_http_jot_exit_process,             /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static void *
ngx_http_jot_create_main_conf(ngx_conf_t *cf)
{
    ngx_pool_cleanup_t        *cln;
    ngx_http_jot_main_conf_t  *jmcf;

    jmcf = ngx_pcalloc(cf->pool, sizeof(ngx_http_jot_main_conf_t));
    if (jmcf == NULL) {
        return NULL;
    }

    jmcf->check = NGX_CONF_UNSET_MSEC;
    jmcf->fetch_stale = NGX_CONF_UNSET;

    if (ngx_array_init(&jmcf->files, cf->pool, 4,
                       sizeof(ngx_http_jot_file_t *))
        != NGX_OK
        || ngx_array_init(&jmcf->keys, cf->pool, 4,
                          sizeof(ngx_http_jot_keys_t *))
           != NGX_OK
        || ngx_array_init(&jmcf->rules, cf->pool, 4,
                          sizeof(ngx_http_jot_rules_t *))
           != NGX_OK
        || ngx_array_init(&jmcf->values, cf->pool, 4,
                          sizeof(ngx_http_jot_value_t))
           != NGX_OK
        || ngx_array_init(&jmcf->key_sets, cf->pool, 4,
                          sizeof(ngx_http_jot_issuer_t))
           != NGX_OK
        || ngx_array_init(&jmcf->masked, cf->pool, 2, sizeof(ngx_str_t))
           != NGX_OK
        || ngx_array_init(&jmcf->logs, cf->pool, 4, sizeof(ngx_log_t *))
           != NGX_OK)
    {
        return NULL;
    }

    cln = ngx_pool_cleanup_add(cf->pool, 0);
    if (cln == NULL) {
        return NULL;
    }

    cln->handler = ngx_http_jot_free_main_conf;
    cln->data = jmcf;

    return jmcf;
}


static char *
ngx_http_jot_init_main_conf(ngx_conf_t *cf, void *conf)
{
    ngx_http_jot_main_conf_t *jmcf = conf;

    ngx_conf_init_msec_value(jmcf->check, 1000);
    ngx_conf_init_value(jmcf->fetch_stale, 86400);

    return NGX_CONF_OK;
}


static void
ngx_http_jot_free_main_conf(void *data)
{
    ngx_http_jot_main_conf_t *jmcf = data;

    ngx_uint_t              i;
    ngx_http_jot_keys_t   **keys;
    ngx_http_jot_file_t   **files;
    ngx_http_jot_rules_t  **rules;

    if (jmcf->timer.timer_set) {
        ngx_del_timer(&jmcf->timer);
    }

    ngx_http_jot_release_error_logs(jmcf);

    files = jmcf->files.elts;
    for (i = 0; i < jmcf->files.nelts; i++) {
        ngx_http_jot_free_text(&files[i]->text);
        ngx_http_jot_free_content(&files[i]->content);

        if (files[i]->statuses) {
            ngx_http_jot_free_lists(files[i]->statuses);
        }
    }

    keys = jmcf->keys.elts;
    for (i = 0; i < jmcf->keys.nelts; i++) {
        jot_key_set_free(keys[i]->set);
    }

    rules = jmcf->rules.elts;
    for (i = 0; i < jmcf->rules.nelts; i++) {
        ngx_http_jot_free_rules(rules[i]);
    }
}


static void *
ngx_http_jot_create_loc_conf(ngx_conf_t *cf)
{
    ngx_http_jot_loc_conf_t  *conf;

    conf = ngx_pcalloc(cf->pool, sizeof(ngx_http_jot_loc_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    conf->enable = NGX_CONF_UNSET_UINT;
    conf->realm = NGX_CONF_UNSET_PTR;
    conf->strip = NGX_CONF_UNSET;
    conf->early = NGX_CONF_UNSET;
    conf->sources = NGX_CONF_UNSET_PTR;
    conf->required = NGX_CONF_UNSET_PTR;
    conf->scopes = NGX_CONF_UNSET_PTR;
    conf->conditions = NGX_CONF_UNSET_PTR;
    conf->metadata = NGX_CONF_UNSET_PTR;

    ngx_http_jot_init_settings(&conf->own);

    return conf;
}


static char *
ngx_http_jot_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_jot_loc_conf_t *prev = parent;
    ngx_http_jot_loc_conf_t *conf = child;

    if (ngx_http_jot_note_log(cf) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (conf->enable == NGX_CONF_UNSET_UINT) {
        conf->enabled = prev->enabled;
    }

    ngx_conf_merge_uint_value(conf->enable, prev->enable, NGX_HTTP_JOT_OFF);
    ngx_conf_merge_ptr_value(conf->realm, prev->realm, NULL);
    ngx_conf_merge_value(conf->strip, prev->strip, 0);
    ngx_conf_merge_value(conf->early, prev->early, 0);
    ngx_conf_merge_ptr_value(conf->sources, prev->sources, NULL);
    ngx_conf_merge_ptr_value(conf->required, prev->required, NULL);
    ngx_conf_merge_ptr_value(conf->scopes, prev->scopes, NULL);
    ngx_conf_merge_ptr_value(conf->conditions, prev->conditions, NULL);
    ngx_conf_merge_ptr_value(conf->metadata, prev->metadata, NULL);

    /* the configuration of "http" itself is never a child */

    if (prev->has_own && prev->rules == NULL) {
        prev->rules = ngx_http_jot_make_rules(cf, prev, NULL);
        if (prev->rules == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    conf->rules = prev->rules;

    if (conf->has_own) {
        conf->rules = ngx_http_jot_make_rules(cf, conf, prev->rules);
        if (conf->rules == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    if (conf->enable == NGX_HTTP_JOT_OFF) {
        return NGX_CONF_OK;
    }

    if (conf->members && conf->enable == NGX_HTTP_JOT_ON) {
        ngx_http_jot_error(cf, &conf->described,
                           "\"jot_protected_resource\" is for those who have "
                           "no token yet and needs \"jot off\" in %s:%ui");
        return NGX_CONF_ERROR;
    }

    return ngx_http_jot_use_rules(cf, conf);
}


static ngx_int_t
ngx_http_jot_init(ngx_conf_t *cf)
{
    ngx_http_handler_pt        *h;
    ngx_http_jot_main_conf_t   *jmcf;
    ngx_http_core_main_conf_t  *cmcf;

    jmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_jot_module);
    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    if (ngx_http_jot_add_counters(cf) != NGX_OK) {
        return NGX_ERROR;
    }

    if (jmcf->rules.nelts == 0) {
        return NGX_OK;
    }

    if (jot_abi_version() != JOT_ABI_VERSION) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "libjot %s has ABI %uD, but the module needs %uD",
                      jot_version(), jot_abi_version(),
                      (uint32_t) JOT_ABI_VERSION);
        return NGX_ERROR;
    }

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_POST_READ_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_http_jot_post_read_handler;

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_PREACCESS_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_http_jot_preaccess_handler;

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_ACCESS_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_http_jot_access_handler;

    if (ngx_http_jot_guard_access_logs(cf) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_jot_note_variables(cf);
}


/*
 * Everything that a request touches is made here, after the fork.  The files
 * are looked at again, because a worker may be started long after the
 * configuration was read.
 */

static ngx_int_t
ngx_http_jot_init_process(ngx_cycle_t *cycle)
{
    char                       message[256];
    jot_error                  error;
    ngx_uint_t                 i;
    ngx_http_jot_rules_t     **rules;
    ngx_http_jot_main_conf_t  *jmcf;

    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NGX_OK;
    }

    jmcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_http_jot_module);

    if (jmcf == NULL || jmcf->rules.nelts == 0) {
        return NGX_OK;
    }

    if (ngx_http_jot_guard_error_logs(jmcf, cycle) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_http_jot_scratch == NULL) {
        ngx_http_jot_scratch = jot_scratch_new();
        if (ngx_http_jot_scratch == NULL) {
            return NGX_ERROR;
        }
    }

    rules = jmcf->rules.elts;

    for (i = 0; i < jmcf->rules.nelts; i++) {

        ngx_memzero(&error, sizeof(jot_error));
        error.size = sizeof(jot_error);

        if (ngx_http_jot_build(rules[i], &error) != JOT_ACCEPTED) {
            (void) jot_error_message(&error, message, sizeof(message), NULL);
            ngx_log_error(NGX_LOG_EMERG, cycle->log, 0, "jot: %s in %s:%ui",
                          message, rules[i]->place.name, rules[i]->place.line);
            return NGX_ERROR;
        }
    }

    jmcf->began = ngx_time();

    ngx_http_jot_check_files(jmcf, cycle->log);
    ngx_http_jot_tend_fetches(jmcf, cycle->log);
    ngx_http_jot_watch_files(jmcf, cycle->log);

    return NGX_OK;
}


static void
ngx_http_jot_exit_process(ngx_cycle_t *cycle)
{
    ngx_http_jot_main_conf_t  *jmcf;

    jmcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_http_jot_module);

    if (jmcf) {
        ngx_http_jot_end_fetches(jmcf);
    }
}
