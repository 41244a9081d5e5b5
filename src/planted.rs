//! Faults for the sanitizers to find: a check that finds nothing may also be one
//! that looks at nothing (`scripts/sanitizers.sh`).
#![expect(unsafe_code, reason = "faults of this kind cannot be made without")]

/// Counts as threads must not.
#[cfg(planted = "race")]
pub(crate) fn race() {
    static mut COUNT: u64 = 0;
    // SAFETY: none; other threads do the same at the same time.
    unsafe { COUNT = COUNT.wrapping_add(1) };
}

/// Reads the byte behind a block of the heap.
#[cfg(planted = "overread")]
pub(crate) fn overread(bytes: &[u8]) {
    let block: Box<[u8]> = bytes.into();
    // SAFETY: none; the byte is not the block's.
    unsafe { block.as_ptr().add(block.len()).read_volatile() };
}
