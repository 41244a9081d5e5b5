
/*
 * A request of the worker's own for a location, so that "proxy_pass" and
 * "proxy_cache" do the fetching.
 *
 * nginx knows requests of clients only, so there is one: the other end of a pair
 * of sockets.  It is taken for a request to the server in which the directive
 * stands, and before any other phase it makes a subrequest for the location, as
 * "auth_request" does.  What that brings is handed over, and the connection
 * closed; nothing is sent.
 */


#include "ngx_http_jot.h"


static ngx_int_t ngx_http_jot_connect_self(ngx_http_jot_request_t *request,
    ngx_socket_t fd);
static ngx_int_t ngx_http_jot_request_done(ngx_http_request_t *r, void *data,
    ngx_int_t rc);
static void ngx_http_jot_no_connection(ngx_connection_t *c);


static struct sockaddr_un  ngx_http_jot_self = { AF_UNIX, "" };


/* Says for which server the requests are. */

void
ngx_http_jot_aim_request(ngx_http_jot_request_t *request,
    ngx_http_core_srv_conf_t *cscf)
{
    request->address.conf.default_server = cscf;
    request->port.addrs = &request->address;
    request->port.naddrs = 1;
    request->listening.servers = &request->port;
    request->listening.sockaddr = (struct sockaddr *) &ngx_http_jot_self;
    request->listening.socklen = sizeof(sa_family_t);
    request->listening.handler = ngx_http_jot_no_connection;
    request->client = (ngx_socket_t) -1;
}


ngx_int_t
ngx_http_jot_begin_request(ngx_http_jot_request_t *request, ngx_log_t *log)
{
    int                        ends[2];
    size_t                     len;
    u_char                     line[512];
    ngx_str_t                 *name;
    ngx_http_core_srv_conf_t  *cscf;

    static ngx_str_t           localhost = ngx_string("localhost");

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == -1) {
        ngx_log_error(NGX_LOG_ALERT, log, ngx_errno, "jot: socketpair() failed");
        return NGX_ERROR;
    }

    cscf = request->address.conf.default_server;
    name = &cscf->server_name;

    if (name->len == 0 || name->len > 255) {
        name = &localhost;
    }

    len = ngx_snprintf(line, sizeof(line), "GET / HTTP/1.0" CRLF "Host: %V" CRLF
                       CRLF, name)
          - line;

    if (ngx_nonblocking(ends[0]) == -1
        || ngx_nonblocking(ends[1]) == -1
        || ngx_write_fd(ends[1], line, len) != (ssize_t) len
        || ngx_http_jot_connect_self(request, ends[0]) != NGX_OK)
    {
        ngx_log_error(NGX_LOG_ALERT, log, ngx_errno,
                      "jot: no request for \"%V\"", &request->uri);
        (void) ngx_close_socket(ends[0]);
        (void) ngx_close_socket(ends[1]);
        return NGX_ERROR;
    }

    request->client = ends[1];

    return NGX_OK;
}


/* Does what is done for a connection that was accepted. */

static ngx_int_t
ngx_http_jot_connect_self(ngx_http_jot_request_t *request, ngx_socket_t fd)
{
    ngx_log_t         *log;
    ngx_connection_t  *c;

    c = ngx_get_connection(fd, ngx_cycle->log);
    if (c == NULL) {
        return NGX_ERROR;
    }

    c->type = SOCK_STREAM;

    c->pool = ngx_create_pool(512, ngx_cycle->log);
    if (c->pool == NULL) {
        goto failed;
    }

    log = ngx_palloc(c->pool, sizeof(ngx_log_t));
    if (log == NULL) {
        goto failed;
    }

    *log = *ngx_cycle->log;
    log->data = NULL;
    log->handler = NULL;

    c->recv = ngx_recv;
    c->send = ngx_send;
    c->recv_chain = ngx_recv_chain;
    c->send_chain = ngx_send_chain;

    c->log = log;
    c->pool->log = log;

    c->sockaddr = (struct sockaddr *) &ngx_http_jot_self;
    c->socklen = sizeof(sa_family_t);
    c->local_sockaddr = c->sockaddr;
    c->local_socklen = c->socklen;
    c->listening = &request->listening;
    ngx_str_set(&c->addr_text, "unix:");

    c->read->log = log;
    c->write->log = log;
    c->write->ready = 1;

    c->number = ngx_atomic_fetch_add(ngx_connection_counter, 1);
    c->start_time = ngx_current_msec;

#if (NGX_STAT_STUB)
    (void) ngx_atomic_fetch_add(ngx_stat_active, 1);
#endif

    ngx_http_init_connection(c);

    return NGX_OK;

failed:

    if (c->pool) {
        ngx_destroy_pool(c->pool);
    }

    ngx_free_connection(c);
    c->fd = (ngx_socket_t) -1;

    return NGX_ERROR;
}


