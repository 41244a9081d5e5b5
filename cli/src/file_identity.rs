//! The identity of a file, independent of its name.

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

/// Distinguishes one file from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// By device and inode, which are the same for all links.
    #[cfg(unix)]
    Existing { device: u64, number: u64 },
    /// By its name in the resolved directory, for a file that does not exist yet.
    Named(PathBuf),
    /// Standard output that is not a file.
    StandardOutput,
}

impl Identity {
    /// Identifies the file at `path`, following links. Returns `None` for a character
    /// device: reading it does not return what was written.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        match path.metadata() {
            Ok(data) => Self::of_existing(path, &data),
            Err(_) => {
                let folder = path.parent().filter(|folder| *folder != Path::new(""));
                let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok()?;
                Some(Self::Named(folder.join(path.file_name()?)))
            }
        }
    }

    /// Identifies standard input, if it is a file.
    pub(crate) fn of_standard_input() -> Option<Self> {
        Self::of_open(&standard_input_metadata()?)
    }

    pub(crate) fn of_standard_output() -> Self {
        standard_output_metadata().as_ref().and_then(Self::of_open).unwrap_or(Self::StandardOutput)
    }

    #[cfg(unix)]
    fn of_existing(_: &Path, data: &Metadata) -> Option<Self> {
        use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};

        let is_character_device = data.file_type().is_char_device();
        (!is_character_device).then(|| Self::Existing { device: data.dev(), number: data.ino() })
    }

    #[cfg(not(unix))]
    fn of_existing(path: &Path, _: &Metadata) -> Option<Self> {
        path.canonicalize().ok().map(Self::Named)
    }

    #[cfg(unix)]
    fn of_open(data: &Metadata) -> Option<Self> {
        data.is_file().then(|| Self::of_existing(Path::new(""), data)).flatten()
    }

    #[cfg(not(unix))]
    fn of_open(_: &Metadata) -> Option<Self> {
        None
    }
}

/// Returns the metadata of standard input, if available.
pub(crate) fn standard_input_metadata() -> Option<Metadata> {
    open_metadata(&io::stdin())
}

fn standard_output_metadata() -> Option<Metadata> {
    open_metadata(&io::stdout())
}

#[cfg(unix)]
fn open_metadata(open: &impl std::os::fd::AsFd) -> Option<Metadata> {
    File::from(open.as_fd().try_clone_to_owned().ok()?).metadata().ok()
}

#[cfg(windows)]
fn open_metadata(open: &impl std::os::windows::io::AsHandle) -> Option<Metadata> {
    File::from(open.as_handle().try_clone_to_owned().ok()?).metadata().ok()
}
