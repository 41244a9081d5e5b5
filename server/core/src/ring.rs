//! Which signing key is published and which one signs, at any instant.
//!
//! ```text
//!    announce            signs_from           signs_until          the last token is dead
//!       │                    │                     │                        │
//!       ▼                    ▼                     ▼                        ▼
//!       ┌─────── next ───────┬────── signing ──────┬─────── retired ────────┐ gone
//!       └── published ───────┴── published ────────┴── published ───────────┘
//! ```
//!
//! A key's whole life is told by its three dates, so no event moves it on, and every
//! instance of the service that knows the dates does the same at the same time. What has to
//! be done is to announce the next key in time, and to drop those that are gone; both are
//! one compare-and-set of the ring's `version`, so two instances never both announce.
//!
//! The next key is published for [`Timetable::ahead_seconds`] before it signs, longer than
//! anyone keeps a JWK Set. Only the first key signs at once: nobody has a JWK Set yet.

use jot::UnixSeconds;

/// When keys change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timetable {
    /// A key signs for so long.
    pub signing_seconds: u32,
    /// A key is published so long before it signs.
    pub ahead_seconds: u32,
    /// The longest life of a token, with what verifiers allow for their clocks.
    pub token_seconds: u32,
}

/// The dates of a signing key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RingKey {
    /// Its name in tokens and in the JWK Set.
    pub kid: String,
    /// From when on it signs.
    pub signs_from: UnixSeconds,
    /// Until when it signs; `None` while no successor is announced.
    pub signs_until: Option<UnixSeconds>,
}

/// The keys, the oldest first, and the number of the last change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ring {
    /// Each change adds one.
    pub version: u64,
    /// Never empty once the service has started.
    pub keys: Vec<RingKey>,
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// Published; it does not sign yet.
    Next,
    /// Published; it signs.
    Signing,
    /// Published for the tokens that it signed.
    Retired,
    /// No token of it is alive.
    Gone,
}

/// What has to be done to the ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Make a key and [`announce`](Ring::announce) it.
    Announce,
    /// [`Purge`](Ring::purge) those that are gone.
    Purge,
}

impl RingKey {
    /// Returns what the key does at `now`.
    #[must_use]
    pub fn state(&self, timetable: &Timetable, now: UnixSeconds) -> KeyState {
        let Some(until) = self.signs_until else {
            return if now < self.signs_from { KeyState::Next } else { KeyState::Signing };
        };
        if now < self.signs_from {
            KeyState::Next
        } else if now < until {
            KeyState::Signing
        } else if now.0 < until.0.saturating_add(timetable.token_seconds.into()) {
            KeyState::Retired
        } else {
            KeyState::Gone
        }
    }
}

impl Ring {
    /// Returns the key that signs at `now`. If a clock was set back before all of them, it
    /// is the oldest, which is published like the others.
    #[must_use]
    pub fn signing(&self, now: UnixSeconds) -> Option<&RingKey> {
        self.keys.iter().rev().find(|key| key.signs_from <= now).or_else(|| self.keys.first())
    }

    /// Returns the keys of the JWK Set at `now`.
    pub fn published(&self, timetable: &Timetable, now: UnixSeconds) -> impl Iterator<Item = &RingKey> {
        self.keys.iter().filter(move |key| key.state(timetable, now) != KeyState::Gone)
    }

    /// Returns what has to be done at `now`, if anything.
    #[must_use]
    pub fn due(&self, timetable: &Timetable, now: UnixSeconds) -> Option<Due> {
        let Some(newest) = self.keys.last() else { return Some(Due::Announce) };
        let next_in = i64::from(timetable.signing_seconds).saturating_sub(timetable.ahead_seconds.into());
        if now.0 >= newest.signs_from.0.saturating_add(next_in.max(0)) {
            return Some(Due::Announce);
        }
        let is_gone = |key: &RingKey| key.state(timetable, now) == KeyState::Gone;
        self.keys.iter().any(is_gone).then_some(Due::Purge)
    }

    /// Adds a key that will sign as soon as everyone can know it; `None` if another one is
    /// announced already.
    #[must_use]
    pub fn announce(&self, kid: &str, timetable: &Timetable, now: UnixSeconds) -> Option<Self> {
        if self.keys.last().is_some_and(|newest| now < newest.signs_from) {
            return None;
        }
        let ahead = if self.keys.is_empty() { 0 } else { timetable.ahead_seconds };
        let signs_from = UnixSeconds(now.0.saturating_add(ahead.into()));
        let mut keys = self.keys.clone();
        if let Some(newest) = keys.last_mut() {
            newest.signs_until = Some(signs_from);
        }
        keys.push(RingKey { kid: kid.to_owned(), signs_from, signs_until: None });
        Some(Self { version: self.version.saturating_add(1), keys })
    }

