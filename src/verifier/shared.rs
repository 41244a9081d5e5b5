//! The part of a verifier that whoever brings its keys has as well.

use std::sync::Arc;

use super::trust::Trust;
use crate::cache::Changes;
use crate::crypto::Accelerator;
use crate::error::Error;
use crate::key::KeySet;

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) trust: Trust,
    /// The changes of keys and revocations.
    pub(super) changes: Changes,
    pub(super) accelerator: Accelerator,
}

impl Shared {
    /// Replaces the key set with this index. With an eager backend its tables are built
    /// first.
    ///
    /// # Errors
    /// Those of [`Trust::replace`].
    pub(super) fn replace_keys(&self, index: Option<u32>, keys: Arc<KeySet>) -> Result<(), Error> {
        if self.accelerator.is_eager() {
            self.prepare_each(&keys);
        }
        self.trust.replace(index, keys, &self.changes)
    }

    /// Builds the tables of keys that have none, and returns how many pairs of key and
    /// algorithm have tables.
    pub(super) fn prepare_each(&self, keys: &KeySet) -> usize {
        keys.keys().iter().map(|key| key.prepare(&self.accelerator)).fold(0, usize::saturating_add)
    }
}
