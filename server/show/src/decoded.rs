//! The parts of a token, unverified: anybody can write such a token. For display and
//! debugging, never for a decision.

use std::collections::HashMap;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jot::{Code, UnixSeconds};
use serde_json::value::RawValue;

use crate::date;
use crate::layout::{self, Layout};
use crate::text::{harmless_json, quoted};

/// The claims that are dates, in output order.
const DATES: [&str; 5] = ["iat", "nbf", "exp", "auth_time", "updated_at"];

/// The content of a segment that should hold a JSON object.
#[derive(Clone, Debug)]
pub enum Content {
    /// Its JSON text.
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
#[derive(Clone, Debug)]
pub struct Part {
    /// What it holds.
    pub content: Content,
    /// Why a verifier would refuse it.
    pub fault: Option<Code>,
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
    #[must_use]
    pub fn member(&self, name: &str) -> Option<Box<RawValue>> {
        let Content::Object(json) = &self.content else { return None };
        serde_json::from_str::<HashMap<String, Box<RawValue>>>(json).ok()?.remove(name)
    }

    /// Returns the content, laid out for people.
    #[must_use]
    pub fn to_text(&self) -> String {
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
#[derive(Clone, Debug)]
pub enum Signature {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// It is no strict base64url.
    Undecodable(Code),
    /// The token ends before it.
    Absent,
}

/// A token, taken apart.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// The JOSE Header.
    pub header: Part,
    /// The Claims Set.
    pub claims: Part,
    /// The JWS Signature.
    pub signature: Signature,
    /// The fault of the token as a whole.
    pub fault: Option<Code>,
}

impl Decoded {
    /// Takes a token apart; it may be cut, or have something around it.
    ///
    /// # Errors
    /// [`Code::TokenEmpty`], [`Code::TokenJsonSerialization`], [`Code::TokenSegments`]: nothing
    /// can be shown.
    pub fn of(token: &[u8]) -> Result<Self, Code> {
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

    /// Returns each fault with the part that has it.
    pub fn faults(&self) -> impl Iterator<Item = (&'static str, Code)> {
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
    #[must_use]
    pub fn dates(&self) -> Vec<(&'static str, Option<UnixSeconds>)> {
        let Content::Object(json) = &self.claims.content else { return Vec::new() };
        // Raw values, because another claim may be a number that no type here can hold.
        let claims: HashMap<String, Box<RawValue>> = serde_json::from_str(json).unwrap_or_default();
        let date = |name| Some((name, whole_seconds(claims.get(name)?.get()).map(UnixSeconds)));
        DATES.into_iter().filter_map(date).collect()
    }

    /// Returns `true` if the header's `alg` is `none`.
    #[must_use]
    pub fn is_unsecured(&self) -> bool {
        self.header.member("alg").is_some_and(|alg| alg.get() == "\"none\"")
    }

    /// Returns the whole as a text for a terminal.
    #[must_use]
    pub fn to_text(&self, now: UnixSeconds) -> String {
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
        if let Some(words) = self.signature_words() {
            let _ = writeln!(text, "\nSignature\n{words}");
        }
        text
    }

    /// Says what there is of a signature; `None` if the token ends before it.
    #[must_use]
    pub fn signature_words(&self) -> Option<String> {
        Some(match &self.signature {
            Signature::Bytes(bytes) if bytes.is_empty() && self.is_unsecured() => {
                "none: the token is unsecured".to_owned()
            }
            Signature::Bytes(bytes) if bytes.is_empty() => "missing: it was cut off or removed".to_owned(),
            Signature::Bytes(bytes) => format!("{} bytes, not verified", bytes.len()),
            Signature::Undecodable(_) => "not strict base64url".to_owned(),
            Signature::Absent => return None,
        })
    }

    /// Returns the whole as one JSON object on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
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
            match &self.signature {
                Signature::Bytes(bytes) => bytes.len().to_string(),
                Signature::Undecodable(_) | Signature::Absent => "null".to_owned(),
            },
            faults.join(",")
        )
    }
}

impl Signature {
    fn of(segment: &[u8]) -> Self {
        match URL_SAFE_NO_PAD.decode(segment) {
            Ok(bytes) => Self::Bytes(bytes),
            Err(_) if without_padding(segment).len() < segment.len() => Self::Undecodable(Code::TokenPadded),
            Err(_) => Self::Undecodable(Code::SignatureEncoding),
        }
    }
}

/// Removes white space, quotes and the scheme of an `Authorization` header from around
/// a token.
#[must_use]
pub fn unwrapped(token: &[u8]) -> &[u8] {
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
