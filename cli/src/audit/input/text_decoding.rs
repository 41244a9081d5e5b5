//! Text in UTF-8 out of what Windows writes: a mark in front, or UTF-16.

use std::io::{self, Cursor, Read};

/// How many bytes show an encoding.
const SHOWN_BYTES: u64 = 64;

const ROOM_BYTES: usize = 64 * 1024;

/// Reads text as UTF-8, without a mark. Bytes that are no UTF-8 stay what they
/// are.
pub(super) fn decoded(mut bytes: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let mut begin = Vec::new();
    bytes.by_ref().take(SHOWN_BYTES).read_to_end(&mut begin)?;
    let (encoding, mark_bytes) = told_by(&begin);
    let begin = begin.split_off(mark_bytes.min(begin.len()));
    let text = Cursor::new(begin).chain(bytes);
    Ok(match encoding {
        Encoding::Utf8 => Box::new(text),
        Encoding::Utf16 { big } => {
            Box::new(Utf16 { text, big, odd: None, high: None, out: Cursor::default() })
        }
        Encoding::Utf32 => {
            return Err(io::Error::other("the text is in UTF-32, which is not read; make it UTF-8"));
        }
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16 { big: bool },
    Utf32,
}

/// Tells the encoding, and how long its mark is. Without a mark UTF-16 is told
/// by its zeros.
fn told_by(begin: &[u8]) -> (Encoding, usize) {
    let zeros = |first: bool| {
        let is_such = |pair: &[u8]| matches!(pair, [a, b] if (*a == 0) == first && (*b == 0) != first);
        begin.len() >= 8 && begin.chunks_exact(2).all(is_such)
    };
    match begin {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => (Encoding::Utf32, 4),
        [0xef, 0xbb, 0xbf, ..] => (Encoding::Utf8, 3),
        [0xff, 0xfe, ..] => (Encoding::Utf16 { big: false }, 2),
        [0xfe, 0xff, ..] => (Encoding::Utf16 { big: true }, 2),
        _ if zeros(false) => (Encoding::Utf16 { big: false }, 0),
        _ if zeros(true) => (Encoding::Utf16 { big: true }, 0),
        _ => (Encoding::Utf8, 0),
    }
}

/// Writes UTF-16 as UTF-8; a lone surrogate becomes U+FFFD.
struct Utf16<R> {
    text: R,
    big: bool,
    odd: Option<u8>,
    high: Option<u16>,
    out: Cursor<Vec<u8>>,
}

impl<R: Read> Utf16<R> {
    /// Fills `out`; it stays empty at the end only.
    fn decode(&mut self) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(ROOM_BYTES);
        bytes.extend(self.odd.take());
        self.text.by_ref().take(ROOM_BYTES as u64).read_to_end(&mut bytes)?;
        let at_end = bytes.len() < ROOM_BYTES;
        let pairs = bytes.chunks_exact(2);
        self.odd = pairs.remainder().first().copied();
        let unit = |pair: &[u8]| {
            let pair = pair.try_into().unwrap_or_default();
            if self.big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
        };
        let mut units: Vec<u16> = self.high.take().into_iter().chain(pairs.map(unit)).collect();
        if !at_end && units.last().is_some_and(|last| (0xd800..0xdc00).contains(last)) {
            self.high = units.pop();
        }
        let mut text: String =
            char::decode_utf16(units).map(|read| read.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        if at_end && self.odd.take().is_some() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
        self.out = Cursor::new(text.into_bytes());
        Ok(())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let read = self.out.read(room)?;
        if read > 0 {
            return Ok(read);
        }
        self.decode()?;
        self.out.read(room)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: Vec<u8>) -> String {
        let mut text = String::new();
        decoded(Box::new(Cursor::new(bytes))).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    }

    #[test]
    fn text_is_read_in_every_encoding() {
        let long = "{\"a\":\"gr\u{fc}n \u{1f511}\"}\n".repeat(30_000);
        for text in ["", "a", "{\"a\":1}\n", &long] {
            assert!(read(text.into()) == text);
            assert!(read(format!("\u{feff}{text}").into()) == text);
            for big in [false, true] {
                assert!(read(utf16(&format!("\u{feff}{text}"), big)) == text, "{big}");
            }
        }
        for big in [false, true] {
            assert_eq!(read(utf16("{\"token\":1}\n", big)), "{\"token\":1}\n");
        }
        assert_eq!(read(vec![0xff, 0xfe, 0x41, 0, 0, 0xd8, 0x42, 0, 7]), "A\u{fffd}B\u{fffd}");
        assert!(decoded(Box::new(Cursor::new(vec![0xff, 0xfe, 0, 0]))).is_err());
    }

    #[test]
    fn other_bytes_stay_what_they_are() {
        let mut found = Vec::new();
        decoded(Box::new(&b"\0a\xff\xfe\x80"[..])).unwrap().read_to_end(&mut found).unwrap();
        assert_eq!(found, b"\0a\xff\xfe\x80");
    }
}