    /// Drops the keys that are gone at `now`.
    #[must_use]
    pub fn purge(&self, timetable: &Timetable, now: UnixSeconds) -> Self {
        let keys = self.published(timetable, now).cloned().collect();
        Self { version: self.version.saturating_add(1), keys }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TIMES: Timetable = Timetable { signing_seconds: 1000, ahead_seconds: 100, token_seconds: 60 };

    fn states(ring: &Ring, now: i64) -> Vec<KeyState> {
        ring.keys.iter().map(|key| key.state(&TIMES, UnixSeconds(now))).collect()
    }

    #[test]
    fn key_is_published_before_it_signs_and_until_its_last_token_is_dead() {
        let first = Ring::default().announce("a", &TIMES, UnixSeconds(0)).unwrap();
        assert_eq!(states(&first, 0), [KeyState::Signing], "the first signs at once");
        assert_eq!(first.due(&TIMES, UnixSeconds(899)), None);
        assert_eq!(first.due(&TIMES, UnixSeconds(900)), Some(Due::Announce));
        let both = first.announce("b", &TIMES, UnixSeconds(900)).unwrap();
        assert_eq!(states(&both, 999), [KeyState::Signing, KeyState::Next]);
        assert_eq!(both.signing(UnixSeconds(999)).unwrap().kid, "a");
        assert_eq!(states(&both, 1000), [KeyState::Retired, KeyState::Signing]);
        assert_eq!(both.signing(UnixSeconds(1000)).unwrap().kid, "b");
        assert_eq!(states(&both, 1060), [KeyState::Gone, KeyState::Signing]);
        assert_eq!(both.due(&TIMES, UnixSeconds(1059)), None);
        assert_eq!(both.due(&TIMES, UnixSeconds(1060)), Some(Due::Purge));
        let left = both.purge(&TIMES, UnixSeconds(1060));
        assert_eq!(left.keys.iter().map(|key| &*key.kid).collect::<Vec<_>>(), ["b"]);
        assert_eq!([first.version, both.version, left.version], [1, 2, 3]);
    }

    #[test]
    fn only_one_key_is_announced_at_a_time() {
        let ring = Ring::default().announce("a", &TIMES, UnixSeconds(0)).unwrap();
        let ring = ring.announce("b", &TIMES, UnixSeconds(10)).unwrap();
        assert!(ring.announce("c", &TIMES, UnixSeconds(109)).is_none());
        assert!(ring.announce("c", &TIMES, UnixSeconds(110)).is_some());
    }

    #[test]
    fn clock_that_was_set_back_signs_with_a_published_key() {
        let ring = Ring::default().announce("a", &TIMES, UnixSeconds(5000)).unwrap();
        assert_eq!(ring.signing(UnixSeconds(1400)).unwrap().kid, "a");
        assert_eq!(ring.published(&TIMES, UnixSeconds(1400)).count(), 1);
        assert_eq!(ring.due(&TIMES, UnixSeconds(1400)), None);
    }

    proptest! {
        /// A service that is looked after at random times, sometimes by command, on a clock
        /// that may jump back (nobody gives the command just then): what signs was published for long enough, and whatever signed
        /// within a token's life is still published.
        #[test]
        fn verifiers_always_have_the_key(steps in prop::collection::vec((-200_i64..400, any::<bool>()), 1..200)) {
            let mut ring = Ring::default().announce("0", &TIMES, UnixSeconds(0)).unwrap();
            let (mut now, mut latest) = (0_i64, 0_i64);
            let mut published_since = vec![i64::MIN];
            let mut signed: Vec<(i64, String)> = Vec::new();
            for (made, (pause, by_command)) in steps.into_iter().enumerate() {
                now = (now + pause).max(0);
                latest = latest.max(now);
                let due = ring.due(&TIMES, UnixSeconds(now));
                if due == Some(Due::Announce) || (by_command && now == latest) {
                    if let Some(next) = ring.announce(&(made + 1).to_string(), &TIMES, UnixSeconds(now)) {
                        ring = next;
                        published_since.resize(made + 1, 0);
                        published_since.push(now);
                    }
                } else if due == Some(Due::Purge) {
                    ring = ring.purge(&TIMES, UnixSeconds(now));
                }
                let signing = ring.signing(UnixSeconds(now)).unwrap();
                let known_since = published_since[signing.kid.parse::<usize>().unwrap()];
                prop_assert!(now == latest || known_since <= now || ring.keys.len() == 1 || signing == &ring.keys[0]);
                if known_since != i64::MIN && now == latest {
                    prop_assert!(now - known_since >= 100, "signs {} s after it was published", now - known_since);
                }
                if now == latest {
                    signed.push((now, signing.kid.clone()));
                    for (at, kid) in signed.iter().filter(|(at, _)| now - at < 60) {
                        let there = ring.published(&TIMES, UnixSeconds(now)).any(|key| key.kid == *kid);
                        prop_assert!(there, "{kid} signed at {at} and is not published at {now}");
                    }
                }
                let ends: Vec<_> = ring.keys.iter().filter(|key| key.signs_until.is_none()).collect();
                prop_assert_eq!(ends.len(), 1);
            }
        }
    }
}
