//! Signatures that are changed here and there, through accelerated code with
//! nothing behind it, and through aws-lc.
//!
//! The first byte chooses the algorithm; of the rest, four bytes make a job,
//! and what follows the last whole job is a signature by itself. Nothing may be
//! accepted that aws-lc refuses, alone or in a batch.
#![no_main]

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jot::{Alg, Probe, Signer};
use jot_fuzz::{keys, seeds};
use libfuzzer_sys::fuzz_target;

/// The most jobs of a batch.
const JOBS: usize = 40;

struct Subject {
    alg: Alg,
    probe: Probe,
    message: Vec<u8>,
    signature: Vec<u8>,
}

/// A key and a good signature for each algorithm that has accelerated code.
static SUBJECTS: LazyLock<Vec<Subject>> = LazyLock::new(|| {
    let subjects = keys::signing().into_iter().map(|(_, key)| {
        let alg = key.alg();
        let probe = key.verifying_key().unwrap().probe(alg).unwrap();
        let token = Signer::new(key).sign_claims(br#"{"exp":1800000000}"#).unwrap();
        let (message, signature) = token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        Subject { alg, probe, message: message.as_bytes().to_vec(), signature }
    });
    subjects.filter(|subject| subject.probe.names().count() > 0).collect()
});

impl Subject {
    /// The good pair with one thing changed.
    fn changed(&self, [kind, high, low, value]: [u8; 4]) -> (Vec<u8>, Vec<u8>) {
        let (mut message, mut signature) = (self.message.clone(), self.signature.clone());
        let place = usize::from(u16::from_be_bytes([high, low]));
        match kind % 8 {
            0 | 1 => {}
            2 => signature.truncate(place),
            3 => signature.insert(place % (signature.len() + 1), value),
            4 => {
                let place = place % message.len();
                message[place] ^= value;
            }
            5 => {
                let from = place % signature.len();
                signature[from..].fill(value);
            }
            6 => {
                let to = place % signature.len();
                signature[..to].fill(value);
            }
            _ => {
                let place = place % signature.len();
                signature[place] ^= value;
            }
        }
        (message, signature)
    }

    fn compare(&self, pairs: &[(Vec<u8>, Vec<u8>)]) {
        let slices: Vec<(&[u8], &[u8])> = pairs.iter().map(|pair| (&*pair.0, &*pair.1)).collect();
        let wanted: Vec<bool> =
            slices.iter().map(|(message, signature)| self.probe.aws_lc(message, signature)).collect();
        for (form, name) in self.probe.names().enumerate() {
            let together = self.probe.accepts_each(form, &slices);
            for ((pair, wanted), together) in slices.iter().zip(&wanted).zip(together) {
                let alone = self.probe.accepts(form, pair.0, pair.1);
                assert!(*wanted || !(alone || together), "{name} accepts for {} {pair:02x?}", self.alg);
            }
        }
    }
}

fuzz_target!(
    init: seeds::plant("accelerated", (0..SUBJECTS.len()).map(|which| {
        [vec![which as u8], vec![0; 4 * 20], vec![7, 0, 5, 1, 2, 0, 9, 0, 3, 0, 0, 0]].concat()
    })),
    |bytes: &[u8]| {
        let Some((which, rest)) = bytes.split_first() else { return };
        if SUBJECTS.is_empty() {
            return;
        }
        let subject = &SUBJECTS[usize::from(*which) % SUBJECTS.len()];
        let (jobs, signature) = rest.as_chunks::<4>();
        let raw = (subject.message.clone(), [signature, jobs.as_flattened()].concat());
        let changed = jobs.iter().take(JOBS).map(|job| subject.changed(*job));
        subject.compare(&changed.chain([raw]).collect::<Vec<_>>());
    }
);
