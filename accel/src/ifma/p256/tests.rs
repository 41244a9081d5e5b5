//! The lanes against big integers, at the limits of every bound.

use num_bigint::BigUint;

use super::field::{Field, ONE, P, P2, P6};
use super::multiples::Multiples;
use super::point::{Point, Sum};
use super::*;
use crate::field::{Modulus, P256Order};
use crate::ifma::radix52;
use crate::missing::missing;
use crate::simd::moves::stored;
use crate::simd::x512::load;

fn big(limbs: [u64; 5]) -> BigUint {
    limbs.iter().rev().fold(BigUint::ZERO, |number, limb| (number << 52) + *limb)
}

fn limbs(number: &BigUint) -> [u64; 5] {
    std::array::from_fn(|i| {
        let digits = ((number >> (52 * i)) & BigUint::from(radix52::LIMB)).to_u64_digits();
        digits.first().copied().unwrap_or(0)
    })
}

fn p() -> BigUint {
    big(P)
}

/// Numbers below `hundredths`/100·p: those around every multiple of p, the
/// largest, and such with limbs at which carries go wrong.
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

/// Every lane, after a look that they are all the same.
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

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn products_are_right() {
    let r: BigUint = BigUint::from(1_u32) << 260;
    let inverse = r.modinv(&p()).unwrap();
    for (of_a, of_b) in [(101, 160), (308, 308), (707, 707), (707, 311), (440, 131), (1500, 1500)] {
        let bound = 100 + of_a * of_b / 1600 + 1;
        for a in numbers(of_a) {
            for b in numbers(of_b).iter().step_by(3) {
                let product = number(&field(&a).times(&field(b)));
                is(&product, &(&a * b * &inverse), bound);
            }
            let square = number(&field(&a).squared());
            is(&square, &(&a * &a * &inverse), 100 + of_a * of_a / 1600 + 1);
        }
    }
}

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
fn sums_are_right() {
    for a in numbers(238) {
        for b in numbers(137) {
            is(&number(&field(&a).minus(&field(&b), &P2)), &(&a + p() * 2_u32 - &b), 438);
        }
    }
    for y in numbers(440) {
        for s in numbers(107) {
            let base = p() * 6_u32 - &y;
            is(&number(&field(&y).opposite_with(&field(&s), 0, &P6)), &(&base + &s), 708);
            is(&number(&field(&y).opposite_with(&field(&s), 0xff, &P6)), &(&base - &s), 708);
        }
    }
    for r in numbers(413).iter().step_by(2) {
        for h in numbers(131).iter().step_by(3) {
            for v in numbers(111).iter().step_by(3) {
                let sum = field(r).minus_and_twice(&field(h), &field(v));
                is(&number(&sum), &(r + p() * 4_u32 - h - v * 2_u32), 101);
            }
        }
    }
    for a in numbers(199) {
        assert_eq!(number(&field(&a).canonical()), &a % p());
        is(&number(&field(&a).plus(&field(&a))), &(&a * 2_u32), 398);
    }
    for a in numbers(310) {
        let zero = &a % p() == BigUint::ZERO;
        assert_eq!(field(&a).is_zero(), if zero { 0xff } else { 0 });
    }
}

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn points_are_right(table: &Table<4>) {
    let affine = |digit: usize| {
        let [a, b, c, d, e, f, g, h] = *choice::row_limbs(table.row(0, digit).unwrap()).unwrap();
        [[a, b, c, d], [e, f, g, h]].map(|number| Field::splat(&radix52::split_number(number)))
    };
    let one = Field::splat(&ONE);
    let point = |digit: usize| {
        let [x, y] = affine(digit);
        Point { x, y, z: one }
    };
    let is = |sum: &Point, digit: usize| {
        let [x, y] = affine(digit);
        let z2 = sum.z.squared();
        let same_x = sum.x.minus(&x.times(&z2), &P2).is_zero();
        let same_y = sum.y.minus(&y.times(&z2.times(&sum.z)), &P6);
        same_x == 0xff && number(&same_y) % p() == BigUint::ZERO && sum.z.is_zero() == 0
    };
    for (a, b) in [(1, 2), (2, 1), (3, 5), (50, 14), (33, 31)] {
        let [x, y] = affine(b);
        let sum = point(a).plus(&x, &y, 0);
        assert!(is(&sum, a + b), "{a} + {b}");
        // With a Z that is not 1, and in the other form of addition.
        assert!(is(&sum.plus(&x, &y, 0xff), a), "{a} + {b} - {b}");
        assert!(is(&point(b).plus_point(&sum), a + 2 * b), "{a} + {b} + {b}");
        assert!(is(&point(a).doubled(), 2 * a), "2·{a}");
        assert!(is(&sum.doubled().plus(&x, &y, 0xff), 2 * a + b), "2·({a} + {b}) - {b}");
    }
    // The incomplete cases: a point and itself, or its opposite, or nothing.
    let [x, y] = affine(7);
    let same = point(7).plus(&x, &y, 0);
    let opposite = point(7).plus(&x, &y, 0xff);
    for nothing in [same, opposite, point(7).plus_point(&point(7))] {
        assert_eq!(nothing.z.is_zero(), 0xff);
        assert_eq!(nothing.plus(&x, &y, 0).z.is_zero(), 0xff);
        assert_eq!(nothing.plus_point(&point(9)).z.is_zero(), 0xff);
        assert_eq!(point(9).plus_point(&nothing).z.is_zero(), 0xff);
        assert_eq!(nothing.doubled().z.is_zero(), 0xff);
    }
}

