//! Many keys, and tokens of them.

use std::hint::black_box;

use aws_lc_rs::signature::{self as sig, ParsedPublicKey, VerificationAlgorithm};
use ed25519_dalek::{Signature, VerifyingKey as DalekKey};
use jot::backend::Backend;
use jot::batch::{Batch, Columns, Instants, Tokens};
use jot::{Alg, Code, KeyOptions, KeySet, Policy, Scratch, UnixSeconds, Verifier, VerifyingKey};
use jot_bench::{AUDIENCE, ISSUER, Issuer, Token};

/// How the tokens are spread over the keys.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spread {
    /// One after the other.
    Rotation,
    /// The key of rank r has a share in proportion to 1/r.
    Zipf,
}

impl Spread {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Rotation => "in rotation",
            Self::Zipf => "by Zipf",
        }
    }
}

/// The tokens of a batch.
const BATCH: usize = 256;

/// The tokens that a contestant verifies in its turn.
const TURN: usize = 8 * BATCH;

/// The most signatures of the time before the measurement, in which tables are built, and the
/// signatures after which nothing is built any more if nothing was.
const WARM: usize = 3_000_000;
const STEP: usize = 200_000;

pub(crate) struct Crowd {
    alg: Alg,
    issuers: Vec<Issuer>,
    tokens: Vec<Token>,
    /// The key of each token.
    owners: Vec<usize>,
}

impl Crowd {
    pub(crate) fn new(alg: Alg, keys: usize, spread: Spread, payload_bytes: usize) -> Self {
        let issuers: Vec<_> = (0..keys).map(|_| Issuer::new(alg)).collect();
        let owners: Vec<usize> = match spread {
            Spread::Rotation => (0..keys.max(4096).next_multiple_of(TURN)).map(|row| row % keys).collect(),
            Spread::Zipf => zipf(keys, (16 * TURN).max(keys.next_multiple_of(TURN))),
        };
        let named = owners.iter().map(|owner| (&issuers[*owner], kid(*owner)));
        let tokens = Token::issued(payload_bytes, named);
        Self { alg, issuers, tokens, owners }
    }

    pub(crate) fn token_bytes(&self) -> usize {
        self.tokens[0].text.len()
    }

    /// Returns a verifier of all keys that has built tables until no more were added, or for
    /// [`WARM`] signatures.
    pub(crate) fn verifier(&self, backend: Backend, table_bytes: Option<usize>) -> Verifier {
        let key = |(number, issuer): (usize, &Issuer)| {
            let options = KeyOptions::default().alg(self.alg).kid(kid(number));
            VerifyingKey::from_der(&issuer.spki().unwrap(), &options).expect("the key is sound")
        };
        let keys = KeySet::new(self.issuers.iter().enumerate().map(key));
        let policy = Policy::new([self.alg]).audience(AUDIENCE);
        let mut builder = Verifier::builder(policy).issuer(ISSUER, keys).backend(backend);
        if let Some(bytes) = table_bytes {
            builder = builder.table_bytes(bytes);
        }
        let verifier = builder.build().expect("the verifier is sound");
        let mut batched = self.batched(&verifier);
        let mut bytes = None;
        for _ in 0..WARM / STEP {
            for _ in 0..STEP / TURN {
                batched.round();
            }
            let before = bytes.replace(verifier.statistics().backend.table_bytes);
            if before == bytes {
                break;
            }
        }
        self.refuses(&verifier);
        verifier
    }

    /// Asserts that changed tokens, and those with the `kid` of another key, are refused.
    fn refuses(&self, verifier: &Verifier) {
        let (mut scratch, now) = (Scratch::new(), UnixSeconds::now());
        for token in self.tokens.iter().take(100) {
            let changed = token.with_change_at(token.text.len() - 30);
            let code = verifier.verify(changed.text.as_bytes(), now, &mut scratch).unwrap_err().code();
            assert_eq!(code, Code::SignatureInvalid);
        }
    }

    pub(crate) fn batched<'c>(&'c self, verifier: &'c Verifier) -> Batched<'c> {
        let tokens = self.tokens.iter().map(|token| token.text.as_bytes()).collect();
        let batch = Batch::new(1).expect("no thread is needed");
        Batched { tokens, verifier, batch, next: 0, state: 1 }
    }

