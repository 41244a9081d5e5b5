//! Points, tables and digits of all four curves.
#![allow(clippy::arithmetic_side_effects, reason = "a test may stop at the first thing amiss")]

use num_bigint::BigUint;

use super::curves::{Curve, P256, P384, P521, Secp256k1};
use super::ecdsa::{Signature, digits};
use super::point::{Affine, Jacobian};
use super::table::{DIGITS, SMALL_DIGITS, SmallTable, Table, TableBuild};
use super::trees::Trees;
use crate::field::{Modulus, Residue, number_bytes};

fn big(limbs: &[u64]) -> BigUint {
    limbs.iter().rev().fold(BigUint::ZERO, |number, limb| (number << 64) + *limb)
}

fn is<C: Curve<N>, const N: usize>(point: &Jacobian<C, N>, wanted: &Affine<C, N>) -> bool {
    let z2 = point.z.squared();
    !point.z.is_zero() && point.x == wanted.x.times(&z2) && point.y == wanted.y.times(&z2.times(&point.z))
}

fn points_are_right<C: Curve<N>, const N: usize>() {
    let generator = Affine::<C, N>::generator();
    assert!(generator.is_on_curve());
    let table = TableBuild::<C, N>::new(generator, Residue::ONE).finish().unwrap();
    let point = |window: usize, digit: usize| table.row(window, digit).unwrap().point::<C>();
    let windows = Table::<N>::WINDOWS;
    for window in 0..windows {
        for digit in 1..=DIGITS {
            assert!(point(window, digit).is_on_curve());
        }
        for digit in 2..DIGITS {
            let sum = Jacobian::new(&point(window, digit)).plus(&point(window, 1));
            assert!(is(&sum, &point(window, digit + 1)));
        }
        // Twice a point is what is added to it to get three times it.
        let twice = Jacobian::new(&point(window, 3)).plus(&point(window, 1).negated());
        assert!(is(&twice, &point(window, 2)));
        if window + 1 < windows {
            let last = Jacobian::new(&point(window, DIGITS - 1)).plus(&point(window, 1));
            assert!(is(
                &last.plus(&point(window, DIGITS - 2)).plus(&point(window, 2)),
                &point(window + 1, 1)
            ));
        }
    }
    assert!(table.row(windows, 1).is_none());
    // The incomplete cases do not go unnoticed.
    let seven = point(0, 7);
    let three = Jacobian::new(&point(0, 1)).plus(&point(0, 2));
    for nothing in [
        Jacobian::new(&seven).plus(&seven),
        Jacobian::new(&seven).plus(&seven.negated()),
        three.plus(&point(0, 3)),
        three.plus(&point(0, 3).negated()),
    ] {
        assert!(nothing.z.is_zero());
        assert!(nothing.plus(&point(0, 9)).z.is_zero());
    }
}

#[test]
fn tables_hold_the_multiples() {
    points_are_right::<P256, 4>();
    points_are_right::<P384, 6>();
    points_are_right::<P521, 9>();
    points_are_right::<Secp256k1, 4>();
}

/// The rows of a small table are some of those of a large one, or sums of two.
#[test]
fn small_tables_hold_the_same_multiples() {
    let generator = Affine::<P256, 4>::generator();
    let large: Table<4> = TableBuild::<P256, 4>::new(generator, Residue::ONE).finish().unwrap();
    let small: SmallTable<4> =
        TableBuild::<P256, 4, SMALL_DIGITS, 16>::new(generator, Residue::ONE).finish().unwrap();
    assert_eq!((Table::<4>::BYTES, SmallTable::<4>::BYTES), (256 << 10, 8 << 10));
    assert_eq!((Table::<4>::WINDOWS, SmallTable::<4>::WINDOWS), (32, 16));
    for place in 0..SmallTable::<4>::WINDOWS {
        for digit in 1..=SMALL_DIGITS {
            let [one, other] = [large.row(2 * place, digit), small.row(place, digit)];
            assert_eq!(one.unwrap().coordinates, other.unwrap().coordinates);
        }
    }
    assert!(small.row(16, 1).is_none());
}

