//! What an operator may write, as JSON or as a `google.protobuf.Struct`, which
//! Envoy hands over as JSON.
//!
//! Unknown fields are refused everywhere: a misspelt rule must not be a missing one.

mod condition;
mod path;
mod provider;
mod requirement;
mod start;

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::{Map, Value};

pub(crate) use condition::ClaimConfig;
pub(crate) use path::PathConfig;
pub(crate) use provider::{
    BackendConfig, ClaimHeaderConfig, IssuerConfig, KeysConfig, ListConfig, ProviderConfig, RemoteConfig,
    SourceConfig, check_scopes,
};
pub(crate) use requirement::{AllOf, AnyOf, Requirement};
pub(crate) use start::StartConfig;

/// The configuration of the filter.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FilterConfig {
    #[serde(deserialize_with = "unique")]
    pub(crate) providers: BTreeMap<String, ProviderConfig>,
    pub(crate) require: Option<Requirement>,
    #[serde(default)]
    pub(crate) optional: bool,
    #[serde(default)]
    pub(crate) allow_missing_or_failed: bool,
    #[serde(default)]
    pub(crate) bypass_cors_preflight: bool,
    #[serde(default)]
    pub(crate) clear_route_cache: bool,
    #[serde(default = "metadata_namespace")]
    pub(crate) metadata_namespace: String,
    #[serde(default)]
    pub(crate) failure: FailureConfig,
    pub(crate) resource_metadata: Option<ResourceMetadataConfig>,
}

/// What OAuth clients are told of the resource (RFC 9728).
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResourceMetadataConfig {
    pub(crate) url: Option<String>,
    pub(crate) document: Option<Map<String, Value>>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FailureConfig {
    #[serde(default = "realm")]
    pub(crate) realm: String,
    #[serde(default = "describe")]
    pub(crate) describe: bool,
    #[serde(default = "body")]
    pub(crate) body: String,
    #[serde(default = "content_type")]
    pub(crate) content_type: String,
    pub(crate) metadata_key: Option<String>,
}

/// What a route changes.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RouteConfig {
    #[serde(default)]
    pub(crate) disabled: bool,
    pub(crate) require: Option<Requirement>,
    pub(crate) optional: Option<bool>,
    pub(crate) allow_missing_or_failed: Option<bool>,
    #[serde(default)]
    pub(crate) scopes: Vec<String>,
    #[serde(default)]
    pub(crate) audiences: Vec<String>,
    #[serde(default)]
    pub(crate) require_claims: Vec<ClaimConfig>,
    pub(crate) resource_metadata: Option<ResourceMetadataConfig>,
}

impl FilterConfig {
    /// Reads a configuration; the text says what is wrong with it.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, String> {
        if text.is_empty() {
            return Err("filter_config is missing".to_owned());
        }
        let config: Self = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        if config.providers.is_empty() {
            return Err("providers: at least one is wanted".to_owned());
        }
        if let Some(require) = &config.require {
            require.check("require")?;
            let unknown = require.find(&|name| !config.providers.contains_key(name));
            if let Some(name) = unknown {
                return Err(format!("require: there is no provider `{name}`"));
            }
        }
        Ok(config)
    }
}

impl RouteConfig {
    /// Reads a route's override; the text says what is wrong with it.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, String> {
        let config: Self = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        let demands =
            !(config.scopes.is_empty() && config.audiences.is_empty() && config.require_claims.is_empty());
        let lenient = config.optional.is_some() || config.allow_missing_or_failed.is_some();
        if config.disabled && (config.require.is_some() || lenient || demands) {
            return Err("disabled: nothing else can be demanded".to_owned());
        }
        if demands && config.allow_missing_or_failed == Some(true) {
            return Err("allow_missing_or_failed: nothing else can be demanded".to_owned());
        }
        if let Some(require) = &config.require {
            require.check("require")?;
        }
        Ok(config)
    }
}

impl Default for FailureConfig {
    fn default() -> Self {
        Self {
            realm: realm(),
            describe: describe(),
            body: body(),
            content_type: content_type(),
            metadata_key: None,
        }
    }
}

fn metadata_namespace() -> String {
    "jot".to_owned()
}

fn realm() -> String {
    "protected".to_owned()
}

const fn describe() -> bool {
    true
}

