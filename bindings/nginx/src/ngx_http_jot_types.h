
/*
 * What the module keeps of its configuration and of a request.
 *
 * A file is what a directive names and a timer watches.  Rules are what a
 * token must be: one verifier, shared by all locations that inherit them.
 */


#ifndef _NGX_HTTP_JOT_TYPES_H_INCLUDED_
#define _NGX_HTTP_JOT_TYPES_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <jot.h>


/* the module's own codes, next to those of the library */
#define NGX_HTTP_JOT_TOKEN_MISSING   1001
#define NGX_HTTP_JOT_TOKEN_REPEATED  1002
#define NGX_HTTP_JOT_CONDITION_UNMET 1003
#define NGX_HTTP_JOT_KEY_SET_UNKNOWN 1004
#define NGX_HTTP_JOT_KEYS_UNAVAILABLE 1005

#define NGX_HTTP_JOT_OFF             0
#define NGX_HTTP_JOT_ON              1
#define NGX_HTTP_JOT_OPTIONAL        2

#define NGX_HTTP_JOT_MAX_PATH        8

/* room for what is told of a file, the reasons of its keys among it */
#define NGX_HTTP_JOT_WHY             1024

/* the longest name of a code that another process tells */
#define NGX_HTTP_JOT_MAX_NAME        63


/* counters of rules, after the codes of the library */
#define NGX_HTTP_JOT_MISSING     0
#define NGX_HTTP_JOT_REPEATED    1
#define NGX_HTTP_JOT_UNMET       2
#define NGX_HTTP_JOT_NO_KEY_SET  3
#define NGX_HTTP_JOT_NO_KEYS     4
#define NGX_HTTP_JOT_CACHE_HITS  5
#define NGX_HTTP_JOT_EXTRA       6

/* of each file */
#define NGX_HTTP_JOT_RELOADS     0
#define NGX_HTTP_JOT_FAILURES    1
#define NGX_HTTP_JOT_COUNTED     2
/* no counter: when a fetch was asked for, in milliseconds */
#define NGX_HTTP_JOT_ASKED       2
#define NGX_HTTP_JOT_PER_FILE    3

/* of all: workers that found accelerated code wrong */
#define NGX_HTTP_JOT_OF_ALL      1


typedef struct {
    u_char                   *name;
    ngx_uint_t                line;
} ngx_http_jot_place_t;


typedef struct {
    ngx_file_uniq_t           uniq;
    off_t                     size;
    struct timespec           mtim;
    struct timespec           ctim;
} ngx_http_jot_stamp_t;


typedef enum {
    NGX_HTTP_JOT_KEYS = 0,
    NGX_HTTP_JOT_REVOCATIONS,
    NGX_HTTP_JOT_STATUSES
} ngx_http_jot_kind_e;


/* what the text of a file says */
typedef struct {
    jot_revocations          *list;
    jot_status_list          *statuses;
    ngx_uint_t                count;     /* of keys, revocations or statuses */
    jot_slice                 doubt;     /* what a secret looks like */
} ngx_http_jot_content_t;


/* how who fetches does, as it tells; -1: it does not tell */
typedef struct {
    time_t                    fetched_at;
    time_t                    next_fetch;
    ngx_int_t                 failures;
    char                      error[NGX_HTTP_JOT_MAX_NAME + 1]; /* of a code */
} ngx_http_jot_state_t;


typedef struct ngx_http_jot_file_s     ngx_http_jot_file_t;
typedef struct ngx_http_jot_request_s  ngx_http_jot_request_t;

typedef void (*ngx_http_jot_request_done_pt)(ngx_http_jot_request_t *request,
    ngx_http_request_t *r, ngx_uint_t status);


/* requests of a worker's own for a location, one at a time */
struct ngx_http_jot_request_s {
    ngx_str_t                 uri;
    ngx_http_jot_request_done_pt  done;  /* with status 0: no answer */
    ngx_listening_t           listening; /* as if a client had come by it */
    ngx_http_port_t           port;
    ngx_http_in_addr_t        address;
    ngx_socket_t              client;    /* -1: none is under way */
    ngx_http_request_t       *main;

    /* when they are made, which the first worker knows */
    ngx_http_jot_file_t      *file;
    jot_keeper               *keeper;
    jot_budget               *budget;
    uint64_t                  ticket;
    ngx_msec_t                deadline;
    ngx_fd_t                  lock;
    ngx_connection_t         *ask;       /* reads the FIFO */
};


/* a process that fetches keys from a URL into a file */
typedef struct {
    ngx_str_t                 source;    /* the URL, or ... */
    ngx_str_t                 lock;      /* who has it fetches */
    ngx_str_t                 fifo;      /* who writes to it asks for a fetch */
    ngx_str_t                 state;     /* what it tells of how it does */
    char                    **argv;      /* NULL: a worker has a location fetch */
    ngx_http_jot_request_t   *request;
    unsigned                  discover:1; /* ... the issuer */

    /* of this worker */
    ngx_pid_t                 pid;
    ngx_fd_t                  pipe;      /* ends with the process */
    time_t                    started;
    ngx_uint_t                fetched;   /* how often the file was written */
    ngx_http_jot_state_t      told;      /* when it was looked at last */
} ngx_http_jot_fetch_t;


