//! Digests, one by one.

use aws_lc_rs::digest::{SHA256, SHA512, digest};

use crate::algorithm::Hash;
use crate::simd::Ifma;

pub(in crate::ifma) type Digest = [u8; 64];

pub(in crate::ifma) fn digests(_: Ifma, hash: Hash, messages: &[&[u8]], digests: &mut [Digest]) {
    assert_eq!(hash, Hash::Sha256);
    for (to, message) in digests.iter_mut().zip(messages) {
        to[..32].copy_from_slice(digest(&SHA256, message).as_ref());
    }
}

pub(in crate::ifma) fn headed_sha512(_: Ifma, heads: &[[u8; 64]; 8], messages: &[&[u8]; 8]) -> [Digest; 8] {
    std::array::from_fn(|lane| {
        let whole = [&heads[lane], messages[lane]].concat();
        digest(&SHA512, &whole).as_ref().try_into().unwrap()
    })
}
