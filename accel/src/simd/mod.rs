//! The processor's features: a capability value for each set of instructions, which
//! only detection makes, and the registers, a file for each width.
//!
//! With `--cfg software_lanes`, registers are arrays and instructions are functions in
//! plain Rust: the same code then runs on any processor, slowly, for tests and Miri.

pub(crate) mod moves;
#[cfg(all(test, not(software_lanes)))]
mod tests;
#[cfg(not(software_lanes))]
pub(crate) mod x128;
#[cfg(software_lanes)]
#[path = "x128_emulated.rs"]
pub(crate) mod x128;
#[cfg(all(test, not(software_lanes)))]
mod x128_emulated;
#[cfg(not(software_lanes))]
pub(crate) mod x512;
#[cfg(software_lanes)]
#[path = "x512_emulated.rs"]
pub(crate) mod x512;
#[cfg(all(test, not(software_lanes)))]
mod x512_emulated;

/// The processor has AVX-512 F, IFMA, VL, DQ, BW and VBMI.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ifma(());

impl Ifma {
    /// The name of code that needs it, for logs and statistics.
    pub(crate) const NAME: &'static str = "avx512-ifma";

    /// Returns a value if the processor and the operating system support all of these.
    /// The standard library caches the answer.
    #[cfg(not(software_lanes))]
    pub(crate) fn detect() -> Option<Self> {
        let found = std::is_x86_feature_detected!("avx512f")
            && std::is_x86_feature_detected!("avx512ifma")
            && std::is_x86_feature_detected!("avx512vl")
            && std::is_x86_feature_detected!("avx512dq")
            && std::is_x86_feature_detected!("avx512bw")
            && std::is_x86_feature_detected!("avx512vbmi");
        found.then_some(Self(()))
    }

    /// Returns a value: every processor can emulate the instructions.
    #[cfg(software_lanes)]
    pub(crate) const fn detect() -> Option<Self> {
        Some(Self(()))
    }
}

/// The processor has the SHA extensions, SSSE3 and SSE 4.1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ShaNi(());

impl ShaNi {
    /// Returns a value if the processor supports all of these.
    #[cfg(not(software_lanes))]
    pub(crate) fn detect() -> Option<Self> {
        let found = std::is_x86_feature_detected!("sha")
            && std::is_x86_feature_detected!("ssse3")
            && std::is_x86_feature_detected!("sse4.1");
        found.then_some(Self(()))
    }

    /// Returns a value: every processor can emulate the instructions.
    #[cfg(software_lanes)]
    pub(crate) const fn detect() -> Option<Self> {
        Some(Self(()))
    }
}
