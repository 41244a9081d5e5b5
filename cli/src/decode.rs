//! `jotctl decode`: shows the parts of a token, unverified.

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
use crate::text::{harmless_json, quoted, without_mark};

const AFTER_HELP: &str = "\
No key is needed, and nothing is checked: anybody can write such a token. Use
`jotctl verify` before you trust it.

Examples:
  jotctl decode eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl
  jotctl decode @token
  jotctl decode --json - < token | jq .claims.sub";

/// The longest token that is read from a file.
const LARGEST_BYTES: u64 = 16 * 1024 * 1024;

/// The claims that are dates, in output order.
const DATES: [&str; 5] = ["iat", "nbf", "exp", "auth_time", "updated_at"];

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
    let line = without_mark(&bytes);
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    Ok(line.strip_suffix(b"\r").unwrap_or(line).to_vec())
}

/// The content of a segment that should hold a JSON object.
#[derive(Debug)]
enum Content {
    Object(String),
    /// Decoded, but not a JSON object.
    Other(Vec<u8>),
    /// Nothing to show, and why.
    Nothing(&'static str),
}

/// The code for each kind of fault in a segment.
struct Faults {
    encoding: Code,
    padding: Code,
    json: Code,
    not_object: Code,
}

const OF_HEADER: Faults = Faults {
    encoding: Code::HeaderEncoding,
    padding: Code::TokenPadded,
    json: Code::HeaderJson,
    not_object: Code::HeaderNotObject,
};

const OF_CLAIMS: Faults = Faults {
    encoding: Code::PayloadEncoding,
    padding: Code::PayloadEncoding,
    json: Code::ClaimsJson,
    not_object: Code::ClaimsNotObject,
};

/// A segment and its fault.
#[derive(Debug)]
struct Part {
    content: Content,
    fault: Option<Code>,
}

impl Part {
    fn of(segment: &[u8], faults: &Faults) -> Self {
        let unpadded = without_padding(segment);
        let padding = (unpadded.len() < segment.len()).then_some(faults.padding);
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(unpadded) else {
            let fault = padding.unwrap_or(faults.encoding);
            return Self { content: Content::Nothing("not strict base64url"), fault: Some(fault) };
        };
        let (content, fault) = match String::from_utf8(bytes) {
            Ok(text) if layout::member_names(&text).is_some() => (Content::Object(text), None),
            Ok(text) if serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok() => {
                (Content::Other(text.into_bytes()), Some(faults.not_object))
            }
            Ok(text) => (Content::Other(text.into_bytes()), Some(faults.json)),
            Err(error) => (Content::Other(error.into_bytes()), Some(faults.json)),
        };
        Self { content, fault: padding.or(fault) }
    }

    /// A segment with nothing to show; its fault is reported for the token as a whole.
    const fn nothing(why: &'static str) -> Self {
        Self { content: Content::Nothing(why), fault: None }
    }

    /// Returns a member of the object in its original spelling.
    fn member(&self, name: &str) -> Option<Box<RawValue>> {
        let Content::Object(json) = &self.content else { return None };
        serde_json::from_str::<HashMap<String, Box<RawValue>>>(json).ok()?.remove(name)
    }

    fn to_text(&self) -> String {
        match &self.content {
            Content::Object(json) => {
                let repeated = layout::member_names(json)
                    .and_then(|names| layout::repeated(&names).map(quoted))
                    .map(|name| format!("\nThe member {name} is repeated; a verifier must reject that."));
                harmless_json(&Layout::Pretty.of(json)).into_owned() + &repeated.unwrap_or_default()
            }
            Content::Other(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => format!("not a JSON object: {}", quoted(text)),
                Err(_) => format!("not a JSON object: {} bytes that are not text", bytes.len()),
            },
            Content::Nothing(why) => (*why).to_owned(),
        }
    }

    fn to_json(&self) -> String {
        match &self.content {
            Content::Object(json) => harmless_json(&Layout::Compact.of(json)).into_owned(),
            Content::Other(_) | Content::Nothing(_) => "null".to_owned(),
        }
    }
}

/// The last segment of a token.
#[derive(Debug)]
enum Signature {
    Bytes(usize),
    Undecodable(Code),
    /// The token ends before it.
    Absent,
}

#[derive(Debug)]
struct Decoded {
    header: Part,
    claims: Part,
    signature: Signature,
    /// The fault of the token as a whole.
    fault: Option<Code>,
}

impl Decoded {
    fn of(token: &[u8]) -> Result<Self, Code> {
        if token.is_empty() {
            return Err(Code::TokenEmpty);
        }
        let bare = unwrapped(token);
        if bare.starts_with(b"{") {
            return Err(Code::TokenJsonSerialization);
        }
        let segments: Vec<&[u8]> = bare.splitn(6, |byte| *byte == b'.').collect();
        let header = Part::of(segments.first().copied().unwrap_or_default(), &OF_HEADER);
        if let &[_, payload, signature] = segments.as_slice() {
            let fault = (bare.len() < token.len()).then_some(Code::TokenWrapped);
            let claims = Part::of(payload, &OF_CLAIMS);
            return Ok(Self { header, claims, signature: Signature::of(signature), fault });
        }
        // This is not a token, but a readable header still tells the user much.
        if !matches!(header.content, Content::Object(_)) {
            return Err(Code::TokenSegments);
        }
        let is_jwe = segments.len() == 5 && header.member("enc").is_some();
        let claims = match segments.as_slice() {
            _ if is_jwe => Part::nothing("encrypted: the token is a JWE"),
            [_, payload, ..] => Part::of(payload, &OF_CLAIMS),
            _ => Part::nothing("missing: the token was cut"),
        };
        let fault = if is_jwe { Code::TokenEncrypted } else { Code::TokenSegments };
        Ok(Self { header, claims, signature: Signature::Absent, fault: Some(fault) })
    }

