//! How many passes a hash of a password makes: as many as fit into the wanted time.
//!
//! It is measured once, and kept in the database, so that all instances agree, and so that a
//! restart makes no hash outdated: a hash of another cost takes another time than that of an
//! account that is not there. Another wanted time, or other memory, is measured anew.

use std::time::{Duration, Instant};

use jot_login::password::{self, Cost, Memory};

use crate::config::Passwords;
use crate::store::{self, Database, Outcome, StoreFault};

/// The best of so many hashes counts: other programs only make them slower.
const TRIES: u32 = 3;

/// Returns what a hash costs.
pub(crate) fn cost(database: &mut dyn Database, settings: &Passwords) -> Outcome<Cost> {
    let cost = settings.cost;
    let Some(target) = settings.target else { return Ok(cost) };
    let name = format!("passes for {} KiB in {} ms", cost.memory_kib, target.as_millis());
    let passes = match store::setting(database, &name)? {
        Some(passes) => passes,
        None => {
            let passes = passes_in(target, settings)
                .ok_or_else(|| StoreFault::Database("no password can be hashed".to_owned()))?;
            store::set_setting(database, &name, passes.into())?;
            passes.into()
        }
    };
    let least = settings.cost.passes;
    let passes = u32::try_from(passes).unwrap_or(least).clamp(least, Cost::MOST_PASSES);
    Ok(Cost { passes, ..cost })
}

fn passes_in(target: Duration, settings: &Passwords) -> Option<u32> {
    let cost = settings.cost;
    let mut best = Duration::MAX;
    // Kept from hash to hash, as logins have it.
    let mut memory = Memory::new(cost);
    for _ in 0..TRIES {
        let begun = Instant::now();
        password::hash("the time of a hash", cost, [0; 16], &mut memory)?;
        best = best.min(begun.elapsed());
    }
    fitting(target, best, cost.passes)
}

/// How many passes fit into a time if so many take another one.
fn fitting(target: Duration, taken: Duration, passes: u32) -> Option<u32> {
    let fitting = target.as_micros().saturating_mul(passes.into()).checked_div(taken.as_micros())?;
    Some(u32::try_from(fitting).unwrap_or(u32::MAX).clamp(passes, Cost::MOST_PASSES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_are_within_bounds() {
        let cost = Cost { memory_kib: 8, passes: 2, lanes: 1 };
        let settings = |milliseconds| Passwords {
            cost,
            target: Some(Duration::from_millis(milliseconds)),
            at_once: 1,
            queue: 1,
        };
        // A hash of 8 KiB takes microseconds.
        assert_eq!(passes_in(Duration::from_nanos(1), &settings(1)), Some(2));
        assert_eq!(passes_in(Duration::from_secs(1), &settings(1)), Some(8));
    }

    #[test]
    fn passes_take_the_wanted_time() {
        let milliseconds = Duration::from_millis;
        assert_eq!(fitting(milliseconds(100), milliseconds(40), 2), Some(5));
        assert_eq!(fitting(milliseconds(100), milliseconds(34), 1), Some(2));
        assert_eq!(fitting(milliseconds(100), milliseconds(60), 2), Some(3));
        assert_eq!(fitting(milliseconds(100), Duration::ZERO, 2), None);
    }

    #[test]
    fn first_measurement_counts() {
        let mut database = store::in_memory();
        let database = &mut *database;
        let settings = Passwords {
            cost: Cost { memory_kib: 8, passes: 1, lanes: 1 },
            target: Some(Duration::from_millis(77)),
            at_once: 1,
            queue: 1,
        };
        assert_eq!(cost(database.as_database(), &settings).unwrap().passes, 8);
        store::set_setting(database.as_database(), "passes for 8 KiB in 77 ms", 5).unwrap();
        assert_eq!(cost(database.as_database(), &settings).unwrap().passes, 5, "it is not measured again");
        let plain = Passwords { target: None, ..settings };
        assert_eq!(cost(database.as_database(), &plain).unwrap().passes, 1);
    }
}
