//! The lanes against big integers, at the limits of every bound.

use num_bigint::BigUint;

use super::field::Field;
use super::point::{Addend, Point};
use super::*;
use crate::edwards::Row;
use crate::ifma::radix52;
use crate::missing::missing;
use crate::simd::moves::stored;
use crate::simd::x512::load;

fn p() -> BigUint {
    (BigUint::from(1_u32) << 255) - 19_u32
}

fn big(limbs: [u64; 5]) -> BigUint {
    limbs.iter().rev().fold(BigUint::ZERO, |number, limb| (number << 52) + *limb)
}

fn limbs(number: &BigUint) -> [u64; 5] {
    std::array::from_fn(|i| {
        let digits = ((number >> (52 * i)) & BigUint::from(radix52::LIMB)).to_u64_digits();
        digits.first().copied().unwrap_or(0)
    })
}

fn numbers(hundredths: u32) -> Vec<BigUint> {
    let limit = p() * hundredths / 100_u32;
    let mut numbers = vec![&limit - 1_u32, &limit >> 1];
    for k in 0..=hundredths / 100 {
        for delta in 0..2_u32 {
            numbers.push(p() * k + delta);
            numbers.push(p() * (k + 1) - 1_u32 - delta);
        }
    }
    for pattern in 0..64_u64 {
        let limb = |i: u64| match pattern >> i & 1 {
            0 => pattern >> 5,
            _ => radix52::LIMB - (pattern >> 5),
        };
        numbers.push(big([limb(0), limb(1), limb(2), limb(3), limb(4)]) % &limit);
    }
    numbers.retain(|number| *number < limit);
    few(numbers)
}

/// All of them, but few for an interpreter, which takes a second for a hundred products.
fn few<T>(all: Vec<T>) -> Vec<T> {
    all.into_iter().step_by(if cfg!(miri) { 17 } else { 1 }).collect()
}

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
fn field(number: &BigUint) -> Field {
    Field::splat(&limbs(number))
}

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
fn number(field: &Field) -> BigUint {
    let stored = field.0.map(|limb| stored(limb));
    let first = radix52::lane(&stored, 0);
    assert!((1..8).all(|lane| radix52::lane(&stored, lane) == first));
    big(first)
}

#[track_caller]
fn is(found: &BigUint, wanted: &BigUint, hundredths: u32) {
    assert_eq!(found % p(), wanted % p());
    assert!(found * 100_u32 < p() * hundredths, "above {hundredths}");
}

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
fn numbers_are_right() {
    for a in numbers(3100) {
        for b in numbers(3100).iter().step_by(5) {
            is(&number(&field(&a).times(&field(b))), &(&a * b), 101);
        }
        is(&number(&field(&a).times(&field(&a))), &(&a * &a), 101);
        is(&number(&field(&a).squared()), &(&a * &a), 101);
    }
    for a in numbers(202) {
        for b in numbers(101) {
            is(&number(&field(&a).minus(&field(&b))), &(&a + p() * 2_u32 - &b), 403);
            is(&number(&field(&a).plus(&field(&b))), &(&a + &b), 304);
        }
    }
    for a in numbers(101) {
        let below = &a % p();
        assert_eq!(number(&field(&a).canonical()), below);
        is(&number(&field(&a).minus_canonical(&field(&below))), &(&a + p() - &below), 201);
    }
    for a in numbers(400) {
        assert_eq!(field(&a).is_zero(), if &a % p() == BigUint::ZERO { 0xff } else { 0 }, "{a}");
        assert_eq!(field(&a).is_below_p(), if a < p() { 0xff } else { 0 }, "{a}");
    }
}

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
fn addend(row: &Row, negative: u8) -> Addend {
    let [a, b, c, d, e, f, g, h] = *row.first();
    let [.., i, j, k, l] = *row.last();
    let splat = |number| Field::splat(&radix52::split_number(number));
    Addend {
        sum: splat([a, b, c, d]),
        difference: splat([e, f, g, h]),
        product: splat([i, j, k, l]),
        negative,
    }
}

