//! CSV whose quoted fields hold line breaks: they become spaces, and every record is a
//! line.

use std::io::{self, Read};

const ROOM_BYTES: usize = 64 * 1024;

/// A field with line breaks may be so long. Behind a quote that nobody closes, the
/// lines count as lines again, lest one hides all that follow.
const LONGEST_BYTES: usize = 256 * 1024;

/// Joins the lines of each record.
pub(super) struct QuotedLines<R> {
    input: R,
    delimiter: u8,
    bytes: Vec<u8>,
    /// How far they were looked at.
    seen: usize,
    /// The byte before them.
    before: u8,
    /// Where the open field begins, and its line breaks.
    open: Option<(usize, Vec<usize>)>,
    at_end: bool,
}

impl<R: Read> QuotedLines<R> {
    pub(super) fn new(input: R, delimiter: u8) -> Self {
        Self { input, delimiter, bytes: Vec::new(), seen: 0, before: b'\n', open: None, at_end: false }
    }

    /// Looks at what was read.
    fn look(&mut self) {
        loop {
            let rest = self.bytes.get(self.seen..).unwrap_or_default();
            let Some((begin, breaks)) = &mut self.open else {
                let Some(quote) = memchr::memchr(b'"', rest) else {
                    self.seen = self.bytes.len();
                    return;
                };
                let at = self.seen.saturating_add(quote);
                let before = at.checked_sub(1).and_then(|last| self.bytes.get(last)).unwrap_or(&self.before);
                if *before == self.delimiter || *before == b'\n' {
                    self.open = Some((at, Vec::new()));
                }
                self.seen = at.saturating_add(1);
                continue;
            };
            let is_too_long = self.bytes.len().saturating_sub(*begin) > LONGEST_BYTES;
            let found = memchr::memchr2(b'"', b'\n', rest).map(|found| self.seen.saturating_add(found));
            let Some(at) = found else {
                self.seen = self.bytes.len();
                if self.at_end || is_too_long {
                    self.give_up();
                }
                return;
            };
            let next = at.saturating_add(1);
            if self.bytes.get(at) == Some(&b'\n') {
                breaks.push(at);
                if let Some(byte) = self.bytes.get_mut(at) {
                    *byte = b' ';
                }
                self.seen = next;
                continue;
            }
            match self.bytes.get(next) {
                None if !self.at_end => {
                    self.seen = at;
                    return;
                }
                Some(b'"') => self.seen = next.saturating_add(1),
                Some(byte) if *byte != self.delimiter && !matches!(byte, b'\r' | b'\n') => {
                    self.give_up();
                    self.seen = next;
                }
                _ => {
                    self.open = None;
                    self.seen = next;
                }
            }
        }
    }

    /// Takes the open field for one without quotes.
    fn give_up(&mut self) {
        for at in self.open.take().map(|(_, breaks)| breaks).unwrap_or_default() {
            if let Some(byte) = self.bytes.get_mut(at) {
                *byte = b'\n';
            }
        }
    }

    /// How many bytes are decided.
    fn ready(&self) -> usize {
        match &self.open {
            Some((begin, breaks)) if !breaks.is_empty() => *begin,
            _ => self.seen,
        }
    }
}

impl<R: Read> Read for QuotedLines<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        while self.ready() == 0 && !self.at_end {
            let before = self.bytes.len();
            self.input.by_ref().take(ROOM_BYTES as u64).read_to_end(&mut self.bytes)?;
            self.at_end = self.bytes.len().saturating_sub(before) < ROOM_BYTES;
            self.look();
        }
        let count = self.ready().min(room.len());
        let (Some(from), Some(to)) = (self.bytes.get(..count), room.get_mut(..count)) else { return Ok(0) };
        to.copy_from_slice(from);
        self.before = from.last().copied().unwrap_or(self.before);
        self.bytes.drain(..count);
        self.seen = self.seen.saturating_sub(count);
        if let Some((begin, breaks)) = &mut self.open {
            *begin = begin.saturating_sub(count);
            breaks.iter_mut().for_each(|at| *at = at.saturating_sub(count));
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str) -> String {
        let mut whole = String::new();
        QuotedLines::new(text.as_bytes(), b',').read_to_string(&mut whole).unwrap();
        whole
    }

    #[test]
    fn line_breaks_in_quotes_become_spaces() {
        assert_eq!(joined("a,\"b\nc\",d\ne,f\n"), "a,\"b c\",d\ne,f\n");
        assert_eq!(joined("\"a\n\"\"\n\",b\r\n\"c\"\n"), "\"a \"\" \",b\r\n\"c\"\n");
        assert_eq!(joined("\"a\nb\""), "\"a b\"");
        let long = format!("x,\"{}\"\n", "y\n".repeat(50_000));
        assert_eq!(joined(&long).lines().count(), 1);
    }

    #[test]
    fn quote_that_is_not_closed_hides_no_line() {
        for text in ["a,\"b\nc,d\n", "a,\"b\nc,\"d\ne\n", "a\"b\nc\"d\n", "a,\"b\nc\"x,d\n"] {
            assert_eq!(joined(text), text);
        }
        let long = format!("x,\"y\n{}", "z,1\n".repeat(100_000));
        assert!(joined(&long).lines().count() > 99_000);
    }
}
