//! The modular inverse by division steps, in variable time.
//!
//! Bernstein and Yang, "Fast constant-time gcd computation and modular inversion"
//! (2019), in the variant that stops as early as possible. From f = m, g = a, every
//! step halves g, after adding f or exchanging the two if g is odd, until g = 0 and f =
//! ±1. The same operations are applied to d and e modulo m, which keeps d·a = f and e·a
//! = g (mod m). So at the end d = ±1/a.
//!
//! The steps depend only on the low bits. So 62 of them are taken on one limb, collected in
//! a matrix of four numbers ([`Steps`]), and then applied to the whole of f, g, d and e at
//! once. These are signed numbers in limbs of 62 bits. `delta` of the paper is -eta here.
//!
//! The caller proves the result by a product, so a fault here costs only time.

/// 62 bits set.
const LOW: u64 = u64::MAX >> 2;

/// A signed number in limbs of 62 bits; the last carries the sign.
type Signed<const L: usize> = [i64; L];

/// The result of 62 division steps, times 2^62: f becomes (u f + v g) / 2^62 and g
/// becomes (q f + r g) / 2^62.
struct Steps {
    u: i64,
    v: i64,
    q: i64,
    r: i64,
}

/// Returns 1/a modulo m, for odd m of 4, 6 or 9 limbs and any `a` prime to it.
pub(super) fn inverse<const N: usize>(a: &[u64; N], m: &[u64; N]) -> [u64; N] {
    // The numbers and a sign must fit: 5·62 = 310 bits, 7·62 = 434, and 9·62 = 558, where the
    // numbers of nine limbs have 521.
    match N {
        4 => inverse_in::<N, 5>(a, m),
        6 => inverse_in::<N, 7>(a, m),
        _ => inverse_in::<N, 9>(a, m),
    }
}

fn inverse_in<const N: usize, const L: usize>(a: &[u64; N], m: &[u64; N]) -> [u64; N] {
    let modulus: Signed<L> = split(m);
    let modulus_inverse = inverse_of_limb(m[0]);
    let (mut d, mut e) = ([0; L], [0; L]);
    e[0] = 1;
    let (mut f, mut g) = (modulus, split(a));
    let mut eta = -1;
    // The bound of the paper for 521 bits is 1,505 steps, in 25 rounds. If it were
    // exceeded, the caller's product would show it.
    for _ in 0..32 {
        let steps;
        (eta, steps) = take_steps(eta, f[0] as u64, g[0] as u64);
        update_modulo(&mut d, &mut e, &steps, &modulus, modulus_inverse);
        update(&mut f, &mut g, &steps);
        if g == [0; L] {
            break;
        }
    }
    join(&normalized(d, f[L - 1] < 0, &modulus))
}

/// Takes 62 division steps on the low limbs of f, which is odd, and g.
fn take_steps(mut eta: i64, mut f: u64, mut g: u64) -> (i64, Steps) {
    let (mut u, mut v, mut q, mut r) = (1_u64, 0_u64, 0_u64, 1_u64);
    let mut left = 62_u32;
    loop {
        // As many halvings as there are zeros, but not more than are left.
        let zeros = (g | u64::MAX << left).trailing_zeros();
        g >>= zeros;
        u <<= zeros;
        v <<= zeros;
        eta -= i64::from(zeros);
        left -= zeros;
        if left == 0 {
            break;
        }
        if eta < 0 {
            eta = -eta;
            (f, g) = (g, f.wrapping_neg());
            (u, q) = (q, u.wrapping_neg());
            (v, r) = (r, v.wrapping_neg());
        }
        // Before the next exchange, up to eta + 1 halvings may follow: a multiple w of
        // f clears that many of the low bits of g, but at most 6. For odd f, f (2 - f²)
        // is 1/f modulo 2^6.
        let bits = left.min(u32::try_from(eta + 1).unwrap_or(left)).min(6);
        let mask = (1 << bits) - 1;
        let w = f.wrapping_mul(g).wrapping_mul(f.wrapping_mul(f).wrapping_sub(2)) & mask;
        g = g.wrapping_add(f.wrapping_mul(w));
        q = q.wrapping_add(u.wrapping_mul(w));
        r = r.wrapping_add(v.wrapping_mul(w));
    }
    (eta, Steps { u: u as i64, v: v as i64, q: q as i64, r: r as i64 })
}

