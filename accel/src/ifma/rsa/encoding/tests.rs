//! Encodings beside those that are made here by the letter of RFC 8017, and the range of
//! signatures beside big integers.

use num_bigint::BigUint;

use super::digest::digest_of;
use super::encoding::Scheme;
use super::key::RsaKey;
use super::{pkcs1, pss};
use crate::algorithm::Hash;
use crate::ifma::sha2::Digest;
use crate::missing::missing;
use crate::simd::Ifma;

const HASHES: [Hash; 3] = [Hash::Sha256, Hash::Sha384, Hash::Sha512];
const SIZES: [usize; 3] = [256, 384, 512];

fn digest(hash: Hash, parts: &[&[u8]]) -> Vec<u8> {
    digest_of(hash, parts).as_ref().to_vec()
}

/// RFC 8017 §9.2, with the prefixes of its note 1.
fn pkcs1_encoded(hash: Hash, of_message: &[u8], bytes: usize) -> Vec<u8> {
    let prefix: [u8; 19] = match hash {
        Hash::Sha256 => *b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20",
        Hash::Sha384 => *b"\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30",
        Hash::Sha512 => *b"\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40",
    };
    let padding = vec![0xff; bytes - 3 - prefix.len() - of_message.len()];
    [&[0, 1], padding.as_slice(), &[0], &prefix, of_message].concat()
}

#[test]
fn pkcs1_has_one_encoding_of_a_digest() {
    for hash in HASHES {
        let of_message = digest(hash, &[b"message"]);
        for bytes in SIZES {
            let encoded = pkcs1_encoded(hash, &of_message, bytes);
            assert!(pkcs1::is_encoded(hash, &of_message, &encoded));
            for bit in 0..8 * bytes {
                let mut other = encoded.clone();
                other[bit / 8] ^= 1 << (bit % 8);
                assert!(!pkcs1::is_encoded(hash, &of_message, &other), "bit {bit}");
            }
            for other in HASHES.iter().filter(|other| **other != hash) {
                assert!(!pkcs1::is_encoded(*other, &of_message, &encoded));
                assert!(!pkcs1::is_encoded(*other, &digest(*other, &[b"message"]), &encoded));
            }
        }
        // Step 4 wants eight bytes of padding.
        let least = 3 + 8 + 19 + of_message.len();
        assert!(pkcs1::is_encoded(hash, &of_message, &pkcs1_encoded(hash, &of_message, least)));
        assert!(!pkcs1::is_encoded(hash, &of_message, &pkcs1_encoded(hash, &of_message, least - 1)));
    }
}

/// RFC 8017 §9.1.1, for an even number of bits; `one` is the byte before the salt.
fn pss_encoded(hash: Hash, of_message: &[u8], salt: &[u8], bytes: usize, one: u8) -> Vec<u8> {
    let seed = digest(hash, &[&[0; 8], of_message, salt]);
    let zeros = bytes - salt.len() - seed.len() - 2;
    let mut block = [vec![0; zeros], vec![one], salt.to_vec()].concat();
    let mask = (0_u32..).flat_map(|counter| digest(hash, &[&seed, &counter.to_be_bytes()]));
    block.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
    block[0] &= 0x7f;
    [block, seed, vec![0xbc]].concat()
}

#[test]
fn pss_has_one_encoding_of_a_digest_and_a_salt() {
    let Some(ifma) = Ifma::detect() else { return missing("avx512") };
    for hash in HASHES {
        let of_message = digest(hash, &[b"message"]);
        let salt = digest(hash, &[b"salt"]);
        let mut rows: [Digest; 8] = [[0; 64]; 8];
        rows.iter_mut().for_each(|row| row[..of_message.len()].copy_from_slice(&of_message));
        for bytes in SIZES {
            let encoded = pss_encoded(hash, &of_message, &salt, bytes, 1);
            assert!(pss::is_encoded(hash, &of_message, &encoded));
            assert_eq!(pss::are_encoded(ifma, hash, &rows, &[encoded.as_slice(); 8]), [true; 8]);
            // Every bit, eight at a time, alone and in lanes.
            for byte in 0..bytes {
                let others: [Vec<u8>; 8] = std::array::from_fn(|bit| {
                    let mut other = encoded.clone();
                    other[byte] ^= 1 << bit;
                    other
                });
                let others = others.each_ref().map(Vec::as_slice);
                assert!(others.iter().all(|other| !pss::is_encoded(hash, &of_message, other)), "byte {byte}");
                assert_eq!(pss::are_encoded(ifma, hash, &rows, &others), [false; 8], "byte {byte}");
            }
            // Another salt length, another byte before the salt, another message.
            let wrong = [
                pss_encoded(hash, &of_message, &salt[1..], bytes, 1),
                pss_encoded(hash, &of_message, &[&salt[..], &[0]].concat(), bytes, 1),
                pss_encoded(hash, &of_message, &[], bytes, 1),
                pss_encoded(hash, &of_message, &salt, bytes, 0),
                pss_encoded(hash, &of_message, &salt, bytes, 3),
                pss_encoded(hash, &digest(hash, &[b"another"]), &salt, bytes, 1),
            ];
            assert!(wrong.iter().all(|other| !pss::is_encoded(hash, &of_message, other)));
            for (lane, other) in wrong.iter().enumerate() {
                let mut lanes = [encoded.as_slice(); 8];
                lanes[lane] = other;
                let wanted: [bool; 8] = std::array::from_fn(|at| at != lane);
                assert_eq!(pss::are_encoded(ifma, hash, &rows, &lanes), wanted);
            }
        }
    }
}

