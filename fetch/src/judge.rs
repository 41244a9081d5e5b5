//! Verifiers that say which lists count, and wait for their keys.

use std::sync::Arc;

use jot::{Alg, KeySet, Policy, Verifier};

use crate::error::Error;

/// # Errors
/// [`Error::Keys`] with `issuer_required`.
pub(crate) fn of_revocations(
    issuer: Option<&str>,
    algorithms: impl IntoIterator<Item = Alg>,
) -> Result<Arc<Verifier>, Error> {
    let builder = Verifier::builder(Policy::revocation_list(algorithms));
    let builder = match issuer {
        Some(issuer) => builder.issuer(issuer, KeySet::not_yet()),
        None => builder.keys(KeySet::not_yet()),
    };
    Ok(Arc::new(builder.build()?))
}

/// # Errors
/// [`Error::Keys`] with `algorithms_empty`.
#[cfg(feature = "status-list")]
pub(crate) fn of_status_lists(algorithms: impl IntoIterator<Item = Alg>) -> Result<Arc<Verifier>, Error> {
    let builder = Verifier::builder(Policy::status_list(algorithms));
    Ok(Arc::new(builder.keys(KeySet::not_yet()).build()?))
}
