//! Dated snapshots of a key set, as `jotctl audit --keys ISSUER=DIR` reads them.

use std::path::{Path, PathBuf};

use jot::{KeySet, UnixSeconds};

use super::jwks::jwks_of;
use crate::destination::{Destination, Readers};
use crate::failure::Failure;

/// A directory of snapshots.
#[derive(Debug)]
pub(super) struct History {
    directory: PathBuf,
}

impl History {
    /// Makes the directory if need be.
    pub(super) fn open(directory: &Path) -> Result<Self, Failure> {
        std::fs::create_dir_all(directory).map_err(|error| Failure::of(directory.display(), error))?;
        Ok(Self { directory: directory.to_owned() })
    }

    /// Writes a snapshot, unless the newest one is the same.
    pub(super) fn note(&self, set: &KeySet) -> Result<(), Failure> {
        let text = jwks_of(set)?;
        let blame = |error: std::io::Error| Failure::of(self.directory.display(), error);
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&self.directory).map_err(blame)? {
            let path = entry.map_err(blame)?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                names.push(path);
            }
        }
        // The names sort by time.
        names.sort_unstable();
        if let Some(newest) = names.last()
            && std::fs::read_to_string(newest).map_err(blame)? == text
        {
            return Ok(());
        }
        let now = jiff::Timestamp::from_second(UnixSeconds::now().0).map_err(Failure::new)?;
        let path = self.directory.join(now.strftime("%Y-%m-%dT%H-%M-%SZ.json").to_string());
        // Two changes within a second: the later one is the truth.
        Destination::at(&path, Readers::Everybody, true)?.write(text.as_bytes())
    }
}
