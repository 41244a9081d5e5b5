//! Envoy's ABI for dynamic modules, as far as this module uses it.
//!
//! Checked against Envoy 1.40.0 (ABI `v0.2.0`): its
//! `source/extensions/dynamic_modules/abi/abi.h` and the dynamic symbols of the
//! released binary. Envoy takes a module of another ABI version with no more
//! than a line in its log, so look here first when Envoy is upgraded.
//!
//! All unsafe code of the module is in this folder, `buffer.rs` and `logger.rs`.
//! Three rules make it sound, and they are Envoy's to keep: a hook's Envoy pointer is valid until the hook
//! returns, hooks of one stream never run at the same time, and what a
//! configuration hook returned is handed back unchanged until it is destroyed.
#![expect(unsafe_code, reason = "the boundary to Envoy is a C one")]

mod callbacks;
mod fetch;
mod gauges;
mod held;
mod hooks;
mod idle;
mod requests;
mod start;
mod stream;
