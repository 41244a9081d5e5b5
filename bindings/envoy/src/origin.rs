//! Where the keys and the lists of a provider come from.

use jot::{AlgSet, KeySet};
use serde_json::Value;

use crate::config::{IssuerConfig, KeysConfig, RemoteConfig};
use crate::files::KeyFile;
use crate::keys::{self, Reading};
use crate::target::ListTarget;

/// Keys and lists that change while Envoy runs.
#[derive(Debug)]
pub(crate) enum Origin {
    File(KeyFile),
    Remote(RemoteConfig),
    List(Box<ListTarget>),
}

/// Returns the keys that there are at the start, and where the next ones come from.
pub(crate) fn first_keys(
    issuer: &IssuerConfig,
    algorithms: AlgSet,
) -> Result<(KeySet, Option<Origin>), String> {
    let config = &issuer.keys;
    let reading = Reading { algorithms, certificate_validity: config.certificate_validity };
    let file = |path: &String, is_secret| {
        let (file, set) = KeyFile::open(path, is_secret, reading)?;
        keys::tell_skipped(path, &set);
        Ok((set, Some(Origin::File(file))))
    };
    match config {
        KeysConfig { inline: Some(inline), file: None, secret_file: None, remote: None, .. } => {
            let text = match inline {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let set = keys::read(text.as_bytes(), reading)?;
            keys::tell_skipped("inline", &set);
            Ok((set, None))
        }
        KeysConfig { inline: None, file: Some(path), secret_file: None, remote: None, .. } => {
            file(path, false)
        }
        KeysConfig { inline: None, file: None, secret_file: Some(path), remote: None, .. } => {
            file(path, true)
        }
        KeysConfig { inline: None, file: None, secret_file: None, remote: Some(_), .. } => {
            Ok((KeySet::not_yet(), remote_of(issuer).map(Origin::Remote)))
        }
        _ => Err("exactly one of inline, file, secret_file and remote is wanted".to_owned()),
    }
}

/// Returns where the keys of an issuer are fetched. Without a URI its metadata say it.
pub(crate) fn remote_of(issuer: &IssuerConfig) -> Option<RemoteConfig> {
    let mut remote = issuer.keys.remote.clone()?;
    remote.certificate_validity = issuer.keys.certificate_validity;
    if let Some(name) = issuer.issuer.as_ref().filter(|_| remote.uri.is_empty()) {
        (remote.uri, remote.discover) = (name.clone(), true);
    }
    Some(remote)
}
