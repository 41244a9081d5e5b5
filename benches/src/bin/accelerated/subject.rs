//! An algorithm's tokens, and who verifies them.

use std::hint::black_box;
use std::time::Instant;

use jot::backend::Backend;
use jot::batch::{Batch, Columns, Instants, Tokens};
use jot::{Alg, Code, KeyOptions, KeySet, Policy, Scratch, UnixSeconds, Verifier, VerifyingKey};
use jot_bench::clock::middle;
use jot_bench::{AUDIENCE, Engine, ISSUER, Issuer, Token, Workload};

/// Tokens of one algorithm, of one key or of several in turn.
pub(crate) struct Subject {
    alg: Alg,
    issuers: Vec<Issuer>,
    /// As many good tokens of each.
    workloads: Vec<Workload>,
}

impl Subject {
    pub(crate) fn new(alg: Alg) -> Self {
        Self::with_keys(alg, 1)
    }

    pub(crate) fn with_keys(alg: Alg, keys: usize) -> Self {
        let issuers: Vec<_> = (0..keys).map(|_| Issuer::new(alg)).collect();
        let workloads = issuers.iter().map(Workload::new).collect();
        Self { alg, issuers, workloads }
    }

    /// 256 tokens, of each key in turn.
    fn tokens(&self) -> Vec<&Token> {
        let keys = self.workloads.len();
        (0..256)
            .map(|row| {
                let good = &self.workloads[row % keys].good;
                &good[row / keys % good.len()]
            })
            .collect()
    }

    /// One verifier, of as many issuers as there are keys: the tokens all say
    /// the same `iss`, so each key has a verifier of its own with one budget.
    fn verifiers(&self, backend: Backend) -> Vec<Verifier> {
        self.issuers.iter().map(|issuer| verifier(issuer, backend)).collect()
    }

    pub(crate) fn bare(&self) -> Bare<'_> {
        let bare = Engine::all(&self.issuers[0]).into_iter().find(|engine| engine.name() == Engine::BARE);
        let mut engine = bare.expect("there is the bare primitive");
        engine.check(&self.workloads[0]);
        Bare { tokens: self.tokens(), engine, next: 0 }
    }

    pub(crate) fn single(&self, backend: Backend) -> Single<'_> {
        let verifiers = self.verifiers(backend);
        let mut scratch = Scratch::new();
        let now = UnixSeconds::now();
        for (verifier, workload) in verifiers.iter().zip(&self.workloads) {
            for token in &workload.good {
                assert!(verifier.verify(token.text.as_bytes(), now, &mut scratch).is_ok());
            }
            for token in workload.forged.iter().chain(&workload.unfit) {
                assert!(verifier.verify(token.text.as_bytes(), now, &mut scratch).is_err());
            }
        }
        let name = verifiers[0].backend_name(self.alg);
        Single { name, tokens: self.tokens(), verifiers, scratch, next: 0 }
    }

    pub(crate) fn batch(&self, backend: Backend) -> Batched<'_> {
        let keys = self.workloads.len();
        let per_key = (0..keys).map(|key| {
            self.tokens().into_iter().skip(key).step_by(keys).map(|token| token.text.as_bytes()).collect()
        });
        Batched {
            tokens: per_key.collect(),
            verifiers: self.verifiers(backend),
            batch: Batch::new(1).expect("no thread is needed"),
        }
    }

    /// How many times as fast two threads do the work of one.
    pub(crate) fn two_threads(&self, backend: Backend) -> f64 {
        let verifier = verifier(&self.issuers[0], backend);
        let good = &self.workloads[0].good;
        let work = |tokens: usize| {
            let mut scratch = Scratch::new();
            let now = UnixSeconds::now();
            for token in good.iter().cycle().take(tokens) {
                assert!(black_box(verifier.verify(token.text.as_bytes(), now, &mut scratch)).is_ok());
            }
        };
        let wall = |go: &dyn Fn()| {
            let start = Instant::now();
            go();
            start.elapsed().as_secs_f64()
        };
        let ratio = |_| {
            let one = wall(&|| work(40_000));
            let two = wall(&|| {
                std::thread::scope(|scope| {
                    scope.spawn(|| work(20_000));
                    work(20_000);
                });
            });
            one / two
        };
        middle((0..15).map(ratio).collect())
    }
}

fn verifier(issuer: &Issuer, backend: Backend) -> Verifier {
    let options = KeyOptions::default().alg(issuer.alg());
    let key = match issuer.spki() {
        Some(spki) => VerifyingKey::from_der(&spki, &options),
        None => VerifyingKey::from_secret(issuer.key_bytes(), &options),
    };
    let keys = KeySet::new([key.expect("the key is sound")]);
    let builder = Verifier::builder(Policy::new([issuer.alg()]).audience(AUDIENCE)).issuer(ISSUER, keys);
    builder.backend(backend).build().expect("the verifier is sound")
}

pub(crate) struct Bare<'t> {
    tokens: Vec<&'t Token>,
    engine: Engine,
    next: usize,
}

impl Bare<'_> {
    /// Verifies for some milliseconds; returns how many tokens.
    pub(crate) fn round(&mut self) -> usize {
        for _ in 0..64 {
            assert!(self.engine.verify(self.tokens[self.next]));
            self.next = (self.next + 1) % self.tokens.len();
        }
        64
    }
}

pub(crate) struct Single<'t> {
    pub(crate) name: &'static str,
    tokens: Vec<&'t Token>,
    verifiers: Vec<Verifier>,
    scratch: Scratch,
    next: usize,
}

impl Single<'_> {
    pub(crate) fn round(&mut self) -> usize {
        for _ in 0..256 {
            let token = self.tokens[self.next].text.as_bytes();
            let verifier = &self.verifiers[self.next % self.verifiers.len()];
            let verified = verifier.verify(black_box(token), UnixSeconds::now(), &mut self.scratch);
            assert!(black_box(verified.expect("the token is good").claims().subject().is_some()));
            self.next = (self.next + 1) % self.tokens.len();
        }
        256
    }

    pub(crate) fn table_bytes(&self) -> usize {
        self.verifiers.iter().map(|verifier| verifier.statistics().backend.table_bytes).sum()
    }
}

pub(crate) struct Batched<'t> {
    /// Of each key.
    tokens: Vec<Vec<&'t [u8]>>,
    verifiers: Vec<Verifier>,
    batch: Batch,
}

impl Batched<'_> {
    pub(crate) fn round(&mut self) -> usize {
        let mut count = 0;
        for _ in 0..4 {
            for (verifier, tokens) in self.verifiers.iter().zip(&self.tokens) {
                let mut codes = vec![u32::MAX; tokens.len()];
                let now = Instants::Now(UnixSeconds::now());
                let columns = &mut Columns::codes(&mut codes);
                let report = self.batch.verify(verifier, &Tokens::Slices(tokens), now, columns);
                assert!(codes.iter().all(|code| *code == Code::Accepted.number()));
                // Of long tokens fewer are made, and the rest are repeats.
                count += report.expect("the columns fit").distinct;
            }
        }
        count
    }
}
