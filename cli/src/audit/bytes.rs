//! The bytes of a chunk, kept for as long as a piece of them may be needed.

use arrow_array::BinaryArray;

use super::records::Piece;

/// The buffers that the pieces of a chunk's records point into.
pub(super) struct Bytes {
    chunk: Source,
    /// Unescaped tokens.
    own: Vec<u8>,
}

pub(super) enum Source {
    Nothing,
    Lines(Vec<u8>),
    Column(BinaryArray),
}

impl Bytes {
    pub(super) const fn new(chunk: Source, own: Vec<u8>) -> Self {
        Self { chunk, own }
    }

    /// Returns the chunk's buffer for reuse.
    pub(super) fn into_room(self) -> Vec<u8> {
        match self.chunk {
            Source::Lines(lines) => lines,
            Source::Nothing | Source::Column(_) => Vec::new(),
        }
    }

    /// Returns the bytes of a piece.
    pub(super) fn get(&self, piece: Piece) -> &[u8] {
        piece.within(self.chunk.bytes(), &self.own)
    }
}

impl Source {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Nothing => &[],
            Self::Lines(lines) => lines,
            Self::Column(column) => column.value_data(),
        }
    }
}
