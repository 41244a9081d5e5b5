//! The text of a JWK Set in a file.

use jot::KeySet;

use crate::failure::Failure;
use crate::layout::Layout;
use crate::text::harmless_json;

pub(super) fn jwks_of(set: &KeySet) -> Result<String, Failure> {
    let text = set.to_jwks().map_err(Failure::new)?;
    Ok(Layout::Pretty.of(&harmless_json(&text)) + "\n")
}