fn body() -> String {
    "{code}\n".to_owned()
}

fn content_type() -> String {
    "text/plain".to_owned()
}

/// Reads a map and refuses a name that comes twice; serde would keep the last
/// without a word.
fn unique<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, T>, D::Error> {
    struct Unique<T>(std::marker::PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Unique<T> {
        type Value = BTreeMap<String, T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a map")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
            let mut map = BTreeMap::new();
            while let Some((name, value)) = access.next_entry::<String, T>()? {
                if map.contains_key(&name) {
                    return Err(A::Error::custom(format_args!("`{name}` comes twice")));
                }
                map.insert(name, value);
            }
            Ok(map)
        }
    }

    deserializer.deserialize_map(Unique(std::marker::PhantomData))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROVIDER: &str = r#"{"issuers":[{"keys":{"file":"f"}}],"algorithms":["ES256"]}"#;

    fn refusal(text: &str) -> String {
        FilterConfig::parse(text.replace("PROVIDER", PROVIDER).as_bytes()).unwrap_err()
    }

    #[test]
    fn mistakes_are_told_by_name() {
        for (text, told) in [
            ("", "filter_config is missing"),
            ("{}", "missing field `providers`"),
            (r#"{"providers":{}}"#, "providers: at least one is wanted"),
            (r#"{"providers":{"a":PROVIDER,"a":PROVIDER}}"#, "`a` comes twice"),
            (r#"{"providers":{"a":PROVIDER},"requires":"a"}"#, "unknown field `requires`"),
            (r#"{"providers":{"a":{"issuers":[]}}}"#, "missing field `algorithms`"),
            (r#"{"providers":{"a":PROVIDER},"require":"b"}"#, "there is no provider `b`"),
            (r#"{"providers":{"a":PROVIDER},"require":{"all":[]}}"#, "a list is empty"),
            (r#"{"providers":{"a":PROVIDER},"require":{"any":["a",{"any":[]}]}}"#, "a list is empty"),
            (r#"{"providers":{"a":PROVIDER},"require":{"some":["a"]}}"#, "{any: [...]} or {all: [...]}"),
            (r#"{"providers":{"a":PROVIDER},"failure":{"relm":""}}"#, "unknown field `relm`"),
        ] {
            let refusal = refusal(text);
            assert!(refusal.contains(told), "{text}: {refusal}");
        }
    }

    /// RFC 6749 §3.3: they stand in a challenge (RFC 6750 §3).
    #[test]
    fn scopes_have_the_characters_of_rfc_6749() {
        for byte in 0..=0x7f_u8 {
            let scope = [format!("a{}", char::from(byte))];
            let fits = byte > b' ' && byte != b'"' && byte != b'\\' && byte != 0x7f;
            assert_eq!(check_scopes(&scope).is_ok(), fits, "{byte:#x}");
        }
        for scope in ["", "\u{80}", "a b"] {
            check_scopes(&[scope.to_owned()]).unwrap_err();
        }
    }

    #[test]
    fn typ_is_a_name_or_several() {
        let typs = |typ: &str| {
            let provider = PROVIDER.replacen('{', &format!(r#"{{"typ":{typ},"#), 1);
            let text = format!(r#"{{"providers":{{"a":{provider}}}}}"#);
            FilterConfig::parse(text.as_bytes()).map(|config| config.providers["a"].typ.clone())
        };
        assert_eq!(typs(r#""at+jwt""#).unwrap(), ["at+jwt"]);
        assert_eq!(typs(r#"["JWT","at+jwt"]"#).unwrap(), ["JWT", "at+jwt"]);
        assert_eq!(typs("[]").unwrap(), [""; 0]);
        typs("7").unwrap_err();
    }

    #[test]
    fn route_is_refused_when_it_contradicts_itself() {
        for text in [
            r#"{"disabled":true,"optional":true}"#,
            r#"{"disabled":true,"audiences":["a"]}"#,
            r#"{"requires":"a"}"#,
            "",
        ] {
            RouteConfig::parse(text.as_bytes()).unwrap_err();
        }
        let route = RouteConfig::parse(br#"{"require":{"any":["a","b"]},"scopes":["x"]}"#).unwrap();
        assert!(matches!(route.require, Some(Requirement::Any(_))) && route.scopes == ["x"]);
    }
}
