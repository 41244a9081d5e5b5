//! `jotctl man`: manual pages.

use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_mangen::Man;

use crate::destination::{Destination, Readers};
use crate::failure::{End, Failure};

const AFTER_HELP: &str = "\
Examples:
  jotctl man ~/.local/share/man/man1";

/// Write the manual pages, one for each command
#[derive(Debug, Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct ManArgs {
    /// The directory for the pages; created if it does not exist
    folder: PathBuf,
}

/// Writes the pages of `command`, the command line as a whole.
pub(crate) fn run(args: &ManArgs, command: Command) -> Result<End, Failure> {
    std::fs::create_dir_all(&args.folder).map_err(|error| Failure::of(args.folder.display(), error))?;
    let mut command = command.disable_help_subcommand(true);
    command.build();
    write(&command, &args.folder)?;
    Ok(End::Done)
}

fn write(command: &Command, folder: &Path) -> Result<(), Failure> {
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
        write(below, folder)?;
    }
    let page = Man::new(command.clone());
    let mut text = Vec::new();
    page.render(&mut text).map_err(Failure::new)?;
    Destination::at(&folder.join(page.get_filename()), Readers::Everybody, true)?.write(&text)
}
