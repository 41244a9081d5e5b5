//! Lines of bounded length from input of any size.

use std::io::{self, BufRead as _, BufReader, Read};

use jot_show::text::without_mark;

const BUFFER_BYTES: usize = 64 * 1024;

/// One line that is not blank, without its end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'l> {
    Kept(&'l [u8]),
    /// Longer than the bound; skipped and not kept.
    TooLong,
}

/// Reads lines and keeps at most one, up to a bounded length.
pub(super) struct Lines<R> {
    reader: BufReader<R>,
    kept: Vec<u8>,
    bound_bytes: usize,
    number: u64,
    consumed_bytes: u64,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(source: R, bound_bytes: usize) -> Self {
        let reader = BufReader::with_capacity(BUFFER_BYTES, source);
        Self { reader, kept: Vec::new(), bound_bytes, number: 0, consumed_bytes: 0 }
    }

    /// Returns the next line that is not blank, and its number, from 1 and including
    /// blank lines.
    pub(super) fn next(&mut self) -> io::Result<Option<(u64, Line<'_>)>> {
        loop {
            self.kept.clear();
            let Some(too_long) = self.read_line()? else { return Ok(None) };
            self.number = self.number.saturating_add(1);
            if too_long {
                return Ok(Some((self.number, Line::TooLong)));
            }
            if self.kept.last() == Some(&b'\r') {
                self.kept.pop();
            }
            if self.number == 1 {
                let mark = self.kept.len().saturating_sub(without_mark(&self.kept).len());
                self.kept.drain(..mark);
            }
            if !self.kept.trim_ascii().is_empty() {
                return Ok(Some((self.number, Line::Kept(&self.kept))));
            }
        }
    }

    /// Reads past the next newline. Returns `true` if the line was too long, or `None`
    /// at the end of the input.
    fn read_line(&mut self) -> io::Result<Option<bool>> {
        let (mut any, mut too_long) = (false, false);
        loop {
            let buffer = match self.reader.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if buffer.is_empty() {
                return Ok(any.then_some(too_long));
            }
            any = true;
            let newline = memchr::memchr(b'\n', buffer);
            let part = buffer.get(..newline.unwrap_or(buffer.len())).unwrap_or_default();
            too_long |= self.kept.len().saturating_add(part.len()) > self.bound_bytes;
            if !too_long {
                self.kept.extend_from_slice(part);
            }
            let used = part.len().saturating_add(usize::from(newline.is_some()));
            self.reader.consume(used);
            self.consumed_bytes = self.consumed_bytes.saturating_add(u64::try_from(used).unwrap_or(u64::MAX));
            if newline.is_some() {
                return Ok(Some(too_long));
            }
        }
    }

    /// Returns `true` if reading the next line may block.
    pub(super) fn may_wait(&self) -> bool {
        self.reader.buffer().is_empty()
    }

    pub(super) const fn consumed_bytes(&self) -> u64 {
        self.consumed_bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, bound: usize) -> Vec<(u64, Option<String>)> {
        let mut lines = Lines::new(text.as_bytes(), bound);
        let mut found = Vec::new();
        while let Some((number, line)) = lines.next().unwrap() {
            found.push(match line {
                Line::Kept(bytes) => (number, Some(String::from_utf8(bytes.to_vec()).unwrap())),
                Line::TooLong => (number, None),
            });
        }
        assert_eq!(lines.consumed_bytes(), text.len() as u64);
        found
    }

    #[test]
    fn blank_lines_are_counted_and_passed_over() {
        let kept = |number, line: &str| (number, Some(line.to_owned()));
        assert_eq!(all("a\r\n\n \t\r\nb\r\r\nc", 9), [kept(1, "a"), kept(4, "b\r"), kept(5, "c")]);
        assert_eq!(all("", 9), []);
        assert_eq!(all("\n\n", 9), []);
    }

    #[test]
    fn long_lines_are_read_past() {
        let long = "x".repeat(3 * BUFFER_BYTES);
        let text = format!("a\n{long}\n123456789\n1234567890\n");
        assert_eq!(
            all(&text, 9),
            [(1, Some("a".to_owned())), (2, None), (3, Some("123456789".to_owned())), (4, None)]
        );
        assert_eq!(all(&long, 9), [(1, None)]);
    }
}
