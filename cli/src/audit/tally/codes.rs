//! The number of rows by code.

use std::collections::BTreeMap;

use crate::audit::coverage::add;

/// The number of rows by code.
pub(in crate::audit) type Codes = BTreeMap<u32, u64>;

pub(super) fn add_codes(codes: &mut Codes, later: &Codes) {
    for (code, count) in later {
        add(codes.entry(*code).or_default(), *count);
    }
}
