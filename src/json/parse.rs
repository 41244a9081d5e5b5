//! The parser: one pass over the bytes, one node per value.
//!
//! The text is first checked to be UTF-8 as a whole. After that a cursor goes
//! over it once. It is handed from step to step as a value and not kept in
//! memory, and the open containers lie on a stack of our own, so that the
//! depth limit also bounds the room. Strings are searched for their end many
//! bytes at a time, and only a string that holds a backslash is copied. Names
//! pass a filter of digests (first bytes and length) as they are read; only
//! where two of them meet are the names themselves compared.

use super::scan::{digits_until, mark, next_mark};
use super::{Document, Fault, FaultKind, Kind, Node, Object, Storage, name_tag};
use crate::limits::MAX_DEPTH;

/// Parses `text` as one JSON object, keeping its nodes in `storage`.
///
/// The text is at most `u32::MAX` bytes long, which the token limit ensures.
#[inline]
pub(crate) fn parse<'d>(text: &'d [u8], storage: &'d mut Storage) -> Result<Object<'d>, Fault> {
    parse_with::<true>(text, storage)
}

/// Parses. What is not `STRICT` is text of strangers' that tokens are looked for
/// in: names may stand in an object twice, a lone surrogate is read as U+FFFD,
/// and the depth limit is another.
pub(super) fn parse_with<'d, const STRICT: bool>(
    text: &'d [u8],
    storage: &'d mut Storage,
) -> Result<Object<'d>, Fault> {
    let text = match std::str::from_utf8(text) {
        Ok(text) if u32::try_from(text.len()).is_ok() => text,
        Ok(_) => return Err(Fault { kind: FaultKind::Syntax, offset: u32::MAX }),
        Err(error) => return Err(fault(FaultKind::Syntax, error.valid_up_to())),
    };
    storage.clear();
    mark(text.as_bytes(), &mut storage.marks);
    let inside = Open { container: 0, end: None, bits: 0, in_doubt: false };
    Parser::<STRICT> { text, bytes: text.as_bytes(), storage, inside }.document()?;
    Ok(Object { document: Document { text, storage }, at: 0 })
}

/// Takes a text that was parsed before, with the storage that it was parsed
/// into.
pub(crate) const fn parsed<'d>(text: &'d str, storage: &'d Storage) -> Object<'d> {
    Object { document: Document { text, storage }, at: 0 }
}

/// A container whose end was not reached yet, and the filter over its names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    container: usize,
    /// The bracket that closes it; outside of all containers there is none.
    end: Option<u8>,
    /// Two bits for each name, chosen by its digest.
    bits: u64,
    /// Two names met, or there are too many to tell.
    in_doubt: bool,
}

/// The deepest nesting of what is not read strictly.
const LENIENT_DEPTH: usize = 1000;

/// Objects with more members than this are always checked in full.
const FILTERED_NAMES: usize = 32;

/// The position after what was read, or the position of what is no JSON.
type Step = Result<usize, usize>;

#[expect(clippy::cast_possible_truncation, reason = "parse() holds texts to u32::MAX bytes")]
const fn narrow(offset: usize) -> u32 {
    offset as u32
}

const fn fault(kind: FaultKind, offset: usize) -> Fault {
    Fault { kind, offset: narrow(offset) }
}

const fn syntax(offset: usize) -> Fault {
    fault(FaultKind::Syntax, offset)
}

struct Parser<'p, 't, const STRICT: bool> {
    text: &'t str,
    bytes: &'t [u8],
    storage: &'p mut Storage,
    /// The innermost open container; those around it are on the stack.
    inside: Open,
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

    /// White space is rare in tokens, so that one comparison mostly settles it.
    #[inline]
    fn skip_space(&self, mut at: usize) -> usize {
        if self.peek(at).is_some_and(|byte| byte <= b' ') {
            while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek(at) {
                at += 1;
            }
        }
        at
    }

    #[inline]
    fn push(&mut self, kind: Kind, start: usize, end: usize) {
        let next = narrow(self.storage.nodes.len() + 1);
        self.storage.nodes.push(Node { start: narrow(start), end: narrow(end), next, kind });
    }

