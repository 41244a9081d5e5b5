//! Where a run stands.

use super::chunk::Position;
use super::tally::Tally;
use super::trust::Trust;

/// The progress of a run.
#[derive(Default)]
pub(super) struct Standing {
    pub(super) next: Position,
    pub(super) sequence: u64,
    pub(super) lines: u64,
    pub(super) tally: Tally,
    pub(super) interrupted: bool,
    pub(super) trust: Trust,
}
