//! Reads strings, and resolves their escapes.

use super::parser::{Cursor, Parsed, Parser};
use crate::json::node::Kind;
use crate::json::scan::next_mark;

#[expect(
    clippy::arithmetic_side_effects,
    reason = "offsets and node counts stay below the text's length, which fits u32"
)]
impl<const STRICT: bool> Parser<'_, '_, STRICT> {
    #[inline(always)]
    pub(super) fn string(&mut self, cursor: &mut Cursor) -> Parsed {
        let start = cursor.at + 1;
        let stop = next_mark(&self.storage.marks, start);
        match self.peek(stop) {
            Some(b'"') => {
                self.push(cursor, Kind::String, start, stop);
                cursor.at = stop + 1;
            }
            Some(b'\\') => *cursor = self.resolve(Cursor { at: start, ..*cursor }, stop)?,
            _ => return Err(stop),
        }
        Ok(())
    }

    /// Reads a string with escapes, the first of them at `stop`.
    #[cold]
    #[inline(never)]
    pub(super) fn resolve(&mut self, mut cursor: Cursor, mut stop: usize) -> Result<Cursor, usize> {
        let first = self.storage.resolved.len();
        loop {
            self.storage.resolved.push_str(self.text.get(cursor.at..stop).unwrap_or_default());
            match self.peek(stop) {
                Some(b'"') => break,
                Some(b'\\') => cursor.at = self.escape(stop)?,
                _ => return Err(stop),
            }
            stop = next_mark(&self.storage.marks, cursor.at);
        }
        self.push(&mut cursor, Kind::ResolvedString, first, self.storage.resolved.len());
        cursor.at = stop + 1;
        Ok(cursor)
    }

    /// Resolves the escape at `at` and returns the offset after it.
    fn escape(&mut self, at: usize) -> Result<usize, usize> {
        let character = match self.peek(at + 1) {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(at),
            _ => return Err(at),
        };
        self.storage.resolved.push(character);
        Ok(at + 2)
    }

    /// Resolves `\uXXXX`, or two of them that form a surrogate pair. A lone surrogate
    /// is not a character and is rejected, unless the parser is lenient.
    fn unicode_escape(&mut self, at: usize) -> Result<usize, usize> {
        //= rfc7515#section-10.13
        //# JWS implementations SHOULD ensure that characters outside the Basic Multilingual Plane
        //# are preserved and compared correctly
        let unit = self.code_unit(at).ok_or(at)?;
        let low = || self.code_unit(at + 6).filter(|low| (0xdc00..=0xdfff).contains(low));
        let (scalar, end) = match unit {
            0xd800..=0xdbff => match low() {
                Some(low) => (0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00), at + 12),
                None => (unit, at + 6),
            },
            unit => (unit, at + 6),
        };
        let lone = if STRICT { None } else { Some(char::REPLACEMENT_CHARACTER) };
        self.storage.resolved.push(char::from_u32(scalar).or(lone).ok_or(at)?);
        Ok(end)
    }

    fn code_unit(&self, at: usize) -> Option<u32> {
        let digits = self.bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
        digits
            .iter()
            .try_fold(0, |unit, digit| char::from(*digit).to_digit(16).map(|value| (unit << 4) | value))
    }
}
