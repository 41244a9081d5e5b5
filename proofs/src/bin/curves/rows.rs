//! Sums of rows of tables, by their names.

use std::collections::BTreeMap;

/// Table and window of each row, and the digit, with its sign.
pub(crate) type Rows = BTreeMap<(usize, usize), i16>;

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
    let digit = digit as i16;
    let signed = if is_negative { -digit } else { digit };
    assert!(rows.insert((table, window), signed).is_none(), "a window twice");
}

/// Adds up the rows of all places, no window of which is in two.
pub(crate) fn all(places: &[Rows; 8]) -> Rows {
    let mut all = Rows::new();
    for (row, digit) in places.iter().flatten() {
        assert!(all.insert(*row, *digit).is_none(), "a window in two lanes");
    }
    all
}

/// The names of the coordinates of a point in a place, which is the sum of these rows.
pub(crate) fn names(place: usize, rows: &Rows) -> [u64; 3] {
    // As much of the rows as tells the sums of a proof apart.
    let digest = rows.iter().fold(17_u64, |sum, ((table, window), digit)| {
        let row = ((*table as u64) << 32) | ((*window as u64) << 16) | u64::from(digit.cast_unsigned());
        (sum ^ row).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23)
    });
    let name = ((3 + place as u64) << 48) | (digest >> 17);
    [name << 2, (name << 2) | 1, (name << 2) | 2]
}
