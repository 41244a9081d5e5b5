//! The hooks of the bootstrap extension, by which Envoy's start is held.

use std::ffi::c_void;
use std::ptr;

use super::callbacks::{self, Envoy, Header, Module};
use super::fetch::{call_out, slice_of, take};
use super::held::guarded;
use crate::buffer::Buffer;
use crate::configuration::Wake;
use crate::exchange::Level;
use crate::logger::log;
use crate::start::{LET_START, Start};

/// What the extension's configuration hook hands to Envoy.
struct HeldStart {
    start: Start,
    /// Envoy's own pointer, which is valid for as long as this is held.
    config: Envoy,
}

/// Wakes the extension up on Envoy's main thread.
struct StartScheduler(Envoy);

// SAFETY: Envoy's scheduler holds a weak reference to the configuration and
// posts to the main thread's dispatcher, which any thread may do.
unsafe impl Send for StartScheduler {}

impl StartScheduler {
    /// # Safety
    /// The configuration must be alive, and this its main thread.
    unsafe fn new(config: Envoy) -> Self {
        // SAFETY: the caller vouches for it.
        Self(unsafe {
            callbacks::envoy_dynamic_module_callback_bootstrap_extension_config_scheduler_new(config)
        })
    }

    /// Asks for `envoy_dynamic_module_on_bootstrap_extension_config_scheduled`.
    fn commit(&self, event: u64) {
        // SAFETY: the scheduler lives until it is dropped.
        unsafe {
            callbacks::envoy_dynamic_module_callback_bootstrap_extension_config_scheduler_commit(
                self.0, event,
            )
        }
    }
}

impl Drop for StartScheduler {
    fn drop(&mut self) {
        // SAFETY: nobody else has the pointer.
        unsafe {
            callbacks::envoy_dynamic_module_callback_bootstrap_extension_config_scheduler_delete(self.0)
        }
    }
}

/// Reads the configuration of the start; null refuses it.
///
/// # Safety
/// Called by Envoy's main thread with buffers that are valid meanwhile.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn envoy_dynamic_module_on_bootstrap_extension_config_new(
    config: Envoy,
    _name: Buffer,
    text: Buffer,
) -> Module {
    guarded(ptr::null(), || {
        // SAFETY: valid until this hook returns.
        match Start::new(unsafe { text.bytes() }) {
            Ok(start) => Box::into_raw(Box::new(HeldStart { start, config })).cast_const().cast(),
            Err(refusal) => {
                log(Level::Error, &format!("jot: the configuration of the start is refused: {refusal}"));
                ptr::null()
            }
        }
    })
}

/// Frees it; no fetch is begun for it when this returns.
///
/// # Safety
/// `held` comes from `…_config_new` and is not used again.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn envoy_dynamic_module_on_bootstrap_extension_config_destroy(held: Module) {
    guarded((), || {
        if !held.is_null() {
            // SAFETY: made by Box::into_raw, and given back once.
            drop(unsafe { Box::from_raw(held.cast_mut().cast::<HeldStart>()) });
        }
    });
}

/// The extension is its configuration, which outlives it.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn envoy_dynamic_module_on_bootstrap_extension_new(
    held: Module,
    _extension: Envoy,
) -> Module {
    held
}

/// Has the keys fetched, now that there are clusters.
///
/// # Safety
/// Called by Envoy's main thread; `held` comes from `…_config_new`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn envoy_dynamic_module_on_bootstrap_extension_server_initialized(
    _extension: Envoy,
    held: Module,
) {
    guarded((), || {
        // SAFETY: the configuration is alive.
        let Some(held) = (unsafe { held.cast::<HeldStart>().as_ref() }) else { return };
        held.start.begin(|| {
            // SAFETY: the configuration is alive, and this is its main thread.
            let scheduler = unsafe { StartScheduler::new(held.config) };
            Box::new(move |event| scheduler.commit(event)) as Wake
        });
    });
}

/// Runs on the main thread after [`StartScheduler::commit`]: fetches a key set, or lets
/// Envoy start.
///
/// # Safety
/// Called by Envoy's main thread; `held` comes from `…_config_new`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn envoy_dynamic_module_on_bootstrap_extension_config_scheduled(
    config: Envoy,
    held: Module,
    event: u64,
) {
    guarded((), || {
        if event == LET_START {
            // SAFETY: the configuration is alive.
            unsafe {
                callbacks::envoy_dynamic_module_callback_bootstrap_extension_config_signal_init_complete(
                    config,
                );
            }
            return;
        }
        // SAFETY: the configuration is alive.
        let Some(held) = (unsafe { held.cast::<HeldStart>().as_ref() }) else { return };
        let Some(upkeep) = held.start.upkeep() else { return };
        call_out(
            config,
            upkeep,
            event,
            callbacks::envoy_dynamic_module_callback_bootstrap_extension_http_callout,
        );
    });
}

/// Takes the reply of a key server.
///
/// # Safety
/// Called by Envoy's main thread; `held` comes from `…_config_new`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn envoy_dynamic_module_on_bootstrap_extension_http_callout_done(
    _config: Envoy,
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
        let Some(held) = (unsafe { held.cast::<HeldStart>().as_ref() }) else { return };
        let Some(upkeep) = held.start.upkeep() else { return };
        // SAFETY: valid until this hook returns.
        let headers = unsafe { slice_of(headers, header_count) };
        // SAFETY: as above.
        let chunks = unsafe { slice_of(chunks, chunk_count) };
        // SAFETY: as above.
        unsafe { take(upkeep, callout, result, headers, chunks) };
    });
}

/// Nothing is to be waited for at the end.
///
/// # Safety
/// Called by Envoy's main thread with a function that may be called with this context.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn envoy_dynamic_module_on_bootstrap_extension_shutdown(
    _extension: Envoy,
    _held: Module,
    done: Option<unsafe extern "C" fn(*mut c_void)>,
    context: *mut c_void,
) {
    guarded((), || {
        if let Some(done) = done {
            // SAFETY: Envoy's own function with its own context.
            unsafe { done(context) }
        }
    });
}
