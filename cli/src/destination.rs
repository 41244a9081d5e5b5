//! Where a command writes.
//!
//! A regular file appears whole or not at all: it is written beside its place
//! and then moved there. Whatever else stands there, such as a device, is
//! opened and written, and never replaced.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::Builder;

use crate::failure::Failure;
use crate::file_identity::Identity;
use crate::output_file::OutputFile;

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    Owner,
    Everybody,
}

/// A place that was found fit to be written to.
#[derive(Debug)]
pub(crate) struct Destination {
    /// As the user names it.
    named: PathBuf,
    place: Place,
    readers: Readers,
    force: bool,
}

#[derive(Debug)]
enum Place {
    StandardOutput,
    /// A device, a FIFO or an open descriptor.
    Stream(PathBuf),
    /// A regular file, or none yet; links are followed.
    File(PathBuf),
}

/// The most links that are followed, as in Linux.
const MOST_LINKS: usize = 40;

impl Destination {
    /// Looks at what stands at `path`; `-` is standard output.
    ///
    /// # Errors
    /// What cannot be written, and a file that exists unless `force` is given.
    pub(crate) fn at(path: &Path, readers: Readers, force: bool) -> Result<Self, Failure> {
        let place = Place::at(path).map_err(|error| Failure::of(path.display(), error))?;
        let destination = Self { named: path.to_owned(), place, readers, force };
        match destination.would_overwrite() {
            true => Err(destination.exists()),
            false => Ok(destination),
        }
    }

    /// Writes all of it.
    pub(crate) fn write(&self, content: &[u8]) -> Result<(), Failure> {
        let mut file = self.open()?;
        file.write_all(content).map_err(|error| self.blame(error))?;
        self.place(file)
    }

    /// Makes a file to be [placed](Self::place) later, and gone by itself
    /// unless it is; or opens what is written as it stands.
    pub(crate) fn open(&self) -> Result<OutputFile, Failure> {
        let opened = match &self.place {
            Place::StandardOutput => Ok(OutputFile::StandardOutput(io::stdout())),
            Place::Stream(path) => {
                // A descriptor may be that of a file which has something in it.
                OpenOptions::new().append(true).open(path).map(OutputFile::Stream)
            }
            Place::File(path) => self.beside(path),
        };
        opened.map_err(|error| self.blame(error))
    }

    /// Puts a file that is written to its end in its place.
    pub(crate) fn place(&self, file: OutputFile) -> Result<(), Failure> {
        let blame = |error| self.blame(error);
        match (file, &self.place) {
            (OutputFile::Staged(file), Place::File(path)) => {
                file.as_file().sync_all().map_err(blame)?;
                let placed = if self.force { file.persist(path) } else { file.persist_noclobber(path) };
                match placed {
                    Ok(_) => Ok(()),
                    Err(refused) if refused.error.kind() == io::ErrorKind::AlreadyExists => {
                        Err(self.exists())
                    }
                    Err(refused) => Err(blame(refused.error)),
                }
            }
            (mut file, _) => file.flush().map_err(blame),
        }
    }

    /// Moves a file from beside the place there.
    pub(crate) fn place_path(&self, file: &File, from: &Path) -> Result<(), Failure> {
        let Place::File(path) = &self.place else { return Ok(()) };
        if self.would_overwrite() {
            return Err(self.exists());
        }
        self.take_after(path, file)
            .and_then(|()| file.sync_all())
            .and_then(|()| std::fs::rename(from, path))
            .map_err(|error| self.blame(error))
    }

    /// Returns the place's name with more behind it, where the place is that of
    /// a file.
    pub(crate) fn sibling(&self, behind: &str) -> Option<PathBuf> {
        let Place::File(path) = &self.place else { return None };
        let mut name = path.as_os_str().to_owned();
        name.push(behind);
        Some(name.into())
    }

    /// The place as the user names it.
    pub(crate) fn named(&self) -> &Path {
        &self.named
    }

    /// Returns `true` if a file is made there, and not something written that stands
    /// there.
    pub(crate) const fn is_file(&self) -> bool {
        matches!(self.place, Place::File(_))
    }

    pub(crate) const fn is_standard_output(&self) -> bool {
        matches!(self.place, Place::StandardOutput)
    }

    /// Tells which file this is, where writing it twice, or reading it as
    /// well, would do harm.
    pub(crate) fn identity(&self) -> Option<Identity> {
        match &self.place {
            Place::StandardOutput => Some(Identity::of_standard_output()),
            Place::Stream(path) | Place::File(path) => Identity::of(path),
        }
    }

    /// Names the place in a failure.
    pub(crate) fn blame(&self, error: io::Error) -> Failure {
        match &self.place {
            Place::StandardOutput => Failure::of_output(&error),
            Place::Stream(_) if error.kind() == io::ErrorKind::BrokenPipe => Failure::OutputClosed,
            Place::Stream(_) | Place::File(_) => Failure::of(self.named.display(), error),
        }
    }

