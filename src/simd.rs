//! A capability token that permits 512-bit registers for text decoding.
//!
//! These registers decode text in a fraction of the instructions, but using them can slow
//! down the code that follows. So only verifiers that check signatures in such registers
//! anyway get a token.

/// Proof that the processor has AVX-512 F, BW and VBMI.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wide(());

/// Uninhabited on other processors, which have no such registers.
#[cfg(not(target_arch = "x86_64"))]
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wide {}

impl Wide {
    /// Returns a token if the processor and the operating system support all of these.
    #[cfg(target_arch = "x86_64")]
    pub(crate) fn detect() -> Option<Self> {
        let found = std::is_x86_feature_detected!("avx512f")
            && std::is_x86_feature_detected!("avx512bw")
            && std::is_x86_feature_detected!("avx512vbmi");
        found.then_some(Self(()))
    }

    /// Returns `None`: there are no such registers.
    #[cfg(not(target_arch = "x86_64"))]
    pub(crate) const fn detect() -> Option<Self> {
        None
    }
}
