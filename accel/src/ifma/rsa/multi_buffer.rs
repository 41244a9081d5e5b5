//! x^65537 mod n of eight numbers at once, one in each lane.
//!
//! Every register holds the same limb of eight numbers, so lanes are independent. Four
//! registers, four neighbouring limbs, are a *block*: one digit in radix 2^208.
//! Multiplication is then schoolbook multiplication. The product of two blocks is a sum in
//! eight columns; the lower four are added to one block of the result and the upper four to
//! the next.
//!
//! The halves of products are only added up: a column holds at most 2·L halves of a·b
//! and as many of m·n, all below 2^52, and one carry: with L up to 80 less than 2^61 in
//! total. Carries wait until the end, except those of the reduction, which finds its
//! quotient limb by limb: the limb that makes the lowest column a multiple of 2^52 if
//! that many times n are added.
//!
//! Factors are below 2·n and so are products (see `modulus`); the last product is reduced
//! below n, one number after the other.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::needless_range_loop,
    reason = "indices are below the constant lengths of arrays, or run over blocks whose number was fixed \
              by the caller; a wrong one would stop the program and not read what is not there"
)]

use super::modulus::{Modulus, Number, Row};
use super::single::less;
use crate::ifma::radix52::{LIMB, LIMB_BITS};
use crate::simd::Ifma;
use crate::simd::moves::splat;
use crate::simd::x512::{
    V, add64, and, greater64, load, madd52_high, madd52_low, shift_right64, store, zero,
};

/// An upper bound that no column reaches.
const COLUMN: u64 = 1 << 61;

/// The number of numbers that are raised at once.
pub(super) const LANES: usize = 8;

/// The number of blocks of the largest modulus.
pub(super) const BLOCKS: usize = 20;

/// Four limbs of eight numbers.
#[derive(Clone, Copy)]
pub(super) struct Block(pub(super) [V; 4]);

impl Block {
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
    pub(super) fn zero() -> Self {
        Self([zero(); 4])
    }

    /// Returns the same four limbs in every lane.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
    fn of_all(limbs: &[u64; 4]) -> Self {
        let mut block = Self::zero();
        for (to, limb) in block.0.iter_mut().zip(limbs) {
            *to = splat(*limb);
        }
        block
    }

    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
    fn doubled(mut self) -> Self {
        for column in &mut self.0 {
            *column = add64(*column, *column);
        }
        self
    }

    /// Adds the lower four columns of x·y: the low half of `x[i]·y[j]` to column
    /// i + j, the high half to column i + j + 1.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
    fn add_lower(&mut self, x: &Self, y: &Self) {
        for i in 0..4 {
            for j in 0..4 - i {
                self.0[i + j] = madd52_low(self.0[i + j], x.0[i], y.0[j]);
            }
            for j in 0..3 - i {
                self.0[i + j + 1] = madd52_high(self.0[i + j + 1], x.0[i], y.0[j]);
            }
        }
    }

    /// Adds the upper four columns of x·y.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
    fn add_upper(&mut self, x: &Self, y: &Self) {
        for i in 0..4 {
            for j in 4 - i..4 {
                self.0[i + j - 4] = madd52_low(self.0[i + j - 4], x.0[i], y.0[j]);
            }
            for j in 3 - i..4 {
                self.0[i + j - 3] = madd52_high(self.0[i + j - 3], x.0[i], y.0[j]);
            }
        }
    }

    /// Adds the low halves of the products with the limb `y[j]`: to column c that of
    /// the limb c - j of x. A negative index means a limb of the block before x.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
    fn add_low_halves(&mut self, [before, x]: [&Self; 2], y: &Self, j: usize) {
        for c in 0..4 {
            let limb = if c >= j { x.0[c - j] } else { before.0[c + 4 - j] };
            self.0[c] = madd52_low(self.0[c], limb, y.0[j]);
        }
    }

