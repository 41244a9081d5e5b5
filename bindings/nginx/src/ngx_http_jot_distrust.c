
/*
 * What is told of accelerated code that was wrong.
 */


#include "ngx_http_jot.h"


/*
 * Each thing once in a worker; from then on aws-lc verifies, which is nothing
 * to refuse for.
 */

void
ngx_http_jot_tell_distrust(ngx_http_request_t *r)
{
    uint64_t                   before;
    jot_slice                  view;
    ngx_str_t                  line;
    ngx_atomic_t              *distrusting;
    ngx_http_jot_main_conf_t  *jmcf;

    static uint64_t   told;
    static jot_text  *text;

    if (text == NULL) {
        text = jot_text_new();
    }

    before = told;

    (void) jot_backend_news(&told, text);

    if (told == before) {
        return;
    }

    if (before == 0) {

        jmcf = ngx_http_get_module_main_conf(r, ngx_http_jot_module);

        distrusting = ngx_http_jot_distrusting(jmcf);
        if (distrusting) {
            (void) ngx_atomic_fetch_add(distrusting, 1);
        }
    }

    view = jot_text_view(text);
    line.data = (u_char *) view.ptr;
    line.len = view.len;

    ngx_log_error(NGX_LOG_ALERT, r->connection->log, 0, "jot: %V", &line);
}
