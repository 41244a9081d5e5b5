//! The dates of random tokens under random policies, judged as a model in wide
//! integers judges them.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod cases;

use cases::hmac;
use jot::{Alg, Code, Policy, Scratch, UnixSeconds};
use proptest::prelude::*;

/// A date as the token writes it, and its value in quarters of a second.
#[derive(Clone, Debug)]
struct Date {
    text: String,
    quarters: i128,
}

fn whole(seconds: i128) -> Date {
    Date { text: seconds.to_string(), quarters: seconds * 4 }
}

/// Quarters of a second are exact in binary, so that the model is exact too.
fn fraction(quarters: i128) -> Date {
    let sign = if quarters < 0 { "-" } else { "" };
    let rest = ["0", "25", "5", "75"][usize::try_from(quarters.abs() % 4).unwrap()];
    Date { text: format!("{sign}{}.{rest}", quarters.abs() / 4), quarters }
}

const MAX: i128 = i64::MAX as i128;
const MIN: i128 = i64::MIN as i128;

fn extreme() -> impl Strategy<Value = Date> {
    let ends = prop_oneof![Just(MIN), Just(MAX), Just(0), Just(1 << 63), Just(-(1 << 64)), Just(1 << 53)];
    prop_oneof![
        (ends, -3_i128..=3).prop_map(|(end, step)| whole(end + step)),
        Just(Date { text: "1e300".into(), quarters: MAX * 4 }),
        Just(Date { text: "-1E+300".into(), quarters: MIN * 4 }),
        Just(Date { text: "-0".into(), quarters: 0 }),
        Just(Date { text: "-0.0".into(), quarters: 0 }),
        Just(Date { text: "1.8e9".into(), quarters: 7_200_000_000 }),
    ]
}

fn date(now: i64) -> impl Strategy<Value = Date> {
    let now = i128::from(now);
    let near = (-40_i128..=40).prop_map(move |step| whole(now + step));
    let between = (-160_i128..=160).prop_map(move |step| {
        // Past this a double has no quarters.
        if now.abs() < 1 << 48 { fraction(now * 4 + step) } else { whole(now + step) }
    });
    prop_oneof![4 => near, 3 => between, 1 => extreme()]
}

fn now() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => 1_700_000_000_i64..1_900_000_000,
        2 => -50_i64..50,
        1 => (0_i64..50).prop_map(|step| i64::MIN + step),
        1 => (0_i64..50).prop_map(|step| i64::MAX - step),
    ]
}

#[derive(Clone, Debug)]
struct Trial {
    now: i64,
    issued: Option<Date>,
    start: Option<Date>,
    end: Option<Date>,
    leeway: u32,
    max_age: Option<u32>,
    end_optional: bool,
}

fn trial() -> impl Strategy<Value = Trial> {
    let seconds = || prop_oneof![3 => Just(0_u32), 5 => 0_u32..20, 1 => Just(u32::MAX)];
    now().prop_flat_map(move |now| {
        let date = || prop::option::weighted(0.8, date(now));
        (date(), date(), date(), seconds(), prop::option::of(seconds()), any::<bool>()).prop_map(
            move |(issued, start, end, leeway, max_age, end_optional)| Trial {
                now,
                issued,
                start,
                end,
                leeway,
                max_age,
                end_optional,
            },
        )
    })
}

/// The rules of RFC 7519 §4.1.4 to §4.1.6 in quarters of a second. Dates are
/// held at the ends of `i64`, and so is the sum of exp and leeway.
fn model(trial: &Trial) -> Code {
    let held = |date: &Option<Date>| date.as_ref().map(|date| date.quarters.clamp(MIN * 4, MAX * 4));
    let now = i128::from(trial.now) * 4;
    let leeway = i128::from(trial.leeway) * 4;
    let issued = held(&trial.issued);
    if issued.is_some_and(|issued| now + leeway < issued) {
        return Code::IssuedInFuture;
    }
    match (trial.max_age, issued) {
        (Some(_), None) => return Code::IatMissing,
        (Some(age), Some(issued)) if now > issued + i128::from(age) * 4 + leeway => return Code::TooOld,
        _ => {}
    }
    if held(&trial.start).is_some_and(|start| now + leeway < start) {
        return Code::NotYetValid;
    }
    match held(&trial.end) {
        None if trial.end_optional => Code::Accepted,
        None => Code::ExpMissing,
        Some(end) if now >= (end + leeway).min(MAX * 4) => Code::Expired,
        Some(_) => Code::Accepted,
    }
}

fn policy(trial: &Trial) -> Policy {
    let mut policy = Policy::new([Alg::HS256]).leeway(trial.leeway);
    if let Some(age) = trial.max_age {
        policy = policy.max_age(age);
    }
    if trial.end_optional { policy.allow_missing_exp() } else { policy }
}

fn claims(trial: &Trial) -> String {
    let members: Vec<String> = [("iat", &trial.issued), ("nbf", &trial.start), ("exp", &trial.end)]
        .iter()
        .filter_map(|(name, date)| Some(format!("\"{name}\":{}", date.as_ref()?.text)))
        .collect();
    format!("{{{}}}", members.join(","))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn dates_are_judged_as_the_model_says(trial in trial()) {
        let verifier = hmac::verifier(policy(&trial));
        let token = hmac::paid(claims(&trial).as_bytes());
        let mut scratch = Scratch::new();
        let verdict = verifier.verdict(&token, UnixSeconds(trial.now), &mut scratch);
        prop_assert!(verdict.signature_ok());
        prop_assert_eq!(verdict.code(), model(&trial), "{}", claims(&trial));
    }

    /// A live token stays live until its end and never comes back.
    #[test]
    fn token_is_never_accepted_again_when_it_has_expired(exp in -100_i64..100, leeway in 0_u32..10) {
        let verifier = hmac::verifier(Policy::new([Alg::HS256]).leeway(leeway));
        let token = hmac::paid(format!("{{\"exp\":{exp}}}").as_bytes());
        let mut scratch = Scratch::new();
        for now in -120..120 {
            let accepted = verifier.verdict(&token, UnixSeconds(now), &mut scratch).is_accepted();
            prop_assert_eq!(accepted, now < exp + i64::from(leeway));
        }
    }
}

/// What the properties lean on: every outcome of the model is met.
#[test]
fn model_comes_to_every_outcome() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let seen: std::collections::BTreeSet<Code> =
        (0..2_000).map(|_| model(&trial().new_tree(&mut runner).unwrap().current())).collect();
    let expected = [
        Code::Accepted,
        Code::IatMissing,
        Code::IssuedInFuture,
        Code::TooOld,
        Code::NotYetValid,
        Code::ExpMissing,
        Code::Expired,
    ];
    assert_eq!(seen, expected.into_iter().collect());
}
