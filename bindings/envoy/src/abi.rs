//! Envoy's ABI for dynamic modules, as far as this module uses it.
//!
//! Checked against Envoy 1.40.0 (ABI `v0.2.0`): its
//! `source/extensions/dynamic_modules/abi/abi.h` and the dynamic symbols of the
//! released binary. Envoy takes a module of another ABI version with no more
//! than a line in its log, so look here first when Envoy is upgraded.
//!
//! All unsafe code of the module is in this file, `buffer.rs` and `logger.rs`. Three rules make it sound,
//! and they are Envoy's to keep: a hook's Envoy pointer is valid until the hook
//! returns, hooks of one stream never run at the same time, and what a
//! configuration hook returned is handed back unchanged until it is destroyed.
#![expect(unsafe_code, reason = "the boundary to Envoy is a C one")]

use std::ffi::{c_char, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use crate::buffer::Buffer;
use crate::exchange::{Counter, Exchange, Level};
use crate::filter::Filter;
use crate::keeper::Wake;
use crate::logger::log;
use crate::remote::{Fetch, Reply};
use crate::route::Route;

const VERSION: &std::ffi::CStr = c"v0.2.0";

/// `envoy_dynamic_module_type_envoy_http_header` and `…_module_http_header`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct Header {
    key: Buffer,
    value: Buffer,
}

impl Header {
    const fn of(name: &str, value: &[u8]) -> Self {
        Self { key: Buffer::of(name.as_bytes()), value: Buffer::of(value) }
    }
}

/// `envoy_dynamic_module_type_http_header_type_RequestHeader`
const REQUEST_HEADERS: u32 = 0;
/// `…_on_http_filter_*_status_Continue`
const CONTINUE: u32 = 0;
/// `…_on_http_filter_request_headers_status_StopIteration`
const STOP_ITERATION: u32 = 1;
/// `…_http_callout_result_Success` and `…_http_callout_init_result_Success`
const SUCCESS: u32 = 0;

type Envoy = *mut c_void;
type Module = *const c_void;

// The Envoy executable has these in its dynamic symbol table.
unsafe extern "C" {
    fn envoy_dynamic_module_callback_get_most_specific_route_config(filter: Envoy) -> Module;
    fn envoy_dynamic_module_callback_http_get_header(
        filter: Envoy,
        kind: u32,
        key: Buffer,
        value: *mut Buffer,
        index: usize,
        count: *mut usize,
    ) -> bool;
    fn envoy_dynamic_module_callback_http_set_header(
        filter: Envoy,
        kind: u32,
        key: Buffer,
        value: Buffer,
    ) -> bool;
    fn envoy_dynamic_module_callback_http_send_response(
        filter: Envoy,
        status: u32,
        headers: *const Header,
        count: usize,
        body: Buffer,
        details: Buffer,
    );
    fn envoy_dynamic_module_callback_http_set_dynamic_metadata_struct(
        filter: Envoy,
        namespace: Buffer,
        value: Buffer,
    );
    fn envoy_dynamic_module_callback_http_clear_route_cache(filter: Envoy);
    fn envoy_dynamic_module_callback_http_filter_increment_counter(
        filter: Envoy,
        id: usize,
        labels: *const Buffer,
        count: usize,
        by: u64,
    ) -> u32;
    fn envoy_dynamic_module_callback_http_filter_config_increment_counter(
        config: Envoy,
        id: usize,
        labels: *const Buffer,
        count: usize,
        by: u64,
    ) -> u32;
    fn envoy_dynamic_module_callback_http_filter_config_define_counter(
        config: Envoy,
        name: Buffer,
        labels: *const Buffer,
        count: usize,
        id: *mut usize,
    ) -> u32;
    fn envoy_dynamic_module_callback_http_filter_config_scheduler_new(config: Envoy) -> Envoy;
    fn envoy_dynamic_module_callback_http_filter_config_scheduler_delete(scheduler: Envoy);
    fn envoy_dynamic_module_callback_http_filter_config_scheduler_commit(scheduler: Envoy, event: u64);
    fn envoy_dynamic_module_callback_http_filter_config_http_callout(
        config: Envoy,
        id: *mut u64,
        cluster: Buffer,
        headers: *const Header,
        count: usize,
        body: Buffer,
        timeout_milliseconds: u64,
    ) -> u32;
}

/// Where [`Counter`]s are found: their ids, in the order of [`Counter::ALL`].
pub(crate) type CounterIds = [usize; Counter::ALL.len()];

/// A request within one of its hooks.
struct Stream<'c> {
    envoy: Envoy,
    counters: &'c CounterIds,
    answered: bool,
}

