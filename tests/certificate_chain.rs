//! Which keys of a row of certificates are taken.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

#[path = "common/certificate.rs"]
mod certificate;

use base64_simd::STANDARD;
use certificate::certificate;
use jot::{Alg, Code, KeyOptions, KeySet, SigningKey, VerifyingKey};

struct Party {
    key: VerifyingKey,
    spki: Vec<u8>,
}

fn party() -> Party {
    let key = SigningKey::generate(Alg::ES256).unwrap().verifying_key().unwrap();
    let pem = key.to_pem().unwrap();
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    Party { key, spki: STANDARD.decode_to_vec(body).unwrap() }
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode_to_string(der))
}

fn issued(issuer: &str, subject: &str, party: &Party) -> String {
    pem("CERTIFICATE", &certificate(issuer, subject, &party.spki))
}

/// The keys that were taken, and the places of those that were not.
fn read(text: &str, options: &KeyOptions) -> (Vec<String>, Vec<(usize, Code)>) {
    let set = KeySet::from_pem_bundle(text.as_bytes(), options).unwrap();
    let taken = set.keys().iter().map(|key| key.thumbprint().to_owned()).collect();
    (taken, set.skipped().iter().map(|key| (key.index(), key.error().code())).collect())
}

fn prints(parties: &[&Party]) -> Vec<String> {
    parties.iter().map(|party| party.key.thumbprint().to_owned()).collect()
}

#[test]
fn chain_gives_the_key_of_its_leaf_alone() {
    let (leaf, middle, root) = (party(), party(), party());
    let chain =
        [issued("middle", "leaf", &leaf), issued("root", "middle", &middle), issued("root", "root", &root)];
    let options = KeyOptions::default();
    let of_authority = |place| (place, Code::KeyOfAuthority);
    assert_eq!(read(&chain.concat(), &options), (prints(&[&leaf]), vec![of_authority(1), of_authority(2)]));
    // In whatever order, and without the root.
    let [first, second, third] = &chain;
    let turned = [third.clone(), second.clone(), first.clone()].concat();
    assert_eq!(read(&turned, &options), (prints(&[&leaf]), vec![of_authority(0), of_authority(1)]));
    let short = [first.clone(), second.clone()].concat();
    assert_eq!(read(&short, &options), (prints(&[&leaf]), vec![of_authority(1)]));
    // Asked for, every key.
    let all = KeyOptions::default().all_certificates();
    assert_eq!(read(&chain.concat(), &all), (prints(&[&leaf, &middle, &root]), vec![]));
}

#[test]
fn certificates_that_issued_no_other_are_all_taken() {
    let (a, b, c) = (party(), party(), party());
    let options = KeyOptions::default();
    // Rotated: of one name, self-signed or issued by somebody who is not there.
    let text = [issued("me", "me", &a), issued("me", "me", &b)].concat();
    assert_eq!(read(&text, &options), (prints(&[&a, &b]), vec![]));
    let text = [issued("ca", "me", &a), issued("ca", "you", &b), issued("x", "x", &c)].concat();
    assert_eq!(read(&text, &options), (prints(&[&a, &b, &c]), vec![]));
    // A public key beside a chain, and the only certificate of an authority.
    let text = [issued("ca", "me", &a), pem("PUBLIC KEY", &b.spki), issued("ca", "ca", &c)].concat();
    assert_eq!(read(&text, &options), (prints(&[&a, &b]), vec![(2, Code::KeyOfAuthority)]));
    assert_eq!(read(&issued("ca", "ca", &c), &options), (prints(&[&c]), vec![]));
}

#[test]
fn certificates_that_issued_each_other_are_no_keys() {
    let (a, b) = (party(), party());
    let text = [issued("b", "a", &a), issued("a", "b", &b)].concat();
    let error = KeySet::from_pem_bundle(text.as_bytes(), &KeyOptions::default()).unwrap_err();
    assert_eq!(error.code(), Code::KeySetEmpty);
}
