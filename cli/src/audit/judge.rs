//! One thread's work: from a chunk to its rows and its part of the tally.

use std::sync::{Arc, Mutex, PoisonError};

use jot::batch::{Batch, ClaimTexts, Columns, EachClaims, Flags, Instants, TextClaim, Tokens};
use jot::{Claims, Code};

use super::bytes::{Bytes, Source};
use super::chunk::{Chunk, Payload};
use super::coverage::Coverage;
use super::input::Unreadable;
use super::records::{Record, Records};
use super::redacted::Redacted;
use super::row::{self, Row};
use super::rows::Rows;
use super::rules::Rules;
use super::shared_tokens::{Use, hex};
use super::tally::{Places, Tally, is_accepted_invalid};
use super::token_parts::{self, Headers, Named};
use crate::failure::Failure;

/// A judged chunk.
pub(super) struct Judged {
    pub(super) rows: Rows,
    pub(super) tally: Tally,
    pub(super) bytes: Bytes,
}

/// The state and buffers of one thread.
pub(super) struct Judge {
    rules: Arc<Rules>,
    batch: Batch,
    records: Records,
    headers: Headers,
    found: Found,
    claims: Mutex<ClaimTexts>,
    /// Results that later rows with the same token reuse, by the token's first row.
    seen: Vec<Seen>,
}

/// Results of a token that its later rows reuse.
#[derive(Clone, Default)]
struct Seen {
    named: Option<Arc<Named>>,
    fingerprint: Option<u128>,
    token_id: Option<u64>,
    places: Places,
}

/// The engine's results for each token.
#[derive(Default)]
struct Found {
    codes: Vec<u32>,
    flags: Vec<u8>,
    issuers: Vec<u32>,
    keys: Vec<u32>,
    expiries: Vec<i64>,
    firsts: Vec<u32>,
}

impl Found {
    fn columns<'c>(&'c mut self, rows: usize, claims: EachClaims<'c>) -> Columns<'c> {
        self.codes.resize(rows, 0);
        self.flags.resize(rows, 0);
        self.issuers.resize(rows, 0);
        self.keys.resize(rows, 0);
        self.expiries.resize(rows, 0);
        self.firsts.resize(rows, 0);
        let mut columns = Columns::codes(&mut self.codes);
        columns.flags = Some(&mut self.flags);
        columns.issuer_index = Some(&mut self.issuers);
        columns.key_index = Some(&mut self.keys);
        columns.expires_at = Some(&mut self.expiries);
        columns.first_row = Some(&mut self.firsts);
        columns.claims = Some(claims);
        columns
    }

    fn outcome(&self, place: Option<usize>) -> Outcome {
        let null = Outcome {
            code: Code::TokenNull,
            flags: Flags::empty(),
            issuer: u32::MAX,
            key: u32::MAX,
            expires_at: 0,
            first: usize::MAX,
        };
        let Some(place) = place else { return null };
        let code = self.codes.get(place).and_then(|number| Code::from_number(*number));
        Outcome {
            code: code.unwrap_or(Code::Internal),
            flags: self.flags.get(place).copied().map(Flags::from_bits_retain).unwrap_or_default(),
            issuer: self.issuers.get(place).copied().unwrap_or(u32::MAX),
            key: self.keys.get(place).copied().unwrap_or(u32::MAX),
            expires_at: self.expiries.get(place).copied().unwrap_or_default(),
            first: self.firsts.get(place).map_or(place, |first| *first as usize),
        }
    }
}

#[derive(Clone, Copy)]
struct Outcome {
    code: Code,
    flags: Flags,
    issuer: u32,
    key: u32,
    expires_at: i64,
    /// The first row with the same token.
    first: usize,
}

impl Judge {
    pub(super) fn new(rules: Arc<Rules>) -> Result<Self, Failure> {
        Ok(Self {
            rules,
            batch: Batch::new(1).map_err(Failure::new)?,
            records: Records::default(),
            headers: Headers::default(),
            found: Found::default(),
            claims: Mutex::default(),
            seen: Vec::new(),
        })
    }

