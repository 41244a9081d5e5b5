//! The parser: one pass over the bytes, one node per value.
//!
//! The text is first checked to be UTF-8 as a whole. Then a cursor makes one pass over
//! it. The cursor is passed by `&mut` through inlined steps so that it stays in
//! registers. The open containers are on our own stack, which the depth limit bounds.
//! The ends of strings are found many bytes at a time, and only a string with a
//! backslash is copied. Names pass through a filter of digests (first bytes and
//! length); only if two digests collide are the names themselves compared.

mod names;
mod parser;
mod strings;

use super::fault::{Fault, FaultKind};
use super::name::{digest, digest_of, name_tag};
use super::node::{Kind, Node};
use super::open::Open;
use super::scan::{digits_until, mark, next_mark};
use super::storage::Storage;
use super::value::Object;
use crate::limits::MAX_DEPTH;
use parser::{Cursor, Parsed, Parser, SEEN_WORDS, fault, narrow, syntax};

/// The deepest nesting of text that is not parsed strictly.
const LENIENT_DEPTH: usize = 1000;

/// Parses `text` as one JSON object, keeping its nodes in `storage`.
///
/// The text is at most `u32::MAX` bytes long, which the token limit ensures.
#[inline]
pub(crate) fn parse<'d>(text: &'d [u8], storage: &'d mut Storage) -> Result<Object<'d>, Fault> {
    parse_with::<true>(text, storage)
}

/// Parses `text`. With `STRICT = false`, parses third-party JSON, such as log lines
/// that contain tokens: names may be repeated, a lone surrogate is read as U+FFFD, and
/// the depth limit is higher.
pub(super) fn parse_with<'d, const STRICT: bool>(
    text: &'d [u8],
    storage: &'d mut Storage,
) -> Result<Object<'d>, Fault> {
    //= rfc8725#section-3.7
    //# Implementations and applications MUST do this and not use or admit the use of other Unicode
    //# encodings for these purposes.
    let text = match std::str::from_utf8(text) {
        Ok(text) if u32::try_from(text.len()).is_ok() => text,
        Ok(_) => return Err(Fault { kind: FaultKind::Syntax, offset: u32::MAX }),
        Err(error) => return Err(fault(FaultKind::Syntax, error.valid_up_to())),
    };
    storage.clear();
    mark(text.as_bytes(), &mut storage.marks);
    Parser::<STRICT> { text, bytes: text.as_bytes(), storage, inside: Open::NOTHING, seen: [0; SEEN_WORDS] }
        .document()?;
    Ok(Object::outer(text, storage))
}

/// Returns the object of a text that was already parsed into `storage`.
pub(crate) const fn parsed<'d>(text: &'d str, storage: &'d Storage) -> Object<'d> {
    Object::outer(text, storage)
}

#[expect(
    clippy::arithmetic_side_effects,
    reason = "offsets and node counts stay below the text's length, which fits u32"
)]
impl<const STRICT: bool> Parser<'_, '_, STRICT> {
    fn document(&mut self) -> Result<(), Fault> {
        let start = self.skip_space(0);
        let end = self.value(start)?;
        let end = self.skip_space(end);
        //= rfc7515#section-10.12
        //# Implementations MUST consider JWSs containing such input to be invalid.
        if end != self.bytes.len() {
            return Err(syntax(end));
        }
        match self.storage.nodes.first() {
            Some(Node { kind: Kind::Object, .. }) => Ok(()),
            _ => Err(fault(FaultKind::NotObject, start)),
        }
    }

