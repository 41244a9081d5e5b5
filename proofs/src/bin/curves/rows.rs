//! Sums of rows of tables, by their names.

use std::collections::BTreeMap;

use num_bigint::BigInt;

/// The table of the multiples of keys, of which each has a window by its name.
pub(crate) const KEYS: usize = 2;

/// The small table of a key.
pub(crate) const SMALL: usize = 3;

/// How often the base of each table and window is in a sum: its digit, with its sign.
pub(crate) type Rows = BTreeMap<(usize, usize), BigInt>;

/// The name of a number of the row of a table; a row has up to three.
pub(crate) fn row_name(table: usize, window: usize, digit: usize) -> u64 {
    (1 << 40) | ((table as u64) << 32) | ((window as u64) << 16) | ((digit as u64) << 2)
}

/// The table, the window and the digit of the name of a row's first number.
pub(crate) fn of_name(name: u64) -> (usize, usize, usize) {
    assert_eq!((name >> 40, name & 3), (1, 0), "not the first number of a row");
    let part = |begin: u32, bits: u32| (name >> begin & ((1 << bits) - 1)) as usize;
    (part(32, 8), part(16, 16), part(2, 14))
}

/// Adds the row with this name of its first number.
pub(crate) fn add(rows: &mut Rows, name: u64, is_negative: bool) {
    let (table, window, digit) = of_name(name);
    let sum = rows.entry((table, window)).or_default();
    if is_negative {
        *sum -= digit;
    } else {
        *sum += digit;
    }
}

/// Doubles a sum.
pub(crate) fn double(rows: &mut Rows) {
    rows.values_mut().for_each(|sum| *sum *= 2);
}

/// Adds up the sums of all places.
pub(crate) fn all(places: &[Rows; 8]) -> Rows {
    let mut all = Rows::new();
    for (row, digit) in places.iter().flatten() {
        *all.entry(*row).or_default() += digit;
    }
    all
}

/// The names of the coordinates of a point in a place, which is this sum.
pub(crate) fn names(place: usize, rows: &Rows) -> [u64; 3] {
    // As much of the rows as tells the sums of a proof apart.
    let rows = rows.iter().filter(|row| *row.1 != BigInt::ZERO);
    let digest = rows.fold(17_u64, |sum, ((table, window), digit)| {
        let place = ((*table as u64) << 32) | ((*window as u64) << 16);
        let bytes = digit.to_signed_bytes_le();
        bytes.iter().fold(sum ^ place, |sum, byte| {
            (sum ^ u64::from(*byte)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23)
        })
    });
    let name = ((3 + place as u64) << 48) | (digest >> 17);
    [name << 2, (name << 2) | 1, (name << 2) | 2]
}
