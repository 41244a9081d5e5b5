//! Counters by name, in bounded memory: keys, kids, subjects and addresses.

use jot::Code;
use serde::{Deserialize, Serialize};

use super::codes::{self, Codes, is_refused};
use super::spans::Spans;
use super::statuses::is_accepted_invalid;
use crate::audit::bounded::{Bounded, Merge};
use crate::audit::coverage::{add, earlier};
use crate::audit::row::Row;

/// A part has few keys. So many of them are compared before their names are hashed.
const COMPARED: usize = 8;

/// Separates the parts of a name. JSON text contains it only escaped.
pub(in crate::audit) const SEPARATOR: char = '\u{1f}';

/// Rows of one key, kid or subject.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::audit) struct Group {
    pub(in crate::audit) rows: u64,
    pub(in crate::audit) codes: Codes,
    pub(in crate::audit) first: Option<i64>,
    pub(in crate::audit) last: Option<i64>,
    pub(in crate::audit) days: Days,
}

/// Uses by day, or by longer spans of a long log.
pub(in crate::audit) type Days = Spans<Uses, 86_400, 100>;

impl Merge for Group {
    fn merge(&mut self, later: &Self) {
        let Self { rows, codes, first, last, days } = later;
        add(&mut self.rows, *rows);
        Merge::merge(&mut self.codes, codes);
        self.first = earlier(self.first, *first);
        self.last = self.last.max(*last);
        self.days.merge(days);
    }

    fn weight(&self) -> u64 {
        self.rows
    }
}

impl Group {
    fn of(row: &Row<'_>) -> Self {
        let (codes, days) = (Codes::new(), Days::default());
        let mut group = Self { rows: 0, codes, first: row.used_at, last: row.used_at, days };
        group.count(row);
        group
    }

    fn count(&mut self, row: &Row<'_>) {
        add(&mut self.rows, 1);
        add(self.codes.entry(row.code.number()).or_default(), 1);
        self.first = earlier(self.first, row.used_at);
        self.last = self.last.max(row.used_at);
        if let Some(used_at) = row.used_at {
            self.days.at(used_at).merge(&Uses::of(row));
        }
    }

    pub(in crate::audit) fn refused(&self) -> u64 {
        codes::refused(&self.codes)
    }
}

/// Uses, and how many of them were rejected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::audit) struct Uses {
    pub(in crate::audit) rows: u64,
    pub(in crate::audit) refused: u64,
}

impl Merge for Uses {
    fn merge(&mut self, later: &Self) {
        let Self { rows, refused } = later;
        add(&mut self.rows, *rows);
        add(&mut self.refused, *refused);
    }

    fn weight(&self) -> u64 {
        self.rows
    }
}

impl Uses {
    pub(super) fn of(row: &Row<'_>) -> Self {
        Self { rows: 1, refused: u64::from(is_refused(row.code)) }
    }
}

/// Uses from one address that were rejected, and how many of these were answered with
/// success.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::audit) struct RefusedUses {
    pub(in crate::audit) refused: u64,
    pub(in crate::audit) answered: u64,
}

impl Merge for RefusedUses {
    fn merge(&mut self, later: &Self) {
        let Self { refused, answered } = later;
        add(&mut self.refused, *refused);
        add(&mut self.answered, *answered);
    }

    fn weight(&self) -> u64 {
        self.refused
    }
}

/// The places of a token's key and subject in the counters, filled by its first row.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::audit) struct Places {
    key: Option<usize>,
    pub(in crate::audit) subject: Option<usize>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::audit) struct Named {
    /// By issuer, `kid` and `alg`, of tokens whose signature holds.
    pub(in crate::audit) keys: Bounded<Group>,
    pub(in crate::audit) unknown_kids: Bounded<Group>,
    pub(in crate::audit) subjects: Bounded<Uses>,
    /// Of rows that were rejected and have a token.
    pub(in crate::audit) addresses: Bounded<RefusedUses>,
    /// The buffer of a name; it counts nothing.
    #[serde(skip)]
    name: String,
}

impl Default for Named {
    fn default() -> Self {
        Self {
            keys: Bounded::new(5000),
            unknown_kids: Bounded::new(5000),
            subjects: Bounded::new(50_000),
            addresses: Bounded::new(5000),
            name: String::new(),
        }
    }
}

impl Named {
    /// Counts a row; `places` belong to its token.
    pub(super) fn count(&mut self, row: &Row<'_>, places: &mut Places) {
        if row.code == Code::KidUnknown {
            self.unknown_kids.count(row.kid.unwrap_or_default(), || Group::of(row), |group| group.count(row));
        }
        if let (Some(address), true) = (row.address, is_refused(row.code) && row.code != Code::TokenNull) {
            let uses = RefusedUses { refused: 1, answered: u64::from(is_accepted_invalid(row)) };
            self.addresses.count(address, || uses.clone(), |more| more.merge(&uses));
        }
        if !row.signature_ok {
            return;
        }
        match places.key {
            Some(place) => self.keys.count_at(place, |group| group.count(row)),
            None => places.key = Some(self.count_key(row)),
        }
        let more = |uses: &mut Uses| uses.merge(&Uses::of(row));
        match (places.subject, row.subject) {
            (Some(place), _) => self.subjects.count_at(place, more),
            (None, Some(subject)) => {
                places.subject = Some(self.subjects.count(subject, || Uses::of(row), more));
            }
            (None, None) => {}
        }
    }

    fn count_key(&mut self, row: &Row<'_>) -> usize {
        let parts = [row.issuer, row.kid, row.alg].map(Option::unwrap_or_default);
        let known = (0..self.keys.len().min(COMPARED)).find(|place| is_joined(self.keys.name(*place), parts));
        if let Some(place) = known {
            self.keys.count_at(place, |group| group.count(row));
            return place;
        }
        let mut name = std::mem::take(&mut self.name);
        name.clear();
        for part in parts {
            name.push_str(part);
            name.push(SEPARATOR);
        }
        let place = self.keys.count(&name, || Group::of(row), |group| group.count(row));
        self.name = name;
        place
    }

    pub(super) fn merge(&mut self, later: Self) {
        let Self { keys, unknown_kids, subjects, addresses, name: _ } = later;
        self.keys.merge(&keys);
        self.unknown_kids.merge(&unknown_kids);
        self.subjects.merge(&subjects);
        self.addresses.merge(&addresses);
    }
}

/// Returns `true` if a name is these parts, each with a separator behind it.
fn is_joined(name: &str, parts: [&str; 3]) -> bool {
    let rest =
        parts.into_iter().try_fold(name, |rest, part| rest.strip_prefix(part)?.strip_prefix(SEPARATOR));
    rest == Some("")
}
