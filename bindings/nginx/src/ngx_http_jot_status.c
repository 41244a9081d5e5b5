
/*
 * jot_status: what all workers together have counted since the configuration
 * was read, as JSON or in the Prometheus text format.
 */


#include "ngx_http_jot.h"


#define NGX_HTTP_JOT_JSON        0
#define NGX_HTTP_JOT_PROMETHEUS  1

static ngx_int_t ngx_http_jot_status_json(ngx_http_request_t *r);
static ngx_int_t ngx_http_jot_status_prometheus(ngx_http_request_t *r);
static ngx_int_t ngx_http_jot_status_any(ngx_http_request_t *r);
static ngx_int_t ngx_http_jot_send(ngx_http_request_t *r, ngx_uint_t format);
static u_char *ngx_http_jot_write_json(ngx_http_jot_main_conf_t *jmcf,
    u_char *p, ngx_log_t *log);
static u_char *ngx_http_jot_write_prometheus(ngx_http_jot_main_conf_t *jmcf,
    u_char *p, ngx_log_t *log);
static u_char *ngx_http_jot_write_place(u_char *p,
    ngx_http_jot_place_t *place);
static size_t ngx_http_jot_bound(ngx_http_jot_main_conf_t *jmcf);


char *
ngx_http_jot_status(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t                 *value;
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (cf->args->nelts == 1) {
        clcf->handler = ngx_http_jot_status_any;
        return NGX_CONF_OK;
    }

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "json") == 0) {
        clcf->handler = ngx_http_jot_status_json;

    } else if (ngx_strcmp(value[1].data, "prometheus") == 0) {
        clcf->handler = ngx_http_jot_status_prometheus;

    } else {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid format \"%V\", it must be \"json\" or "
                           "\"prometheus\"", &value[1]);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_jot_status_json(ngx_http_request_t *r)
{
    return ngx_http_jot_send(r, NGX_HTTP_JOT_JSON);
}


static ngx_int_t
ngx_http_jot_status_prometheus(ngx_http_request_t *r)
{
    return ngx_http_jot_send(r, NGX_HTTP_JOT_PROMETHEUS);
}


static ngx_int_t
ngx_http_jot_status_any(ngx_http_request_t *r)
{
    ngx_str_t  format;

    if (ngx_http_arg(r, (u_char *) "format", 6, &format) == NGX_OK
        && format.len == sizeof("prometheus") - 1
        && ngx_strncmp(format.data, "prometheus", format.len) == 0)
    {
        return ngx_http_jot_send(r, NGX_HTTP_JOT_PROMETHEUS);
    }

    return ngx_http_jot_send(r, NGX_HTTP_JOT_JSON);
}


