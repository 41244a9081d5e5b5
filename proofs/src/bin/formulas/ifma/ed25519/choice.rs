//! How rows are loaded has its own proof.

use super::field::Field;
use crate::value::Value;

/// Returns y + x, y - x and 2dxy of rows, by their places.
pub(super) fn numbers([first, last]: &[[&[u64; 8]; 8]; 2]) -> [Field; 3] {
    assert_eq!(first, last);
    let symbol = |name: &str, place: u64| match place {
        0 => Value::symbol(&format!("{name}'")),
        8 => Value::symbol(name),
        9 => Value::symbol(&name[..1].to_uppercase()),
        _ => Value::symbol(&format!("{name}_{place}")),
    };
    ["sum", "difference", "product"].map(|name| Field(first.map(|row| symbol(name, row[0]))))
}
