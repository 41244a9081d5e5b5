//! Tokens that come from several addresses.

use std::collections::HashMap;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// How many tokens of one address are remembered: two generations of so many.
const GENERATION: usize = 500_000;

/// How many tokens of several addresses are kept, and how many addresses of
/// each.
const SHARED: usize = 10_000;
const ADDRESSES: usize = 256;

/// One use of a token.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Use {
    pub(super) fingerprint: u128,
    pub(super) address: u64,
    pub(super) used_at: i64,
    /// The place of the subject within the part's own.
    pub(super) subject: Option<usize>,
}

/// A token that came from several addresses.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Shared {
    pub(super) addresses: Vec<u64>,
    /// Uses from the first time that a second address was seen.
    pub(super) uses: u64,
    pub(super) first: i64,
    pub(super) last: i64,
    pub(super) subject: Option<String>,
}

/// Finds tokens that come from several addresses, of those that were seen not
/// too long ago.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct SharedTokens {
    /// What a part noted, in the order of its rows.
    noted: Vec<Use>,
    young: HashMap<u64, (u64, i64)>,
    old: HashMap<u64, (u64, i64)>,
    shared: IndexMap<String, Shared>,
    /// Tokens that were forgotten before they came again, if they did.
    pub(super) forgotten: u64,
}

impl SharedTokens {
    pub(super) fn note(&mut self, token_use: Use) {
        self.noted.push(token_use);
    }

    /// Takes up what the next part noted.
    pub(super) fn merge(&mut self, later: Self, subject: impl Fn(usize) -> String) {
        for token_use in later.noted {
            self.see(&token_use, &subject);
        }
    }

    fn see(&mut self, token_use: &Use, subject: impl Fn(usize) -> String) {
        let Use { fingerprint, address, used_at, .. } = *token_use;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "half of a fingerprint tells tokens apart as well"
        )]
        let short = fingerprint as u64;
        let Some((first_address, first_use)) = self.known(short, address, used_at) else { return };
        let name = hex(fingerprint);
        if let Some(shared) = self.shared.get_mut(&name) {
            shared.uses = shared.uses.saturating_add(1);
            shared.first = shared.first.min(used_at);
            shared.last = shared.last.max(used_at);
            if !shared.addresses.contains(&address) && shared.addresses.len() < ADDRESSES {
                shared.addresses.push(address);
            }
            return;
        }
        if first_address == address || self.shared.len() >= SHARED {
            return;
        }
        self.shared.insert(
            name,
            Shared {
                addresses: vec![first_address, address],
                uses: 2,
                first: first_use.min(used_at),
                last: first_use.max(used_at),
                subject: token_use.subject.map(subject),
            },
        );
    }

    /// Returns the first use of a token, if it is remembered, and remembers
    /// this one if not.
    fn known(&mut self, short: u64, address: u64, used_at: i64) -> Option<(u64, i64)> {
        if let Some(known) = self.young.get(&short) {
            return Some(*known);
        }
        let known = self.old.get(&short).copied();
        if self.young.len() >= GENERATION {
            let gone = self.old.len();
            self.forgotten = self.forgotten.saturating_add(u64::try_from(gone).unwrap_or(u64::MAX));
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(short, known.unwrap_or((address, used_at)));
        known
    }

    pub(super) fn len(&self) -> usize {
        self.shared.len()
    }

    /// Returns the tokens with the most addresses.
    pub(super) fn top(&self, count: usize) -> Vec<(&str, &Shared)> {
        let mut all: Vec<_> = self.shared.iter().map(|(name, shared)| (name.as_str(), shared)).collect();
        all.sort_by(|a, b| {
            b.1.addresses.len().cmp(&a.1.addresses.len()).then(b.1.uses.cmp(&a.1.uses)).then(a.0.cmp(b.0))
        });
        all.truncate(count);
        all
    }
}

/// The fingerprint as the rows write it.
pub(super) fn hex(fingerprint: u128) -> String {
    format!("{fingerprint:032x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_of_several_addresses_are_found() {
        let mut shared = SharedTokens::default();
        let mut part = SharedTokens::default();
        for (fingerprint, address) in [(1, 1), (2, 1), (1, 1), (2, 2), (2, 3), (2, 1), (3, 9)] {
            part.note(Use { fingerprint, address, used_at: 7, subject: Some(0) });
        }
        shared.merge(part, |_| "alice".to_owned());
        let top = shared.top(9);
        assert_eq!((top.len(), shared.len(), top[0].0), (1, 1, hex(2).as_str()));
        assert_eq!((top[0].1.addresses.as_slice(), top[0].1.uses), (&[1, 2, 3][..], 4));
        assert_eq!(top[0].1.subject.as_deref(), Some("alice"));
    }
}