/// Returns `true` if the point is that of the row: (y + x)·Z is Y + X, and (y - x)·Z
/// is Y - X.
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
fn same(point: &Point, row: &Row) -> bool {
    let wanted = addend(row, 0);
    let equal = |a: &Field, b: &Field| number(a) % p() == number(b) % p();
    equal(&wanted.sum.times(&point.z), &point.y.plus(&point.x))
        && equal(&wanted.difference.times(&point.z), &point.y.minus(&point.x))
        && number(&point.z) % p() != BigUint::ZERO
}

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
fn points_are_right(table: &Table) {
    let row = |digit: usize| *table.row(0, digit).unwrap();
    for (a, b) in [(1, 2), (3, 5), (100, 28), (7, 7), (0, 9), (9, 0), (0, 0)] {
        let first = Point::identity().plus(&addend(&row(a), 0));
        assert!(same(&first, &row(a)));
        let sum = first.plus(&addend(&row(b), 0));
        assert!(same(&sum, &row(a + b)), "{a} + {b}");
        assert!(same(&sum.plus(&addend(&row(b), 0xff)), &row(a)), "{a} + {b} - {b}");
        assert!(same(&first.plus(&addend(&row(a), 0xff)), &row(0)), "{a} - {a}");
    }
    for a in [0, 1, 7, 64] {
        let point = Point::identity().plus(&addend(&row(a), 0)).projective();
        assert!(same(&point.doubled().point(), &row(2 * a)), "2·{a}");
        let again = point.doubled().projective().doubled().point();
        assert!(same(&again.plus(&addend(&row(a), 0xff)), &row(3 * a.min(42))) == (a < 43), "4·{a} - {a}");
    }
    // Eight times the point in every lane.
    assert!(same(&Point::identity().plus(&addend(&row(5), 0)).across(), &row(40)));
    assert!(same(&Point::identity().across(), &row(0)));
}

/// Numbers that are the same in every run.
fn random(state: &mut u64, limit: &BigUint) -> BigUint {
    let limbs = [(); 5].map(|()| {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        *state >> 12
    });
    big(limbs) % limit
}

/// R is compared with the encoding of (X/Z, Y/Z): y below p, and the lowest bit of x in
/// its highest bit. No other encoding holds, and none at all if the inverse is not 1/Z.
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
fn encoding_is_that_of_numbers() {
    let mut state = 3;
    for round in 0..if cfg!(miri) { 2 } else { 3000_usize } {
        let mut next = |limit: &BigUint| random(&mut state, limit);
        // X, Y, Z, the alleged 1/Z, R, and whether it holds.
        let lanes: [([BigUint; 4], BigUint, bool); 8] = std::array::from_fn(|lane| {
            let kind = (round + lane) % 9;
            let x = if kind == 0 { BigUint::ZERO } else { next(&p()) };
            // Small ones have another encoding below 2^255.
            let y = if round % 2 == 0 { next(&BigUint::from(19_u32)) } else { next(&p()) };
            let z = next(&(p() - 1_u32)) + 1_u32;
            let inverse = z.modinv(&p()).unwrap();
            let sign = (&x % 2_u32) << 255_u32;
            let encoded = match kind {
                1 => &y + &sign + 1_u32,
                2 => &y + ((BigUint::from(1_u32) << 255_u32) - &sign),
                3 => &y + p() + &sign,
                4 => &y + &sign + (BigUint::from(1_u32) << 200_u32),
                _ => &y + &sign,
            } % (BigUint::from(1_u32) << 256_u32);
            let holds = encoded == &y + &sign && kind != 5;
            let inverse = if kind == 5 { (inverse + 1_u32) % p() } else { inverse };
            ([x * &z % p(), y * &z % p(), z, inverse], encoded, holds)
        });
        let rows = |at: usize| {
            let limbs = lanes.each_ref().map(|lane| limbs(&lane.0[at]));
            Field(std::array::from_fn(|i| load(&limbs.map(|lane| lane[i]))))
        };
        let mut point = Point::identity();
        (point.x, point.y, point.z) = (rows(0), rows(1), rows(2));
        let r = lanes.each_ref().map(|lane| radix52::join_number(limbs(&lane.1)));
        let wanted = (0..8).fold(0, |mask, lane| mask | u8::from(lanes[lane].2) << lane);
        assert_eq!(verify::holds(&point, &rows(3), &r.each_ref()), wanted, "{lanes:x?}");
    }
}

