//! Describes the fault of a rejected token in words, for a log.
//!
//! Besides the choice of an issuer, only this code reads the payload of a token whose
//! signature did not hold. It returns a text for people, marked as unverified, and nothing
//! that a program could mistake for claims.

use crate::base64url;
use crate::error::{Code, Rejection};
use crate::json::{self, Storage, Value};
use crate::jws::Segments;
use crate::limits::Limits;

/// The longest text, in bytes.
pub(crate) const MAX_BYTES: usize = 255;

/// The longest value in the text; the `iss` of the large providers fits.
const MAX_VALUE_BYTES: usize = 100;

impl Rejection {
    /// Describes the fault for a log: the members of `token` that the code is about,
    /// such as `kid` and `alg` if no key fitted, the `iss`, the `aud` or a date; the
    /// name of the claim; the byte offset.
    ///
    /// `token` is the rejected token. The text has at most 255 bytes of printable
    /// ASCII; quotes, backslashes and all other characters are escaped as in JSON. It
    /// is empty if the code needs no detail. Anybody may have written the text after
    /// `unverified`. The text never contains the token, its signature, or the value of
    /// a claim about a person or a secret: for `sub`, `nonce` and the caller's own
    /// claims it only contains the name.
    ///
    /// Call it only for logging: it reads the token again and allocates.
    ///
    /// ```
    /// # use jot::*;
    /// # fn main() -> Result<(), Error> {
    /// # let key = VerifyingKey::from_secret(&[7; 32], &KeyOptions::default().kid("2026-01"))?;
    /// # let verifier = Verifier::builder(Policy::new([Alg::HS256])).keys(KeySet::new([key])).build()?;
    /// # let mut scratch = Scratch::new();
    /// let token = b"eyJhbGciOiJIUzI1NiIsImtpZCI6Im9sZCJ9.e30.";
    /// let refused = verifier.verify(token, UnixSeconds::now(), &mut scratch).unwrap_err();
    /// assert_eq!(refused.code(), Code::KidUnknown);
    /// assert_eq!(refused.detail(token), r#"unverified kid="old" alg="HS256" iss=none"#);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn detail(&self, token: impl AsRef<[u8]>) -> String {
        self.detail_of(token.as_ref())
    }

    fn detail_of(&self, token: &[u8]) -> String {
        let mut told = Line::default();
        let (of_header, of_claims) = members(self.code());
        if self.code() == Code::TokenTooLong {
            told.add("bytes", &token.len().to_string());
        } else if self.code() == Code::TokenSegments {
            told.add("segments", &token.split(|byte| *byte == b'.').count().to_string());
        } else if let Ok(segments) = Segments::split(token, MOST, &[]) {
            told.unverified = !self.signature_ok();
            told.read(segments.header, of_header);
            told.read(segments.payload, of_claims);
            told.unverified = false;
        }
        if let Some(claim) = self.claim().filter(|claim| !of_claims.contains(claim)) {
            told.add("claim", &shown(Value::String(claim)));
        }
        if let Some(offset) = self.offset() {
            told.add("byte", &offset.to_string());
        }
        told.text
    }
}

/// No limits here: the token was within those of the policy.
const MOST: Limits = Limits { token_bytes: usize::MAX, header_bytes: usize::MAX };

/// The Header Parameters and claims that a code is about and that may be shown.
const fn members(code: Code) -> (&'static [&'static str], &'static [&'static str]) {
    match code {
        Code::AlgMissing | Code::AlgInvalid | Code::AlgNone | Code::AlgUnknown | Code::AlgNotAllowed => {
            (&["alg"], &[])
        }
        Code::KidInvalid => (&["kid"], &[]),
        Code::TypInvalid | Code::TypMissing | Code::TypMismatch => (&["typ"], &[]),
        Code::CritInvalid
        | Code::CritRepeated
        | Code::CritRegistered
        | Code::CritAbsent
        | Code::CritUnknown => (&["crit"], &[]),
        Code::B64Invalid | Code::B64NotCritical | Code::B64InJwt => (&["b64"], &[]),
        Code::KidUnknown
        | Code::KeyNotForAlg
        | Code::KeyRevoked
        | Code::KeyNotYetValid
        | Code::KeyRetired
        | Code::SignatureInvalid
        | Code::CandidatesTooMany => (&["kid", "alg"], &["iss"]),
        Code::IssuerUnknown | Code::IssMissing | Code::IssInvalid | Code::IssMismatch => (&[], &["iss"]),
        Code::AudMissing | Code::AudInvalid | Code::AudMismatch | Code::AudUnexpected => (&[], &["aud"]),
        Code::AzpMissing | Code::AzpMismatch => (&[], &["azp"]),
        Code::ScopeInvalid | Code::ScopeInsufficient => (&[], &["scope", "scp"]),
        Code::IatMissing | Code::IatInvalid | Code::IssuedInFuture | Code::TooOld => (&[], &["iat"]),
        Code::NbfInvalid | Code::NotYetValid => (&[], &["nbf"]),
        Code::ExpMissing | Code::ExpInvalid | Code::Expired => (&[], &["exp"]),
        _ => (&[], &[]),
    }
}

