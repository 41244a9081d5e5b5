//! `jotctl`: verify, decode and sign JSON Web Tokens, and make their keys.

mod algorithm;
mod audit;
mod cli;
mod completions;
mod debug;
mod decode;
mod demo_data;
mod destination;
mod draw;
mod failure;
mod fetch_state;
mod file_identity;
mod files;
mod following;
mod gen_log;
mod jwks;
mod key_file;
mod keygen;
mod keys;
mod man;
mod output_file;
mod revocations;
mod sign;
mod span;
mod status_file;
mod statuses;
mod verify;

use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::Cli;

fn main() -> ExitCode {
    match Cli::try_parse() {
        Ok(cli) => match cli.command.run() {
            Ok(end) => end.into(),
            Err(failure) => failure.report(),
        },
        Err(error) => failure::report_usage(&error),
    }
}
