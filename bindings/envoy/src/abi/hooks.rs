//! The hooks of a filter's life and of its requests.

use std::ffi::c_char;
use std::ptr;

use super::callbacks::{self, CONTINUE, Envoy, Module, STOP_ITERATION};
use super::held::{Held, Scheduler, define_counters, guarded};
use super::stream::Stream;
use crate::buffer::Buffer;
use crate::exchange::{Exchange, Level};
use crate::filter::Filter;
use crate::keeper::Wake;
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
                let held = Held { filter, counters: define_counters(config) };
                Box::into_raw(Box::new(held)).cast_const().cast()
            }
            Err(refusal) => {
                log(Level::Error, &format!("jot: the configuration is refused: {refusal}"));
                ptr::null()
            }
        }
    })
}

/// Frees a filter; its thread has ended when this returns.
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

/// A stream needs nothing of its own: its filter is the configuration's.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn envoy_dynamic_module_on_http_filter_new(held: Module, _filter: Envoy) -> Module {
    held
}

/// Decides on a request.
///
/// # Safety
/// Called by the stream's worker thread; `held` comes from `…_filter_new`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn envoy_dynamic_module_on_http_filter_request_headers(
    envoy: Envoy,
    held: Module,
    _end_of_stream: bool,
) -> u32 {
    // SAFETY: Envoy keeps the configuration for as long as one of its streams.
    let Some(held) = (unsafe { held.cast::<Held>().as_ref() }) else { return STOP_ITERATION };
    let mut stream = Stream { envoy, counters: &held.counters, answered: false };
    let passes = guarded(None, || {
        // SAFETY: the pointer is this hook's.
        let route = unsafe { callbacks::envoy_dynamic_module_callback_get_most_specific_route_config(envoy) };
        // SAFETY: null, or what `…_per_route_config_new` returned.
        let route = unsafe { route.cast::<Route>().as_ref() };
        Some(held.filter.decide(&mut stream, route))
    });
    match passes {
        Some(true) => CONTINUE,
        Some(false) => STOP_ITERATION,
        None => {
            guarded((), || held.filter.answer_fault(&mut stream));
            // Should that have failed as well.
            stream.respond(500, &[], b"internal\n", "jot_internal");
            STOP_ITERATION
        }
    }
}
