//! Keys, revocations and the clock change under threads that verify.
//!
//! The thread that changes things says so in a [`Phase`] before it begins and
//! after it is done. A verification that began and ended in one and the same
//! phase must give the verdict of that phase, remembered token or not.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing amiss"
)]

mod actors;

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use jot::{Batch, CacheSize, Code, Columns, Instants, Revocations, Scratch, Tokens, UnixSeconds, Verifier};

use actors::*;

const LENGTH: Duration = Duration::from_secs(2);

const CHANGING: u64 = 0;
const GONE: u64 = 1;
const THERE: u64 = 2;

/// What holds now: a number that is never used again, and one of the three
/// above in its lowest bits.
#[derive(Default)]
struct Phase(AtomicU64);

impl Phase {
    fn begin(&self, phase: u64) {
        let before = self.0.load(Ordering::SeqCst);
        self.0.store((before | 3) + 1 + phase, Ordering::SeqCst);
    }

    fn now(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

struct Stage {
    verifier: Verifier,
    /// Whether the key A is there.
    keys: Phase,
    /// Whether the token `one` may be used.
    revocations: Phase,
    clock: AtomicI64,
    is_over: AtomicBool,
    /// By A; by a key that stays, to be revoked now and then; by that key,
    /// until noon.
    tokens: [Vec<u8>; 3],
}

/// How often each phase was met.
#[derive(Default)]
struct Met {
    gone: u64,
    there: u64,
    revoked: u64,
    lifted: u64,
    expired: u64,
    from_cache: u64,
}

impl Stage {
    fn new() -> Self {
        let until = |seconds, more: &str| format!(r#"{{"exp":{}{more}}}"#, NOON + seconds);
        let builder = Verifier::builder(policy()).keys(keys(&[A, ED]));
        Self {
            verifier: builder.cache(CacheSize::Entries(50)).build().unwrap(),
            keys: Phase::default(),
            revocations: Phase::default(),
            clock: AtomicI64::new(-5),
            is_over: AtomicBool::new(false),
            tokens: [
                sign(A, &until(1000, "")),
                sign(ED, &until(1000, r#","jti":"one""#)),
                sign(ED, &until(0, "")),
            ],
        }
    }

    /// Takes codes that were made between these phases and now.
    fn judge(&self, codes: [Code; 3], phases: [u64; 2], now: UnixSeconds, met: &mut Met) {
        let [by_a, revocable, lasting] = codes;
        let [keys, revocations] = phases;
        if self.keys.now() == keys {
            match keys & 3 {
                GONE => {
                    assert!(
                        [Code::KidUnknown, Code::SignatureInvalid].contains(&by_a),
                        "{by_a} without its key"
                    );
                    met.gone += 1;
                }
                THERE => {
                    assert_eq!(by_a, Code::Accepted);
                    met.there += 1;
                }
                _ => {}
            }
        }
        if self.revocations.now() == revocations {
            match revocations & 3 {
                GONE => {
                    assert_eq!(revocable, Code::JtiRevoked);
                    met.revoked += 1;
                }
                THERE => {
                    assert_eq!(revocable, Code::Accepted);
                    met.lifted += 1;
                }
                _ => {}
            }
        }
        let expected = if now >= at(0) { Code::Expired } else { Code::Accepted };
        assert_eq!(lasting, expected);
        met.expired += u64::from(expected == Code::Expired);
    }

    fn instant(&self) -> ([u64; 2], UnixSeconds) {
        ([self.keys.now(), self.revocations.now()], at(self.clock.load(Ordering::Relaxed)))
    }

    fn verify_one_by_one(&self) -> Met {
        let (mut met, mut scratch) = (Met::default(), Scratch::new());
        while !self.is_over.load(Ordering::Relaxed) {
            let (phases, now) = self.instant();
            let mut turn = met.gone;
            let codes = self.tokens.each_ref().map(|token| {
                turn += 1;
                if turn.is_multiple_of(2) {
                    return self.verifier.judge(token, now, &mut scratch).code();
                }
                match self.verifier.check(token, now, &mut scratch) {
                    Err(rejection) => rejection.code(),
                    Ok(admitted) => {
                        met.from_cache += u64::from(admitted.from_cache());
                        Code::Accepted
                    }
                }
            });
            self.judge(codes, phases, now, &mut met);
        }
        met
    }

    fn verify_batches(&self) -> Met {
        let (mut met, mut batch) = (Met::default(), Batch::new(2).unwrap());
        // Tokens that push the others out of the cache now and then.
        let others = (0..130).map(|number| sign(A, &format!(r#"{{"exp":{},"n":{number}}}"#, NOON + 10)));
        let others: Vec<Vec<u8>> = others.collect();
        let rows: Vec<&[u8]> = self.tokens.iter().chain(&others).map(|token| &token[..]).collect();
        let mut codes = vec![0; rows.len()];
        while !self.is_over.load(Ordering::Relaxed) {
            let (phases, now) = self.instant();
            let (tokens, mut columns) = (Tokens::Slices(&rows), Columns::codes(&mut codes));
            batch.verify(&self.verifier, &tokens, Instants::Now(now), &mut columns, None).unwrap();
            let first = codes.first_chunk::<3>().unwrap();
            self.judge(first.map(|code| Code::from_number(code).unwrap()), phases, now, &mut met);
        }
        met
    }

    /// Changes keys, revocations and the clock until the time is over.
    fn change(&self) {
        let start = Instant::now();
        let mut without = [&[ED][..], &[A_OTHER, ED]].into_iter().cycle();
        let mut with = [&[A, ED], &[ED, A]].into_iter().cycle();
        while start.elapsed() < LENGTH {
            for is_gone in [true, false] {
                let numbers = if is_gone { without.next().unwrap() } else { with.next().unwrap() };
                self.keys.begin(CHANGING);
                self.verifier.replace_keys(None, keys(numbers)).unwrap();
                self.keys.begin(if is_gone { GONE } else { THERE });
                thread::sleep(Duration::from_micros(700));

                let mut list = Revocations::default();
                list.revoke_jti(if is_gone { "one" } else { "two" }, None).unwrap();
                self.revocations.begin(CHANGING);
                self.verifier.set_revocations(list);
                self.revocations.begin(if is_gone { GONE } else { THERE });
                self.clock.store(if is_gone { 5 } else { -5 }, Ordering::Relaxed);
                thread::sleep(Duration::from_micros(700));
            }
        }
        self.is_over.store(true, Ordering::Relaxed);
    }
}

#[test]
fn no_verdict_is_out_of_date_under_load() {
    let stage = Stage::new();
    let met = thread::scope(|scope| {
        let mut threads = vec![scope.spawn(|| stage.verify_batches())];
        threads.extend((0..3).map(|_| scope.spawn(|| stage.verify_one_by_one())));
        stage.change();
        threads.into_iter().map(|thread| thread.join()).collect::<Vec<_>>()
    });
    for (thread, met) in met.into_iter().enumerate() {
        let met = met.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let least = if thread == 0 { 1 } else { 20 };
        for count in [met.gone, met.there, met.revoked, met.lifted, met.expired] {
            assert!(count >= least, "thread {thread} met a phase {count} times");
        }
        assert!(thread == 0 || met.from_cache > 0);
    }
}
