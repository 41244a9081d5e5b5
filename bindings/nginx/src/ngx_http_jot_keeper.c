
/*
 * Keys that a location has fetched: the library says when, the first worker
 * makes the request, and what it brings is written into a file, which all
 * workers watch as they do that of a process.
 */


#include "ngx_http_jot.h"

#include <sys/file.h>


/* how many header fields of an answer are looked at */
#define NGX_HTTP_JOT_MAX_FIELDS   64

/* requests for an unknown key, by all locations in a minute */
#define NGX_HTTP_JOT_MOST_ASKED   10

/* the longest location */
#define NGX_HTTP_JOT_MAX_LOCATION 2048


static ngx_int_t ngx_http_jot_begin_keeper(ngx_http_jot_fetch_t *fetch,
    ngx_log_t *log);
static void ngx_http_jot_asked_handler(ngx_event_t *rev);
static void ngx_http_jot_drive(ngx_http_jot_request_t *request,
    ngx_log_t *log);
static void ngx_http_jot_take(ngx_http_jot_request_t *request,
    ngx_http_request_t *r, ngx_uint_t status);
static void ngx_http_jot_answered(ngx_http_jot_request_t *request,
    jot_reply *reply, ngx_log_t *log);
static ngx_uint_t ngx_http_jot_fields(ngx_http_request_t *r,
    jot_field *fields);


/* Called at every tick of the first worker. */

void
ngx_http_jot_tend_keeper(ngx_http_jot_fetch_t *fetch, ngx_log_t *log)
{
    jot_reply                reply;
    ngx_http_jot_request_t  *request;

    request = fetch->request;

    if (request->keeper == NULL
        && ngx_http_jot_begin_keeper(fetch, log) != NGX_OK)
    {
        return;
    }

    if (request->client != (ngx_socket_t) -1
        && (ngx_msec_int_t) (request->deadline - ngx_current_msec) <= 0)
    {
        ngx_http_jot_end_request(request);

        ngx_memzero(&reply, sizeof(jot_reply));
        reply.size = sizeof(jot_reply);
        reply.outcome = JOT_TIMED_OUT;

        ngx_http_jot_answered(request, &reply, log);
    }

    ngx_http_jot_drive(request, log);
}


void
ngx_http_jot_end_keeper(ngx_http_jot_request_t *request)
{
    ngx_http_jot_end_request(request);

    if (request->ask) {
        ngx_close_connection(request->ask);
        request->ask = NULL;
    }

    if (request->lock != NGX_INVALID_FILE) {
        (void) ngx_close_file(request->lock);
        request->lock = NGX_INVALID_FILE;
    }

    jot_keeper_free(request->keeper);
    jot_budget_free(request->budget);

    request->keeper = NULL;
    request->budget = NULL;
}


/* Begins when no other worker has the lock, such as one that is about to end. */

static ngx_int_t
ngx_http_jot_begin_keeper(ngx_http_jot_fetch_t *fetch, ngx_log_t *log)
{
    u_char                   url[NGX_HTTP_JOT_MAX_LOCATION + 32];
    ngx_fd_t                 fd;
    jot_slice                place;
    ngx_connection_t        *c;
    jot_keeper_options       options;
    ngx_http_jot_request_t  *request;

    request = fetch->request;

    if (request->lock == NGX_INVALID_FILE) {

        request->lock = ngx_open_file(fetch->lock.data,
                                      NGX_FILE_RDWR|O_CLOEXEC,
                                      NGX_FILE_CREATE_OR_OPEN, 0600);

        if (request->lock == NGX_INVALID_FILE) {
            ngx_log_error(NGX_LOG_ERR, log, ngx_errno,
                          "jot: " ngx_open_file_n " \"%V\" failed",
                          &fetch->lock);
            return NGX_ERROR;
        }
    }

    if (flock(request->lock, LOCK_EX|LOCK_NB) == -1) {
        return NGX_AGAIN;
    }

    /* open for writing as well, it never ends */

    if (mkfifo((char *) fetch->fifo.data, 0600) == -1 && ngx_errno != EEXIST) {
        goto failed;
    }

    fd = ngx_open_file(fetch->fifo.data,
                       NGX_FILE_RDWR|NGX_FILE_NONBLOCK|O_CLOEXEC,
                       NGX_FILE_OPEN, 0);

    if (fd == NGX_INVALID_FILE) {
        goto failed;
    }

    c = ngx_get_connection(fd, log);
    if (c == NULL) {
        (void) ngx_close_file(fd);
        return NGX_ERROR;
    }

    c->data = request;
    c->read->handler = ngx_http_jot_asked_handler;
    c->read->log = log;
    c->write->log = log;
    request->ask = c;

    if (ngx_handle_read_event(c->read, 0) != NGX_OK) {
        ngx_http_jot_end_keeper(request);
        return NGX_ERROR;
    }

    /* the origin says nothing here: only the location is asked */

    place.ptr = url;
    place.len = ngx_snprintf(url, sizeof(url), "https://localhost%V",
                             &request->uri)
                - url;

    ngx_memzero(&options, sizeof(jot_keeper_options));
    options.size = sizeof(jot_keeper_options);
    (void) jot_keeper_options_default(&options);

    request->done = ngx_http_jot_take;
    request->budget = jot_budget_new(NGX_HTTP_JOT_MOST_ASKED, 60);

    if (jot_keeper_new(place, &options,
                       ((uint64_t) ngx_random() << 32) ^ ngx_pid,
                       &request->keeper, NULL)
        != JOT_ACCEPTED)
    {
        ngx_log_error(NGX_LOG_ERR, log, 0,
                      "jot: \"%V\" is no location to be fetched",
                      &request->uri);
        ngx_http_jot_end_keeper(request);
        return NGX_ERROR;
    }

    ngx_log_error(NGX_LOG_NOTICE, log, 0, "jot: process %P has \"%V\" fetched",
                  ngx_pid, &request->uri);

    return NGX_OK;

failed:

    ngx_log_error(NGX_LOG_ERR, log, ngx_errno, "jot: FIFO \"%V\" failed",
                  &fetch->fifo);

    return NGX_ERROR;
}