    /// Judges every record of a chunk.
    pub(super) fn judge(&mut self, chunk: Chunk) -> Result<Judged, Failure> {
        let Self { rules, batch, records, headers, found, claims, seen } = self;
        let Chunk { source, payload, first, now, .. } = chunk;
        records.clear();
        let mut coverage = Coverage::default();
        let chunk = match payload {
            Payload::Lines(lines, format) => {
                records.read_lines(&lines, &format, first, now);
                Source::Lines(lines)
            }
            Payload::Empty => {
                coverage.count_empty(&source);
                Source::Nothing
            }
            Payload::Broken(reason) => {
                coverage.count_broken(&source, reason);
                Source::Nothing
            }
            Payload::TooLong => {
                records.unreadable.push((first, Unreadable::TooLong));
                Source::Nothing
            }
            Payload::Batch(rows, columns) => {
                let tokens = records.read_batch(&rows, &columns, first, now);
                Source::Column(tokens.map_err(|error| Failure::of(&source, error))?)
            }
        };
        let bytes = Bytes::new(chunk, std::mem::take(&mut records.own));
        let mut tokens = Vec::with_capacity(records.rows.len());
        let mut instants = Vec::with_capacity(records.rows.len());
        for record in &records.rows {
            if let Some(token) = record.token {
                tokens.push(bytes.get(token));
                instants.push(record.used_at);
            }
        }
        let texts = claims.get_mut().unwrap_or_else(PoisonError::into_inner);
        texts.start(tokens.len(), &TextClaim::ALL).map_err(Failure::new)?;
        let shared = &*claims;
        let keep = |row: usize, found: &Claims<'_>| {
            shared.lock().unwrap_or_else(PoisonError::into_inner).keep(row, found);
        };
        let mut columns = found.columns(tokens.len(), &keep);
        let (slices, instants) = (Tokens::Slices(&tokens), Instants::AsOf(&instants));
        batch.verify(&rules.verifier, &slices, instants, &mut columns).map_err(Failure::new)?;
        let claims = claims.get_mut().unwrap_or_else(PoisonError::into_inner);
        seen.clear();
        seen.resize(tokens.len(), Seen::default());
        let mut rows = rules.rows.start(records.rows.len());
        let mut tally = Tally::with(coverage);
        let mut places = 0..tokens.len();
        for record in &records.rows {
            let place = record.token.and_then(|_| places.next());
            let outcome = found.outcome(place);
            let mut nothing = Seen::default();
            let teller = Teller { rules, source: &source, bytes: &bytes, record, outcome };
            let seen = match place {
                Some(_) => seen.get_mut(outcome.first).unwrap_or(&mut nothing),
                None => &mut nothing,
            };
            teller.tell(claims, headers, seen, &mut tally, &mut rows);
        }
        for (line, reason) in &records.unreadable {
            tally.count_unreadable(&source, *line, reason.to_string());
        }
        Ok(Judged { rows, tally, bytes })
    }
}

/// The data of one record from which its row is made.
struct Teller<'j> {
    rules: &'j Rules,
    source: &'j str,
    bytes: &'j Bytes,
    record: &'j Record,
    outcome: Outcome,
}

impl Teller<'_> {
    /// Makes the record's row and counts it. `seen` holds the results of earlier rows
    /// with its token.
    fn tell(
        &self,
        claims: &ClaimTexts,
        headers: &mut Headers,
        seen: &mut Seen,
        tally: &mut Tally,
        rows: &mut Rows,
    ) {
        let Self { rules, source, bytes, record, outcome } = self;
        let code = outcome.code;
        let signature_ok = outcome.flags.contains(Flags::SIGNATURE_OK);
        let token = record.token.map(|token| bytes.get(token));
        let address = record.address.map(|address| bytes.get(address));
        if let (Some(token), None) = (token, &seen.named) {
            seen.named = Some(headers.read(token));
        }
        let alg = seen.named.as_ref().and_then(|named| named.alg.as_deref());
        let kid = seen.named.as_ref().and_then(|named| named.kid.as_deref());
        let expires_at = outcome.flags.contains(Flags::HAS_EXP).then_some(outcome.expires_at);
        let address_text = address.filter(|_| rules.rows.format().is_some()).map(String::from_utf8_lossy);
        let token_text = token.filter(|_| rules.rows.with_token()).map(String::from_utf8_lossy);
        let mut row = Row {
            source,
            line: record.number,
            used_at: record.used_at,
            status: record.status,
            address: address_text.as_deref(),
            code,
            signature_ok,
            time_ok: row::time_ok(code),
            expired_by_seconds: expires_at
                .filter(|_| code == Code::Expired)
                .map(|end| record.used_at.saturating_sub(end)),
            expires_at,
            alg,
            kid,
            issuer: claims.text(outcome.first, TextClaim::Issuer),
            subject: claims.text(outcome.first, TextClaim::Subject),
            jti: claims.text(outcome.first, TextClaim::JwtId),
            key_state: self.key_state(record.used_at),
            truncated: !signature_ok && token.is_some_and(|token| token_parts::looks_cut(token, alg)),
            fingerprint: None,
            token: token_text.as_deref(),
        };
        // A fingerprint is an HMAC, and costly: without rows, only the samples need it.
        let wanted = rules.rows.format().is_some() || is_accepted_invalid(&row);
        if let (Some(token), None, true) = (token, seen.fingerprint, wanted) {
            seen.fingerprint = Some(rules.fingerprint_key.of_bytes(token));
        }
        let fingerprint = seen.fingerprint.filter(|_| wanted).map(hex);
        row.fingerprint = fingerprint.as_deref();
        let redacted = Redacted::of(rules, &row);
        let row = redacted.apply(row);
        tally.count(&row, &mut seen.places);
        if let (Some(piece), Some(token), Some(address), true) = (record.token, token, address, signature_ok)
        {
            tally.note(Use {
                token_id: *seen.token_id.get_or_insert_with(|| rules.fingerprint_key.short_id(token)),
                address_id: rules.fingerprint_key.short_id(address),
                used_at: record.used_at,
                token: piece,
                subject: seen.places.subject,
            });
        }
        rows.push(&rules.rows, &row);
    }

    /// Returns the state of the verifying key at the time of use.
    fn key_state(&self, used_at: i64) -> Option<&'static str> {
        let Outcome { code, issuer, key, .. } = self.outcome;
        let set = self.rules.keys.get(issuer as usize).and_then(|set| set.keys().get(key as usize));
        let Some(key) = set else { return (code == Code::KidUnknown).then_some("unknown") };
        Some(match code {
            Code::KeyNotYetValid => "not_yet_valid",
            Code::KeyRetired => "retired",
            _ if key.not_before().is_some_and(|start| used_at < start.0) => "not_yet_valid",
            _ if key.expires_at().is_some_and(|end| used_at >= end.0) => "retired",
            _ => "active",
        })
    }
}
