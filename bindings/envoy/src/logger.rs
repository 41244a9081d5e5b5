//! Envoy's log (the logger `dynamic_modules`).
#![cfg_attr(not(test), expect(unsafe_code, reason = "the boundary to Envoy is a C one"))]

use crate::exchange::Level;

#[cfg(not(test))]
mod envoy {
    use crate::buffer::Buffer;

    // The Envoy executable has these in its dynamic symbol table.
    unsafe extern "C" {
        pub(super) fn envoy_dynamic_module_callback_log(level: u32, message: Buffer);
        pub(super) fn envoy_dynamic_module_callback_log_enabled(level: u32) -> bool;
    }
}

/// Writes a line.
#[cfg(not(test))]
pub(crate) fn log(level: Level, message: &str) {
    let message = crate::buffer::Buffer::of(message.as_bytes());
    // SAFETY: Envoy only reads the message, and may be called from any thread.
    unsafe { envoy::envoy_dynamic_module_callback_log(level as u32, message) }
}

/// Writes a line if somebody will see it.
#[cfg(not(test))]
pub(crate) fn log_lazily(level: Level, message: impl FnOnce() -> String) {
    // SAFETY: it looks at the logger, from any thread.
    if unsafe { envoy::envoy_dynamic_module_callback_log_enabled(level as u32) } {
        log(level, &message());
    }
}

// Only Envoy has a log, so tests go without it.
#[cfg(test)]
pub(crate) fn log(_: Level, _: &str) {}

#[cfg(test)]
pub(crate) fn log_lazily(_: Level, _: impl FnOnce() -> String) {}
