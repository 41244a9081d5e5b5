//! What Envoy offers: its callbacks, and the values that they take.

use std::ffi::c_void;

use crate::buffer::Buffer;

pub(super) type Envoy = *mut c_void;
pub(super) type Module = *const c_void;

/// `envoy_dynamic_module_type_envoy_http_header` and `…_module_http_header`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(super) struct Header {
    pub(super) key: Buffer,
    pub(super) value: Buffer,
}

impl Header {
    pub(super) const fn of(name: &str, value: &[u8]) -> Self {
        Self { key: Buffer::of(name.as_bytes()), value: Buffer::of(value) }
    }
}

/// `envoy_dynamic_module_type_http_header_type_RequestHeader`
pub(super) const REQUEST_HEADERS: u32 = 0;
/// `…_on_http_filter_*_status_Continue`
pub(super) const CONTINUE: u32 = 0;
/// `…_on_http_filter_request_headers_status_StopIteration`
pub(super) const STOP_ITERATION: u32 = 1;
/// `…_on_http_filter_request_headers_status_StopAllIterationAndWatermark`
pub(super) const WAIT: u32 = 4;
/// `…_http_callout_result_Success` and `…_http_callout_init_result_Success`
pub(super) const SUCCESS: u32 = 0;

// The Envoy executable has these in its dynamic symbol table.
unsafe extern "C" {
    pub(super) fn envoy_dynamic_module_callback_get_most_specific_route_config(filter: Envoy) -> Module;
    pub(super) fn envoy_dynamic_module_callback_http_get_header(
        filter: Envoy,
        kind: u32,
        key: Buffer,
        value: *mut Buffer,
        index: usize,
        count: *mut usize,
    ) -> bool;
    pub(super) fn envoy_dynamic_module_callback_http_set_header(
        filter: Envoy,
        kind: u32,
        key: Buffer,
        value: Buffer,
    ) -> bool;
    pub(super) fn envoy_dynamic_module_callback_http_send_response(
        filter: Envoy,
        status: u32,
        headers: *const Header,
        count: usize,
        body: Buffer,
        details: Buffer,
    );
    pub(super) fn envoy_dynamic_module_callback_http_set_dynamic_metadata_struct(
        filter: Envoy,
        namespace: Buffer,
        value: Buffer,
    );
    pub(super) fn envoy_dynamic_module_callback_http_clear_route_cache(filter: Envoy);
    pub(super) fn envoy_dynamic_module_callback_http_filter_increment_counter(
        filter: Envoy,
        id: usize,
        labels: *const Buffer,
        count: usize,
        by: u64,
    ) -> u32;
    pub(super) fn envoy_dynamic_module_callback_http_filter_config_increment_counter(
        config: Envoy,
        id: usize,
        labels: *const Buffer,
        count: usize,
        by: u64,
    ) -> u32;
    pub(super) fn envoy_dynamic_module_callback_http_filter_config_define_counter(
        config: Envoy,
        name: Buffer,
        labels: *const Buffer,
        count: usize,
        id: *mut usize,
    ) -> u32;
    pub(super) fn envoy_dynamic_module_callback_http_filter_config_define_gauge(
        config: Envoy,
        name: Buffer,
        labels: *const Buffer,
        count: usize,
        id: *mut usize,
    ) -> u32;
    pub(super) fn envoy_dynamic_module_callback_http_filter_config_set_gauge(
        config: Envoy,
        id: usize,
        labels: *const Buffer,
        count: usize,
        value: u64,
    ) -> u32;
    pub(super) fn envoy_dynamic_module_callback_http_filter_scheduler_new(filter: Envoy) -> Envoy;
    pub(super) fn envoy_dynamic_module_callback_http_filter_scheduler_delete(scheduler: Envoy);
    pub(super) fn envoy_dynamic_module_callback_http_filter_scheduler_commit(scheduler: Envoy, event: u64);
    pub(super) fn envoy_dynamic_module_callback_http_filter_continue_decoding(filter: Envoy);
    pub(super) fn envoy_dynamic_module_callback_http_filter_config_scheduler_new(config: Envoy) -> Envoy;
    pub(super) fn envoy_dynamic_module_callback_http_filter_config_scheduler_delete(scheduler: Envoy);
    pub(super) fn envoy_dynamic_module_callback_http_filter_config_scheduler_commit(
        scheduler: Envoy,
        event: u64,
    );
    pub(super) fn envoy_dynamic_module_callback_http_filter_config_http_callout(
        config: Envoy,
        id: *mut u64,
        cluster: Buffer,
        headers: *const Header,
        count: usize,
        body: Buffer,
        timeout_milliseconds: u64,
    ) -> u32;
    pub(super) fn envoy_dynamic_module_callback_bootstrap_extension_config_scheduler_new(
        config: Envoy,
    ) -> Envoy;
    pub(super) fn envoy_dynamic_module_callback_bootstrap_extension_config_scheduler_delete(scheduler: Envoy);
    pub(super) fn envoy_dynamic_module_callback_bootstrap_extension_config_scheduler_commit(
        scheduler: Envoy,
        event: u64,
    );
    pub(super) fn envoy_dynamic_module_callback_bootstrap_extension_config_signal_init_complete(
        config: Envoy,
    );
    pub(super) fn envoy_dynamic_module_callback_bootstrap_extension_http_callout(
        config: Envoy,
        id: *mut u64,
        cluster: Buffer,
        headers: *const Header,
        count: usize,
        body: Buffer,
        timeout_milliseconds: u64,
    ) -> u32;
}
