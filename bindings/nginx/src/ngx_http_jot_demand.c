/*
 * What is demanded of a token by the request it comes with: a key set, an
 * issuer or an audience that a variable names.  One verifier serves them all;
 * it is the library that compares.
 */


#include "ngx_http_jot.h"


static ngx_int_t ngx_http_jot_compile_names(ngx_conf_t *cf,
    ngx_http_jot_rules_t *rules, ngx_array_t *names, ngx_array_t **values);
static ngx_int_t ngx_http_jot_names_of(ngx_http_request_t *r,
    ngx_array_t *values, const jot_slice **names, size_t *count);
static ngx_uint_t ngx_http_jot_vary(ngx_array_t *names);


/* Says what of these rules is known with the request only. */

ngx_int_t
ngx_http_jot_compile_demand(ngx_conf_t *cf, ngx_http_jot_rules_t *rules)
{
    ngx_str_t                 *names;
    ngx_uint_t                 i;
    ngx_http_jot_issuer_t     *set;
    ngx_http_jot_settings_t   *settings;
    ngx_http_jot_main_conf_t  *jmcf;

    settings = &rules->settings;

    if (ngx_http_jot_vary(settings->audiences)) {

        names = settings->audiences->elts;

        for (i = 0; i < settings->audiences->nelts; i++) {
            if (names[i].len == 1 && names[i].data[0] == '*') {
                ngx_http_jot_error(cf, &rules->place,
                                   "\"*\" takes any audience, so \"jot_audience\""
                                   " needs no variable in %s:%ui");
                return NGX_ERROR;
            }
        }

        if (ngx_http_jot_compile_names(cf, rules, settings->audiences,
                                       &rules->audiences)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    /* where tokens do not choose the keys, "iss" is a demand like others */

    if (settings->issuers
        && (settings->keys || ngx_http_jot_vary(settings->issuers)))
    {
        if (ngx_http_jot_compile_names(cf, rules, settings->issuers,
                                       &rules->issuers)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    rules->demanding = settings->keys || rules->issuers || rules->audiences;

    if (settings->keys == NULL) {
        return NGX_OK;
    }

    jmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_jot_module);

    if (jmcf->key_sets.nelts == 0) {
        ngx_http_jot_error(cf, &rules->place,
                           "\"jot_keys\" needs \"jot_key_set\" in %s:%ui");
        return NGX_ERROR;
    }

    if (settings->keys->lengths) {
        return NGX_OK;
    }

    set = jmcf->key_sets.elts;

    for (i = 0; i < jmcf->key_sets.nelts; i++) {
        if (ngx_http_jot_same(&set[i].name, &settings->keys->value)) {
            return NGX_OK;
        }
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "no \"jot_key_set\" has the name \"%V\" of \"jot_keys\" in "
                  "%s:%ui", &settings->keys->value, rules->place.name,
                  rules->place.line);

    return NGX_ERROR;
}


static ngx_uint_t
ngx_http_jot_vary(ngx_array_t *names)
{
    ngx_str_t   *name;
    ngx_uint_t   i;

    if (names == NULL) {
        return 0;
    }

    name = names->elts;

    for (i = 0; i < names->nelts; i++) {
        if (ngx_http_script_variables_count(&name[i])) {
            return 1;
        }
    }

    return 0;
}


static ngx_int_t
ngx_http_jot_compile_names(ngx_conf_t *cf, ngx_http_jot_rules_t *rules,
    ngx_array_t *names, ngx_array_t **values)
{
    ngx_str_t                 *name;
    ngx_uint_t                 i;
    ngx_http_complex_value_t  *value;

    *values = ngx_array_create(cf->pool, names->nelts,
                               sizeof(ngx_http_complex_value_t));
    if (*values == NULL) {
        return NGX_ERROR;
    }

    name = names->elts;

    for (i = 0; i < names->nelts; i++) {

        value = ngx_array_push(*values);

        if (value == NULL
            || ngx_http_jot_compile(cf, &name[i], value) != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/*
 * Leaves ctx->demand NULL where nothing depends on the request.  A variable
 * that is empty is a name that nobody has, and not "no name".
 */

ngx_int_t
ngx_http_jot_make_demand(ngx_http_request_t *r, ngx_http_jot_ctx_t *ctx)
{
    jot_demand            *demand;
    ngx_http_jot_rules_t  *rules;

    rules = ctx->rules;
    ctx->demand = NULL;

    if (!rules->demanding) {
        return NGX_OK;
    }

    demand = ngx_pcalloc(r->pool, sizeof(jot_demand));
    if (demand == NULL) {
        return NGX_ERROR;
    }

    demand->size = sizeof(jot_demand);

    if ((rules->settings.keys
         && ngx_http_jot_evaluate(r, rules->settings.keys, &demand->key_set)
            != NGX_OK)
        || (rules->issuers
            && ngx_http_jot_names_of(r, rules->issuers, &demand->issuers,
                                     &demand->issuer_count)
               != NGX_OK)
        || (rules->audiences
            && ngx_http_jot_names_of(r, rules->audiences, &demand->audiences,
                                     &demand->audience_count)
               != NGX_OK))
    {
        return NGX_ERROR;
    }

    ctx->demand = demand;

    return NGX_OK;
}


static ngx_int_t
ngx_http_jot_names_of(ngx_http_request_t *r, ngx_array_t *values,
    const jot_slice **names, size_t *count)
{
    jot_slice                 *name;
    ngx_uint_t                 i;
    ngx_http_complex_value_t  *value;

    name = ngx_palloc(r->pool, values->nelts * sizeof(jot_slice));
    if (name == NULL) {
        return NGX_ERROR;
    }

    value = values->elts;

    for (i = 0; i < values->nelts; i++) {
        if (ngx_http_jot_evaluate(r, &value[i], &name[i]) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    *names = name;
    *count = values->nelts;

    return NGX_OK;
}


/* Verifies the token of a request by the rules and what it demands. */

uint32_t
ngx_http_jot_ask(ngx_http_jot_ctx_t *ctx, jot_verdict *verdict)
{
    uint32_t   code;
    jot_slice  token;

    token = ngx_http_jot_slice(&ctx->token);

    if (ctx->demand == NULL) {
        return jot_verifier_verify(ctx->rules->verifier, token, ctx->checked,
                                   ngx_http_jot_scratch, verdict);
    }

    code = jot_verifier_verify_for(ctx->rules->verifier, token, ctx->checked,
                                   ctx->demand, ngx_http_jot_scratch, verdict);

    if (code == JOT_ISSUER_UNKNOWN && ctx->rules->settings.keys) {
        return NGX_HTTP_JOT_KEY_SET_UNKNOWN;
    }

    return code;
}