/// A line of `name=value` parts, separated by spaces.
#[derive(Default)]
struct Line {
    text: String,
    /// The next parts are unverified values of the token.
    unverified: bool,
}

impl Line {
    /// Adds members of the object in a segment, if there is one.
    fn read(&mut self, segment: &[u8], names: &[&str]) {
        if names.is_empty() {
            return;
        }
        let Ok(text) = base64url::decode(segment) else { return };
        let mut storage = Storage::default();
        let Ok(object) = json::parse(&text, &mut storage) else { return };
        for name in names {
            self.add(name, &object.member(name).map_or_else(|| "none".to_owned(), shown));
        }
    }

    /// Adds a part, or dots if it no longer fits.
    fn add(&mut self, name: &str, value: &str) {
        const DOTS: &str = " ...";
        let mark = if self.unverified && self.text.is_empty() { "unverified " } else { "" };
        let space = if self.text.is_empty() { "" } else { " " };
        let part = [space, mark, name, "=", value].concat();
        let room = MAX_BYTES.saturating_sub(self.text.len()).saturating_sub(DOTS.len());
        if part.len() <= room {
            self.text.push_str(&part);
        } else if !self.text.ends_with(DOTS) {
            self.text.push_str(DOTS);
        }
    }
}

/// Writes a value: a number or literal unchanged, a string in quotes, the strings of an
/// array, and nothing of an object.
fn shown(value: Value<'_>) -> String {
    let mut out = Bounded::default();
    match value {
        Value::Array(array) => {
            out.push("[");
            for (position, element) in array.iter().enumerate() {
                out.push(if position == 0 { "" } else { "," });
                out.one(element);
                if out.full {
                    break;
                }
            }
            out.push("]");
        }
        other => out.one(other),
    }
    out.text + if out.full { "..." } else { "" }
}

/// A text that takes no more once it is full.
#[derive(Default)]
struct Bounded {
    text: String,
    full: bool,
}

impl Bounded {
    fn push(&mut self, piece: &str) {
        self.full |= self.text.len().saturating_add(piece.len()) > MAX_VALUE_BYTES;
        if !self.full {
            self.text.push_str(piece);
        }
    }

    fn one(&mut self, value: Value<'_>) {
        match value {
            Value::Null => self.push("null"),
            Value::Bool(true) => self.push("true"),
            Value::Bool(false) => self.push("false"),
            Value::Number(number) => number.as_text().split("").for_each(|digit| self.push(digit)),
            Value::String(text) => self.quoted(text),
            Value::Array(_) => self.push("[...]"),
            Value::Object(_) => self.push("{...}"),
        }
    }

    fn quoted(&mut self, text: &str) {
        self.push("\"");
        if self.full {
            return;
        }
        for character in text.chars() {
            match character {
                '"' => self.push("\\\""),
                '\\' => self.push("\\\\"),
                ' '..='~' => self.push(character.encode_utf8(&mut [0; 4])),
                other => {
                    let units = &mut [0; 2];
                    let escaped = other.encode_utf16(units).iter().map(|unit| format!("\\u{unit:04x}"));
                    self.push(&escaped.collect::<String>());
                }
            }
            if self.full {
                break;
            }
        }
        // A cut text gets its closing quote too, so it cannot run into the next part.
        self.text.push('"');
    }
}
