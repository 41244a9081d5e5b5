//! Names of algorithms as arguments.

use jot::{Alg, Error};

/// Reads an algorithm's name, spelled as in `alg`.
pub(crate) fn parse_alg(name: &str) -> Result<Alg, Error> {
    name.parse()
}
