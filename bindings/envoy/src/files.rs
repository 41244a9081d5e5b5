//! Key files: read when they have changed.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;

use jot::KeySet;

use crate::keys::{self, Reading};

/// The longest key file.
const LARGEST_BYTES: u64 = 1 << 20;

/// A file with keys, and what is known of it.
#[derive(Debug)]
pub(crate) struct KeyFile {
    path: Box<str>,
    is_secret: bool,
    reading: Reading,
    /// What the file looked like when it was read last.
    seen: Option<Look>,
    /// What it looked like when it was told to be unfit, if it was.
    unfit: Option<Option<Look>>,
}

/// What tells a changed file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    modified: (i64, i64),
    size: u64,
    inode: u64,
}

impl Look {
    fn of(file: &Metadata) -> Self {
        Self { modified: (file.mtime(), file.mtime_nsec()), size: file.size(), inode: file.ino() }
    }
}

/// A file that cannot be used, and how it looks if it is there.
struct Unfit {
    look: Option<Look>,
    fault: String,
}

impl KeyFile {
    /// Reads a file for the first time; the text says why it cannot be used.
    pub(crate) fn open(path: &str, is_secret: bool, reading: Reading) -> Result<(Self, KeySet), String> {
        let mut file = Self { path: path.into(), is_secret, reading, seen: None, unfit: None };
        match file.read() {
            Ok(Some(set)) => Ok((file, set)),
            Ok(None) => Err("a file was not read".to_owned()),
            Err(unfit) => Err(unfit.fault),
        }
    }

    /// Reads the file again if it changed. It is tried again every time while it cannot
    /// be used, for it may be half written; but that is told once.
    pub(crate) fn look(&mut self) -> Option<Result<KeySet, String>> {
        match self.read() {
            Ok(set) => {
                let set = set?;
                self.unfit = None;
                Some(Ok(set))
            }
            Err(unfit) if self.unfit == Some(unfit.look) => None,
            Err(unfit) => {
                self.unfit = Some(unfit.look);
                Some(Err(unfit.fault))
            }
        }
    }

    fn read(&mut self) -> Result<Option<KeySet>, Unfit> {
        let unfit =
            |look, fault: &dyn std::fmt::Display| Unfit { look, fault: format!("{}: {fault}", self.path) };
        let file = fs::metadata(&*self.path).map_err(|error| unfit(None, &error))?;
        let look = Look::of(&file);
        if Some(look) == self.seen {
            return Ok(None);
        }
        if !file.is_file() {
            return Err(unfit(Some(look), &"not a regular file"));
        }
        if look.size > LARGEST_BYTES {
            return Err(unfit(Some(look), &"longer than 1 MiB"));
        }
        let text = fs::read(&*self.path).map_err(|error| unfit(Some(look), &error))?;
        let read = if self.is_secret { keys::secret } else { keys::read };
        let set = read(&text, self.reading).map_err(|fault| unfit(Some(look), &fault))?;
        self.seen = Some(look);
        Ok(Some(set))
    }
}
