
/*
 * The Token Status Lists of a worker: those that its tokens have named.
 *
 * The library asks for a list when it has judged everything else of a token.
 * The file of the list may be there already, for another worker or a process
 * of the past; otherwise who fetches is told of it, and the request waits.
 */


#include "ngx_http_jot.h"

#include <ngx_sha1.h>


/* as many as who fetches follows at a time */
#define NGX_HTTP_JOT_MOST_LISTS   256

/* the longest URI, and what a FIFO takes as a whole */
#define NGX_HTTP_JOT_MOST_URI     2048

/* how often is asked for a list that does not come, in milliseconds */
#define NGX_HTTP_JOT_ASK_AGAIN    1000

/* after this time without a list requests wait for it anew */
#define NGX_HTTP_JOT_WANT_AGAIN   30000

/* how often is told which lists are in use, in milliseconds */
#define NGX_HTTP_JOT_TELL         3600000


static ngx_uint_t ngx_http_jot_has_place(ngx_http_jot_statuses_t *statuses,
    ngx_str_t *uri);
static ngx_http_jot_file_t *ngx_http_jot_list_of(ngx_http_jot_file_t *folder,
    ngx_str_t *uri);
static ngx_http_jot_file_t *ngx_http_jot_new_list(ngx_http_jot_file_t *folder,
    ngx_str_t *uri);
static void ngx_http_jot_ask_list(ngx_http_jot_file_t *list, ngx_log_t *log);
static void ngx_http_jot_forget_list(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_file_t *folder, ngx_uint_t n);
static ngx_uint_t ngx_http_jot_list_is_used(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_file_t *list);


/*
 * A token names a list that the verifier of these rules does not have.  Tells
 * whether it is there now, or will come.
 */

int
ngx_http_jot_want_list(void *user, jot_slice name)
{
    ngx_http_jot_rules_t *rules = user;

    ngx_str_t                  uri;
    ngx_uint_t                 i;
    ngx_http_jot_file_t      **folders, *list;
    ngx_http_jot_main_conf_t  *jmcf;

    uri.data = (u_char *) name.ptr;
    uri.len = name.len;

    jmcf = ngx_http_cycle_get_module_main_conf(ngx_cycle, ngx_http_jot_module);
    folders = rules->settings.statuses->elts;

    for (i = 0; i < rules->settings.statuses->nelts; i++) {

        if (!ngx_http_jot_has_place(folders[i]->statuses, &uri)) {
            continue;
        }

        list = ngx_http_jot_list_of(folders[i], &uri);
        if (list == NULL) {
            return 0;
        }

        ngx_http_jot_check_file(jmcf, list, ngx_cycle->log);

        if (list->awaited) {
            ngx_http_jot_ask_list(list, ngx_cycle->log);
        }

        return 1;
    }

    return 0;
}


/* As in the library: a URI with a slash at its end has all that is below it. */

