//! `jotctl man`: manual pages.

use std::path::PathBuf;

use clap::{Args, CommandFactory as _};

use crate::cli::Cli;
use crate::failure::{End, Failure};

const AFTER_HELP: &str = "\
Examples:
  jotctl man ~/.local/share/man/man1";

/// Write the manual pages, one for each command
#[derive(Debug, Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct ManArgs {
    /// The folder to write them to, which is made if need be
    folder: PathBuf,
}

pub(crate) fn run(args: &ManArgs) -> Result<End, Failure> {
    let written = std::fs::create_dir_all(&args.folder)
        .and_then(|()| clap_mangen::generate_to(Cli::command(), &args.folder));
    match written {
        Ok(()) => Ok(End::Done),
        Err(error) => Err(Failure::of(args.folder.display(), error)),
    }
}
