//! The number of rows by code.

use std::collections::BTreeMap;

use jot::Code;

use crate::audit::bounded::Merge;
use crate::audit::coverage::add;

/// The number of rows by code.
pub(in crate::audit) type Codes = BTreeMap<u32, u64>;

/// Returns `true` if a use was not valid, whenever it was.
pub(in crate::audit) const fn is_refused(code: Code) -> bool {
    !matches!(code, Code::Accepted | Code::TimeUnknown)
}

/// Returns the number of rows that were not valid.
pub(super) fn refused(codes: &Codes) -> u64 {
    let refused = |number: &u32| Code::from_number(*number).is_none_or(is_refused);
    codes.iter().filter(|(number, _)| refused(number)).fold(0, |sum, (_, count)| sum.saturating_add(*count))
}

impl Merge for Codes {
    fn merge(&mut self, later: &Self) {
        for (code, count) in later {
            add(self.entry(*code).or_default(), *count);
        }
    }

    fn weight(&self) -> u64 {
        self.values().fold(0, |sum, count| sum.saturating_add(*count))
    }
}
