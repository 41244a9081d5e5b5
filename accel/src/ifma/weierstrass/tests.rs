//! The lanes against big integers, at the limits of every bound.

use num_bigint::BigUint;

use super::field::{Field, InLanes};
use super::multiples::Multiples;
use super::point::{Point, Sum};
use super::*;
use crate::field::Modulus;
use crate::ifma::radix52::{self, split_number};
use crate::missing::missing;
use crate::simd::moves::stored;
use crate::simd::x512::load;

fn big<const N: usize>(limbs: [u64; N]) -> BigUint {
    limbs.iter().rev().fold(BigUint::ZERO, |number, limb| (number << 52) + *limb)
}

fn limbs<const N: usize>(number: &BigUint) -> [u64; N] {
    std::array::from_fn(|i| {
        let digits = ((number >> (52 * i)) & BigUint::from(radix52::LIMB)).to_u64_digits();
        digits.first().copied().unwrap_or(0)
    })
}

fn p<C: InLanes<N>, const N: usize>() -> BigUint {
    big(C::P)
}

/// R, by which products are divided.
fn radix<const N: usize>() -> BigUint {
    BigUint::from(1_u32) << (52 * N)
}

/// Numbers below `hundredths`/100·p: those around every multiple of p, the
/// largest, and such with limbs at which carries go wrong.
fn numbers<C: InLanes<N>, const N: usize>(hundredths: u32) -> Vec<BigUint> {
    let limit = p::<C, N>() * hundredths / 100_u32;
    let mut numbers = vec![&limit - 1_u32, &limit >> 1];
    for k in 0..=hundredths / 100 {
        for delta in 0..2_u32 {
            numbers.push(p::<C, N>() * k + delta);
            numbers.push(p::<C, N>() * (k + 1) - 1_u32 - delta);
        }
    }
    for pattern in 0..64_u64 {
        let limb = |i: usize| match pattern >> (i % 5) & 1 {
            0 => pattern >> 5,
            _ => radix52::LIMB - (pattern >> 5),
        };
        numbers.push(big::<N>(std::array::from_fn(limb)) % &limit);
    }
    numbers.retain(|number| *number < limit);
    few(numbers)
}

/// All of them, but few for an interpreter, which takes a second for a hundred products.
fn few<T>(all: Vec<T>) -> Vec<T> {
    all.into_iter().step_by(if cfg!(miri) { 17 } else { 1 }).collect()
}

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
fn field<C: InLanes<N>, const N: usize>(number: &BigUint) -> Field<C, N> {
    Field::splat(&limbs(number))
}

/// Every lane, after a look that they are all the same.
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
fn number<C: InLanes<N>, const N: usize>(field: &Field<C, N>) -> BigUint {
    let stored = field.0.map(|limb| stored(limb));
    let first = radix52::lane(&stored, 0);
    assert!((1..8).all(|lane| radix52::lane(&stored, lane) == first));
    big(first)
}

