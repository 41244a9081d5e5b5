//! The gauges of a configuration, which are defined with it and set on the main thread.

use super::callbacks::{self, Envoy};
use crate::buffer::Buffer;
use crate::gauge::{Gauge, Reading};

/// Where [`Gauge`]s are found: their ids, in the order of [`Gauge::ALL`].
pub(super) type GaugeIds = [usize; Gauge::ALL.len()];

/// Defines the gauges of a configuration that is being made.
pub(super) fn define_gauges(config: Envoy) -> GaugeIds {
    let mut ids = GaugeIds::default();
    let label = Buffer::of(Gauge::LABEL.as_bytes());
    for (id, gauge) in ids.iter_mut().zip(Gauge::ALL) {
        // SAFETY: gauges may be defined while the configuration is made,
        // and here it is; the id lives on our stack.
        unsafe {
            callbacks::envoy_dynamic_module_callback_http_filter_config_define_gauge(
                config,
                Buffer::of(gauge.name().as_bytes()),
                &raw const label,
                1,
                &raw mut *id,
            )
        };
    }
    ids
}

/// Sets a gauge of a configuration that is alive, on the main thread.
pub(super) fn set_gauge(config: Envoy, ids: &GaugeIds, reading: &Reading) {
    let Some(id) = ids.get(reading.gauge as usize) else { return };
    let label = Buffer::of(reading.uri.as_bytes());
    // SAFETY: the configuration is alive and its gauges are defined; Envoy copies the label.
    unsafe {
        callbacks::envoy_dynamic_module_callback_http_filter_config_set_gauge(
            config,
            *id,
            &raw const label,
            1,
            reading.value,
        )
    };
}
