//! `jotctl completions`: scripts that complete the command line.

use clap::{Args, Command};
use clap_complete::Shell;

use crate::failure::{End, Failure, print};

const AFTER_HELP: &str = "\
Examples:
  jotctl completions bash > ~/.local/share/bash-completion/completions/jotctl
  jotctl completions zsh > ~/.zfunc/_jotctl
  jotctl completions fish > ~/.config/fish/completions/jotctl.fish";

/// Print the completion script for a shell
#[derive(Debug, Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct CompletionsArgs {
    /// The shell to complete for
    shell: Shell,
}

/// Writes the script for `command`, the command line as a whole.
pub(crate) fn run(args: &CompletionsArgs, command: &mut Command) -> Result<End, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, command, "jotctl", &mut script);
    print(&script)?;
    Ok(End::Done)
}
