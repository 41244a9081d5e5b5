//! One thread's work: from a chunk to its rows and its part of the tally.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use jot::batch::{
    Batch, ClaimTexts, Columns, Flags, HeaderNames, HeaderTexts, Instants, KeyState, TextClaim, Tokens,
};
use jot::{Claims, Code};

use super::bytes::{Bytes, Source};
use super::chunk::{Chunk, Payload};
use super::coverage::Coverage;
use super::cut;
use super::habit::Habit;
use super::input::Unreadable;
use super::input::token_text::Kind;
use super::records::{Piece, Record, Records};
use super::redacted::Redacted;
use super::row::Row;
use super::rows::Rows;
use super::rules::Rules;
use super::shared_tokens::{TokenUses, hex};
use super::statuses::Named;
use super::tally::{Kept, Places, Tally};
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
    habit: Habit,
    records: Records,
    found: Found,
    claims: Mutex<ClaimTexts>,
    headers: Mutex<HeaderTexts>,
    /// The status that each token names, if it counts.
    named: Vec<Named>,
    /// Results that later rows with the same token reuse, by the token's first row.
    seen: Vec<Seen>,
    kept: Kept,
}

/// Results of a token that its later rows reuse.
#[derive(Clone, Default)]
struct Seen {
    fingerprint: Option<u128>,
    /// The place of its last uses among those that were noted.
    uses: Option<usize>,
    places: Places,
}

/// The engine's results for each token.
#[derive(Default)]
struct Found {
    codes: Vec<u32>,
    flags: Vec<u8>,
    expiries: Vec<i64>,
    late: Vec<i64>,
    times: Vec<u8>,
    key_states: Vec<u8>,
    firsts: Vec<u32>,
}

impl Found {
    fn columns(&mut self, rows: usize) -> Columns<'_> {
        self.codes.resize(rows, 0);
        self.flags.resize(rows, 0);
        self.expiries.resize(rows, 0);
        self.late.resize(rows, 0);
        self.times.resize(rows, 0);
        self.key_states.resize(rows, 0);
        self.firsts.resize(rows, 0);
        let mut columns = Columns::codes(&mut self.codes);
        columns.flags = Some(&mut self.flags);
        columns.expires_at = Some(&mut self.expiries);
        columns.expired_by_seconds = Some(&mut self.late);
        columns.time_ok = Some(&mut self.times);
        columns.key_state = Some(&mut self.key_states);
        columns.first_row = Some(&mut self.firsts);
        columns
    }

    /// Returns how many tokens the cache of verified tokens had.
    fn cached(&self) -> usize {
        let is_cached = |flags: &&u8| Flags::from_bits_retain(**flags).contains(Flags::FROM_CACHE);
        self.flags.iter().filter(is_cached).count()
    }

    fn outcome(&self, place: Option<usize>) -> Outcome {
        let null = Outcome {
            code: Code::TokenNull,
            signature_ok: false,
            expires_at: None,
            expired_by_seconds: None,
            time_ok: None,
            key_state: None,
            first: usize::MAX,
        };
        let Some(place) = place else { return null };
        let code = self.codes.get(place).and_then(|number| Code::from_number(*number));
        let code = code.unwrap_or(Code::Internal);
        let flags = self.flags.get(place).copied().map(Flags::from_bits_retain).unwrap_or_default();
        Outcome {
            code,
            signature_ok: flags.contains(Flags::SIGNATURE_OK),
            expires_at: self.expiries.get(place).copied().filter(|_| flags.contains(Flags::HAS_EXP)),
            expired_by_seconds: self.late.get(place).copied().filter(|_| code == Code::Expired),
            time_ok: match self.times.get(place) {
                Some(0) => Some(false),
                Some(1) => Some(true),
                _ => None,
            },
            key_state: self.key_states.get(place).copied().and_then(KeyState::from_number),
            first: self.firsts.get(place).map_or(place, |first| *first as usize),
        }
    }
}

#[derive(Clone, Copy)]
struct Outcome {
    code: Code,
    signature_ok: bool,
    expires_at: Option<i64>,
    expired_by_seconds: Option<i64>,
    time_ok: Option<bool>,
    key_state: Option<KeyState>,
    /// The first row with the same token.
    first: usize,
}

