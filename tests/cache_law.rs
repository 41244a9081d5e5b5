//! The law of the cache: for every token, policy and instant, the verdict with
//! the cache equals the verdict without.
//!
//! Histories go through a verifier with a small cache and through one without
//! that gets a new scratch each time. Some are written down, and bring up every
//! code that the law is about; the others are random. `JOT_LONG=1` runs fifty
//! times as many of those.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod actors;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jot::{
    CacheSize, Code, Dates, Policy, Revocations, Scratch, SignHeader, Statistics, UnixSeconds, Verifier,
};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestRunner};

use actors::*;

/// Claims of every kind around [`NOON`]; `ISS` stands for the issuer.
fn claims() -> Vec<String> {
    let noon = NOON;
    let mut claims: Vec<String> = [
        format!(r#""exp":{},"iat":{noon}"#, noon + 50),
        format!(r#""exp":{}"#, noon + 20),
        format!(r#""exp":{}"#, noon - 20),
        format!(r#""exp":{},"nbf":{}"#, noon + 60, noon + 30),
        format!(r#""exp":{}.5,"nbf":{}.5,"iat":{}.25"#, noon + 10, noon - 10, noon - 12),
        format!(r#""iat":{}"#, noon - 30),
        format!(r#""iat":{}"#, noon + 15),
        format!(r#""sub":"alice","iat":{},"exp":{}"#, noon - 5, noon + 40),
        format!(r#""sub":"alice","iat":{}.5,"exp":{}"#, noon - 1, noon + 40),
        format!(r#""sub":"alice","exp":{}"#, noon + 40),
        format!(r#""jti":"one","exp":{}"#, noon + 40),
        format!(r#""jti":"two","exp":{}"#, noon + 40),
        format!(r#""aud":"api","exp":{}"#, noon + 40),
        format!(r#""exp":{},"iat":"noon""#, noon + 40),
        format!(r#""exp":{},"padding":"{}""#, noon + 40, "x".repeat(3100)),
        format!(r#""exp":{0},"exp":{0}"#, noon + 40),
    ]
    .into();
    for exp in
        ["1e300", "-1e300", "-0", "1099511627775", "1099511627776", "9223372036854775807", "null", "[]"]
    {
        claims.push(format!(r#""exp":{exp}"#));
    }
    claims.push(r#""nbf":-0.5,"iat":-7"#.to_owned());
    claims.push(String::new());
    claims
}

static TOKENS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let mut tokens = Vec::new();
    for issuer in ISSUERS {
        for claims in claims() {
            let members = match issuer {
                Some(issuer) if claims.is_empty() => format!(r#"{{"iss":"{issuer}"}}"#),
                Some(issuer) => format!(r#"{{"iss":"{issuer}",{claims}}}"#),
                None => format!("{{{claims}}}"),
            };
            for signer in [A, A_OTHER, ED, EC, NAMELESS] {
                tokens.push(sign(signer, &members));
            }
            let critical = SignHeader::default().critical("x", "1");
            tokens.push(sign_with(A, &critical, &members));
            tokens.push(sign_with(A, &SignHeader::default().typ("at+jwt"), &members));
            tokens.push(tampered(&sign(A, &members)));
        }
    }
    tokens.push(sign(A, "[]"));
    tokens.push(sign(A, "no JSON"));
    tokens.push(signed_nonsense());
    tokens.extend([b"".to_vec(), b"a.b.c".to_vec(), b"{}".to_vec(), b"..".to_vec()]);
    tokens
});

/// Good tokens that nothing else uses, to push others out.
static FLOOD: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let claims = |number| format!(r#"{{"iss":"https://a","exp":{},"n":{number}}}"#, NOON + 1_000_000);
    (0..64).map(|number| sign(A, &claims(number))).collect()
});

const POLICIES: usize = 7;

fn nth_policy(number: usize) -> Policy {
    let any = policy().any_audience();
    match number {
        0 => any,
        1 => any.leeway(20),
        2 => any.allow_missing_exp(),
        3 => any.max_age(30).leeway(5),
        4 => any.allow_missing_exp().leeway(u32::MAX).understand_critical("x"),
        5 => policy().audience("api").allow_missing_exp(),
        _ => any.typ("at+jwt").allow_missing_exp().max_age(u32::MAX),
    }
}

const SETS: &[&[usize]] = &[
    &[A, ED, EC],
    &[A_OTHER, ED, EC],
    &[ED, A],
    &[A],
    &[A, NAMELESS],
    &[NAMELESS, A],
    &[A, A_OTHER],
    &[A_OTHER, A],
    &[A_HS384, ED],
    &[ED, EC],
    &[A_EARLY, ED],
    &[A_OTHER_LATE, A_EARLY, ED_AT_NOON, EC],
];

const REVOCATIONS: usize = 8;

fn nth_revocations(number: usize) -> Revocations {
    let mut list = Revocations::default();
    let done = match number {
        1 => list.revoke_jti("one", None),
        2 => list.revoke_jti("two", None),
        3 => list.revoke_subject("alice", at(-1)),
        4 => list.revoke_subject("alice", at(-100)),
        5 => list.revoke_key(key(A).thumbprint()),
        6 => list.revoke_key(key(ED).thumbprint()),
        7 => list.revoke_jti("one", None).and_then(|()| list.revoke_key(key(A_OTHER).thumbprint())),
        _ => Ok(()),
    };
    done.unwrap();
    list
}

/// How a verifier is asked.
#[derive(Clone, Copy, Debug)]
enum Way {
    Verify,
    Check,
    Judge,
}

#[derive(Clone, Debug)]
enum Step {
    Ask(Way, Index),
    /// Every token there is, twice.
    Every,
    /// Another verifier uses the scratch.
    Stranger(Index),
    Tick(i64),
    Jump(i64),
    Replace {
        issuer: usize,
        set: usize,
    },
    Revoke(usize),
    Flood(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        8 => any::<Index>().prop_map(|index| Step::Ask(Way::Verify, index)),
        12 => any::<Index>().prop_map(|index| Step::Ask(Way::Check, index)),
        8 => any::<Index>().prop_map(|index| Step::Ask(Way::Judge, index)),
        3 => any::<Index>().prop_map(Step::Stranger),
        5 => (-25_i64..=25).prop_map(Step::Tick),
        1 => prop_oneof![Just(i64::MIN), Just(-1_i64), Just(0), Just(1 << 40), Just(i64::MAX)].prop_map(Step::Jump),
        2 => Just(Step::Jump(NOON)),
        2 => (0..4_usize, 0..SETS.len()).prop_map(|(issuer, set)| Step::Replace { issuer, set }),
        2 => (0..REVOCATIONS).prop_map(Step::Revoke),
        1 => (1..12_usize).prop_map(Step::Flood),
    ];
    proptest::collection::vec(step, 30..70)
}

#[derive(Clone, Debug)]
struct History {
    policy: usize,
    issuers: usize,
    entries: usize,
    shared_scratch: bool,
    pool: Vec<Index>,
    steps: Vec<Step>,
}

fn histories() -> impl Strategy<Value = History> {
    let pool = proptest::collection::vec(any::<Index>(), 1..12);
    (0..POLICIES, 0..3_usize, prop_oneof![Just(1_usize), Just(20)], any::<bool>(), pool, steps()).prop_map(
        |(policy, issuers, entries, shared_scratch, pool, steps)| History {
            policy,
            issuers,
            entries,
            shared_scratch,
            pool,
            steps,
        },
    )
}

/// The sole key set without a name, or one or two issuers.
fn verifier(policy: Policy, issuers: usize, cache: Option<usize>) -> Verifier {
    let builder = Verifier::builder(policy);
    let builder = match issuers {
        0 => builder.keys(keys(SETS[0])),
        1 => builder.issuer("https://a", keys(SETS[0])),
        _ => builder.issuer("https://a", keys(SETS[0])).issuer("https://b", keys(&[A_OTHER, ED])),
    };
    match cache {
        Some(entries) => builder.cache(CacheSize::Entries(entries)).build().unwrap(),
        None => builder.build().unwrap(),
    }
}

/// What was seen of all histories, so that a test of nothing is noticed.
#[derive(Default)]
struct Seen {
    codes: BTreeSet<Code>,
    hits: u64,
    evictions: u64,
    verdicts: u64,
}

impl Seen {
    fn add(&mut self, statistics: &Statistics) {
        self.codes.extend(statistics.codes.iter().filter(|row| row.1 > 0).map(|row| row.0));
        self.hits += statistics.cache_hits;
        self.evictions += statistics.cache_evictions;
        self.verdicts += statistics.codes.iter().map(|row| row.1).sum::<u64>();
    }
}

/// One token through both verifiers.
fn compare(
    way: Way,
    token: &[u8],
    now: UnixSeconds,
    cached: &Verifier,
    plain: &Verifier,
    room: &mut Scratch,
) {
    let mut fresh = Scratch::new();
    let wanted = Said::of(&plain.verdict(token, now, &mut fresh));
    match way {
        Way::Verify => match cached.verify(token, now, room) {
            Err(rejection) => assert_eq!(Some(rejection), wanted.rejection),
            Ok(verified) => {
                let claims = Some(verified.claims().as_text().to_owned());
                assert_eq!((None, claims), (wanted.rejection, wanted.claims));
                assert_eq!((Some(verified.key()), Some(verified.header().alg())), (wanted.key, wanted.alg));
            }
        },
        Way::Check => match cached.verify_without_claims(token, now, room) {
            Err(rejection) => assert_eq!(Some(rejection), wanted.rejection),
            Ok(accepted) => {
                let dates: Dates = accepted.dates();
                assert_eq!((None, Some(dates)), (wanted.rejection, wanted.dates));
                assert_eq!((Some(accepted.key()), Some(accepted.alg())), (wanted.key, wanted.alg));
            }
        },
        Way::Judge => assert_eq!(Said::of(&cached.verdict(token, now, room)), wanted),
    }
}

fn live(history: &History) -> Statistics {
    let cached = verifier(nth_policy(history.policy), history.issuers, Some(history.entries));
    let plain = verifier(nth_policy(history.policy), history.issuers, None);
    // A stranger whose answer to `crit` is another one.
    let strange = if history.policy == 4 { 2 } else { 4 };
    let stranger = verifier(nth_policy(strange), history.issuers, Some(20));
    let stranger_plain = verifier(nth_policy(strange), history.issuers, None);
    let (mut room, mut other_room) = (Scratch::new(), Scratch::new());
    let mut now = NOON;
    for step in &history.steps {
        match step {
            Step::Ask(way, index) => {
                let token = index.get(&history.pool).get(&TOKENS);
                compare(*way, token, UnixSeconds(now), &cached, &plain, &mut room);
            }
            Step::Every => {
                for token in TOKENS.iter() {
                    compare(Way::Check, token, UnixSeconds(now), &cached, &plain, &mut room);
                    compare(Way::Judge, token, UnixSeconds(now), &cached, &plain, &mut room);
                }
            }
            Step::Stranger(index) => {
                let token = index.get(&history.pool).get(&TOKENS);
                let room = if history.shared_scratch { &mut room } else { &mut other_room };
                compare(Way::Judge, token, UnixSeconds(now), &stranger, &stranger_plain, room);
            }
            Step::Tick(seconds) => now = now.saturating_add(*seconds),
            Step::Jump(instant) => now = *instant,
            Step::Replace { issuer, set } => {
                let issuer = ISSUERS[*issuer];
                let replace = |verifier: &Verifier| verifier.replace_keys(issuer, keys(SETS[*set]));
                assert_eq!(replace(&cached), replace(&plain));
            }
            Step::Revoke(number) => {
                cached.set_revocations(nth_revocations(*number));
                plain.set_revocations(nth_revocations(*number));
            }
            Step::Flood(tokens) => {
                for token in FLOOD.iter().cycle().skip(*tokens * 7).take(*tokens) {
                    compare(Way::Judge, token, UnixSeconds(now), &cached, &plain, &mut room);
                }
            }
        }
    }
    cached.statistics()
}

/// Histories that bring up every code, and fill and use the cache.
fn certain_histories() -> Vec<History> {
    use Step::{Every, Jump, Replace, Revoke};

    let replace = |set| Replace { issuer: 0, set };
    let sole = [
        vec![Every, Revoke(1), Every, Revoke(3), Every, Revoke(5), Every, Revoke(0)],
        // Keys that come and go with the clock, before, at and after noon.
        vec![replace(11), Jump(NOON - 15), Every, Jump(NOON), Every, Jump(NOON + 20), Every],
        vec![replace(3), Jump(NOON), Every],
    ];
    let history = |policy, issuers, entries, steps| History {
        policy,
        issuers,
        entries,
        shared_scratch: true,
        pool: Vec::new(),
        steps,
    };
    vec![
        history(0, 0, 20, sole.concat()),
        history(0, 0, 1, vec![Every]),
        history(3, 2, 20, vec![Every, Jump(NOON + 35), Every]),
    ]
}

#[test]
fn cache_never_changes_a_verdict() {
    let mut seen = Seen::default();
    certain_histories().iter().for_each(|history| seen.add(&live(history)));
    assert!(seen.hits > 1000, "{} hits", seen.hits);
    assert!(seen.evictions > 1000, "{} evictions", seen.evictions);
    for code in [
        Code::Accepted,
        Code::SignatureInvalid,
        Code::KidUnknown,
        Code::IssuerUnknown,
        Code::KeyRevoked,
        Code::KeyNotYetValid,
        Code::KeyRetired,
        Code::JtiRevoked,
        Code::SubRevoked,
        Code::Expired,
        Code::NotYetValid,
        Code::IssuedInFuture,
        Code::TooOld,
        Code::ExpMissing,
        Code::CritUnknown,
    ] {
        assert!(seen.codes.contains(&code), "{code} never came up");
    }
}

#[test]
fn cache_never_changes_a_verdict_of_a_random_history() {
    let sequences = if std::env::var_os("JOT_LONG").is_some() { 20_000 } else { 400 };
    let config = Config { cases: sequences, failure_persistence: None, ..Config::default() };
    let seen = std::cell::RefCell::new(Seen::default());
    let outcome = TestRunner::new(config).run(&histories(), |history| {
        seen.borrow_mut().add(&live(&history));
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    let seen = seen.into_inner();
    println!("{} verdicts, {} hits, {} evictions", seen.verdicts, seen.hits, seen.evictions);
}
