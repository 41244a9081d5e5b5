//! What the fuzz targets share: keys, seeds, and a second opinion on tokens.

pub mod capi;
pub mod columns;
pub mod guarded;
pub mod keys;
pub mod reference;
pub mod seeds;

/// The instant of every verification.
pub const NOW: i64 = 1_800_000_000;
