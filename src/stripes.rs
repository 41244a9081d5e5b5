//! Spreads the counts of threads over a few stripes, so threads mostly write to
//! different cache lines.

use std::sync::atomic::{AtomicU64, Ordering};

/// The number of stripes.
const STRIPES: usize = 16;

/// Aligned to 128 bytes, because processors fetch cache lines of 64 bytes in pairs.
#[repr(align(128))]
struct Stripe<C>(C);

/// The counters `C`, once for each stripe.
pub(crate) struct Stripes<C>(Box<[Stripe<C>; STRIPES]>);

impl<C: Default> Default for Stripes<C> {
    fn default() -> Self {
        // Not as an array on the stack: what lies there between the counters, such as the
        // state of a signature, would go to the heap with it.
        let stripes: Box<[_]> = (0..STRIPES).map(|_| Stripe(C::default())).collect();
        Self(stripes.try_into().unwrap_or_else(|_| Box::new(std::array::from_fn(|_| Stripe(C::default())))))
    }
}

impl<C> Stripes<C> {
    /// Returns the counters to count in. `who` is any value that differs between
    /// threads.
    #[inline]
    pub(crate) fn of(&self, who: usize) -> &C {
        let [first, ..] = &*self.0;
        &self.0.get(stripe(who)).unwrap_or(first).0
    }

    /// Adds up one counter of every stripe.
    pub(crate) fn sum(&self, counter: impl Fn(&C) -> Option<&AtomicU64>) -> u64 {
        let counters = self.0.iter().filter_map(|stripe| counter(&stripe.0));
        counters.map(|counter| counter.load(Ordering::Relaxed)).fold(0, u64::wrapping_add)
    }
}

/// Returns the stripe of a number. Numbers that are close to each other, such as
/// addresses, are spread too.
#[inline]
const fn stripe(who: usize) -> usize {
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

    #[test]
    fn sum_has_the_counts_of_every_stripe() {
        let stripes = Stripes::<[AtomicU64; 2]>::default();
        for who in 0..1000 {
            stripes.of(who)[1].fetch_add(1, Ordering::Relaxed);
        }
        assert_eq!([0, 1, 2].map(|index| stripes.sum(|counts| counts.get(index))), [0, 1000, 0]);
        assert!(stripes.0.iter().all(|stripe| stripe.0[1].load(Ordering::Relaxed) > 0));
    }
}
