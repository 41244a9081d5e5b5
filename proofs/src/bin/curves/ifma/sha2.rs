//! Digests, one by one.

use aws_lc_rs::digest::{SHA256, SHA384, SHA512, digest};

use crate::algorithm::Hash;
use crate::simd::Ifma;

pub(in crate::ifma) type Digest = [u8; 64];

pub(in crate::ifma) fn digests(_: Ifma, hash: Hash, messages: &[&[u8]], digests: &mut [Digest]) {
    let algorithm = match hash {
        Hash::Sha256 => &SHA256,
        Hash::Sha384 => &SHA384,
        Hash::Sha512 => &SHA512,
    };
    for (to, message) in digests.iter_mut().zip(messages) {
        to[..hash.output_bytes()].copy_from_slice(digest(algorithm, message).as_ref());
    }
}

pub(in crate::ifma) fn headed_sha512(_: Ifma, heads: &[[u8; 64]; 8], messages: &[&[u8]; 8]) -> [Digest; 8] {
    std::array::from_fn(|lane| {
        let whole = [&heads[lane], messages[lane]].concat();
        digest(&SHA512, &whole).as_ref().try_into().unwrap()
    })
}
