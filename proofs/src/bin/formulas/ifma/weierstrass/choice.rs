//! How rows are loaded has its own proof.

use crate::value::Value;
use crate::weierstrass::Row;

/// Returns the coordinates of rows, by their places.
pub(super) fn words<const W: usize>(rows: &[&Row<W>; 8]) -> [[Value; 8]; 2] {
    let names = [["x'", "y'"], ["x", "y"], ["X", "Y"]];
    [0, 1].map(|coordinate| {
        rows.map(|row| {
            let place = row.coordinates[coordinate][0] as usize;
            names.get(place).map_or_else(
                || Value::symbol(&format!("{}_{place}", names[1][coordinate])),
                |names| Value::symbol(names[coordinate]),
            )
        })
    })
}
