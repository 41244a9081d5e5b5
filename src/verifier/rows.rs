//! Which rows of a chunk.

/// The most tokens that are read before their signatures are checked. Where lanes need one
/// key, the last few of each key's leave lanes empty: with two keys, and chunks of a quarter
/// of this size, every tenth lane.
pub(crate) const CHUNK: usize = 256;

/// Some rows of a chunk, of which there are at most [`CHUNK`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rows([u64; CHUNK / 64]);

impl Rows {
    pub(super) fn add(&mut self, row: usize) {
        if let Some(word) = self.0.get_mut(row / 64) {
            *word |= 1 << (row % 64);
        }
    }

    pub(super) fn has(&self, row: usize) -> bool {
        self.0.get(row / 64).is_some_and(|word| word & 1 << (row % 64) != 0)
    }
}
