//! Reads keys from PEM and DER, in which they have one of several forms.

use super::der_kind::DerKind;
use super::instead::{Wanted, named};
use super::pem;
use crate::error::{Code, Error};

/// Reads the only key in a PEM text by `read`.
pub(super) fn from_pem<K>(
    text: &[u8],
    read: impl FnOnce(DerKind, &[u8]) -> Result<K, Error>,
) -> Result<K, Error> {
    let block = pem::only_block(text)?;
    let (form, der) = block.key()?;
    read(form, der)
}

/// Reads a key in DER by `read`. The error names what the bytes are instead.
pub(super) fn from_der<K>(
    bytes: &[u8],
    read: impl FnOnce(DerKind, &[u8]) -> Result<K, Error>,
) -> Result<K, Error> {
    let key = DerKind::of(bytes).and_then(|form| read(form, bytes));
    key.map_err(|error| match error.code() {
        Code::KeyDerInvalid => named(Wanted::Der, bytes, error),
        _ => error,
    })
}