/// Wrong in each row of a window, in each way: another number in a coordinate, the
/// opposite point, another row; and in each double on the way to a window.
fn wrong_rows_are_seen<C: Curve<N>, const N: usize, const DIGITS: usize, const BITS: usize>(
    scale: Residue<C::Base, N>,
) {
    let start = Affine::<C, N>::generator();
    let bits = big(&C::Base::VALUE).bits() as usize;
    let mut build = TableBuild::<C, N, DIGITS, BITS>::new(start, scale);
    let mut starts = vec![(start, Vec::new())];
    for _ in 0..3 {
        build.step().unwrap();
        starts.push((build.base, build.doubles.clone()));
    }
    build.rows.truncate(3 * DIGITS);
    for window in [2, 0] {
        build.rows.truncate((window + 1) * DIGITS);
        let (start, doubles) = starts[window].clone();
        build.doubles = doubles;
        assert!(build.last_window_is_right(&start));
        for place in 0..build.doubles.len() {
            for coordinate in 0..2 {
                build.doubles[place].coordinates[coordinate][0] ^= 1;
                assert!(!build.last_window_is_right(&start), "double {place}");
                build.doubles[place].coordinates[coordinate][0] ^= 1;
            }
        }
        for place in window * DIGITS..(window + 1) * DIGITS {
            let right = build.rows[place];
            let negated = *right.point::<C>().negated().y.montgomery();
            let mut planted =
                vec![[right.coordinates[0], negated], [right.coordinates[1], right.coordinates[0]]];
            for coordinate in 0..2 {
                for bit in [0, bits - 2] {
                    let mut wrong = right.coordinates;
                    wrong[coordinate][bit / 64] ^= 1 << (bit % 64);
                    planted.push(wrong);
                }
            }
            planted.push(build.rows[if place == 0 { 1 } else { place - 1 }].coordinates);
            for coordinates in planted {
                build.rows[place].coordinates = coordinates;
                assert!(!build.last_window_is_right(&start), "row {place}");
            }
            build.rows[place] = right;
        }
        assert!(build.last_window_is_right(&start));
    }
    // A window of the multiples of another point ends the building, and so does one that does
    // not know where it begins.
    for forgets in [false, true] {
        let mut build = TableBuild::<C, N, DIGITS, BITS>::new(start, scale);
        build.step().unwrap();
        if forgets {
            build.doubles.clear();
        } else {
            build.base = start;
        }
        assert!(build.step().is_none());
    }
}

#[test]
fn tables_with_a_wrong_row_are_dropped() {
    wrong_rows_are_seen::<P256, 4, DIGITS, 8>(Residue::ONE);
    wrong_rows_are_seen::<P384, 6, DIGITS, 8>(Residue::ONE);
    wrong_rows_are_seen::<P521, 9, DIGITS, 8>(Residue::ONE);
    wrong_rows_are_seen::<Secp256k1, 4, DIGITS, 8>(Residue::ONE);
    // The lanes have another scale.
    let scale = Residue::reduced(&[16, 0, 0, 0]);
    wrong_rows_are_seen::<P256, 4, DIGITS, 8>(scale);
    wrong_rows_are_seen::<P256, 4, SMALL_DIGITS, 16>(scale);
}

fn digits_are_right<C: Curve<N>, const N: usize>() {
    let order = big(&C::Order::VALUE);
    let mut scalars = vec![[0; N], [u64::MAX; N], [0x8080_8080_8080_8080; N], [0x7f7f_7f7f_7f7f_7f7f; N]];
    for i in 0..64 * N {
        let mut power = [0; N];
        power[i / 64] = 1 << (i % 64);
        scalars.push(power);
        scalars.push(power.map(|limb| limb.wrapping_sub(1)));
    }
    for scalar in scalars {
        let scalar = Residue::<C::Order, N>::reduced(&scalar);
        let digits: Vec<i16> = digits::<C, N>(&scalar).collect();
        assert_eq!(digits.len(), 8 * N);
        let mut sum = BigUint::ZERO;
        for digit in digits.iter().rev() {
            assert!(digit.unsigned_abs() <= 128);
            let magnitude = BigUint::from(digit.unsigned_abs());
            sum = ((sum << 8) + if *digit < 0 { &order - magnitude } else { magnitude }) % &order;
        }
        assert_eq!(sum, big(&scalar.number()));
    }
}

#[test]
fn digits_make_up_the_scalar() {
    digits_are_right::<P256, 4>();
    digits_are_right::<P384, 6>();
    digits_are_right::<P521, 9>();
    digits_are_right::<Secp256k1, 4>();
}

#[test]
fn points_and_signatures_out_of_range_are_none() {
    let bytes = |number: &[u64]| number.iter().rev().flat_map(|limb| limb.to_be_bytes()).collect::<Vec<u8>>();
    let order = bytes(&<P256 as Curve<4>>::Order::VALUE);
    let one = bytes(&[1, 0, 0, 0]);
    let mut below = order.clone();
    below[31] -= 1;
    let is_read = |r: &[u8], s: &[u8]| Signature::<P256, 4>::parse(&[r, s].concat()).is_some();
    assert!(is_read(&one, &one) && is_read(&below, &below));
    let zero = [0; 32];
    for (r, s) in
        [(&zero[..], &one[..]), (&one, &zero), (&order, &one), (&one, &order), (&one, &one[1..]), (&[], &[])]
    {
        assert!(!is_read(r, s));
    }
    assert!(!is_read(&[one.as_slice(), &[0]].concat(), &one));
    let generator = [&[4], &bytes(&P256::GENERATOR[0])[..], &bytes(&P256::GENERATOR[1])].concat();
    assert!(Affine::<P256, 4>::from_sec1(&generator).is_some());
    for position in [0, 1, 32, 33, 64] {
        let mut other = generator.clone();
        other[position] ^= 1;
        assert!(Affine::<P256, 4>::from_sec1(&other).is_none());
    }
    assert!(Affine::<P256, 4>::from_sec1(&generator[..64]).is_none());
}

