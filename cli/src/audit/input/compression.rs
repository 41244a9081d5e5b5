//! Compressed sources.

use std::io::{self, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

use crate::audit::args::Compression;

const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
const BUFFER_BYTES: usize = 128 * 1024;

/// Opens a source that may be compressed; concatenated files are read as one.
pub(super) fn open(
    source: impl Read + Send + 'static,
    named: Compression,
) -> io::Result<Box<dyn Read + Send>> {
    let mut reader = BufReader::with_capacity(BUFFER_BYTES, source);
    let kind = match named {
        Compression::Auto => detect(&mut reader)?,
        named => named,
    };
    Ok(match kind {
        Compression::Gzip => Box::new(MultiGzDecoder::new(reader)),
        Compression::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(reader)?),
        Compression::None | Compression::Auto => Box::new(reader),
    })
}

fn detect(reader: &mut BufReader<impl Read>) -> io::Result<Compression> {
    let begin = io::BufRead::fill_buf(reader)?;
    Ok(match begin {
        _ if begin.starts_with(&ZSTD) => Compression::Zstd,
        _ if begin.starts_with(&GZIP) => Compression::Gzip,
        _ => Compression::None,
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn read(bytes: Vec<u8>) -> String {
        let mut text = String::new();
        open(io::Cursor::new(bytes), Compression::Auto).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn compression_is_told_by_the_first_bytes() {
        let gzip = |text: &str| {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(text.as_bytes()).unwrap();
            encoder.finish().unwrap()
        };
        assert_eq!(read([gzip("one\n"), gzip("two\n")].concat()), "one\ntwo\n");
        assert_eq!(read(zstd::encode_all(&b"three\n"[..], 1).unwrap()), "three\n");
        assert_eq!(read(b"four\n".to_vec()), "four\n");
        assert_eq!(read(Vec::new()), "");
    }
}
