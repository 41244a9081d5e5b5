
/*
 * A timer of each worker looks at the files between requests, and after those
 * who fetch them.
 */


#include "ngx_http_jot.h"


static void ngx_http_jot_timer(ngx_event_t *ev);


void
ngx_http_jot_check_files(ngx_http_jot_main_conf_t *jmcf, ngx_log_t *log)
{
    ngx_uint_t             i;
    ngx_http_jot_file_t  **files;

    files = jmcf->files.elts;

    for (i = 0; i < jmcf->files.nelts; i++) {

        if (files[i]->statuses) {
            ngx_http_jot_check_lists(jmcf, files[i], log);

        } else {
            ngx_http_jot_check_file(jmcf, files[i], log);
        }
    }
}


void
ngx_http_jot_watch_files(ngx_http_jot_main_conf_t *jmcf, ngx_log_t *log)
{
    if (jmcf->check == 0 || jmcf->timer.timer_set) {
        return;
    }

    jmcf->dumb.fd = (ngx_socket_t) -1;

    jmcf->timer.handler = ngx_http_jot_timer;
    jmcf->timer.data = &jmcf->dumb;
    jmcf->timer.log = log;
    jmcf->timer.cancelable = 1;

    ngx_add_timer(&jmcf->timer, jmcf->check);
}


static void
ngx_http_jot_timer(ngx_event_t *ev)
{
    ngx_http_jot_main_conf_t  *jmcf;

    jmcf = (ngx_http_jot_main_conf_t *)
               ((char *) ev - offsetof(ngx_http_jot_main_conf_t, timer));

    if (ngx_exiting || ngx_terminate || ngx_quit) {
        ngx_http_jot_end_fetches(jmcf);
        return;
    }

    ngx_http_jot_tend_fetches(jmcf, ev->log);
    ngx_http_jot_check_files(jmcf, ev->log);

    ngx_add_timer(ev, jmcf->check);
}