/* Some worker has a token with a key that is in no set. */

static void
ngx_http_jot_asked_handler(ngx_event_t *rev)
{
    u_char                   room[64];
    uint32_t                 pending;
    ngx_connection_t        *c;
    ngx_http_jot_request_t  *request;

    c = rev->data;
    request = c->data;

    while (ngx_read_fd(c->fd, room, sizeof(room)) > 0) { /* void */ }

    if (ngx_handle_read_event(rev, 0) != NGX_OK) {
        ngx_http_jot_end_keeper(request);
        return;
    }

    (void) jot_keeper_unknown_kid(request->keeper, request->budget, ngx_time(),
                                  &pending);

    ngx_http_jot_drive(request, ngx_cycle->log);
}


static void
ngx_http_jot_drive(ngx_http_jot_request_t *request, ngx_log_t *log)
{
    jot_reply    reply;
    jot_request  wanted;

    if (request->client != (ngx_socket_t) -1) {
        return;
    }

    ngx_memzero(&wanted, sizeof(jot_request));
    wanted.size = sizeof(jot_request);

    if (jot_keeper_poll(request->keeper, ngx_time(), &wanted) != JOT_ACCEPTED
        || wanted.ticket == 0)
    {
        return;
    }

    request->ticket = wanted.ticket;
    request->deadline = ngx_current_msec + wanted.timeout * 1000;

    if (ngx_http_jot_begin_request(request, log) != NGX_OK) {

        ngx_memzero(&reply, sizeof(jot_reply));
        reply.size = sizeof(jot_reply);
        reply.outcome = JOT_FAILED;

        ngx_http_jot_answered(request, &reply, log);
    }
}


/* Takes what a request has brought. */

static void
ngx_http_jot_take(ngx_http_jot_request_t *request, ngx_http_request_t *r,
    ngx_uint_t status)
{
    jot_reply  reply;
    jot_field  fields[NGX_HTTP_JOT_MAX_FIELDS];

    ngx_memzero(&reply, sizeof(jot_reply));
    reply.size = sizeof(jot_reply);
    reply.outcome = status ? JOT_REPLIED : JOT_FAILED;
    reply.status = (uint32_t) status;
    reply.fields = fields;
    reply.field_count = ngx_http_jot_fields(r, fields);
    reply.body.ptr = (u_char *) "";

    if (r->out && r->out->buf) {
        reply.body.ptr = r->out->buf->pos;
        reply.body.len = r->out->buf->last - r->out->buf->pos;

    } else if (status == NGX_HTTP_OK) {

        /* it was larger than "subrequest_output_buffer_size", or cut off */

        reply.outcome = JOT_FAILED;
    }

    ngx_http_jot_answered(request, &reply, ngx_cycle->log);
}


static void
ngx_http_jot_answered(ngx_http_jot_request_t *request, jot_reply *reply,
    ngx_log_t *log)
{
    char       why[NGX_HTTP_JOT_WHY];
    uint32_t   change;
    jot_error  error;

    ngx_memzero(&error, sizeof(jot_error));
    error.size = sizeof(jot_error);
    change = 0;

    if (jot_keeper_answer(request->keeper, request->ticket, reply, ngx_time(),
                          &change, &error)
        != JOT_ACCEPTED)
    {
        (void) jot_error_message(&error, why, sizeof(why), NULL);
        ngx_log_error(NGX_LOG_ERR, log, 0,
                      "jot: \"%V\": %s; what was written stays", &request->uri,
                      why);

    } else if (change == JOT_CHANGE_KEYS || change == JOT_CHANGE_CONFIRMED) {
        ngx_http_jot_replace(&request->file->path, (u_char *) reply->body.ptr,
                           reply->body.len, log);
    }

    ngx_http_jot_tell(request, log);
}


static ngx_uint_t
ngx_http_jot_fields(ngx_http_request_t *r, jot_field *fields)
{
    ngx_uint_t        i, n;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *header;

    n = 0;
    part = &r->headers_out.headers.part;
    header = part->elts;

    for (i = 0; n < NGX_HTTP_JOT_MAX_FIELDS; i++) {

        if (i >= part->nelts) {

            if (part->next == NULL) {
                break;
            }

            part = part->next;
            header = part->elts;
            i = 0;
        }

        if (header[i].hash) {
            fields[n].name = ngx_http_jot_slice(&header[i].key);
            fields[n].value = ngx_http_jot_slice(&header[i].value);
            n++;
        }
    }

    return n;
}
