//! The rules of a policy and its keys, as SQL gives them.

use std::collections::BTreeMap;
use std::str::FromStr as _;
use std::sync::Arc;

use jot::backend::Backend;
use jot::{Alg, KeyOptions, KeySet, Policy, Verifier};
use serde::Deserialize;
use serde_json::value::RawValue;

/// What `jot_policy` takes, as JSON.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    algorithms: Vec<String>,
    /// One of these; without the member a token must not have an audience.
    #[serde(default)]
    audience: Vec<String>,
    #[serde(default)]
    any_audience: bool,
    #[serde(default)]
    types: Vec<String>,
    #[serde(default)]
    require: Vec<String>,
    leeway: Option<u32>,
    max_age: Option<u32>,
    /// JWK Sets by issuer.
    #[serde(default)]
    issuers: BTreeMap<String, Box<RawValue>>,
    /// A JWK Set for any issuer.
    keys: Option<Box<RawValue>>,
}

/// Makes a verifier, and counts its keys.
///
/// # Errors
/// Says what is wrong, in words.
pub(crate) fn verifier(text: &str) -> Result<(Verifier, usize), String> {
    let rules: Rules = serde_json::from_str(text).map_err(|error| format!("the rules: {error}"))?;
    let names = rules.algorithms.iter();
    let algorithms = names.map(|name| Alg::from_str(name).map_err(|_| format!("no algorithm: {name}")));
    let mut policy = Policy::new(algorithms.collect::<Result<Vec<_>, _>>()?);
    for audience in &rules.audience {
        policy = policy.audience(audience);
    }
    if rules.any_audience {
        policy = policy.any_audience();
    }
    for typ in &rules.types {
        policy = policy.typ(typ);
    }
    for claim in &rules.require {
        policy = policy.require(claim);
    }
    if let Some(seconds) = rules.leeway {
        policy = policy.leeway(seconds);
    }
    if let Some(seconds) = rules.max_age {
        policy = policy.max_age(seconds);
    }
    let read = |name: &str, keys: &RawValue| {
        // Keys have a past here: they are in force from `nbf` until `exp`.
        let options = KeyOptions::default().read_validity();
        KeySet::from_jwks(keys.get(), &options).map(Arc::new).map_err(|error| format!("{name}: {error}"))
    };
    let mut count = 0_usize;
    let mut builder = Verifier::builder(policy).backend(Backend::Auto);
    for (issuer, keys) in &rules.issuers {
        let keys = read(issuer, keys)?;
        count = count.saturating_add(keys.len());
        builder = builder.issuer(issuer, keys);
    }
    if let Some(keys) = &rules.keys {
        let keys = read("keys", keys)?;
        count = count.saturating_add(keys.len());
        builder = builder.keys(keys);
    }
    builder.build().map(|verifier| (verifier, count)).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_strictly() {
        let refusal = |text: &str| verifier(text).err().unwrap_or_default();
        assert!(refusal("{").contains("the rules"));
        assert!(refusal(r#"{"algorithms":["none"]}"#).contains("no algorithm: none"));
        assert!(refusal(r#"{"algorithms":["ES256"],"audiences":["a"]}"#).contains("audiences"));
        assert!(refusal(r#"{"algorithms":["ES256"],"issuers":{"i":{"keys":[]}}}"#).starts_with("i: "));
        assert!(!refusal(r#"{"algorithms":["ES256"]}"#).is_empty());
        let secret = r#"{"keys":[{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}"#;
        let rules = format!(
            r#"{{"algorithms":["HS256"],"audience":["a"],"any_audience":false,"types":["JWT"],
            "require":["sub"],"leeway":5,"max_age":60,"issuers":{{"i":{secret},"j":{secret}}}}}"#
        );
        assert_eq!(verifier(&rules).unwrap().1, 2);
    }
}
