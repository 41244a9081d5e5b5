//! The arguments of `jotctl keys`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

const AFTER_HELP: &str = "\
A URL is that of a JWK Set, a JWK, PEM, or an object of PEM by kid. An issuer is the
iss of its tokens; its OpenID configuration says where the keys are.

Examples:
  jotctl keys show --issuer https://accounts.google.com
  jotctl keys fetch https://issuer.example/jwks --out jwks.json --force
  jotctl keys watch --issuer https://issuer.example --out jwks.json --history keys/
  jotctl audit --keys https://issuer.example=keys/ --alg RS256 --aud api access.log

Exit codes:
  0    the keys were fetched
  2    wrong usage, or keys that could not be fetched or written
  130  watch was interrupted";

/// Show, fetch or follow the keys that an issuer publishes
#[derive(Debug, Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct KeysArgs {
    /// What to do with the keys
    #[arg(value_enum)]
    pub(super) action: Action,
    #[command(flatten)]
    pub(super) sources: SourceArgs,
    /// fetch and watch: write the JWK Set to this file; standard output by default
    #[arg(long, value_name = "FILE", default_value = "-", hide_default_value = true)]
    pub(super) out: PathBuf,
    /// fetch and watch: keep a dated snapshot in this directory if the keys have
    /// changed
    #[arg(long, value_name = "DIR")]
    pub(super) history: Option<PathBuf>,
    /// fetch and watch: look at the dates of certificates, and write them as nbf and exp
    #[arg(long)]
    pub(super) certificate_validity: bool,
    /// fetch: overwrite the file if it exists; watch always does
    #[arg(long)]
    pub(super) force: bool,
    /// watch: whoever writes to this FIFO asks for the key of a token that is in no set;
    /// asking often costs no more fetches than one in 30 seconds
    #[arg(long, value_name = "FIFO")]
    pub(super) ask: Option<PathBuf>,
    /// watch: tell in this file how the last fetch went and when the next one is due
    #[arg(long, value_name = "FILE")]
    pub(super) state: Option<PathBuf>,
    /// watch: fetch at least this often, whatever the server says
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    pub(super) max_age: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Action {
    /// Print kid, type, algorithms and thumbprint of each key
    Show,
    /// Fetch the keys once and write them as a JWK Set
    Fetch,
    /// Follow the keys of one URL or issuer and write them whenever they change, until
    /// interrupted
    Watch,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(super) struct Places {
    /// The URLs of the keys
    #[arg(value_name = "URL")]
    pub(super) urls: Vec<String>,
    /// An issuer whose OpenID configuration names the keys; may be repeated
    #[arg(long, value_name = "URL")]
    pub(super) issuer: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct SourceArgs {
    #[command(flatten)]
    pub(super) places: Places,
    #[command(flatten)]
    pub(super) connection: ConnectionArgs,
}

/// How requests are made.
#[derive(Debug, Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ConnectionArgs {
    /// Trust the authorities in this PEM file instead of the built-in ones
    #[arg(long, value_name = "FILE")]
    pub(super) ca: Option<PathBuf>,
    /// Show this certificate chain (PEM) to the server
    #[arg(long, value_name = "FILE", requires = "client_key")]
    pub(super) client_cert: Option<PathBuf>,
    /// The private key (PEM) of the client certificate
    #[arg(long, value_name = "FILE", requires = "client_cert")]
    pub(super) client_key: Option<PathBuf>,
    /// Connect through this proxy; by default HTTPS_PROXY and NO_PROXY say which
    #[arg(long, value_name = "URL")]
    pub(super) proxy: Option<String>,
    /// How long a fetch may take
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    pub(crate) timeout: u32,
    /// Allow http to this machine
    #[arg(long)]
    pub(crate) allow_loopback: bool,
}