    fn faults(&self) -> impl Iterator<Item = (&'static str, Code)> {
        let signature = match self.signature {
            Signature::Undecodable(code) => Some(code),
            Signature::Bytes(_) | Signature::Absent => None,
        };
        [
            ("token", self.fault),
            ("header", self.header.fault),
            ("claims", self.claims.fault),
            ("signature", signature),
        ]
        .into_iter()
        .filter_map(|(part, code)| Some((part, code?)))
    }

    /// Returns the dates among the claims: name and instant, or `None` if the claim is
    /// not a number.
    fn dates(&self) -> Vec<(&'static str, Option<UnixSeconds>)> {
        let Content::Object(json) = &self.claims.content else { return Vec::new() };
        // Raw values, because another claim may be a number that no type here can hold.
        let claims: HashMap<String, Box<RawValue>> = serde_json::from_str(json).unwrap_or_default();
        let date = |name| Some((name, whole_seconds(claims.get(name)?.get()).map(UnixSeconds)));
        DATES.into_iter().filter_map(date).collect()
    }

    /// Returns `true` if the header's `alg` is `none`.
    fn is_unsecured(&self) -> bool {
        self.header.member("alg").is_some_and(|alg| alg.get() == "\"none\"")
    }

    fn to_text(&self, now: UnixSeconds) -> String {
        let mut text = String::from("UNVERIFIED: nobody has checked the following.\n");
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
                None => writeln!(text, "{name}: not a number; a verifier rejects it as a date"),
            };
        }
        let _ = match self.signature {
            Signature::Bytes(0) if self.is_unsecured() => {
                writeln!(text, "\nSignature\nnone: the token is unsecured")
            }
            Signature::Bytes(0) => writeln!(text, "\nSignature\nmissing: it was cut off or removed"),
            Signature::Bytes(length) => writeln!(text, "\nSignature\n{length} bytes, not verified"),
            Signature::Undecodable(_) => writeln!(text, "\nSignature\nnot strict base64url"),
            Signature::Absent => Ok(()),
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
            match self.signature {
                Signature::Bytes(length) => length.to_string(),
                Signature::Undecodable(_) | Signature::Absent => "null".to_owned(),
            },
            faults.join(",")
        )
    }
}

impl Signature {
    fn of(segment: &[u8]) -> Self {
        match URL_SAFE_NO_PAD.decode(segment) {
            Ok(bytes) => Self::Bytes(bytes.len()),
            Err(_) if without_padding(segment).len() < segment.len() => Self::Undecodable(Code::TokenPadded),
            Err(_) => Self::Undecodable(Code::SignatureEncoding),
        }
    }
}

/// Removes white space, quotes and the scheme of an `Authorization` header from around
/// a token.
fn unwrapped(token: &[u8]) -> &[u8] {
    let is_around = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`');
    let start = token.iter().position(|byte| !is_around(byte)).unwrap_or(token.len());
    let end = token.iter().rposition(|byte| !is_around(byte)).map_or(start, |last| last.saturating_add(1));
    let inner = token.get(start..end).unwrap_or_default();
    let scheme = inner.iter().position(|byte| *byte == b' ');
    match scheme.and_then(|space| inner.split_at_checked(space)) {
        Some((scheme, rest)) if scheme.iter().all(u8::is_ascii_alphanumeric) => rest.trim_ascii_start(),
        _ => inner,
    }
}

fn without_padding(segment: &[u8]) -> &[u8] {
    let end = segment.iter().rposition(|byte| *byte != b'=').map_or(0, |last| last.saturating_add(1));
    segment.get(..end).unwrap_or_default()
}

/// Returns the whole seconds of a NumericDate, rounded towards the past.
fn whole_seconds(date: &str) -> Option<i64> {
    let date: serde_json::Number = serde_json::from_str(date).ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "`as` saturates; far dates are told as such")]
    date.as_i64().or_else(|| date.as_f64().map(|seconds| seconds.floor() as i64))
}