/// Applies the steps to f and g, whose low 62 bits they clear.
fn update<const L: usize>(f: &mut Signed<L>, g: &mut Signed<L>, steps: &Steps) {
    let (mut high_f, mut high_g) = row(steps, f[0], g[0]);
    high_f >>= 62;
    high_g >>= 62;
    for i in 1..L {
        let (next_f, next_g) = row(steps, f[i], g[i]);
        high_f += next_f;
        high_g += next_g;
        f[i - 1] = (high_f as u64 & LOW) as i64;
        g[i - 1] = (high_g as u64 & LOW) as i64;
        high_f >>= 62;
        high_g >>= 62;
    }
    f[L - 1] = high_f as i64;
    g[L - 1] = high_g as i64;
}

/// Applies the steps to d and e modulo m, together with the multiple of m that clears
/// the low 62 bits. Both stay between -2m and m.
fn update_modulo<const L: usize>(
    d: &mut Signed<L>,
    e: &mut Signed<L>,
    steps: &Steps,
    modulus: &Signed<L>,
    modulus_inverse: u64,
) {
    // Add the modulus to negative numbers first.
    let (sign_d, sign_e) = (d[L - 1] >> 63, e[L - 1] >> 63);
    let mut times_d = (steps.u & sign_d) + (steps.v & sign_e);
    let mut times_e = (steps.q & sign_d) + (steps.r & sign_e);
    let (mut high_d, mut high_e) = row(steps, d[0], e[0]);
    let clear = |low: i128, times: i64| {
        times - (modulus_inverse.wrapping_mul(low as u64).wrapping_add(times as u64) & LOW) as i64
    };
    times_d = clear(high_d, times_d);
    times_e = clear(high_e, times_e);
    high_d += i128::from(modulus[0]) * i128::from(times_d);
    high_e += i128::from(modulus[0]) * i128::from(times_e);
    high_d >>= 62;
    high_e >>= 62;
    for i in 1..L {
        let (next_d, next_e) = row(steps, d[i], e[i]);
        high_d += next_d + i128::from(modulus[i]) * i128::from(times_d);
        high_e += next_e + i128::from(modulus[i]) * i128::from(times_e);
        d[i - 1] = (high_d as u64 & LOW) as i64;
        e[i - 1] = (high_e as u64 & LOW) as i64;
        high_d >>= 62;
        high_e >>= 62;
    }
    d[L - 1] = high_d as i64;
    e[L - 1] = high_e as i64;
}

/// Applies the matrix to one limb of both numbers. Each of the four products is below
/// 2^124, and the absolute values in a row of the matrix sum to at most 2^62.
#[inline(always)]
fn row(steps: &Steps, a: i64, b: i64) -> (i128, i128) {
    let (a, b) = (i128::from(a), i128::from(b));
    (i128::from(steps.u) * a + i128::from(steps.v) * b, i128::from(steps.q) * a + i128::from(steps.r) * b)
}

/// Reduces a number between -2m and m to 0..m, negated or not.
fn normalized<const L: usize>(number: Signed<L>, is_negated: bool, modulus: &Signed<L>) -> Signed<L> {
    let lift = |number: Signed<L>| if number[L - 1] < 0 { sum(&number, modulus) } else { number };
    let number = lift(number);
    let number = if is_negated { carried(number.map(|limb| -limb)) } else { number };
    lift(number)
}

fn sum<const L: usize>(a: &Signed<L>, b: &Signed<L>) -> Signed<L> {
    carried(std::array::from_fn(|i| a[i] + b[i]))
}

fn carried<const L: usize>(mut number: Signed<L>) -> Signed<L> {
    for i in 1..L {
        number[i] += number[i - 1] >> 62;
        number[i - 1] &= LOW as i64;
    }
    number
}

/// Splits 64-bit limbs into those of 62 bits.
fn split<const N: usize, const L: usize>(number: &[u64; N]) -> Signed<L> {
    let at = |limb: usize| number.get(limb).copied().unwrap_or(0);
    std::array::from_fn(|i| {
        let (limb, shift) = (62 * i / 64, 62 * i % 64);
        let high = if shift == 0 { 0 } else { at(limb + 1) << (64 - shift) };
        ((at(limb) >> shift | high) & LOW) as i64
    })
}

/// Joins 62-bit limbs, none negative, to those of 64 bits.
fn join<const N: usize, const L: usize>(number: &Signed<L>) -> [u64; N] {
    let at = |limb: usize| number.get(limb).copied().unwrap_or(0) as u64;
    std::array::from_fn(|i| {
        let (limb, shift) = (64 * i / 62, 64 * i % 62);
        at(limb) >> shift | at(limb + 1) << (62 - shift)
    })
}

/// Returns 1/m modulo 2^64, by Newton's rounds.
const fn inverse_of_limb(m: u64) -> u64 {
    let mut inverse = m;
    let mut round = 0;
    while round < 5 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(m.wrapping_mul(inverse)));
        round += 1;
    }
    inverse
}
