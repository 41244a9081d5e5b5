//! What the self-test refuses, and that its answers are right.

mod next;

use std::path::Path;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{self as sig, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RsaKeyPair};
use aws_lc_rs::{encoding, hmac};

use super::*;
use crate::implementation::Implementation;
use crate::key::Form;
use crate::missing::missing;

const ALGORITHMS: [(Algorithm, &str); 14] = [
    (Algorithm::EcdsaP256Sha256, "ecdsa-p256-sha256"),
    (Algorithm::EcdsaP384Sha384, "ecdsa-p384-sha384"),
    (Algorithm::EcdsaP521Sha512, "ecdsa-p521-sha512"),
    (Algorithm::EcdsaSecp256k1Sha256, "ecdsa-secp256k1-sha256"),
    (Algorithm::Ed25519, "ed25519"),
    (Algorithm::RsaPkcs1(Hash::Sha256), "rsa-pkcs1-sha256"),
    (Algorithm::RsaPkcs1(Hash::Sha384), "rsa-pkcs1-sha384"),
    (Algorithm::RsaPkcs1(Hash::Sha512), "rsa-pkcs1-sha512"),
    (Algorithm::RsaPss(Hash::Sha256), "rsa-pss-sha256"),
    (Algorithm::RsaPss(Hash::Sha384), "rsa-pss-sha384"),
    (Algorithm::RsaPss(Hash::Sha512), "rsa-pss-sha512"),
    (Algorithm::Hmac(Hash::Sha256), "hmac-sha256"),
    (Algorithm::Hmac(Hash::Sha384), "hmac-sha384"),
    (Algorithm::Hmac(Hash::Sha512), "hmac-sha512"),
];

/// Around the ends of the blocks of both hash functions.
const LENGTHS: &[usize] = &[300, 0, 112, 55, 1000, 56, 1, 111, 128];
/// Fewer, because signatures are longer.
const RSA_LENGTHS: &[usize] = &[300, 0, 112, 55, 56];
const FEW: &[usize] = &[120, 13, 64];

/// A key that signs, in the form that the file has of it, and how it does.
type Signer = (Vec<u8>, Box<dyn Fn(&[u8]) -> Vec<u8>>);

fn ecdsa(algorithm: &'static sig::EcdsaSigningAlgorithm) -> Signer {
    let key = EcdsaKeyPair::generate(algorithm).unwrap();
    let public = key.public_key().as_ref().to_vec();
    (public, Box::new(move |message| key.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()))
}

fn rsa(encoding: &'static dyn sig::RsaEncoding, size: KeySize) -> Signer {
    let key = RsaKeyPair::generate(size).unwrap();
    let public = pkcs1::RsaPublicKey::try_from(key.public_key().as_ref()).unwrap();
    let modulus = public.modulus.as_bytes().to_vec();
    let sign = move |message: &[u8]| {
        let mut signature = vec![0; key.public_modulus_len()];
        key.sign(encoding, &SystemRandom::new(), message, &mut signature).unwrap();
        signature
    };
    (modulus, Box::new(sign))
}

fn mac(algorithm: hmac::Algorithm, secret: Vec<u8>) -> Signer {
    let key = hmac::Key::new(algorithm, &secret);
    (secret, Box::new(move |message| hmac::sign(&key, message).as_ref().to_vec()))
}