/// Numbers of a coordinate at the ends of its bound, and some between.
fn coordinates(hundredths: u32) -> Vec<BigUint> {
    let limit = p() * hundredths / 100_u32;
    let near = |number: BigUint| [number.clone() + 1_u32, number + 12_345_u32];
    let mut numbers = vec![BigUint::ZERO, BigUint::from(1_u32), &limit - 1_u32, &limit - (&limit >> 9)];
    numbers.extend((1..=hundredths / 100).flat_map(|k| near(p() * k)));
    numbers.extend((1..4_u32).map(|part| &limit * part / 4_u32));
    numbers.retain(|number| *number < limit);
    few(numbers)
}

/// The additions hold for whatever stands within the bounds of their
/// operands, be it a point or not: they are polynomials.
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn additions_hold_at_the_ends_of_their_bounds() {
    let inverse = (BigUint::from(1_u32) << 260_u32).modinv(&p()).unwrap();
    let times = |a: &BigUint, b: &BigUint| a * b * &inverse % p();
    let minus = |a: &BigUint, b: &BigUint| (a + p() - b % p()) % p();
    // What both additions come to behind u, u', s and s'.
    let sum = |u: &BigUint, other_u: &BigUint, s: &BigUint, other_s: &BigUint, zz: &BigUint| {
        let (h, r) = (minus(other_u, u), minus(other_s, s));
        let h2 = times(&h, &h);
        let (h3, v) = (times(&h2, &h), times(u, &h2));
        let x = minus(&times(&r, &r), &(&h3 + &v + &v));
        let y = minus(&times(&r, &minus(&v, &x)), &times(s, &h3));
        [x, y, times(zz, &h)]
    };
    let cube = |z: &BigUint| times(&times(z, z), z);
    let is_right = |point: &Point, [x, y, z]: [BigUint; 3]| {
        is(&number(&point.x), &x, 101);
        is(&number(&point.y), &y, 440);
        is(&number(&point.z), &z, 225);
    };
    // Products differ from their remainder at random, and only some do.
    let mut state = 1_u64;
    let mut random = |hundredths: u32| {
        let limbs = [(); 5].map(|()| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 12
        });
        big(limbs) % (p() * hundredths / 100_u32)
    };
    for _ in 0..if cfg!(miri) { 3 } else { 12_000 } {
        let [a, b] = [(); 2].map(|()| [random(101), random(440), random(225)]);
        let [point, other] = [&a, &b].map(|[x, y, z]| Point { x: field(x), y: field(y), z: field(z) });
        let (u, other_u) = (times(&a[0], &times(&b[2], &b[2])), times(&b[0], &times(&a[2], &a[2])));
        let (s, other_s) = (times(&a[1], &cube(&b[2])), times(&b[1], &cube(&a[2])));
        is_right(&point.plus_point(&other), sum(&u, &other_u, &s, &other_s, &times(&a[2], &b[2])));
    }
    let (xs, ys, zs) = (coordinates(101), coordinates(440), coordinates(225));
    for x in &xs {
        for (y, z) in ys.iter().flat_map(|y| zs.iter().map(move |z| (y, z))) {
            let point = Point { x: field(x), y: field(y), z: field(z) };
            let (y2, z2) = (times(y, y), times(z, z));
            let v = times(x, &y2) * 4_u32 % p();
            let m = times(&minus(x, &z2), &(x + &z2)) * 3_u32 % p();
            let doubled_x = minus(&times(&m, &m), &(&v * 2_u32));
            let doubled_y = minus(&times(&m, &minus(&v, &doubled_x)), &(times(&y2, &y2) * 8_u32));
            is_right(&point.doubled(), [doubled_x, doubled_y, times(y, z) * 2_u32 % p()]);
            for (turn, other) in xs.iter().enumerate() {
                // Of the other point in turn, lest there be millions.
                let other_y = &ys[turn % ys.len()];
                let other_z = &zs[turn % zs.len()];
                let (ox, oy) = (other % p(), other_y % p());
                let (s, other_u) = (times(&oy, &cube(z)), times(&ox, &times(z, z)));
                let added = point.plus(&field(&ox), &field(&oy), 0);
                is_right(&added, sum(x, &other_u, y, &s, z));
                let added = point.plus(&field(&ox), &field(&oy), 0xff);
                is_right(&added, sum(x, &other_u, y, &minus(&BigUint::ZERO, &s), z));
                let other = Point { x: field(other), y: field(other_y), z: field(other_z) };
                let u = times(x, &times(other_z, other_z));
                let other_u = times(&number(&other.x), &times(z, z));
                let (s, other_s) = (times(y, &cube(other_z)), times(other_y, &cube(z)));
                is_right(&point.plus_point(&other), sum(&u, &other_u, &s, &other_s, &times(z, other_z)));
            }
        }
    }
}

