//! Names for things that must not be told.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The first half of the SHA-256, in base64url.
pub(crate) fn of(bytes: &[u8]) -> String {
    let hash = digest(&SHA256, bytes);
    URL_SAFE_NO_PAD.encode(hash.as_ref().get(..16).unwrap_or_default())
}
