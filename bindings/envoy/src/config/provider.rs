//! What may be said of a provider: one kind of token.

use serde_json::Value;

use super::condition::ClaimConfig;
use super::path::PathConfig;

/// A kind of token: whose, and what it must be.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProviderConfig {
    pub(crate) issuers: Vec<IssuerConfig>,
    pub(crate) algorithms: Vec<String>,
    pub(crate) revocations: Option<ListConfig>,
    #[serde(default)]
    pub(crate) status_lists: Vec<ListConfig>,
    #[serde(default)]
    pub(crate) require_status: bool,
    #[serde(default)]
    pub(crate) audiences: Vec<String>,
    #[serde(default)]
    pub(crate) any_audience: bool,
    #[serde(default)]
    pub(crate) leeway_seconds: u32,
    pub(crate) max_age_seconds: Option<u32>,
    #[serde(default)]
    pub(crate) allow_missing_exp: bool,
    #[serde(default)]
    pub(crate) allow_future_iat: bool,
    #[serde(default, deserialize_with = "one_or_several")]
    pub(crate) typ: Vec<String>,
    #[serde(default)]
    pub(crate) scopes: Vec<String>,
    #[serde(default)]
    pub(crate) require_claims: Vec<ClaimConfig>,
    pub(crate) max_token_bytes: Option<u32>,
    #[serde(default)]
    pub(crate) cache_entries: u32,
    #[serde(default)]
    pub(crate) backend: BackendConfig,
    #[serde(default = "bearer")]
    pub(crate) from: Vec<SourceConfig>,
    #[serde(default)]
    pub(crate) forward: bool,
    #[serde(default)]
    pub(crate) claim_to_headers: Vec<ClaimHeaderConfig>,
    pub(crate) payload_header: Option<String>,
    pub(crate) metadata_key: Option<String>,
    #[serde(default)]
    pub(crate) metadata_lists: Vec<String>,
    pub(crate) header_metadata_key: Option<String>,
}

/// What verifies the signatures: the engine's choices.
#[derive(Clone, Copy, Debug, Default, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum BackendConfig {
    #[default]
    AwsLc,
    Auto,
    Accelerated,
    Portable,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IssuerConfig {
    pub(crate) issuer: Option<String>,
    pub(crate) keys: KeysConfig,
}

/// Exactly one of the first four.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeysConfig {
    pub(crate) inline: Option<Value>,
    pub(crate) file: Option<String>,
    pub(crate) secret_file: Option<String>,
    pub(crate) remote: Option<RemoteConfig>,
    #[serde(default)]
    pub(crate) certificate_validity: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RemoteConfig {
    pub(crate) cluster: String,
    /// That of the keys; the issuer's name if its metadata are to say where they are.
    #[serde(default)]
    pub(crate) uri: String,
    #[serde(skip)]
    pub(crate) discover: bool,
    /// That of the keys as a whole.
    #[serde(skip)]
    pub(crate) certificate_validity: bool,
    #[serde(default = "timeout_ms")]
    pub(crate) timeout_ms: u32,
    #[serde(default = "refresh_seconds")]
    pub(crate) refresh_seconds: u32,
    #[serde(default = "cooldown_seconds")]
    pub(crate) cooldown_seconds: u32,
    #[serde(default = "serve_stale_seconds")]
    pub(crate) serve_stale_seconds: u32,
}

/// A signed list: revocations, or a status list.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListConfig {
    pub(crate) cluster: String,
    pub(crate) uri: String,
    /// Whose list it is; the only issuer if it is left out.
    pub(crate) issuer: Option<String>,
    #[serde(default = "timeout_ms")]
    pub(crate) timeout_ms: u32,
    #[serde(default = "poll_seconds")]
    pub(crate) poll_seconds: u32,
    #[serde(default)]
    pub(crate) serve_stale_seconds: u32,
    #[serde(default)]
    pub(crate) start_without: bool,
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

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimHeaderConfig {
    pub(crate) claim: PathConfig,
    pub(crate) header: String,
}

/// A scope with a space in it could never be found, and one with a quote could
/// not be told (RFC 6749 §3.3).
pub(crate) fn check_scopes(scopes: &[String]) -> Result<(), String> {
    //= rfc6750#section-3
    //# Values for the "scope" attribute (specified in Appendix A.4 of [RFC6749]) MUST NOT include
    //# characters outside the set
    let fits = |scope: &&String| {
        !scope.is_empty() && scope.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
    };
    match scopes.iter().find(|scope| !fits(scope)) {
        Some(scope) => Err(format!("scopes: `{scope}` is not a scope")),
        None => Ok(()),
    }
}

fn bearer() -> Vec<SourceConfig> {
    vec![SourceConfig { header: Some("authorization".to_owned()), scheme: None, cookie: None, query: None }]
}

const fn timeout_ms() -> u32 {
    5000
}

const fn poll_seconds() -> u32 {
    60
}

const fn refresh_seconds() -> u32 {
    300
}

const fn cooldown_seconds() -> u32 {
    30
}

/// A day, like the engine's own default.
const fn serve_stale_seconds() -> u32 {
    86_400
}

/// Reads a name, or a list of names.
fn one_or_several<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Vec<String>, D::Error> {
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Names {
        One(String),
        Several(Vec<String>),
    }
    Ok(match serde::Deserialize::deserialize(value)? {
        Names::One(name) => vec![name],
        Names::Several(names) => names,
    })
}
