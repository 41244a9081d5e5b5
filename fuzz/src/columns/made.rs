//! Columns of the bytes of an input.
//!
//! An input says first what a sound column is: its layout and what stands in
//! each row. Whatever follows are changes of it. Were buffers made of the
//! input's bytes, hardly one of them would be sound enough to get far.

use super::{Column, MOST_DICTIONARIES, View, Words};
use crate::capi::{ARROW_DICTIONARY, ARROW_VIEWS, ARROW32, ARROW64, BOUNDED, SLICES, UNSIGNED_INDICES};
use crate::guarded::{MOST_BYTES, Place};

/// A sound column has fewer rows, and fewer of them before its first.
const MOST_ROWS: u8 = 20;
const MOST_BEFORE: u8 = 10;
/// More rows, which a signed index of one byte does not all reach.
const MANY: usize = 128;
/// The buffers of a column of views.
const BUFFERS: usize = 3;

/// From this one on, tokens are so short that many fit into a buffer.
pub const SHORT: u8 = 6;

/// Numbers at which something ends.
const LIMITS: [i64; 16] = [
    0,
    12,
    i8::MAX as i64,
    u8::MAX as i64,
    i16::MAX as i64,
    u16::MAX as i64,
    i32::MAX as i64,
    i32::MIN as i64,
    u32::MAX as i64,
    i64::MAX,
    i64::MIN,
    i64::MAX / 4,
    i64::MAX / 8,
    i64::MAX / 16,
    i64::MAX / 2,
    1 << 60,
];

/// The bytes of an input, and zeros without end behind them.
struct Input<'i>(&'i [u8]);

impl Input<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    fn below(&mut self, end: usize) -> usize {
        usize::from(self.byte()) % end.max(1)
    }

    fn number(&mut self) -> i64 {
        match self.byte() % 4 {
            0 => i64::from(self.byte().cast_signed()),
            1 => i64::from(i16::from_le_bytes([(); 2].map(|()| self.byte()))),
            2 => {
                let limit = LIMITS[self.below(LIMITS.len())];
                limit.wrapping_add(i64::from(self.byte().cast_signed()))
            }
            _ => i64::from_le_bytes([(); 8].map(|()| self.byte())),
        }
    }

    fn size(&mut self) -> usize {
        self.number() as usize
    }
}

impl Column {
    /// Makes the column that an input describes, of these tokens.
    pub fn described(input: &[u8], tokens: &[Vec<u8>]) -> Self {
        let mut input = Input(input);
        let mut column = Self::sound(&mut input, tokens, MOST_DICTIONARIES + 1);
        while !input.0.is_empty() {
            let depth = input.below(MOST_DICTIONARIES + 2);
            column.inner(depth).spoil(&mut input);
        }
        column.keep_promises();
        column
    }

    fn sound(input: &mut Input<'_>, tokens: &[Vec<u8>], dictionaries: usize) -> Self {
        let layout = u32::from(input.byte() % 5);
        let flags = input.byte();
        let rows = input.below(usize::from(MOST_ROWS));
        let offset = input.below(usize::from(MOST_BEFORE));
        let words = match layout == ARROW_DICTIONARY && dictionaries > 0 {
            true => Words::Column(Box::new(Self::sound(input, tokens, dictionaries - 1))),
            false => Words::Missing,
        };
        let mut column = Self {
            layout,
            flags: u32::from(flags) & (BOUNDED | UNSIGNED_INDICES),
            rows,
            offset: if layout == SLICES { 0 } else { offset },
            entries: (layout != SLICES).then(Vec::new),
            validity: None,
            data: View::Bytes(Vec::new()),
            views: None,
            words,
            index_bytes: 1 << (flags >> 6),
            is_old: flags & 0x20 != 0 && matches!(layout, SLICES | ARROW32 | ARROW64) && flags & 1 == 0,
            place: if flags & 0x10 != 0 { Place::Front } else { Place::End },
        };
        let mut valid = Vec::new();
        for _ in 0..column.offset + rows {
            let byte = input.byte();
            valid.push(byte < 0x80);
            column.push(byte, tokens);
        }
        let many = if flags & 8 != 0 && layout != SLICES { MANY } else { 0 };
        column.rows += many;
        for row in 0..many {
            let byte = [SHORT, SHORT + 1, 0x80 | SHORT][row % 3];
            valid.push(byte < 0x80);
            column.push(byte, tokens);
        }
        if layout != SLICES && (flags & 4 != 0 || valid.contains(&false)) {
            let bits = valid.chunks(8).map(|bits| {
                bits.iter().enumerate().fold(0, |byte, (bit, valid)| byte | u8::from(*valid) << bit)
            });
            column.validity = Some(bits.collect());
        }
        column.end_offsets();
        column
    }