    /// Reads the value at `at` with everything it contains, and returns its end.
    fn value(&mut self, at: usize) -> Result<usize, Fault> {
        let mut here = Cursor { at, nodes: 0 };
        let cursor = &mut here;
        'value: loop {
            // One loop without recursion: each turn reads one value, and in an object
            // its name before it. Brackets only push and pop `inside`.
            if self.inside.is_object() {
                self.name(cursor).map_err(syntax)?;
            }
            match self.peek(cursor.at) {
                Some(b'"') => self.string(cursor).map_err(syntax)?,
                Some(b'-' | b'0'..=b'9') => self.number(cursor).map_err(syntax)?,
                Some(bracket @ (b'{' | b'[')) => {
                    self.open(bracket + 2, cursor)?;
                    if self.peek(cursor.at) != self.inside.end() {
                        continue 'value;
                    }
                    // An empty container is a whole value; what follows it is read below.
                    self.close(cursor)?;
                }
                //= rfc7515#section-10.12
                //# any JSON inputs not conforming to the JSON-text syntax defined in RFC 7159 MUST
                //# be rejected in their entirety
                Some(b't') => self.literal(cursor, b"true", Kind::True).map_err(syntax)?,
                Some(b'f') => self.literal(cursor, b"false", Kind::False).map_err(syntax)?,
                Some(b'n') => self.literal(cursor, b"null", Kind::Null).map_err(syntax)?,
                _ => return Err(syntax(cursor.at)),
            }
            // Fast path: usually another member follows, without white space. Both
            // bytes are checked at once, and the loop below is skipped.
            let behind = self.bytes.get(cursor.at..).and_then(<[u8]>::first_chunk);
            if self.inside.is_object() && behind == Some(b",\"") {
                cursor.at += 1;
                continue;
            }
            loop {
                // `NOTHING` has no end: the outer value is complete.
                let Some(end) = self.inside.end() else { return Ok(cursor.at) };
                cursor.at = self.skip_space(cursor.at);
                match self.peek(cursor.at) {
                    Some(b',') => break,
                    Some(byte) if byte == end => self.close(cursor)?,
                    _ => return Err(syntax(cursor.at)),
                }
            }
            cursor.at = self.skip_space(cursor.at + 1);
        }
    }

    /// Opens the container at the cursor, which `end` will close, and moves to its
    /// first item. A closing bracket is its opening bracket plus two in ASCII.
    #[inline(always)]
    fn open(&mut self, end: u8, cursor: &mut Cursor) -> Result<(), Fault> {
        let at = cursor.at;
        if self.storage.open.len() >= if STRICT { MAX_DEPTH } else { LENIENT_DEPTH } {
            return Err(fault(FaultKind::TooDeep, at));
        }
        self.storage.open.push(self.inside);
        self.inside = Open::new(cursor.nodes, end);
        let kind = if end == b'}' { Kind::Object } else { Kind::Array };
        self.push(cursor, kind, at, at);
        cursor.at = self.skip_space(at + 1);
        Ok(())
    }

    /// Closes the innermost container at its bracket.
    #[inline(always)]
    fn close(&mut self, cursor: &mut Cursor) -> Result<(), Fault> {
        let Some(outer) = self.storage.open.pop() else { return Err(syntax(cursor.at)) };
        let closed = std::mem::replace(&mut self.inside, outer);
        let mut start = 0;
        if let Some(node) = self.storage.nodes.get_mut(closed.container()) {
            start = node.start;
            node.end = narrow(cursor.at + 1);
            node.next = narrow(cursor.nodes);
        }
        if STRICT && closed.is_in_doubt() && self.has_repeats(closed.container()) {
            return Err(Fault { kind: FaultKind::Repeated, offset: start });
        }
        cursor.at += 1;
        Ok(())
    }

    /// Reads a member's name and its colon. Nearly all names have no escapes, no white
    /// space around the colon, and do not end the text;
    /// [`unusual_name`](Self::unusual_name) reads the others.
    #[inline(always)]
    fn name(&mut self, cursor: &mut Cursor) -> Parsed {
        let Cursor { at, nodes } = *cursor;
        let start = at + 1;
        let end = next_mark(&self.storage.marks, start);
        // The opening quote and eight bytes for the digest, which may reach beyond the
        // name; `digest_of` masks the excess. Then the closing quote, the colon, and a
        // byte that is no white space. `get` fails near the end of the text, which is
        // unusual too.
        let text = self.bytes.get(at..).and_then(<[u8]>::first_chunk::<9>);
        let behind = self.bytes.get(end..).and_then(<[u8]>::first_chunk::<3>);
        let (Some([b'"', head @ ..]), Some([b'"', b':', b'!'..=b'~'])) = (text, behind) else {
            *cursor = self.unusual_name(*cursor)?;
            return Ok(());
        };
        let digest = digest_of(u64::from_le_bytes(*head), end - start);
        self.put(
            nodes,
            Node { start: narrow(start), end: narrow(end), next: name_tag(digest), kind: Kind::String },
        );
        self.note(digest, nodes);
        *cursor = Cursor { at: end + 2, nodes: nodes + 1 };
        Ok(())
    }

    /// Reads a name in any spelling, and its colon.
    #[cold]
    #[inline(never)]
    fn unusual_name(&mut self, mut cursor: Cursor) -> Result<Cursor, usize> {
        if self.peek(cursor.at) != Some(b'"') {
            return Err(cursor.at);
        }
        let name = cursor.nodes;
        self.string(&mut cursor)?;
        let digest = digest(self.name_text(narrow(name)).as_bytes());
        self.note(digest, name);
        if let Some(name) = self.storage.nodes.get_mut(name) {
            name.next = name_tag(digest);
        }
        let at = self.skip_space(cursor.at);
        if self.peek(at) != Some(b':') {
            return Err(at);
        }
        cursor.at = self.skip_space(at + 1);
        Ok(cursor)
    }

    #[inline(always)]
    fn literal(&mut self, cursor: &mut Cursor, word: &[u8], kind: Kind) -> Parsed {
        let (start, end) = (cursor.at, cursor.at + word.len());
        if self.bytes.get(start..end) != Some(word) {
            return Err(start);
        }
        self.push(cursor, kind, start, end);
        cursor.at = end;
        Ok(())
    }

    /// RFC 8259 §6: an optional minus, digits without a leading zero, then
    /// optionally a fraction and an exponent.
    #[inline(always)]
    fn number(&mut self, cursor: &mut Cursor) -> Parsed {
        let mut at = cursor.at;
        if self.peek(at) == Some(b'-') {
            at += 1;
        }
        at = if self.peek(at) == Some(b'0') { at + 1 } else { self.digits(at)? };
        if let Some(b'.' | b'e' | b'E') = self.peek(at) {
            at = self.fraction(at)?;
        }
        self.push(cursor, Kind::Number, cursor.at, at);
        cursor.at = at;
        Ok(())
    }

    fn fraction(&self, mut at: usize) -> Result<usize, usize> {
        if self.peek(at) == Some(b'.') {
            at = self.digits(at + 1)?;
        }
        if let Some(b'e' | b'E') = self.peek(at) {
            at += 1;
            if let Some(b'+' | b'-') = self.peek(at) {
                at += 1;
            }
            at = self.digits(at)?;
        }
        Ok(at)
    }

    /// Reads one or more digits.
    #[inline]
    fn digits(&self, at: usize) -> Result<usize, usize> {
        let end = digits_until(self.bytes, at);
        if end == at { Err(at) } else { Ok(end) }
    }
}