/* the status lists that one process follows */
typedef struct {
    ngx_array_t               places;    /* ngx_str_t: URIs, or up to a slash */
    ngx_array_t               lists;     /* ngx_http_jot_file_t *, of this worker */
} ngx_http_jot_statuses_t;


struct ngx_http_jot_file_s {
    ngx_str_t                 path;
    ngx_http_jot_kind_e       kind;
    ngx_http_jot_fetch_t     *fetch;     /* NULL: somebody else writes it */
    ngx_http_jot_statuses_t  *statuses;  /* a folder with the files of these */
    ngx_http_jot_file_t      *folder;    /* of a status list, ... */
    ngx_str_t                 uri;       /* ... and where it is */
    ngx_msec_t                wanted;    /* since when a token waits for it */
    ngx_msec_t                asked;     /* when it was asked for last */
    ngx_http_jot_place_t      place;
    ngx_uint_t                index;

    ngx_str_t                 text;      /* the last good content */
    ngx_http_jot_content_t    content;   /* and what it says */
    ngx_http_jot_stamp_t      stamp;     /* of what was last looked at */
    ngx_http_jot_stamp_t      told;      /* of the failure told last, */
    char                      why[NGX_HTTP_JOT_WHY];  /* and what was told of it */
    unsigned                  settled:1; /* it cannot change unseen */
    unsigned                  failed:1;
    unsigned                  doubted:1; /* the doubt was told */
    unsigned                  awaited:1; /* no keys were fetched, ... */
    unsigned                  stale:1;   /* ... or too long ago */
};


typedef struct {
    ngx_http_jot_file_t      *file;
    ngx_array_t              *issuers;   /* ngx_str_t, NULL: not said */
} ngx_http_jot_key_file_t;


/* the keys of some files, parsed once for all rules that use these files */
typedef struct {
    ngx_array_t               files;     /* ngx_http_jot_file_t * */
    ngx_flag_t                validity;  /* whether certificates' dates count */
    jot_key_set              *set;
    jot_key_set              *next;      /* about to be put in force */
} ngx_http_jot_keys_t;


/* the keys of an issuer, or those that "jot_keys" names */
typedef struct {
    ngx_str_t                 name;      /* empty: tokens of any issuer */
    ngx_str_t                 issuer;    /* of what "jot_keys" names; or empty */
    ngx_array_t               files;     /* ngx_http_jot_file_t * */
    ngx_http_jot_keys_t      *keys;
} ngx_http_jot_issuer_t;


typedef struct {
    ngx_array_t              *key_files; /* ngx_http_jot_key_file_t */
    ngx_http_complex_value_t *keys;      /* or what names a key set */
    ngx_array_t              *algorithms; /* uint32_t */
    ngx_array_t              *issuers;   /* ngx_str_t */
    ngx_array_t              *audiences; /* ngx_str_t, "*": any */
    ngx_array_t              *typs;      /* ngx_str_t */
    ngx_http_jot_file_t      *revoked;
    ngx_array_t              *statuses;  /* ngx_http_jot_file_t *: folders */
    ngx_flag_t                require_status;
    ngx_flag_t                validity;
    time_t                    leeway;
    ngx_flag_t                future_iat;
    ngx_str_t                 zone;
    ngx_int_t                 entries;
    ngx_int_t                 backend;   /* JOT_BACKEND_... */
} ngx_http_jot_settings_t;


typedef struct {
    ngx_http_jot_settings_t   settings;
    ngx_http_jot_place_t      place;
    ngx_uint_t                index;
    ngx_array_t               groups;    /* ngx_http_jot_issuer_t */
    ngx_array_t              *issuers;   /* ngx_http_complex_value_t, ... */
    ngx_array_t              *audiences; /* ... where requests name them */
    jot_policy               *policy;
    jot_verifier             *verifier;  /* of this worker */
    unsigned                  used:1;
    unsigned                  demanding:1;
} ngx_http_jot_rules_t;


typedef enum {
    NGX_HTTP_JOT_HEADER = 0,
    NGX_HTTP_JOT_COOKIE,
    NGX_HTTP_JOT_QUERY,
    NGX_HTTP_JOT_VARIABLE
} ngx_http_jot_where_e;


typedef struct {
    ngx_http_jot_where_e      where;
    ngx_str_t                 name;      /* a header's in lower case */
    unsigned                  bearer:1;
    ngx_int_t                 index;     /* of a variable */
} ngx_http_jot_source_t;


/* the way to a claim or a Header Parameter */
typedef struct {
    ngx_str_t                 name;      /* of the variable */
    unsigned                  header:1;
    unsigned                  refused:1; /* of a token that is refused */
    ngx_uint_t                depth;
    jot_slice                 path[NGX_HTTP_JOT_MAX_PATH];
} ngx_http_jot_value_t;


