//! What differs between processes.

/// Returns a seed for a keeper.
pub(crate) fn seed() -> u64 {
    // Without randomness processes may ask at the same time, which harms nobody.
    getrandom::u64().unwrap_or_else(|_| u64::from(std::process::id()))
}
