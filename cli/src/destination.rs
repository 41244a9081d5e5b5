//! Where a command writes.
//!
//! A regular file appears whole or not at all: it is written to a temporary file next
//! to it, which is then renamed. Anything else, such as a device, is opened and written
//! directly, and never replaced.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

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

/// A place that can be written to.
#[derive(Debug)]
pub(crate) struct Destination {
    /// The name that the user gave.
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
    /// A regular file, which need not exist yet; links are followed.
    File(PathBuf),
}

/// The most links that are followed, as in Linux.
const MOST_LINKS: usize = 40;

impl Destination {
    /// Examines `path`; `-` is standard output.
    ///
    /// # Errors
    /// If it cannot be written, or if a file exists and `force` is not given.
    pub(crate) fn at(path: &Path, readers: Readers, force: bool) -> Result<Self, Failure> {
        let place = Place::at(path).map_err(|error| Failure::of(path.display(), error))?;
        let destination = Self { named: path.to_owned(), place, readers, force };
        match destination.would_overwrite() {
            true => Err(destination.exists()),
            false => Ok(destination),
        }
    }

    /// Writes the whole content.
    pub(crate) fn write(&self, content: &[u8]) -> Result<(), Failure> {
        let mut file = self.open()?;
        file.write_all(content).map_err(|error| self.blame(error))?;
        self.place(file)
    }

    /// Says by the time of a file that its content is still right.
    pub(crate) fn touch(&self) -> Result<(), Failure> {
        let Place::File(path) = &self.place else { return Ok(()) };
        let file = OpenOptions::new().write(true).open(path).map_err(|error| self.blame(error))?;
        file.set_modified(SystemTime::now()).map_err(|error| self.blame(error))
    }

    /// Writes the whole content of a file that is written again and again. Its temporary
    /// file has a fixed name, so that a program that is killed leaves one at the most,
    /// and no hidden one.
    pub(crate) fn rewrite(&self, content: &[u8]) -> Result<(), Failure> {
        let Some(staged) = self.staged() else { return self.write(content) };
        let mut file = self.open_staged(&staged)?;
        file.write_all(content).map_err(|error| self.blame(error))?;
        self.place(file)
    }

    /// Creates the temporary file under this name, and replaces one that a program left
    /// which was killed; or opens a stream.
    fn open_staged(&self, staged: &Path) -> Result<OutputFile, Failure> {
        let Place::File(path) = &self.place else { return self.open() };
        let _ = std::fs::remove_file(staged);
        let mut builder = Builder::new();
        let name = staged.file_name().unwrap_or_default();
        builder.prefix(name).rand_bytes(0);
        self.beside(path, &mut builder).map_err(|error| self.blame(error))
    }

    /// Removes the file that [`rewrite`](Self::rewrite) wrote, and what it left.
    pub(crate) fn remove(&self) {
        for path in [Some(self.named.clone()), self.staged()].into_iter().flatten() {
            let _ = std::fs::remove_file(path);
        }
    }

    fn staged(&self) -> Option<PathBuf> {
        self.sibling(".new")
    }

    /// Creates a temporary file, which [`place`](Self::place) renames and which is
    /// otherwise deleted on drop; or opens a stream.
    pub(crate) fn open(&self) -> Result<OutputFile, Failure> {
        let opened = match &self.place {
            Place::StandardOutput => Ok(OutputFile::StandardOutput(io::stdout())),
            Place::Stream(path) => {
                // Append, because a descriptor may be an open file that already has
                // content.
                OpenOptions::new().append(true).open(path).map(OutputFile::Stream)
            }
            Place::File(path) => self.beside(path, Builder::new().prefix(".jotctl-")),
        };
        opened.map_err(|error| self.blame(error))
    }

    /// Moves a completely written file to its place.
    pub(crate) fn place(&self, file: OutputFile) -> Result<(), Failure> {
        let blame = |error| self.blame(error);
        match (file, &self.place) {
            (OutputFile::Staged(file), Place::File(path)) => {
                // The kernel's time of a file is some milliseconds behind the clock, and a
                // reader who asked for the file must not take it for an older one.
                file.as_file().set_modified(SystemTime::now()).map_err(blame)?;
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

    /// Renames the file `from` to this place.
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

    /// Returns the file's name with a suffix, or `None` if the place is not a file.
    pub(crate) fn sibling(&self, behind: &str) -> Option<PathBuf> {
        let Place::File(path) = &self.place else { return None };
        let mut name = path.as_os_str().to_owned();
        name.push(behind);
        Some(name.into())
    }

    /// Returns the name that the user gave.
    pub(crate) fn named(&self) -> &Path {
        &self.named
    }

    /// Returns `true` if the place is a regular file, and not a stream.
    pub(crate) const fn is_file(&self) -> bool {
        matches!(self.place, Place::File(_))
    }

    pub(crate) const fn is_standard_output(&self) -> bool {
        matches!(self.place, Place::StandardOutput)
    }

    /// Returns the file's identity, or `None` if writing it twice, or also reading it,
    /// does no harm.
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
        Failure::of(self.named.display(), "already exists; use --force to overwrite it")
    }

    fn would_overwrite(&self) -> bool {
        !self.force
            && match &self.place {
                Place::StandardOutput => false,
                Place::Stream(path) => path.metadata().is_ok_and(|data| is_block_device(&data)),
                // A dangling link counts as existing.
                Place::File(_) => self.named.symlink_metadata().is_ok(),
            }
    }

    fn beside(&self, path: &Path, builder: &mut Builder<'_, '_>) -> io::Result<OutputFile> {
        let directory = match path.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        set_permissions(builder, self.readers);
        let file = builder.tempfile_in(directory)?;
        self.take_after(path, file.as_file())?;
        Ok(OutputFile::Staged(file))
    }

    /// Gives `file` the owner and mode of the file that it will replace.
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
            // A private key is readable by the file's owner, and by the group only
            // if the ownership could be kept.
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
                // A relative link is relative to the link's directory.
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
        return Err(io::Error::other(
            "a socket, which cannot be opened; write to `-` and pipe the output there",
        ));
    }
    Ok(())
}

/// An open file that has a name.
enum Descriptor {
    StandardOutput,
    Other,
}

/// Recognizes the path of an open descriptor, such as `/dev/fd/3`. On Linux that is a
/// link whose target must not be replaced.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_is_no_older_than_the_call_that_wrote_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        let out = Destination::at(&path, Readers::Everybody, true).unwrap();
        let writes: [&dyn Fn() -> Result<(), Failure>; 3] =
            [&|| out.write(b"{}"), &|| out.rewrite(b"{}"), &|| out.touch()];
        for write in writes.into_iter().cycle().take(30) {
            let began = SystemTime::now();
            write().unwrap();
            assert!(path.metadata().unwrap().modified().unwrap() >= began);
        }
    }
}
