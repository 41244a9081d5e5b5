//! The files of one command: no file is both read and written, and none is written
//! twice.

use std::path::Path;

use crate::destination::{Destination, Readers};
use crate::failure::Failure;
use crate::file_identity::Identity;

/// The files that a command reads and writes.
#[derive(Debug)]
pub(crate) struct Files {
    force: bool,
    read: Vec<Identity>,
    written: Vec<(Identity, String)>,
}

impl Files {
    /// Starts without files; `force` allows overwriting existing ones.
    pub(crate) const fn new(force: bool) -> Self {
        Self { force, read: Vec::new(), written: Vec::new() }
    }

    /// Notes a file that is read, or standard input for `-`. A missing file is reported
    /// later, by the code that reads it.
    pub(crate) fn reads(&mut self, path: &Path) {
        let identity = match path.as_os_str() == "-" {
            true => Identity::of_standard_input(),
            false => Identity::of(path),
        };
        self.read.extend(identity);
    }

    /// Chooses where the option's output goes.
    ///
    /// # Errors
    /// If the file cannot be written, exists without `force`, is also read, or is
    /// already written.
    pub(crate) fn writes(
        &mut self,
        option: &str,
        path: &Path,
        readers: Readers,
    ) -> Result<Destination, Failure> {
        self.choose(option, path, readers, self.force)
    }

    /// Chooses the place of a file that may be replaced without `--force`.
    pub(crate) fn replaces(
        &mut self,
        option: &str,
        path: &Path,
        readers: Readers,
    ) -> Result<Destination, Failure> {
        self.choose(option, path, readers, true)
    }

    fn choose(
        &mut self,
        option: &str,
        path: &Path,
        readers: Readers,
        force: bool,
    ) -> Result<Destination, Failure> {
        let destination = Destination::at(path, readers, true)?;
        if let Some(identity) = destination.identity() {
            self.take(option, path, identity)?;
        }
        Destination::at(path, readers, force)
    }

    fn take(&mut self, option: &str, path: &Path, identity: Identity) -> Result<(), Failure> {
        if self.read.contains(&identity) {
            let advice = format!(
                "this command also reads it; give {option} another name and move the file there afterwards"
            );
            return Err(Failure::of(path.display(), advice));
        }
        if let Some((_, other)) = self.written.iter().find(|(written, _)| *written == identity) {
            let advice = format!("the same file as {other}; give {option} another name");
            return Err(Failure::of(path.display(), advice));
        }
        self.written.push((identity, option.to_owned()));
        Ok(())
    }
}