/// The multiples of eight points at once are those of the table.
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
fn multiples_are_right(table: &Table<4>) {
    let row = |digit: usize| *choice::row_limbs(table.row(0, digit).unwrap()).unwrap();
    // The points 1 to 16, times so many.
    let groups: [[[[u64; 8]; 4]; 2]; 2] = std::array::from_fn(|group| {
        let point = |lane: usize| row(8 * group + lane + 1);
        std::array::from_fn(|half| {
            std::array::from_fn(|limb| std::array::from_fn(|lane| point(lane)[4 * half + limb]))
        })
    });
    let (mut raw, mut found) = (Vec::new(), [Multiples::NONE; 2]);
    assert_eq!(multiples::multiples(&groups, &mut raw, &mut found), 0xff);
    for (group, found) in found.iter().enumerate() {
        for (lane, digit) in (0..8).flat_map(|lane| (1..=8).map(move |digit| (lane, digit))) {
            assert_eq!(found.row(lane, digit), Some(&row((8 * group + lane + 1) * digit)), "{lane} {digit}");
        }
        assert_eq!((found.row(0, 0), found.row(0, 9), found.row(8, 1)), (None, None, None));
    }
}

/// A lane that was never begun holds no point, and is not added up.
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn empty_lanes_are_not_summed() {
    let [x, y] = P256::GENERATOR.map(|number| Field::splat(&radix52::split_number(number)));
    for empty in 0..8 {
        let mut sum = Sum::new();
        sum.add(&x, &y, 0, !(1 << empty));
        assert!(sum.across().is_none(), "lane {empty}");
        assert_eq!(sum.points().1, !(1 << empty));
        sum.add(&x, &y, 0, 1 << empty);
        assert!(sum.across().is_some());
    }
}

