//! Finds repeated names in an object (RFC 7519 §4, RFC 8725 §2.6).
//!
//! Each name sets two bits in a filter, chosen by its digest and its object. Only if both
//! bits are already set are the names themselves compared.

use super::parser::{Parser, narrow};
use crate::json::name::name_tag;
use crate::json::open::Open;

/// Objects with more members than this are always checked in full.
const FILTERED_NAMES: usize = 32;

#[expect(
    clippy::arithmetic_side_effects,
    reason = "offsets and node counts stay below the text's length, which fits u32"
)]
impl<const STRICT: bool> Parser<'_, '_, STRICT> {
    /// Notes a name of the innermost object.
    #[inline(always)]
    pub(super) fn note(&mut self, digest: u64, name: usize) {
        if STRICT {
            self.filter(digest, name);
        }
        // The top byte of a digest is the length. Most registered names have three
        // bytes, and the outer object is node 0.
        if digest >> 56 == 3 && self.inside.container() == 0 {
            self.storage.short.push(narrow(name));
        }
    }

    /// Marks the innermost object as doubtful if it may already have this name.
    #[inline(always)]
    fn filter(&mut self, digest: u64, name: usize) {
        // Fibonacci hashing spreads digests that differ in few bits. The object is
        // mixed in, because equal names in different objects are no repeats.
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        let object = (self.inside.container() as u64).wrapping_mul(SPREAD);
        let spread = (digest ^ object).wrapping_mul(SPREAD);
        // Three independent pieces of the product: two bits within a word, and the
        // word.
        let bits = 1_u64 << (spread >> 55 & 63) | 1_u64 << (spread >> 49 & 63);
        let Some(seen) = self.seen.get_mut((spread >> 61) as usize) else { return };
        let meets = *seen & bits == bits;
        *seen |= bits;
        if meets && self.meets(name_tag(digest), name) {
            self.inside.0 |= Open::DOUBT;
        }
    }

    /// Returns `true` if an earlier name of the innermost object equals `last`, whose
    /// tag is `tag`, or if there are too many names to compare here. In both cases the
    /// object is checked in full when it is closed.
    #[cold]
    fn meets(&self, tag: u32, last: usize) -> bool {
        let text = self.name_text(narrow(last));
        let names = self.names(self.inside.container(), last).enumerate();
        for (count, name) in names {
            if count == FILTERED_NAMES {
                return true;
            }
            let is_tagged = self.storage.nodes.get(name as usize).is_some_and(|name| name.next == tag);
            if is_tagged && self.name_text(name) == text {
                return true;
            }
        }
        false
    }

    /// Returns `true` if two names of a closed object are equal after their escapes are
    /// resolved (RFC 7519 §4, RFC 8725 §2.6). Sorting bounds the work for an object
    /// with many names.
    #[cold]
    pub(super) fn has_repeats(&mut self, container: usize) -> bool {
        let mut order = std::mem::take(&mut self.storage.order);
        order.clear();
        let end = self.storage.nodes.get(container).map_or(0, |node| node.next as usize);
        order.extend(self.names(container, end));
        order.sort_unstable_by(|a, b| self.name_text(*a).cmp(self.name_text(*b)));
        let repeated =
            order.windows(2).any(|pair| matches!(pair, [a, b] if self.name_text(*a) == self.name_text(*b)));
        self.storage.order = order;
        repeated
    }

    /// Returns the node indices of an object's names before `end`.
    fn names(&self, container: usize, end: usize) -> impl Iterator<Item = u32> + '_ {
        let nodes = &self.storage.nodes;
        let mut next = narrow(container + 1);
        std::iter::from_fn(move || {
            if next as usize >= end {
                return None;
            }
            let name = next;
            // A name is one node, and its value the node after it, whose `next` skips
            // everything that the value contains.
            next = nodes.get(name as usize + 1)?.next;
            Some(name)
        })
    }
}
