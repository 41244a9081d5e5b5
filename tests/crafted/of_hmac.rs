//! MACs that were made to go wrong, beside aws-lc: every truncation, bits of
//! MAC and message, lengths at every boundary of a block.

use aws_lc_rs::hmac;
use jot::{Alg, KeyOptions, VerifyingKey};

use crate::judge::{Case, Total, judge};
use crate::missing::missing;
use crate::random::Random;

/// A MAC of a message of this length, and what is nearly one.
fn cases(key: &hmac::Key, length: usize, random: &mut Random) -> Vec<Case> {
    let message = random.bytes(length);
    let tag = hmac::sign(key, &message).as_ref().to_vec();
    let mut cases = Vec::new();
    let mut put = |message: &[u8], signature: &[u8], what: String| {
        cases.push(Case { message: message.to_vec(), signature: signature.to_vec(), what });
    };
    put(&message, &tag, "good".to_owned());
    for cut in 0..tag.len() {
        put(&message, &tag[..cut], format!("{cut} bytes"));
    }
    for bit in (length % 5..tag.len() * 8).step_by(5) {
        let mut other = tag.clone();
        other[bit / 8] ^= 1 << (bit % 8);
        put(&message, &other, format!("bit {bit} of the MAC"));
    }
    put(&message, &[&tag[..], &[0]].concat(), "a byte behind".to_owned());
    for bit in 0..(length * 8).min(64) {
        let mut other = message.clone();
        other[bit / 8] ^= 1 << (bit % 8);
        put(&other, &tag, format!("bit {bit} of the message"));
    }
    if let Some((_, shorter)) = message.split_last() {
        put(shorter, &tag, "a shorter message".to_owned());
    }
    for more in [0x80, 0] {
        put(&[&message[..], &[more]].concat(), &tag, format!("{more:#x} behind the message"));
    }
    cases
}

#[test]
fn crafted_macs_are_refused_as_by_aws_lc() {
    let mut random = Random::new(0x6a6f_7405);
    let hashes =
        [(Alg::HS256, hmac::HMAC_SHA256), (Alg::HS384, hmac::HMAC_SHA384), (Alg::HS512, hmac::HMAC_SHA512)];
    for (alg, hash) in hashes {
        for secret_length in [1_usize, 64, 65, 128, 129] {
            let secret = random.bytes(secret_length);
            let options = KeyOptions::default().alg(alg).allow_weak_keys();
            let key = VerifyingKey::from_secret(&secret, &options).unwrap();
            let signer = hmac::Key::new(hash, &secret);
            let mut all = Vec::new();
            for length in [0, 1, 46, 47, 55, 56, 63, 64, 111, 112, 127, 128, 300, 1000] {
                all.extend(cases(&signer, length, &mut random));
            }
            let total: Total = judge(&key, alg, &all, 60, &mut random);
            assert!(total.cases > 1500 && total.good == 14, "{alg}, {secret_length}: {total:?}");
            if key.probe(alg).unwrap().names().count() == 0 {
                missing("avx512");
            } else {
                assert_eq!(total.accepted, total.good, "{alg}, {secret_length}: {total:?}");
            }
        }
    }
}
