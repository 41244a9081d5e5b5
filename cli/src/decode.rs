//! `jotctl decode`: shows the parts of a token, unverified.

use std::fs::File;
use std::io::{self, Read};

use clap::Args;
use jot::{Code, UnixSeconds};
use jot_show::decoded::Decoded;
use jot_show::text::without_mark;

use crate::failure::{End, Failure, print, tell};

const AFTER_HELP: &str = "\
No key is needed, and nothing is checked: anybody can write such a token. Use
`jotctl verify` before you trust it.

Examples:
  jotctl decode eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl
  jotctl decode @token
  jotctl decode --json - < token | jq .claims.sub";

/// The longest token that is read from a file.
const LARGEST_BYTES: u64 = 16 * 1024 * 1024;

/// Show the contents of a token, without verifying it
#[derive(Debug, Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct DecodeArgs {
    /// The token, @FILE, or `-` for standard input
    token: String,
    /// Print one JSON object on one line
    #[arg(long)]
    json: bool,
    /// The current time, instead of the system's clock
    #[arg(long, value_name = "UNIX", allow_negative_numbers = true)]
    now: Option<i64>,
}

pub(crate) fn run(args: &DecodeArgs) -> Result<End, Failure> {
    let token = read_token(&args.token)?;
    let decoded = match Decoded::of(&token) {
        Ok(decoded) => decoded,
        Err(code) => {
            tell(fault("token", code));
            return Ok(End::Rejected);
        }
    };
    let now = args.now.map_or_else(UnixSeconds::now, UnixSeconds);
    let text = if args.json { decoded.to_json() } else { decoded.to_text(now) };
    print(text.as_bytes())?;
    for (part, code) in decoded.faults() {
        tell(fault(part, code));
    }
    Ok(if decoded.faults().next().is_some() { End::Rejected } else { End::Done })
}

fn fault(part: &str, code: Code) -> String {
    format!("{part}: {} ({}): {}", code.name(), code.number(), code.meaning())
}

/// Reads the token that an argument names.
pub(crate) fn read_token(argument: &str) -> Result<Vec<u8>, Failure> {
    let read = |source: &mut dyn Read| {
        let mut bytes = Vec::new();
        source.take(LARGEST_BYTES).read_to_end(&mut bytes).map(|_| bytes)
    };
    let (place, bytes) = match argument.strip_prefix('@') {
        _ if argument == "-" => ("standard input", read(&mut io::stdin().lock())),
        Some(path) => (path, File::open(path).and_then(|mut file| read(&mut file))),
        None => return Ok(argument.as_bytes().to_vec()),
    };
    let bytes = bytes.map_err(|error| Failure::of(place, error))?;
    let line = without_mark(&bytes);
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    Ok(line.strip_suffix(b"\r").unwrap_or(line).to_vec())
}
