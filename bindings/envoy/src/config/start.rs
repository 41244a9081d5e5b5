//! What may be said of the start of Envoy: the keys that it is held for.

use super::provider::IssuerConfig;

/// The configuration of the bootstrap extension.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StartConfig {
    /// As in a provider, with remote keys.
    pub(crate) issuers: Vec<IssuerConfig>,
    /// The longest time that the start is held.
    #[serde(default = "timeout_ms")]
    pub(crate) timeout_ms: u32,
}

impl StartConfig {
    /// Reads a configuration; the text says what is wrong with it.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, String> {
        if text.is_empty() {
            return Err("extension_config is missing".to_owned());
        }
        let config: Self = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        match config.issuers.is_empty() {
            true => Err("issuers: at least one is wanted".to_owned()),
            false => Ok(config),
        }
    }
}

/// Time for a fetch that fails and the three after it.
const fn timeout_ms() -> u32 {
    10_000
}
