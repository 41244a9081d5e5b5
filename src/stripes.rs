//! Spreads the counts of threads over a few stripes, so threads mostly write to
//! different cache lines.

/// The number of stripes.
pub(crate) const STRIPES: usize = 16;

/// Returns the stripe of a number. Numbers that are close to each other, such as
/// addresses, are spread too.
#[inline]
pub(crate) const fn stripe(who: usize) -> usize {
    // The highest four bits of the product depend on all bits of the number. The
    // product has 64 bits even if a `usize` has 32.
    ((who as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 60) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stripes_are_all_used_and_there_are_no_others() {
        for step in [1, 8, 64, 4096, 1 << 20] {
            let mut counts = [0; STRIPES];
            for who in 0..1024 {
                counts[stripe(who * step)] += 1;
            }
            assert!(counts.iter().all(|count| *count > 32), "a step of {step}: {counts:?}");
        }
        assert!(stripe(usize::MAX) < STRIPES);
    }
}
