//! What a filter configuration holds, and how hooks run.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::callbacks::{self, Envoy, Module};
use super::gauges::GaugeIds;
use crate::buffer::Buffer;
use crate::exchange::{Counter, Level};
use crate::filter::Filter;
use crate::logger::log;

/// Where [`Counter`]s are found: their ids, in the order of [`Counter::ALL`].
pub(super) type CounterIds = [usize; Counter::ALL.len()];

/// What the filter configuration hooks hand to Envoy.
pub(super) struct Held {
    pub(super) filter: Filter,
    pub(super) counters: CounterIds,
    pub(super) gauges: GaugeIds,
}

/// What the hooks of a stream hand to Envoy.
pub(super) struct Waitable {
    /// What belongs to the stream's configuration.
    pub(super) held: Module,
    /// The number under which the request waits, if it does.
    pub(super) waiter: Cell<Option<u64>>,
}

/// Runs a hook's work; a panic, which is a fault of ours, becomes `otherwise`.
pub(super) fn guarded<T>(otherwise: T, work: impl FnOnce() -> T) -> T {
    // Whatever the work left half done is not looked at again.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        log(Level::Critical, "jot: a fault of the module itself; please report it");
        otherwise
    })
}

/// Defines the counters of a configuration that is being made.
pub(super) fn define_counters(config: Envoy) -> CounterIds {
    let mut ids = CounterIds::default();
    for (id, counter) in ids.iter_mut().zip(Counter::ALL) {
        let label = counter.label().map(|label| Buffer::of(label.as_bytes()));
        let labels = label.as_slice();
        // SAFETY: counters may be defined while the configuration is made,
        // and here it is; the id lives on our stack.
        unsafe {
            callbacks::envoy_dynamic_module_callback_http_filter_config_define_counter(
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

/// Wakes a filter configuration up on Envoy's main thread.
pub(super) struct Scheduler(Envoy);

// SAFETY: Envoy's scheduler holds a weak reference to the configuration and
// posts to the main thread's dispatcher, which any thread may do.
unsafe impl Send for Scheduler {}

impl Scheduler {
    /// # Safety
    /// The configuration must be alive, and this its main thread.
    pub(super) unsafe fn new(config: Envoy) -> Self {
        // SAFETY: the caller vouches for it.
        Self(unsafe { callbacks::envoy_dynamic_module_callback_http_filter_config_scheduler_new(config) })
    }

    /// Asks for `envoy_dynamic_module_on_http_filter_config_scheduled`.
    pub(super) fn commit(&self, event: u64) {
        // SAFETY: the scheduler lives until it is dropped.
        unsafe { callbacks::envoy_dynamic_module_callback_http_filter_config_scheduler_commit(self.0, event) }
    }
}

impl Drop for Scheduler {
    fn drop(&mut self) {
        // SAFETY: nobody else has the pointer.
        unsafe { callbacks::envoy_dynamic_module_callback_http_filter_config_scheduler_delete(self.0) }
    }
}

/// Lets a request go on, on its worker's thread.
pub(super) struct RequestScheduler(Envoy);

// SAFETY: Envoy's scheduler holds a weak reference to the filter and posts to its worker's
// dispatcher, which any thread may do. The dispatcher lives as long as its streams, and a
// stream that ends takes its scheduler out of the store before.
unsafe impl Send for RequestScheduler {}

impl RequestScheduler {
    /// # Safety
    /// This is a hook of the filter.
    pub(super) unsafe fn new(filter: Envoy) -> Self {
        // SAFETY: the caller vouches for it.
        Self(unsafe { callbacks::envoy_dynamic_module_callback_http_filter_scheduler_new(filter) })
    }

    /// Asks for `envoy_dynamic_module_on_http_filter_scheduled`.
    pub(super) fn commit(&self, event: u64) {
        // SAFETY: the scheduler lives until it is dropped.
        unsafe { callbacks::envoy_dynamic_module_callback_http_filter_scheduler_commit(self.0, event) }
    }
}

impl Drop for RequestScheduler {
    fn drop(&mut self) {
        // SAFETY: nobody else has the pointer.
        unsafe { callbacks::envoy_dynamic_module_callback_http_filter_scheduler_delete(self.0) }
    }
}
