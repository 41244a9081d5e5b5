//! What is told of the key sets and lists that are followed, in Envoy's statistics.

use jot::{Code, UnixSeconds};

/// What is told of a key set or a list, with its URI as a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gauge {
    /// How many seconds ago the keys were fetched or confirmed last.
    KeysAge,
    /// The number of what was wrong with the last fetch of the keys; 0 after a good one.
    KeysError,
    /// The same of a list.
    ListsAge,
    /// The same of a list.
    ListsError,
}

impl Gauge {
    pub(crate) const ALL: [Self; 4] = [Self::KeysAge, Self::KeysError, Self::ListsAge, Self::ListsError];

    pub(crate) const LABEL: &'static str = "uri";

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::KeysAge => "jot.keys_age_seconds",
            Self::KeysError => "jot.keys_error",
            Self::ListsAge => "jot.lists_age_seconds",
            Self::ListsError => "jot.lists_error",
        }
    }
}

/// How something that is followed does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Health {
    pub(crate) last_success: Option<UnixSeconds>,
    pub(crate) error: Option<Code>,
}

/// The value of a gauge, and the URI that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) gauge: Gauge,
    pub(crate) uri: String,
    pub(crate) value: u64,
}

impl Reading {
    /// Returns what is told of a key set or a list; nothing of an age before the first success.
    pub(crate) fn of(
        uri: &str,
        is_list: bool,
        health: Health,
        now: UnixSeconds,
    ) -> impl Iterator<Item = Self> + use<> {
        let (age, error) = match is_list {
            true => (Gauge::ListsAge, Gauge::ListsError),
            false => (Gauge::KeysAge, Gauge::KeysError),
        };
        let seconds = |UnixSeconds(then): UnixSeconds| now.0.saturating_sub(then).max(0).unsigned_abs();
        let reading = |gauge, value| Self { gauge, uri: uri.to_owned(), value };
        let code = health.error.map_or(0, Code::number);
        let age = health.last_success.map(|then| reading(age, seconds(then)));
        age.into_iter().chain([reading(error, code.into())])
    }
}
