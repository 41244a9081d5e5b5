//! The rules by which a run judges tokens, and the format of its rows.

use std::sync::atomic::AtomicI64;

use jot::Verifier;

use super::args::Column;
use super::fingerprint::FingerprintKey;
use super::input::Manner;
use super::rows::RowWriter;
use super::snapshots::Snapshots;
use super::statuses::Statuses;

/// The data that all threads share.
pub(super) struct Rules {
    pub(super) verifier: Verifier,
    /// The same without the cache of verified tokens, if the other has one.
    pub(super) uncached: Option<Verifier>,
    pub(super) fingerprint_key: FingerprintKey,
    /// How values are read.
    pub(super) manner: Manner,
    pub(super) omit: Vec<Column>,
    pub(super) hash: Vec<Column>,
    pub(super) rows: RowWriter,
    pub(super) snapshots: Snapshots,
    /// If their status counts.
    pub(super) statuses: Option<Statuses>,
    /// How wide the spans of the sums are by now, in seconds. Parts need none that are
    /// narrower.
    pub(super) span_seconds: AtomicI64,
}
