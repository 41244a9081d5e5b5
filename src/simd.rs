//! Registers of 512 bits for text: leave to use them, and who gives it.
//!
//! They decode text in a fraction of the instructions, but a processor
//! that was not using them may take longer over what follows. So they are for
//! verifiers whose signatures are checked in such registers anyway.

/// The processor has AVX-512 F, BW and VBMI, and they are wanted.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wide(());

/// Elsewhere nobody can have such a leave.
#[cfg(not(target_arch = "x86_64"))]
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wide {}

impl Wide {
    /// Looks whether the processor, and the operating system, have it all.
    #[cfg(target_arch = "x86_64")]
    pub(crate) fn detect() -> Option<Self> {
        let found = std::is_x86_feature_detected!("avx512f")
            && std::is_x86_feature_detected!("avx512bw")
            && std::is_x86_feature_detected!("avx512vbmi");
        found.then_some(Self(()))
    }

    /// There are no such registers.
    #[cfg(not(target_arch = "x86_64"))]
    pub(crate) const fn detect() -> Option<Self> {
        None
    }
}
