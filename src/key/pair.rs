//! The public numbers of a private key.

use super::der;
use super::numbers::PublicNumbers;
use crate::alg::KeyType;
use crate::crypto::KeyPair;
use crate::error::Error;

/// Returns the public numbers of a private key. Its size was checked when it was read,
/// so weak numbers are accepted here.
pub(super) fn public_numbers(pair: &KeyPair) -> Result<PublicNumbers, Error> {
    match pair.alg().key_type() {
        KeyType::Oct => PublicNumbers::secret(pair.public_bytes()),
        KeyType::Rsa => der::rsa_public(pair.public_bytes(), true),
        key_type => PublicNumbers::of_type(key_type, pair.public_bytes()),
    }
}
