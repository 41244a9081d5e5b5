//! What the processor can do: a value for each set of instructions, which only
//! the question to the processor makes, and the registers, a file for each
//! width.

pub(crate) mod x128;
pub(crate) mod x512;

/// The processor has AVX-512 F, IFMA, VL, DQ, BW and VBMI.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ifma(());

impl Ifma {
    /// What logs and statistics call the code that needs it.
    pub(crate) const NAME: &'static str = "avx512-ifma";

    /// Looks whether the processor, and the operating system, have it all. The
    /// standard library remembers the answer.
    pub(crate) fn detect() -> Option<Self> {
        let found = std::is_x86_feature_detected!("avx512f")
            && std::is_x86_feature_detected!("avx512ifma")
            && std::is_x86_feature_detected!("avx512vl")
            && std::is_x86_feature_detected!("avx512dq")
            && std::is_x86_feature_detected!("avx512bw")
            && std::is_x86_feature_detected!("avx512vbmi");
        found.then_some(Self(()))
    }
}

/// The processor has the SHA extensions, SSSE3 and SSE 4.1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ShaNi(());

impl ShaNi {
    /// Asks the processor.
    pub(crate) fn detect() -> Option<Self> {
        let found = std::is_x86_feature_detected!("sha")
            && std::is_x86_feature_detected!("ssse3")
            && std::is_x86_feature_detected!("sse4.1");
        found.then_some(Self(()))
    }
}