/// The keys of an algorithm's file, with the lengths of the messages that each signs.
fn signers(algorithm: Algorithm) -> Vec<(Signer, &'static [usize])> {
    let of_rsa = |encoding: &'static dyn sig::RsaEncoding| {
        let sizes = [KeySize::Rsa2048, KeySize::Rsa2048, KeySize::Rsa3072, KeySize::Rsa4096];
        let lengths = [RSA_LENGTHS, FEW, FEW, FEW];
        sizes.into_iter().map(|size| rsa(encoding, size)).zip(lengths).collect()
    };
    let of_mac = |hash: hmac::Algorithm| {
        // Shorter than a block, and longer.
        let secrets = [message(32), message(64), message(200)];
        secrets.into_iter().map(|secret| (mac(hash, secret), LENGTHS)).collect()
    };
    match algorithm {
        Algorithm::EcdsaP256Sha256 => {
            vec![(next::p256(), LENGTHS), (ecdsa(&sig::ECDSA_P256_SHA256_FIXED_SIGNING), LENGTHS)]
        }
        Algorithm::EcdsaP384Sha384 => {
            vec![(next::p384(), LENGTHS), (ecdsa(&sig::ECDSA_P384_SHA384_FIXED_SIGNING), LENGTHS)]
        }
        Algorithm::EcdsaP521Sha512 => vec![(ecdsa(&sig::ECDSA_P521_SHA512_FIXED_SIGNING), LENGTHS)],
        Algorithm::EcdsaSecp256k1Sha256 => {
            vec![(next::secp256k1(), LENGTHS), (ecdsa(&sig::ECDSA_P256K1_SHA256_FIXED_SIGNING), LENGTHS)]
        }
        Algorithm::Ed25519 => {
            let key = Ed25519KeyPair::generate().unwrap();
            let public = key.public_key().as_ref().to_vec();
            let any: Signer = (public, Box::new(move |message| key.sign(message).as_ref().to_vec()));
            vec![(next::ed25519(), LENGTHS), (any, LENGTHS)]
        }
        Algorithm::RsaPkcs1(Hash::Sha256) => of_rsa(&sig::RSA_PKCS1_SHA256),
        Algorithm::RsaPkcs1(Hash::Sha384) => of_rsa(&sig::RSA_PKCS1_SHA384),
        Algorithm::RsaPkcs1(Hash::Sha512) => of_rsa(&sig::RSA_PKCS1_SHA512),
        Algorithm::RsaPss(Hash::Sha256) => of_rsa(&sig::RSA_PSS_SHA256),
        Algorithm::RsaPss(Hash::Sha384) => of_rsa(&sig::RSA_PSS_SHA384),
        Algorithm::RsaPss(Hash::Sha512) => of_rsa(&sig::RSA_PSS_SHA512),
        Algorithm::Hmac(Hash::Sha256) => of_mac(hmac::HMAC_SHA256),
        Algorithm::Hmac(Hash::Sha384) => of_mac(hmac::HMAC_SHA384),
        Algorithm::Hmac(Hash::Sha512) => of_mac(hmac::HMAC_SHA512),
    }
}

fn write(algorithm: Algorithm, name: &str) {
    let mut bytes = Vec::new();
    let put = |bytes: &mut Vec<u8>, number: usize| bytes.extend(u16::try_from(number).unwrap().to_be_bytes());
    for ((key, sign), lengths) in signers(algorithm) {
        put(&mut bytes, key.len());
        bytes.extend(key);
        put(&mut bytes, lengths.len());
        for length in lengths {
            let signature = sign(&message(*length));
            put(&mut bytes, *length);
            put(&mut bytes, signature.len());
            bytes.extend(signature);
        }
    }
    std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/known").join(name), bytes).unwrap();
}

/// aws-lc's answer.
fn holds(algorithm: Algorithm, key: RawKey<'_>, message: &[u8], signature: &[u8]) -> bool {
    let public: &dyn sig::VerificationAlgorithm = match algorithm {
        Algorithm::EcdsaP256Sha256 => &sig::ECDSA_P256_SHA256_FIXED,
        Algorithm::EcdsaP384Sha384 => &sig::ECDSA_P384_SHA384_FIXED,
        Algorithm::EcdsaP521Sha512 => &sig::ECDSA_P521_SHA512_FIXED,
        Algorithm::EcdsaSecp256k1Sha256 => &sig::ECDSA_P256K1_SHA256_FIXED,
        Algorithm::Ed25519 => &sig::ED25519,
        Algorithm::RsaPkcs1(Hash::Sha256) => &sig::RSA_PKCS1_2048_8192_SHA256,
        Algorithm::RsaPkcs1(Hash::Sha384) => &sig::RSA_PKCS1_2048_8192_SHA384,
        Algorithm::RsaPkcs1(Hash::Sha512) => &sig::RSA_PKCS1_2048_8192_SHA512,
        Algorithm::RsaPss(Hash::Sha256) => &sig::RSA_PSS_2048_8192_SHA256,
        Algorithm::RsaPss(Hash::Sha384) => &sig::RSA_PSS_2048_8192_SHA384,
        Algorithm::RsaPss(Hash::Sha512) => &sig::RSA_PSS_2048_8192_SHA512,
        Algorithm::Hmac(hash) => {
            let RawKey::Secret(secret) = key else { return false };
            let hash = match hash {
                Hash::Sha256 => hmac::HMAC_SHA256,
                Hash::Sha384 => hmac::HMAC_SHA384,
                Hash::Sha512 => hmac::HMAC_SHA512,
            };
            return hmac::verify(&hmac::Key::new(hash, secret), message, signature).is_ok();
        }
    };
    let encoded: encoding::PublicKeyX509Der<'_>;
    let key = match key {
        RawKey::Sec1(bytes) | RawKey::Ed25519(bytes) => bytes,
        RawKey::Rsa { modulus, exponent } => {
            let key = sig::RsaPublicKeyComponents { n: modulus, e: exponent };
            let key: aws_lc_rs::rsa::PublicEncryptingKey = key.try_into().unwrap();
            encoded = encoding::AsDer::as_der(&key).unwrap();
            encoded.as_ref()
        }
        RawKey::Secret(_) => return false,
    };
    sig::UnparsedPublicKey::new(public, key).verify(message, signature).is_ok()
}

