//! The code that makes the table, in the order of the list of refusals.

mod algorithms;
mod claims;
mod conditions;
mod dates;
mod encoding;
mod headers;
mod injection;
mod json;
mod keys;
mod policies;
mod signatures;
mod statuses;

use serde_json::Value;

use crate::cases::table::Case;

pub(crate) fn all() -> Vec<Value> {
    let parts = [
        algorithms::cases(),
        keys::cases(),
        headers::cases(),
        injection::cases(),
        signatures::cases(),
        encoding::cases(),
        json::cases(),
        dates::cases(),
        claims::cases(),
        policies::cases(),
        conditions::cases(),
        statuses::cases(),
    ];
    parts.into_iter().flatten().map(Case::finish).collect()
}