/// An s is taken exactly if it is below the order.
#[test]
fn s_is_read_below_the_order_only() {
    let order: BigUint =
        (BigUint::from(1_u32) << 252) + 27_742_317_777_372_353_535_851_937_790_883_648_493_u128;
    let top = BigUint::from(1_u32) << 256;
    let mut numbers =
        vec![BigUint::ZERO, &order - 1_u32, order.clone(), &order + 1_u32, &top - 1_u32, &order * 2_u32];
    let mut state = 5;
    numbers.extend((0..500).map(|_| random(&mut state, &top)));
    numbers.extend((0..500).map(|at| &order - 250_u32 + at as u32));
    for number in numbers {
        let mut signature = [0; 64];
        let bytes = number.to_bytes_le();
        signature[32..][..bytes.len()].copy_from_slice(&bytes);
        assert_eq!(ready::Ready::new(&signature, &[7; 64]).is_some(), number < order, "{number:x}");
        assert!(ready::Ready::new(&signature[..63], &[7; 64]).is_none());
    }
}

#[test]
#[expect(unsafe_code, reason = "the capability is proved by a value, which the compiler cannot see")]
fn lanes_agree_with_big_integers() {
    let Some(Ifma { .. }) = Ifma::detect() else {
        return missing("avx512");
    };
    let table = base_table().unwrap();
    // SAFETY: an `Ifma` exists only where the processor has the features.
    unsafe { numbers_are_right() };
    // SAFETY: as above.
    unsafe { points_are_right(table) };
    // SAFETY: as above.
    unsafe { points_are_decoded() };
    // SAFETY: as above.
    unsafe { encoding_is_that_of_numbers() };
}

/// Returns the limbs of eight encodings.
fn encodings(encoded: &[[u8; 32]; 8]) -> [[u64; 8]; 4] {
    std::array::from_fn(|limb| {
        std::array::from_fn(|lane| u64::from_le_bytes(*encoded[lane][8 * limb..].first_chunk().unwrap()))
    })
}

/// What is decoded in lanes is what the portable code decodes, and so are its multiples.
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
fn points_are_decoded() {
    let mut cases = Vec::new();
    // The ends of the range of y, by either sign; y = ±1 has x = 0, and y = 0 a point of order 4.
    for offset in 0..40_u32 {
        for y in [BigUint::from(offset), p() - 1_u32 - offset, p() + offset.min(18)] {
            cases.push(y.clone());
            cases.push(y + (BigUint::from(1_u32) << 255));
        }
    }
    let mut state = BigUint::from(9_u32);
    for _ in 0..160 {
        state = (&state * &state + 7_u32) % (BigUint::from(1_u32) << 256);
        cases.push(state.clone());
    }
    let bytes = |number: &BigUint| {
        let mut bytes = number.to_bytes_le();
        bytes.resize(32, 0);
        <[u8; 32]>::try_from(bytes).unwrap()
    };
    let mut points = 0;
    for cases in cases.chunks_exact(8) {
        let encoded: [[u8; 32]; 8] = std::array::from_fn(|lane| bytes(&cases[lane]));
        let (x, y, found) = decode::opposite_points(&encodings(&encoded));
        let wanted = encoded.map(|encoded| Affine::decode(&encoded));
        let mask: u8 = wanted.iter().enumerate().map(|(lane, point)| u8::from(point.is_some()) << lane).sum();
        assert_eq!(found, mask, "{cases:x?}");
        if mask != 0xff {
            points += mask.count_ones();
            continue;
        }
        points += 8;
        let (multiples, proved) = multiples::Multiples::new(&x, &y).unwrap();
        assert_eq!(proved, 0xff);
        for (lane, point) in wanted.iter().enumerate() {
            let mut build = TableBuild::<128, 8>::new(point.unwrap().negated());
            build.step().unwrap();
            for digit in 1..=8 {
                let rows = multiples.rows(lane, digit).unwrap();
                let wanted = build.row(digit - 1).unwrap();
                let numbers = |row: &[u64]| {
                    BigUint::from_bytes_le(&row.iter().flat_map(|w| w.to_le_bytes()).collect::<Vec<_>>())
                        % p()
                };
                assert_eq!(numbers(&rows[0][..4]), numbers(&wanted.first()[..4]), "{lane} {digit}");
                assert_eq!(numbers(&rows[0][4..]), numbers(&wanted.first()[4..]), "{lane} {digit}");
                assert_eq!(numbers(&rows[1][4..]), numbers(&wanted.last()[4..]), "{lane} {digit}");
            }
        }
    }
    assert!(points > 60, "{points}");
}