    /// Adds the high halves, of the limb c - j - 1.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
    fn add_high_halves(&mut self, [before, x]: [&Self; 2], y: &Self, j: usize) {
        for c in 0..4 {
            let limb = if c > j { x.0[c - j - 1] } else { before.0[c + 3 - j] };
            self.0[c] = madd52_high(self.0[c], limb, y.0[j]);
        }
    }

    /// Adds everything that belongs to one block: the upper columns of the product of
    /// the block before x, and the lower ones of x·y.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
    fn add(&mut self, window: [&Self; 2], y: &Self) {
        for j in 0..4 {
            self.add_low_halves(window, y, j);
            self.add_high_halves(window, y, j);
        }
    }
}

/// Adds to two neighbouring blocks at once. Each addition to a column waits four cycles
/// for the previous one; eight columns in turn keep two multipliers busy.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
fn add_to_two(pair: &mut [Block; 2], [before, x, behind]: [&Block; 3], y: &Block) {
    let [mut first, mut second] = *pair;
    for j in 0..4 {
        first.add_low_halves([before, x], y, j);
        second.add_low_halves([x, behind], y, j);
        first.add_high_halves([before, x], y, j);
        second.add_high_halves([x, behind], y, j);
    }
    *pair = [first, second];
}

/// Adds a·digit, except the lower columns of its first block, to `sum`, which begins
/// with the second block of the product. `a` returns the blocks by index.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
fn add_rest(sum: &mut [Block], a: impl Fn(usize) -> Block, digit: &Block) {
    let Some((last, sum)) = sum.split_last_mut() else { return };
    let (pairs, single) = sum.as_chunks_mut::<2>();
    let mut before = a(0);
    let mut next = 1;
    for pair in pairs {
        let (x, behind) = (a(next), a(next + 1));
        add_to_two(pair, [&before, &x, &behind], digit);
        (before, next) = (behind, next + 2);
    }
    for block in single {
        let x = a(next);
        block.add([&before, &x], digit);
        before = x;
    }
    last.add_upper(&before, digit);
}

/// Adds a·digit to `sum`, which has one block more than a.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
fn add_row(sum: &mut [Block], a: &[Block], digit: &Block) {
    if let ([first, rest @ ..], [lowest, ..]) = (sum, a) {
        first.add_lower(lowest, digit);
        add_rest(rest, |at| a[at], digit);
    }
}

/// Reduces a sum of 2·B blocks by the modulus of B blocks: its upper half,
/// carried, into `product`.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
fn reduce(sum: &mut [Block], n: &[[u64; 4]], inverse: u64, product: &mut [Block]) {
    let inverse = splat(inverse);
    let (zero, limb) = (zero(), splat(LIMB));
    let n_blocks = n;
    let Some(first) = n.first() else { return };
    for i in 0..n.len() {
        // Find the quotient's four limbs one by one. Each depends on the one before it,
        // whose products are therefore added to the block's columns at once.
        let n = Block::of_all(first);
        let mut lowest = sum[i].0;
        let mut quotient = Block::zero();
        let mut carried = zero;
        for j in 0..4 {
            let column = add64(lowest[j], carried);
            let digit = madd52_low(zero, column, inverse);
            carried = shift_right64::<{ LIMB_BITS as u32 }>(madd52_low(column, digit, n.0[0]));
            for k in j + 1..4 {
                lowest[k] = madd52_low(lowest[k], digit, n.0[k - j]);
                lowest[k] = madd52_high(lowest[k], digit, n.0[k - j - 1]);
            }
            quotient.0[j] = digit;
        }
        sum[i + 1].0[0] = add64(sum[i + 1].0[0], carried);
        add_rest(&mut sum[i + 1..=i + n_blocks.len()], |at| Block::of_all(&n_blocks[at]), &quotient);
    }
    let mut carried = zero;
    for (to, from) in product.iter_mut().zip(&sum[n.len()..]) {
        for (to, from) in to.0.iter_mut().zip(from.0) {
            debug_assert_eq!(greater64(from, splat(COLUMN)), 0);
            let column = add64(from, carried);
            carried = shift_right64::<{ LIMB_BITS as u32 }>(column);
            *to = and(column, limb);
        }
    }
}

