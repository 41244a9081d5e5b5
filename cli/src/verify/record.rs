//! Verdicts as text and NDJSON.

use std::io::{self, Write};

use jot::{Code, Verdict};
use jot_show::date;
use jot_show::text::{harmless_json, quoted};
use serde::Serialize;

use super::args::Format;

/// The place of a token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'p> {
    /// The name of the source, if there are several.
    pub(super) source: Option<&'p str>,
    pub(super) line: u64,
}

/// The outcome for a line or an argument.
#[derive(Clone, Copy, Debug)]
pub(super) enum Finding<'s> {
    Judged(&'s Verdict<'s>),
    /// Rejected without reading it whole.
    TooLong,
    /// No token could be read; the reason contains no text of the line.
    Unreadable(&'static str),
}

impl Finding<'_> {
    pub(super) fn code(&self) -> Option<Code> {
        match self {
            Self::Judged(verdict) => Some(verdict.code()),
            Self::TooLong => Some(Code::TokenTooLong),
            Self::Unreadable(_) => None,
        }
    }

    fn record<'r>(&'r self, place: Place<'r>) -> Record<'r> {
        let code = self.code();
        let mut record = Record {
            line: place.line,
            source: place.source,
            code: code.map(Code::number),
            name: code.map_or("unreadable", Code::name),
            ..Record::default()
        };
        match self {
            Self::TooLong => record.signature_ok = Some(false),
            Self::Unreadable(reason) => record.reason = Some(reason),
            Self::Judged(verdict) => record.tell(verdict),
        }
        record
    }

    /// Writes one line.
    pub(super) fn write(&self, place: Place<'_>, format: Format, out: &mut impl Write) -> io::Result<()> {
        let mut record = self.record(place);
        let rejection = match self {
            Self::Judged(verdict) => verdict.rejection(),
            Self::TooLong | Self::Unreadable(_) => None,
        };
        let name = rejection.as_ref().and_then(|rejection| rejection.claim()).map(str::to_owned);
        record.claim = name.as_deref();
        match format {
            Format::Ndjson => {
                let json = serde_json::to_string(&record)?;
                writeln!(out, "{}", harmless_json(&json))
            }
            Format::Text => writeln!(out, "{}", record.to_text(self.code())),
        }
    }
}

/// The members of an ndjson line, in their order.
#[derive(Debug, Default, Serialize)]
struct Record<'r> {
    line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'r str>,
    code: Option<u32>,
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature_ok: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    claim: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alg: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<&'r str>,
    /// Whole seconds, rounded towards the past.
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
}

impl<'r> Record<'r> {
    fn tell(&mut self, verdict: &Verdict<'r>) {
        self.signature_ok = Some(verdict.signature_ok());
        self.offset = verdict.rejection().and_then(|rejection| rejection.offset());
        if let Some(header) = verdict.header() {
            self.alg = Some(header.alg().name());
            self.kid = header.kid();
        }
        if let Some(claims) = verdict.signed_claims() {
            self.iss = claims.issuer();
            self.sub = claims.subject();
            self.exp = claims.expires_at().map(|date| date.floor().0);
        }
    }

    fn to_text(&self, code: Option<Code>) -> String {
        let source = self.source.map(|source| jot_show::text::one_line(source) + ":").unwrap_or_default();
        let mut parts = vec![match (code, self.reason) {
            (Some(Code::Accepted), _) => "accepted".to_owned(),
            (Some(code), _) => {
                let meaning = code.meaning().trim_end_matches('.');
                format!("rejected: {} ({}): {meaning}", code.name(), code.number())
            }
            (None, reason) => format!("rejected: {}: {}", self.name, reason.unwrap_or_default()),
        }];
        let mut part = |name: &str, value: Option<String>| {
            parts.extend(value.map(|value| format!("{name} {value}")));
        };
        part("claim", self.claim.map(quoted));
        part("byte", self.offset.map(|offset| offset.to_string()));
        if code != Some(Code::Accepted) {
            part("signature", self.signature_ok.filter(|holds| *holds).map(|_| "holds".to_owned()));
        }
        part("alg", self.alg.map(str::to_owned));
        part("kid", self.kid.map(quoted));
        part("iss", self.iss.map(quoted));
        part("sub", self.sub.map(quoted));
        part("exp", self.exp.map(|exp| date::told(jot::UnixSeconds(exp))));
        format!("{source}{}: {}", self.line, parts.join(", "))
    }
}
