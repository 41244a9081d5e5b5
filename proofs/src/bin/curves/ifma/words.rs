//! Numbers in memory, in four words.

use jot_proofs::lanes::Lane;
use jot_proofs::x512::V;

use super::radix52::split;
use crate::known::{Known, remember};
use crate::number::{any_words, lanes};

/// Returns words of any number of which this is known; it is remembered for its limbs.
pub(crate) fn words(known: Known) -> [u64; 4] {
    let words = any_words();
    let limbs = split(words.map(|word| V([word; 8])));
    remember(lanes(&limbs, 0), known);
    words.map(Lane::word)
}