impl Judge {
    pub(super) fn new(rules: Arc<Rules>) -> Result<Self, Failure> {
        Ok(Self {
            rules,
            batch: Batch::new(1).map_err(Failure::new)?,
            habit: Habit::default(),
            records: Records::default(),
            found: Found::default(),
            claims: Mutex::default(),
            headers: Mutex::default(),
            named: Vec::new(),
            seen: Vec::new(),
            kept: Kept::default(),
        })
    }

    /// Judges every record of a chunk.
    pub(super) fn judge(&mut self, chunk: Chunk) -> Result<Judged, Failure> {
        let Self { rules, batch, habit, records, found, claims, headers, named, seen, kept } = self;
        let Chunk { source, payload, first, .. } = chunk;
        records.clear();
        let mut coverage = Coverage::default();
        let chunk = match payload {
            Payload::Lines(lines, format) => {
                records.read_lines(&lines, &format, first, &rules.manner);
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
                records.unread(first, Unreadable::TooLong, b"");
                Source::Nothing
            }
            Payload::Batch(rows, columns) => {
                let tokens = records.read_batch(&rows, &columns, first, &rules.manner);
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
        headers
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .start(tokens.len())
            .map_err(Failure::new)?;
        let (shared_claims, shared_headers) = (&*claims, &*headers);
        named.clear();
        named.resize(rules.statuses.as_ref().map_or(0, |_| tokens.len()), Named::Nothing);
        let shared_named = Mutex::new(named);
        let keep_claims = |row: usize, found: &Claims<'_>| {
            shared_claims.lock().unwrap_or_else(PoisonError::into_inner).keep(row, found);
            if rules.statuses.is_some()
                && let Some(place) = shared_named.lock().unwrap_or_else(PoisonError::into_inner).get_mut(row)
            {
                *place = Named::of(found);
            }
        };
        let keep_names = |row: usize, names: &HeaderNames<'_>| {
            shared_headers.lock().unwrap_or_else(PoisonError::into_inner).keep(row, names);
        };
        let mut columns = found.columns(tokens.len());
        columns.claims = Some(&keep_claims);
        columns.unverified_header = Some(&keep_names);
        let (slices, instants) = (Tokens::Slices(&tokens), Instants::AsOfKnown(&instants));
        let uncached = rules.uncached.as_ref().filter(|_| !habit.asks());
        let verifier = uncached.unwrap_or(&rules.verifier);
        batch.verify(verifier, &slices, instants, &mut columns).map_err(Failure::new)?;
        if uncached.is_none() {
            habit.note(tokens.len(), found.cached());
        }
        let named = shared_named.into_inner().unwrap_or_else(PoisonError::into_inner);
        let claims = claims.get_mut().unwrap_or_else(PoisonError::into_inner);
        let headers = headers.get_mut().unwrap_or_else(PoisonError::into_inner);
        seen.clear();
        seen.resize(tokens.len(), Seen::default());
        let mut rows = rules.rows.start(records.rows.len());
        coverage.counts = records.counts;
        let mut tally = Tally::with(coverage, rules.span_seconds.load(Ordering::Relaxed));
        let mut places = 0..tokens.len();
        for record in &records.rows {
            let place = record.token.and_then(|_| places.next());
            let mut outcome = found.outcome(place);
            if let (Some(statuses), Code::Accepted, Some(used_at)) =
                (&rules.statuses, outcome.code, record.used_at)
                && let Some(named) = named.get(outcome.first)
            {
                let issuer = claims.text(outcome.first, TextClaim::Issuer);
                outcome.code = statuses.code(issuer, named, used_at);
            }
            let mut nothing = Seen::default();
            let kept_pieces = &records.kept;
            let teller = Teller { rules, source: &source, bytes: &bytes, kept_pieces, record, outcome };
            let seen = match place {
                Some(_) => seen.get_mut(outcome.first).unwrap_or(&mut nothing),
                None => &mut nothing,
            };
            teller.tell(claims, headers, seen, kept, &mut tally, &mut rows);
        }
        for unread in &records.unreadable {
            tally.count_unreadable(&source, unread);
        }
        for flaw in &records.flaws {
            tally.count_flaw(&source, flaw);
        }
        tally.end(&source);
        Ok(Judged { rows, tally, bytes })
    }
}