impl Stream<'_> {
    fn value(&self, name: &str, index: usize) -> Option<(&[u8], usize)> {
        let (mut value, mut count) = (Buffer::NULL, 0);
        // SAFETY: the pointer is this hook's; both outputs live on our stack.
        let found = unsafe {
            envoy_dynamic_module_callback_http_get_header(
                self.envoy,
                REQUEST_HEADERS,
                Buffer::of(name.as_bytes()),
                &raw mut value,
                index,
                &raw mut count,
            )
        };
        // SAFETY: valid until a header is set, which takes `&mut self`.
        found.then(|| (unsafe { value.bytes() }, count))
    }
}

impl Exchange for Stream<'_> {
    fn header(&self, name: &str, index: usize) -> Option<&[u8]> {
        self.value(name, index).map(|value| value.0)
    }

    fn first_header(&self, name: &str) -> Option<(&[u8], usize)> {
        self.value(name, 0)
    }

    fn set_header(&mut self, name: &str, value: &[u8]) {
        let (key, value) = (Buffer::of(name.as_bytes()), Buffer::of(value));
        // SAFETY: the pointer is this hook's; Envoy copies the buffers. That of
        // an empty slice is not null, so the header becomes empty.
        unsafe { envoy_dynamic_module_callback_http_set_header(self.envoy, REQUEST_HEADERS, key, value) };
    }

    fn remove_header(&mut self, name: &str) {
        let (key, value) = (Buffer::of(name.as_bytes()), Buffer::NULL);
        // SAFETY: as above; a null value removes the header.
        unsafe { envoy_dynamic_module_callback_http_set_header(self.envoy, REQUEST_HEADERS, key, value) };
    }

    fn respond(&mut self, status: u16, headers: &[(&str, &[u8])], body: &[u8], details: &str) {
        if std::mem::replace(&mut self.answered, true) {
            return;
        }
        let headers: Vec<Header> = headers.iter().map(|(name, value)| Header::of(name, value)).collect();
        // SAFETY: the pointer is this hook's; Envoy copies the buffers.
        unsafe {
            envoy_dynamic_module_callback_http_send_response(
                self.envoy,
                status.into(),
                headers.as_ptr(),
                headers.len(),
                Buffer::of(body),
                Buffer::of(details.as_bytes()),
            );
        }
    }

    fn set_metadata(&mut self, namespace: &str, value: &[u8]) {
        let (namespace, value) = (Buffer::of(namespace.as_bytes()), Buffer::of(value));
        // SAFETY: the pointer is this hook's; Envoy copies the buffers.
        unsafe {
            envoy_dynamic_module_callback_http_set_dynamic_metadata_struct(self.envoy, namespace, value);
        }
    }

    fn clear_route_cache(&mut self) {
        // SAFETY: the pointer is this hook's.
        unsafe { envoy_dynamic_module_callback_http_clear_route_cache(self.envoy) }
    }

    fn count(&mut self, counter: Counter, label: Option<&str>) {
        let Some(id) = self.counters.get(counter as usize) else { return };
        let label = label.map(|label| Buffer::of(label.as_bytes()));
        let labels = label.as_slice();
        // SAFETY: the pointer is this hook's; Envoy copies the label. An id
        // that does not exist is an error that Envoy reports, and no more.
        unsafe {
            envoy_dynamic_module_callback_http_filter_increment_counter(
                self.envoy,
                *id,
                labels.as_ptr(),
                labels.len(),
                1,
            )
        };
    }
}

/// Wakes a filter configuration up on Envoy's main thread.
pub(crate) struct Scheduler(Envoy);

// SAFETY: Envoy's scheduler holds a weak reference to the configuration and
// posts to the main thread's dispatcher, which any thread may do.
unsafe impl Send for Scheduler {}

impl Scheduler {
    /// Asks for `envoy_dynamic_module_on_http_filter_config_scheduled`.
    pub(crate) fn commit(&self, event: u64) {
        // SAFETY: the scheduler lives until it is dropped.
        unsafe { envoy_dynamic_module_callback_http_filter_config_scheduler_commit(self.0, event) }
    }
}

impl Drop for Scheduler {
    fn drop(&mut self) {
        // SAFETY: nobody else has the pointer.
        unsafe { envoy_dynamic_module_callback_http_filter_config_scheduler_delete(self.0) }
    }
}

/// What the filter configuration hooks hand to Envoy.
struct Held {
    filter: Filter,
    counters: CounterIds,
}

/// Runs a hook's work; a panic, which is a fault of ours, becomes `otherwise`.
fn guarded<T>(otherwise: T, work: impl FnOnce() -> T) -> T {
    // Whatever the work left half done is not looked at again.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        log(Level::Critical, "jot: a fault of the module itself; please report it");
        otherwise
    })
}

