//! The arguments of `jotctl gen-log`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

const AFTER_HELP: &str = "\
Writes access.ndjson (or .csv or .log), keys/ with a JWK Set for each issuer whose
keys have nbf and exp, snapshots/ with the same keys as dated snapshots, and
expected.json with the expected result of an audit. The same seed gives the same
bytes. The private keys are derived from the seed, and some are in the source code
of this program: use them for nothing else.

Examples:
  jotctl gen-log --out demo --lines 200000 --seed 7
  jotctl gen-log --out big --lines 10000000 --repeat 1000 --compress zstd
  jotctl gen-log --out nginx --lines 1000 --format nginx";

/// Make a realistic access log with tokens of every kind, and their keys
#[derive(Debug, Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct GenLogArgs {
    /// The directory for the files; created if it does not exist
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,
    /// The number of lines
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub(super) lines: u64,
    /// The seed of the random numbers
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,
    /// The average number of lines for each token
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(super) repeat: u32,
    /// How many days the log spans
    #[arg(long, value_name = "N", default_value_t = 75, value_parser = clap::value_parser!(u32).range(1..=180))]
    pub(super) days: u32,
    /// The beginning of the log
    #[arg(long, value_name = "UNIX", default_value_t = 1_767_225_600,
        value_parser = clap::value_parser!(i64).range(0..=4_000_000_000))]
    pub(super) start: i64,
    /// The format of the lines
    #[arg(long, value_enum, default_value_t = LogForm::Ndjson)]
    pub(super) format: LogForm,
    /// The compression of the log
    #[arg(long, value_enum, default_value_t = Packing::None)]
    pub(super) compress: Packing,
    /// Only valid tokens, half ES256 and half RS256, each on exactly --repeat lines
    #[arg(long)]
    pub(super) clean: bool,
    /// Overwrite files that exist
    #[arg(long)]
    pub(super) force: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LogForm {
    Ndjson,
    Csv,
    /// For --log-format nginx-auth
    Nginx,
    /// For --log-format envoy-auth
    Envoy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Packing {
    None,
    Gzip,
    Zstd,
}
