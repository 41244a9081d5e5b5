//! The counters of a verifier.

use super::boundary::{Growable, answer, boundary, given, write};
use super::codes::alg_of;
use super::text::Text;
use super::verifier::Verifier;
use crate::error::Code;

/// Counters of a verifier since it was built. Counts that other threads add while the
/// snapshot is taken may or may not be included.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Statistics {
    /// `sizeof(jot_statistics)`, set by the caller.
    pub size: usize,
    /// Tokens that were accepted.
    pub accepted: u64,
    /// Tokens that were rejected.
    pub refused: u64,
    /// Accepted tokens that the cache held.
    pub cache_hits: u64,
    /// Accepted tokens that the cache did not hold or no longer held.
    pub cache_misses: u64,
    /// Entries of the cache that others evicted.
    pub cache_evictions: u64,
    /// The memory of the cache in bytes, full or empty.
    pub cache_bytes: u64,
}

// SAFETY: `repr(C)`, a `usize` first, integers behind it.
unsafe impl Growable for Statistics {
    const LEAST: usize = size_of::<Self>();
}

/// Takes a snapshot of a verifier's counters. Other threads may verify meanwhile.
/// Returns 15x for wrong arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_statistics(verifier: Option<&Verifier>, statistics: *mut Statistics) -> u32 {
    boundary(|| {
        let taken = given(verifier, "verifier")?.inner.statistics();
        let refused = taken.codes.iter().filter(|row| row.0 != Code::Accepted);
        let value = Statistics {
            size: size_of::<Statistics>(),
            accepted: taken.verdicts(Code::Accepted),
            refused: refused.fold(0, |sum, row| sum.wrapping_add(row.1)),
            cache_hits: taken.cache_hits,
            cache_misses: taken.cache_misses,
            cache_evictions: taken.cache_evictions,
            cache_bytes: taken.cache_bytes as u64,
        };
        write(statistics, value, "statistics")
    })
}

/// Returns how often a code was the verdict; 0 for NULL and for a number that is
/// not a code. Other threads may verify meanwhile.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_verdicts(verifier: Option<&Verifier>, code: u32) -> u64 {
    answer(0, || {
        let code = Code::from_number(code);
        verifier.zip(code).map_or(0, |(verifier, code)| verifier.inner.statistics().verdicts(code))
    })
}

/// Returns how many tokens were accepted after their signature was verified with
/// this algorithm; 0 for NULL and for a number that is not an algorithm. Other
/// threads may verify meanwhile.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_verifications(verifier: Option<&Verifier>, alg: u32) -> u64 {
    answer(0, || {
        let Some((verifier, alg)) = verifier.zip(alg_of(alg).ok()) else { return 0 };
        let taken = verifier.inner.statistics();
        taken.verifications.iter().find(|row| row.0 == alg).map_or(0, |row| row.1)
    })
}

/// Writes the counters in the Prometheus text format (version 0.0.4). Other threads
/// may verify meanwhile. Returns 15x for wrong arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_prometheus(verifier: Option<&Verifier>, text: Option<&mut Text>) -> u32 {
    boundary(|| {
        given(text, "text")?.set(&given(verifier, "verifier")?.inner.statistics().to_prometheus());
        Ok(())
    })
}
