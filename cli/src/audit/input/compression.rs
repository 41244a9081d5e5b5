//! Compressed sources. What is put end to end is read as one, and zeros between
//! and after the pieces, with which tapes and block devices pad, are passed over.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use bzip2::bufread::BzDecoder;
use flate2::bufread::GzDecoder;
use lz4_flex::frame::FrameDecoder;
use lzma_rust2::XzReader;

use crate::audit::args::Compression;

const BUFFER_BYTES: usize = 128 * 1024;

/// How many bytes tell a compression.
const MAGIC_BYTES: u64 = 16;

/// The most memory that the dictionary of an xz file may ask for; `xz -9` asks
/// for 64 MiB.
const XZ_MEMORY_KIB: u32 = 256 * 1024;

/// Bytes as they stand in the source.
type Raw = BufReader<Box<dyn Read + Send>>;

/// A source, and what it begins with on disk.
pub(super) struct Opened {
    pub(super) begin: Vec<u8>,
    pub(super) bytes: Box<dyn Read + Send>,
}

/// Opens what may be compressed. Nothing is lost that was read to tell it.
pub(super) fn open(mut source: impl Read + Send + 'static, named: Compression) -> io::Result<Opened> {
    let mut begin = Vec::new();
    source.by_ref().take(MAGIC_BYTES).read_to_end(&mut begin)?;
    let kind = match named {
        Compression::Auto => told_by(&begin),
        named => named,
    };
    let whole: Box<dyn Read + Send> = Box::new(Cursor::new(begin.clone()).chain(source));
    let raw = BufReader::with_capacity(BUFFER_BYTES, whole);
    let bytes: Box<dyn Read + Send> = match kind {
        Compression::Gzip | Compression::Bzip2 | Compression::Lz4 => {
            Box::new(Pieces { kind, piece: Piece::Between(raw), count: 0 })
        }
        Compression::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(raw)?),
        Compression::Xz => Box::new(XzReader::new_mem_limit(raw, true, XZ_MEMORY_KIB)),
        Compression::None | Compression::Auto => Box::new(raw),
    };
    Ok(Opened { begin, bytes })
}

/// Tells a compression by the first bytes.
fn told_by(begin: &[u8]) -> Compression {
    match begin {
        [0x1f, 0x8b, ..] => Compression::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Compression::Zstd,
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..] => Compression::Bzip2,
        // Of nothing, which has no block.
        [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, 0x45, 0x38, 0x50, 0x90, ..] => Compression::Bzip2,
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Compression::Xz,
        [0x04, 0x22, 0x4d, 0x18, ..] => Compression::Lz4,
        _ => Compression::None,
    }
}

fn pass_zeros(raw: &mut Raw) -> io::Result<()> {
    loop {
        let zeros = raw.fill_buf()?.iter().take_while(|byte| **byte == 0).count();
        if zeros == 0 {
            return Ok(());
        }
        raw.consume(zeros);
    }
}

/// Reads piece after piece.
struct Pieces {
    kind: Compression,
    piece: Piece,
    /// How many began.
    count: u64,
}

enum Piece {
    Between(Raw),
    Gzip(Box<GzDecoder<Raw>>),
    Bzip2(BzDecoder<Raw>),
    Lz4(Box<FrameDecoder<Ending>>),
    Ended,
}

/// Notes whether the end of the source was met: the decoder of LZ4 takes that for
/// the end of a frame.
struct Ending {
    raw: Raw,
    met: bool,
}

impl Ending {
    fn whole(self) -> io::Result<Raw> {
        if self.met { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(self.raw) }
    }
}

impl Read for Ending {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let read = self.raw.read(room)?;
        self.met |= read == 0 && !room.is_empty();
        Ok(read)
    }
}

