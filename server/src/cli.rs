//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// A login service: accounts, sessions, tokens, revocation
#[derive(Debug, Parser)]
#[command(version, about, disable_help_subcommand = true)]
pub(crate) struct Cli {
    /// The settings; JOTD_CONFIG names them as well
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve until a signal says to end
    Serve,
    /// Check the settings and the database, and say nothing if they are good
    Check,
    /// Look after accounts
    #[command(subcommand)]
    User(UserCommand),
    /// Look after signing keys
    #[command(subcommand)]
    Keys(KeyCommand),
    /// Copy the database to a new file, also while the service runs
    Backup {
        /// Where the copy goes; there must be nothing
        file: PathBuf,
    },
    /// Print a new master key
    NewMasterKey,
    /// Print a new secret for a client, and what the settings have of it
    NewClientSecret,
}

#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Add an account; its password is the first line of standard input
    Add(UserAdd),
    /// Change a password, the first line of standard input, and end all sessions
    Passwd {
        /// The account
        name: String,
    },
    /// Let an account log in no more, and end all sessions
    Disable {
        /// The account
        name: String,
    },
    /// Let an account log in again
    Enable {
        /// The account
        name: String,
    },
    /// List the accounts
    List,
}

#[derive(Debug, Args)]
pub(crate) struct UserAdd {
    /// What the user types
    pub(crate) name: String,
    /// A role in the tokens; may come several times
    #[arg(long)]
    pub(crate) role: Vec<String>,
    /// A scope that logins may have; may come several times
    #[arg(long)]
    pub(crate) scope: Vec<String>,
    /// Whose tokens logins may have; may come several times; tokens.audiences by default
    #[arg(long)]
    pub(crate) audience: Vec<String>,
    /// Standard input has a hash, of another program, and not the password
    #[arg(long)]
    pub(crate) hash: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// List the keys: name, state, when they sign
    List,
    /// Announce the next key now
    Rotate,
}
