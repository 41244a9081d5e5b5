//! Files that appear whole or not at all.

use std::io::Write as _;
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

use crate::failure::{Failure, print};

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    Owner,
    Everybody,
}

/// Refuses to overwrite a file unless `force` says so.
pub(crate) fn refuse_existing(path: &Path, force: bool) -> Result<(), Failure> {
    // A dangling symbolic link exists too.
    if !force && path.as_os_str() != "-" && path.symlink_metadata().is_ok() {
        return Err(exists(path));
    }
    Ok(())
}

/// Writes a file beside its place and then moves it there, or writes to
/// standard output for `-`.
pub(crate) fn write(path: &Path, content: &[u8], readers: Readers, force: bool) -> Result<(), Failure> {
    if path.as_os_str() == "-" {
        return print(content);
    }
    let mut file = beside(path, readers)?;
    file.write_all(content).map_err(|error| Failure::of(path.display(), error))?;
    place(file, path, force)
}

/// Makes a file beside a place that it may be moved to later; unless it is, it
/// goes away by itself.
pub(crate) fn beside(path: &Path, readers: Readers) -> Result<NamedTempFile, Failure> {
    let directory = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let mut builder = Builder::new();
    builder.prefix(".jotctl-");
    set_permissions(&mut builder, readers);
    builder.tempfile_in(directory).map_err(|error| Failure::of(path.display(), error))
}

/// Moves a file that was made [`beside`] its place there.
pub(crate) fn place(file: NamedTempFile, path: &Path, force: bool) -> Result<(), Failure> {
    let blame = |error: std::io::Error| Failure::of(path.display(), error);
    file.as_file().sync_all().map_err(blame)?;
    let placed = if force { file.persist(path) } else { file.persist_noclobber(path) };
    match placed {
        Ok(_) => Ok(()),
        Err(refused) if refused.error.kind() == std::io::ErrorKind::AlreadyExists => Err(exists(path)),
        Err(refused) => Err(blame(refused.error)),
    }
}

fn exists(path: &Path) -> Failure {
    Failure::of(path.display(), "exists already; --force overwrites it")
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
fn set_permissions(_: &mut Builder<'_, '_>, _: Readers) {}
