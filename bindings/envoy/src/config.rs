//! What an operator may write, as JSON or as a `google.protobuf.Struct`, which
//! Envoy hands over as JSON.
//!
//! Unknown fields are refused everywhere, so that a misspelt rule is not a
//! missing one.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::Value;

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
    pub(crate) bypass_cors_preflight: bool,
    #[serde(default)]
    pub(crate) clear_route_cache: bool,
    #[serde(default = "metadata_namespace")]
    pub(crate) metadata_namespace: String,
    #[serde(default)]
    pub(crate) failure: FailureConfig,
}

/// A kind of token: whose, and what it must be.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProviderConfig {
    pub(crate) issuers: Vec<IssuerConfig>,
    pub(crate) algorithms: Vec<String>,
    #[serde(default)]
    pub(crate) audiences: Vec<String>,
    #[serde(default)]
    pub(crate) any_audience: bool,
    #[serde(default)]
    pub(crate) leeway_seconds: u32,
    pub(crate) max_age_seconds: Option<u32>,
    #[serde(default)]
    pub(crate) allow_missing_exp: bool,
    pub(crate) typ: Option<String>,
    #[serde(default)]
    pub(crate) scopes: Vec<String>,
    #[serde(default)]
    pub(crate) require_claims: Vec<ClaimConfig>,
    pub(crate) max_token_bytes: Option<u32>,
    #[serde(default)]
    pub(crate) cache_entries: u32,
    #[serde(default = "bearer")]
    pub(crate) from: Vec<SourceConfig>,
    #[serde(default)]
    pub(crate) forward: bool,
    #[serde(default)]
    pub(crate) claim_to_headers: Vec<ClaimHeaderConfig>,
    pub(crate) payload_header: Option<String>,
    pub(crate) metadata_key: Option<String>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IssuerConfig {
    pub(crate) issuer: Option<String>,
    pub(crate) keys: KeysConfig,
}

/// Exactly one of the four.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeysConfig {
    pub(crate) inline: Option<Value>,
    pub(crate) file: Option<String>,
    pub(crate) secret_file: Option<String>,
    pub(crate) remote: Option<RemoteConfig>,
}

#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RemoteConfig {
    pub(crate) cluster: String,
    pub(crate) uri: String,
    #[serde(default = "timeout_ms")]
    pub(crate) timeout_ms: u32,
    #[serde(default = "refresh_seconds")]
    pub(crate) refresh_seconds: u32,
    #[serde(default = "cooldown_seconds")]
    pub(crate) cooldown_seconds: u32,
}

/// Where a token may be: exactly one of header, cookie and query.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceConfig {
    pub(crate) header: Option<String>,
    pub(crate) scheme: Option<String>,
    pub(crate) cookie: Option<String>,
    pub(crate) query: Option<String>,
}

#[derive(Clone, Debug, serde::Deserialize)]
#[serde(untagged, expecting = "a claim's name, or a list of the names that lead to it")]
pub(crate) enum PathConfig {
    Name(String),
    Path(Vec<String>),
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimConfig {
    pub(crate) claim: PathConfig,
    pub(crate) equals: Option<Value>,
    pub(crate) contains: Option<String>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimHeaderConfig {
    pub(crate) claim: PathConfig,
    pub(crate) header: String,
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
}

/// Which tokens a request must carry.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(untagged, expecting = "a provider's name, {any: [...]} or {all: [...]}")]
pub(crate) enum Requirement {
    Provider(String),
    Any(AnyOf),
    All(AllOf),
}

#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnyOf {
    pub(crate) any: Vec<Requirement>,
}

#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AllOf {
    pub(crate) all: Vec<Requirement>,
}

/// What a route changes.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RouteConfig {
    #[serde(default)]
    pub(crate) disabled: bool,
    pub(crate) require: Option<Requirement>,
    pub(crate) optional: Option<bool>,
    #[serde(default)]
    pub(crate) scopes: Vec<String>,
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
        if config.disabled
            && (config.require.is_some() || config.optional.is_some() || !config.scopes.is_empty())
        {
            return Err("disabled: nothing else can be demanded".to_owned());
        }
        if let Some(require) = &config.require {
            require.check("require")?;
        }
        check_scopes(&config.scopes)?;
        Ok(config)
    }
}

/// A scope with a space in it could never be found, and one with a quote could
/// not be told (RFC 6749 §3.3).
pub(crate) fn check_scopes(scopes: &[String]) -> Result<(), String> {
    let fits = |scope: &&String| {
        !scope.is_empty() && scope.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
    };
    match scopes.iter().find(|scope| !fits(scope)) {
        Some(scope) => Err(format!("scopes: `{scope}` is not a scope")),
        None => Ok(()),
    }
}

impl Requirement {
    /// An empty list would demand nothing, or what nothing can meet.
    fn check(&self, field: &str) -> Result<(), String> {
        let parts = match self {
            Self::Provider(_) => return Ok(()),
            Self::Any(AnyOf { any }) => any,
            Self::All(AllOf { all }) => all,
        };
        if parts.is_empty() {
            return Err(format!("{field}: a list is empty"));
        }
        parts.iter().try_for_each(|part| part.check(field))
    }

    fn find(&self, wanted: &impl Fn(&str) -> bool) -> Option<&str> {
        match self {
            Self::Provider(name) => wanted(name).then_some(name),
            Self::Any(AnyOf { any: parts }) | Self::All(AllOf { all: parts }) => {
                parts.iter().find_map(|part| part.find(wanted))
            }
        }
    }
}

impl PathConfig {
    pub(crate) fn names(&self) -> Vec<&str> {
        match self {
            Self::Name(name) => vec![name],
            Self::Path(names) => names.iter().map(String::as_str).collect(),
        }
    }
}

impl Default for FailureConfig {
    fn default() -> Self {
        Self { realm: realm(), describe: describe(), body: body(), content_type: content_type() }
    }
}

fn metadata_namespace() -> String {
    "jot".to_owned()
}

fn bearer() -> Vec<SourceConfig> {
    vec![SourceConfig { header: Some("authorization".to_owned()), scheme: None, cookie: None, query: None }]
}

const fn timeout_ms() -> u32 {
    5000
}

const fn refresh_seconds() -> u32 {
    300
}

const fn cooldown_seconds() -> u32 {
    30
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

/// Reads a map and refuses a name that comes twice, of which serde would
/// silently keep the last.
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

    #[test]
    fn route_is_refused_when_it_contradicts_itself() {
        for text in
            [r#"{"disabled":true,"optional":true}"#, r#"{"scopes":["a b"]}"#, r#"{"requires":"a"}"#, ""]
        {
            RouteConfig::parse(text.as_bytes()).unwrap_err();
        }
        let route = RouteConfig::parse(br#"{"require":{"any":["a","b"]},"scopes":["x"]}"#).unwrap();
        assert!(matches!(route.require, Some(Requirement::Any(_))) && route.scopes == ["x"]);
    }
}
