//! ES256 in the lanes of AVX-512 IFMA.

use super::Ifma;
use crate::alg::Alg;
use crate::crypto::accel::Implementation;

/// ES256.
pub(super) const IMPLEMENTATION: Implementation = Implementation {
    name: super::NAME,
    is_portable: false,
    algorithms: &[Alg::ES256],
    is_supported: || Ifma::detect().is_some(),
    is_sane: || true,
    begin: |_, _| None,
};
