//! Jobs that were held, put to another key: what it does not hold is held no more, also
//! where its code does not look at a signature that cannot be its own.

use aws_lc_rs::hmac;
use jot_accel::{Algorithm, FastKey, Hash, Implementation, Job, RawKey};

use crate::meeting::CURVES;
use crate::missing::missing;
use crate::{implementations, ready};

const MESSAGE: &[u8] = b"message";
const SECRET: &[u8] = b"secret";

/// The base point of Ed25519 (RFC 8032 §5.1), a key like any other.
fn ed25519() -> [u8; 32] {
    let mut base = [0x66; 32];
    base[0] = 0x58;
    base
}

fn fastest(algorithm: Algorithm, key: RawKey<'_>) -> Option<FastKey> {
    ready(implementations(algorithm).next()?, algorithm, key)
}

/// Asserts that `verify` holds these of eight jobs that were held before.
fn assert_held(what: &str, verify: impl FnOnce(&mut [Job<'_>]), expected: [bool; 8]) {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SECRET), MESSAGE);
    let mut jobs = [Job::new(MESSAGE, tag.as_ref()); 8];
    let mac = fastest(Algorithm::Hmac(Hash::Sha256), RawKey::Secret(SECRET)).unwrap();
    mac.verify_each(&mut jobs);
    assert!(jobs.iter().all(|job| job.held().is_some()));
    verify(&mut jobs);
    assert_eq!(jobs.map(|job| job.held().is_some()), expected, "{what}");
}

#[test]
fn jobs_that_were_held_are_asked_anew() {
    const NONE: [bool; 8] = [false; 8];
    const ALL_BUT_ONE: [bool; 8] = [true, true, true, true, true, true, true, false];
    let Some(mac) = fastest(Algorithm::Hmac(Hash::Sha256), RawKey::Secret(SECRET)) else {
        return missing("avx512");
    };
    let base = ed25519();
    let point = CURVES[0].key();
    let keys = [
        (Algorithm::EcdsaP256Sha256, RawKey::Sec1(&point)),
        (Algorithm::Ed25519, RawKey::Ed25519(&base)),
        (Algorithm::Hmac(Hash::Sha384), RawKey::Secret(SECRET)),
    ];
    for (algorithm, raw) in keys {
        for one in implementations(algorithm) {
            let key = ready(one, algorithm, raw).unwrap();
            let what = format!("{} {algorithm:?}", one.name());
            assert_held(&what, |jobs| key.verify_each(jobs), NONE);
            assert_held(&what, |jobs| FastKey::verify_mixed(&[&key; 8], jobs), NONE);
            // Whatever it verifies, and if it verifies nothing.
            for count in [0, 2, 8] {
                assert_held(&what, |jobs| one.verify_unprepared(&vec![raw; count], jobs), NONE);
            }
        }
    }
    assert_held("a key too few", |jobs| FastKey::verify_mixed(&[&mac; 7], jobs), ALL_BUT_ONE);
    assert_held("a key too many", |jobs| FastKey::verify_mixed(&[&mac; 9], jobs), NONE);
    assert_held("no key", |jobs| FastKey::verify_mixed(&[], jobs), NONE);
    for one in Implementation::all() {
        assert_held(one.name(), |jobs| one.verify_unprepared(&[], jobs), NONE);
    }
}
