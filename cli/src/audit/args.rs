//! The arguments of `jotctl audit`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;

use super::limit::Limit;
use crate::keys::ConnectionArgs;
use crate::verify::RuleArgs;

const AFTER_HELP: &str = "\
Every line is judged at its own time of use, with the keys that were in force
then. Unreadable lines are counted and sampled, and the run continues. Lines
without a time are judged at --now, or else by the rules that need no time.

A field is a member (dots lead into nested objects) or a JSON Pointer in
NDJSON, a column in CSV, TSV and Parquet, and a variable in an access log, such as $http_authorization or %REQ(AUTHORIZATION)%.

Examples:
  jotctl audit access.ndjson --keys https://issuer.example=jwks.json --alg ES256,RS256 --aud api \\
      --token authorization --time time --status status --out rows.ndjson
  jotctl audit 'logs/*.log.gz' --log-format nginx-auth --keys jwks.json --alg RS256 --any-audience \\
      --report audit.html
  jotctl audit logs/ --keys https://issuer.example=snapshots/ --alg ES256 --aud api \\
      --token token --time time --out rows.parquet --fail-on 'accepted-invalid,unknown-kid>100'

Exit codes:
  0    done, and no finding of --fail-on
  1    done, and at least one finding of --fail-on
  2    wrong usage; something could not be read or written
  130  interrupted; --resume continues";

/// Judge the tokens of access logs as of the time they were used
#[derive(Debug, Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct AuditArgs {
    /// Files, globs or directories; `-` is standard input
    #[arg(value_name = "SOURCE", required = true)]
    pub(super) sources: Vec<String>,
    #[command(flatten)]
    pub(super) input: AuditInputArgs,
    #[command(flatten)]
    pub(super) keys: AuditKeyArgs,
    #[command(flatten)]
    pub(super) status: AuditStatusArgs,
    #[command(flatten)]
    pub(super) rules: RuleArgs,
    #[command(flatten)]
    pub(super) output: AuditOutputArgs,
    #[command(flatten)]
    pub(super) running: RunArgs,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Input")]
pub(super) struct AuditInputArgs {
    /// The format of the sources; by default it is detected for each source
    #[arg(long, value_enum, default_value_t = InputFormat::Auto)]
    pub(super) format: InputFormat,
    /// The compression of the sources; by default it is detected for each source
    #[arg(long, value_enum, default_value_t = Compression::Auto)]
    pub(super) compression: Compression,
    /// The format string of an nginx, Apache or Envoy access log, or one of
    /// nginx-auth, apache-auth, envoy-auth, haproxy and alb
    #[arg(long, value_name = "FORMAT")]
    pub(super) log_format: Option<String>,
    /// The field of the token; by default the usual names are tried
    #[arg(long, value_name = "FIELD")]
    pub(super) token: Option<String>,
    /// The field of the time of use: RFC 3339, CLF, or seconds, milliseconds or
    /// microseconds since 1970
    #[arg(long, value_name = "FIELD")]
    pub(super) time: Option<String>,
    /// The zone of times that have none: a name such as Europe/Berlin, or an offset
    /// such as +02:00
    #[arg(long, value_name = "ZONE", value_parser = time_zone)]
    pub(super) time_zone: Option<TimeZone>,
    /// The field of the HTTP status
    #[arg(long, value_name = "FIELD")]
    pub(super) status: Option<String>,
    /// The field of the client's address
    #[arg(long, value_name = "FIELD")]
    pub(super) address: Option<String>,
    /// Which address of a list such as X-Forwarded-For: 1 is the first, -1 the last
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true)]
    pub(super) hop: i32,
    /// Which tokens of a longer text, such as a cookie, are judged
    #[arg(long, value_enum, value_name = "WHICH", default_value_t = WhichTokens::All)]
    pub(super) find_token: WhichTokens,
    /// The character between columns, where it is not a comma
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter)]
    pub(super) delimiter: Option<u8>,
    /// The member in which a collector put the line of a server, if it is not recognized
    #[arg(long, value_name = "FIELD")]
    pub(super) unwrap: Option<String>,
    /// How many records in a hundred may be unreadable, without a token or without a
    /// time; more are a finding
    #[arg(long, value_name = "PERCENT", default_value_t = 5.0)]
    pub(super) max_unread: f64,
}

/// Reads the name of a zone, or an offset.
fn time_zone(text: &str) -> Result<TimeZone, String> {
    let offset = match text.as_bytes() {
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let digits =
                std::str::from_utf8(&[*h1, *h2, *m1, *m2]).ok().and_then(|digits| digits.parse().ok());
            let seconds = digits.map(|digits: i32| {
                digits
                    .div_euclid(100)
                    .saturating_mul(60)
                    .saturating_add(digits.rem_euclid(100))
                    .saturating_mul(60)
            });
            let signed =
                seconds.map(|seconds| if *sign == b'-' { seconds.saturating_neg() } else { seconds });
            signed.and_then(|seconds| jiff::tz::Offset::from_seconds(seconds).ok())
        }
        _ => None,
    };
    let zone = offset.map(TimeZone::fixed).or_else(|| TimeZone::get(text).ok());
    zone.ok_or_else(|| "neither a time zone such as Europe/Berlin nor an offset such as +02:00".to_owned())
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text {
        "\\t" => Ok(b'\t'),
        text => match text.as_bytes() {
            [byte] if !matches!(byte, b'"' | b'\r' | b'\n') => Ok(*byte),
            _ => Err("one character is wanted, and no quote".to_owned()),
        },
    }
}

/// Which tokens of a longer text are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum WhichTokens {
    All,
    First,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Keys")]
