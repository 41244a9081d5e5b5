//! Which file it is, whatever it is called.

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

/// What tells one file from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// By its device and number there, so that links do not matter.
    #[cfg(unix)]
    Existing { device: u64, number: u64 },
    /// By its name, its folder's links followed; of a file that is not there yet.
    Named(PathBuf),
    /// Where it is no file.
    StandardOutput,
}

impl Identity {
    /// Identifies the file at `path`, links followed. A character device is
    /// none: whatever is written to it, what is read is something else.
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

    /// Identifies what standard input is read from, if that is a file.
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

/// Looks at standard input, where it can be looked at.
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