    /// Adds a row; from 0x80 on one without a token, from 0xc0 on with
    /// something strange in its place.
    fn push(&mut self, byte: u8, tokens: &[Vec<u8>]) {
        let token = &tokens[usize::from(byte & 0x3f) % tokens.len()];
        let is_null = byte >= 0x80;
        let is_strange = byte >= 0xc0;
        self.end_offsets();
        let View::Bytes(data) = &mut self.data else { return };
        let Some(entries) = &mut self.entries else {
            let view = if is_null { View::Null(0) } else { View::Bytes(token.clone()) };
            return self.views.get_or_insert_default().push(view);
        };
        match self.layout {
            ARROW32 | ARROW64 if !is_null || is_strange => data.extend_from_slice(token),
            ARROW_VIEWS if is_strange => entries.extend_from_slice(&[0xf3; 16]),
            ARROW_VIEWS => {
                let mut view = [byte; 16];
                view[..4].copy_from_slice(&(token.len() as u32).to_ne_bytes());
                if token.len() <= 12 {
                    view[4..4 + token.len()].copy_from_slice(token);
                } else {
                    let buffers = self.views.get_or_insert_with(|| vec![View::Bytes(Vec::new()); BUFFERS]);
                    let index = usize::from(byte) % BUFFERS;
                    let View::Bytes(buffer) = &mut buffers[index] else { return };
                    view[4..8].copy_from_slice(&token[..4]);
                    view[8..12].copy_from_slice(&(index as u32).to_ne_bytes());
                    view[12..].copy_from_slice(&(buffer.len() as u32).to_ne_bytes());
                    buffer.extend_from_slice(token);
                }
                entries.extend_from_slice(&view);
            }
            ARROW_DICTIONARY => {
                let known = if let Words::Column(words) = &self.words { words.rows } else { 0 };
                // So that few rows reach many words.
                let index = 11 * usize::from(byte & 0x3f) % known.max(1);
                let index = if is_strange { u64::MAX } else { index as u64 };
                put(entries, entries.len(), self.index_bytes, index);
            }
            _ => {}
        }
    }

    /// Adds the offset at which the data ends so far.
    fn end_offsets(&mut self) {
        let width = match self.layout {
            ARROW32 => 4,
            ARROW64 => 8,
            _ => return,
        };
        if let (Some(entries), View::Bytes(data)) = (&mut self.entries, &self.data) {
            put(entries, entries.len(), width, data.len() as u64);
        }
    }

    /// The column at some depth, or the last before it.
    fn inner(&mut self, depth: usize) -> &mut Self {
        if depth == 0 || !matches!(self.words, Words::Column(_)) {
            return self;
        }
        let Words::Column(words) = &mut self.words else { unreachable!() };
        words.inner(depth - 1)
    }

