//! What a hash asks of the machine.

/// What a new hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes; all are computed by one thread.
    pub lanes: u32,
}

impl Cost {
    /// The least that a service should ask for: 19 MiB, two passes (OWASP's list).
    pub const LEAST: Self = Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 };
    /// The most passes that new hashes make.
    pub const MOST_PASSES: u32 = 8;
}