static ngx_int_t
ngx_http_jot_send(ngx_http_request_t *r, ngx_uint_t format)
{
    ngx_int_t                  rc;
    ngx_buf_t                 *b;
    ngx_http_jot_main_conf_t  *jmcf;

    static ngx_str_t  types[] = {
        ngx_string("application/json"),
        ngx_string("text/plain; version=0.0.4")
    };

    rc = ngx_http_jot_begin_page(r);
    if (rc != NGX_OK) {
        return rc;
    }

    jmcf = ngx_http_get_module_main_conf(r, ngx_http_jot_module);

    b = ngx_create_temp_buf(r->pool, ngx_http_jot_bound(jmcf));
    if (b == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (format == NGX_HTTP_JOT_JSON) {
        b->last = ngx_http_jot_write_json(jmcf, b->last, r->connection->log);

    } else {
        b->last = ngx_http_jot_write_prometheus(jmcf, b->last,
                                                r->connection->log);
    }

    return ngx_http_jot_send_page(r, b, &types[format]);
}


static const char *
ngx_http_jot_slot_name(ngx_http_jot_main_conf_t *jmcf, ngx_uint_t slot)
{
    if (slot < jmcf->codes) {
        return jot_code_name(jot_code_at(slot));
    }

    return ngx_http_jot_code_name(NGX_HTTP_JOT_TOKEN_MISSING
                                  + (uint32_t) (slot - jmcf->codes));
}


static u_char *
ngx_http_jot_write_json(ngx_http_jot_main_conf_t *jmcf, u_char *p,
    ngx_log_t *log)
{
    ngx_uint_t              i, slot, refused;
    ngx_atomic_t           *counters;
    jot_statistics          statistics;
    ngx_http_jot_file_t   **files;
    ngx_http_jot_rules_t  **rules;

    counters = ngx_http_jot_distrusting(jmcf);

    p = ngx_sprintf(p, "{\"version\":\"%s\",\"worker\":%P,"
                    "\"distrusting_workers\":%uA,\"rules\":[",
                    jot_version(), ngx_pid, counters ? *counters : 0);

    rules = jmcf->rules.elts;

    for (i = 0; i < jmcf->rules.nelts; i++) {

        counters = ngx_http_jot_counters(jmcf, rules[i]);

        ngx_memzero(&statistics, sizeof(jot_statistics));
        statistics.size = sizeof(jot_statistics);
        (void) jot_verifier_statistics(rules[i]->verifier, &statistics);

        p = ngx_sprintf(p, "%s{\"rules\":%ui,\"place\":\"", i ? "," : "", i);
        p = ngx_http_jot_write_place(p, &rules[i]->place);
        p = ngx_sprintf(p, "\",\"zone\":\"");
        p = (u_char *) ngx_escape_json(p, rules[i]->settings.zone.data,
                                       rules[i]->settings.zone.len);
        p = ngx_sprintf(p, "\",\"accepted\":%uA,\"cache_hits\":%uA,"
                        "\"worker_cache_bytes\":%uL,"
                        "\"worker_cache_evictions\":%uL,\"refused\":{",
                        counters[0],
                        counters[jmcf->codes + NGX_HTTP_JOT_CACHE_HITS],
                        statistics.cache_bytes, statistics.cache_evictions);

        refused = 0;

        for (slot = 1; slot < jmcf->codes + NGX_HTTP_JOT_CACHE_HITS; slot++) {

            if (counters[slot]) {
                p = ngx_sprintf(p, "%s\"%s\":%uA", refused++ ? "," : "",
                                ngx_http_jot_slot_name(jmcf, slot),
                                counters[slot]);
            }
        }

        p = ngx_sprintf(p, "}}");
    }

    p = ngx_sprintf(p, "],\"files\":[");

    files = jmcf->files.elts;

    for (i = 0; i < jmcf->files.nelts; i++) {

        counters = ngx_http_jot_file_counters(jmcf, files[i]);

        p = ngx_sprintf(p, "%s{\"path\":\"", i ? "," : "");
        p = (u_char *) ngx_escape_json(p, files[i]->path.data,
                                       files[i]->path.len);
        p = ngx_sprintf(p, "\",\"%s\":%ui,\"failed\":%s,\"reloads\":%uA,"
                        "\"failures\":%uA",
                        ngx_http_jot_entries(files[i]), files[i]->content.count,
                        files[i]->failed ? "true" : "false",
                        counters[NGX_HTTP_JOT_RELOADS],
                        counters[NGX_HTTP_JOT_FAILURES]);

        if (files[i]->fetch) {
            p = ngx_http_jot_write_state_json(files[i], p, log);
        }

        *p++ = '}';
    }

    return ngx_sprintf(p, "]}\n");
}


static u_char *
ngx_http_jot_write_prometheus(ngx_http_jot_main_conf_t *jmcf, u_char *p,
    ngx_log_t *log)
{
    ngx_uint_t              i, k, slot;
    ngx_atomic_t           *counters;
    ngx_http_jot_file_t   **files;
    ngx_http_jot_rules_t  **rules;

    static const struct {
        const char  *name;
        const char  *help;
        const char  *type;
    } per_file[] = {
        { "jot_file_reloads_total", "Reads of a changed file.", "counter" },
        { "jot_file_failures_total", "Changes that could not be used.",
          "counter" },
        { "jot_file_entries", "Keys, revocations or statuses in force.",
          "gauge" }
    };

    rules = jmcf->rules.elts;

    p = ngx_sprintf(p, "# HELP jot_requests_total Requests by verdict.\n"
                    "# TYPE jot_requests_total counter\n");

    for (i = 0; i < jmcf->rules.nelts; i++) {

        counters = ngx_http_jot_counters(jmcf, rules[i]);

        for (slot = 0; slot < jmcf->codes + NGX_HTTP_JOT_CACHE_HITS; slot++) {

            if (slot == 0 || counters[slot]) {
                p = ngx_sprintf(p, "jot_requests_total{rules=\"%ui\",place=\"",
                                i);
                p = ngx_http_jot_write_place(p, &rules[i]->place);
                p = ngx_sprintf(p, "\",code=\"%s\"} %uA\n",
                                ngx_http_jot_slot_name(jmcf, slot),
                                counters[slot]);
            }
        }
    }

    p = ngx_sprintf(p, "# HELP jot_cache_hits_total Accepted tokens that a "
                    "cache held.\n# TYPE jot_cache_hits_total counter\n");

    for (i = 0; i < jmcf->rules.nelts; i++) {

        counters = ngx_http_jot_counters(jmcf, rules[i]);

        p = ngx_sprintf(p, "jot_cache_hits_total{rules=\"%ui\",place=\"", i);
        p = ngx_http_jot_write_place(p, &rules[i]->place);
        p = ngx_sprintf(p, "\"} %uA\n",
                        counters[jmcf->codes + NGX_HTTP_JOT_CACHE_HITS]);
    }

    counters = ngx_http_jot_distrusting(jmcf);

    p = ngx_sprintf(p, "# HELP jot_distrusting_workers_total Workers that "
                    "found accelerated code wrong.\n"
                    "# TYPE jot_distrusting_workers_total counter\n"
                    "jot_distrusting_workers_total %uA\n",
                    counters ? *counters : 0);

    files = jmcf->files.elts;

    for (k = 0; k < 3; k++) {

        p = ngx_sprintf(p, "# HELP %s %s\n# TYPE %s %s\n", per_file[k].name,
                        per_file[k].help, per_file[k].name, per_file[k].type);

        for (i = 0; i < jmcf->files.nelts; i++) {

            counters = ngx_http_jot_file_counters(jmcf, files[i]);

            p = ngx_sprintf(p, "%s{file=\"", per_file[k].name);
            p = (u_char *) ngx_escape_json(p, files[i]->path.data,
                                           files[i]->path.len);
            p = ngx_sprintf(p, "\",kind=\"%s\"} %uA\n",
                            ngx_http_jot_entries(files[i]),
                            k < NGX_HTTP_JOT_COUNTED ? counters[k]
                                                      : files[i]->content.count);
        }
    }

    return ngx_http_jot_write_states(jmcf, p, log);
}


static u_char *
ngx_http_jot_write_place(u_char *p, ngx_http_jot_place_t *place)
{
    p = (u_char *) ngx_escape_json(p, place->name, ngx_strlen(place->name));

    return ngx_sprintf(p, ":%ui", place->line);
}


/* More than either format can take; escaping makes six bytes of one. */

static size_t
ngx_http_jot_bound(ngx_http_jot_main_conf_t *jmcf)
{
    size_t                  size, line;
    ngx_uint_t              i;
    ngx_http_jot_file_t   **files;
    ngx_http_jot_rules_t  **rules;

    size = 2048;
    rules = jmcf->rules.elts;

    for (i = 0; i < jmcf->rules.nelts; i++) {
        line = 256 + 6 * ngx_strlen(rules[i]->place.name);
        size += (jmcf->codes + NGX_HTTP_JOT_EXTRA) * line
                + 512 + 6 * rules[i]->settings.zone.len;
    }

    files = jmcf->files.elts;

    for (i = 0; i < jmcf->files.nelts; i++) {
        size += 3 * (256 + 6 * files[i]->path.len);

        if (files[i]->fetch) {
            size += ngx_http_jot_state_bound(files[i]);
        }
    }

    return size;
}
