//! Decoding and tables.
#![allow(clippy::arithmetic_side_effects, reason = "a test may stop at the first thing amiss")]

use super::extended::{Extended, Niels};
use super::number::Number;
use super::*;

/// The encodings of 1, of the base point, and of points of small order.
const GOOD: [&str; 6] = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "5866666666666666666666666666666666666666666666666666666666666666",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
];

/// A sign on an x that is 0, a y that is not below p, a y of no point.
const BAD: [&str; 6] = [
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0200000000000000000000000000000000000000000000000000000000000000",
];

fn hex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap()).collect()
}

#[test]
fn points_are_decoded_as_rfc8032_has_it() {
    for text in GOOD {
        let point = Affine::decode(&hex(text)).unwrap();
        assert!(point.is_on_curve(), "{text}");
        let mut encoded: Vec<u8> = point.y.number().iter().flat_map(|limb| limb.to_le_bytes()).collect();
        encoded[31] |= ((point.x.number()[0] & 1) as u8) << 7;
        assert_eq!(encoded, hex(text));
        assert!(point.negated().is_on_curve());
    }
    for text in BAD {
        assert_eq!(Affine::decode(&hex(text)), None, "{text}");
    }
    assert_eq!(Affine::decode(&hex(GOOD[1])), Some(Affine::base()));
    assert_eq!(Affine::decode(&hex(GOOD[1])[..31]), None);
}

fn affine(point: &Extended) -> Affine {
    point.affine(&point.z.inverse().unwrap())
}

/// A row by its plain numbers.
fn row(point: &Affine) -> Row {
    let niels = Niels::new(point);
    let numbers = [niels.sum.number(), niels.difference.number(), niels.product.number()];
    let scaled = numbers.map(Number::from_montgomery);
    Row::of(&Niels { sum: scaled[0], difference: scaled[1], product: scaled[2] })
}

#[test]
fn tables_hold_the_multiples() {
    // Of the base point, and of one of order 8, whose multiples come round.
    for start in [Affine::base(), Affine::decode(&hex(GOOD[4])).unwrap()] {
        let table: Table = TableBuild::new(start).finish().unwrap();
        let small: SmallTable = TableBuild::new(start).finish().unwrap();
        let mut base = start;
        for window in 0..32 {
            let mut multiple = Extended::new(&base);
            for digit in 1..=128 {
                let point = affine(&multiple);
                assert_eq!(*table.row(window, digit).unwrap(), row(&point));
                if window % 2 == 0 && digit <= 8 {
                    assert_eq!(small.row(window / 2, digit), table.row(window, digit));
                }
                multiple = multiple.plus(&Niels::new(&base));
            }
            for _ in 129..256 {
                multiple = multiple.plus(&Niels::new(&base));
            }
            base = affine(&multiple);
        }
        assert_eq!([table.row(3, 0), small.row(3, 0)], [Some(&super::table::IDENTITY); 2]);
        assert_eq!([table.row(32, 1), small.row(16, 1)], [None; 2]);
        assert_eq!((Table::<128, 8>::BYTES, SmallTable::BYTES), (384 << 10, 12 << 10));
    }
}

fn wrong_rows_are_seen<const DIGITS: usize, const BITS: usize>() {
    let start = Affine::base();
    let mut build = TableBuild::<DIGITS, BITS>::new(start);
    let mut starts = vec![(start, Vec::new())];
    for _ in 0..3 {
        build.step().unwrap();
        starts.push((build.base, build.doubles.clone()));
    }
    for window in [2, 0] {
        build.rows.truncate((window + 1) * DIGITS);
        let (start, doubles) = starts[window].clone();
        build.doubles = doubles;
        assert!(build.last_window_is_right(&start));
        for place in 0..build.doubles.len() {
            for limb in 0..12 {
                build.doubles[place].0[limb] ^= 1;
                assert!(!build.last_window_is_right(&start), "double {place}");
                build.doubles[place].0[limb] ^= 1;
            }
        }
        for place in window * DIGITS..(window + 1) * DIGITS {
            let right = build.rows[place];
            // Another number in each of the three, the opposite point, another row.
            for limb in 0..12 {
                build.rows[place].0[limb] ^= 1;
                assert!(!build.last_window_is_right(&start), "row {place}");
                build.rows[place] = right;
            }
            build.rows[place].0.rotate_left(4);
            build.rows[place].0[8..].copy_from_slice(&right.0[8..]);
            assert!(!build.last_window_is_right(&start), "row {place}");
            build.rows[place] = build.rows[if place == 0 { 1 } else { place - 1 }];
            assert!(!build.last_window_is_right(&start), "row {place}");
            build.rows[place] = right;
        }
        assert!(build.last_window_is_right(&start));
    }
    // A window of the multiples of another point ends the building, and so does one that does
    // not know where it begins.
    for forgets in [false, true] {
        let mut build = TableBuild::<DIGITS, BITS>::new(start);
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
    wrong_rows_are_seen::<128, 8>();
    wrong_rows_are_seen::<8, 16>();
}
