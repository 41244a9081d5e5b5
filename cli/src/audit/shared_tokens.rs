//! Tokens that are used from several addresses.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use foldhash::fast::RandomState;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::coverage::earlier;
use super::records::Piece;

/// How many tokens of one address are remembered, in each of two generations.
const GENERATION: usize = 500_000;

/// How many tokens of several addresses are kept, and how many addresses of
/// each.
const SHARED: usize = 10_000;
const ADDRESSES: usize = 256;

/// How many tokens are looked up at once.
const BLOCK: usize = 32;

/// Stands for an unknown instant where an option would take twice the room.
const NO_TIME: i64 = i64::MIN;

/// Uses of a token whose signature holds, one after the other from one address.
#[derive(Clone, Copy, Debug)]
pub(super) struct TokenUses {
    /// The short identifiers of the token and of the address.
    pub(super) token_id: u64,
    pub(super) address_id: u64,
    count: u64,
    /// The instant of the first, and the bounds of all.
    used_at: i64,
    earliest: Option<i64>,
    latest: Option<i64>,
    /// The place of the token in its chunk.
    pub(super) token: Piece,
    /// The place of the subject among the chunk's.
    pub(super) subject: Option<usize>,
}

impl TokenUses {
    pub(super) fn first(
        token_id: u64,
        address_id: u64,
        used_at: Option<i64>,
        token: Piece,
        subject: Option<usize>,
    ) -> Self {
        let (earliest, latest) = (used_at, used_at);
        let used_at = used_at.unwrap_or(NO_TIME);
        Self { token_id, address_id, count: 1, used_at, earliest, latest, token, subject }
    }

    /// Adds the token's next use, which is from the same address.
    pub(super) fn add(&mut self, used_at: Option<i64>) {
        self.count = self.count.saturating_add(1);
        self.earliest = earlier(self.earliest, used_at);
        self.latest = self.latest.max(used_at);
    }
}

/// The description of a token of several addresses.
pub(super) struct Name {
    pub(super) fingerprint: u128,
    pub(super) subject: Option<String>,
}

/// A token that was used from several addresses.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Shared {
    pub(super) fingerprint: String,
    addresses: Vec<u64>,
    /// Uses since a second address was first seen.
    pub(super) uses: u64,
    pub(super) first: Option<i64>,
    pub(super) last: Option<i64>,
    pub(super) subject: Option<String>,
}

impl Shared {
    pub(super) fn addresses(&self) -> usize {
        self.addresses.len()
    }
}

/// Finds recent tokens that are used from several addresses.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct SharedTokens {
    /// The address and instant of the first use, by token identifier.
    young: HashMap<u64, (u64, i64), RandomState>,
    old: HashMap<u64, (u64, i64), RandomState>,
    shared: IndexMap<u64, Shared, RandomState>,
    /// Tokens that were dropped from memory; later uses of these are not matched.
    pub(super) forgotten: u64,
}

impl SharedTokens {
    /// Processes the next uses; `name` describes a token that turns out to have several
    /// addresses.
    pub(super) fn see(&mut self, uses: &[TokenUses], name: impl Fn(&TokenUses) -> Name) {
        for block in uses.chunks(BLOCK) {
            // All lookups of a block first: the cache misses of independent lookups
            // overlap.
            let mut firsts = [None; BLOCK];
            for (first, uses) in firsts.iter_mut().zip(block) {
                *first = self.young.get(&uses.token_id).copied();
            }
            for (first, uses) in firsts.into_iter().zip(block) {
                if let Some(first) = first.or_else(|| self.remember(uses)) {
                    self.see_again(uses, first, || name(uses));
                }
            }
        }
    }

    /// Processes uses of a token whose first use is remembered.
    fn see_again(
        &mut self,
        uses: &TokenUses,
        (first_address, first_use): (u64, i64),
        name: impl FnOnce() -> Name,
    ) {
        let TokenUses { token_id, address_id, count, earliest, latest, .. } = *uses;
        if let Some(shared) = self.shared.get_mut(&token_id) {
            shared.uses = shared.uses.saturating_add(count);
            shared.first = earlier(shared.first, earliest);
            shared.last = shared.last.max(latest);
            if !shared.addresses.contains(&address_id) && shared.addresses.len() < ADDRESSES {
                shared.addresses.push(address_id);
            }
            return;
        }
        if first_address == address_id || self.shared.len() >= SHARED {
            return;
        }
        let Name { fingerprint, subject } = name();
        let first_use = Some(first_use).filter(|instant| *instant != NO_TIME);
        self.shared.insert(
            token_id,
            Shared {
                fingerprint: hex(fingerprint),
                addresses: vec![first_address, address_id],
                uses: count.saturating_add(1),
                first: earlier(first_use, earliest),
                last: first_use.max(latest),
                subject,
            },
        );
    }