    fn exists(&self) -> Failure {
        Failure::of(self.named.display(), "exists already; --force overwrites it")
    }

    fn would_overwrite(&self) -> bool {
        !self.force
            && match &self.place {
                Place::StandardOutput => false,
                Place::Stream(path) => path.metadata().is_ok_and(|data| is_block_device(&data)),
                // A link that leads nowhere exists too.
                Place::File(_) => self.named.symlink_metadata().is_ok(),
            }
    }

    fn beside(&self, path: &Path) -> io::Result<OutputFile> {
        let directory = match path.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        let mut builder = Builder::new();
        builder.prefix(".jotctl-");
        set_permissions(&mut builder, self.readers);
        let file = builder.tempfile_in(directory)?;
        self.take_after(path, file.as_file())?;
        Ok(OutputFile::Staged(file))
    }

    /// Gives a file the owner and the mode of the one that it is to replace.
    #[cfg(unix)]
    fn take_after(&self, replaced: &Path, file: &File) -> io::Result<()> {
        use std::fs::Permissions;
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};

        let Ok(old) = replaced.metadata() else { return Ok(()) };
        let new = file.metadata()?;
        let is_same = (old.uid(), old.gid()) == (new.uid(), new.gid());
        let keeps_owner = is_same || fchown(file, Some(old.uid()), Some(old.gid())).is_ok();
        let kept = match (self.readers, keeps_owner) {
            (Readers::Everybody, _) => 0o777,
            // A private key is for whoever owned the file, and for their group
            // if that could be kept.
            (Readers::Owner, true) => 0o770,
            (Readers::Owner, false) => 0o700,
        };
        file.set_permissions(Permissions::from_mode(old.mode() & kept))
    }

    #[cfg(not(unix))]
    fn take_after(&self, _: &Path, _: &File) -> io::Result<()> {
        Ok(())
    }
}

impl Place {
    fn at(path: &Path) -> io::Result<Self> {
        if path.as_os_str() == "-" {
            return Ok(Self::StandardOutput);
        }
        let mut target = path.to_owned();
        for _ in 0..MOST_LINKS {
            match descriptor(&target) {
                Some(Descriptor::StandardOutput) => return Ok(Self::StandardOutput),
                Some(Descriptor::Other) => return Self::of_open(target),
                None => {}
            }
            match target.read_link() {
                // What a relative link names is beside the link.
                Ok(next) => target = target.parent().unwrap_or(Path::new("")).join(next),
                Err(_) => return Self::of_file(target),
            }
        }
        Err(io::Error::other("too many symbolic links"))
    }

    fn of_open(path: PathBuf) -> io::Result<Self> {
        refuse_unfit(&path.metadata()?)?;
        Ok(Self::Stream(path))
    }

    fn of_file(path: PathBuf) -> io::Result<Self> {
        match path.metadata() {
            Ok(data) if data.is_file() => Ok(Self::File(path)),
            Ok(data) => refuse_unfit(&data).map(|()| Self::Stream(path)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::File(path)),
            Err(error) => Err(error),
        }
    }
}

fn refuse_unfit(data: &Metadata) -> io::Result<()> {
    if data.is_dir() {
        return Err(io::Error::other("a directory; name a file in it"));
    }
    if is_socket(data) {
        return Err(io::Error::other("a socket, which cannot be opened; write to `-` and pipe that there"));
    }
    Ok(())
}

/// An open file that has a name.
enum Descriptor {
    StandardOutput,
    Other,
}

/// Tells whether a path is that of an open file, such as `/dev/fd/3`. In Linux
/// that is a link, and what it leads to is not to be replaced.
fn descriptor(path: &Path) -> Option<Descriptor> {
    let directory = path.parent()?.canonicalize().ok()?;
    let is_own = Path::new("/dev/fd").canonicalize().is_ok_and(|own| own == directory);
    let is_one = is_own || (directory.starts_with("/proc") && directory.ends_with("fd"));
    match path.file_name() {
        Some(name) if is_own && name == "1" => Some(Descriptor::StandardOutput),
        _ => is_one.then_some(Descriptor::Other),
    }
}

#[cfg(unix)]
fn is_socket(data: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    data.file_type().is_socket()
}

#[cfg(unix)]
fn is_block_device(data: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    data.file_type().is_block_device()
}

#[cfg(unix)]
fn set_permissions(builder: &mut Builder<'_, '_>, readers: Readers) {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;

    let mode = match readers {
        Readers::Owner => 0o600,
        Readers::Everybody => 0o644,
    };
    builder.permissions(Permissions::from_mode(mode));
}

#[cfg(not(unix))]
fn is_socket(_: &Metadata) -> bool {
    false
}

#[cfg(not(unix))]
fn is_block_device(_: &Metadata) -> bool {
    false
}

#[cfg(not(unix))]
fn set_permissions(_: &mut Builder<'_, '_>, _: Readers) {}
