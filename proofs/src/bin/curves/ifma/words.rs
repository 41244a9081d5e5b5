//! Numbers in memory, in words.

use jot_proofs::lanes::Lane;
use jot_proofs::x512::V;

use super::radix52::split;
use crate::known::{Known, name_loaded, remember};
use crate::number::{any_words, any_words_of, lanes};

/// Returns words of any number of which this is known; it is remembered for its limbs.
pub(crate) fn words<const W: usize, const N: usize>(known: Known) -> [u64; W] {
    let words = any_words();
    let limbs: [V; N] = split(words.map(|word| V([word; 8])));
    remember(lanes(&limbs, 0), known);
    words.map(Lane::word)
}

/// Returns any words, full, and remembers this name for their limbs.
pub(crate) fn unchecked_words<const W: usize, const N: usize>(name: u64) -> [u64; W] {
    let words = any_words_of(64 * W as u32);
    let limbs: [V; N] = split(words.map(|word| V([word; 8])));
    name_loaded(lanes(&limbs, 0), name);
    words.map(Lane::word)
}
