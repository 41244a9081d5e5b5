//! The files of one command: none is written that is read, and none twice.

use std::path::Path;

use crate::destination::{Destination, Readers};
use crate::failure::Failure;
use crate::file_identity::Identity;

/// What a command reads, and what it is to write.
#[derive(Debug)]
pub(crate) struct Files {
    force: bool,
    read: Vec<Identity>,
    written: Vec<(Identity, String)>,
}

impl Files {
    /// Begins with no file; `force` allows to overwrite those that exist.
    pub(crate) const fn new(force: bool) -> Self {
        Self { force, read: Vec::new(), written: Vec::new() }
    }

    /// Notes a file that is read, or standard input for `-`. One that is not
    /// there is told by whoever reads it.
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
    /// What cannot be written, a file that exists unless that was forced, one
    /// that is read, and one that is written already.
    pub(crate) fn writes(
        &mut self,
        option: &str,
        path: &Path,
        readers: Readers,
    ) -> Result<Destination, Failure> {
        self.choose(option, path, readers, self.force)
    }

    /// Chooses the place of a file that may be replaced without being asked.
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
                "this command reads it as well; give {option} another name and move the file there afterwards"
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
