//! The hooks of requests.

use std::cell::Cell;

use super::callbacks::{self, CONTINUE, Envoy, Module, STOP_ITERATION, WAIT};
use super::held::{Held, Waitable, guarded};
use super::stream::Stream;
use crate::exchange::Exchange as _;
use crate::filter::Decision;
use crate::route::Route;
use crate::store::Store;
use crate::waiting::Waited;

/// Makes what a stream needs of its own.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn envoy_dynamic_module_on_http_filter_new(held: Module, _filter: Envoy) -> Module {
    Box::into_raw(Box::new(Waitable { held, waiter: Cell::new(None) })).cast_const().cast()
}

/// Frees it. Nothing lets the request go on any more when this returns.
///
/// # Safety
/// `stream` comes from `…_filter_new` and is not used again.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn envoy_dynamic_module_on_http_filter_destroy(stream: Module) {
    guarded((), || {
        if stream.is_null() {
            return;
        }
        // SAFETY: made by Box::into_raw, and given back once.
        let stream = unsafe { Box::from_raw(stream.cast_mut().cast::<Waitable>()) };
        if let Some(waiter) = stream.waiter.take() {
            Store::of_process().cancel(waiter);
        }
    });
}

/// Decides on a request.
///
/// # Safety
/// Called by the stream's worker thread; `stream` comes from `…_filter_new`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn envoy_dynamic_module_on_http_filter_request_headers(
    envoy: Envoy,
    stream: Module,
    _end_of_stream: bool,
) -> u32 {
    // SAFETY: Envoy keeps it until it destroys the stream.
    let Some(waitable) = (unsafe { stream.cast::<Waitable>().as_ref() }) else { return STOP_ITERATION };
    match decide_guarded(envoy, waitable, None) {
        Decision::Pass => CONTINUE,
        Decision::Answered => STOP_ITERATION,
        // Not even the body goes on: whatever comes stays with the connection.
        Decision::Waits(_) => WAIT,
    }
}

/// Decides on a request that has waited.
///
/// # Safety
/// Called by the stream's worker thread; `stream` comes from `…_filter_new`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn envoy_dynamic_module_on_http_filter_scheduled(
    envoy: Envoy,
    stream: Module,
    event: u64,
) {
    // SAFETY: Envoy keeps it until it destroys the stream.
    let Some(waitable) = (unsafe { stream.cast::<Waitable>().as_ref() }) else { return };
    if waitable.waiter.take().is_none() {
        return;
    }
    let waited = if event == Waited::Fetched as u64 { Waited::Fetched } else { Waited::InVain };
    if decide_guarded(envoy, waitable, Some(waited)) == Decision::Pass {
        // SAFETY: the pointer is this hook's, and the request waits.
        unsafe { callbacks::envoy_dynamic_module_callback_http_filter_continue_decoding(envoy) }
    }
}

/// A fault of ours is answered with 500.
fn decide_guarded(envoy: Envoy, waitable: &Waitable, waited: Option<Waited>) -> Decision {
    // SAFETY: Envoy keeps the configuration for as long as one of its streams.
    let Some(held) = (unsafe { waitable.held.cast::<Held>().as_ref() }) else { return Decision::Answered };
    let mut stream = Stream { envoy, counters: &held.counters, answered: false };
    let decision = guarded(None, || {
        // SAFETY: the pointer is this hook's.
        let route = unsafe { callbacks::envoy_dynamic_module_callback_get_most_specific_route_config(envoy) };
        // SAFETY: null, or what `…_per_route_config_new` returned.
        let route = unsafe { route.cast::<Route>().as_ref() };
        Some(held.filter.decide(&mut stream, route, waited))
    });
    if let Some(Decision::Waits(waiter)) = decision {
        waitable.waiter.set(Some(waiter));
    }
    decision.unwrap_or_else(|| {
        guarded((), || held.filter.answer_fault(&mut stream));
        // Should that have failed as well.
        stream.respond(500, &[], b"internal\n", "jot_internal");
        Decision::Answered
    })
}
