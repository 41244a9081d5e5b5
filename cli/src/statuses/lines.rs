//! Lines that arrive in pieces.

/// The longest line.
const MOST_BYTES: usize = 4096;

/// Puts lines together.
#[derive(Debug, Default)]
pub(super) struct Lines {
    begun: Vec<u8>,
}

impl Lines {
    /// Takes some bytes, and hands over the lines that end in them. Longer ones, and those that
    /// are no text, are passed over.
    pub(super) fn read(&mut self, bytes: &[u8], mut take: impl FnMut(&str)) {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.begun.len() <= MOST_BYTES {
                self.begun.extend_from_slice(part);
            }
            if part.ends_with(b"\n") {
                let line = std::mem::take(&mut self.begun);
                if line.len() <= MOST_BYTES
                    && let Ok(text) = std::str::from_utf8(&line)
                {
                    take(text.trim());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pieces: &[&[u8]]) -> Vec<String> {
        let (mut lines, mut found) = (Lines::default(), Vec::new());
        for piece in pieces {
            lines.read(piece, |line| found.push(line.to_owned()));
        }
        found
    }

    #[test]
    fn lines_are_put_together() {
        assert_eq!(read(&[b"a\nb", b"c", b"\nd\n", b"e"]), ["a", "bc", "d"]);
        assert_eq!(read(&[b"\xff\na\n"]), ["a"]);
    }

    #[test]
    fn lines_are_bounded() {
        let long = [b'x'; MOST_BYTES];
        let joined = read(&[&long, &long, b"y\nz\n"]);
        assert_eq!(joined, ["z"]);
        assert_eq!(read(&[&long[1..], b"\n"])[0].len(), MOST_BYTES - 1);
    }
}
