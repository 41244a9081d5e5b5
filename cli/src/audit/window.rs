//! The part of a source that was read and not yet handed on.

use std::io::{self, Read};

/// Bytes in memory that is initialized once: the buffers of chunks come back, and what is
/// in them is overwritten.
pub(super) struct Window {
    room: Vec<u8>,
    filled: usize,
}

impl Window {
    /// Begins without a byte, in the memory of a chunk or in none.
    pub(super) const fn new(room: Vec<u8>) -> Self {
        Self { room, filled: 0 }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.room.get(..self.filled).unwrap_or_default()
    }

    /// Reads until there are `bytes` bytes; returns `true` if the input ended. The whole
    /// rest is asked for at once, which `read_to_end` does not.
    pub(super) fn fill(&mut self, input: &mut dyn Read, bytes: usize) -> io::Result<bool> {
        if self.room.is_empty() {
            // Pages that no byte comes to stay untouched.
            self.room = vec![0; bytes];
        } else if self.room.len() < bytes {
            self.room.resize(bytes, 0);
        }
        while self.filled < bytes {
            match input.read(self.room.get_mut(self.filled..bytes).unwrap_or_default()) {
                Ok(0) => return Ok(true),
                Ok(more) => self.filled = self.filled.saturating_add(more),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }

    /// Takes the first bytes out; the others move to `next`, and the window with them.
    pub(super) fn split(&mut self, end: usize, next: Vec<u8>) -> Vec<u8> {
        let mut after = Self::new(next);
        let rest = self.bytes().get(end..).unwrap_or_default();
        if after.room.len() < rest.len() {
            after.room.resize(rest.len(), 0);
        }
        if let Some(place) = after.room.get_mut(..rest.len()) {
            place.copy_from_slice(rest);
            after.filled = rest.len();
        }
        let Self { mut room, .. } = std::mem::replace(self, after);
        room.truncate(end);
        room
    }

    /// Takes every byte out.
    pub(super) fn take(&mut self) -> Vec<u8> {
        self.split(self.filled, Vec::new())
    }

    /// Drops the first bytes.
    fn pass(&mut self, bytes: usize) {
        self.room.copy_within(bytes.min(self.filled)..self.filled, 0);
        self.filled = self.filled.saturating_sub(bytes);
    }

    /// Skips `bytes` bytes of the window and then of the input.
    pub(super) fn skip(&mut self, input: &mut dyn Read, bytes: u64) -> io::Result<()> {
        let held = usize::try_from(bytes).unwrap_or(usize::MAX).min(self.filled);
        self.pass(held);
        let left = bytes.saturating_sub(u64::try_from(held).unwrap_or(u64::MAX));
        let passed = io::copy(&mut input.take(left), &mut io::sink())?;
        if passed < left {
            return Err(io::Error::other("the source has become shorter"));
        }
        Ok(())
    }

    /// Skips everything up to and including the next newline; returns the number of bytes.
    /// At most `bytes` are read at a time.
    pub(super) fn pass_line(&mut self, input: &mut dyn Read, bytes: usize) -> io::Result<u64> {
        let mut passed = 0_u64;
        loop {
            let newline = memchr::memchr(b'\n', self.bytes()).map(|newline| newline.saturating_add(1));
            let gone = newline.unwrap_or(self.filled);
            passed = passed.saturating_add(u64::try_from(gone).unwrap_or(u64::MAX));
            self.pass(gone);
            if newline.is_some() || self.fill(input, bytes)? && self.filled == 0 {
                return Ok(passed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_out_as_they_stand_in_the_input() {
        let text: Vec<u8> = (0..=255).cycle().take(1000).collect();
        let (mut input, mut window, mut found) = (&text[..], Window::new(Vec::new()), Vec::new());
        let mut room = vec![7; 3];
        loop {
            let at_end = window.fill(&mut input, 64).unwrap();
            let end = if at_end { window.bytes().len() } else { 50 };
            room = window.split(end, room);
            found.extend_from_slice(&room);
            if at_end {
                break;
            }
        }
        assert_eq!(found, text);
        assert!(window.take().is_empty());
    }

    #[test]
    fn lines_and_bytes_are_skipped() {
        let (mut input, mut window) = (&b"long line\nnext\nlast"[..], Window::new(Vec::new()));
        assert!(!window.fill(&mut input, 4).unwrap());
        assert_eq!(window.pass_line(&mut input, 4).unwrap(), 10);
        window.skip(&mut input, 5).unwrap();
        assert!(window.fill(&mut input, 8).unwrap());
        assert_eq!(window.bytes(), b"last");
        assert_eq!(window.pass_line(&mut input, 4).unwrap(), 4);
        assert!(window.skip(&mut input, 1).is_err());
    }
}
