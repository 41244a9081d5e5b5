//! The files that an audit reads.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use super::compression::{self, Opened};
use super::text_decoding;
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

    /// Opens the source as text. What is read of it, as it stands on disk, is
    /// added to `read_bytes`.
    pub(in crate::audit) fn open(
        &self,
        compression: Compression,
        read_bytes: Arc<AtomicU64>,
    ) -> io::Result<Text> {
        let Opened { begin, bytes } = match self {
            Self::File(path) => {
                compression::open(Counted { source: File::open(path)?, read_bytes }, compression)?
            }
            Self::StandardInput => {
                compression::open(Counted { source: io::stdin(), read_bytes }, compression)?
            }
        };
        let broken = Arc::new(OnceLock::new());
        let bytes = Tolerant { bytes, broken: Arc::clone(&broken) };
        let text = text_decoding::decoded(Box::new(bytes))?;
        Ok(Text { is_parquet: begin.starts_with(super::parquet::MAGIC), text, broken })
    }

    /// Returns `true` if a file begins as Parquet does. Pipes are not looked at:
    /// what is read of them is gone.
    pub(in crate::audit) fn is_parquet_file(&self) -> bool {
        let Self::File(path) = self else { return false };
        let mut begin = [0; 4];
        let is_file = path.metadata().is_ok_and(|data| data.is_file());
        is_file
            && File::open(path).and_then(|mut file| file.read_exact(&mut begin)).is_ok()
            && begin == super::parquet::MAGIC
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

/// The text of a source.
pub(in crate::audit) struct Text {
    pub(in crate::audit) text: Box<dyn Read + Send>,
    /// Whether it begins as Parquet does, before any decompression.
    pub(in crate::audit) is_parquet: bool,
    broken: Arc<OnceLock<String>>,
}

impl Text {
    /// Takes the text out, to be read through something else.
    pub(in crate::audit) fn take(&mut self) -> Box<dyn Read + Send> {
        std::mem::replace(&mut self.text, Box::new(io::empty()))
    }

    /// Where whoever reads the text says that it ended before its end.
    pub(in crate::audit) fn breaking(&self) -> Arc<OnceLock<String>> {
        Arc::clone(&self.broken)
    }

    /// Says why the text ended before its end, if it did.
    pub(in crate::audit) fn broken(&self) -> Option<&str> {
        self.broken.get().map(String::as_str)
    }
}

/// Ends where its bytes break off, so that what is before is still read, and
/// keeps the reason.
struct Tolerant {
    bytes: Box<dyn Read + Send>,
    broken: Arc<OnceLock<String>>,
}

impl Read for Tolerant {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        if self.broken.get().is_some() {
            return Ok(0);
        }
        match self.bytes.read(room) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                let _ = self.broken.set(error.to_string());
                Ok(0)
            }
            read => read,
        }
    }
}

/// Counts what is read.
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
