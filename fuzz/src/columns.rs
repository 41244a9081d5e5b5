//! Columns of tokens that are made sound and then spoilt, and a plain reader
//! of them.

mod made;
mod reader;

use std::mem::offset_of;

pub use made::SHORT;
pub use reader::Rows;

use crate::capi::{ARROW_DICTIONARY, ARROW_VIEWS, ARROW32, ARROW64, BOUNDED, Slice, Tokens};
use crate::guarded::{Pages, Place};

/// So many dictionaries may stand in each other.
const MOST_DICTIONARIES: usize = 4;

/// A view of the caller's: bytes, or NULL with a length.
#[derive(Clone, Debug)]
enum View {
    Bytes(Vec<u8>),
    Null(usize),
}

impl View {
    fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Null(0) => Some(&[]),
            Self::Null(_) => None,
        }
    }

    fn lay_out(&self, pages: &mut Pages, place: Place) -> Slice {
        match self {
            Self::Bytes(bytes) => Slice { ptr: pages.put(bytes, place), len: bytes.len() },
            Self::Null(len) => Slice { ptr: std::ptr::null(), len: *len },
        }
    }
}

#[derive(Clone, Debug)]
enum Words {
    Missing,
    /// The column itself.
    Itself,
    Column(Box<Column>),
}

/// A column, as `jot_tokens` tells of it.
#[derive(Clone, Debug)]
pub struct Column {
    layout: u32,
    flags: u32,
    rows: usize,
    offset: usize,
    /// Offsets, Arrow views or indices.
    entries: Option<Vec<u8>>,
    validity: Option<Vec<u8>>,
    data: View,
    /// Of slices the tokens, of Arrow views the buffers.
    views: Option<Vec<View>>,
    words: Words,
    index_bytes: usize,
    /// The struct ends where its first version did.
    is_old: bool,
    place: Place,
}

impl Column {
    /// Returns the rows that the column says it has.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The bytes of an entry, and how many entries there are beside the rows'.
    fn shape(&self) -> (usize, usize) {
        match self.layout {
            ARROW32 => (4, 1),
            ARROW64 => (8, 1),
            ARROW_VIEWS => (16, 0),
            ARROW_DICTIONARY => (self.index_bytes, 0),
            _ => (0, 0),
        }
    }

    fn needed(&self, width: usize, more: usize) -> u128 {
        (self.offset as u128 + self.rows as u128 + more as u128) * width as u128
    }

    fn needed_bits(&self) -> u128 {
        self.needed(1, 0).div_ceil(8)
    }

    /// Puts the column into memory for the engine.
    pub fn lay_out(&self, pages: &mut Pages) -> *const Tokens {
        let put = |bytes: &Option<Vec<u8>>, pages: &mut Pages| match bytes {
            Some(bytes) => pages.put(bytes, self.place).cast_const(),
            None => std::ptr::null(),
        };
        let told = |bytes: &Option<Vec<u8>>| match self.flags & BOUNDED {
            // Nobody may look at it.
            0 => usize::MAX,
            _ => bytes.as_ref().map_or(0, Vec::len),
        };
        let views = self.views.as_ref().map(|views| {
            let views: Vec<_> = views.iter().map(|view| view.lay_out(pages, self.place)).collect();
            pages.put_all(&views).cast_const()
        });
        let views = views.unwrap_or(std::ptr::null());
        let size = if self.is_old { offset_of!(Tokens, offsets_bytes) } else { size_of::<Tokens>() };
        let tokens = Tokens {
            size,
            layout: self.layout,
            flags: self.flags,
            rows: self.rows,
            slices: views,
            data: self.data.lay_out(pages, self.place),
            offsets: put(&self.entries, pages),
            validity: put(&self.validity, pages),
            offset: self.offset,
            offsets_bytes: told(&self.entries),
            validity_bytes: told(&self.validity),
            buffers: views,
            buffer_count: self.views.as_ref().map_or(0, Vec::len),
            dictionary: match &self.words {
                Words::Missing | Words::Itself => std::ptr::null(),
                Words::Column(words) => words.lay_out(pages),
            },
            index_bytes: self.index_bytes,
        };
        // SAFETY: a struct without padding, of which this is the beginning.
        let bytes = unsafe { std::slice::from_raw_parts((&raw const tokens).cast(), size) };
        let at = pages.put(bytes, Place::End).cast::<Tokens>();
        if matches!(self.words, Words::Itself) && !self.is_old {
            // SAFETY: the whole struct was put there.
            unsafe { (&raw mut (*at).dictionary).write(at) };
        }
        at
    }
}