fn define_counters(config: Envoy) -> CounterIds {
    let mut ids = CounterIds::default();
    for (id, counter) in ids.iter_mut().zip(Counter::ALL) {
        let label = counter.label().map(|label| Buffer::of(label.as_bytes()));
        let labels = label.as_slice();
        // SAFETY: counters may be defined while the configuration is made,
        // and here it is; the id lives on our stack.
        unsafe {
            envoy_dynamic_module_callback_http_filter_config_define_counter(
                config,
                Buffer::of(counter.name().as_bytes()),
                labels.as_ptr(),
                labels.len(),
                &raw mut *id,
            )
        };
    }
    ids
}

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
            let new = unsafe { envoy_dynamic_module_callback_http_filter_config_scheduler_new(config) };
            let scheduler = Scheduler(new);
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
        let route = unsafe { envoy_dynamic_module_callback_get_most_specific_route_config(envoy) };
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

/// Runs on the main thread after [`Scheduler::commit`]: fetches a key set.
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
        count_events(config, held);
        let Some(fetch) = held.filter.fetch(event) else { return };
        if let Err(refusal) = call_out(config, held, &fetch, event) {
            held.filter.fetched(event, Reply::Failed(refusal.to_owned()));
        }
    });
}

/// Brings the counters of what happened off the request path up to date.
fn count_events(config: Envoy, held: &Held) {
    for (counter, by) in held.filter.take_events() {
        let Some(id) = held.counters.get(counter as usize) else { continue };
        // SAFETY: the configuration is alive and its counters are defined.
        unsafe {
            envoy_dynamic_module_callback_http_filter_config_increment_counter(
                config,
                *id,
                ptr::null(),
                0,
                by,
            )
        };
    }
}

fn call_out(config: Envoy, held: &Held, fetch: &Fetch<'_>, event: u64) -> Result<(), &'static str> {
    let headers = [
        Header::of(":method", b"GET"),
        Header::of(":path", fetch.path.as_bytes()),
        Header::of("host", fetch.authority.as_bytes()),
        Header::of("accept", b"application/jwk-set+json, application/json"),
    ];
    let mut id = 0;
    // SAFETY: on the main thread, as Envoy wants it; the buffers are copied.
    let begun = unsafe {
        envoy_dynamic_module_callback_http_filter_config_http_callout(
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
        SUCCESS => {
            held.filter.called_out(event, id);
            Ok(())
        }
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
        let Some(event) = held.filter.event_of(callout) else { return };
        let fault = match result {
            SUCCESS => None,
            2 => Some("the reply is longer than Envoy takes"),
            _ => Some("the connection ended before the reply did"),
        };
        if let Some(fault) = fault {
            held.filter.fetched(event, Reply::Failed(fault.to_owned()));
        } else {
            // SAFETY: valid until this hook returns.
            let headers = unsafe { slice_of(headers, header_count) };
            let find = |name: &str| {
                // SAFETY: as above.
                let found = headers.iter().find(|header| unsafe { header.key.bytes() } == name.as_bytes());
                // SAFETY: as above.
                found.map(|header| unsafe { header.value.bytes() })
            };
            // SAFETY: as above.
            let chunks = unsafe { slice_of(chunks, chunk_count) };
            // SAFETY: as above.
            let body = chunks.iter().map(|chunk| unsafe { chunk.bytes() });
            held.filter.fetched(event, Reply::new(find, body));
        }
        count_events(config, held);
    });
}

/// # Safety
/// `items` must be null or point to `count` of them, valid for `'s`.
const unsafe fn slice_of<'s, T>(items: *const T, count: usize) -> &'s [T] {
    if items.is_null() || count == 0 {
        return &[];
    }
    // SAFETY: not null, and the caller vouches for the rest.
    unsafe { std::slice::from_raw_parts(items, count) }
}

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
    envoy_dynamic_module_on_http_filter_destroy(Module);
    envoy_dynamic_module_on_http_filter_stream_complete(Envoy, Module);
    envoy_dynamic_module_on_http_filter_http_callout_done(
        Envoy, Module, u64, u32, *const Header, usize, *const Buffer, usize
    );
    envoy_dynamic_module_on_http_filter_http_stream_headers(Envoy, Module, u64, *const Header, usize, bool);
    envoy_dynamic_module_on_http_filter_http_stream_data(Envoy, Module, u64, *const Buffer, usize, bool);
    envoy_dynamic_module_on_http_filter_http_stream_trailers(Envoy, Module, u64, *const Header, usize);
    envoy_dynamic_module_on_http_filter_http_stream_complete(Envoy, Module, u64);
    envoy_dynamic_module_on_http_filter_http_stream_reset(Envoy, Module, u64, u32);
    envoy_dynamic_module_on_http_filter_scheduled(Envoy, Module, u64);
    envoy_dynamic_module_on_http_filter_downstream_above_write_buffer_high_watermark(Envoy, Module);
    envoy_dynamic_module_on_http_filter_downstream_below_write_buffer_low_watermark(Envoy, Module);
}
