//! The encodings of RSASSA-PKCS1-v1_5 and RSASSA-PSS (RFC 8017 §9), and such
//! that are nearly they.

use aws_lc_rs::digest::{self, Algorithm, digest};
use jot::Alg;

pub(crate) fn hash(alg: Alg) -> &'static Algorithm {
    match alg {
        Alg::RS256 | Alg::PS256 => &digest::SHA256,
        Alg::RS384 | Alg::PS384 => &digest::SHA384,
        _ => &digest::SHA512,
    }
}

/// The DigestInfo of a message.
pub(crate) fn info(alg: Alg, message: &[u8]) -> Vec<u8> {
    let digest = digest(hash(alg), message);
    let size = digest.as_ref().len() as u8;
    let name = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, size / 16 - 1];
    [&[0x30, 17 + size, 0x30, 13, 6, 9], &name[..], &[5, 0, 4, size], digest.as_ref()].concat()
}

pub(crate) fn pkcs1(alg: Alg, message: &[u8], length: usize) -> Vec<u8> {
    let info = info(alg, message);
    pkcs1_with(length - 3 - info.len(), &[&info])
}

/// So many bytes of padding, and these parts behind the zero.
pub(crate) fn pkcs1_with(padding: usize, parts: &[&[u8]]) -> Vec<u8> {
    [&[0, 1], &vec![0xff; padding][..], &[0], &parts.concat()].concat()
}

/// `None` where the salt does not fit.
pub(crate) fn pss(alg: Alg, message: &[u8], length: usize, salt: &[u8]) -> Option<Vec<u8>> {
    let zeros = length.checked_sub(salt.len() + hash(alg).output_len() + 2)?;
    pss_with(alg, message, length, salt, &vec![0; zeros], 1, 0xbc)
}

/// With other bytes in the place of the zeros, of the 1 behind them and of the
/// trailer.
pub(crate) fn pss_with(
    alg: Alg,
    message: &[u8],
    length: usize,
    salt: &[u8],
    zeros: &[u8],
    one: u8,
    trailer: u8,
) -> Option<Vec<u8>> {
    let hash = hash(alg);
    let of_message = digest(hash, message);
    let seed = digest(hash, &[&[0; 8], of_message.as_ref(), salt].concat());
    let mut block = [zeros, &[one], salt].concat();
    for (counter, part) in (0_u32..).zip(block.chunks_mut(hash.output_len())) {
        let mask = digest(hash, &[seed.as_ref(), &counter.to_be_bytes()].concat());
        part.iter_mut().zip(mask.as_ref()).for_each(|(byte, mask)| *byte ^= mask);
    }
    block[0] &= 0x7f;
    let encoded = [&block, seed.as_ref(), &[trailer]].concat();
    (encoded.len() == length).then_some(encoded)
}