#[track_caller]
fn is<C: InLanes<N>, const N: usize>(found: &BigUint, wanted: &BigUint, hundredths: u32) {
    assert_eq!(found % p::<C, N>(), wanted % p::<C, N>());
    assert!(found * 100_u32 < p::<C, N>() * hundredths, "above {hundredths}");
}

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn products_are_right<C: InLanes<N>, const N: usize>() {
    let inverse = radix::<N>().modinv(&p::<C, N>()).unwrap();
    for (of_a, of_b) in [(101, 160), (308, 308), (707, 707), (707, 311), (440, 131), (1500, 1500)] {
        let bound = 100 + of_a * of_b / 1600 + 1;
        for a in numbers::<C, N>(of_a) {
            for b in numbers::<C, N>(of_b).iter().step_by(3) {
                let product = number(&field::<C, N>(&a).times(&field::<C, N>(b)));
                is::<C, N>(&product, &(&a * b * &inverse), bound);
            }
            let square = number(&field::<C, N>(&a).squared());
            is::<C, N>(&square, &(&a * &a * &inverse), 100 + of_a * of_a / 1600 + 1);
        }
    }
}

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
fn sums_are_right<C: InLanes<N>, const N: usize>() {
    for a in numbers::<C, N>(238) {
        for b in numbers::<C, N>(137) {
            is::<C, N>(
                &number(&field::<C, N>(&a).minus(&field::<C, N>(&b), &C::P2)),
                &(&a + p::<C, N>() * 2_u32 - &b),
                438,
            );
        }
    }
    for y in numbers::<C, N>(440) {
        for s in numbers::<C, N>(107) {
            let base = p::<C, N>() * 6_u32 - &y;
            is::<C, N>(
                &number(&field::<C, N>(&y).opposite_with(&field::<C, N>(&s), 0, &C::P6)),
                &(&base + &s),
                708,
            );
            is::<C, N>(
                &number(&field::<C, N>(&y).opposite_with(&field::<C, N>(&s), 0xff, &C::P6)),
                &(&base - &s),
                708,
            );
        }
    }
    for r in numbers::<C, N>(413).iter().step_by(2) {
        for h in numbers::<C, N>(131).iter().step_by(3) {
            for v in numbers::<C, N>(111).iter().step_by(3) {
                let sum = field::<C, N>(r).minus_and_twice(&field::<C, N>(h), &field::<C, N>(v));
                is::<C, N>(&number(&sum), &(r + p::<C, N>() * 4_u32 - h - v * 2_u32), 101);
            }
        }
    }
    for a in numbers::<C, N>(199) {
        assert_eq!(number(&field::<C, N>(&a).canonical()), &a % p::<C, N>());
        is::<C, N>(&number(&field::<C, N>(&a).plus(&field::<C, N>(&a))), &(&a * 2_u32), 398);
    }
    for a in numbers::<C, N>(310) {
        let zero = &a % p::<C, N>() == BigUint::ZERO;
        assert_eq!(field::<C, N>(&a).is_zero(), if zero { 0xff } else { 0 });
    }
}

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn points_are_right<C: Shared<W, N>, const W: usize, const N: usize>(table: &Table<W>) {
    let affine = |digit: usize| {
        table.row(0, digit).unwrap().coordinates.map(|number| Field::<C, N>::splat(&split_number(number)))
    };
    let one = Field::splat(&C::ONE);
    let point = |digit: usize| {
        let [x, y] = affine(digit);
        Point { x, y, z: one }
    };
    let is = |sum: &Point<C, N>, digit: usize| {
        let [x, y] = affine(digit);
        let z2 = sum.z.squared();
        let same_x = sum.x.minus(&x.times(&z2), &C::P2).is_zero();
        let same_y = sum.y.minus(&y.times(&z2.times(&sum.z)), &C::P6);
        same_x == 0xff && number(&same_y) % p::<C, N>() == BigUint::ZERO && sum.z.is_zero() == 0
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
fn coordinates<C: InLanes<N>, const N: usize>(hundredths: u32) -> Vec<BigUint> {
    let limit = p::<C, N>() * hundredths / 100_u32;
    let near = |number: BigUint| [number.clone() + 1_u32, number + 12_345_u32];
    let mut numbers = vec![BigUint::ZERO, BigUint::from(1_u32), &limit - 1_u32, &limit - (&limit >> 9)];
    numbers.extend((1..=hundredths / 100).flat_map(|k| near(p::<C, N>() * k)));
    numbers.extend((1..4_u32).map(|part| &limit * part / 4_u32));
    numbers.retain(|number| *number < limit);
    few(numbers)
}

/// The additions hold for whatever stands within the bounds of their
/// operands, be it a point or not: they are polynomials.
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn additions_hold_at_the_ends_of_their_bounds<C: InLanes<N>, const N: usize>() {
    let inverse = radix::<N>().modinv(&p::<C, N>()).unwrap();
    let times = |a: &BigUint, b: &BigUint| a * b * &inverse % p::<C, N>();
    let minus = |a: &BigUint, b: &BigUint| (a + p::<C, N>() - b % p::<C, N>()) % p::<C, N>();
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
    let is_right = |point: &Point<C, N>, [x, y, z]: [BigUint; 3]| {
        is::<C, N>(&number(&point.x), &x, 101);
        is::<C, N>(&number(&point.y), &y, 440);
        is::<C, N>(&number(&point.z), &z, 225);
    };
    // Products differ from their remainder at random, and only some do.
    let mut state = 1_u64;
    let mut random = |hundredths: u32| {
        let limbs = [(); N].map(|()| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 12
        });
        big(limbs) % (p::<C, N>() * hundredths / 100_u32)
    };
    for _ in 0..if cfg!(miri) { 3 } else { 12_000 } {
        let [a, b] = [(); 2].map(|()| [random(101), random(440), random(225)]);
        let [point, other] =
            [&a, &b].map(|[x, y, z]| Point { x: field::<C, N>(x), y: field::<C, N>(y), z: field::<C, N>(z) });
        let (u, other_u) = (times(&a[0], &times(&b[2], &b[2])), times(&b[0], &times(&a[2], &a[2])));
        let (s, other_s) = (times(&a[1], &cube(&b[2])), times(&b[1], &cube(&a[2])));
        is_right(&point.plus_point(&other), sum(&u, &other_u, &s, &other_s, &times(&a[2], &b[2])));
    }
    let (xs, ys, zs) = (coordinates::<C, N>(101), coordinates::<C, N>(440), coordinates::<C, N>(225));
    for x in &xs {
        for (y, z) in ys.iter().flat_map(|y| zs.iter().map(move |z| (y, z))) {
            let point = Point { x: field::<C, N>(x), y: field::<C, N>(y), z: field::<C, N>(z) };
            let (y2, z2) = (times(y, y), times(z, z));
            let v = times(x, &y2) * 4_u32 % p::<C, N>();
            let a_z4 = if C::A == 0 { BigUint::ZERO } else { times(&z2, &z2) };
            let m = minus(&times(x, x), &a_z4) * 3_u32 % p::<C, N>();
            let doubled_x = minus(&times(&m, &m), &(&v * 2_u32));
            let doubled_y = minus(&times(&m, &minus(&v, &doubled_x)), &(times(&y2, &y2) * 8_u32));
            is_right(&point.doubled(), [doubled_x, doubled_y, times(y, z) * 2_u32 % p::<C, N>()]);
            for (turn, other) in xs.iter().enumerate() {
                // Of the other point in turn, lest there be millions.
                let other_y = &ys[turn % ys.len()];
                let other_z = &zs[turn % zs.len()];
                let (ox, oy) = (other % p::<C, N>(), other_y % p::<C, N>());
                let (s, other_u) = (times(&oy, &cube(z)), times(&ox, &times(z, z)));
                let added = point.plus(&field::<C, N>(&ox), &field::<C, N>(&oy), 0);
                is_right(&added, sum(x, &other_u, y, &s, z));
                let added = point.plus(&field::<C, N>(&ox), &field::<C, N>(&oy), 0xff);
                is_right(&added, sum(x, &other_u, y, &minus(&BigUint::ZERO, &s), z));
                let other =
                    Point { x: field::<C, N>(other), y: field::<C, N>(other_y), z: field::<C, N>(other_z) };
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
fn multiples_are_right<C: Shared<W, N>, const W: usize, const N: usize>(table: &Table<W>) {
    let row = |digit: usize| table.row(0, digit).unwrap().coordinates;
    // The points 1 to 16, times so many.
    let groups: [[[[u64; 8]; W]; 2]; 2] = std::array::from_fn(|group| {
        let point = |lane: usize| row(8 * group + lane + 1);
        std::array::from_fn(|half| {
            std::array::from_fn(|word| std::array::from_fn(|lane| point(lane)[half][word]))
        })
    });
    let (mut raw, mut found) = (Vec::new(), [const { Multiples::NONE }; 2]);
    assert_eq!(multiples::multiples::<C, W, N>(&groups, &mut raw, &mut found), 0xff);
    for (group, found) in found.iter().enumerate() {
        for (lane, digit) in (0..8).flat_map(|lane| (1..=8).map(move |digit| (lane, digit))) {
            let found = found.row(lane, digit).unwrap().coordinates;
            assert_eq!(found, row((8 * group + lane + 1) * digit), "{lane} {digit}");
        }
        assert!([(0, 0), (0, 9), (8, 1)].iter().all(|(lane, digit)| found.row(*lane, *digit).is_none()));
    }
}

/// A lane that was never begun holds no point, and is not added up.
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn empty_lanes_are_not_summed<C: Shared<W, N>, const W: usize, const N: usize>() {
    let [x, y] = C::GENERATOR.map(|number| Field::<C, N>::splat(&split_number(number)));
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
fn comparison_is_that_of_numbers<C: Shared<W, N>, const W: usize, const N: usize>() {
    let order = C::Order::VALUE.iter().rev().fold(BigUint::ZERO, |number, limb| (number << 64) + *limb);
    let mut state = 7_u64;
    let mut random = |limit: &BigUint| {
        let limbs = [(); N].map(|()| {
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
                1 => p::<C, N>(),
                2 => BigUint::from(1_u32),
                _ => random(&(p::<C, N>() * 140_u32 / 100_u32)),
            };
            // z is the Montgomery form of z/R, and x has to be that of r·(z/R)².
            let inverse = radix::<N>().modinv(&p::<C, N>()).unwrap();
            let right = &r * &z * &z * inverse % p::<C, N>();
            let x = match (round / 3 + lane) % 4 {
                0 => (&right + 1_u32) % p::<C, N>(),
                1 => (&right + random(&p::<C, N>())) % p::<C, N>(),
                // Below 1.01 p there is room for another p only if it is small.
                2 if right < p::<C, N>() / 100_u32 => &right + p::<C, N>(),
                _ => right.clone(),
            };
            let holds = &x % p::<C, N>() == right && &z % p::<C, N>() != BigUint::ZERO;
            (x, z, r, holds)
        });
        let rows = |pick: fn(&(BigUint, BigUint, BigUint, bool)) -> &BigUint| {
            let limbs: [[u64; N]; 8] = lanes.each_ref().map(|lane| limbs(pick(lane)));
            Field::of(std::array::from_fn(|i| load(&limbs.map(|lane| lane[i]))))
        };
        let point =
            Point::<C, N> { x: rows(|lane| &lane.0), y: rows(|lane| &lane.1), z: rows(|lane| &lane.1) };
        let r = lanes.each_ref().map(|lane| radix52::join_number::<W, N>(limbs(&lane.2)));
        let wanted = (0..8).fold(0, |mask, lane| mask | u8::from(lanes[lane].3) << lane);
        assert_eq!(choice::holds(&point, &r.each_ref()), wanted, "{lanes:?}");
    }
}

#[test]
fn lanes_agree_with_big_integers() {
    let Some(ifma) = Ifma::detect() else {
        return missing("avx512");
    };
    agree::<P256, 4, 5>(ifma);
    agree::<Secp256k1, 4, 5>(ifma);
    agree::<P384, 6, 8>(ifma);
    agree::<P521, 9, 11>(ifma);
}

#[expect(unsafe_code, reason = "the capability is proved by a value, which the compiler cannot see")]
fn agree<C: Shared<W, N>, const W: usize, const N: usize>(Ifma { .. }: Ifma) {
    let table = generator_table::<C, W, N>().unwrap();
    // SAFETY: an `Ifma` exists only where the processor has the features.
    unsafe { products_are_right::<C, N>() };
    // SAFETY: as above.
    unsafe { sums_are_right::<C, N>() };
    // SAFETY: as above.
    unsafe { points_are_right::<C, W, N>(table) };
    // SAFETY: as above.
    unsafe { multiples_are_right::<C, W, N>(table) };
    // SAFETY: as above.
    unsafe { additions_hold_at_the_ends_of_their_bounds::<C, N>() };
    // SAFETY: as above.
    unsafe { empty_lanes_are_not_summed::<C, W, N>() };
    // SAFETY: as above.
    unsafe { comparison_is_that_of_numbers::<C, W, N>() };
}
