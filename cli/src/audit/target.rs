//! The file that rows are written to, and how far they are in it.

use std::fs::File;
use std::io::{self, Write};

use crate::output_file::OutputFile;

/// How far the rows are on disk.
#[derive(Clone, Debug, Default)]
pub(super) struct Mark {
    pub(super) bytes: u64,
    /// The description of the row groups in Parquet.
    pub(super) groups: Vec<u8>,
}

/// What rows are written to.
pub(super) enum Target {
    /// What cannot be resumed.
    Stream(OutputFile),
    Partial(File),
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stream(file) => file.write(bytes),
            Self::Partial(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stream(file) => file.flush(),
            Self::Partial(file) => file.flush(),
        }
    }
}
