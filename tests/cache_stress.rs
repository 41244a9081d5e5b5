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

use jot::batch::{Batch, Columns, Instants, Tokens};
use jot::{CacheSize, Code, Revocations, Scratch, UnixSeconds, Verifier};

use actors::*;

/// How long it goes on at the least, and at the most until every thread has met
/// every phase: as long as the slowest machine takes.
const LENGTH: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(600);

/// How long a phase lasts at first.
const PAUSE: Duration = Duration::from_micros(700);

const THREADS: usize = 4;

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
    met: [Met; THREADS],
    /// By A; by a key that stays, to be revoked now and then; by that key,
    /// until noon.
    tokens: [Vec<u8>; 3],
}

/// How often a thread met each phase, and found a token in the cache.
#[derive(Default)]
struct Met {
    gone: AtomicU64,
    there: AtomicU64,
    revoked: AtomicU64,
    lifted: AtomicU64,
    expired: AtomicU64,
    from_cache: AtomicU64,
}

impl Met {
    /// Tells whether the thread of this number has seen all there is.
    fn is_enough(&self, thread: usize) -> bool {
        let Self { gone, there, revoked, lifted, expired, from_cache } = self;
        // The first one has batches, which take longer and show no cache.
        let (phases, cached) = if thread == 0 { (1, 0) } else { (20, 1) };
        let has = |count: &AtomicU64, least| count.load(Ordering::Relaxed) >= least;
        [gone, there, revoked, lifted, expired].into_iter().all(|count| has(count, phases))
            && has(from_cache, cached)
    }
}

fn add_one(count: &AtomicU64) {
    count.fetch_add(1, Ordering::Relaxed);
}

/// Ends the test when a thread of it has failed.
struct Alarm<'a>(&'a AtomicBool);

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.store(true, Ordering::Relaxed);
        }
    }
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
            met: Default::default(),
            tokens: [
                sign(A, &until(1000, "")),
                sign(ED, &until(1000, r#","jti":"one""#)),
                sign(ED, &until(0, "")),
            ],
        }
    }

    /// Takes codes that were made between these phases and now.
    fn judge(&self, codes: [Code; 3], phases: [u64; 2], now: UnixSeconds, met: &Met) {
        let [by_a, revocable, lasting] = codes;
        let [keys, revocations] = phases;
        if self.keys.now() == keys {
            match keys & 3 {
                GONE => {
                    assert!(
                        [Code::KidUnknown, Code::SignatureInvalid].contains(&by_a),
                        "{by_a} without its key"
                    );
                    add_one(&met.gone);
                }
                THERE => {
                    assert_eq!(by_a, Code::Accepted);
                    add_one(&met.there);
                }
                _ => {}
            }
        }
        if self.revocations.now() == revocations {
            match revocations & 3 {
                GONE => {
                    assert_eq!(revocable, Code::JtiRevoked);
                    add_one(&met.revoked);
                }
                THERE => {
                    assert_eq!(revocable, Code::Accepted);
                    add_one(&met.lifted);
                }
                _ => {}
            }
        }
        let expected = if now >= at(0) { Code::Expired } else { Code::Accepted };
        assert_eq!(lasting, expected);
        if expected == Code::Expired {
            add_one(&met.expired);
        }
    }

    fn instant(&self) -> ([u64; 2], UnixSeconds) {
        ([self.keys.now(), self.revocations.now()], at(self.clock.load(Ordering::Relaxed)))
    }

    fn verify_one_by_one(&self, met: &Met) {
        let (_alarm, mut scratch) = (Alarm(&self.is_over), Scratch::new());
        for round in 0_usize.. {
            if self.is_over.load(Ordering::Relaxed) {
                return;
            }
            let (phases, now) = self.instant();
            let mut turn = round;
            let codes = self.tokens.each_ref().map(|token| {
                turn += 1;
                if turn.is_multiple_of(2) {
                    return self.verifier.verdict(token, now, &mut scratch).code();
                }
                match self.verifier.verify_without_claims(token, now, &mut scratch) {
                    Err(rejection) => rejection.code(),
                    Ok(accepted) => {
                        if accepted.from_cache() {
                            add_one(&met.from_cache);
                        }
                        Code::Accepted
                    }
                }
            });
            self.judge(codes, phases, now, met);
        }
    }

    fn verify_batches(&self, met: &Met) {
        let (_alarm, mut batch) = (Alarm(&self.is_over), Batch::new(2).unwrap());
        // Tokens that push the others out of the cache now and then.
        let others = (0..130).map(|number| sign(A, &format!(r#"{{"exp":{},"n":{number}}}"#, NOON + 10)));
        let others: Vec<Vec<u8>> = others.collect();
        let rows: Vec<&[u8]> = self.tokens.iter().chain(&others).map(|token| &token[..]).collect();
        let mut codes = vec![0; rows.len()];
        while !self.is_over.load(Ordering::Relaxed) {
            let (phases, now) = self.instant();
            let (tokens, mut columns) = (Tokens::Slices(&rows), Columns::codes(&mut codes));
            batch.verify(&self.verifier, &tokens, Instants::Now(now), &mut columns).unwrap();
            let first = codes.first_chunk::<3>().unwrap();
            self.judge(first.map(|code| Code::from_number(code).unwrap()), phases, now, met);
        }
    }

    fn is_enough(&self) -> bool {
        self.met.iter().enumerate().all(|(thread, met)| met.is_enough(thread))
    }

    /// Changes keys, revocations and the clock until the time is over and every
    /// thread has met every phase. Where one does not come to it, because the
    /// machine has other things to do, phases last longer and longer.
    fn change(&self) {
        let (start, mut pause) = (Instant::now(), PAUSE);
        let mut without = [&[ED][..], &[A_OTHER, ED]].into_iter().cycle();
        let mut with = [&[A, ED], &[ED, A]].into_iter().cycle();
        while !self.is_over.load(Ordering::Relaxed) {
            if start.elapsed() > LENGTH {
                if self.is_enough() || start.elapsed() > PATIENCE {
                    break;
                }
                pause = pause.mul_f64(1.1).min(Duration::from_secs(2));
            }
            for is_gone in [true, false] {
                let numbers = if is_gone { without.next().unwrap() } else { with.next().unwrap() };
                self.keys.begin(CHANGING);
                self.verifier.replace_keys(None, keys(numbers)).unwrap();
                self.keys.begin(if is_gone { GONE } else { THERE });
                thread::sleep(pause);

                let mut list = Revocations::default();
                list.revoke_jti(if is_gone { "one" } else { "two" }, None).unwrap();
                self.revocations.begin(CHANGING);
                self.verifier.set_revocations(list);
                self.revocations.begin(if is_gone { GONE } else { THERE });
                self.clock.store(if is_gone { 5 } else { -5 }, Ordering::Relaxed);
                thread::sleep(pause);
            }
        }
        self.is_over.store(true, Ordering::Relaxed);
    }
}

#[test]
fn no_verdict_is_out_of_date_under_load() {
    let stage = Stage::new();
    thread::scope(|scope| {
        let [batches, singles @ ..] = &stage.met;
        scope.spawn(|| stage.verify_batches(batches));
        for met in singles {
            scope.spawn(|| stage.verify_one_by_one(met));
        }
        stage.change();
    });
    assert!(stage.is_enough(), "some thread did not meet every phase");
}
