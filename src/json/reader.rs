//! Reading JSON that is no token's.

use super::parse::parse_with;
use super::{Object, Storage};

/// Reads JSON objects that hold tokens, such as the lines of a log, with the
/// parser that reads the tokens themselves; its room is used again.
///
/// As strict as for tokens but where strangers may have written what stands
/// beside one: names may stand in an object several times, and [`Object::each`]
/// hands out all of them; a lone surrogate is read as U+FFFD; objects and arrays
/// may be nested 1000 deep.
///
/// ```
/// let mut reader = jot::json::JsonReader::default();
/// let line = reader.read(br#"{"status":200,"authorization":"Bearer a.b.c"}"#).unwrap();
/// assert_eq!(line.member("authorization").unwrap().as_str(), Some("Bearer a.b.c"));
/// assert!(reader.read(b"[]").is_none() && reader.read(b"{} {}").is_none());
/// ```
#[derive(Debug, Default)]
pub struct JsonReader {
    storage: Storage,
}

impl JsonReader {
    /// Reads a text that is one JSON object; `None` when it is not.
    pub fn read<'d>(&'d mut self, text: &'d (impl AsRef<[u8]> + ?Sized)) -> Option<Object<'d>> {
        parse_with::<false>(text.as_ref(), &mut self.storage).ok()
    }
}
