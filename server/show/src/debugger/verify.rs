//! The side that verifies.

use axum::http::StatusCode;
use axum::response::Response;
use jot::{Code, KeySet, UnixSeconds};

use super::form::Form;
use super::judge::Question;
use super::pages::{MADE_HERE, Shown, VerifyPage};
use super::place::Debugger;
use super::report::Report;
use super::source;
use crate::date;
use crate::decoded::{Content, Decoded, Signature};
use crate::look;

pub(super) fn respond(debugger: &Debugger, form: Form) -> Response {
    look::page(StatusCode::OK, &page(debugger, form))
}

fn page(debugger: &Debugger, form: Form) -> VerifyPage {
    let may_fetch = debugger.fetch.is_some();
    let mut page = VerifyPage {
        may_fetch,
        fault: None,
        shown: None,
        report: None,
        keys: Vec::new(),
        notes: Vec::new(),
        form,
    };
    if page.form.token.trim().is_empty() {
        return page;
    }
    if let Err(fault) = fill(debugger, &mut page) {
        page.fault = Some(fault);
    }
    page
}

fn fill(debugger: &Debugger, page: &mut VerifyPage) -> Result<(), String> {
    let now = now(&page.form.now, (debugger.now)())?;
    // A form has a line break at the end of what was pasted more often than not.
    let token = page.form.token.trim_matches(['\r', '\n', ' ', '\t']).to_owned();
    if token.len() < page.form.token.len() {
        page.notes.push("White space around the token was left out; a verifier would refuse it.".to_owned());
    }
    page.shown = shown(&token, now);
    let algorithms = source::algorithms(&page.form.algorithms)?;
    let leeway = match page.form.leeway.trim() {
        "" => 0,
        text => text.parse().map_err(|_| "The leeway is a number of seconds.".to_owned())?,
    };
    let keys = match source::keys(&page.form, &algorithms, debugger.fetch.as_ref()) {
        Ok(keys) => keys,
        // Nothing was given: the token is only shown.
        Err(fault) if fault.is_empty() => return Ok(()),
        Err(fault) => return Err(format!("The keys: {fault}")),
    };
    page.keys = described(&keys);
    page.notes.extend(keys.skipped().iter().map(|skipped| format!("Skipped {skipped}")));
    let doubt = keys.secret_doubt();
    let question = Question {
        keys,
        algorithms,
        issuer: page.form.issuer.trim().to_owned(),
        audience: page.form.audience.trim().to_owned(),
        typ: page.form.typ.trim().to_owned(),
        leeway,
        now,
    };
    let report = question.ask(&token).map_err(|error| error.to_string())?;
    page.notes.extend(doubtful(&report, doubt));
    if let (true, Some(shown)) = (report.signature_ok, &mut page.shown) {
        shown.signature = Some("It holds.".to_owned());
    }
    page.report = Some(report);
    Ok(())
}

fn doubtful(report: &Report, doubt: Option<&'static str>) -> Option<String> {
    let is_refused = report.findings.iter().any(|finding| finding.code == Code::SignatureInvalid);
    doubt.filter(|_| is_refused).map(|doubt| format!("The signature does not hold, and {doubt}."))
}

fn now(text: &str, clock: UnixSeconds) -> Result<UnixSeconds, String> {
    match text.trim() {
        "" => Ok(clock),
        text => {
            text.parse().map(UnixSeconds).map_err(|_| "The time is a number: seconds since 1970.".to_owned())
        }
    }
}

fn described(keys: &KeySet) -> Vec<String> {
    let one = |key: &jot::VerifyingKey| {
        let algorithms: Vec<_> = key.algorithms().iter().map(|alg| alg.name()).collect();
        let kid = key.kid().map_or_else(|| "no kid".to_owned(), str::to_owned);
        format!(
            "{kid}: {} for {}, thumbprint {}",
            key.key_type().kty(),
            algorithms.join(", "),
            key.thumbprint()
        )
    };
    keys.keys().iter().map(one).collect()
}

/// Takes a token apart; `None` if there is nothing to show.
fn shown(token: &str, now: UnixSeconds) -> Option<Shown> {
    let decoded = Decoded::of(token.as_bytes()).ok()?;
    let kid = decoded.header.member("kid").and_then(|kid| serde_json::from_str::<String>(kid.get()).ok());
    let bytes = match &decoded.signature {
        Signature::Bytes(bytes) => bytes.as_slice(),
        Signature::Undecodable(_) | Signature::Absent => &[],
    };
    Some(Shown {
        // A JWE has five; what is no token has any number.
        segments: token.splitn(5, '.').map(str::to_owned).collect(),
        header: decoded.header.to_text(),
        claims: decoded.claims.to_text(),
        editable: match &decoded.claims.content {
            Content::Object(_) => Some(decoded.claims.to_text()),
            Content::Other(_) | Content::Nothing(_) => None,
        },
        dates: dates(&decoded, now),
        signature: decoded.signature_words(),
        signature_hex: hex(bytes),
        is_made: kid.is_some_and(|kid| kid.starts_with(MADE_HERE)),
    })
}

pub(super) fn dates(decoded: &Decoded, now: UnixSeconds) -> Vec<(&'static str, String)> {
    let told = |(name, instant): (&'static str, Option<UnixSeconds>)| match instant {
        Some(instant) => (name, format!("{} ({})", date::told(instant), date::distance(instant, now))),
        None => (name, "not a number; a verifier refuses it as a date".to_owned()),
    };
    decoded.dates().into_iter().map(told).collect()
}

/// Bytes in pairs of digits.
fn hex(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(" ")
}
