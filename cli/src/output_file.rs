//! A file that is being written.

use std::fs::File;
use std::io::{self, Stdout, Write};

use tempfile::NamedTempFile;

/// The result of [`Destination::open`](crate::destination::Destination::open).
#[derive(Debug)]
pub(crate) enum OutputFile {
    StandardOutput(Stdout),
    /// A device, a FIFO or an open descriptor.
    Stream(File),
    /// A temporary file next to its place.
    Staged(NamedTempFile),
}

impl OutputFile {
    fn inner(&mut self) -> &mut dyn Write {
        match self {
            Self::StandardOutput(out) => out,
            Self::Stream(file) => file,
            Self::Staged(file) => file,
        }
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner().flush()
    }
}
