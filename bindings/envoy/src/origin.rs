//! Where the keys and the lists of a provider come from.

use jot::{AlgSet, KeySet};
use serde_json::Value;

use crate::config::{KeysConfig, RemoteConfig};
use crate::files::KeyFile;
use crate::keys;
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
    config: &KeysConfig,
    algorithms: AlgSet,
) -> Result<(KeySet, Option<Origin>), String> {
    let file = |path: &String, is_secret| {
        let (file, set) = KeyFile::open(path, is_secret, algorithms)?;
        keys::tell_skipped(path, &set);
        Ok((set, Some(Origin::File(file))))
    };
    match config {
        KeysConfig { inline: Some(inline), file: None, secret_file: None, remote: None } => {
            let text = match inline {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let set = keys::read(text.as_bytes(), algorithms)?;
            keys::tell_skipped("inline", &set);
            Ok((set, None))
        }
        KeysConfig { inline: None, file: Some(path), secret_file: None, remote: None } => file(path, false),
        KeysConfig { inline: None, file: None, secret_file: Some(path), remote: None } => file(path, true),
        KeysConfig { inline: None, file: None, secret_file: None, remote: Some(remote) } => {
            Ok((KeySet::not_yet(), Some(Origin::Remote(remote.clone()))))
        }
        _ => Err("exactly one of inline, file, secret_file and remote is wanted".to_owned()),
    }
}
