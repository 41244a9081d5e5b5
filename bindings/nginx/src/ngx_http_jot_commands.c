
/*
 * The table of the directives.
 */


#include "ngx_http_jot.h"


#define NGX_HTTP_JOT_ANYWHERE                                                 \
    (NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF)


ngx_command_t  ngx_http_jot_commands[] = {

    { ngx_string("jot"),
      NGX_HTTP_JOT_ANYWHERE|NGX_HTTP_LMT_CONF|NGX_CONF_TAKE12,
      ngx_http_jot_enable,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("jot_key_file"),
      NGX_HTTP_JOT_ANYWHERE|NGX_CONF_1MORE,
      ngx_http_jot_key_file,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("jot_key_url"),
      NGX_HTTP_JOT_ANYWHERE|NGX_CONF_1MORE,
      ngx_http_jot_key_url,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("jot_issuer_discover"),
      NGX_HTTP_JOT_ANYWHERE|NGX_CONF_TAKE1,
      ngx_http_jot_key_url,
      NGX_HTTP_LOC_CONF_OFFSET,
      1,
      NULL },

    { ngx_string("jot_key_request"),
      NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_http_jot_key_request,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("jot_fetch"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_1MORE,
      ngx_http_jot_fetch,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("jot_fetch_path"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_path_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_jot_main_conf_t, fetch_path),
      NULL },

    { ngx_string("jot_fetch_stale"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_sec_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_jot_main_conf_t, fetch_stale),
      NULL },

    { ngx_string("jot_key_set"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_2MORE,
      ngx_http_jot_key_set,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("jot_keys"),
      NGX_HTTP_JOT_ANYWHERE|NGX_CONF_TAKE1,
      ngx_http_jot_keys,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("jot_algorithms"),
      NGX_HTTP_JOT_ANYWHERE|NGX_CONF_1MORE,
      ngx_http_jot_algorithms,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("jot_issuer"),
      NGX_HTTP_JOT_ANYWHERE|NGX_CONF_1MORE,
      ngx_http_jot_names,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_jot_settings_t, issuers),
      NULL },

    { ngx_string("jot_audience"),
      NGX_HTTP_JOT_ANYWHERE|NGX_CONF_1MORE,
      ngx_http_jot_names,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_jot_settings_t, audiences),
      NULL },

    { ngx_string("jot_typ"),
      NGX_HTTP_JOT_ANYWHERE|NGX_CONF_1MORE,
      ngx_http_jot_names,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_jot_settings_t, typs),
      NULL },

    { ngx_string("jot_leeway"),
      NGX_HTTP_JOT_ANYWHERE|NGX_CONF_TAKE1,
      ngx_http_jot_leeway,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("jot_allow_future_iat"),
      NGX_HTTP_JOT_ANYWHERE|NGX_CONF_FLAG,
      ngx_http_jot_flag,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_jot_settings_t, future_iat),
      NULL },

    { ngx_string("jot_certificate_validity"),
      NGX_HTTP_JOT_ANYWHERE|NGX_CONF_FLAG,
      ngx_http_jot_flag,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_jot_settings_t, validity),
      NULL },

    { ngx_string("jot_cache"),
      NGX_HTTP_JOT_ANYWHERE|NGX_CONF_TAKE12,
      ngx_http_jot_cache,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("jot_backend"),
      NGX_HTTP_JOT_ANYWHERE|NGX_CONF_TAKE1,
      ngx_http_jot_backend,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("jot_revoked_file"),
      NGX_HTTP_JOT_ANYWHERE|NGX_CONF_TAKE1,
      ngx_http_jot_revoked_file,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("jot_revocation_url"),
      NGX_HTTP_JOT_ANYWHERE|NGX_CONF_2MORE,
      ngx_http_jot_revocation_url,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("jot_status_list_url"),
      NGX_HTTP_JOT_ANYWHERE|NGX_CONF_1MORE,
      ngx_http_jot_status_list_url,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("jot_require_status"),
      NGX_HTTP_JOT_ANYWHERE|NGX_CONF_FLAG,
      ngx_http_jot_flag,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_jot_settings_t, require_status),
      NULL },

    { ngx_string("jot_require_claim"),
      NGX_HTTP_JOT_ANYWHERE|NGX_HTTP_LMT_CONF|NGX_CONF_1MORE,
      ngx_http_jot_require_claim,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("jot_scope"),
      NGX_HTTP_JOT_ANYWHERE|NGX_HTTP_LMT_CONF|NGX_CONF_1MORE,
      ngx_http_jot_scope,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("jot_require"),
      NGX_HTTP_JOT_ANYWHERE|NGX_HTTP_LMT_CONF|NGX_CONF_1MORE,
      ngx_http_jot_require_variables,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("jot_token_from"),
      NGX_HTTP_JOT_ANYWHERE|NGX_CONF_1MORE,
      ngx_http_jot_token_from,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("jot_strip"),
      NGX_HTTP_JOT_ANYWHERE|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_jot_loc_conf_t, strip),
      NULL },

    { ngx_string("jot_early"),
      NGX_HTTP_JOT_ANYWHERE|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_jot_loc_conf_t, early),
      NULL },

    { ngx_string("jot_file_check"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_jot_main_conf_t, check),
      NULL },

    { ngx_string("jot_claim_set"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE2,
      ngx_http_jot_claim_set,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("jot_resource_metadata"),
      NGX_HTTP_JOT_ANYWHERE|NGX_CONF_TAKE1,
      ngx_http_jot_resource_metadata,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("jot_protected_resource"),
      NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_http_jot_protected_resource,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("jot_status"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS|NGX_CONF_TAKE1,
      ngx_http_jot_status,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};
