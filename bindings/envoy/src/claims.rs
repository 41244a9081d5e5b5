//! Claims as values of headers.

use jot::Claims;
use jot::json::Value;

use crate::config::{ClaimHeaderConfig, PathConfig};
use crate::token::is_token;

/// A claim that goes to the upstream in a header.
#[derive(Debug)]
pub(crate) struct ClaimHeader {
    path: PathConfig,
    pub(crate) header: Box<str>,
}

impl ClaimHeader {
    pub(crate) fn new(config: &ClaimHeaderConfig) -> Result<Self, String> {
        let header = header_name("claim_to_headers", &config.header)?;
        if config.claim.names().is_empty() {
            return Err("claim_to_headers: the way to a claim is empty".to_owned());
        }
        Ok(Self { path: config.claim.clone(), header })
    }

    /// Returns the header's value, unless the claim has none that is safe.
    pub(crate) fn value(&self, claims: &Claims<'_>) -> Option<Vec<u8>> {
        let value = match &self.path {
            PathConfig::Name(name) => claims.claim(name),
            PathConfig::Path(names) => claims.path(names.iter().map(String::as_str)),
        };
        text_of(value?)
    }
}

/// Takes the name of a header that the filter may set.
pub(crate) fn header_name(field: &str, name: &str) -> Result<Box<str>, String> {
    let reserved = ["host", "content-length", "transfer-encoding", "connection", "upgrade"];
    let name = name.to_ascii_lowercase();
    if !is_token(&name) || reserved.contains(&&*name) {
        return Err(format!("{field}: `{name}` is not the name of a header that can be set"));
    }
    Ok(name.into())
}

/// Strings, numbers and booleans as they are; arrays of them with commas in
/// between. What could be taken for something else has no value: a string with
/// control characters, and an element with a comma in it.
fn text_of(value: Value<'_>) -> Option<Vec<u8>> {
    let Value::Array(array) = value else { return scalar(value) };
    let mut parts = Vec::new();
    for element in array.iter() {
        let part = scalar(element)?;
        if part.contains(&b',') {
            return None;
        }
        parts.push(part);
    }
    Some(parts.join(&b","[..]))
}

fn scalar(value: Value<'_>) -> Option<Vec<u8>> {
    let text = match value {
        Value::String(text) => text,
        Value::Number(number) => number.as_text(),
        Value::Bool(true) => "true",
        Value::Bool(false) => "false",
        _ => return None,
    };
    // RFC 9110 §5.5: a field value has no control characters, and neither
    // begins nor ends with white space.
    let safe = !text.bytes().any(|byte| byte < b' ' || byte == 0x7f) && text.trim() == text;
    safe.then(|| text.as_bytes().to_vec())
}
