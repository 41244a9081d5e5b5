//! The keys that were seen, and when.

use crate::key::{KeySet, VerifyingKey};
use crate::time::UnixSeconds;

/// A key that an issuer published, and from when to when it was seen.
///
/// ```
/// # use jot::UnixSeconds;
/// # use jot::jwks::{Answer, Change, Keeper, KeeperOptions, Poll};
/// # let mut keeper = Keeper::of_keys("https://issuer.example/jwks", KeeperOptions::default(), 1)?;
/// # let now = UnixSeconds(1_800_000_000);
/// # let Poll::Fetch(request) = keeper.poll(now) else { unreachable!() };
/// # let ticket = request.ticket;
/// # let body = br#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
/// # let answer = Answer::Response { status: 200, fields: &[], body };
/// keeper.answer(ticket, answer, now);
/// let seen = &keeper.history()[0];
/// assert_eq!((seen.key().kid(), seen.first_seen()), (Some("a"), now));
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SeenKey {
    pub(super) key: VerifyingKey,
    pub(super) first: i64,
    pub(super) last: i64,
}

impl SeenKey {
    /// Returns the key.
    #[must_use]
    pub const fn key(&self) -> &VerifyingKey {
        &self.key
    }

    /// Returns when an answer had the key for the first time.
    #[must_use]
    pub const fn first_seen(&self) -> UnixSeconds {
        UnixSeconds(self.first)
    }

    /// Returns when an answer had the key for the last time.
    #[must_use]
    pub const fn last_seen(&self) -> UnixSeconds {
        UnixSeconds(self.last)
    }

    fn is_of(&self, key: &VerifyingKey) -> bool {
        is_same(&self.key, key)
    }
}

/// Returns `true` if two keys verify the same tokens.
pub(super) fn is_same(one: &VerifyingKey, other: &VerifyingKey) -> bool {
    one.kid() == other.kid()
        && one.thumbprint() == other.thumbprint()
        && one.algorithms() == other.algorithms()
        && (one.not_before(), one.expires_at()) == (other.not_before(), other.expires_at())
}

/// The keys that were seen, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    pub(super) seen: Vec<SeenKey>,
}

impl History {
    /// Records the keys of an answer. At most `most` of the keys that it lacks are
    /// remembered: those that were seen last.
    pub(super) fn note(&mut self, set: &KeySet, now: i64, most: usize) {
        for key in set {
            match self.seen.iter_mut().find(|seen| seen.is_of(key)) {
                Some(seen) => seen.last = seen.last.max(now),
                None => self.seen.push(SeenKey { key: key.clone(), first: now, last: now }),
            }
        }
        let is_gone = |seen: &SeenKey| !set.into_iter().any(|key| seen.is_of(key));
        let mut gone: Vec<i64> =
            self.seen.iter().filter(|seen| is_gone(seen)).map(|seen| seen.last).collect();
        let Some(over) = gone.len().checked_sub(most).filter(|over| *over > 0) else { return };
        gone.sort_unstable();
        let mut left = over;
        let bound = gone.get(over.saturating_sub(1)).copied().unwrap_or(i64::MIN);
        self.seen.retain(|seen| {
            let forget = left > 0 && seen.last <= bound && is_gone(seen);
            left = left.saturating_sub(usize::from(forget));
            !forget
        });
    }

    /// Returns the set at each instant at which it changed, as JWK Sets by date.
    pub(super) fn snapshots(&self) -> Vec<(UnixSeconds, KeySet)> {
        let mut changes: Vec<i64> = self.seen.iter().map(|seen| seen.first).collect();
        let newest = self.seen.iter().map(|seen| seen.last).max();
        // A key is gone from the first second after it was seen last.
        let gone = self.seen.iter().map(|seen| seen.last).filter(|last| Some(*last) < newest);
        changes.extend(gone.map(|last| last.saturating_add(1)));
        changes.sort_unstable();
        changes.dedup();
        let at = |instant: i64| {
            let there = self.seen.iter().filter(|seen| (seen.first..=seen.last).contains(&instant));
            KeySet::new(there.map(|seen| seen.key.clone()))
        };
        changes.into_iter().map(|instant| (UnixSeconds(instant), at(instant))).collect()
    }
}