/// The comparison of X with r·Z² is that of numbers modulo p, whatever multiples of p are
/// in the lanes; and no r holds where Z is 0 modulo p.
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn comparison_is_that_of_numbers() {
    let order = P256Order::VALUE.iter().rev().fold(BigUint::ZERO, |number, limb| (number << 64) + *limb);
    let r_is = BigUint::from(1_u32) << 260_u32;
    let mut state = 7_u64;
    let mut random = |limit: &BigUint| {
        let limbs = [(); 5].map(|()| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 12
        });
        big(limbs) % limit
    };
    for round in 0..if cfg!(miri) { 2 } else { 3000 } {
        // X, Z and r of each lane, and whether they hold.
        let lanes: [(BigUint, BigUint, BigUint, bool); 8] = std::array::from_fn(|lane| {
            let r = [random(&order), BigUint::from(1_u32), &order - 1_u32][(round + lane) % 3].clone();
            let z = match (round + lane) % 7 {
                0 => BigUint::ZERO,
                1 => p(),
                2 => BigUint::from(1_u32),
                _ => random(&(p() * 140_u32 / 100_u32)),
            };
            // z is the Montgomery form of z/R, and x has to be that of r·(z/R)².
            let inverse = r_is.modinv(&p()).unwrap();
            let right = &r * &z * &z * inverse % p();
            let x = match (round / 3 + lane) % 4 {
                0 => (&right + 1_u32) % p(),
                1 => (&right + random(&p())) % p(),
                // Below 1.01 p there is room for another p only if it is small.
                2 if right < p() / 100_u32 => &right + p(),
                _ => right.clone(),
            };
            let holds = &x % p() == right && &z % p() != BigUint::ZERO;
            (x, z, r, holds)
        });
        let rows = |pick: fn(&(BigUint, BigUint, BigUint, bool)) -> &BigUint| {
            let limbs = lanes.each_ref().map(|lane| limbs(pick(lane)));
            Field(std::array::from_fn(|i| load(&limbs.map(|lane| lane[i]))))
        };
        let point = Point { x: rows(|lane| &lane.0), y: rows(|lane| &lane.1), z: rows(|lane| &lane.1) };
        let r = lanes.each_ref().map(|lane| radix52::join_number(limbs(&lane.2)));
        let wanted = (0..8).fold(0, |mask, lane| mask | u8::from(lanes[lane].3) << lane);
        assert_eq!(choice::holds(&point, &r.each_ref()), wanted, "{lanes:?}");
    }
}

#[test]
#[expect(unsafe_code, reason = "the capability is proved by a value, which the compiler cannot see")]
fn lanes_agree_with_big_integers() {
    let Some(Ifma { .. }) = Ifma::detect() else {
        return missing("avx512");
    };
    let table = generator_table().unwrap();
    // SAFETY: an `Ifma` exists only where the processor has the features.
    unsafe { products_are_right() };
    // SAFETY: as above.
    unsafe { sums_are_right() };
    // SAFETY: as above.
    unsafe { points_are_right(table) };
    // SAFETY: as above.
    unsafe { multiples_are_right(table) };
    // SAFETY: as above.
    unsafe { additions_hold_at_the_ends_of_their_bounds() };
    // SAFETY: as above.
    unsafe { empty_lanes_are_not_summed() };
    // SAFETY: as above.
    unsafe { comparison_is_that_of_numbers() };
}
