//! The hooks that have nothing to do.

use super::callbacks::{CONTINUE, Envoy, Header, Module};
use crate::buffer::Buffer;

/// Hooks that Envoy wants to find and that have nothing to do.
macro_rules! idle {
    ($status:ty = $value:expr; $($name:ident($($kind:ty),*);)*) => {$(
        /// Nothing to do here.
        #[unsafe(no_mangle)]
        pub(crate) extern "C" fn $name($(_: $kind),*) -> $status {
            $value
        }
    )*};
}

idle! {
    u32 = CONTINUE;
    envoy_dynamic_module_on_http_filter_request_body(Envoy, Module, bool);
    envoy_dynamic_module_on_http_filter_request_trailers(Envoy, Module);
    envoy_dynamic_module_on_http_filter_response_headers(Envoy, Module, bool);
    envoy_dynamic_module_on_http_filter_response_body(Envoy, Module, bool);
    envoy_dynamic_module_on_http_filter_response_trailers(Envoy, Module);
}

idle! {
    () = ();
    envoy_dynamic_module_on_http_filter_stream_complete(Envoy, Module);
    envoy_dynamic_module_on_http_filter_http_callout_done(
        Envoy, Module, u64, u32, *const Header, usize, *const Buffer, usize
    );
    envoy_dynamic_module_on_http_filter_http_stream_headers(Envoy, Module, u64, *const Header, usize, bool);
    envoy_dynamic_module_on_http_filter_http_stream_data(Envoy, Module, u64, *const Buffer, usize, bool);
    envoy_dynamic_module_on_http_filter_http_stream_trailers(Envoy, Module, u64, *const Header, usize);
    envoy_dynamic_module_on_http_filter_http_stream_complete(Envoy, Module, u64);
    envoy_dynamic_module_on_http_filter_http_stream_reset(Envoy, Module, u64, u32);
    envoy_dynamic_module_on_http_filter_downstream_above_write_buffer_high_watermark(Envoy, Module);
    envoy_dynamic_module_on_http_filter_downstream_below_write_buffer_low_watermark(Envoy, Module);
    envoy_dynamic_module_on_bootstrap_extension_worker_thread_initialized(Envoy, Module);
    envoy_dynamic_module_on_bootstrap_extension_drain_started(Envoy, Module);
    envoy_dynamic_module_on_bootstrap_extension_destroy(Module);
    envoy_dynamic_module_on_bootstrap_extension_timer_fired(Envoy, Module, Module);
    envoy_dynamic_module_on_bootstrap_extension_file_changed(Envoy, Module, Buffer, u32);
    envoy_dynamic_module_on_bootstrap_extension_cluster_add_or_update(Envoy, Module, Buffer);
    envoy_dynamic_module_on_bootstrap_extension_cluster_removal(Envoy, Module, Buffer);
    envoy_dynamic_module_on_bootstrap_extension_listener_add_or_update(Envoy, Module, Buffer);
    envoy_dynamic_module_on_bootstrap_extension_listener_removal(Envoy, Module, Buffer);
}

idle! {
    // Of no path that this module has registered.
    u32 = 404;
    envoy_dynamic_module_on_bootstrap_extension_admin_request(Envoy, Module, Buffer, Buffer, Buffer);
}
