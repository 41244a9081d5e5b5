//! `jotctl decode`: what a token says, unverified.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::Args;
use jot::{Code, UnixSeconds};
use serde_json::value::RawValue;

use crate::date;
use crate::failure::{End, Failure, print, tell};
use crate::layout::{self, Layout};
use crate::text::{harmless_json, quoted};

const AFTER_HELP: &str = "\
No key is needed, and nothing is checked: anybody can write such a token. Use
`jotctl verify` before believing what it says.

Examples:
  jotctl decode eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl
  jotctl decode @token
  jotctl decode --json - < token | jq .claims.sub";

/// The longest token that is read from a file.
const LARGEST_BYTES: u64 = 16 * 1024 * 1024;

/// The claims that are dates, in the order in which they are told.
const DATES: [&str; 5] = ["iat", "nbf", "exp", "auth_time", "updated_at"];

/// Show what a token says, without verifying it
#[derive(Debug, Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct DecodeArgs {
    /// The token, @FILE, or `-` for standard input
    token: String,
    /// Print one JSON object on one line
    #[arg(long)]
    json: bool,
    /// The present time, in place of the system's clock
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

fn read_token(argument: &str) -> Result<Vec<u8>, Failure> {
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
    let line = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    Ok(line.strip_suffix(b"\r").unwrap_or(line).to_vec())
}

/// A segment that should hold a JSON object.
#[derive(Debug)]
enum Part {
    Object(String),
    /// Decoded, and something else.
    Other(Vec<u8>, Code),
    /// Not strict base64url.
    Undecoded(Code),
}

impl Part {
    fn of(segment: &[u8], encoding: Code, json: Code, not_object: Code) -> Self {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(segment) else { return Self::Undecoded(encoding) };
        match String::from_utf8(bytes) {
            Ok(text) if layout::member_names(&text).is_some() => Self::Object(text),
            Ok(text) if serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok() => {
                Self::Other(text.into_bytes(), not_object)
            }
            Ok(text) => Self::Other(text.into_bytes(), json),
            Err(error) => Self::Other(error.into_bytes(), json),
        }
    }

    fn fault(&self) -> Option<Code> {
        match self {
            Self::Object(_) => None,
            Self::Other(_, code) | Self::Undecoded(code) => Some(*code),
        }
    }

    fn to_text(&self) -> String {
        match self {
            Self::Object(json) => {
                let repeated = layout::member_names(json)
                    .and_then(|names| layout::repeated(&names).map(quoted))
                    .map(|name| format!("\nThe member {name} stands there twice; no verifier takes that."));
                harmless_json(&Layout::Pretty.of(json)).into_owned() + &repeated.unwrap_or_default()
            }
            Self::Other(bytes, _) => match std::str::from_utf8(bytes) {
                Ok(text) => format!("not a JSON object: {}", quoted(text)),
                Err(_) => format!("not a JSON object: {} bytes that are not text", bytes.len()),
            },
            Self::Undecoded(_) => "not strict base64url".to_owned(),
        }
    }

    fn to_json(&self) -> String {
        match self {
            Self::Object(json) => harmless_json(&Layout::Compact.of(json)).into_owned(),
            Self::Other(..) | Self::Undecoded(_) => "null".to_owned(),
        }
    }
}

#[derive(Debug)]
struct Decoded {
    header: Part,
    claims: Part,
    signature_bytes: Option<usize>,
}

impl Decoded {
    fn of(token: &[u8]) -> Result<Self, Code> {
        if token.is_empty() {
            return Err(Code::TokenEmpty);
        }
        let mut segments = token.split(|byte| *byte == b'.');
        let (Some(header), Some(payload), Some(signature), None) =
            (segments.next(), segments.next(), segments.next(), segments.next())
        else {
            let is_object = token.trim_ascii_start().starts_with(b"{");
            return Err(if is_object { Code::TokenJsonSerialization } else { Code::TokenSegments });
        };
        let header = Part::of(header, Code::HeaderEncoding, Code::HeaderJson, Code::HeaderNotObject);
        let claims = Part::of(payload, Code::PayloadEncoding, Code::ClaimsJson, Code::ClaimsNotObject);
        let signature_bytes = URL_SAFE_NO_PAD.decode(signature).ok().map(|bytes| bytes.len());
        Ok(Self { header, claims, signature_bytes })
    }

