//! The parser: one pass over the bytes, one node per value.
//!
//! The text is first checked to be UTF-8 as a whole. After that a cursor goes
//! over it once; strings are searched for their end eight bytes at a time, and
//! only a string that holds a backslash is copied. Recursion is bounded by the
//! depth limit. When an object closes, its names are compared pairwise by a
//! 64-bit digest (length and first bytes), or sorted when there are many.

use super::{Document, Fault, FaultKind, Kind, Node, Object, Storage};
use crate::limits::MAX_DEPTH;

/// Objects with more members than this are checked for repeats by sorting.
const PAIRWISE_MEMBERS: usize = 24;

/// Parses `text` as one JSON object, keeping its nodes in `storage`.
///
/// The text is at most `u32::MAX` bytes long, which the token limit ensures.
pub(crate) fn parse<'d>(text: &'d [u8], storage: &'d mut Storage) -> Result<Object<'d>, Fault> {
    let text = match std::str::from_utf8(text) {
        Ok(text) if u32::try_from(text.len()).is_ok() => text,
        Ok(_) => return Err(Fault { kind: FaultKind::Syntax, offset: u32::MAX }),
        Err(error) => return Err(fault(FaultKind::Syntax, error.valid_up_to())),
    };
    let Storage { nodes, resolved, order } = storage;
    nodes.clear();
    resolved.clear();
    let mut parser = Parser { text, bytes: text.as_bytes(), at: 0, nodes, resolved, order };
    parser.document()?;
    let document = Document { text, resolved, nodes };
    Ok(Object { document, at: 0 })
}

#[expect(clippy::cast_possible_truncation, reason = "parse() holds texts to u32::MAX bytes")]
const fn narrow(offset: usize) -> u32 {
    offset as u32
}

const fn fault(kind: FaultKind, offset: usize) -> Fault {
    Fault { kind, offset: narrow(offset) }
}

struct Parser<'p, 't> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    nodes: &'p mut Vec<Node>,
    resolved: &'p mut String,
    order: &'p mut Vec<u32>,
}

#[expect(
    clippy::arithmetic_side_effects,
    reason = "offsets and node counts stay below the text's length, which fits u32"
)]
impl Parser<'_, '_> {
    fn document(&mut self) -> Result<(), Fault> {
        self.skip_space();
        if self.peek() != Some(b'{') {
            // Tell a well-formed text of another type from a malformed one.
            self.value(0)?;
            self.end_of_text()?;
            return Err(fault(FaultKind::NotObject, 0));
        }
        self.value(0)?;
        self.end_of_text()
    }