/// Each encoding is compared with the digest of its own row.
#[test]
fn encodings_are_compared_with_their_own_rows() {
    let Some(ifma) = Ifma::detect() else { return missing("avx512") };
    for hash in HASHES {
        let digests: [Vec<u8>; 8] = std::array::from_fn(|row| digest(hash, &[&[row as u8]]));
        let rows: [Digest; 8] = std::array::from_fn(|row| {
            let mut padded = [0xa5; 64];
            padded[..digests[row].len()].copy_from_slice(&digests[row]);
            padded
        });
        let pkcs1 = digests.each_ref().map(|digest| pkcs1_encoded(hash, digest, 256));
        let pss = digests.each_ref().map(|digest| pss_encoded(hash, digest, digest, 256, 1));
        for (scheme, encoded) in [(Scheme::Pkcs1(hash), &pkcs1), (Scheme::Pss(hash), &pss)] {
            for turn in 0..8 {
                let encoded: [&[u8]; 8] = std::array::from_fn(|row| encoded[(row + turn) % 8].as_slice());
                assert_eq!(scheme.are_encoded(ifma, &rows, &encoded), [turn == 0; 8], "{scheme:?} {turn}");
            }
        }
    }
}

/// A signature is in range exactly if it has the bytes of the modulus and is below it.
#[test]
fn signatures_are_below_the_modulus_as_numbers() {
    let Some(ifma) = Ifma::detect() else { return missing("avx512") };
    for bytes in SIZES {
        let mut modulus: Vec<u8> = (0..bytes).map(|at| (at * 73 + 129) as u8).collect();
        modulus[0] |= 0x80;
        modulus[bytes - 1] |= 1;
        let n = BigUint::from_bytes_be(&modulus);
        let key = RsaKey::new(ifma, Scheme::Pkcs1(Hash::Sha256), &modulus, &[1, 0, 1]).unwrap();
        let mut numbers = vec![
            BigUint::ZERO,
            &n - 1_u32,
            n.clone(),
            &n + 1_u32,
            (BigUint::from(1_u32) << (8 * bytes)) - 1_u32,
        ];
        // One byte more or less, in each place.
        for at in 0..bytes {
            let step = BigUint::from(1_u32) << (8 * at);
            numbers.extend([&n - &step, &n + &step]);
        }
        for number in numbers.iter().filter(|number| number.bits() <= 8 * bytes as u64) {
            let found = number.to_bytes_be();
            let signature = [vec![0; bytes - found.len()], found].concat();
            assert_eq!(key.is_below(&signature), *number < n, "{number:x}");
            assert!(!key.is_below(&signature[1..]) && !key.is_below(&[&[0], &signature[..]].concat()));
        }
        for exponent in [&[3][..], &[1, 0, 0], &[1, 0, 1, 0], &[0, 1, 0, 1], &[]] {
            assert!(RsaKey::new(ifma, Scheme::Pkcs1(Hash::Sha256), &modulus, exponent).is_none());
        }
        let mut even = modulus.clone();
        even[bytes - 1] ^= 1;
        let mut short = modulus.clone();
        short[0] ^= 0x80;
        for modulus in [&even, &short, &modulus[1..].to_vec()] {
            assert!(RsaKey::new(ifma, Scheme::Pkcs1(Hash::Sha256), modulus, &[1, 0, 1]).is_none());
        }
    }
}