    /// Reads the value at `at` with all it contains.
    fn value(&mut self, mut at: usize) -> Result<usize, Fault> {
        'value: loop {
            at = self.name(at).map_err(syntax)?;
            at = match self.peek(at) {
                Some(b'"') => self.string(at).map_err(syntax)?,
                Some(b'-' | b'0'..=b'9') => self.number(at).map_err(syntax)?,
                Some(bracket @ (b'{' | b'[')) => {
                    at = self.open(bracket + 2, at)?;
                    if self.peek(at) != self.inside.end {
                        continue 'value;
                    }
                    self.close(at)?
                }
                Some(b't') => self.literal(at, b"true", Kind::True).map_err(syntax)?,
                Some(b'f') => self.literal(at, b"false", Kind::False).map_err(syntax)?,
                Some(b'n') => self.literal(at, b"null", Kind::Null).map_err(syntax)?,
                _ => return Err(syntax(at)),
            };
            loop {
                let Some(end) = self.inside.end else { return Ok(at) };
                at = self.skip_space(at);
                match self.peek(at) {
                    Some(b',') => break,
                    Some(byte) if byte == end => at = self.close(at)?,
                    _ => return Err(syntax(at)),
                }
            }
            at = self.skip_space(at + 1);
        }
    }

    /// Opens the container at `at`, which `end` will close, and goes to what is
    /// first inside it. The closing brackets are the code points two above the
    /// opening ones.
    fn open(&mut self, end: u8, at: usize) -> Result<usize, Fault> {
        if self.storage.open.len() >= if STRICT { MAX_DEPTH } else { LENIENT_DEPTH } {
            return Err(fault(FaultKind::TooDeep, at));
        }
        self.storage.open.push(self.inside);
        let container = self.storage.nodes.len();
        self.inside = Open { container, end: Some(end), bits: 0, in_doubt: false };
        self.push(if end == b'}' { Kind::Object } else { Kind::Array }, at, at);
        Ok(self.skip_space(at + 1))
    }

    /// Closes the innermost container at its bracket.
    fn close(&mut self, at: usize) -> Result<usize, Fault> {
        let Some(outer) = self.storage.open.pop() else { return Err(syntax(at)) };
        let closed = std::mem::replace(&mut self.inside, outer);
        let next = narrow(self.storage.nodes.len());
        let mut start = 0;
        if let Some(node) = self.storage.nodes.get_mut(closed.container) {
            start = node.start;
            node.end = narrow(at + 1);
            node.next = next;
        }
        if STRICT && closed.in_doubt && self.has_repeats(closed.container) {
            return Err(Fault { kind: FaultKind::Repeated, offset: start });
        }
        Ok(at + 1)
    }

    /// In an object, reads the member's name and its colon; elsewhere there is
    /// nothing to read.
    #[inline]
    fn name(&mut self, at: usize) -> Step {
        if self.inside.end != Some(b'}') {
            return Ok(at);
        }
        if self.peek(at) != Some(b'"') {
            return Err(at);
        }
        let start = at + 1;
        let stop = next_mark(&self.storage.marks, start);
        let head = self.bytes.get(start..).and_then(<[u8]>::first_chunk::<8>);
        let (digest, at) = match (self.peek(stop), head) {
            (Some(b'"'), Some(head)) => {
                self.push(Kind::String, start, stop);
                (digest_of(u64::from_le_bytes(*head), stop - start), stop + 1)
            }
            _ => self.unusual_name(at)?,
        };
        if STRICT {
            self.filter(digest);
        }
        self.note_tag(digest);
        let at = if self.peek(at) == Some(b':') { at } else { self.skip_space(at) };
        if self.peek(at) != Some(b':') {
            return Err(at);
        }
        Ok(self.skip_space(at + 1))
    }

    /// Reads a name that holds escapes or stands at the very end of the text.
    #[cold]
    fn unusual_name(&mut self, at: usize) -> Result<(u64, usize), usize> {
        let end = self.string(at)?;
        let name = self.storage.nodes.last().map_or("", |node| self.text_of(node));
        Ok((digest(name.as_bytes()), end))
    }

    fn literal(&mut self, at: usize, word: &[u8], kind: Kind) -> Step {
        let end = at + word.len();
        if self.bytes.get(at..end) != Some(word) {
            return Err(at);
        }
        self.push(kind, at, end);
        Ok(end)
    }

    /// RFC 8259 §6: an optional minus, digits without a leading zero, then
    /// optionally a fraction and an exponent.
    #[inline]
    fn number(&mut self, start: usize) -> Step {
        let mut at = start;
        if self.peek(at) == Some(b'-') {
            at += 1;
        }
        at = if self.peek(at) == Some(b'0') { at + 1 } else { self.digits(at)? };
        if let Some(b'.' | b'e' | b'E') = self.peek(at) {
            at = self.fraction(at)?;
        }
        self.push(Kind::Number, start, at);
        Ok(at)
    }

    fn fraction(&self, mut at: usize) -> Step {
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

    /// At least one digit.
    #[inline]
    fn digits(&self, at: usize) -> Step {
        let end = digits_until(self.bytes, at);
        if end == at { Err(at) } else { Ok(end) }
    }

    // Forced: the call would cost as much as most strings do.
    #[inline(always)]
    fn string(&mut self, at: usize) -> Step {
        let start = at + 1;
        let stop = next_mark(&self.storage.marks, start);
        match self.peek(stop) {
            Some(b'"') => {
                self.push(Kind::String, start, stop);
                Ok(stop + 1)
            }
            Some(b'\\') => self.resolve(start, stop),
            _ => Err(stop),
        }
    }

    /// Reads a string with escapes, the first of them at `stop`.
    #[cold]
    fn resolve(&mut self, start: usize, stop: usize) -> Step {
        let first = self.storage.resolved.len();
        let (mut run, mut stop) = (start, stop);
        loop {
            self.storage.resolved.push_str(self.text.get(run..stop).unwrap_or_default());
            match self.peek(stop) {
                Some(b'"') => break,
                Some(b'\\') => run = self.escape(stop)?,
                _ => return Err(stop),
            }
            stop = next_mark(&self.storage.marks, run);
        }
        self.push(Kind::ResolvedString, first, self.storage.resolved.len());
        Ok(stop + 1)
    }

    /// Resolves the escape at `at` and returns where the text goes on.
    fn escape(&mut self, at: usize) -> Step {
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

    /// Resolves `\uXXXX`, or two of them that spell a surrogate pair; a lone
    /// surrogate is no character and is refused.
    fn unicode_escape(&mut self, at: usize) -> Step {
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

    /// Notes the name that was read last, of the innermost object, by its
    /// digest.
    #[inline]
    fn filter(&mut self, digest: u64) {
        let tag = name_tag(digest);
        // Fibonacci hashing spreads digests that differ in few bits; two bits
        // for each name let fewer strangers meet than one.
        let spread = digest.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let bits = 1_u64 << (spread >> 58) | 1_u64 << (spread >> 52 & 63);
        if self.inside.bits & bits == bits {
            self.inside.in_doubt |= self.meets(tag);
        }
        self.inside.bits |= bits;
    }

    /// Keeps the tag of the name that was read last.
    #[inline]
    fn note_tag(&mut self, digest: u64) {
        if let Some(name) = self.storage.nodes.last_mut() {
            name.next = name_tag(digest);
        }
    }

    /// Tells whether an earlier name of the innermost object is the last one,
    /// whose tag is at hand, or there are too many of them to look at.
    #[inline(never)]
    fn meets(&self, tag: u32) -> bool {
        let nodes = &self.storage.nodes;
        let last = nodes.last().map_or("", |name| self.text_of(name));
        let mut at = self.inside.container + 1;
        let mut names = 0;
        // The name at hand is the last node and has no value yet.
        while let (Some(name), Some(value)) = (nodes.get(at), nodes.get(at + 1)) {
            if names == FILTERED_NAMES || (name.next == tag && self.text_of(name) == last) {
                return true;
            }
            names += 1;
            at = value.next as usize;
        }
        false
    }

    /// Tells whether two names of a closed object are equal after their
    /// escapes are resolved (RFC 7519 §4, RFC 8725 §2.6).
    #[cold]
    fn has_repeats(&mut self, container: usize) -> bool {
        let mut order = std::mem::take(&mut self.storage.order);
        order.clear();
        order.extend(self.names(container));
        order.sort_unstable_by(|a, b| self.name_text(*a).cmp(self.name_text(*b)));
        let repeated =
            order.windows(2).any(|pair| matches!(pair, [a, b] if self.name_text(*a) == self.name_text(*b)));
        self.storage.order = order;
        repeated
    }

    /// The node indices of the names of a closed object.
    fn names(&self, container: usize) -> impl Iterator<Item = u32> + '_ {
        let nodes = &self.storage.nodes;
        let end = nodes.get(container).map_or(0, |node| node.next);
        let mut next = narrow(container + 1);
        std::iter::from_fn(move || {
            if next >= end {
                return None;
            }
            let name = next;
            // A name is one node; its value comes right after it.
            next = nodes.get(name as usize + 1)?.next;
            Some(name)
        })
    }

    fn name_text(&self, at: u32) -> &str {
        self.storage.nodes.get(at as usize).map_or("", |node| self.text_of(node))
    }

    fn text_of(&self, node: &Node) -> &str {
        let source = match node.kind {
            Kind::ResolvedString => self.storage.resolved.as_str(),
            _ => self.text,
        };
        source.get(node.start as usize..node.end as usize).unwrap_or_default()
    }
}

/// Equal names have equal digests: the first seven bytes, then the length.
/// `head` is the first eight bytes from the name's begin on, the first of them
/// lowest.
#[inline]
fn digest_of(head: u64, length: usize) -> u64 {
    let head = match length {
        0 => 0,
        1..=6 => head & !u64::MAX.wrapping_shl(narrow(length).wrapping_mul(8)),
        _ => head & (u64::MAX >> 8),
    };
    head | (length.min(255) as u64) << 56
}

/// The same, of a name by itself.
pub(super) fn digest(name: &[u8]) -> u64 {
    let head = name.iter().take(7).rev().fold(0, |head, byte| (head << 8) | u64::from(*byte));
    digest_of(head, name.len())
}