    fn end_of_text(&mut self) -> Result<(), Fault> {
        self.skip_space();
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.syntax()),
        }
    }

    fn syntax(&self) -> Fault {
        fault(FaultKind::Syntax, self.at)
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    #[inline]
    fn push(&mut self, kind: Kind, start: usize, end: usize) {
        let next = narrow(self.nodes.len() + 1);
        self.nodes.push(Node { start: narrow(start), end: narrow(end), next, kind });
    }

    fn value(&mut self, depth: usize) -> Result<(), Fault> {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'{') => self.object(depth + 1),
            Some(b'[') => self.array(depth + 1),
            Some(b't') => self.literal(b"true", Kind::True),
            Some(b'f') => self.literal(b"false", Kind::False),
            Some(b'n') => self.literal(b"null", Kind::Null),
            _ => Err(self.syntax()),
        }
    }

    fn literal(&mut self, word: &[u8], kind: Kind) -> Result<(), Fault> {
        let end = self.at + word.len();
        if self.bytes.get(self.at..end) != Some(word) {
            return Err(self.syntax());
        }
        self.push(kind, self.at, end);
        self.at = end;
        Ok(())
    }

    fn open(&mut self, kind: Kind, depth: usize) -> Result<usize, Fault> {
        if depth > MAX_DEPTH {
            return Err(fault(FaultKind::TooDeep, self.at));
        }
        let container = self.nodes.len();
        self.push(kind, self.at, self.at);
        self.at += 1;
        self.skip_space();
        Ok(container)
    }

    fn close(&mut self, container: usize) {
        self.at += 1;
        let next = narrow(self.nodes.len());
        if let Some(node) = self.nodes.get_mut(container) {
            node.end = narrow(self.at);
            node.next = next;
        }
    }

    fn object(&mut self, depth: usize) -> Result<(), Fault> {
        let container = self.open(Kind::Object, depth)?;
        let mut members = 0;
        if self.peek() != Some(b'}') {
            loop {
                if self.peek() != Some(b'"') {
                    return Err(self.syntax());
                }
                self.string()?;
                self.skip_space();
                if self.peek() != Some(b':') {
                    return Err(self.syntax());
                }
                self.at += 1;
                self.skip_space();
                self.value(depth)?;
                members += 1;
                self.skip_space();
                match self.peek() {
                    Some(b',') => self.at += 1,
                    Some(b'}') => break,
                    _ => return Err(self.syntax()),
                }
                self.skip_space();
            }
        }
        self.close(container);
        self.refuse_repeats(container, members)
    }

    fn array(&mut self, depth: usize) -> Result<(), Fault> {
        let container = self.open(Kind::Array, depth)?;
        if self.peek() != Some(b']') {
            loop {
                self.value(depth)?;
                self.skip_space();
                match self.peek() {
                    Some(b',') => self.at += 1,
                    Some(b']') => break,
                    _ => return Err(self.syntax()),
                }
                self.skip_space();
            }
        }
        self.close(container);
        Ok(())
    }

    /// RFC 8259 §6: an optional minus, digits without a leading zero, then
    /// optionally a fraction and an exponent.
    fn number(&mut self) -> Result<(), Fault> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits()?,
            _ => return Err(self.syntax()),
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        self.push(Kind::Number, start, self.at);
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start { Err(self.syntax()) } else { Ok(()) }
    }

    fn string(&mut self) -> Result<(), Fault> {
        let start = self.at + 1;
        let stop = plain_until(self.bytes, start);
        match self.bytes.get(stop) {
            Some(b'"') => {
                self.push(Kind::String, start, stop);
                self.at = stop + 1;
                Ok(())
            }
            Some(b'\\') => self.resolve(start, stop),
            _ => Err(fault(FaultKind::Syntax, stop)),
        }
    }

    /// Reads a string with escapes, the first of them at `stop`.
    fn resolve(&mut self, start: usize, stop: usize) -> Result<(), Fault> {
        let first = self.resolved.len();
        let (mut run, mut stop) = (start, stop);
        loop {
            self.resolved.push_str(self.text.get(run..stop).unwrap_or_default());
            match self.bytes.get(stop) {
                Some(b'"') => break,
                Some(b'\\') => run = self.escape(stop)?,
                _ => return Err(fault(FaultKind::Syntax, stop)),
            }
            stop = plain_until(self.bytes, run);
        }
        self.push(Kind::ResolvedString, first, self.resolved.len());
        self.at = stop + 1;
        Ok(())
    }

    /// Resolves the escape at `at` and returns where the text goes on.
    fn escape(&mut self, at: usize) -> Result<usize, Fault> {
        let character = match self.bytes.get(at + 1) {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(*byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(at),
            _ => return Err(fault(FaultKind::Syntax, at)),
        };
        self.resolved.push(character);
        Ok(at + 2)
    }

    /// Resolves `\uXXXX`, or two of them that spell a surrogate pair; a lone
    /// surrogate is no character and is refused.
    fn unicode_escape(&mut self, at: usize) -> Result<usize, Fault> {
        let malformed = fault(FaultKind::Syntax, at);
        let unit = self.code_unit(at).ok_or(malformed)?;
        let (scalar, end) = match unit {
            0xd800..=0xdbff => {
                let low = self.code_unit(at + 6).ok_or(malformed)?;
                if !(0xdc00..=0xdfff).contains(&low) {
                    return Err(malformed);
                }
                (0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00), at + 12)
            }
            unit => (unit, at + 6),
        };
        self.resolved.push(char::from_u32(scalar).ok_or(malformed)?);
        Ok(end)
    }

    fn code_unit(&self, at: usize) -> Option<u32> {
        let digits = self.bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
        digits
            .iter()
            .try_fold(0, |unit, digit| char::from(*digit).to_digit(16).map(|value| (unit << 4) | value))
    }

    /// Refuses an object in which two names are equal after their escapes are
    /// resolved (RFC 7519 §4, RFC 8725 §2.6).
    #[inline]
    fn refuse_repeats(&mut self, container: usize, members: usize) -> Result<(), Fault> {
        let repeated = match members {
            0 | 1 => false,
            2..=PAIRWISE_MEMBERS => self.repeats_pairwise(container),
            _ => self.repeats_sorted(container),
        };
        if repeated {
            let start = self.nodes.get(container).map_or(0, |node| node.start);
            return Err(Fault { kind: FaultKind::Repeated, offset: start });
        }
        Ok(())
    }

    fn repeats_pairwise(&self, container: usize) -> bool {
        let mut digests = [0_u64; PAIRWISE_MEMBERS];
        let mut seen = 0;
        let mut equal = false;
        for name in self.names(container) {
            let digest = self.name_digest(name);
            let Some((earlier, rest)) = digests.split_at_mut_checked(seen) else { break };
            equal |= earlier.iter().fold(false, |found, other| found | (*other == digest));
            if let Some(slot) = rest.first_mut() {
                *slot = digest;
            }
            seen += 1;
        }
        equal
            && self.names(container).enumerate().any(|(count, name)| {
                let text = self.name_text(name);
                self.names(container).take(count).any(|other| self.name_text(other) == text)
            })
    }

    fn repeats_sorted(&mut self, container: usize) -> bool {
        let mut order = std::mem::take(self.order);
        order.clear();
        order.extend(self.names(container));
        order.sort_unstable_by(|a, b| self.name_text(*a).cmp(self.name_text(*b)));
        let repeated =
            order.windows(2).any(|pair| matches!(pair, [a, b] if self.name_text(*a) == self.name_text(*b)));
        *self.order = order;
        repeated
    }

    /// The node indices of the names of a closed object.
    fn names(&self, container: usize) -> impl Iterator<Item = u32> + '_ {
        let end = self.nodes.get(container).map_or(0, |node| node.next);
        let mut next = narrow(container + 1);
        std::iter::from_fn(move || {
            if next >= end {
                return None;
            }
            let name = next;
            // A name is one node; its value comes right after it.
            next = self.nodes.get(name as usize + 1)?.next;
            Some(name)
        })
    }

    fn name_text(&self, at: u32) -> &str {
        let Some(node) = self.nodes.get(at as usize) else { return "" };
        let source = match node.kind {
            Kind::ResolvedString => self.resolved.as_str(),
            _ => self.text,
        };
        source.get(node.start as usize..node.end as usize).unwrap_or_default()
    }

    /// Equal names have equal digests: the first seven bytes and the length.
    fn name_digest(&self, at: u32) -> u64 {
        let name = self.name_text(at).as_bytes();
        let length = u64::from(narrow(name.len()) & 0xff);
        let head = match name.first_chunk::<7>() {
            Some(&[a, b, c, d, e, f, g]) => u64::from_le_bytes([a, b, c, d, e, f, g, 0]),
            None => name.iter().rev().fold(0, |head, byte| (head << 8) | u64::from(*byte)),
        };
        (length << 56) | head
    }
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// Returns the first position from `at` on that holds a quote, a backslash or
/// a control character, or the text's end.
#[inline]
fn plain_until(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk);
        // A byte's high bit is set where the byte is zero after the xor, or
        // below 0x20. The lowest mark is exact; false ones lie only above it.
        let quote = word ^ (ONES.wrapping_mul(0x22));
        let slash = word ^ (ONES.wrapping_mul(0x5c));
        let marks = ((quote.wrapping_sub(ONES) & !quote)
            | (slash.wrapping_sub(ONES) & !slash)
            | (word.wrapping_sub(ONES.wrapping_mul(0x20)) & !word))
            & HIGHS;
        if marks != 0 {
            return at.saturating_add(marks.trailing_zeros() as usize / 8);
        }
        at = at.saturating_add(8);
    }
    while let Some(byte) = bytes.get(at) {
        if matches!(byte, b'"' | b'\\' | 0..=0x1f) {
            break;
        }
        at = at.saturating_add(1);
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(text: &str) -> Result<String, FaultKind> {
        let mut storage = Storage::default();
        match parse(text.as_bytes(), &mut storage) {
            Ok(object) => Ok(format!("{object:?}")),
            Err(fault) => Err(fault.kind),
        }
    }

    #[test]
    fn parser_reads_every_kind_of_value() {
        let text = r#" {"a":[1,-0.5e+3,true,false,null,"x",{}],"":{"b":"\u00e9\ud834\udd1e\n"}} "#;
        let mut storage = Storage::default();
        let object = parse(text.as_bytes(), &mut storage).unwrap();
        assert_eq!(object.path(["", "b"]).unwrap().as_str(), Some("é𝄞\n"));
        let values: Vec<_> = object.member("a").unwrap().as_array().unwrap().iter().collect();
        assert_eq!(values.len(), 7);
        assert_eq!(values[1].as_number().unwrap().as_f64(), -500.0);
        assert_eq!(
            object.member("a").unwrap().as_array().unwrap().as_text(),
            r#"[1,-0.5e+3,true,false,null,"x",{}]"#
        );
    }

    #[test]
    fn parser_refuses_malformed_texts() {
        for text in [
            "",
            " ",
            "{",
            "{}}",
            "{}x",
            "\u{feff}{}",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{,}",
            "{a:1}",
            "{\"a\":01}",
            "{\"a\":1.}",
            "{\"a\":.5}",
            "{\"a\":+1}",
            "{\"a\":1e}",
            "{\"a\":-}",
            "{\"a\":NaN}",
            "{\"a\":tru}",
            "{\"a\":\"\t\"}",
            "{\"a\":\"\\x\"}",
            "{\"a\":\"\\ud800\"}",
            "{\"a\":\"\\udc00\"}",
            "{\"a\":\"\\ud800\\u0041\"}",
            "{\"a\":\"\\u12\"}",
            "{\"a\":\"",
            "{\"a\":[1 2]}",
            "{\"a\":[1,]}",
            "{'a':1}",
            "{\"a\":1}\0",
            "{\"a\":\"\\u+123\"}",
        ] {
            assert_eq!(outcome(text), Err(FaultKind::Syntax), "{text:?}");
        }
        let mut storage = Storage::default();
        assert_eq!(parse(b"{\"a\":\"\xff\"}", &mut storage).unwrap_err().kind, FaultKind::Syntax);
    }

    #[test]
    fn parser_tells_other_types_from_malformed_texts() {
        for text in ["[]", "\"x\"", "1", "null", " true "] {
            assert_eq!(outcome(text), Err(FaultKind::NotObject), "{text:?}");
        }
    }

    #[test]
    fn parser_refuses_repeated_names_at_every_level_and_size() {
        for text in [
            r#"{"a":1,"a":2}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"x":{"abcdefgh":1,"b":2,"abcdefgh":3}}"#,
            r#"{"x":[{"":1,"":2}]}"#,
        ] {
            assert_eq!(outcome(text), Err(FaultKind::Repeated), "{text:?}");
        }
        let many = |last: usize| {
            let members: Vec<_> = (0..100).chain([last]).map(|n| format!("\"m{n}\":{n}")).collect();
            format!("{{{}}}", members.join(","))
        };
        assert_eq!(outcome(&many(37)), Err(FaultKind::Repeated));
        assert!(outcome(&many(100)).is_ok());
        assert!(outcome(r#"{"abcdefgh1":1,"abcdefgh2":2,"abcdefg":{"abcdefg":1}}"#).is_ok());
    }

    #[test]
    fn parser_bounds_the_depth() {
        let nested = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        assert!(outcome(&nested(MAX_DEPTH - 1)).is_ok());
        assert_eq!(outcome(&nested(MAX_DEPTH)), Err(FaultKind::TooDeep));
        assert_eq!(outcome(&nested(100_000)), Err(FaultKind::TooDeep));
    }

    #[test]
    fn plain_until_agrees_with_a_byte_by_byte_search() {
        for stop in [b'"', b'\\', 0, 0x1f] {
            for position in 0..40 {
                for filler in [b' ', b'!', b'#', b'[', b']', 0x7f, 0x80, 0xff] {
                    let mut bytes = [filler; 40];
                    bytes[position] = stop;
                    assert_eq!(plain_until(&bytes, 0), position, "{stop} {filler}");
                }
            }
        }
    }
}