/// The data of one record from which its row is made.
struct Teller<'j> {
    rules: &'j Rules,
    source: &'j str,
    bytes: &'j Bytes,
    /// Where the texts of all records are that are kept.
    kept_pieces: &'j [Option<Piece>],
    record: &'j Record,
    outcome: Outcome,
}

impl Teller<'_> {
    /// Makes the record's row and counts it. `seen` holds the results of earlier rows
    /// with its token, `kept` says of which codes there are samples enough.
    fn tell(
        &self,
        claims: &ClaimTexts,
        headers: &HeaderTexts,
        seen: &mut Seen,
        kept: &mut Kept,
        tally: &mut Tally,
        rows: &mut Rows,
    ) {
        let Self { rules, source, bytes, kept_pieces, record, outcome } = self;
        let code = outcome.code;
        let signature_ok = outcome.signature_ok;
        let token = record.token.map(|token| bytes.get(token));
        let address = record.address.map(|address| bytes.get(address));
        let names = headers.names(outcome.first);
        let is_shown = rules.rows.format().is_some() || code != Code::Accepted;
        let address_text = address.filter(|_| is_shown).map(String::from_utf8_lossy);
        let token_text = token.filter(|_| rules.rows.with_token()).map(String::from_utf8_lossy);
        let of_record = record.kept..record.kept.saturating_add(rules.manner.keep.len());
        let pieces = kept_pieces.get(of_record).unwrap_or_default().iter();
        let kept_texts: Vec<_> =
            pieces.map(|piece| piece.map(|piece| String::from_utf8_lossy(bytes.get(piece)))).collect();
        let mut row = Row {
            source,
            line: record.number,
            used_at: record.used_at,
            status: record.status,
            address: address_text.as_deref(),
            code,
            signature_ok,
            time_ok: outcome.time_ok,
            expired_by_seconds: outcome.expired_by_seconds,
            expires_at: outcome.expires_at,
            alg: names.alg(),
            kid: names.kid(),
            issuer: claims.text(outcome.first, TextClaim::Issuer),
            subject: claims.text(outcome.first, TextClaim::Subject),
            jti: claims.text(outcome.first, TextClaim::JwtId),
            key_state: outcome.key_state.map(KeyState::name),
            truncated: !signature_ok && token.is_some_and(|token| cut::looks_cut(token, names.alg())),
            kind: record.kind.map(Kind::name),
            token_index: (record.index > 0).then_some(record.index),
            fingerprint: None,
            kept: &kept_texts,
            token: token_text.as_deref(),
        };
        if rules.snapshots.may_miss(code, record.used_at, row.issuer) {
            tally.count_early(source, record.number);
        }
        // A fingerprint is an HMAC, and costly: without rows, only the samples need it.
        let sample = kept.wants(&row);
        let wanted = rules.rows.format().is_some() || sample.is_some();
        if let (Some(token), None, true) = (token, seen.fingerprint, wanted) {
            seen.fingerprint = Some(rules.fingerprint_key.of_bytes(token));
        }
        let fingerprint = seen.fingerprint.filter(|_| wanted).map(hex);
        row.fingerprint = fingerprint.as_deref();
        let redacted = Redacted::of(rules, &row);
        if let Some(redacted) = &redacted {
            redacted.apply(&mut row);
        }
        tally.count(&row, &mut seen.places);
        if let Some(kind) = sample {
            tally.keep(kind, &row);
        }
        if let (Some(piece), Some(token), Some(address), true) = (record.token, token, address, signature_ok)
        {
            let address_id = rules.fingerprint_key.short_id(address);
            if !seen.uses.is_some_and(|uses| tally.note_again(uses, address_id, record.used_at)) {
                let token_id = rules.fingerprint_key.short_id(token);
                let uses = TokenUses::first(token_id, address_id, record.used_at, piece, seen.places.subject);
                seen.uses = Some(tally.note(uses));
            }
        }
        rows.push(&rules.rows, &row);
    }
}
