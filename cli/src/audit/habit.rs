//! Whether tokens come again, so that the cache of verified tokens is worth asking.

/// So many tokens are looked up before the cache is left out.
const LEARNED: usize = 4096;
/// The cache is left out if less than one in this many tokens was found.
const RARE: usize = 256;
/// Of so many chunks one asks the cache still, and finds out if tokens come again.
const ROUND: u32 = 16;

/// What one thread learned from its chunks. It changes the speed, and no result.
#[derive(Debug, Default)]
pub(super) struct Habit {
    looked_up: usize,
    found: usize,
    left_out: u32,
}

impl Habit {
    /// Returns `true` if the next chunk should ask the cache.
    pub(super) fn asks(&mut self) -> bool {
        if self.looked_up < LEARNED || self.found.saturating_mul(RARE) >= self.looked_up {
            return true;
        }
        self.left_out = self.left_out.wrapping_add(1) % ROUND;
        self.left_out == 0
    }

    /// Notes how many of a chunk's tokens the cache was asked for, and how many it had.
    pub(super) fn note(&mut self, looked_up: usize, found: usize) {
        // Halved, so that the latest chunks count most; what was learned stays enough.
        if self.looked_up >> 1 >= LEARNED {
            (self.looked_up, self.found) = (self.looked_up >> 1, self.found >> 1);
        }
        self.looked_up = self.looked_up.saturating_add(looked_up);
        self.found = self.found.saturating_add(found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts the chunks that ask the cache, which has so many of their tokens.
    fn asked(habit: &mut Habit, chunks: usize, found: usize) -> usize {
        let asks = |_: &usize| {
            let asks = habit.asks();
            if asks {
                habit.note(300, found);
            }
            asks
        };
        (0..chunks).filter(asks).count()
    }

    #[test]
    fn cache_is_left_out_while_no_token_comes_again() {
        let mut habit = Habit::default();
        assert_eq!(asked(&mut habit, 14, 0), 14);
        assert_eq!(asked(&mut habit, 160, 0), 10);
        // Tokens come again, and the cache is asked every time soon.
        assert!(asked(&mut habit, 320, 30) > 280);
        assert_eq!(asked(&mut habit, 20, 30), 20);
        assert!(asked(&mut habit, 320, 0) < 150);
    }

    #[test]
    fn cache_is_asked_while_tokens_come_again() {
        let mut habit = Habit::default();
        assert_eq!(asked(&mut habit, 1000, 2), 1000);
    }
}