static ngx_uint_t
ngx_http_jot_has_place(ngx_http_jot_statuses_t *statuses, ngx_str_t *uri)
{
    ngx_str_t   *place;
    ngx_uint_t   i;

    place = statuses->places.elts;

    for (i = 0; i < statuses->places.nelts; i++) {

        if (ngx_http_jot_same(&place[i], uri)) {
            return uri->data[uri->len - 1] != '/';
        }

        if (place[i].data[place[i].len - 1] == '/'
            && uri->len > place[i].len
            && ngx_memcmp(uri->data, place[i].data, place[i].len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


static ngx_http_jot_file_t *
ngx_http_jot_list_of(ngx_http_jot_file_t *folder, ngx_str_t *uri)
{
    ngx_uint_t             i, n;
    ngx_array_t           *lists;
    ngx_http_jot_file_t  **list;

    lists = &folder->statuses->lists;
    list = lists->elts;
    n = lists->nelts;

    for (i = 0; i < lists->nelts; i++) {

        if (ngx_http_jot_same(&list[i]->uri, uri)) {
            return list[i];
        }

        if (list[i]->awaited
            && ngx_current_msec - list[i]->wanted > NGX_HTTP_JOT_WANT_AGAIN)
        {
            n = i;
        }
    }

    if (lists->nelts >= NGX_HTTP_JOT_MOST_LISTS) {

        /* one that did not come makes room; no verifier has it */

        if (n == lists->nelts) {
            return NULL;
        }

        ngx_free(list[n]);
        list[n] = list[--lists->nelts];
    }

    return ngx_http_jot_new_list(folder, uri);
}


/* Who fetches calls the file by the same name. */

static ngx_http_jot_file_t *
ngx_http_jot_new_list(ngx_http_jot_file_t *folder, ngx_str_t *uri)
{
    u_char                *p, digest[20];
    ngx_sha1_t             sha1;
    ngx_http_jot_file_t   *list, **slot;

    if (uri->len > NGX_HTTP_JOT_MOST_URI
        || ngx_strlchr(uri->data, uri->data + uri->len, LF))
    {
        return NULL;
    }

    ngx_sha1_init(&sha1);
    ngx_sha1_update(&sha1, uri->data, uri->len);
    ngx_sha1_final(digest, &sha1);

    list = ngx_calloc(sizeof(ngx_http_jot_file_t) + uri->len
                      + folder->path.len + 1 + 2 * sizeof(digest) + 1,
                      ngx_cycle->log);
    if (list == NULL) {
        return NULL;
    }

    slot = ngx_array_push(&folder->statuses->lists);
    if (slot == NULL) {
        ngx_free(list);
        return NULL;
    }

    *slot = list;

    p = (u_char *) (list + 1);

    list->uri.data = p;
    list->uri.len = uri->len;
    p = ngx_cpymem(p, uri->data, uri->len);

    list->path.data = p;
    list->path.len = folder->path.len + 1 + 2 * sizeof(digest);
    p = ngx_sprintf(p, "%V/", &folder->path);
    (void) ngx_hex_dump(p, digest, sizeof(digest));

    list->kind = NGX_HTTP_JOT_STATUSES;
    list->fetch = folder->fetch;
    list->folder = folder;
    list->index = folder->index;
    list->awaited = 1;
    list->wanted = ngx_current_msec;
    list->asked = ngx_current_msec - NGX_HTTP_JOT_ASK_AGAIN;

    return list;
}


static void
ngx_http_jot_ask_list(ngx_http_jot_file_t *list, ngx_log_t *log)
{
    u_char     line[NGX_HTTP_JOT_MOST_URI + 1];
    ngx_str_t  text;

    if (ngx_current_msec - list->wanted > NGX_HTTP_JOT_WANT_AGAIN) {
        list->wanted = ngx_current_msec;
    }

    if (ngx_current_msec - list->asked < NGX_HTTP_JOT_ASK_AGAIN) {
        return;
    }

    list->asked = ngx_current_msec;

    text.data = line;
    text.len = ngx_sprintf(line, "%V\n", &list->uri) - line;

    ngx_http_jot_ask_fetch(list->fetch, &text, log);
}


/* Whether a list of these rules was asked for a moment ago. */

ngx_uint_t
ngx_http_jot_lists_come(ngx_http_jot_rules_t *rules, ngx_msec_t longest)
{
    ngx_uint_t             i, k;
    ngx_http_jot_file_t  **folders, **list;

    if (rules->settings.statuses == NULL) {
        return 0;
    }

    folders = rules->settings.statuses->elts;

    for (i = 0; i < rules->settings.statuses->nelts; i++) {

        list = folders[i]->statuses->lists.elts;

        for (k = 0; k < folders[i]->statuses->lists.nelts; k++) {
            if (list[k]->awaited
                && ngx_current_msec - list[k]->wanted < longest)
            {
                return 1;
            }
        }
    }

    return 0;
}


/* Looks at the lists of a folder, and tells from time to time which are used. */

void
ngx_http_jot_check_lists(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_file_t *folder, ngx_log_t *log)
{
    ngx_uint_t             i, tell;
    ngx_file_info_t        fi;
    ngx_http_jot_file_t  **list;

    tell = ngx_current_msec - folder->asked > NGX_HTTP_JOT_TELL;

    if (tell) {
        folder->asked = ngx_current_msec;
    }

    list = folder->statuses->lists.elts;
    folder->content.count = 0;

    for (i = folder->statuses->lists.nelts; i-- > 0; /* void */) {

        if (!list[i]->awaited
            && ngx_file_info(list[i]->path.data, &fi) == NGX_FILE_ERROR
            && ngx_errno == NGX_ENOENT)
        {
            ngx_http_jot_forget_list(jmcf, folder, i);
            continue;
        }

        ngx_http_jot_check_file(jmcf, list[i], log);
        folder->content.count += list[i]->content.count;

        if (tell && ngx_http_jot_list_is_used(jmcf, list[i])) {
            ngx_http_jot_ask_list(list[i], log);
        }
    }
}


/* Who fetches follows it no more; a token that names it has it back. */

static void
ngx_http_jot_forget_list(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_file_t *folder, ngx_uint_t n)
{
    ngx_uint_t              i;
    ngx_array_t            *lists;
    ngx_http_jot_file_t   **list, *one;
    ngx_http_jot_rules_t  **rules;

    lists = &folder->statuses->lists;
    list = lists->elts;
    one = list[n];

    rules = jmcf->rules.elts;

    for (i = 0; i < jmcf->rules.nelts; i++) {
        (void) jot_verifier_forget_status_list(rules[i]->verifier,
                                               ngx_http_jot_slice(&one->uri));
    }

    ngx_http_jot_free_content(&one->content);
    ngx_http_jot_free_text(&one->text);
    ngx_free(one);

    list[n] = list[--lists->nelts];
}


static ngx_uint_t
ngx_http_jot_list_is_used(ngx_http_jot_main_conf_t *jmcf,
    ngx_http_jot_file_t *list)
{
    uint32_t                named;
    ngx_uint_t              i, used;
    ngx_http_jot_rules_t  **rules;

    rules = jmcf->rules.elts;
    used = 0;

    /* each of them is asked, and counts anew */

    for (i = 0; i < jmcf->rules.nelts; i++) {

        named = 0;
        (void) jot_verifier_status_list_was_named(rules[i]->verifier,
                                               ngx_http_jot_slice(&list->uri),
                                               &named);
        used |= named;
    }

    return used;
}


void
ngx_http_jot_free_lists(ngx_http_jot_statuses_t *statuses)
{
    ngx_uint_t             i;
    ngx_http_jot_file_t  **list;

    list = statuses->lists.elts;

    for (i = 0; i < statuses->lists.nelts; i++) {
        ngx_http_jot_free_content(&list[i]->content);
        ngx_http_jot_free_text(&list[i]->text);
        ngx_free(list[i]);
    }

    statuses->lists.nelts = 0;
}
