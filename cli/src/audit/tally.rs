//! Counters over all rows, in bounded memory. Each chunk is counted separately, and the
//! parts are merged in the order of the input, so the sum does not depend on threads.

use std::collections::BTreeMap;

use jot::Code;
use serde::{Deserialize, Serialize};

use super::bounded::{Bounded, Merge};
use super::coverage::{Coverage, add};
use super::records::Piece;
use super::row::Row;
use super::shared_tokens::{Name, SharedTokens, Use};

/// How many unreadable lines and wrongly accepted tokens are kept as samples.
const SAMPLES: usize = 100;

/// The largest number of spans of time.
const SPANS: usize = 2000;

const HOUR_SECONDS: i64 = 3600;

/// The ends of the classes of expiry lags, in seconds.
pub(super) const LAGS: [(i64, &str); 8] = [
    (10, "under 10 s"),
    (60, "under 1 min"),
    (300, "under 5 min"),
    (3600, "under 1 h"),
    (21_600, "under 6 h"),
    (86_400, "under 1 day"),
    (604_800, "under 7 days"),
    (i64::MAX, "7 days and more"),
];

/// Separates the parts of a name. JSON text contains it only escaped.
pub(super) const SEPARATOR: char = '\u{1f}';

/// The number of rows by code.
pub(super) type Codes = BTreeMap<u32, u64>;

fn add_codes(codes: &mut Codes, later: &Codes) {
    for (code, count) in later {
        add(codes.entry(*code).or_default(), *count);
    }
}

/// Rows of one key, kid or subject.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Group {
    pub(super) rows: u64,
    pub(super) codes: Codes,
    pub(super) first: i64,
    pub(super) last: i64,
}

impl Merge for Group {
    fn merge(&mut self, later: &Self) {
        add(&mut self.rows, later.rows);
        add_codes(&mut self.codes, &later.codes);
        self.first = self.first.min(later.first);
        self.last = self.last.max(later.last);
    }

    fn weight(&self) -> u64 {
        self.rows
    }
}

impl Group {
    fn of(row: &Row<'_>) -> Self {
        let codes = Codes::from([(row.code.number(), 1)]);
        Self { rows: 1, codes, first: row.used_at, last: row.used_at }
    }

    fn count(&mut self, row: &Row<'_>) {
        add(&mut self.rows, 1);
        add(self.codes.entry(row.code.number()).or_default(), 1);
        self.first = self.first.min(row.used_at);
        self.last = self.last.max(row.used_at);
    }

    pub(super) fn refused(&self) -> u64 {
        let accepted = self.codes.get(&Code::Accepted.number()).copied().unwrap_or_default();
        self.rows.saturating_sub(accepted)
    }
}

/// Uses of one subject, and how many of them were rejected.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct SubjectUses {
    pub(super) rows: u64,
    pub(super) refused: u64,
}

impl Merge for SubjectUses {
    fn merge(&mut self, later: &Self) {
        add(&mut self.rows, later.rows);
        add(&mut self.refused, later.refused);
    }

    fn weight(&self) -> u64 {
        self.rows
    }
}

/// The place of a line and the reason for listing it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Sample {
    pub(super) source: String,
    pub(super) line: u64,
    pub(super) reason: String,
}

/// A use that was answered with success although the token was not valid.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Incident {
    pub(super) source: String,
    pub(super) line: u64,
    pub(super) used_at: i64,
    pub(super) status: u16,
    pub(super) code: u32,
    pub(super) kid: Option<String>,
    pub(super) fingerprint: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Tally {
    /// Rows and unreadable lines, without blank lines.
    pub(super) lines: u64,
    pub(super) rows: u64,
    pub(super) codes: Codes,
    pub(super) unreadable: u64,
    pub(super) unreadable_reasons: BTreeMap<String, u64>,
    pub(super) unreadable_samples: Vec<Sample>,
    pub(super) coverage: Coverage,
    pub(super) first_use: Option<i64>,
    pub(super) last_use: Option<i64>,
    /// The width of a span: an hour, or more for a long log.
    pub(super) span_seconds: i64,
    pub(super) spans: BTreeMap<i64, Codes>,
    pub(super) lags: [u64; LAGS.len()],
    /// By issuer, `kid` and `alg`, of tokens whose signature holds.
    pub(super) keys: Bounded<Group>,
    pub(super) unknown_kids: Bounded<Group>,
    pub(super) subjects: Bounded<SubjectUses>,
    pub(super) shared: SharedTokens,
    pub(super) truncated: u64,
    pub(super) alg_confusion: u64,
    /// Accepted and rejected rows by class of the status (2 for 200 to 299; 0 for
    /// none).
    pub(super) statuses: BTreeMap<u8, [u64; 2]>,
    /// Wrongly accepted rows by code.
    pub(super) accepted_invalid: Codes,
    pub(super) incidents: Vec<Incident>,
    /// The uses of tokens in this part, in the order of its rows.
    #[serde(skip)]
    uses: Vec<Use>,
    #[serde(skip)]
    name: String,
}

