//! The text of a JWK Set in a file.

use jot::KeySet;
use jot_show::layout::Layout;
use jot_show::text::harmless_json;

use crate::failure::Failure;

pub(super) fn jwks_of(set: &KeySet) -> Result<String, Failure> {
    let text = set.to_jwks().map_err(Failure::new)?;
    Ok(Layout::Pretty.of(&harmless_json(&text)) + "\n")
}