impl Pieces {
    /// Begins the next piece, if there is one.
    fn next(&mut self, mut raw: Raw) -> io::Result<Piece> {
        if self.count > 0 {
            pass_zeros(&mut raw)?;
        }
        let begin = raw.fill_buf()?;
        if begin.is_empty() {
            return Ok(Piece::Ended);
        }
        if self.count > 0 && !begin.starts_with(self.magic()) {
            return Err(io::Error::other("something else stands behind the compressed text"));
        }
        self.count = self.count.saturating_add(1);
        Ok(match self.kind {
            Compression::Bzip2 => Piece::Bzip2(BzDecoder::new(raw)),
            Compression::Lz4 => Piece::Lz4(Box::new(FrameDecoder::new(Ending { raw, met: false }))),
            _ => Piece::Gzip(Box::new(GzDecoder::new(raw))),
        })
    }

    /// One byte, since more may lie beyond the end of the buffer.
    const fn magic(&self) -> &'static [u8] {
        match self.kind {
            Compression::Bzip2 => b"B",
            Compression::Lz4 => &[0x04],
            _ => &[0x1f],
        }
    }
}

impl Read for Pieces {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = match &mut self.piece {
                Piece::Between(_) => 0,
                Piece::Gzip(piece) => piece.read(room)?,
                Piece::Bzip2(piece) => piece.read(room)?,
                Piece::Lz4(piece) => piece.read(room)?,
                Piece::Ended => return Ok(0),
            };
            if read > 0 || room.is_empty() {
                return Ok(read);
            }
            let raw = match std::mem::replace(&mut self.piece, Piece::Ended) {
                Piece::Between(raw) => raw,
                Piece::Gzip(piece) => piece.into_inner(),
                Piece::Bzip2(piece) => piece.into_inner(),
                Piece::Lz4(piece) => piece.into_inner().whole()?,
                Piece::Ended => return Ok(0),
            };
            self.piece = self.next(raw)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn read(bytes: Vec<u8>) -> io::Result<String> {
        let mut text = String::new();
        open(Cursor::new(bytes), Compression::Auto)?.bytes.read_to_string(&mut text)?;
        Ok(text)
    }

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn bzip2(text: &str) -> Vec<u8> {
        let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn lz4(text: &str) -> Vec<u8> {
        let mut encoder = lz4_flex::frame::FrameEncoder::new(Vec::new());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    /// `printf 'one\n' | xz`
    const XZ: [u8; 60] = [
        0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4, 0xe6, 0xd6, 0xb4, 0x46, 2, 0, 0x21, 1, 0x16, 0, 0, 0, 0x74,
        0x2f, 0xe5, 0xa3, 1, 0, 3, 0x6f, 0x6e, 0x65, 0xa, 0, 0xf5, 0x5c, 0xbb, 0x56, 0x1f, 0xc6, 0xfd, 0x86,
        0, 1, 0x1c, 4, 0x6f, 0x2c, 0x9c, 0xc1, 0x1f, 0xb6, 0xf3, 0x7d, 1, 0, 0, 0, 0, 4, 0x59, 0x5a,
    ];

    #[test]
    fn compression_is_told_by_the_first_bytes() {
        for encode in [gzip, bzip2, lz4] {
            let pieces = [encode("one\n"), encode(""), encode("two\n")].concat();
            assert_eq!(read(pieces.clone()).unwrap(), "one\ntwo\n");
            assert_eq!(read([pieces, vec![0; 300_000]].concat()).unwrap(), "one\ntwo\n");
        }
        assert_eq!(read([&XZ[..], &XZ[..]].concat()).unwrap(), "one\none\n");
        assert_eq!(read(zstd::encode_all(&b"three\n"[..], 1).unwrap()).unwrap(), "three\n");
        for text in ["four\n", "", "B", "BZh9 is a word\n"] {
            assert_eq!(read(text.into()).unwrap(), text);
        }
    }

    #[test]
    fn what_is_cut_or_followed_by_other_bytes_is_an_error() {
        for encode in [gzip, bzip2, lz4] {
            let whole = encode("one\n");
            let cut = whole.get(..whole.len() - 3).unwrap();
            assert!(read(cut.to_vec()).is_err());
            assert!(read([&whole[..], b"log"].concat()).is_err());
        }
        assert!(read(XZ[..50].to_vec()).is_err());
    }
}
