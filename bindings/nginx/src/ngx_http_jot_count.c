
/*
 * Counters that all workers share.
 */


#include "ngx_http_jot.h"


static ngx_int_t ngx_http_jot_init_counters(ngx_shm_zone_t *zone, void *data);


/* the position of each code of the library */
static uint16_t  ngx_http_jot_slots[1000];


ngx_int_t
ngx_http_jot_add_counters(ngx_conf_t *cf)
{
    size_t                     size;
    uint32_t                   code;
    ngx_str_t                  name;
    ngx_uint_t                 n;
    ngx_http_jot_main_conf_t  *jmcf;

    jmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_jot_module);

    if (jmcf->rules.nelts == 0 && jmcf->files.nelts == 0) {
        return NGX_OK;
    }

    for (n = 0; (code = jot_code_at(n)) != JOT_NONE; n++) {
        if (code < 1000) {
            ngx_http_jot_slots[code] = (uint16_t) n;
        }
    }

    jmcf->codes = n;

    size = sizeof(ngx_atomic_t)
           * (jmcf->rules.nelts * (jmcf->codes + NGX_HTTP_JOT_EXTRA)
              + jmcf->files.nelts * NGX_HTTP_JOT_PER_FILE
              + NGX_HTTP_JOT_OF_ALL);

    ngx_str_set(&name, "jot_status");

    jmcf->zone = ngx_shared_memory_add(cf, &name,
                                       ngx_align(size, ngx_pagesize)
                                       + 8 * ngx_pagesize,
                                       &ngx_http_jot_module);
    if (jmcf->zone == NULL) {
        return NGX_ERROR;
    }

    /* another configuration has other counters */

    jmcf->zone->init = ngx_http_jot_init_counters;
    jmcf->zone->data = (void *) size;
    jmcf->zone->noreuse = 1;

    return NGX_OK;
}


static ngx_int_t
ngx_http_jot_init_counters(ngx_shm_zone_t *zone, void *data)
{
    ngx_slab_pool_t  *pool;

    pool = (ngx_slab_pool_t *) zone->shm.addr;

    zone->data = ngx_slab_calloc(pool, (size_t) zone->data);

    return zone->data ? NGX_OK : NGX_ERROR;
}


ngx_atomic_t *
ngx_http_jot_counters(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_rules_t *rules)
{
    ngx_atomic_t  *counters = jmcf->zone->data;

    return counters + rules->index * (jmcf->codes + NGX_HTTP_JOT_EXTRA);
}


ngx_atomic_t *
ngx_http_jot_file_counters(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_file_t *file)
{
    ngx_atomic_t  *counters = jmcf->zone->data;

    return counters + jmcf->rules.nelts * (jmcf->codes + NGX_HTTP_JOT_EXTRA)
           + file->index * NGX_HTTP_JOT_PER_FILE;
}


/* none where nothing is guarded */

ngx_atomic_t *
ngx_http_jot_distrusting(ngx_http_jot_main_conf_t *jmcf)
{
    ngx_atomic_t  *counters;

    if (jmcf->zone == NULL) {
        return NULL;
    }

    counters = jmcf->zone->data;

    return counters + jmcf->rules.nelts * (jmcf->codes + NGX_HTTP_JOT_EXTRA)
           + jmcf->files.nelts * NGX_HTTP_JOT_PER_FILE;
}


void
ngx_http_jot_count(ngx_http_jot_main_conf_t *jmcf, ngx_http_jot_rules_t *rules,
    uint32_t code, ngx_uint_t cached)
{
    ngx_uint_t     slot;
    ngx_atomic_t  *counters;

    counters = ngx_http_jot_counters(jmcf, rules);

    if (code < 1000) {
        slot = ngx_http_jot_slots[code];

    } else {
        slot = jmcf->codes + (code - NGX_HTTP_JOT_TOKEN_MISSING);
    }

    (void) ngx_atomic_fetch_add(&counters[slot], 1);

    if (cached) {
        slot = jmcf->codes + NGX_HTTP_JOT_CACHE_HITS;
        (void) ngx_atomic_fetch_add(&counters[slot], 1);
    }
}


void
ngx_http_jot_count_file(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_file_t *file, ngx_uint_t good)
{
    ngx_atomic_t  *counters;

    counters = ngx_http_jot_file_counters(jmcf, file);

    (void) ngx_atomic_fetch_add(&counters[good ? NGX_HTTP_JOT_RELOADS
                                               : NGX_HTTP_JOT_FAILURES], 1);
}
