//! The hooks of the lives of filters and of routes.

use std::ffi::c_char;
use std::ptr;

use super::callbacks::{Envoy, Module};
use super::gauges::define_gauges;
use super::held::{Held, Scheduler, define_counters, guarded};
use crate::buffer::Buffer;
use crate::configuration::Wake;
use crate::exchange::Level;
use crate::filter::Filter;
use crate::logger::log;
use crate::route::Route;

const VERSION: &std::ffi::CStr = c"v0.2.0";

/// Called once, when the module is loaded.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn envoy_dynamic_module_on_program_init() -> *const c_char {
    VERSION.as_ptr()
}

/// Makes a filter of its configuration; null refuses the configuration.
///
/// # Safety
/// Called by Envoy's main thread with buffers that are valid meanwhile.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn envoy_dynamic_module_on_http_filter_config_new(
    config: Envoy,
    _name: Buffer,
    text: Buffer,
) -> Module {
    guarded(ptr::null(), || {
        // SAFETY: valid until this hook returns.
        let text = unsafe { text.bytes() };
        let scheduler = || {
            // SAFETY: the configuration lives at least until this hook returns.
            let scheduler = unsafe { Scheduler::new(config) };
            Box::new(move |event| scheduler.commit(event)) as Wake
        };
        match Filter::new(text, scheduler) {
            Ok(filter) => {
                let (counters, gauges) = (define_counters(config), define_gauges(config));
                let held = Held { filter, counters, gauges };
                Box::into_raw(Box::new(held)).cast_const().cast()
            }
            Err(refusal) => {
                log(Level::Error, &format!("jot: the configuration is refused: {refusal}"));
                ptr::null()
            }
        }
    })
}

/// Frees a filter; no fetch is begun for it when this returns.
///
/// # Safety
/// `held` comes from `…_config_new` and is not used again.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn envoy_dynamic_module_on_http_filter_config_destroy(held: Module) {
    guarded((), || {
        if !held.is_null() {
            // SAFETY: made by Box::into_raw, and given back once.
            drop(unsafe { Box::from_raw(held.cast_mut().cast::<Held>()) });
        }
    });
}

/// Makes a route's override of its configuration; null refuses it.
///
/// # Safety
/// Called by Envoy's main thread with buffers that are valid meanwhile.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn envoy_dynamic_module_on_http_filter_per_route_config_new(
    _name: Buffer,
    text: Buffer,
) -> Module {
    guarded(ptr::null(), || {
        // SAFETY: valid until this hook returns.
        match Route::parse(unsafe { text.bytes() }) {
            Ok(route) => Box::into_raw(Box::new(route)).cast_const().cast(),
            Err(refusal) => {
                log(Level::Error, &format!("jot: the route's configuration is refused: {refusal}"));
                ptr::null()
            }
        }
    })
}

/// Frees a route's override.
///
/// # Safety
/// `route` comes from `…_per_route_config_new` and is not used again.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn envoy_dynamic_module_on_http_filter_per_route_config_destroy(route: Module) {
    guarded((), || {
        if !route.is_null() {
            // SAFETY: made by Box::into_raw, and given back once.
            drop(unsafe { Box::from_raw(route.cast_mut().cast::<Route>()) });
        }
    });
}
