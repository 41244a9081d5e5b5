//! Reading a column as plainly as can be.

use super::{Column, MOST_DICTIONARIES, View, Words};
use crate::capi::{ARROW_DICTIONARY, ARROW_VIEWS, ARROW32, ARROW64, BOUNDED, SLICES, UNSIGNED_INDICES};

/// The rows of a column: `None` for one without a token.
pub type Rows<'c> = Vec<Option<&'c [u8]>>;

impl Column {
    /// Reads the column; `None` when there is something wrong with it.
    pub fn read(&self) -> Option<Rows<'_>> {
        self.read_within(MOST_DICTIONARIES)
    }

    fn read_within(&self, dictionaries: usize) -> Option<Rows<'_>> {
        if self.flags > (BOUNDED | UNSIGNED_INDICES) || self.rows > u32::MAX as usize {
            return None;
        }
        if self.rows == 0 {
            return Some(Vec::new());
        }
        match self.layout {
            SLICES => self.read_slices(),
            ARROW32 | ARROW64 => self.read_arrow(),
            ARROW_VIEWS => self.read_views(),
            ARROW_DICTIONARY => self.read_words(dictionaries.checked_sub(1)?),
            _ => None,
        }
    }

    fn read_slices(&self) -> Option<Rows<'_>> {
        let views = self.views.as_ref()?.iter().take(self.rows);
        views.map(|view| if let View::Null(0) = view { Some(None) } else { view.bytes().map(Some) }).collect()
    }

    fn read_arrow(&self) -> Option<Rows<'_>> {
        let data = self.data.bytes()?;
        let (width, _) = self.shape();
        let entries = self.held_entries()?;
        if !self.place.aligns(self.entries.as_ref()?.len(), width) {
            return None;
        }
        let mut offsets = Vec::new();
        for entry in entries.chunks(width).skip(self.offset) {
            let offset = signed(entry);
            let before = offsets.last().copied().unwrap_or(0);
            if offset < before || offset > data.len() as i128 {
                return None;
            }
            offsets.push(offset);
        }
        let valid = self.valid_rows()?;
        let tokens = offsets.windows(2).map(|ends| &data[ends[0] as usize..ends[1] as usize]);
        Some(tokens.zip(valid).map(|(token, valid)| valid.then_some(token)).collect())
    }

    fn read_views(&self) -> Option<Rows<'_>> {
        let mut rows = Vec::new();
        let entries = self.held_entries()?;
        let buffers = match self.is_old {
            true => &[],
            false => self.views.as_deref().unwrap_or_default(),
        };
        for (entry, valid) in entries.chunks(16).skip(self.offset).zip(self.valid_rows()?) {
            if !valid {
                rows.push(None);
                continue;
            }
            let field = |index: usize| usize::try_from(signed(&entry[4 * index..4 * index + 4])).ok();
            let length = field(0)?;
            rows.push(Some(match length {
                0..=12 => &entry[4..4 + length],
                _ => {
                    let (index, start) = (field(2)?, field(3)?);
                    buffers.get(index)?.bytes()?.get(start..start + length)?
                }
            }));
        }
        Some(rows)
    }

    fn read_words(&self, dictionaries: usize) -> Option<Rows<'_>> {
        let words = match &self.words {
            Words::Column(words) if !self.is_old => words.read_within(dictionaries)?,
            // Without an end.
            _ => return None,
        };
        if ![1, 2, 4, 8].contains(&self.index_bytes) {
            return None;
        }
        let entries = self.held_entries()?;
        let mut rows = Vec::new();
        for (entry, valid) in entries.chunks(self.index_bytes).skip(self.offset).zip(self.valid_rows()?) {
            let index = match self.flags & UNSIGNED_INDICES {
                0 => signed(entry),
                _ => signed(entry) & ((1 << (8 * self.index_bytes)) - 1),
            };
            rows.push(match valid {
                true => *words.get(usize::try_from(index).ok()?)?,
                false => None,
            });
        }
        Some(rows)
    }

    /// The entries, those before the first row included.
    fn held_entries(&self) -> Option<&[u8]> {
        let (width, more) = self.shape();
        let needed = usize::try_from(self.needed(width, more)).ok()?;
        let held = self.entries.as_ref()?;
        if self.hides_lengths() { None } else { held.get(..needed) }
    }

    /// Tells of each row whether it is valid.
    fn valid_rows(&self) -> Option<Vec<bool>> {
        let Some(bits) = &self.validity else { return Some(vec![true; self.rows]) };
        let needed = usize::try_from(self.needed_bits()).ok()?;
        let bits = bits.get(..needed).filter(|_| !self.hides_lengths())?;
        let each = bits.iter().flat_map(|byte| (0..8).map(move |bit| byte & 1 << bit != 0));
        Some(each.skip(self.offset).take(self.rows).collect())
    }

    /// The first version of the struct could not say how long buffers are.
    fn hides_lengths(&self) -> bool {
        self.is_old && self.flags & BOUNDED != 0
    }
}

/// Reads an integer of some bytes, in the order of the machine.
fn signed(bytes: &[u8]) -> i128 {
    let mut bytes = bytes.to_vec();
    if cfg!(target_endian = "big") {
        bytes.reverse();
    }
    let sign = if bytes.last().is_some_and(|last| *last >= 0x80) { -1 } else { 0 };
    bytes.iter().rev().fold(sign, |number, byte| number << 8 | i128::from(*byte))
}
