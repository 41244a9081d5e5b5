//! JSON as tokens carry it: borrowed from the text, and strict.
//!
//! [`Claims::claim`](crate::Claims::claim) and
//! [`JoseHeader::parameter`](crate::JoseHeader::parameter) give out a [`Value`]. A [`JsonReader`]
//! reads other texts with the same parser, less strictly.

// A text is checked as a whole and once (`parse::parse`): UTF-8 without a byte order
// mark, the grammar of RFC 8259, unique member names after their escapes are resolved,
// a bounded depth, nothing after the outer object. The result is a flat list of nodes
// that point back into the text. A number is converted only on demand. The caller owns
// the storage for the nodes and reuses it.
//
// It is our own parser and not simd-json because a Claims Set is small: at 330 bytes a
// two-stage parse costs more than one pass. simd-json also needs a writable copy of the
// text, and rejects valid JSON (1e400) even in claims that nobody reads.
// `cargo bench --bench json` in `benches/` measures both.

mod decimal;
mod document;
mod fault;
mod hint;
mod name;
mod node;
mod number;
mod open;
mod parse;
mod reader;
mod scan;
mod storage;
#[cfg(test)]
mod tests;
mod value;
#[cfg(feature = "capi")]
mod walk;
mod write;

pub(crate) use decimal::is_comparable;
pub(crate) use document::MaybeString;
pub(crate) use fault::{Fault, FaultKind};
pub(crate) use hint::first_text;
pub(crate) use name::tag;
pub(crate) use node::NodeId;
pub use number::Number;
pub(crate) use parse::{parse, parsed};
pub use reader::JsonReader;
pub(crate) use storage::Storage;
pub use value::{Array, Object, Value};
pub(crate) use write::write_string;
