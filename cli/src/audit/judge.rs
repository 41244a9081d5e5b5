//! One thread's work: from a chunk to its rows and its part of the tally.

use std::hash::{DefaultHasher, Hasher as _};
use std::sync::Arc;

use jot::{Batch, Code, Columns, Flags, Instants, KeySet, Tokens, Verifier};

use super::args::Column;
use super::chunk::{Chunk, Payload};
use super::fingerprint::FingerprintKey;
use super::input::Unreadable;
use super::records::{Record, Records};
use super::row::{self, Row};
use super::rows::{RowWriter, Rows};
use super::shared_tokens::{Use, hex};
use super::tally::Tally;
use super::token_parts::{self, Headers};
use crate::failure::Failure;

/// What all threads share.
pub(super) struct Rules {
    pub(super) verifier: Verifier,
    /// The keys of each issuer, by its index.
    pub(super) keys: Vec<Arc<KeySet>>,
    pub(super) fingerprint_key: FingerprintKey,
    pub(super) omit: Vec<Column>,
    pub(super) hash: Vec<Column>,
    pub(super) rows: RowWriter,
}

/// A chunk that was judged.
pub(super) struct Judged {
    pub(super) rows: Rows,
    pub(super) tally: Tally,
}

/// The room of one thread.
pub(super) struct Judge {
    rules: Arc<Rules>,
    batch: Batch,
    records: Records,
    headers: Headers,
    payload: Vec<u8>,
    found: Found,
}

/// What the engine found of each token.
#[derive(Default)]
struct Found {
    codes: Vec<u32>,
    flags: Vec<u8>,
    issuers: Vec<u32>,
    keys: Vec<u32>,
    expiries: Vec<i64>,
}

impl Found {
    fn columns(&mut self, rows: usize) -> Columns<'_> {
        self.codes.resize(rows, 0);
        self.flags.resize(rows, 0);
        self.issuers.resize(rows, 0);
        self.keys.resize(rows, 0);
        self.expiries.resize(rows, 0);
        Columns {
            codes: &mut self.codes,
            flags: Some(&mut self.flags),
            issuer_index: Some(&mut self.issuers),
            key_index: Some(&mut self.keys),
            expires_at: Some(&mut self.expiries),
            ..Columns::default()
        }
    }

    fn outcome(&self, place: Option<usize>) -> Outcome {
        let null =
            Outcome { code: Code::TokenNull, flags: 0, issuer: u32::MAX, key: u32::MAX, expires_at: 0 };
        let Some(place) = place else { return null };
        let code = self.codes.get(place).and_then(|number| Code::from_number(*number));
        Outcome {
            code: code.unwrap_or(Code::Internal),
            flags: self.flags.get(place).copied().unwrap_or_default(),
            issuer: self.issuers.get(place).copied().unwrap_or(u32::MAX),
            key: self.keys.get(place).copied().unwrap_or(u32::MAX),
            expires_at: self.expiries.get(place).copied().unwrap_or_default(),
        }
    }
}

#[derive(Clone, Copy)]
struct Outcome {
    code: Code,
    flags: u8,
    issuer: u32,
    key: u32,
    expires_at: i64,
}

impl Judge {
    pub(super) fn new(rules: Arc<Rules>) -> Result<Self, Failure> {
        Ok(Self {
            rules,
            batch: Batch::new(1).map_err(Failure::new)?,
            records: Records::default(),
            headers: Headers::default(),
            payload: Vec::new(),
            found: Found::default(),
        })
    }

    /// Judges every record of a chunk.
    pub(super) fn judge(&mut self, chunk: &Chunk) -> Result<Judged, Failure> {
        let Self { rules, batch, records, headers, payload, found } = self;
        let rules = Arc::clone(rules);
        records.clear();
        let batch_tokens;
        let bytes: &[u8] = match &chunk.payload {
            Payload::Lines(lines, format) => {
                records.read_lines(lines, format, chunk.first, chunk.now);
                lines
            }
            Payload::TooLong => {
                records.unreadable.push((chunk.first, Unreadable::TooLong));
                &[]
            }
            Payload::Batch(rows, columns) => {
                let tokens = records.read_batch(rows, columns, chunk.first, chunk.now);
                batch_tokens = tokens.map_err(|error| Failure::of(&chunk.source, error))?;
                batch_tokens.value_data()
            }
        };
        let mut tokens = Vec::with_capacity(records.rows.len());
        let mut instants = Vec::with_capacity(records.rows.len());
        for record in &records.rows {
            if let Some(token) = record.token {
                tokens.push(records.bytes(bytes, token));
                instants.push(record.used_at);
            }
        }
        batch
            .verify(
                &rules.verifier,
                &Tokens::Slices(&tokens),
                Instants::AsOf(&instants),
                &mut found.columns(tokens.len()),
                None,
            )
            .map_err(Failure::new)?;
        let mut judged = Judged { rows: rules.rows.start(records.rows.len()), tally: Tally::default() };
        let mut places = 0..tokens.len();
        for record in &records.rows {
            let place = record.token.and_then(|_| places.next());
            let outcome = found.outcome(place);
            let token = place.and_then(|place| tokens.get(place)).copied();
            let teller = Teller { rules: &rules, chunk, outcome };
            let address = record.address.map(|address| records.bytes(bytes, address));
            teller.tell(record, token, address, headers, payload, &mut judged);
        }
        for (line, reason) in &records.unreadable {
            judged.tally.count_unreadable(&chunk.source, *line, reason.to_string());
        }
        Ok(judged)
    }
}

