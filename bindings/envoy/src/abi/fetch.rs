//! The hooks by which Envoy fetches key sets and lists.

use std::ptr;

use super::callbacks::{self, Envoy, Header, Module, SUCCESS};
use super::gauges::set_gauge;
use super::held::{Held, guarded};
use crate::buffer::Buffer;
use crate::remote::{Fetch, Reply};
use crate::upkeep::Upkeep;

/// A callback that makes a request for a configuration.
pub(super) type Callout =
    unsafe extern "C" fn(Envoy, *mut u64, Buffer, *const Header, usize, Buffer, u64) -> u32;

/// Runs on the main thread after [`Scheduler::commit`]: fetches a key set or a list.
///
/// # Safety
/// Called by Envoy's main thread; `held` comes from `…_config_new`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn envoy_dynamic_module_on_http_filter_config_scheduled(
    config: Envoy,
    held: Module,
    event: u64,
) {
    guarded((), || {
        // SAFETY: the configuration is alive.
        let Some(held) = (unsafe { held.cast::<Held>().as_ref() }) else { return };
        tell(config, held);
        let Some(upkeep) = held.filter.upkeep() else { return };
        call_out(
            config,
            upkeep,
            event,
            callbacks::envoy_dynamic_module_callback_http_filter_config_http_callout,
        );
    });
}

/// Brings the statistics of what happens off the request path up to date.
fn tell(config: Envoy, held: &Held) {
    let Some(upkeep) = held.filter.upkeep() else { return };
    for reading in upkeep.readings() {
        set_gauge(config, &held.gauges, &reading);
    }
    for (counter, by) in upkeep.take_events().into_iter().filter(|event| event.1 > 0) {
        let Some(id) = held.counters.get(counter as usize) else { continue };
        // SAFETY: the configuration is alive and its counters are defined.
        unsafe {
            callbacks::envoy_dynamic_module_callback_http_filter_config_increment_counter(
                config,
                *id,
                ptr::null(),
                0,
                by,
            )
        };
    }
}

/// Begins the fetch that an event asks for, by a callback of the configuration.
pub(super) fn call_out(config: Envoy, upkeep: &Upkeep, event: u64, callback: Callout) {
    let Some(fetch) = upkeep.fetch(event) else { return };
    match request(config, &fetch, callback) {
        Ok(callout) => upkeep.called_out(event, callout),
        Err(refusal) => upkeep.refused(event, fetch, refusal),
    }
}

/// Makes a request; returns the callout's number.
fn request(config: Envoy, fetch: &Fetch, callback: Callout) -> Result<u64, &'static str> {
    let mut headers = vec![
        Header::of(":method", b"GET"),
        Header::of(":path", fetch.path.as_bytes()),
        Header::of("host", fetch.authority.as_bytes()),
        Header::of("accept", fetch.accept.as_bytes()),
    ];
    headers.extend(fetch.conditions.iter().map(|(name, value)| Header::of(name, value.as_bytes())));
    let mut id = 0;
    // SAFETY: on the main thread, as Envoy wants it; the buffers are copied.
    let begun = unsafe {
        callback(
            config,
            &raw mut id,
            Buffer::of(fetch.cluster.as_bytes()),
            headers.as_ptr(),
            headers.len(),
            Buffer::NULL,
            fetch.timeout_ms,
        )
    };
    match begun {
        SUCCESS => Ok(id),
        2 => Err("there is no such cluster"),
        _ => Err("the cluster takes no request"),
    }
}

/// Takes the reply of a key server.
///
/// # Safety
/// Called by Envoy's main thread; `held` comes from `…_config_new`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn envoy_dynamic_module_on_http_filter_config_http_callout_done(
    config: Envoy,
    held: Module,
    callout: u64,
    result: u32,
    headers: *const Header,
    header_count: usize,
    chunks: *const Buffer,
    chunk_count: usize,
) {
    guarded((), || {
        // SAFETY: the configuration is alive.
        let Some(held) = (unsafe { held.cast::<Held>().as_ref() }) else { return };
        let Some(upkeep) = held.filter.upkeep() else { return };
        // SAFETY: valid until this hook returns.
        let headers = unsafe { slice_of(headers, header_count) };
        // SAFETY: as above.
        let chunks = unsafe { slice_of(chunks, chunk_count) };
        // SAFETY: as above.
        unsafe { take(upkeep, callout, result, headers, chunks) };
        tell(config, held);
    });
}

/// Takes what came of a callout.
///
/// # Safety
/// What the headers and chunks point to must be valid meanwhile.
pub(super) unsafe fn take(upkeep: &Upkeep, callout: u64, result: u32, headers: &[Header], chunks: &[Buffer]) {
    let Some(event) = upkeep.event_of(callout) else { return };
    let reply = match result {
        SUCCESS => {
            // SAFETY: the caller vouches for it.
            let bytes = |buffer: Buffer| unsafe { buffer.bytes() };
            let fields = headers.iter().map(|header| (bytes(header.key), bytes(header.value)));
            Reply::new(fields, chunks.iter().map(|chunk| bytes(*chunk)))
        }
        2 => Reply::Failed("the reply is longer than Envoy takes".to_owned()),
        _ => Reply::Failed("the connection ended before the reply did".to_owned()),
    };
    upkeep.fetched(event, &reply);
}

/// # Safety
/// `items` must be null or point to `count` of them, valid for `'s`.
pub(super) const unsafe fn slice_of<'s, T>(items: *const T, count: usize) -> &'s [T] {
    if items.is_null() || count == 0 {
        return &[];
    }
    // SAFETY: not null, and the caller vouches for the rest.
    unsafe { std::slice::from_raw_parts(items, count) }
}