/// The buffer of one product, and the modulus.
pub(super) struct Reducer<'m> {
    pub(super) n: &'m [[u64; 4]],
    pub(super) inverse: u64,
    pub(super) sum: [Block; 2 * BLOCKS],
}

impl Reducer<'_> {
    /// Returns the sum, set to 0.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
    fn begin(&mut self) -> &mut [Block] {
        let sum = &mut self.sum[..2 * self.n.len()];
        sum.fill(Block::zero());
        sum
    }

    /// Replaces a by a·b·R^-1 mod n.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
    pub(super) fn multiply(&mut self, a: &mut [Block], b: &[Block]) {
        let sum = self.begin();
        for (i, digit) in b.iter().enumerate() {
            add_row(&mut sum[i..i + 1 + a.len()], a, digit);
        }
        self.end(a);
    }

    /// Replaces a by a²·R^-1 mod n. Products of two different blocks count twice: they
    /// are summed once and doubled.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
    pub(super) fn square(&mut self, a: &mut [Block]) {
        let sum = self.begin();
        for (i, digit) in a.iter().enumerate() {
            add_row(&mut sum[2 * i + 1..i + 1 + a.len()], &a[i + 1..], digit);
        }
        for (digit, [lower, upper]) in a.iter().zip(sum.as_chunks_mut().0) {
            *lower = lower.doubled();
            lower.add_lower(digit, digit);
            *upper = upper.doubled();
            upper.add_upper(digit, digit);
        }
        self.end(a);
    }

    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
    fn end(&mut self, product: &mut [Block]) {
        reduce(&mut self.sum[..2 * self.n.len()], self.n, self.inverse, product);
    }
}

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
fn powers<const Z: usize>(modulus: &Modulus<Z>, numbers: &mut [Number<Z>; 8]) {
    let blocks = 2 * Z;
    let n = modulus.n.limbs().as_chunks().0;
    let inverse = modulus.negative_inverse.limbs()[0];
    let mut reducer = Reducer { n, inverse, sum: [Block::zero(); 2 * BLOCKS] };
    let mut x = [Block::zero(); BLOCKS];
    for (i, to) in x[..blocks].iter_mut().flat_map(|block| &mut block.0).enumerate() {
        let mut words: Row = [0; 8];
        for (word, number) in words.iter_mut().zip(numbers.iter()) {
            *word = number.limbs()[i];
        }
        *to = load(&words);
    }
    let mut r_squared = [Block::zero(); BLOCKS];
    for (to, limbs) in r_squared.iter_mut().zip(modulus.r_squared.limbs().as_chunks().0) {
        *to = Block::of_all(limbs);
    }
    let mut power = x;
    let (x, power) = (&x[..blocks], &mut power[..blocks]);
    reducer.multiply(power, &r_squared[..blocks]);
    for _ in 0..16 {
        reducer.square(power);
    }
    // x is not in Montgomery form, so this product also divides out R.
    reducer.multiply(power, x);
    for (i, from) in power.iter().flat_map(|block| &block.0).enumerate() {
        let mut words: Row = [0; 8];
        store(&mut words, *from);
        for (word, number) in words.iter().zip(numbers.iter_mut()) {
            number.0.as_flattened_mut()[i] = *word;
        }
    }
}

/// Raises eight numbers below n to the power of 65537, modulo n.
#[expect(unsafe_code, reason = "the CPU has the instructions")]
pub(super) fn power<const Z: usize>(ifma: Ifma, modulus: &Modulus<Z>, numbers: &mut [Number<Z>; 8]) {
    const { assert!(2 * Z <= BLOCKS) }
    // SAFETY: an `Ifma` exists only if the CPU has the instructions.
    unsafe { powers(modulus, numbers) };
    for number in numbers {
        *number = less(ifma, number, &modulus.n);
    }
}