    /// Returns the first use of a token; if none is remembered, remembers the first of
    /// these.
    fn remember(&mut self, uses: &TokenUses) -> Option<(u64, i64)> {
        if self.young.len() >= GENERATION && !self.young.contains_key(&uses.token_id) {
            let gone = self.old.len();
            self.forgotten = self.forgotten.saturating_add(u64::try_from(gone).unwrap_or(u64::MAX));
            self.old = std::mem::take(&mut self.young);
        }
        match self.young.entry(uses.token_id) {
            Entry::Occupied(known) => Some(*known.get()),
            Entry::Vacant(place) => {
                let known = self.old.get(&uses.token_id).copied();
                place.insert(known.unwrap_or((uses.address_id, uses.used_at)));
                known
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.shared.len()
    }

    /// Returns the tokens with the most addresses.
    pub(super) fn top(&self, count: usize) -> Vec<&Shared> {
        let mut all: Vec<_> = self.shared.values().collect();
        all.sort_by(|a, b| {
            let by_addresses = b.addresses().cmp(&a.addresses());
            by_addresses.then(b.uses.cmp(&a.uses)).then(a.fingerprint.cmp(&b.fingerprint))
        });
        all.truncate(count);
        all
    }
}

/// Returns the fingerprint in the spelling of the rows.
pub(super) fn hex(fingerprint: u128) -> String {
    let digit = |value: u8| if value < 10 { b'0' | value } else { b'a'.wrapping_add(value).wrapping_sub(10) };
    let mut text = [[0; 2]; 16];
    for (pair, byte) in text.iter_mut().zip(fingerprint.to_be_bytes()) {
        *pair = [digit(byte >> 4), digit(byte & 15)];
    }
    String::from_utf8_lossy(text.as_flattened()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_of_several_addresses_are_found() {
        let mut shared = SharedTokens::default();
        let uses = [(1, 1), (2, 1), (1, 1), (2, 2), (2, 3), (2, 1), (3, 9)].map(|(token_id, address_id)| {
            let used_at = (address_id > 1).then_some(7);
            TokenUses::first(token_id, address_id, used_at, Piece::default(), None)
        });
        let name =
            |uses: &TokenUses| Name { fingerprint: uses.token_id.into(), subject: Some("alice".to_owned()) };
        let (early, late) = uses.split_at(4);
        shared.see(early, name);
        shared.see(late, name);
        let top = shared.top(9);
        assert_eq!((top.len(), shared.len(), top[0].fingerprint.as_str()), (1, 1, hex(2).as_str()));
        assert_eq!((top[0].addresses.as_slice(), top[0].uses), (&[1, 2, 3][..], 4));
        assert_eq!(top[0].subject.as_deref(), Some("alice"));
        assert_eq!((top[0].first, top[0].last), (Some(7), Some(7)));
    }
    #[test]
    fn uses_from_one_address_may_be_noted_together() {
        let all =
            [(1, Some(9)), (1, Some(4)), (2, None), (2, Some(7)), (1, Some(8)), (1, Some(2)), (3, None)];
        let first = |(address_id, used_at)| TokenUses::first(5, address_id, used_at, Piece::default(), None);
        let (mut single, mut together) = (Vec::new(), Vec::<TokenUses>::new());
        for one in all {
            single.push(first(one));
            match together.last_mut().filter(|last| last.address_id == one.0) {
                Some(last) => last.add(one.1),
                None => together.push(first(one)),
            }
        }
        assert_eq!((single.len(), together.len()), (7, 4));
        // Each beginning of the log, whose end a state may have to tell.
        for end in 0..=together.len() {
            let told = |uses: &[TokenUses]| {
                let mut shared = SharedTokens::default();
                shared.see(uses, |_| Name { fingerprint: 5, subject: None });
                serde_json::to_value(&shared).unwrap()
            };
            let count: u64 = together[..end].iter().map(|uses| uses.count).sum();
            assert_eq!(told(&together[..end]), told(&single[..count as usize]), "{end}");
        }
    }
}