    fn faults(&self) -> impl Iterator<Item = (&'static str, Code)> {
        let signature = self.signature_bytes.is_none().then_some(Code::SignatureEncoding);
        [("header", self.header.fault()), ("claims", self.claims.fault()), ("signature", signature)]
            .into_iter()
            .filter_map(|(part, code)| Some((part, code?)))
    }

    /// The dates among the claims: name and instant, which is none where the
    /// claim is no number.
    fn dates(&self) -> Vec<(&'static str, Option<UnixSeconds>)> {
        let Part::Object(json) = &self.claims else { return Vec::new() };
        // Unread, since another claim may be a number that cannot be held.
        let claims: HashMap<String, Box<RawValue>> = serde_json::from_str(json).unwrap_or_default();
        let date = |name| Some((name, whole_seconds(claims.get(name)?.get()).map(UnixSeconds)));
        DATES.into_iter().filter_map(date).collect()
    }

    /// Tells whether the header says that there is to be no signature.
    fn is_unsecured(&self) -> bool {
        let Part::Object(json) = &self.header else { return false };
        let header: HashMap<String, Box<RawValue>> = serde_json::from_str(json).unwrap_or_default();
        header.get("alg").is_some_and(|alg| alg.get() == "\"none\"")
    }

    fn to_text(&self, now: UnixSeconds) -> String {
        let mut text = String::from("UNVERIFIED: nobody has checked what follows.\n");
        // Writing to a String cannot fail.
        let _ = write!(text, "\nHeader\n{}\n\nClaims\n{}\n", self.header.to_text(), self.claims.to_text());
        let dates = self.dates();
        if !dates.is_empty() {
            text.push_str("\nDates\n");
        }
        for (name, instant) in dates {
            let _ = match instant {
                Some(instant) => {
                    writeln!(text, "{name}: {} ({})", date::told(instant), date::distance(instant, now))
                }
                None => writeln!(text, "{name}: no number, which no verifier takes for a date"),
            };
        }
        let _ = match self.signature_bytes {
            Some(0) if self.is_unsecured() => writeln!(text, "\nSignature\nnone: the token is unsecured"),
            Some(0) => writeln!(text, "\nSignature\nmissing: it was cut off or removed"),
            Some(length) => writeln!(text, "\nSignature\n{length} bytes, not verified"),
            None => writeln!(text, "\nSignature\nnot strict base64url"),
        };
        text
    }

    fn to_json(&self) -> String {
        let dates: Vec<_> = self
            .dates()
            .into_iter()
            .filter_map(|(name, instant)| Some(format!("\"{name}\":\"{}\"", date::calendar(instant?))))
            .collect();
        let faults: Vec<_> = self.faults().map(|(_, code)| format!("\"{}\"", code.name())).collect();
        format!(
            "{{\"verified\":false,\"header\":{},\"claims\":{},\"dates\":{{{}}},\"signature_bytes\":{},\"faults\":[{}]}}\n",
            self.header.to_json(),
            self.claims.to_json(),
            dates.join(","),
            self.signature_bytes.map_or_else(|| "null".to_owned(), |length| length.to_string()),
            faults.join(",")
        )
    }
}

/// The whole seconds of a NumericDate, rounded towards the past.
fn whole_seconds(date: &str) -> Option<i64> {
    let date: serde_json::Number = serde_json::from_str(date).ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "`as` saturates; far dates are told as such")]
    date.as_i64().or_else(|| date.as_f64().map(|seconds| seconds.floor() as i64))
}
