//! Digests beside those of aws-lc.

use aws_lc_rs::digest;

use super::{Blocks, SHA256_INITIAL, SHA384_INITIAL, SHA512_INITIAL, Sha256, Sha512, ShaNi};
use crate::crypto::ifma::Ifma;

/// Bytes that look like no other: every lane and place has its own.
fn message(seed: usize, length: usize) -> Vec<u8> {
    let bytes = (0..length).map(|at| (at.wrapping_mul(167) ^ seed.wrapping_mul(59) ^ (at >> 8)) as u8);
    bytes.collect()
}

/// Hashes lanes of the given lengths and compares each.
fn compare(ifma: Ifma, lengths: &[usize; 16]) {
    let messages: [Vec<u8>; 16] = std::array::from_fn(|lane| message(lane, lengths[lane]));
    let lanes = messages.each_ref().map(|message| Blocks::ending(message, 0));
    for (message, state) in messages.iter().zip(Sha256::run(ifma, &SHA256_INITIAL, &lanes)) {
        let digest: Vec<u8> = state.iter().flat_map(|word| word.to_be_bytes()).collect();
        assert_eq!(digest, digest::digest(&digest::SHA256, message).as_ref(), "{lengths:?}");
        if let Some(sha) = ShaNi::detect() {
            assert_eq!(sha.run(&SHA256_INITIAL, &Blocks::ending(message, 0)), state);
        }
    }
    for messages in messages.as_chunks::<8>().0 {
        let lanes = messages.each_ref().map(|message| Blocks::ending(message, 0));
        for (initial, hash) in [(SHA384_INITIAL, &digest::SHA384), (SHA512_INITIAL, &digest::SHA512)] {
            for (message, state) in messages.iter().zip(Sha512::run(ifma, &initial, &lanes)) {
                let digest: Vec<u8> = state.iter().flat_map(|word| word.to_be_bytes()).collect();
                let wanted = digest::digest(hash, message);
                assert_eq!(digest[..wanted.as_ref().len()], *wanted.as_ref(), "{lengths:?}");
            }
        }
    }
}

#[test]
fn digests_are_right_at_every_length() {
    let Some(ifma) = Ifma::detect() else { return println!("skipped: no AVX-512 IFMA") };
    for first in (0..300).step_by(16) {
        compare(ifma, &std::array::from_fn(|lane| first + lane));
    }
}

/// A lane that ends first keeps its state, whichever it is.
#[test]
fn digests_are_right_when_one_lane_is_longer_or_shorter() {
    let Some(ifma) = Ifma::detect() else { return println!("skipped: no AVX-512 IFMA") };
    for odd in 0..16 {
        for (length, other) in [(0, 700), (700, 0), (55, 56), (111, 112), (64, 63), (128, 1000)] {
            let mut lengths = [length; 16];
            lengths[odd] = other;
            compare(ifma, &lengths);
        }
    }
}

#[test]
fn a_message_may_go_on_behind_whole_blocks() {
    let Some(ifma) = Ifma::detect() else { return println!("skipped: no AVX-512 IFMA") };
    let message = message(3, 128 * 3 + 17);
    for split in 1..=3 {
        let (whole, rest) = message.split_at(128 * split);
        let mut lanes = [Blocks::NONE; 8];
        lanes[5] = Blocks::unpadded(whole.as_chunks().0);
        let states = Sha512::run(ifma, &SHA512_INITIAL, &lanes);
        assert_eq!(states[4], SHA512_INITIAL, "a lane without blocks keeps its state");
        let mut lanes = [Blocks::NONE; 8];
        lanes[2] = Blocks::ending(rest, whole.len());
        let state = Sha512::run(ifma, &states[5], &lanes)[2];
        let digest: Vec<u8> = state.iter().flat_map(|word| word.to_be_bytes()).collect();
        assert_eq!(digest, digest::digest(&digest::SHA512, &message).as_ref());
    }
}
