//! The arguments of `jotctl revocations`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jot::Alg;

use crate::algorithm::parse_alg;
use crate::keys::ConnectionArgs;

const AFTER_HELP: &str = "\
The list is a signed JWT (docs/revocation.md). It counts only if a key of its issuer
signed it and it has not expired. The file that is written has a line for each entry,
and one that says until when the list may be used: nginx's jot_revoked_file reads it.

Examples:
  jotctl revocations show https://issuer.example/revocations --issuer https://issuer.example --alg ES256
  jotctl revocations watch https://issuer.example/revocations --issuer https://issuer.example \\
      --alg ES256 --out revoked.txt

Exit codes:
  0    the list was fetched
  2    wrong usage, or a list that could not be fetched, verified or written
  130  watch was interrupted";

/// Show, fetch or follow the revocations that an issuer serves
#[derive(Debug, Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct RevocationsArgs {
    /// What to do with the list
    #[arg(value_enum)]
    pub(super) action: Action,
    /// The URL of the list
    #[arg(value_name = "URL")]
    pub(super) url: String,
    #[command(flatten)]
    pub(super) keys: KeyPlaces,
    /// Require this iss; not needed with --issuer
    #[arg(long, value_name = "ISS")]
    pub(super) iss: Option<String>,
    /// The algorithms that the list may be signed with, separated by commas
    #[arg(long, required = true, value_delimiter = ',', value_parser = parse_alg)]
    pub(super) alg: Vec<Alg>,
    #[command(flatten)]
    pub(super) connection: ConnectionArgs,
    /// fetch and watch: write the list to this file; standard output by default
    #[arg(long, value_name = "FILE", default_value = "-", hide_default_value = true)]
    pub(super) out: PathBuf,
    /// fetch: overwrite the file if it exists; watch always does
    #[arg(long)]
    pub(super) force: bool,
    /// Go on with the last list for so long after its exp if no other can be had; by default
    /// the file then says that the list is stale, and tokens are answered with 503
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub(super) stale: u32,
    /// watch: fetch a list again after this time that does not say so itself
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(super) poll: u32,
    /// watch: fetch at least this often, whatever the list says
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    pub(super) max_age: u32,
    /// watch: tell in this file how the last fetch went and when the next one is due
    #[arg(long, value_name = "FILE")]
    pub(super) state: Option<PathBuf>,
    /// watch: whoever writes to this FIFO asks for a fetch
    #[arg(long, value_name = "FIFO")]
    pub(super) ask: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Action {
    /// Print the list
    Show,
    /// Fetch the list once and write it
    Fetch,
    /// Follow the list and write it whenever it changes, until interrupted
    Watch,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
#[command(next_help_heading = "Keys that the list is signed with (exactly one)")]
pub(super) struct KeyPlaces {
    /// The issuer; its OpenID configuration names the keys
    #[arg(long, value_name = "URL")]
    pub(super) issuer: Option<String>,
    /// The URL of the keys
    #[arg(long, value_name = "URL", requires = "iss")]
    pub(super) jwks_url: Option<String>,
    /// A JWK Set
    #[arg(long, value_name = "FILE", requires = "iss")]
    pub(super) jwks: Option<PathBuf>,
}