/// What is known of one record.
struct Teller<'j> {
    rules: &'j Rules,
    chunk: &'j Chunk,
    outcome: Outcome,
}

impl Teller<'_> {
    fn tell(
        &self,
        record: &Record,
        token: Option<&[u8]>,
        address: Option<&[u8]>,
        headers: &mut Headers,
        payload: &mut Vec<u8>,
        judged: &mut Judged,
    ) {
        let Self { rules, chunk, outcome } = self;
        let code = outcome.code;
        let signature_ok = outcome.flags & Flags::SIGNATURE_OK != 0;
        let named = token.map(|token| headers.read(token));
        let signed = token.filter(|_| signature_ok).map(|token| token_parts::signed(token, payload));
        let signed = signed.unwrap_or_default();
        let fingerprint = token.map(|token| rules.fingerprint_key.of_bytes(token));
        let fingerprint_text = fingerprint.map(hex);
        let alg = named.as_ref().and_then(|named| named.alg.as_deref());
        let expires_at = (outcome.flags & Flags::HAS_EXP != 0).then_some(outcome.expires_at);
        let address_text = address.map(String::from_utf8_lossy);
        let token_text = token.map(String::from_utf8_lossy);
        let token_use = match (fingerprint, address) {
            (Some(fingerprint), Some(address)) if signature_ok => Some(Use {
                fingerprint,
                address: address_hash(address),
                used_at: record.used_at,
                subject: None,
            }),
            _ => None,
        };
        let row = Row {
            source: &chunk.source,
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
            kid: named.as_ref().and_then(|named| named.kid.as_deref()),
            issuer: signed.issuer.as_deref(),
            subject: signed.subject.as_deref(),
            jti: signed.jti.as_deref(),
            key_state: self.key_state(record.used_at),
            truncated: !signature_ok && token.is_some_and(|token| token_parts::looks_cut(token, alg)),
            fingerprint: fingerprint_text.as_deref(),
            token: token_text.as_deref().filter(|_| rules.rows.with_token()),
        };
        let redacted = Redacted::of(rules, &row);
        let row = redacted.apply(row);
        judged.tally.count(&row, token_use);
        judged.rows.push(&rules.rows, &row);
    }

    /// Tells in which state the key was that verified, at the time of use.
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

/// Tells addresses apart, the same in every run.
fn address_hash(address: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(address);
    hasher.finish()
}

/// The columns that are not written as they are.
#[derive(Default)]
struct Redacted {
    columns: [Option<Option<String>>; 5],
}

impl Redacted {
    const ORDER: [(Column, &'static str); 5] = [
        (Column::Address, "address"),
        (Column::Kid, "kid"),
        (Column::Issuer, "issuer"),
        (Column::Subject, "subject"),
        (Column::Jti, "jti"),
    ];

    fn of(rules: &Rules, row: &Row<'_>) -> Self {
        let mut redacted = Self::default();
        if rules.omit.is_empty() && rules.hash.is_empty() {
            return redacted;
        }
        let values = [row.address, row.kid, row.issuer, row.subject, row.jti];
        for (((column, name), value), place) in Self::ORDER.iter().zip(values).zip(&mut redacted.columns) {
            if rules.omit.contains(column) {
                *place = Some(None);
            } else if rules.hash.contains(column) {
                *place = Some(value.map(|value| rules.fingerprint_key.of_value(name, value)));
            }
        }
        redacted
    }

    fn apply<'r>(&'r self, row: Row<'r>) -> Row<'r> {
        let [address, kid, issuer, subject, jti] = &self.columns;
        let choose = |redacted: &'r Option<Option<String>>, value| match redacted {
            Some(text) => text.as_deref(),
            None => value,
        };
        Row {
            address: choose(address, row.address),
            kid: choose(kid, row.kid),
            issuer: choose(issuer, row.issuer),
            subject: choose(subject, row.subject),
            jti: choose(jti, row.jti),
            ..row
        }
    }
}
