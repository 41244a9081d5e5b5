//! Registers of eight abstract words, with the names of `accel/src/simd/x512.rs`.
//!
//! What an instruction does stands in Intel's *Intrinsics Guide* under the name beside
//! it. Shifts and masks are exact, whatever bits they drop; sums and differences may not wrap.

use crate::lanes::{Interval, Lane, Question, decide, fresh};

/// A register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct V(pub [Lane; 8]);

impl V {
    /// Returns a register of eight independent words.
    #[must_use]
    pub fn fresh(interval: Interval) -> Self {
        Self([(); 8].map(|()| fresh(interval)))
    }

    fn each(self, f: impl Fn(Lane) -> Lane) -> Self {
        self.pairs(self, |lane, _| f(lane))
    }

    fn pairs(self, other: Self, f: impl Fn(Lane, Lane) -> Lane) -> Self {
        let first = f(self.0[0], other.0[0]);
        Self(std::array::from_fn(|place| {
            // Registers often have one word in every place.
            let is_first = (self.0[place], other.0[place]) == (self.0[0], other.0[0]);
            if is_first { first } else { f(self.0[place], other.0[place]) }
        }))
    }

    fn words(from: impl Fn(usize) -> Lane) -> Self {
        Self(std::array::from_fn(from))
    }
}

fn is_in(mask: u8, place: usize) -> bool {
    mask >> place & 1 == 1
}

fn mask(question: impl Fn(usize) -> Question) -> u8 {
    (0..8).map(|place| u8::from(decide(question(place))) << place).sum()
}

/// Types that fill a register: eight words.
pub trait Words {
    /// Returns the words.
    fn words(&self) -> [u64; 8];
    /// Replaces the words.
    fn set(&mut self, words: [u64; 8]);
}

impl Words for [u64; 8] {
    fn words(&self) -> [u64; 8] {
        *self
    }

    fn set(&mut self, words: [u64; 8]) {
        *self = words;
    }
}

/// `_mm512_loadu_si512`; a word may be that of a [`Lane`].
pub fn load(words: &impl Words) -> V {
    V(words.words().map(Lane::of_word))
}

/// `_mm512_storeu_si512`
pub fn store(words: &mut impl Words, value: V) {
    words.set(value.0.map(Lane::word));
}

/// `_mm_prefetch`
pub fn prefetch<T>(_: &T) {}

/// `_mm512_set1_epi64`
#[must_use]
pub fn broadcast64(word: i64) -> V {
    V([Lane::of_word(word.cast_unsigned()); 8])
}

/// `_mm512_setzero_si512`
#[must_use]
pub fn zero() -> V {
    V([Lane::constant(0); 8])
}

/// `_mm512_add_epi64`
#[must_use]
pub fn add64(a: V, b: V) -> V {
    a.pairs(b, Lane::plus)
}

/// `_mm512_mask_add_epi64`
#[must_use]
pub fn masked_add64(otherwise: V, mask: u8, a: V, b: V) -> V {
    V::words(|at| if is_in(mask, at) { a.0[at].plus(b.0[at]) } else { otherwise.0[at] })
}

/// `_mm512_sub_epi64`
#[must_use]
pub fn sub64(a: V, b: V) -> V {
    a.pairs(b, Lane::minus)
}

/// `_mm512_mask_sub_epi64`
#[must_use]
pub fn masked_sub64(otherwise: V, mask: u8, a: V, b: V) -> V {
    V::words(|at| if is_in(mask, at) { a.0[at].minus(b.0[at]) } else { otherwise.0[at] })
}

/// `_mm512_madd52lo_epu64`
#[must_use]
pub fn madd52_low(sum: V, a: V, b: V) -> V {
    add64(sum, a.pairs(b, |a, b| a.halves(b)[1]))
}

/// `_mm512_madd52hi_epu64`
#[must_use]
pub fn madd52_high(sum: V, a: V, b: V) -> V {
    add64(sum, a.pairs(b, |a, b| a.halves(b)[0]))
}

/// `_mm512_srli_epi64`
#[must_use]
pub fn shift_right64<const BITS: u32>(value: V) -> V {
    value.each(|lane| lane.not_negative().cut(BITS)[0])
}

/// `_mm512_srai_epi64`
#[must_use]
pub fn shift_right_signed64<const BITS: u32>(value: V) -> V {
    value.each(|lane| {
        assert!(lane.interval().high < 1 << 63, "the sign of what may be no signed number");
        lane.cut(BITS)[0]
    })
}

/// `_mm512_slli_epi64`
#[must_use]
pub fn shift_left64<const BITS: u32>(value: V) -> V {
    value.each(|lane| lane.shifted_left(BITS))
}

/// `_mm512_and_si512`, of a register and a mask of low bits.
#[must_use]
pub fn and(a: V, b: V) -> V {
    a.pairs(b, Lane::masked)
}

/// `_mm512_or_si512`, of words that have no bit at the same place.
#[must_use]
pub fn or(a: V, b: V) -> V {
    a.pairs(b, Lane::joined)
}

/// `_mm512_mask_blend_epi64`
#[must_use]
pub fn blend64(mask: u8, no: V, yes: V) -> V {
    V::words(|at| if is_in(mask, at) { yes.0[at] } else { no.0[at] })
}

/// `_mm512_cmpeq_epi64_mask`
#[must_use]
pub fn equal64(a: V, b: V) -> u8 {
    mask(|place| Question::AreEqual { place, lanes: [a.0[place], b.0[place]] })
}

/// `_mm512_cmpgt_epu64_mask`
#[must_use]
pub fn greater64(a: V, b: V) -> u8 {
    mask(|place| Question::IsGreater { place, lanes: [a.0[place], b.0[place]] })
}

/// `_mm512_movepi64_mask`
#[must_use]
pub fn signs64(value: V) -> u8 {
    mask(|place| Question::IsNegative { place, lane: value.0[place] })
}

/// `_mm512_alignr_epi64`
#[must_use]
pub fn align64<const WORDS: i32>(upper: V, lower: V) -> V {
    let by = WORDS as usize & 7;
    V::words(|at| if at + by < 8 { lower.0[at + by] } else { upper.0[at + by - 8] })
}

/// `_mm512_permutex_epi64`
#[must_use]
pub fn permute64<const ORDER: i32>(value: V) -> V {
    V::words(|at| value.0[(at & 4) + (ORDER as usize >> (2 * (at & 3)) & 3)])
}

/// `_mm512_shuffle_i64x2`
#[must_use]
pub fn shuffle_quarters<const ORDER: i32>(a: V, b: V) -> V {
    V::words(|at| {
        let from = if at < 4 { a } else { b };
        from.0[2 * (ORDER as usize >> (at & 6) & 3) + (at & 1)]
    })
}

/// `_mm512_unpacklo_epi64`
#[must_use]
pub fn unpack_low64(a: V, b: V) -> V {
    V::words(|at| if at & 1 == 0 { a.0[at] } else { b.0[at - 1] })
}

/// `_mm512_unpackhi_epi64`
#[must_use]
pub fn unpack_high64(a: V, b: V) -> V {
    V::words(|at| if at & 1 == 0 { a.0[at + 1] } else { b.0[at] })
}

#[cfg(test)]
mod tests;
