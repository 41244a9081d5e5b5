//! Polynomials over the integers, in any number of symbols and of any degree.

use std::hash::{Hash, Hasher};
use std::ops::{Add, Mul, Sub};
use std::rc::Rc;

use num_bigint::BigInt;

/// An unknown integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(pub(crate) u32);

/// A product of symbols, sorted; a power repeats its symbol, and 1 has none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Monomial(Rc<[Symbol]>);

impl Monomial {
    fn times(&self, other: &Self) -> Self {
        let mut symbols: Vec<Symbol> = self.0.iter().chain(&*other.0).copied().collect();
        symbols.sort_unstable();
        Self(symbols.into())
    }
}

/// A polynomial. Equal polynomials are equal values: terms are sorted, and none is 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Polynomial(Vec<(Monomial, BigInt)>);

/// Most of the time of long proofs goes into this: it mixes the terms quickly, and is told apart
/// by equality.
impl Hash for Polynomial {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let mix = |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
        let hash = self.0.iter().fold(0, |sum, (monomial, coefficient)| {
            let sum = monomial.0.iter().fold(sum, |sum, symbol| mix(sum, u64::from(symbol.0)));
            mix(sum, coefficient.iter_u64_digits().next().unwrap_or(0) ^ coefficient.bits())
        });
        state.write_u64(hash);
    }
}

impl Polynomial {
    /// Returns 0.
    #[must_use]
    pub fn zero() -> Self {
        Self::default()
    }

    /// Returns a polynomial without symbols.
    pub fn constant(number: impl Into<BigInt>) -> Self {
        Self::of([(Monomial(Rc::new([])), number.into())].into())
    }

    /// Returns the polynomial that is one symbol.
    #[must_use]
    pub fn symbol(symbol: Symbol) -> Self {
        Self(vec![(Monomial(Rc::new([symbol])), BigInt::from(1))])
    }

    /// Sorts terms, and adds up those of the same monomial.
    fn of(mut terms: Vec<(Monomial, BigInt)>) -> Self {
        terms.sort_by(|a, b| a.0.cmp(&b.0));
        let mut sums: Vec<(Monomial, BigInt)> = Vec::with_capacity(terms.len());
        for (monomial, coefficient) in terms {
            match sums.last_mut() {
                Some(last) if last.0 == monomial => last.1 += coefficient,
                _ => sums.push((monomial, coefficient)),
            }
        }
        sums.retain(|term| term.1 != BigInt::ZERO);
        Self(sums)
    }

    /// Returns the number, if there is no symbol.
    #[must_use]
    pub fn as_constant(&self) -> Option<BigInt> {
        match &*self.0 {
            [] => Some(BigInt::ZERO),
            [(monomial, number)] if monomial.0.is_empty() => Some(number.clone()),
            _ => None,
        }
    }

    /// Returns the terms: the symbols of each, sorted, and its coefficient.
    pub fn terms(&self) -> impl Iterator<Item = (&[Symbol], &BigInt)> {
        self.0.iter().map(|(monomial, coefficient)| (&*monomial.0, coefficient))
    }

    /// Returns the sum of many.
    #[must_use]
    pub fn sum(all: impl IntoIterator<Item = Self>) -> Self {
        Self::of(all.into_iter().flat_map(|one| one.0).collect())
    }

    /// Returns q and r, of which q·symbol + r is this, and r does not have the symbol.
    #[must_use]
    pub fn split_by(&self, symbol: Symbol) -> [Self; 2] {
        let (mut quotient, mut rest) = (Vec::new(), Vec::new());
        for (monomial, coefficient) in &self.0 {
            match monomial.0.iter().position(|other| *other == symbol) {
                Some(at) => {
                    let others = [&monomial.0[..at], &monomial.0[at + 1..]].concat();
                    quotient.push((Monomial(others.into()), coefficient.clone()));
                }
                None => rest.push((monomial.clone(), coefficient.clone())),
            }
        }
        [Self::of(quotient), Self(rest)]
    }

