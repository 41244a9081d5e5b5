
/*
 * What is behind URLs and locations: the directives, and who fetches it.
 */


#ifndef _NGX_HTTP_JOT_FETCH_H_INCLUDED_
#define _NGX_HTTP_JOT_FETCH_H_INCLUDED_


#include "ngx_http_jot_types.h"


/* ngx_http_jot_url.c: the directives that name keys behind a URL */

char *ngx_http_jot_key_url(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_jot_fetch(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_jot_fetch_needs(ngx_conf_t *cf, ngx_http_jot_main_conf_t *jmcf,
    ngx_str_t *url);
ngx_http_jot_fetch_t *ngx_http_jot_new_fetch(ngx_conf_t *cf,
    ngx_str_t *source);
ngx_int_t ngx_http_jot_fetch_paths(ngx_conf_t *cf,
    ngx_http_jot_main_conf_t *jmcf, ngx_http_jot_fetch_t *fetch,
    u_char digest[16], const char *ending, ngx_str_t *path);
char **ngx_http_jot_fetch_files(char **argv, ngx_http_jot_fetch_t *fetch,
    ngx_str_t *path);
char **ngx_http_jot_fetch_words(ngx_conf_t *cf, ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_fetch_t *fetch, char *what, ngx_uint_t room);

/* ngx_http_jot_list_url.c: what the directives of lists behind URLs share */

ngx_int_t ngx_http_jot_list_words(ngx_conf_t *cf, ngx_uint_t urls,
    ngx_http_jot_list_words_t *words);
ngx_int_t ngx_http_jot_list_paths(ngx_conf_t *cf,
    ngx_http_jot_main_conf_t *jmcf, ngx_http_jot_fetch_t *fetch,
    const char *ending, ngx_str_t *path);
char **ngx_http_jot_list_options(char **argv, ngx_http_jot_list_words_t *words,
    ngx_http_jot_fetch_t *fetch, ngx_str_t *path);

/* ngx_http_jot_revocation.c, ngx_http_jot_statuses.c: these directives */

char *ngx_http_jot_revocation_url(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_jot_status_list_url(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* ngx_http_jot_fetch.c: the processes that fetch */

void ngx_http_jot_tend_fetches(ngx_http_jot_main_conf_t *jmcf, ngx_log_t *log);
void ngx_http_jot_end_fetches(ngx_http_jot_main_conf_t *jmcf);
void ngx_http_jot_ask_fetch(ngx_http_jot_fetch_t *fetch, ngx_str_t *text,
    ngx_log_t *log);

/* ngx_http_jot_state.c: how who fetches does */

u_char *ngx_http_jot_write_state_json(ngx_http_jot_file_t *file, u_char *p,
    ngx_log_t *log);
u_char *ngx_http_jot_write_states(ngx_http_jot_main_conf_t *jmcf, u_char *p,
    ngx_log_t *log);
size_t ngx_http_jot_state_bound(ngx_http_jot_file_t *file);

/* ngx_http_jot_request.c: requests of a worker's own */

void ngx_http_jot_aim_request(ngx_http_jot_request_t *request,
    ngx_http_core_srv_conf_t *cscf);
ngx_int_t ngx_http_jot_begin_request(ngx_http_jot_request_t *request,
    ngx_log_t *log);
void ngx_http_jot_end_request(ngx_http_jot_request_t *request);
ngx_uint_t ngx_http_jot_is_own(ngx_http_request_t *r);
ngx_int_t ngx_http_jot_post_read_handler(ngx_http_request_t *r);

/* ngx_http_jot_written.c: what comes of them */

void ngx_http_jot_tell(ngx_http_jot_request_t *request, ngx_log_t *log);
void ngx_http_jot_replace(ngx_str_t *path, u_char *data, size_t size,
    ngx_log_t *log);

/* ngx_http_jot_keeper.c: when they are made */

void ngx_http_jot_tend_keeper(ngx_http_jot_fetch_t *fetch, ngx_log_t *log);
void ngx_http_jot_end_keeper(ngx_http_jot_request_t *request);

/* ngx_http_jot_key_request.c: the directive that names them */

char *ngx_http_jot_key_request(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);


#endif /* _NGX_HTTP_JOT_FETCH_H_INCLUDED_ */
