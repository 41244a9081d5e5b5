//! The arguments of `jotctl verify`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jot::Alg;

use crate::algorithm::parse_alg;

const AFTER_HELP: &str = "\
Tokens are arguments, lines of files (@FILE or --file FILE), or lines of
standard input (-, or nothing at all when it is not a terminal). Blank lines
are passed over, but counted in line numbers; a carriage return at the end of a
line is removed; anything else that does not belong to a token rejects it.

What a token says of itself is printed only where its signature holds, alg and
kid apart; the token is never printed.

Examples:
  jotctl verify --jwks jwks.json --alg ES256,EdDSA --iss https://issuer.example --aud api @token
  jotctl verify --pem public.pem --alg RS256 --any-audience --file tokens.txt --quiet
  jotctl verify --secret-file secret.bin --alg HS256 --aud api --leeway 30 - < tokens.txt
  jotctl verify --jwks jwks.json --alg ES256 --aud api --field request.authorization --bearer \\
      --format ndjson --file access.log
  jotctl verify --jwks jwks.json --alg RS256 --profile access-token --iss https://issuer.example \\
      --aud https://api.example --scope orders:read --claim /tenant/id=42 @token

Exit codes:
  0  every token was accepted
  1  at least one was rejected, or no token could be read where one should be
  2  wrong usage; keys or tokens that could not be read; no token at all";

/// Verify tokens
#[derive(Debug, Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct VerifyArgs {
    /// Tokens; @FILE for the lines of a file, `-` for those of standard input
    #[arg(value_name = "TOKEN|@FILE|-")]
    pub(super) tokens: Vec<String>,
    #[command(flatten)]
    pub(super) keys: KeyArgs,
    #[command(flatten)]
    pub(super) rules: RuleArgs,
    #[command(flatten)]
    pub(super) input: InputArgs,
    /// Take each file, or standard input, as one token, byte for byte
    #[arg(long, conflicts_with = "field", help_heading = "Input")]
    pub(super) whole: bool,
    /// How verdicts are written: text for people, or one JSON object per line
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
    /// A JWK Set; keys in it that cannot be used are skipped with a warning
    #[arg(long, value_name = "FILE")]
    pub(super) jwks: Option<PathBuf>,
    /// One JWK
    #[arg(long, value_name = "FILE")]
    pub(super) jwk: Option<PathBuf>,
    /// PEM: public keys or certificates, of which only the key is looked at
    #[arg(long, value_name = "FILE")]
    pub(super) pem: Option<PathBuf>,
    /// DER: one public key or certificate, as in .der and .cer files
    #[arg(long, value_name = "FILE")]
    pub(super) der: Option<PathBuf>,
    /// An HMAC secret: every byte of the file, a newline at its end included;
    /// the text of a key is refused
    #[arg(long, value_name = "FILE")]
    pub(super) secret_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Keys (exactly one)")]
pub(super) struct KeyArgs {
    #[command(flatten)]
    pub(super) files: KeyFiles,
    /// Take RSA keys below 2048 bits and HMAC secrets below the hash output
    #[arg(long)]
    pub(super) allow_weak_keys: bool,
    /// Take the certificates of authorities too: those that issued another one
    /// of the PEM
    #[arg(long)]
    pub(super) all_certificates: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
pub(crate) struct RuleArgs {
    /// The algorithms that are allowed, with commas between them
    #[arg(long, required = true, value_delimiter = ',', value_parser = parse_alg)]
    pub(crate) alg: Vec<Alg>,
    /// Demand this iss; when repeated, one of them
    #[arg(long)]
    pub(crate) iss: Vec<String>,
    /// Demand this aud; when repeated, one of them
    #[arg(long)]
    pub(crate) aud: Vec<String>,
    /// Accept any aud; without this and --aud a token that has one is rejected
    #[arg(long, conflicts_with = "aud")]
    pub(crate) any_audience: bool,
    /// Demand this sub
    #[arg(long)]
    pub(crate) sub: Option<String>,
    /// Demand this typ; when repeated, one of them
    #[arg(long)]
    pub(crate) typ: Vec<String>,
    /// Demand this azp
    #[arg(long)]
    pub(crate) azp: Option<String>,
    /// Demand this scope; when repeated, all of them
    #[arg(long)]
    pub(crate) scope: Vec<String>,
    /// Demand that this claim is there; may be repeated
    #[arg(long, value_name = "CLAIM")]
    pub(crate) require: Vec<String>,
    /// Demand this value: a JSON string, number or boolean, or a text without
    /// quotes; a name that begins with a slash is a JSON Pointer (RFC 6901);
    /// may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) claim: Vec<String>,
    /// Demand an array that has this string in it, written as for --claim; may
    /// be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) claim_contains: Vec<String>,
    /// Demand what the RFC or standard does of such tokens; takes --iss and
    /// --aud, the first of which is the resource or the client
    #[arg(long, value_enum, requires = "iss", requires = "aud")]
    pub(crate) profile: Option<Profile>,
    /// How far clocks may be apart
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub(crate) leeway: u32,
    /// Demand an iat that is no longer ago than this
    #[arg(long, value_name = "SECONDS")]
    pub(crate) max_age: Option<u32>,
    /// Accept tokens that never expire
    #[arg(long, conflicts_with = "profile")]
    pub(crate) allow_missing_exp: bool,
    /// Accept tokens whose iat lies in the future; for clocks that differ take
    /// --leeway
    #[arg(long)]
    pub(crate) allow_future_iat: bool,
    /// The present time, in place of the system's clock
    #[arg(long, value_name = "UNIX", allow_negative_numbers = true)]
    pub(crate) now: Option<i64>,
    /// The longest token
    #[arg(long, value_name = "BYTES", default_value_t = 65_536,
        value_parser = clap::value_parser!(u32).range(1..=16_777_216))]
    pub(crate) max_token_bytes: u32,
    /// The longest header, as it is encoded
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
    /// Each line is a JSON object and this member is the token; dots lead into
    /// nested objects
    #[arg(long, value_name = "NAME")]
    pub(super) field: Option<String>,
    /// Remove `Bearer` in front of a token, in any case, and its spaces
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
