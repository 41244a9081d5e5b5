//! The parser: one pass over the bytes, one node per value.
//!
//! The text is first checked to be UTF-8 as a whole. Then a cursor makes one pass over
//! it. The cursor is passed by `&mut` through inlined steps so that it stays in
//! registers. The open containers are on our own stack, which the depth limit bounds.
//! The ends of strings are found many bytes at a time, and only a string with a
//! backslash is copied. Names pass through a filter of digests (first bytes and
//! length); only if two digests collide are the names themselves compared.

mod names;

use super::scan::{digits_until, mark, next_mark};
use super::{Document, Fault, FaultKind, Kind, Node, Object, Storage, name_tag};
use crate::limits::MAX_DEPTH;
pub(super) use names::digest;
use names::digest_of;

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
    Ok(Object { document: Document { text, storage }, at: 0 })
}

/// Returns the object of a text that was already parsed into `storage`.
pub(crate) const fn parsed<'d>(text: &'d str, storage: &'d Storage) -> Object<'d> {
    Object { document: Document { text, storage }, at: 0 }
}

/// An open container: its node, its closing bracket, and whether its names may have
/// repeats. Packed into one `u64`: separate stores followed by one wide load would
/// stall on store forwarding.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open(u64);

impl Open {
    /// No container, and no bracket.
    const NOTHING: Self = Self(0);

    const DOUBT: u64 = 1 << 8;

    const fn new(container: usize, end: u8) -> Self {
        Self((container as u64) << 16 | end as u64)
    }

    const fn container(self) -> usize {
        (self.0 >> 16) as usize
    }

    const fn end(self) -> Option<u8> {
        match self.0 as u8 {
            0 => None,
            end => Some(end),
        }
    }

    const fn is_object(self) -> bool {
        self.0 as u8 == b'}'
    }

    const fn is_in_doubt(self) -> bool {
        self.0 & Self::DOUBT != 0
    }
}

/// The deepest nesting of text that is not parsed strictly.
const LENIENT_DEPTH: usize = 1000;

/// The number of words of the filter over names.
const SEEN_WORDS: usize = 8;

/// The position of the parser, which every step advances. Only steps that are inlined
/// into [`Parser::value`] borrow it, so it stays in registers.
#[derive(Clone, Copy)]
struct Cursor {
    /// The offset in the text.
    at: usize,
    /// The number of nodes so far.
    nodes: usize,
}

/// The offset of the fault, if the text is not JSON.
type Parsed = Result<(), usize>;

#[expect(clippy::cast_possible_truncation, reason = "parse() holds texts to u32::MAX bytes")]
const fn narrow(offset: usize) -> u32 {
    offset as u32
}

/// Makes a fault; an offset that is too large becomes `u32::MAX`.
const fn fault(kind: FaultKind, offset: usize) -> Fault {
    let is_far = offset > u32::MAX as usize;
    Fault { kind, offset: if is_far { u32::MAX } else { narrow(offset) } }
}

const fn syntax(offset: usize) -> Fault {
    fault(FaultKind::Syntax, offset)
}

struct Parser<'p, 't, const STRICT: bool> {
    text: &'t str,
    bytes: &'t [u8],
    storage: &'p mut Storage,
    /// The innermost open container; the outer ones are on the stack.
    inside: Open,
    /// The filter over the names of all objects: each name sets two bits in a word,
    /// chosen by its digest and its object.
    seen: [u64; SEEN_WORDS],
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

    #[inline]
    fn peek(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// Skips white space, which is rare in tokens: usually one comparison is enough.
    #[inline]
    fn skip_space(&self, mut at: usize) -> usize {
        if self.peek(at).is_some_and(|byte| byte <= b' ') {
            while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek(at) {
                at += 1;
            }
        }
        at
    }

    /// Writes the next node.
    #[inline(always)]
    fn push(&mut self, cursor: &mut Cursor, kind: Kind, start: usize, end: usize) {
        let next = cursor.nodes + 1;
        self.put(cursor.nodes, Node { start: narrow(start), end: narrow(end), next: narrow(next), kind });
        cursor.nodes = next;
    }

    #[inline(always)]
    fn put(&mut self, at: usize, node: Node) {
        if at == self.storage.nodes.len() {
            self.storage.grow();
        }
        if let Some(place) = self.storage.nodes.get_mut(at) {
            *place = node;
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

    #[inline(always)]
    fn string(&mut self, cursor: &mut Cursor) -> Parsed {
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
    fn resolve(&mut self, mut cursor: Cursor, mut stop: usize) -> Result<Cursor, usize> {
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

    fn text_of(&self, node: &Node) -> &str {
        let source = match node.kind {
            Kind::ResolvedString => self.storage.resolved.as_str(),
            _ => self.text,
        };
        source.get(node.start as usize..node.end as usize).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offset_of_a_fault_stays_at_the_last_there_is() {
        let offset = |offset| fault(FaultKind::Syntax, offset).offset;
        assert_eq!((offset(0), offset(u32::MAX as usize)), (0, u32::MAX));
        assert_eq!(offset((u32::MAX as usize).saturating_add(6)), u32::MAX);
        assert_eq!(offset(usize::MAX), u32::MAX);
    }
}
