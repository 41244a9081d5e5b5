//! In which state a key was when its token was used.

use crate::error::Code;
use crate::time::{Interval, UnixSeconds};

/// The state of a token's key at the row's instant.
///
/// ```
/// use jot::batch::KeyState;
///
/// assert_eq!(KeyState::from_number(2), Some(KeyState::Retired)); // an element of the column
/// assert_eq!(KeyState::Retired.name(), "retired");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum KeyState {
    /// The key that verified was in force.
    Active = 1,
    /// The key that verified was in force no longer.
    Retired = 2,
    /// The key that verified was not in force yet.
    NotYetValid = 3,
    /// The token's `kid` is no key's: [`Code::KidUnknown`].
    Unknown = 4,
}

impl KeyState {
    const ALL: [Self; 4] = [Self::Active, Self::Retired, Self::NotYetValid, Self::Unknown];

    /// Returns the number in [`Columns::key_state`](crate::batch::Columns::key_state).
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// Returns the state with a number; `None` for 0 and others that are no
    /// state's.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.number() == number)
    }

    /// Returns the name: `active`, `retired`, `not_yet_valid` or `unknown`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Retired => "retired",
            Self::NotYetValid => "not_yet_valid",
            Self::Unknown => "unknown",
        }
    }

    /// Returns the state of a key that verified a token, which came to `code` at
    /// `now`. The policy's leeway decides before the bare dates.
    pub(super) fn of_verified(code: Code, key: &Interval, now: UnixSeconds) -> Self {
        match code {
            Code::KeyNotYetValid => Self::NotYetValid,
            Code::KeyRetired => Self::Retired,
            _ if now < key.start => Self::NotYetValid,
            // The last second is no bound.
            _ if now >= key.end && key.end != Interval::ALWAYS.end => Self::Retired,
            _ => Self::Active,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_have_the_numbers_that_they_are_found_by() {
        for state in KeyState::ALL {
            assert_eq!(KeyState::from_number(state.number()), Some(state), "{}", state.name());
        }
        assert!([0, 5, 255].into_iter().all(|number| KeyState::from_number(number).is_none()));
    }

    #[test]
    fn key_without_bounds_is_always_active() {
        for now in [i64::MIN, 0, i64::MAX] {
            let state = KeyState::of_verified(Code::Accepted, &Interval::ALWAYS, UnixSeconds(now));
            assert_eq!(state, KeyState::Active, "{now}");
        }
    }
}
