//! A file while it is written.

use std::fs::File;
use std::io::{self, Stdout, Write};

use tempfile::NamedTempFile;

/// What [`Destination::open`](crate::destination::Destination::open) gives.
#[derive(Debug)]
pub(crate) enum OutputFile {
    StandardOutput(Stdout),
    /// A device, a FIFO or an open descriptor.
    Stream(File),
    /// A file beside its place.
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
