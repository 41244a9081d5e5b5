//! Decompresses what somebody else compressed, within a bound.

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::{
    TINFL_FLAG_PARSE_ZLIB_HEADER, TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF,
};
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use crate::error::Code;

/// The first room for the bytes, unless fewer are allowed.
const FIRST_ROOM: usize = 4096;

/// Decompresses a whole ZLIB stream (RFC 1950), after which nothing may follow.
///
/// # Errors
/// [`Code::StatusListTooLong`] if it has more than `most` bytes, of which no more are ever
/// held; [`Code::StatusListInvalid`].
pub(super) fn inflate(compressed: &[u8], most: usize) -> Result<Box<[u8]>, Code> {
    const FLAGS: u32 = TINFL_FLAG_PARSE_ZLIB_HEADER | TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    // The end of a stream is seen only where there is room for another byte.
    let most_room = most.saturating_add(1);
    let mut state = Box::<DecompressorOxide>::default();
    let mut bytes = vec![0; FIRST_ROOM.min(most_room)];
    let (mut read, mut written) = (0_usize, 0_usize);
    loop {
        let rest = compressed.get(read..).unwrap_or_default();
        let (status, taken, made) = decompress(&mut state, rest, &mut bytes, written, FLAGS);
        (read, written) = (read.saturating_add(taken), written.saturating_add(made));
        if written > most {
            return Err(Code::StatusListTooLong);
        }
        match status {
            TINFLStatus::Done if read == compressed.len() => break,
            TINFLStatus::HasMoreOutput if bytes.len() < most_room => {
                bytes.resize(bytes.len().saturating_mul(2).min(most_room), 0);
            }
            _ => return Err(Code::StatusListInvalid),
        }
    }
    bytes.truncate(written);
    Ok(bytes.into_boxed_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The list of 16 tokens in §4.1 of the draft.
    const SIXTEEN: [u8; 10] = [0x78, 0xda, 0xdb, 0xb9, 0x18, 0x00, 0x02, 0x17, 0x01, 0x5d];

    #[test]
    fn stream_is_read_to_its_end_and_within_the_bound() {
        assert_eq!(inflate(&SIXTEEN, 2).as_deref(), Ok(&[0xb9, 0xa3][..]));
        assert_eq!(inflate(&SIXTEEN, 1), Err(Code::StatusListTooLong));
        assert_eq!(inflate(&SIXTEEN, 0), Err(Code::StatusListTooLong));
        assert_eq!(inflate(&SIXTEEN, usize::MAX).as_deref(), Ok(&[0xb9, 0xa3][..]));
    }

    #[test]
    fn stream_that_is_cut_changed_or_followed_by_more_is_malformed() {
        for cut in 0..SIXTEEN.len() {
            assert_eq!(inflate(&SIXTEEN[..cut], 9), Err(Code::StatusListInvalid), "{cut}");
        }
        for place in 0..SIXTEEN.len() {
            let mut other = SIXTEEN;
            other[place] ^= 0x10;
            // What fills up the byte after the last block means nothing (RFC 1951 §3.2.3).
            let is_filling = place == 5;
            assert_eq!(inflate(&other, 9).is_ok(), is_filling, "{place}");
        }
        assert_eq!(inflate(&[&SIXTEEN[..], &[0]].concat(), 9), Err(Code::StatusListInvalid));
        // Without the header and the sum of ZLIB.
        assert_eq!(inflate(&SIXTEEN[2..6], 9), Err(Code::StatusListInvalid));
    }

    #[test]
    fn long_stream_is_given_room_and_no_more_than_the_bound() {
        let plain = vec![0; 1 << 20];
        let small = miniz_oxide::deflate::compress_to_vec_zlib(&plain, 9);
        assert_eq!(inflate(&small, plain.len()).as_deref(), Ok(&plain[..]));
        assert_eq!(inflate(&small, plain.len() - 1), Err(Code::StatusListTooLong));
    }
}
