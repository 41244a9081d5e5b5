//! In the place of `modulus.rs`: numbers whose limbs stand for lanes. What computes with
//! words and not with registers gives unknown numbers here, and is remembered.

use std::cell::RefCell;

use super::number::any;

pub(super) type Row = [u64; 8];

/// A number of 8·Z limbs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number<const Z: usize>(pub(super) [Row; Z]);

/// A reduction below n: of what, by what, and the words that stand for the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Less {
    pub(super) of: Vec<u64>,
    pub(super) n: Vec<u64>,
    pub(super) result: Vec<u64>,
}

thread_local! {
    static REDUCED: RefCell<Vec<Less>> = const { RefCell::new(Vec::new()) };
}

/// Takes every reduction since the last time.
pub(super) fn reduced() -> Vec<Less> {
    REDUCED.take()
}

impl<const Z: usize> Number<Z> {
    /// Any carried number.
    pub(super) fn any() -> Self {
        Self([(); Z].map(|()| [(); 8].map(|()| any().word())))
    }

    pub(super) const fn limbs(&self) -> &[u64] {
        self.0.as_flattened()
    }

    pub(super) fn less(self, n: &Self) -> Self {
        let result = Self::any();
        let [of, n, words] = [&self, n, &result].map(|number| number.limbs().to_vec());
        REDUCED.with_borrow_mut(|reduced| reduced.push(Less { of, n, result: words }));
        result
    }
}

/// The numbers computed from a modulus.
#[derive(Debug)]
pub(super) struct Modulus<const Z: usize> {
    pub(super) n: Number<Z>,
    pub(super) negative_inverse: Number<Z>,
    pub(super) r_squared: Number<Z>,
}

impl<const Z: usize> Modulus<Z> {
    /// Any three numbers.
    pub(super) fn any() -> Self {
        let [n, negative_inverse, r_squared] = [(); 3].map(|()| Number::any());
        Self { n, negative_inverse, r_squared }
    }
}
