//! The bytes of a chunk that was read, for as long as somebody may ask for a
//! piece of them.

use arrow_array::BinaryArray;

use super::records::Piece;

/// What the pieces of a chunk's records lie in.
pub(super) struct Bytes {
    chunk: Source,
    /// What had to be written anew.
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

    /// Gives the room back.
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