    pub(crate) fn singly<'c>(&'c self, verifier: &'c Verifier) -> impl FnMut() -> usize {
        let (mut scratch, mut state) = (Scratch::new(), 2);
        move || {
            let mut next = somewhere(&mut state, self.tokens.len());
            for _ in 0..TURN / 4 {
                let token = self.tokens[next].text.as_bytes();
                let verified = verifier.verify(black_box(token), UnixSeconds::now(), &mut scratch);
                assert!(black_box(verified.expect("the token is good").claims().subject().is_some()));
                next = (next + 1) % self.tokens.len();
            }
            TURN / 4
        }
    }

    /// aws-lc with keys that were read beforehand: only the signature.
    pub(crate) fn bare(&self) -> impl FnMut() -> usize {
        let algorithm: &'static dyn VerificationAlgorithm = match self.alg {
            Alg::ES256 => &sig::ECDSA_P256_SHA256_FIXED,
            _ => &sig::ED25519,
        };
        let key = |issuer: &Issuer| ParsedPublicKey::new(algorithm, issuer.key_bytes()).unwrap();
        let keys: Vec<_> = self.issuers.iter().map(key).collect();
        let mut state = 3;
        move || {
            let mut next = somewhere(&mut state, self.tokens.len());
            for _ in 0..TURN / 16 {
                let token = &self.tokens[next];
                let verified = keys[self.owners[next]].verify_sig(token.signing_input(), &token.signature);
                assert!(verified.is_ok());
                next = (next + 1) % self.tokens.len();
            }
            TURN / 16
        }
    }

    /// ed25519-dalek with keys that were read beforehand: only the signature. `None` for others.
    pub(crate) fn dalek(&self) -> Option<impl FnMut() -> usize> {
        let key = |issuer: &Issuer| DalekKey::from_bytes(issuer.key_bytes().try_into().unwrap()).unwrap();
        let keys: Vec<_> = (self.alg == Alg::EdDSA).then(|| self.issuers.iter().map(key).collect())?;
        let mut state = 4;
        Some(move || {
            let mut next = somewhere(&mut state, self.tokens.len());
            for _ in 0..TURN / 16 {
                let token = &self.tokens[next];
                let signature = Signature::from_slice(&token.signature).unwrap();
                let verified = keys[self.owners[next]].verify_strict(token.signing_input(), &signature);
                assert!(verified.is_ok());
                next = (next + 1) % self.tokens.len();
            }
            TURN / 16
        })
    }
}

/// Batches of tokens, one after the other.
pub(crate) struct Batched<'c> {
    tokens: Vec<&'c [u8]>,
    verifier: &'c Verifier,
    batch: Batch,
    next: usize,
    state: u64,
}

impl Batched<'_> {
    pub(crate) fn round(&mut self) -> usize {
        // The keys that come first have the tables, if not all have: no turn may be theirs alone.
        self.next = somewhere(&mut self.state, self.tokens.len() / BATCH) * BATCH;
        for _ in 0..TURN / BATCH {
            let tokens = &self.tokens[self.next..self.next + BATCH];
            let mut codes = vec![u32::MAX; BATCH];
            let now = Instants::Now(UnixSeconds::now());
            let columns = &mut Columns::codes(&mut codes);
            self.batch.verify(self.verifier, &Tokens::Slices(tokens), now, columns).expect("columns fit");
            assert!(codes.iter().all(|code| *code == Code::Accepted.number()));
            self.next = (self.next + BATCH) % self.tokens.len();
        }
        TURN
    }
}

fn kid(number: usize) -> String {
    format!("key-{number:06}")
}

/// Returns a number below 2^53, and the next one another time.
const fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 11
}

/// Returns a place below `count`.
const fn somewhere(state: &mut u64, count: usize) -> usize {
    random(state) as usize % count
}

/// Draws so many ranks below `keys`, always the same ones.
fn zipf(keys: usize, count: usize) -> Vec<usize> {
    let mut ends: Vec<f64> = (1..=keys).map(|rank| 1.0 / rank as f64).collect();
    let mut sum = 0.0;
    for end in &mut ends {
        sum += *end;
        *end = sum;
    }
    let mut state = 0x6a6f_7402_u64;
    let draw = |_| {
        let point = random(&mut state) as f64 / (1_u64 << 53) as f64 * sum;
        ends.partition_point(|end| *end < point).min(keys - 1)
    };
    (0..count).map(draw).collect()
}
