//! The arguments of `jotctl verify`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jot::Alg;

use crate::algorithm::parse_alg;
use crate::keys::ConnectionArgs;

const AFTER_HELP: &str = "\
Tokens are arguments, lines of files (@FILE or --file FILE), or lines of
standard input (-, or no argument if it is not a terminal). Blank lines are
skipped, but counted in line numbers; a carriage return at the end of a line is
removed; anything else that does not belong to a token rejects it.

Claims are printed only if the signature holds; alg and kid are always printed.
The token is never printed.

Examples:
  jotctl verify --issuer https://issuer.example --alg ES256,RS256 --aud api @token
  jotctl verify --jwks jwks.json --alg ES256,EdDSA --iss https://issuer.example --aud api @token
  jotctl verify --pem public.pem --alg RS256 --any-audience --file tokens.txt --quiet
  jotctl verify --secret-file secret.bin --alg HS256 --aud api --leeway 30 - < tokens.txt
  jotctl verify --jwks jwks.json --alg ES256 --aud api --field request.authorization --bearer \\
      --format ndjson --file access.log
  jotctl verify --issuer https://issuer.example --alg ES256 --aud api \\
      --status-list https://issuer.example/status/ @token
  jotctl verify --jwks jwks.json --alg RS256 --profile access-token --iss https://issuer.example \\
      --aud https://api.example --scope orders:read --claim '/tenant/id equals 42' @token

Exit codes:
  0  every token was accepted
  1  at least one was rejected, or a line held no readable token
  2  wrong usage; keys or tokens could not be read; no token at all";

/// Verify tokens
#[derive(Debug, Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct VerifyArgs {
    /// Tokens; @FILE for the lines of a file, `-` for those of standard input
    #[arg(value_name = "TOKEN|@FILE|-")]
    pub(super) tokens: Vec<String>,
    #[command(flatten)]
    pub(super) keys: KeyArgs,
    /// Fetch the revocations from this URL, once: a list that the issuer signed with these
    /// keys
    #[arg(long, value_name = "URL", help_heading = "Rules")]
    pub(super) revocations_url: Option<String>,
    /// Check the status of tokens by this Token Status List, signed with these keys: its URL,
    /// fetched once; a URL that ends with `/`, below which lists are fetched when tokens name
    /// them; or a file with the signed list; may be repeated
    #[arg(long, value_name = "URL|FILE", help_heading = "Rules")]
    pub(super) status_list: Vec<String>,
    /// Reject tokens that name no status list
    #[arg(long, requires = "status_list", help_heading = "Rules")]
    pub(super) require_status: bool,
    #[command(flatten)]
    pub(super) connection: ConnectionArgs,
    #[command(flatten)]
    pub(super) rules: RuleArgs,
    #[command(flatten)]
    pub(super) input: InputArgs,
    /// Take each file, or standard input, as one token, byte for byte
    #[arg(long, conflicts_with = "field", help_heading = "Input")]
    pub(super) whole: bool,
    /// The format of the verdicts: text for people, or one JSON object per line
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    pub(super) format: Format,
    /// Write no verdicts, only the summary
    #[arg(long, short, help_heading = "Output")]
    pub(super) quiet: bool,
    /// Write no summary
    #[arg(long, help_heading = "Output")]
    pub(super) no_summary: bool,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