/// The places of a token's key and subject in the counters, filled by its first row.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Places {
    key: Option<usize>,
    pub(super) subject: Option<usize>,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            lines: 0,
            rows: 0,
            codes: Codes::new(),
            unreadable: 0,
            unreadable_reasons: BTreeMap::new(),
            unreadable_samples: Vec::new(),
            coverage: Coverage::default(),
            first_use: None,
            last_use: None,
            span_seconds: HOUR_SECONDS,
            spans: BTreeMap::new(),
            lags: [0; LAGS.len()],
            keys: Bounded::new(5000),
            unknown_kids: Bounded::new(5000),
            subjects: Bounded::new(50_000),
            shared: SharedTokens::default(),
            truncated: 0,
            alg_confusion: 0,
            statuses: BTreeMap::new(),
            accepted_invalid: Codes::new(),
            incidents: Vec::new(),
            uses: Vec::new(),
            name: String::new(),
        }
    }
}

impl Tally {
    /// Begins with what is known of the source.
    pub(super) fn with(coverage: Coverage) -> Self {
        Self { coverage, ..Self::default() }
    }

    /// Counts an unreadable line.
    pub(super) fn count_unreadable(&mut self, source: &str, line: u64, reason: String) {
        add(&mut self.lines, 1);
        add(&mut self.unreadable, 1);
        add(self.unreadable_reasons.entry(reason.clone()).or_default(), 1);
        if self.unreadable_samples.len() < SAMPLES {
            self.unreadable_samples.push(Sample { source: source.to_owned(), line, reason });
        }
    }

    /// Counts a row; `places` belong to its token.
    pub(super) fn count(&mut self, row: &Row<'_>, places: &mut Places) {
        let number = row.code.number();
        add(&mut self.lines, 1);
        add(&mut self.rows, 1);
        add(self.codes.entry(number).or_default(), 1);
        self.first_use = Some(self.first_use.map_or(row.used_at, |first| first.min(row.used_at)));
        self.last_use = Some(self.last_use.map_or(row.used_at, |last| last.max(row.used_at)));
        let span = row.used_at.div_euclid(self.span_seconds).saturating_mul(self.span_seconds);
        add(self.spans.entry(span).or_default().entry(number).or_default(), 1);
        if let Some(late) = row.expired_by_seconds
            && let Some(place) = LAGS.iter().position(|(end, _)| late < *end)
            && let Some(count) = self.lags.get_mut(place)
        {
            add(count, 1);
        }
        add(&mut self.truncated, u64::from(row.truncated));
        add(&mut self.alg_confusion, u64::from(is_alg_confusion(row)));
        self.count_status(row);
        if row.code == Code::KidUnknown {
            self.unknown_kids.count(row.kid.unwrap_or_default(), || Group::of(row), |group| group.count(row));
        }
        if !row.signature_ok {
            return;
        }
        match places.key {
            Some(place) => self.keys.count_at(place, |group| group.count(row)),
            None => places.key = Some(self.count_key(row)),
        }
        let refused = u64::from(row.code != Code::Accepted);
        let more = |uses: &mut SubjectUses| {
            add(&mut uses.rows, 1);
            add(&mut uses.refused, refused);
        };
        match (places.subject, row.subject) {
            (Some(place), _) => self.subjects.count_at(place, more),
            (None, Some(subject)) => {
                let first = || SubjectUses { rows: 1, refused };
                places.subject = Some(self.subjects.count(subject, first, more));
            }
            (None, None) => {}
        }
    }

    fn count_key(&mut self, row: &Row<'_>) -> usize {
        let mut name = std::mem::take(&mut self.name);
        name.clear();
        for part in [row.issuer, row.kid, row.alg] {
            name.push_str(part.unwrap_or_default());
            name.push(SEPARATOR);
        }
        let place = self.keys.count(&name, || Group::of(row), |group| group.count(row));
        self.name = name;
        place
    }

    /// Notes the use of a token whose address is known and whose signature holds.
    pub(super) fn note(&mut self, token_use: Use) {
        self.uses.push(token_use);
    }

