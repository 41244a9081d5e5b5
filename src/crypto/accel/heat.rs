//! How much a key is used.

use std::sync::atomic::{AtomicU64, Ordering};

/// Good signatures of a key, of which those of an epoch count half in the next one.
///
/// Two threads that add at the same time may lose one of both: it is a statistic, and a
/// locked addition would cost more than it is worth.
#[derive(Debug, Default)]
pub(super) struct Heat(AtomicU64);

impl Heat {
    /// Returns the number in this epoch.
    #[inline]
    pub(super) fn now(&self, epoch: u32) -> u32 {
        let packed = self.0.load(Ordering::Relaxed);
        let age = epoch.wrapping_sub((packed >> 32) as u32);
        (packed as u32).checked_shr(age).unwrap_or(0)
    }

    /// Adds to it; returns the sum.
    #[inline]
    pub(super) fn add(&self, good: u32, epoch: u32) -> u32 {
        let sum = self.now(epoch).saturating_add(good);
        self.set(sum, epoch);
        sum
    }

    pub(super) fn set(&self, sum: u32, epoch: u32) {
        self.0.store(u64::from(epoch) << 32 | u64::from(sum), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heat_halves_with_each_epoch() {
        let heat = Heat::default();
        assert_eq!((heat.now(0), heat.add(40, 0), heat.add(60, 0)), (0, 40, 100));
        assert_eq!([0, 1, 2, 7, 31, 32, u32::MAX].map(|epoch| heat.now(epoch)), [100, 50, 25, 0, 0, 0, 0]);
        assert_eq!((heat.add(1, 1), heat.add(u32::MAX, 1)), (51, u32::MAX));
        // The number of epochs wraps.
        heat.set(8, u32::MAX);
        assert_eq!(heat.now(1), 2);
    }
}
