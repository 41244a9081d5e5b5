//! Digests of what lies in parts.

use aws_lc_rs::digest::{self, Context};

use crate::algorithm::Hash;

/// Returns the digest of the parts, one behind the other.
pub(super) fn digest_of(hash: Hash, parts: &[&[u8]]) -> digest::Digest {
    let algorithm = match hash {
        Hash::Sha256 => &digest::SHA256,
        Hash::Sha384 => &digest::SHA384,
        Hash::Sha512 => &digest::SHA512,
    };
    let mut context = Context::new(algorithm);
    for part in parts {
        context.update(part);
    }
    context.finish()
}
