//! Digests beside those of aws-lc.

use aws_lc_rs::digest;

use super::padded::Padded;
use super::sha256::Sha256;
use super::sha512::Sha512;
use super::{Hasher, SHA256_INITIAL, SHA384_INITIAL, SHA512_INITIAL, headed_sha512};
use crate::missing::missing;
use crate::simd::{Ifma, ShaNi};

/// Bytes that look like no other: every lane and place has its own.
fn message(seed: usize, length: usize) -> Vec<u8> {
    let bytes = (0..length).map(|at| (at.wrapping_mul(167) ^ seed.wrapping_mul(59) ^ (at >> 8)) as u8);
    bytes.collect()
}

/// Hashes lanes of the given lengths and compares each.
fn compare(ifma: Ifma, lengths: &[usize; 16]) {
    let messages: [Vec<u8>; 16] = std::array::from_fn(|lane| message(lane, lengths[lane]));
    let lanes = messages.each_ref().map(|message| Padded::ending(message, 0));
    for (message, found) in messages.iter().zip(Sha256::digests(ifma, &SHA256_INITIAL, &lanes)) {
        assert_eq!(found[..32], *digest::digest(&digest::SHA256, message).as_ref(), "{lengths:?}");
        match ShaNi::detect() {
            Some(sha) => assert_eq!(sha.digest(&SHA256_INITIAL, &Padded::ending(message, 0)), found),
            None => missing("sha-ni"),
        }
    }
    for messages in messages.as_chunks::<8>().0 {
        let lanes = messages.each_ref().map(|message| Padded::ending(message, 0));
        for (initial, hash) in [(SHA384_INITIAL, &digest::SHA384), (SHA512_INITIAL, &digest::SHA512)] {
            for (message, found) in messages.iter().zip(Sha512::digests(ifma, &initial, &lanes)) {
                let wanted = digest::digest(hash, message);
                assert_eq!(found[..wanted.as_ref().len()], *wanted.as_ref(), "{lengths:?}");
            }
        }
    }
}

#[test]
fn digests_are_right_at_every_length() {
    let Some(ifma) = Ifma::detect() else { return missing("avx512") };
    // Four blocks of SHA-512, and of SHA-256 eight.
    for first in (0..=512).step_by(16) {
        compare(ifma, &std::array::from_fn(|lane| first + lane));
    }
}

/// No C is called: Miri runs it with the real registers (`scripts/sanitizers.sh`).
#[test]
fn digests_of_the_sha_extensions_are_those_of_the_examples() {
    let Some(sha) = ShaNi::detect() else { return missing("sha-ni") };
    // FIPS 180-4, of one block and of two.
    let hashed = |message| sha.digest(&SHA256_INITIAL, &Padded::ending(message, 0));
    assert_eq!(hashed(b"abc")[..4], [0xba, 0x78, 0x16, 0xbf]);
    assert_eq!(hashed(b"abc")[28..32], [0xf2, 0x00, 0x15, 0xad]);
    let long = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    assert_eq!(hashed(long)[..4], [0x24, 0x8d, 0x6a, 0x61]);
    assert_eq!(hashed(long)[28..32], [0x19, 0xdb, 0x06, 0xc1]);
}

/// Lanes of every number of blocks up to four beside each other.
#[test]
fn digests_are_right_in_lanes_of_unequal_lengths() {
    let Some(ifma) = Ifma::detect() else { return missing("avx512") };
    let mut state = 1_u64;
    for _ in 0..500 {
        compare(
            ifma,
            &std::array::from_fn(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) as usize % 513
            }),
        );
    }
}

/// A lane that ends first keeps its state, whichever it is.
#[test]
fn digests_are_right_when_one_lane_is_longer_or_shorter() {
    let Some(ifma) = Ifma::detect() else { return missing("avx512") };
    for odd in 0..16 {
        for (length, other) in [(0, 700), (700, 0), (55, 56), (111, 112), (64, 63), (128, 1000)] {
            let mut lengths = [length; 16];
            lengths[odd] = other;
            compare(ifma, &lengths);
        }
    }
}

#[test]
fn a_lane_without_blocks_keeps_its_state() {
    let Some(ifma) = Ifma::detect() else { return missing("avx512") };
    let message = message(3, 1000);
    let mut lanes = [Padded::NONE; 8];
    lanes[5] = Padded::ending(&message, 0);
    let digests = Sha512::digests(ifma, &SHA512_INITIAL, &lanes);
    assert_eq!(digests[5], digest::digest(&digest::SHA512, &message).as_ref());
    let initial: Vec<u8> = SHA512_INITIAL.iter().flat_map(|word| word.to_be_bytes()).collect();
    assert_eq!(digests[4], *initial);
}

#[test]
fn a_message_may_have_a_head() {
    let Some(ifma) = Ifma::detect() else { return missing("avx512") };
    let heads = std::array::from_fn(|lane| *message(lane, 64).first_chunk().unwrap());
    for lengths in [[0, 1, 46, 47, 48, 49, 63, 64], [65, 111, 112, 127, 128, 191, 192, 1000], [7; 8]] {
        let messages = lengths.map(|length| message(length, length));
        let digests = headed_sha512(ifma, &heads, &messages.each_ref().map(Vec::as_slice));
        for ((head, message), found) in heads.iter().zip(&messages).zip(digests) {
            let wanted = digest::digest(&digest::SHA512, &[head, message.as_slice()].concat());
            assert_eq!(found, wanted.as_ref(), "{} bytes", message.len());
        }
    }
}

/// A block, a message behind it, and its digest behind another block.
#[test]
fn a_digest_is_hashed_again() {
    let Some(ifma) = Ifma::detect() else { return missing("avx512") };
    let blocks = [message(1, 128), message(2, 128)];
    let lengths = [0, 1, 54, 55, 56, 63, 64, 111, 112, 127, 128, 500, 8, 9];
    let messages: Vec<Vec<u8>> = lengths.iter().map(|length| message(9, *length)).collect();
    let wanted = |hash, block_bytes: usize, message: &[u8]| {
        let inner = [&blocks[0][..block_bytes], message].concat();
        let outer = [&blocks[1][..block_bytes], digest::digest(hash, &inner).as_ref()].concat();
        digest::digest(hash, &outer).as_ref().to_vec()
    };
    let inputs: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
    for few in [1, 3, inputs.len()] {
        let mut found = vec![[0; 64]; few];
        let hasher = Hasher::sha256(ifma);
        let [first, second] = [0, 1].map(|at| blocks[at].first_chunk::<64>().unwrap());
        let states = hasher.midstates(&SHA256_INITIAL, [first, second]);
        hasher.nested_digests(&states, 32, &inputs[..few], &mut found);
        for (found, input) in found.iter().zip(&inputs) {
            assert_eq!(found[..32], wanted(&digest::SHA256, 64, input));
        }
        let hasher = Hasher::sha512(ifma);
        let [first, second] = [0, 1].map(|at| blocks[at].first_chunk::<128>().unwrap());
        for (hash, initial, bytes) in
            [(&digest::SHA384, &SHA384_INITIAL, 48), (&digest::SHA512, &SHA512_INITIAL, 64)]
        {
            let states = hasher.midstates(initial, [first, second]);
            hasher.nested_digests(&states, bytes, &inputs[..few], &mut found);
            for (found, input) in found.iter().zip(&inputs) {
                assert_eq!(found[..bytes], wanted(hash, 128, input));
            }
        }
    }
}
