//! Keeps on disk what a run needs to go on, whatever ends it.

use std::time::{Duration, Instant};

use super::standing::Standing;
use super::state::State;
use super::target::Mark;
use crate::destination::Destination;
use crate::failure::Failure;

/// Writes the state of a run now and then.
pub(super) struct Keeper {
    command: String,
    fingerprint_key: Vec<u8>,
    /// `None` if nothing can be resumed.
    place: Option<Destination>,
    every: Duration,
    last: Instant,
    /// Whether a state of this run, or of the one that it resumes, is on disk.
    has_kept: bool,
}

impl Keeper {
    pub(super) fn new(
        command: String,
        fingerprint_key: &[u8],
        place: Option<Destination>,
        every: Duration,
        is_resumed: bool,
    ) -> Self {
        let fingerprint_key = fingerprint_key.to_vec();
        Self { command, fingerprint_key, place, every, last: Instant::now(), has_kept: is_resumed }
    }

    /// Returns `true` if it is time to write the state. `is_doubted`: something was found wrong
    /// since, and no state that does not say so may outlive the run.
    pub(super) fn is_due(&self, is_doubted: bool) -> bool {
        self.place.is_some() && (is_doubted || self.last.elapsed() >= self.every)
    }

    /// Returns `true` if a run can go on from what is on disk.
    pub(super) const fn has_kept(&self) -> bool {
        self.has_kept
    }

    /// Writes where the run stands; returns `false` if that has no place. `mark` is how
    /// far the rows are on disk.
    pub(super) fn keep(&mut self, standing: &Standing, mark: &Mark) -> Result<bool, Failure> {
        let Some(place) = &self.place else { return Ok(false) };
        State::new(self.command.clone(), standing, &self.fingerprint_key, mark).write(place)?;
        self.last = Instant::now();
        self.has_kept = true;
        Ok(true)
    }

    /// Removes the state of a run that has come to its end.
    pub(super) fn finish(self) {
        if let (Some(place), true) = (self.place, self.has_kept) {
            place.remove();
        }
    }
}
