//! Names of algorithms.

use jot::{Alg, Code};
use napi_derive::napi;

use crate::fault::{Fault, fault};

/// Returns the algorithm with this name (RFC 7518 §3.1).
pub(crate) fn algorithm(name: &str) -> Result<Alg, Fault> {
    name.parse()
        .map_err(|_| fault(Code::PolicyInvalid, "algorithm", &format!("there is no algorithm {name:?}")))
}

/// Returns the algorithms with these names.
pub(crate) fn algorithms(names: &[String]) -> Result<Vec<Alg>, Fault> {
    names.iter().map(|name| algorithm(name)).collect()
}

/// Returns the names of all, in the engine's order.
#[napi]
pub fn algorithm_names() -> Vec<String> {
    Alg::ALL.iter().map(Alg::to_string).collect()
}