/// r and s are taken exactly if they are above 0 and below the order, and u1 and u2 are
/// e/s and r/s: with another inverse there are none.
fn signatures_are_read_as_numbers<C: Curve<N>, const N: usize>() {
    let order = big(&C::Order::VALUE);
    let bytes = |number: &BigUint| {
        let found = number.to_bytes_be();
        [vec![0; number_bytes(N) - found.len()], found].concat()
    };
    let one = BigUint::from(1_u32);
    let top = &one << (8 * number_bytes(N));
    let mut numbers =
        vec![BigUint::ZERO, one.clone(), &order - &one, order.clone(), &order + &one, &top - &one];
    let mut state = one.clone();
    numbers.extend((0..40).map(|_| {
        state = (&state * 6_364_136_223_846_793_005_u64 + &order * 3_u32 + 11_u32)
            .modpow(&BigUint::from(3_u32), &top);
        state.clone()
    }));
    let is_in_range = |number: &BigUint| *number != BigUint::ZERO && *number < order;
    for r in &numbers {
        for s in &numbers {
            let signature = Signature::<C, N>::parse(&[bytes(r), bytes(s)].concat());
            assert_eq!(signature.is_some(), is_in_range(r) && is_in_range(s), "{r:x} {s:x}");
            let Some(signature) = signature else { continue };
            let inverse = signature.s.inverse().unwrap();
            let scalars = signature.scalars(&bytes(r), &inverse).unwrap();
            let of_s = s.modinv(&order).unwrap();
            // The digest is r here.
            assert!(scalars.iter().all(|scalar| big(&scalar.number()) == r * &of_s % &order));
            for wrong in [inverse.plus(&Residue::ONE), inverse.negated(), signature.s, Residue::ZERO] {
                let is_right = big(&wrong.number()) == of_s;
                assert_eq!(signature.scalars(&bytes(r), &wrong).is_some(), is_right, "{s:x}");
            }
        }
    }
}

#[test]
fn signatures_are_read_as_numbers_on_each_curve() {
    signatures_are_read_as_numbers::<P256, 4>();
    signatures_are_read_as_numbers::<P384, 6>();
    signatures_are_read_as_numbers::<P521, 9>();
    signatures_are_read_as_numbers::<Secp256k1, 4>();
}

/// Sums of all lengths, among them such as meet their like: these alone have no result.
fn trees_are_sums<C: Curve<N>, const N: usize>() {
    let table = TableBuild::<C, N>::new(Affine::generator(), Residue::ONE).finish().unwrap();
    let point = |place: usize| {
        let row = table.row(place * 7 % Table::<N>::WINDOWS, 1 + place * 11 % DIGITS).unwrap().point::<C>();
        if place.is_multiple_of(3) { row.negated() } else { row }
    };
    let mut sums: Vec<Vec<Affine<C, N>>> =
        (0..16 * N).map(|count| (0..count).map(|place| point(place + count)).collect()).collect();
    let is_given_up = |count: usize| count > 4 && count.is_multiple_of(3);
    for (count, sum) in sums.iter_mut().enumerate().filter(|row| is_given_up(row.0)) {
        // In the first round, as two equal points and as two opposite ones, and in the next.
        match count % 4 {
            0 => sum[3] = sum[2],
            1 => sum[1] = sum[0].negated(),
            _ => [sum[2], sum[3]] = [sum[1], sum[0]],
        }
    }
    let mut trees = Trees::new(sums.iter().map(Vec::len).sum());
    for sum in &sums {
        trees.begin();
        sum.iter().for_each(|point| trees.add(*point));
    }
    let results: Vec<_> = trees.results().collect();
    assert_eq!(results.len(), sums.len());
    for (count, (sum, result)) in sums.iter().zip(results).enumerate() {
        assert_eq!(result.is_some(), count != 0 && !is_given_up(count), "{count}");
        let Some(result) = result else { continue };
        let rest = &sum[1..];
        let wanted = rest.iter().fold(Jacobian::new(&sum[0]), |sum, point| sum.plus(point));
        assert!(is(&wanted, &result), "{count}");
    }
}

#[test]
fn points_are_added_in_trees() {
    trees_are_sums::<P256, 4>();
    trees_are_sums::<P384, 6>();
    trees_are_sums::<P521, 9>();
    trees_are_sums::<Secp256k1, 4>();
}
