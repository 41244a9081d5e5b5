//! The arguments of `jotctl statuses`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jot::Alg;

use crate::algorithm::parse_alg;
use crate::keys::ConnectionArgs;

const AFTER_HELP: &str = "\
A list is a signed JWT (docs/revocation.md). Below a URI that ends with / a list is followed
from the first time on that somebody writes its URI to the FIFO of --ask. The directory has a
file for each list, with its Claims Set, whose exp says until when the list may be used: this
is what nginx's jot_status_list_url reads.

Examples:
  jotctl statuses show https://issuer.example/status/1 --issuer https://issuer.example --alg ES256
  mkfifo ask
  jotctl statuses watch https://issuer.example/status/ --issuer https://issuer.example \\
      --alg ES256 --out lists/ --ask ask

Exit codes:
  0    the lists were fetched
  2    wrong usage, or a list that could not be fetched, verified or written
  130  watch was interrupted";

/// Show or follow the Token Status Lists that an issuer serves
#[derive(Debug, Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct StatusesArgs {
    /// What to do with the lists
    #[arg(value_enum)]
    pub(super) action: Action,
    /// The URIs of lists; watch: one that ends with / stands for all below it
    #[arg(value_name = "URI", required = true)]
    pub(super) uris: Vec<String>,
    #[command(flatten)]
    pub(super) keys: KeyPlaces,
    /// The algorithms that the lists may be signed with, separated by commas
    #[arg(long, required = true, value_delimiter = ',', value_parser = parse_alg)]
    pub(super) alg: Vec<Alg>,
    #[command(flatten)]
    pub(super) connection: ConnectionArgs,
    /// watch: write the lists into this directory
    #[arg(long, value_name = "DIR", required_if_eq("action", "watch"))]
    pub(super) out: Option<PathBuf>,
    /// Go on with the last list for so long after its exp if no other can be had; by default
    /// tokens are answered with 503 then
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub(super) stale: u32,
    /// watch: fetch a list again after this time that does not say so itself
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(super) poll: u32,
    /// watch: fetch at least this often, whatever the lists say
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    pub(super) max_age: u32,
    /// watch: tell in this file how the last fetches went and when the next one is due
    #[arg(long, value_name = "FILE")]
    pub(super) state: Option<PathBuf>,
    /// watch: whoever writes a URI to this FIFO, on a line of its own, has that list followed
    #[arg(long, value_name = "FIFO")]
    pub(super) ask: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Action {
    /// Print the URI of each list and how many tokens have which status
    Show,
    /// Follow the lists and write them whenever they change, until interrupted
    Watch,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
#[command(next_help_heading = "Keys that the lists are signed with (exactly one)")]
pub(super) struct KeyPlaces {
    /// The issuer; its OpenID configuration names the keys
    #[arg(long, value_name = "URL")]
    pub(super) issuer: Option<String>,
    /// The URL of the keys
    #[arg(long, value_name = "URL")]
    pub(super) jwks_url: Option<String>,
    /// A JWK Set
    #[arg(long, value_name = "FILE")]
    pub(super) jwks: Option<PathBuf>,
}