#[command(next_help_heading = "Keys (exactly one)")]
pub(super) struct KeyFiles {
    /// A JWK Set; unusable keys are skipped with a warning
    #[arg(long, value_name = "FILE")]
    pub(super) jwks: Option<PathBuf>,
    /// Fetch the keys from this URL, once
    #[arg(long, value_name = "URL")]
    pub(super) jwks_url: Option<String>,
    /// Fetch the keys that this issuer's OpenID configuration names, once; without --iss
    /// also require this iss
    #[arg(long, value_name = "URL")]
    pub(super) issuer: Option<String>,
    /// One JWK
    #[arg(long, value_name = "FILE")]
    pub(super) jwk: Option<PathBuf>,
    /// PEM: public keys or certificates, of which only the key is used
    #[arg(long, value_name = "FILE")]
    pub(super) pem: Option<PathBuf>,
    /// DER: one public key or certificate, as in .der and .cer files
    #[arg(long, value_name = "FILE")]
    pub(super) der: Option<PathBuf>,
    /// An HMAC secret: every byte of the file, including a newline at its end;
    /// the text of a key is rejected
    #[arg(long, value_name = "FILE")]
    pub(super) secret_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Keys (exactly one)")]
pub(super) struct KeyArgs {
    #[command(flatten)]
    pub(super) files: KeyFiles,
    /// Accept RSA keys below 2048 bits and HMAC secrets shorter than the hash output
    #[arg(long)]
    pub(super) allow_weak_keys: bool,
    /// Also take CA certificates: those that issued another certificate in the PEM
    #[arg(long)]
    pub(super) all_certificates: bool,
    /// Reject tokens whose key is in a certificate (X.509, also the x5c of a JWK) outside of
    /// the dates of that certificate
    #[arg(long)]
    pub(super) certificate_validity: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
pub(crate) struct RuleArgs {
    /// The allowed algorithms, separated by commas
    #[arg(long, required = true, value_delimiter = ',', value_parser = parse_alg)]
    pub(crate) alg: Vec<Alg>,
    /// Require this iss; if repeated, one of them
    #[arg(long)]
    pub(crate) iss: Vec<String>,
    /// Require this aud; if repeated, one of them
    #[arg(long)]
    pub(crate) aud: Vec<String>,
    /// Accept any aud; without this and --aud, a token that has one is rejected
    #[arg(long, conflicts_with = "aud")]
    pub(crate) any_audience: bool,
    /// Require this sub
    #[arg(long)]
    pub(crate) sub: Option<String>,
    /// Require this typ; if repeated, one of them
    #[arg(long)]
    pub(crate) typ: Vec<String>,
    /// Require this azp
    #[arg(long)]
    pub(crate) azp: Option<String>,
    /// Require this scope; if repeated, all of them
    #[arg(long)]
    pub(crate) scope: Vec<String>,
    /// Require this claim to be present; may be repeated
    #[arg(long, value_name = "CLAIM")]
    pub(crate) require: Vec<String>,
    /// Demand that a claim meets a condition, such as `tier any_of gold silver` or
    /// `/tenant/id not lt 42`: a name or a JSON Pointer (RFC 6901); perhaps `not`;
    /// present, equals, any_of, contains, prefix, regex, ge, gt, le or lt; and the
    /// operands of the test; may be repeated
    #[arg(long, value_name = "CONDITION")]
    pub(crate) claim: Vec<String>,
    /// Apply the rules of the RFC or standard for such tokens; takes --iss and
    /// --aud, the first of which is the resource or the client
    #[arg(long, value_enum, requires = "iss", requires = "aud")]
    pub(crate) profile: Option<Profile>,
    /// How far clocks may differ
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub(crate) leeway: u32,
    /// Require an iat that is no older than this
    #[arg(long, value_name = "SECONDS")]
    pub(crate) max_age: Option<u32>,
    /// Accept tokens that never expire
    #[arg(long, conflicts_with = "profile")]
    pub(crate) allow_missing_exp: bool,
    /// Accept tokens whose iat is in the future; use --leeway for clocks that
    /// differ
    #[arg(long)]
    pub(crate) allow_future_iat: bool,
    /// The current time, instead of the system's clock
    #[arg(long, value_name = "UNIX", allow_negative_numbers = true)]
    pub(crate) now: Option<i64>,
    /// The longest token
    #[arg(long, value_name = "BYTES", default_value_t = 65_536,
        value_parser = clap::value_parser!(u32).range(1..=16_777_216))]
    pub(crate) max_token_bytes: u32,
    /// The longest encoded header
    #[arg(long, value_name = "BYTES", default_value_t = 8192,
        value_parser = clap::value_parser!(u32).range(1..=16_777_216))]
    pub(crate) max_header_bytes: u32,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Input")]
pub(super) struct InputArgs {
    /// Read tokens from the lines of this file; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(super) file: Vec<PathBuf>,
    /// Each line is a JSON object, and this member is the token; dots lead into
    /// nested objects
    #[arg(long, value_name = "NAME")]
    pub(super) field: Option<String>,
    /// Remove `Bearer` before a token, in any case, and the spaces after it
    #[arg(long)]
    pub(super) bearer: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Text,
    Ndjson,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Profile {
    /// OAuth 2.0 JWT access tokens (RFC 9068)
    AccessToken,
    /// OpenID Connect ID Tokens
    IdToken,
}
