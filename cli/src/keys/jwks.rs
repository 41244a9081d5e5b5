//! The text of a JWK Set in a file.

use jot::{KeySet, UnixSeconds, VerifyingKey};
use jot_show::layout::Layout;
use jot_show::text::harmless_json;
use serde_json::{Map, Value, json};

use crate::failure::Failure;

/// Writes the keys; one that has dates has them as `nbf` and `exp`.
pub(super) fn jwks_of(set: &KeySet) -> Result<String, Failure> {
    let keys = set.keys().iter().map(jwk_of).collect::<Result<Vec<Value>, Failure>>()?;
    let text = json!({ "keys": keys }).to_string();
    Ok(Layout::Pretty.of(&harmless_json(&text)) + "\n")
}

fn jwk_of(key: &VerifyingKey) -> Result<Value, Failure> {
    let jwk = key.to_jwk().map_err(Failure::new)?;
    let mut members: Map<String, Value> = serde_json::from_str(&jwk).map_err(Failure::new)?;
    let dates = [("nbf", key.not_before()), ("exp", key.expires_at())];
    for (name, UnixSeconds(at)) in dates.into_iter().filter_map(|(name, at)| Some((name, at?))) {
        members.insert(name.to_owned(), at.into());
    }
    Ok(members.into())
}
