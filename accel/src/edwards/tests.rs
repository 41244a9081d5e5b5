//! Decoding and tables.
#![allow(clippy::arithmetic_side_effects, reason = "a test may stop at the first thing amiss")]

use super::extended::{Extended, Niels};
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
    let inverse = point.z.inverse().unwrap();
    Affine { x: point.x.times(&inverse), y: point.y.times(&inverse) }
}

#[test]
fn tables_hold_the_multiples() {
    // Of the base point, and of one of order 8, whose multiples come round.
    for start in [Affine::base(), Affine::decode(&hex(GOOD[4])).unwrap()] {
        let table = TableBuild::new(start).finish().unwrap();
        let mut base = start;
        for window in 0..32 {
            let mut multiple = Extended::new(&base);
            for digit in 1..=128 {
                let point = affine(&multiple);
                assert_eq!(*table.row(window, digit).unwrap(), Row::new(&Niels::new(&point)));
                multiple = multiple.plus(&Niels::new(&base));
            }
            for _ in 129..256 {
                multiple = multiple.plus(&Niels::new(&base));
            }
            base = affine(&multiple);
        }
        assert_eq!(table.row(3, 0), Some(&IDENTITY));
        assert_eq!(table.row(32, 1), None);
    }
}