pub(super) struct AuditKeyArgs {
    /// Keys of one issuer or of all: a JWK Set, JWK, PEM or DER, or a directory of JWK
    /// Sets named by their dates; may be repeated
    #[arg(long, value_name = "[ISSUER=]PATH", required = true)]
    pub(super) keys: Vec<String>,
    /// Accept RSA keys below 2048 bits and HMAC secrets shorter than the hash output
    #[arg(long)]
    pub(super) allow_weak_keys: bool,
    /// Also take CA certificates: those that issued another certificate in their PEM
    #[arg(long)]
    pub(super) all_certificates: bool,
    /// Reject tokens that were used outside of the dates of the certificate (X.509, also the
    /// x5c of a JWK) that their key is in
    #[arg(long)]
    pub(super) certificate_validity: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
pub(super) struct AuditStatusArgs {
    /// Check the status of tokens by this Token Status List as it was when they were used,
    /// signed with the keys of their issuer: its URL, which is asked for the past; a URL that
    /// ends with `/`, for the lists below it; or a file with a signed list; may be repeated
    #[arg(long, value_name = "URL|FILE")]
    pub(super) status_list: Vec<String>,
    /// Reject tokens that name no status list
    #[arg(long, requires = "status_list")]
    pub(super) require_status: bool,
    #[command(flatten)]
    pub(super) connection: ConnectionArgs,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct AuditOutputArgs {
    /// Write a row for each token to this file: .ndjson, .csv or .parquet; `-` is
    /// standard output, as NDJSON
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
    /// The format of the rows, regardless of the file name
    #[arg(long, value_enum, value_name = "FORMAT", requires = "out")]
    pub(super) out_format: Option<RowFormat>,
    /// Which rows are written
    #[arg(long, value_enum, default_value_t = WhichRows::All)]
    pub(super) rows: WhichRows,
    /// Also write these fields of the log into the rows: path, method, host, user_agent
    /// and request_id under whichever name, and others by their names
    #[arg(long, value_name = "FIELD", value_delimiter = ',')]
    pub(super) keep: Vec<String>,
    /// Leave these columns empty, separated by commas: address, kid, issuer,
    /// subject, jti
    #[arg(long, value_enum, value_name = "COLUMN", value_delimiter = ',')]
    pub(super) omit: Vec<Column>,
    /// Replace these columns by keyed fingerprints
    #[arg(long, value_enum, value_name = "COLUMN", value_delimiter = ',')]
    pub(super) hash: Vec<Column>,
    /// The key of the fingerprints, at least 16 bytes; by default each run makes a
    /// new one, and its fingerprints match those of no other run
    #[arg(long, value_name = "FILE")]
    pub(super) fingerprint_key: Option<PathBuf>,
    /// Write the token itself in each row; whoever reads the rows can use it
    #[arg(long)]
    pub(super) unsafe_include_token: bool,
    /// Write the summary to this file, as JSON
    #[arg(long, value_name = "FILE")]
    pub(super) summary: Option<PathBuf>,
    /// Write the report to this file: one HTML page with charts, needs no network
    #[arg(long, value_name = "FILE")]
    pub(super) report: Option<PathBuf>,
    /// Read each source again at the end, for its SHA-256 in the summary and the report
    #[arg(long)]
    pub(super) hash_sources: bool,
    /// Overwrite files that exist
    #[arg(long)]
    pub(super) force: bool,
    /// Write no summary to the terminal
    #[arg(long, short)]
    pub(super) quiet: bool,
    /// Write the summary to standard output, as JSON, and none to the terminal
    #[arg(long)]
    pub(super) json: bool,
    /// Exit with 1 on these findings; `>NUMBER` after a finding allows that many:
    /// accepted-invalid, alg-confusion, unknown-kid, key-retired,
    /// expired, shared-token, before-snapshot, truncated, unreadable, refused, or a
    /// code's name
    #[arg(long, value_name = "FINDING[>N]", value_delimiter = ',')]
    pub(super) fail_on: Vec<Limit>,
}

impl AuditOutputArgs {
    /// Returns `true` if the terminal shows neither progress nor a summary.
    pub(super) const fn is_quiet(&self) -> bool {
        self.quiet || self.json
    }
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Running")]
pub(super) struct RunArgs {
    /// How many threads verify; 0 means one for each processor
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) threads: usize,
    /// The code that verifies signatures; the verdicts are the same
    #[arg(long, value_enum, default_value_t = SignatureBackend::Auto)]
    pub(super) backend: SignatureBackend,
    /// How many verified tokens are remembered, at 83 bytes each; 0 turns it off
    #[arg(long, value_name = "N", default_value_t = 200_000)]
    pub(super) cache_entries: usize,
    /// Continue where an interrupted run of the same command stopped
    #[arg(long)]
    pub(super) resume: bool,
    /// The file in which an interrupted run saves its state for --resume; by default
    /// the name of --out followed by .resume
    #[arg(long, value_name = "FILE")]
    pub(super) state: Option<PathBuf>,
    /// How often the state is written at least
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub(super) checkpoint: u64,
    /// Stop after the chunk that contains this line, as if interrupted
    #[arg(long, value_name = "LINES")]
    pub(super) stop_after: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum InputFormat {
    Auto,
    Ndjson,
    Csv,
    Tsv,
    Parquet,
    /// Each line is a token
    Lines,
    /// An access log; needs --log-format
    Log,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Compression {
    Auto,
    None,
    Gzip,
    Zstd,
    Bzip2,
    Xz,
    Lz4,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SignatureBackend {
    /// aws-lc, and faster code for keys that verify many tokens
    Auto,
    /// Only aws-lc
    AwsLc,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum RowFormat {
    Ndjson,
    Csv,
    Parquet,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum WhichRows {
    All,
    /// Those that were not valid when they were used
    Refused,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Column {
    Address,
    Kid,
    Issuer,
    Subject,
    Jti,
}
