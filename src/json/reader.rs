//! Reads JSON other than tokens.

use super::parse::parse_with;
use super::storage::Storage;
use super::value::Object;

/// Reads JSON objects that contain tokens, such as the lines of a log, with the parser
/// of the tokens themselves, and reuses its memory.
///
/// It is as strict as for tokens, except for what third parties may have written next to a
/// token: names may be repeated in an object, and [`Object::each`] returns all of them; a
/// lone surrogate is read as U+FFFD; objects and arrays may be nested 1000 deep.
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
    /// Reads a text that is one JSON object; returns `None` if it is not.
    ///
    /// ```
    /// let mut reader = jot::json::JsonReader::default();
    /// let line = reader.read(r#"{"status":401}"#).and_then(|line| line.member("status")?.as_number());
    /// assert_eq!(line.and_then(|status| status.as_i64()), Some(401));
    /// ```
    pub fn read<'d>(&'d mut self, text: &'d (impl AsRef<[u8]> + ?Sized)) -> Option<Object<'d>> {
        parse_with::<false>(text.as_ref(), &mut self.storage).ok()
    }
}