    /// Returns the symbol, if it is one.
    #[must_use]
    pub fn as_symbol(&self) -> Option<Symbol> {
        match &*self.0 {
            [(monomial, one)] if *one == BigInt::from(1) => match *monomial.0 {
                [symbol] => Some(symbol),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether it has a term of the symbols of the first term of `other`.
    pub(crate) fn has_symbols_of(&self, other: &Self) -> bool {
        let first = other.0.first();
        first.is_some_and(|first| self.0.binary_search_by(|term| term.0.cmp(&first.0)).is_ok())
    }

    /// Returns the product with a number.
    #[must_use]
    pub fn scaled(&self, factor: &BigInt) -> Self {
        if *factor == BigInt::ZERO {
            return Self::zero();
        }
        Self(self.0.iter().map(|(monomial, coefficient)| (monomial.clone(), coefficient * factor)).collect())
    }

    /// Returns the product with 2^bits.
    #[must_use]
    pub fn shifted(&self, bits: u32) -> Self {
        Self(self.0.iter().map(|(monomial, coefficient)| (monomial.clone(), coefficient << bits)).collect())
    }

    /// Returns the polynomial whose coefficients are from 0 to `modulus` - 1, and congruent.
    #[must_use]
    pub fn modulo(&self, modulus: &BigInt) -> Self {
        let rest = |number: &BigInt| ((number % modulus) + modulus) % modulus;
        let terms = self.0.iter().map(|(monomial, coefficient)| (monomial.clone(), rest(coefficient)));
        Self(terms.filter(|term| term.1 != BigInt::ZERO).collect())
    }

    /// Returns the quotient by a number that divides every coefficient.
    #[must_use]
    pub fn divided(&self, divisor: &BigInt) -> Option<Self> {
        let (quotient, rest) = self.divided_in_part(divisor);
        rest.0.is_empty().then_some(quotient)
    }

    /// Returns the quotient of the terms whose coefficients are multiples of `divisor`, and
    /// the other terms.
    #[must_use]
    pub fn divided_in_part(&self, divisor: &BigInt) -> (Self, Self) {
        let (mut quotient, mut rest) = (Vec::new(), Vec::new());
        for (monomial, coefficient) in &self.0 {
            if coefficient % divisor == BigInt::ZERO {
                quotient.push((monomial.clone(), coefficient / divisor));
            } else {
                rest.push((monomial.clone(), coefficient.clone()));
            }
        }
        (Self(quotient), Self(rest))
    }

    /// Returns its value where each symbol, by its number, is one of `values`.
    #[cfg(test)]
    pub(crate) fn value(&self, values: &[BigInt]) -> BigInt {
        let term = |symbols: &[Symbol], coefficient: &BigInt| {
            symbols.iter().fold(coefficient.clone(), |product, symbol| product * &values[symbol.0 as usize])
        };
        self.terms().fold(BigInt::ZERO, |sum, (symbols, coefficient)| sum + term(symbols, coefficient))
    }

    /// Returns the sum of both with the sign of the second one turned if `minus`.
    fn joined(&self, other: &Self, minus: bool) -> Self {
        let mut sum = Vec::with_capacity(self.0.len() + other.0.len());
        let signed = |number: &BigInt| if minus { -number } else { number.clone() };
        let (mut ours, mut theirs) = (self.0.iter().peekable(), other.0.iter().peekable());
        loop {
            match (ours.peek(), theirs.peek()) {
                (Some(a), Some(b)) if a.0 == b.0 => {
                    let coefficient = &a.1 + signed(&b.1);
                    if coefficient != BigInt::ZERO {
                        sum.push((a.0.clone(), coefficient));
                    }
                    ours.next();
                    theirs.next();
                }
                (Some(a), Some(b)) if a.0 < b.0 => {
                    sum.push((*a).clone());
                    ours.next();
                }
                (_, Some(b)) => {
                    sum.push((b.0.clone(), signed(&b.1)));
                    theirs.next();
                }
                (Some(a), None) => {
                    sum.push((*a).clone());
                    ours.next();
                }
                (None, None) => return Self(sum),
            }
        }
    }
}

impl Add for &Polynomial {
    type Output = Polynomial;

    fn add(self, other: Self) -> Polynomial {
        self.joined(other, false)
    }
}

impl Sub for &Polynomial {
    type Output = Polynomial;

    fn sub(self, other: Self) -> Polynomial {
        self.joined(other, true)
    }
}

impl Mul for &Polynomial {
    type Output = Polynomial;

    fn mul(self, other: Self) -> Polynomial {
        let product = |a: &(Monomial, BigInt), b: &(Monomial, BigInt)| (a.0.times(&b.0), &a.1 * &b.1);
        Polynomial::of(self.0.iter().flat_map(|a| other.0.iter().map(move |b| product(a, b))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_obey_the_laws_of_rings() {
        let [x, y, z] = [1, 2, 3].map(|name| Polynomial::symbol(Symbol(name)));
        let (a, b, c) = (&(&x + &y), &(&y - &z.shifted(52)), &(&(&x * &x) + &Polynomial::constant(-7)));
        assert_eq!(a * b, b * a);
        assert_eq!(&(a * b) * c, a * &(b * c));
        assert_eq!(a * &(b + c), &(a * b) + &(a * c));
        assert_eq!(a - a, Polynomial::zero());
        assert_eq!(&(a - b) + b, *a);
        assert_ne!(a * b, a * c);
        assert_eq!(a.scaled(&BigInt::from(12)).divided(&BigInt::from(4)), Some(a.scaled(&BigInt::from(3))));
        assert_eq!(c.divided(&BigInt::from(2)), None);
        assert_eq!((c - &(&x * &x)).as_constant(), Some(BigInt::from(-7)));
        let [quotient, rest] = (a * c).split_by(Symbol(1));
        assert_eq!(&(&quotient * &x) + &rest, a * c);
        assert_eq!(rest, y.scaled(&BigInt::from(-7)));
        assert_eq!([x.as_symbol(), a.as_symbol(), x.shifted(1).as_symbol()], [Some(Symbol(1)), None, None]);
        assert_eq!(Polynomial::sum([a.clone(), b.clone(), a.clone()]), &(a + b) + a);
        let seven = &BigInt::from(7);
        assert_eq!(c.modulo(seven), &x * &x);
        assert_eq!(
            (&x.scaled(&BigInt::from(-8)) - &y.scaled(seven)).modulo(seven),
            x.scaled(&BigInt::from(6))
        );
    }
}