    /// Changes one thing.
    fn spoil(&mut self, input: &mut Input<'_>) {
        let width = self.field();
        match input.byte() % 20 {
            0 => self.rows = input.size(),
            1 => self.rows = self.rows.wrapping_add(input.size()),
            2 => self.offset = input.size(),
            3 => self.offset = self.offset.wrapping_add(input.size()),
            4 => resize(self.entries.as_mut(), input),
            5 => resize(self.validity.as_mut(), input),
            6 => change(&mut self.data, input),
            7 | 8 => {
                let views = self.views.get_or_insert_default();
                let index = input.below(views.len());
                if let Some(view) = views.get_mut(index) {
                    change(view, input);
                }
            }
            9 => match input.byte() % 4 {
                0 => self.entries = None,
                1 => self.validity = None,
                2 => self.validity = Some(vec![0x55; 8]),
                _ => self.views = None,
            },
            10 => {
                let count = input.below(2 * BUFFERS);
                self.views.get_or_insert_default().resize(count, View::Null(0));
            }
            11 => self.index_bytes = usize::from(input.byte() % 17),
            12 => self.flags ^= 1 << (input.byte() % 32),
            13 => self.layout = u32::from(input.byte() % 8),
            14 => self.words = if input.byte().is_multiple_of(2) { Words::Missing } else { Words::Itself },
            15 | 16 | 17 => {
                let field = input.below(256);
                let value = input.number().cast_unsigned();
                if let Some(entries) = self.entries.as_mut().filter(|entries| entries.len() >= width) {
                    let at = field % (entries.len() / width) * width;
                    put(entries, at, width, value);
                }
            }
            18 => {
                let bit = input.below(256);
                if let Some(byte) = self.validity.as_mut().and_then(|bits| bits.get_mut(bit / 8)) {
                    *byte ^= 1 << (bit % 8);
                }
            }
            _ => match input.byte() % 4 {
                0 => self.is_old = !self.is_old,
                1 => self.place = Place::Odd,
                2 => self.place = Place::Front,
                _ => self.place = Place::End,
            },
        }
    }

    /// The bytes of what can be changed at `entries`.
    fn field(&self) -> usize {
        match self.layout {
            ARROW64 => 8,
            ARROW_DICTIONARY => self.index_bytes.clamp(1, 8),
            _ => 4,
        }
    }

    /// Makes true what the engine can only believe: that there is a view for each
    /// row, and without `JOT_BOUNDED` an entry and a bit.
    fn keep_promises(&mut self) {
        if let Words::Column(words) = &mut self.words {
            words.keep_promises();
        }
        if self.layout == SLICES && u32::try_from(self.rows).is_ok() && self.views.is_some() {
            self.rows = self.rows.min(self.views.as_ref().map_or(0, Vec::len));
        }
        if self.flags & BOUNDED != 0 {
            return;
        }
        let (width, more) = self.shape();
        let (entries, bits) = (self.needed(width, more), self.needed_bits());
        if entries > isize::MAX as u128 {
            return;
        }
        if entries.max(bits) >= MOST_BYTES as u128 {
            self.flags |= BOUNDED;
            return;
        }
        if let Some(held) = &mut self.entries {
            held.resize(entries as usize, 0);
        }
        if let Some(held) = &mut self.validity {
            held.resize(bits as usize, 0xff);
        }
    }
}

/// Writes an integer of some bytes, which may be new.
fn put(bytes: &mut Vec<u8>, at: usize, width: usize, value: u64) {
    bytes.resize(bytes.len().max(at + width), 0);
    let little = value.to_le_bytes();
    let place = &mut bytes[at..at + width];
    place.copy_from_slice(&little[..width]);
    if cfg!(target_endian = "big") {
        place.reverse();
    }
}

/// Makes a buffer shorter, or a little longer.
fn resize(bytes: Option<&mut Vec<u8>>, input: &mut Input<'_>) {
    let by = input.byte().cast_signed();
    if let Some(bytes) = bytes {
        let len = bytes.len().saturating_add_signed(isize::from(by)).min(MOST_BYTES - 1);
        bytes.resize(len, 0x55);
    }
}

fn change(view: &mut View, input: &mut Input<'_>) {
    match (input.byte() % 3, &mut *view) {
        (0, View::Bytes(bytes)) => resize(Some(bytes), input),
        (1, View::Bytes(bytes)) if !bytes.is_empty() => {
            let at = input.number().cast_unsigned() as usize % bytes.len();
            bytes[at] ^= input.byte();
        }
        (2, _) => *view = View::Null(input.size()),
        (_, View::Null(_)) => *view = View::Bytes(Vec::new()),
        _ => {}
    }
}
