//! Constants of the curve in lanes.

use crate::edwards;
use crate::ifma::radix52;

/// Twice d, in the five limbs that the code makes of it here.
pub(super) const TWICE_D: [u64; 5] = radix52::split_number(edwards::TWICE_D);