/* A worker that waits no longer goes as a client does. */

void
ngx_http_jot_end_request(ngx_http_jot_request_t *request)
{
    if (request->client != (ngx_socket_t) -1) {
        (void) ngx_close_socket(request->client);
        request->client = (ngx_socket_t) -1;
    }

    request->main = NULL;
}


ngx_uint_t
ngx_http_jot_is_own(ngx_http_request_t *r)
{
    return r->connection->listening
           && r->connection->listening->handler == ngx_http_jot_no_connection;
}


/* Before all other phases: what the server says of clients is not for it. */

ngx_int_t
ngx_http_jot_post_read_handler(ngx_http_request_t *r)
{
    ngx_http_request_t          *sr;
    ngx_http_jot_ctx_t          *ctx;
    ngx_http_jot_request_t      *request;
    ngx_http_post_subrequest_t  *ps;

    if (!ngx_http_jot_is_own(r)) {
        return NGX_DECLINED;
    }

    ctx = ngx_http_get_module_ctx(r, ngx_http_jot_module);

    if (ctx) {
        return ctx->judged ? NGX_HTTP_CLOSE : NGX_AGAIN;
    }

    /* it stands in no log */

    r->logged = 1;

    request = (ngx_http_jot_request_t *)
                  ((char *) r->connection->listening
                   - offsetof(ngx_http_jot_request_t, listening));

    ctx = ngx_http_jot_make_ctx(r);
    ps = ngx_palloc(r->pool, sizeof(ngx_http_post_subrequest_t));

    if (ctx == NULL || ps == NULL) {
        return NGX_HTTP_CLOSE;
    }

    request->main = r;
    ps->handler = ngx_http_jot_request_done;
    ps->data = request;

    if (ngx_http_subrequest(r, &request->uri, NULL, &sr, ps,
                            NGX_HTTP_SUBREQUEST_IN_MEMORY
                            |NGX_HTTP_SUBREQUEST_WAITED)
        != NGX_OK)
    {
        return NGX_HTTP_CLOSE;
    }

    return NGX_AGAIN;
}


static ngx_int_t
ngx_http_jot_request_done(ngx_http_request_t *r, void *data, ngx_int_t rc)
{
    ngx_http_jot_request_t *request = data;

    ngx_uint_t           status;
    ngx_http_jot_ctx_t  *ctx;

    /* an error is finalized twice */

    ctx = ngx_http_get_module_ctx(r->main, ngx_http_jot_module);

    if (ctx == NULL || ctx->judged) {
        return rc;
    }

    ctx->judged = 1;

    status = rc >= NGX_HTTP_SPECIAL_RESPONSE ? (ngx_uint_t) rc
                                             : r->headers_out.status;

    /* one that was given up is not waited for any more */

    if (r->main == request->main) {
        ngx_http_jot_end_request(request);
        request->done(request, r, rc == NGX_ERROR ? 0 : status);
    }

    return rc;
}


/* Marks the connections that are made here; nobody listens. */

static void
ngx_http_jot_no_connection(ngx_connection_t *c)
{
    ngx_close_connection(c);
}