    fn count_status(&mut self, row: &Row<'_>) {
        let class = row.status.map_or(0, |status| u8::try_from(status / 100).unwrap_or_default());
        let refused = row.code != Code::Accepted;
        if let Some(count) = self.statuses.entry(class).or_default().get_mut(usize::from(refused)) {
            add(count, 1);
        }
        let (Some(status), true) = (row.status, is_accepted_invalid(row)) else { return };
        add(self.accepted_invalid.entry(row.code.number()).or_default(), 1);
        if self.incidents.len() < SAMPLES {
            self.incidents.push(Incident {
                source: row.source.to_owned(),
                line: row.line,
                used_at: row.used_at,
                status,
                code: row.code.number(),
                kid: row.kid.map(str::to_owned),
                fingerprint: row.fingerprint.map(str::to_owned),
            });
        }
    }

    /// Adds the part of the next chunk; `fingerprint` names the chunk's tokens.
    pub(super) fn merge(&mut self, later: Self, fingerprint: impl Fn(Piece) -> u128) {
        add(&mut self.lines, later.lines);
        add(&mut self.rows, later.rows);
        add_codes(&mut self.codes, &later.codes);
        add(&mut self.unreadable, later.unreadable);
        for (reason, count) in later.unreadable_reasons {
            add(self.unreadable_reasons.entry(reason).or_default(), count);
        }
        let missing = SAMPLES.saturating_sub(self.unreadable_samples.len());
        self.unreadable_samples.extend(later.unreadable_samples.into_iter().take(missing));
        self.coverage.merge(later.coverage);
        self.first_use = [self.first_use, later.first_use].into_iter().flatten().min();
        self.last_use = self.last_use.max(later.last_use);
        for (start, codes) in &later.spans {
            let start = start.div_euclid(self.span_seconds).saturating_mul(self.span_seconds);
            add_codes(self.spans.entry(start).or_default(), codes);
        }
        self.widen_spans();
        for (count, more) in self.lags.iter_mut().zip(later.lags) {
            add(count, more);
        }
        self.keys.merge(later.keys);
        self.unknown_kids.merge(later.unknown_kids);
        let subject = |place| later.subjects.name(place).to_owned();
        self.shared.see(&later.uses, |token_use| Name {
            fingerprint: fingerprint(token_use.token),
            subject: token_use.subject.map(subject),
        });
        self.subjects.merge(later.subjects);
        add(&mut self.truncated, later.truncated);
        add(&mut self.alg_confusion, later.alg_confusion);
        for (class, [accepted, refused]) in later.statuses {
            let [ours, ours_refused] = self.statuses.entry(class).or_default();
            add(ours, accepted);
            add(ours_refused, refused);
        }
        add_codes(&mut self.accepted_invalid, &later.accepted_invalid);
        let missing = SAMPLES.saturating_sub(self.incidents.len());
        self.incidents.extend(later.incidents.into_iter().take(missing));
    }

    /// Doubles the width of the spans until there are few enough. The final width
    /// depends only on the instants, not on their order.
    fn widen_spans(&mut self) {
        while self.spans.len() > SPANS {
            self.span_seconds = self.span_seconds.saturating_mul(2);
            for (start, codes) in std::mem::take(&mut self.spans) {
                let start = start.div_euclid(self.span_seconds).saturating_mul(self.span_seconds);
                add_codes(self.spans.entry(start).or_default(), &codes);
            }
        }
    }

    pub(super) fn code(&self, code: Code) -> u64 {
        self.codes.get(&code.number()).copied().unwrap_or_default()
    }

    pub(super) fn refused(&self) -> u64 {
        self.rows.saturating_sub(self.code(Code::Accepted))
    }

    pub(super) fn accepted_invalid_total(&self) -> u64 {
        self.accepted_invalid.values().fold(0, |sum, count| sum.saturating_add(*count))
    }
}

/// Returns `true` if the use was answered with 2xx although it was not valid.
pub(super) fn is_accepted_invalid(row: &Row<'_>) -> bool {
    let succeeded = row.status.is_some_and(|status| (200..300).contains(&status));
    succeeded && row.code != Code::Accepted && row.code != Code::TokenNull
}

/// Returns `true` for `none`, and for an HMAC that the policy or the keys do not allow.
fn is_alg_confusion(row: &Row<'_>) -> bool {
    let alg = row.alg.unwrap_or_default();
    match row.code {
        Code::AlgNone => true,
        Code::AlgUnknown => alg.eq_ignore_ascii_case("none"),
        Code::AlgNotAllowed | Code::KeyNotForAlg => matches!(alg, "HS256" | "HS384" | "HS512"),
        _ => false,
    }
}