typedef struct {
    ngx_str_t                 name;      /* of the claim, as it is written */
    jot_condition            *condition; /* NULL: made for each request ... */
    ngx_array_t              *words;     /* ... ngx_http_complex_value_t */
    ngx_uint_t                status;
} ngx_http_jot_require_t;


/* a scope, or what must be neither empty nor "0" */
typedef struct {
    ngx_str_t                 text;      /* as it is written */
    ngx_http_complex_value_t  value;
    ngx_uint_t                status;
} ngx_http_jot_word_t;


/* a directive that adds such words */
typedef struct {
    char                     *beside;    /* the fault of words beside "off" */
    char                     *none;      /* the fault of no word */
    ngx_int_t               (*check)(ngx_conf_t *cf, ngx_str_t *text);
} ngx_http_jot_words_t;


typedef enum {
    NGX_HTTP_JOT_LIST = 0,
    NGX_HTTP_JOT_TEXT,
    NGX_HTTP_JOT_TRUTH
} ngx_http_jot_shape_e;


/* of the metadata of a protected resource */
typedef struct {
    ngx_str_t                 name;
    ngx_http_jot_shape_e      shape;
    ngx_array_t               values;    /* ngx_http_complex_value_t */
} ngx_http_jot_member_t;


/* what directives say of lists behind URLs; NULL data: nothing */
typedef struct {
    ngx_str_t                 issuer;
    ngx_str_t                 keys;      /* or where the issuer says */
    ngx_str_t                 algorithms;
    ngx_str_t                 stale;     /* in seconds */
} ngx_http_jot_list_words_t;


typedef struct {
    ngx_array_t               files;     /* ngx_http_jot_file_t * */
    ngx_array_t               keys;      /* ngx_http_jot_keys_t * */
    ngx_array_t               rules;     /* ngx_http_jot_rules_t *, used ones */
    ngx_array_t               values;    /* ngx_http_jot_value_t */
    ngx_array_t               key_sets;  /* ngx_http_jot_issuer_t */
    ngx_array_t               masked;    /* ngx_str_t: parameters with tokens */
    ngx_array_t               logs;      /* ngx_log_t *, of all locations */
    ngx_msec_t                check;
    ngx_array_t              *fetch_command; /* ngx_str_t */
    ngx_path_t               *fetch_path;
    time_t                    fetch_stale;
    time_t                    began;     /* when this worker did */
    ngx_shm_zone_t           *zone;
    ngx_uint_t                codes;     /* how many the library has */
    ngx_event_t               timer;
    ngx_connection_t          dumb;
    unsigned                  payload:1; /* $jot_claims is used */
    unsigned                  refused:1; /* $jot_refused_claim_... is used */
} ngx_http_jot_main_conf_t;


typedef struct {
    ngx_uint_t                enable;
    ngx_http_complex_value_t *realm;
    ngx_flag_t                strip;
    ngx_flag_t                early;
    ngx_array_t              *sources;   /* ngx_http_jot_source_t */
    ngx_array_t              *required;  /* ngx_http_jot_require_t */
    ngx_array_t              *scopes;    /* ngx_http_jot_word_t */
    ngx_array_t              *conditions; /* ngx_http_jot_word_t */
    ngx_http_complex_value_t *metadata;  /* where those of the resource are */
    ngx_array_t              *members;   /* of the metadata told here */
    ngx_http_jot_place_t      described; /* of "jot_protected_resource" */
    ngx_http_jot_settings_t   own;
    ngx_http_jot_rules_t     *rules;
    ngx_http_jot_place_t      place;     /* of the first directive */
    ngx_http_jot_place_t      enabled;   /* of "jot" */
    unsigned                  has_own:1;
} ngx_http_jot_loc_conf_t;


typedef struct {
    ngx_http_request_t       *request;
    ngx_http_jot_rules_t     *rules;
    ngx_http_jot_source_t    *source;
    ngx_str_t                 token;
    jot_demand               *demand;    /* NULL: none beyond the rules */
    time_t                    checked;   /* the instant of the verdict */
    uint32_t                  code;
    jot_verdict              *fault;     /* not described yet */
    ngx_str_t                 fault_text;
    ngx_str_t                *values;    /* as main->values; NULL data: none */
    ngx_str_t                 payload;
    u_char                   *before;    /* which variables had a value ... */
    ngx_msec_t                deadline;  /* of a request that waits for keys */
    ngx_uint_t                fetched;   /* what it has seen of them */
    unsigned                  waiting:1;
    unsigned                  waited:1;
    unsigned                  read:1;    /* ... when claims were first read */
    unsigned                  judged:1;
    unsigned                  stripped:1;
    unsigned                  accepted:1;
    unsigned                  refused:1; /* though the signature held */
} ngx_http_jot_ctx_t;


#endif /* _NGX_HTTP_JOT_TYPES_H_INCLUDED_ */