/// `JOT_UPDATE=1` makes the files anew.
#[test]
fn answers_are_those_of_aws_lc() {
    for (algorithm, name) in ALGORITHMS {
        if std::env::var_os("JOT_UPDATE").is_some() {
            write(algorithm, name);
            continue;
        }
        let keys = read(algorithm, file(algorithm)).unwrap();
        assert!(!keys.is_empty());
        for known in keys {
            assert!(known.answers.len() >= 3, "{name}");
            for answer in &known.answers {
                assert!(holds(algorithm, known.key, &answer.message, answer.signature), "{name}");
            }
        }
    }
}

/// Code that gives a wrong known answer: a fault that is put in must show here.
#[test]
fn all_code_gives_the_known_answers() {
    for one in Implementation::all().filter(|one| one.is_supported()) {
        for algorithm in one.algorithms() {
            let begun = std::time::Instant::now();
            assert!(one.is_sane_for(*algorithm), "{} {algorithm:?}", one.name());
            println!("{} {algorithm:?}: {:?}", one.name(), begun.elapsed());
        }
    }
}

/// A key that is made up: its signatures are its messages.
fn made_up() -> KnownKey {
    let signatures: [&'static [u8]; 3] = [b"s", b"longer", b"the longest"];
    let answers = signatures.map(|signature| Answer { message: signature.to_vec(), signature });
    KnownKey { key: RawKey::Ed25519(&[]), answers: answers.into() }
}

/// Answers as it should, but for what `wrong` makes of a batch.
struct Mock {
    alone: fn(&[u8], &[u8]) -> bool,
    wrong: fn(&mut [Job<'_>]),
}

fn is_right(message: &[u8], signature: &[u8]) -> bool {
    message == signature
}

impl Form for Mock {
    fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
        (self.alone)(message, signature)
    }

    fn accept_each(&self, jobs: &mut [Job<'_>]) {
        for job in &mut *jobs {
            job.holds = is_right(job.message, job.signature);
        }
        (self.wrong)(jobs);
    }
}

#[test]
fn known_answers_refuse_code_that_is_wrong() {
    let comes_out = |alone: fn(&[u8], &[u8]) -> bool, wrong: fn(&mut [Job<'_>])| {
        made_up().comes_out(&FastKey::of(Box::new(Mock { alone, wrong })), true, Effort::FULL)
    };
    assert!(comes_out(is_right, |_| ()));
    let right = Mock { alone: is_right, wrong: |_| () };
    assert!(made_up().comes_out(&FastKey::of(Box::new(right)), true, Effort::SHORT));
    assert!(!comes_out(|_, _| true, |_| ()));
    assert!(!comes_out(|_, _| false, |_| ()));
    // Compares a part of the signature, or its length alone.
    assert!(!comes_out(|message, signature| message.starts_with(signature), |_| ()));
    assert!(!comes_out(|message, signature| message.len() == signature.len(), |_| ()));
    // One lane of eight or of sixteen takes all or nothing.
    assert!(!comes_out(is_right, |jobs| jobs.iter_mut().skip(5).step_by(8).for_each(|job| job.holds = true)));
    assert!(!comes_out(is_right, |jobs| jobs
        .iter_mut()
        .skip(15)
        .step_by(16)
        .for_each(|job| job.holds = true)));
    assert!(!comes_out(is_right, |jobs| jobs
        .iter_mut()
        .skip(7)
        .step_by(16)
        .for_each(|job| job.holds = false)));
    // Answers go to the neighbour, or into the order of lengths.
    assert!(!comes_out(is_right, |jobs| {
        let answers: Vec<bool> = jobs.iter().map(|job| job.holds).collect();
        jobs.iter_mut().zip(answers.iter().cycle().skip(1)).for_each(|(job, holds)| job.holds = *holds);
    }));
    assert!(!comes_out(is_right, |jobs| {
        let mut order: Vec<(usize, bool)> = jobs.iter().map(|job| (job.message.len(), job.holds)).collect();
        order.sort_by_key(|row| row.0);
        jobs.iter_mut().zip(order).for_each(|(job, (_, holds))| job.holds = holds);
    }));
    // The last ones are left out.
    assert!(!comes_out(is_right, |jobs| jobs.iter_mut().skip(32).for_each(|job| job.holds = false)));
    // A code that leaves single ones to others must say so.
    let leaves = Mock { alone: |_, _| false, wrong: |_| () };
    assert!(made_up().comes_out(&FastKey::of(Box::new(leaves)), false, Effort::SHORT));
}

/// Answers for the first key of a batch as it should, and never for others, but for what
/// `wrong` makes of it; to it the rows of the first key are `true`.
struct Mixing(fn(&[bool], &mut [Job<'_>]));

impl Form for Mixing {
    fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
        is_right(message, signature)
    }

    fn accept_mixed(&self, keys: &[&FastKey], jobs: &mut [Job<'_>]) {
        let is_own: Vec<bool> = keys.iter().map(|key| std::ptr::eq(*key, keys[0])).collect();
        for (job, is_own) in jobs.iter_mut().zip(&is_own) {
            job.holds = *is_own && is_right(job.message, job.signature);
        }
        (self.0)(&is_own, jobs);
    }
}

#[test]
fn lanes_that_mix_keys_must_tell_them_apart() {
    let comes_out = |wrong: fn(&[bool], &mut [Job<'_>])| {
        let [key, other] = [(); 2].map(|()| FastKey::of(Box::new(Mixing(wrong))));
        made_up().comes_out_mixed(&key, &other)
    };
    assert!(comes_out(|_, _| ()));
    assert!(!comes_out(|_, jobs| jobs.iter_mut().for_each(|job| job.holds = false)), "nothing is held");
    assert!(!comes_out(|_, jobs| jobs.iter_mut().for_each(|job| job.holds = true)), "everything is held");
    assert!(
        !comes_out(|_, jobs| jobs
            .iter_mut()
            .for_each(|job| job.holds = is_right(job.message, job.signature))),
        "the first key is taken for all"
    );
    assert!(
        !comes_out(|is_own, jobs| jobs.iter_mut().zip(is_own).for_each(|(job, is_own)| job.holds = *is_own)),
        "the key alone decides"
    );
    assert!(
        !comes_out(|_, jobs| jobs[31].holds = is_right(jobs[31].message, jobs[31].signature)),
        "a lane of the other has the first key"
    );
}

/// The code for keys that are not prepared, and the base point of its curve.
fn unprepared() -> Option<(&'static Implementation, [u8; 32])> {
    let mut base = [0x66; 32];
    base[0] = 0x58;
    let mut all = Implementation::all();
    let code = all.find(|one| one.verifies(Algorithm::Ed25519) && one.verifies_unprepared())?;
    code.is_supported().then_some((code, base))
}

#[test]
fn code_without_preparation_must_tell_keys_apart() {
    let Some((_, base)) = unprepared() else { return missing("avx512") };
    let comes_out =
        |verify: VerifyUnprepared| comes_out_unprepared(Algorithm::Ed25519, RawKey::Ed25519(&base), verify);
    let real = |keys: &[RawKey<'_>], jobs: &mut [Job<'_>]| {
        if let Some((code, _)) = unprepared() {
            code.verify_unprepared(keys, jobs);
        }
    };
    assert!(comes_out(real));
    assert!(!comes_out(|_, _| {}), "nothing is held");
    assert!(!comes_out(|_, jobs| jobs.iter_mut().for_each(|job| job.holds = true)), "everything is held");
    assert!(
        !comes_out(|keys, jobs| {
            if let Some((code, _)) = unprepared() {
                code.verify_unprepared(&vec![keys[0]; keys.len()], jobs);
            }
        }),
        "the first key is taken for all"
    );
    assert!(
        !comes_out(|keys, jobs| {
            if let Some((code, _)) = unprepared() {
                code.verify_unprepared(keys, jobs);
                jobs[..16].iter_mut().for_each(|job| job.holds = false);
            }
        }),
        "only the last lanes are right"
    );
}
