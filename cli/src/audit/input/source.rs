//! The files that an audit reads.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::compression;
use crate::audit::args::Compression;
use crate::failure::Failure;

/// One file, or standard input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::audit) enum Source {
    File(PathBuf),
    StandardInput,
}

impl Source {
    /// Lists the sources in the order of the arguments; the files of a glob or a
    /// directory are in the order of their names.
    pub(in crate::audit) fn all(arguments: &[String]) -> Result<Vec<Self>, Failure> {
        let mut sources = Vec::new();
        for argument in arguments {
            if argument == "-" {
                sources.push(Self::StandardInput);
                continue;
            }
            let path = Path::new(argument);
            let before = sources.len();
            if path.is_dir() {
                add_directory(path, &mut sources)?;
            } else if path.exists() || !argument.contains(['*', '?', '[']) {
                sources.push(Self::File(path.to_owned()));
            } else {
                add_glob(argument, &mut sources)?;
            }
            if sources.len() == before {
                return Err(Failure::of(argument, "no such file"));
            }
        }
        Ok(sources)
    }

    /// Names the source in rows and failures.
    pub(in crate::audit) fn name(&self) -> String {
        match self {
            Self::File(path) => path.to_string_lossy().into_owned(),
            Self::StandardInput => "-".to_owned(),
        }
    }

    /// Opens the source and decompresses it. The number of bytes read, before
    /// decompression, is added to `read_bytes`.
    pub(in crate::audit) fn open(
        &self,
        compression: Compression,
        read_bytes: Arc<AtomicU64>,
    ) -> io::Result<Box<dyn Read + Send>> {
        match self {
            Self::File(path) => {
                compression::open(Counted { source: File::open(path)?, read_bytes }, compression)
            }
            Self::StandardInput => {
                compression::open(Counted { source: io::stdin(), read_bytes }, compression)
            }
        }
    }

    /// Returns the size on disk, if known.
    pub(in crate::audit) fn size_bytes(&self) -> Option<u64> {
        match self {
            Self::File(path) => {
                path.metadata().ok().filter(std::fs::Metadata::is_file).map(|data| data.len())
            }
            Self::StandardInput => None,
        }
    }
}

/// Counts the bytes that are read.
struct Counted<R> {
    source: R,
    read_bytes: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(room)?;
        self.read_bytes.fetch_add(u64::try_from(read).unwrap_or(u64::MAX), Ordering::Relaxed);
        Ok(read)
    }
}

fn add_directory(path: &Path, sources: &mut Vec<Source>) -> Result<(), Failure> {
    let blame = |error: io::Error| Failure::of(path.display(), error);
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(path).map_err(blame)? {
        entries.push(entry.map_err(blame)?.path());
    }
    entries.sort_unstable();
    for entry in entries {
        let hidden = entry.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        match entry.is_dir() {
            _ if hidden => {}
            true => add_directory(&entry, sources)?,
            false => sources.push(Source::File(entry)),
        }
    }
    Ok(())
}

fn add_glob(pattern: &str, sources: &mut Vec<Source>) -> Result<(), Failure> {
    // The crate returns the paths in the order of their names.
    for path in glob::glob(pattern).map_err(|error| Failure::of(pattern, error))? {
        let path = path.map_err(|error| Failure::of(pattern, error))?;
        if path.is_file() {
            sources.push(Source::File(path));
        }
    }
    Ok(())
}
