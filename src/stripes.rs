//! Spreading what threads count over a few stripes, so that they mostly write to
//! cache lines of their own.

/// How many stripes there are.
pub(crate) const STRIPES: usize = 16;

/// Spreads numbers over the stripes, also those that are near each other.
#[inline]
pub(crate) const fn stripe(who: usize) -> usize {
    // The highest four bits of the product depend on all bits of the number;
    // in 64 bits also where a `usize` has 32.
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
