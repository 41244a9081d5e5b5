//! The directory that lists are written into.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jot::UnixSeconds;
use jot_fetch::{RemoteStatusList, RemoteStatusLists};
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use crate::destination::{Destination, Readers};
use crate::failure::{Failure, tell};

/// A directory with a file for each list, which is named by the SHA-1 of its URI, because that
/// is what nginx has. Who chooses the URIs signs the lists, too.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    files: BTreeMap<String, Written>,
}

/// What was written of a list.
#[derive(Debug, Default)]
struct Written {
    /// How many of its fetches were seen.
    seen: u64,
    text: Option<String>,
}

/// What is read of the Claims Set of a list.
#[derive(Debug, Deserialize)]
struct Claims<'t> {
    sub: String,
    #[serde(borrow)]
    status_list: &'t RawValue,
}

impl Folder {
    /// Makes the directory if need be.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        std::fs::create_dir_all(path).map_err(|error| Failure::of(path.display(), error))?;
        Ok(Self { path: path.to_owned(), files: BTreeMap::new() })
    }

    /// Returns the URIs of the lists that are there.
    pub(super) fn left(&mut self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(&self.path) else { return Vec::new() };
        let mut uris = Vec::new();
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            let Ok(claims) = serde_json::from_str::<Claims<'_>>(&text) else { continue };
            if path == self.file_of(&claims.sub) {
                self.files.insert(claims.sub.clone(), Written::default());
                uris.push(claims.sub);
            }
        }
        uris
    }

    fn file_of(&self, uri: &str) -> PathBuf {
        let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, uri.as_bytes());
        let name = hash.as_ref().iter().fold(String::new(), |mut name, byte| {
            let _ = write!(name, "{byte:02x}");
            name
        });
        self.path.join(name)
    }

    /// Writes what fetches have changed, and removes the lists that are not followed any more;
    /// returns whether a fetch has ended.
    pub(super) fn write(&mut self, lists: &RemoteStatusLists) -> Result<bool, Failure> {
        let uris = lists.uris();
        let mut is_news = false;
        for uri in &uris {
            let Some(list) = lists.list(uri) else { continue };
            let written = self.files.entry(uri.clone()).or_default();
            let Some((seen, fetched)) = list.wait_for_fetch(written.seen, Duration::ZERO) else { continue };
            (written.seen, is_news) = (seen, true);
            match fetched {
                Err(error) => tell(format!("warning: {uri}: {error}; what was written stays")),
                Ok(_) => self.note(uri, &list)?,
            }
        }
        let gone: Vec<String> = self.files.keys().filter(|uri| !uris.contains(uri)).cloned().collect();
        for uri in gone {
            // Somebody else may have removed it.
            let _ = std::fs::remove_file(self.file_of(&uri));
            self.files.remove(&uri);
        }
        Ok(is_news)
    }

    /// Writes a list that was fetched or confirmed.
    fn note(&mut self, uri: &str, list: &RemoteStatusList) -> Result<(), Failure> {
        let Some(text) = text_of(uri, list) else { return Ok(()) };
        let out = Destination::at(&self.file_of(uri), Readers::Everybody, true)?;
        let written = self.files.entry(uri.to_owned()).or_default();
        if written.text.as_ref() == Some(&text) {
            return out.touch();
        }
        out.write(text.as_bytes())?;
        tell(format!("{uri}: wrote the statuses"));
        written.text = Some(text);
        Ok(())
    }
}

/// Writes the Claims Set of a list, with the time until when it may be used as its `exp`.
fn text_of(uri: &str, list: &RemoteStatusList) -> Option<String> {
    let token = list.token()?;
    let payload = token.split(|byte| *byte == b'.').nth(1)?;
    let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
    let claims: Claims<'_> = serde_json::from_slice(&payload).ok()?;
    let until = list.health().usable_until.map(|UnixSeconds(until)| format!("\"exp\":{until},"));
    let (sub, until) = (json!(uri), until.unwrap_or_default());
    Some(format!("{{\"sub\":{sub},{until}\"status_list\":{}}}\n", claims.status_list.get()))
}
