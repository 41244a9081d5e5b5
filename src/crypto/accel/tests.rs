//! The seam: what may be accepted by whom, and what is built when.
#![allow(clippy::arithmetic_side_effects, reason = "a test may stop at the first thing amiss")]

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::crypto::{Check, Means};

/// A form that takes everything for good.
struct Gullible;

impl Form for Gullible {
    fn accepts(&self, _: &[u8], _: &[u8]) -> bool {
        true
    }
}

/// A form that takes nothing for good.
struct Reticent;

impl Form for Reticent {
    fn accepts(&self, _: &[u8], _: &[u8]) -> bool {
        false
    }

    /// Leaves what stands in the answers, as forms do with malformed jobs.
    fn accept_each(&self, _: &mut [Job<'_>]) {}
}

/// Ends in three steps of no work.
struct Mock(u8, fn() -> Box<dyn Form>);

impl Build for Mock {
    fn bytes(&self) -> usize {
        1000
    }

    fn step(&mut self) -> Progress {
        self.0 += 1;
        if self.0 == 3 { Progress::Done((self.1)()) } else { Progress::More }
    }
}

const fn implementation(
    name: &'static str,
    begin: fn(Alg, PublicPart<'_>) -> Option<Box<dyn Build>>,
) -> Implementation {
    Implementation {
        name,
        is_portable: false,
        algorithms: &[Alg::HS256, Alg::HS384],
        is_supported: || true,
        is_sane: || true,
        begin,
    }
}

static GULLIBLE: Implementation =
    implementation("gullible", |_, _| Some(Box::new(Mock(0, || Box::new(Gullible)))));
static RETICENT: Implementation =
    implementation("reticent", |_, _| Some(Box::new(Mock(0, || Box::new(Reticent)))));
static BROKEN: Implementation = Implementation { is_sane: || false, ..implementation("broken", |_, _| None) };
static FOREIGN: Implementation =
    Implementation { is_supported: || false, ..implementation("foreign", |_, _| None) };
static PORTABLE: Implementation = Implementation {
    is_portable: true,
    ..implementation("portable", |_, _| Some(Box::new(Mock(0, || Box::new(Reticent)))))
};

const SECRET: PublicPart<'static> = PublicPart::Secret(&[7; 32]);

fn check() -> Check {
    Check::new(Alg::HS256, SECRET).unwrap()
}

fn settings(backend: Backend) -> Settings {
    Settings { backend, ..Settings::new() }
}

fn accelerator(one: &'static Implementation, settings: Settings) -> Accelerator {
    Accelerator::of(&[one], settings, AlgSet::new().with(Alg::HS256))
}

fn means(accelerator: &Accelerator) -> Means<'_> {
    Means { accelerator, part: SECRET }
}

fn good(message: &[u8]) -> Vec<u8> {
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &[7; 32]);
    aws_lc_rs::hmac::sign(&key, message).as_ref().to_vec()
}

#[test]
fn what_a_form_accepts_is_believed_unless_it_is_cross_checked() {
    let accelerator = accelerator(&GULLIBLE, settings(Backend::Auto));
    let check = check();
    assert!(check.prepare(means(&accelerator)));
    assert!(check.holds_by(means(&accelerator), b"m", b"bad"));
    assert_eq!((accelerator.report().accepted, accelerator.report().referred), (1, 0));
    assert_eq!(accelerator.report().warning, None);
}

#[test]
fn disagreement_refuses_the_token_and_ends_the_acceleration() {
    let accelerator = accelerator(&GULLIBLE, Settings { cross_check: 1, ..settings(Backend::Auto) });
    let check = check();
    assert!(check.prepare(means(&accelerator)));
    assert!(check.holds_by(means(&accelerator), b"m", &good(b"m")));
    assert_eq!((accelerator.report().cross_checked, accelerator.name(Alg::HS256)), (1, "gullible"));
    assert!(!check.holds_by(means(&accelerator), b"m", b"bad"));
    let report = accelerator.report();
    assert_eq!((report.accepted, report.cross_checked, report.disagreements), (2, 2, 1));
    assert_eq!(report.warning, Some(BackendWarning::Disagreement));
    assert_eq!((report.accelerated.len(), accelerator.name(Alg::HS256)), (0, "aws-lc"));
    assert!(!check.holds_by(means(&accelerator), b"m", b"bad"));
    assert_eq!(accelerator.report().accepted, 2);
}

#[test]
fn one_in_so_many_acceptances_is_cross_checked() {
    let accelerator = accelerator(&GULLIBLE, Settings { cross_check: 4, ..settings(Backend::Auto) });
    let check = check();
    assert!(check.prepare(means(&accelerator)));
    let signature = good(b"m");
    let mut jobs = [Job { message: b"m", signature: &signature, holds: false }; 10];
    for _ in 0..10 {
        check.answer(means(&accelerator), &mut jobs);
        assert!(jobs.iter().all(|job| job.holds));
    }
    assert_eq!((accelerator.report().accepted, accelerator.report().cross_checked), (100, 25));
}

#[test]
fn disagreement_in_a_batch_refuses_that_token_alone() {
    let accelerator = accelerator(&GULLIBLE, Settings { cross_check: 1, ..settings(Backend::Auto) });
    let check = check();
    assert!(check.prepare(means(&accelerator)));
    let signature = good(b"m");
    let mut jobs = [Job { message: b"m", signature: &signature, holds: true }; 5];
    jobs[3].signature = b"bad";
    check.answer(means(&accelerator), &mut jobs);
    assert_eq!(jobs.map(|job| job.holds), [true, true, true, false, true]);
}

#[test]
fn what_a_form_does_not_accept_is_decided_by_aws_lc() {
    let accelerator = accelerator(&RETICENT, settings(Backend::Auto));
    let check = check();
    assert!(check.prepare(means(&accelerator)));
    let signature = good(b"m");
    assert!(check.holds_by(means(&accelerator), b"m", &signature));
    assert!(!check.holds_by(means(&accelerator), b"m", b"bad"));
    // What stands in the answers beforehand means nothing.
    let mut jobs = [
        Job { message: b"m", signature: &signature, holds: false },
        Job { message: b"m", signature: b"bad", holds: true },
    ];
    check.answer(means(&accelerator), &mut jobs);
    assert_eq!(jobs.map(|job| job.holds), [true, false]);
    assert_eq!((accelerator.report().accepted, accelerator.report().referred), (0, 4));
}

#[test]
fn form_serves_no_other_algorithm_of_its_key() {
    let algorithms = AlgSet::new().with(Alg::HS256).with(Alg::HS384);
    let accelerator = Accelerator::of(&[&GULLIBLE], settings(Backend::Auto), algorithms);
    let slot: std::sync::Arc<Slot> = std::sync::Arc::default();
    assert!(slot.prepare(&accelerator, Alg::HS256, SECRET));
    assert!(slot.form(&accelerator, Alg::HS256).is_some());
    assert!(slot.form(&accelerator, Alg::HS384).is_none());
    assert!(!slot.prepare(&accelerator, Alg::HS384, SECRET));
}

#[test]
fn form_is_built_in_steps_after_enough_good_signatures() {
    let accelerator = accelerator(&GULLIBLE, settings(Backend::Auto));
    let check = check();
    let signature = good(b"m");
    for _ in 0..PROVEN * 3 {
        assert!(!check.holds_by(means(&accelerator), b"m", b"bad"));
    }
    // The one that proves the key is counted, and the next three build.
    for _ in 0..PROVEN + 3 {
        assert_eq!(accelerator.report().accepted, 0);
        assert!(check.holds_by(means(&accelerator), b"m", &signature));
    }
    assert_eq!(accelerator.report().table_bytes, 1000);
    assert!(check.holds_by(means(&accelerator), b"m", &signature));
    assert_eq!(accelerator.report().accepted, 1);
}

#[test]
fn batch_builds_a_step_for_each_good_signature() {
    let accelerator = accelerator(&GULLIBLE, settings(Backend::Auto));
    let check = check();
    let signature = good(b"m");
    let mut jobs = [Job { message: b"m", signature: &signature, holds: false }; 64];
    for _ in 0..PROVEN / 64 {
        check.answer(means(&accelerator), &mut jobs);
    }
    check.answer(means(&accelerator), &mut jobs);
    assert_eq!(accelerator.report().accepted, 0);
    check.answer(means(&accelerator), &mut jobs);
    assert_eq!(accelerator.report().accepted, 64);
}

#[test]
fn budget_gives_up_the_form_that_was_used_longest_ago() {
    let accelerator = accelerator(&GULLIBLE, Settings { table_bytes: 2500, ..settings(Backend::Auto) });
    let checks = [check(), check(), check()];
    let prepared = |check: &Check| check.holds_by(means(&accelerator), b"m", b"bad");
    assert!(checks[0].prepare(means(&accelerator)) && checks[1].prepare(means(&accelerator)));
    assert!(prepared(&checks[0]));
    assert!(checks[2].prepare(means(&accelerator)));
    assert_eq!(checks.each_ref().map(prepared), [true, false, true]);
    assert_eq!(accelerator.report().table_bytes, 2000);
    // The bytes of a key that is gone are free again.
    drop(checks);
    assert_eq!(accelerator.report().table_bytes, 0);
}

#[test]
fn form_that_is_larger_than_the_budget_is_not_built() {
    let accelerator = accelerator(&GULLIBLE, Settings { table_bytes: 999, ..settings(Backend::Auto) });
    let check = check();
    assert!(!check.prepare(means(&accelerator)));
    assert!(!check.holds_by(means(&accelerator), b"m", b"bad"));
    assert_eq!(accelerator.report().table_bytes, 0);
}

#[test]
fn failed_self_test_falls_back_with_a_warning() {
    let algorithms = AlgSet::new().with(Alg::HS256);
    let alone = Accelerator::of(&[&BROKEN], settings(Backend::Auto), algorithms);
    assert_eq!(
        (alone.name(Alg::HS256), alone.report().warning),
        ("aws-lc", Some(BackendWarning::SelfTestFailed))
    );
    let check = check();
    assert!(!check.prepare(means(&alone)));
    assert!(check.holds_by(means(&alone), b"m", &good(b"m")));
    let second = Accelerator::of(&[&BROKEN, &PORTABLE], settings(Backend::Auto), algorithms);
    assert_eq!(
        (second.name(Alg::HS256), second.report().warning),
        ("portable", Some(BackendWarning::SelfTestFailed))
    );
}

#[test]
fn backend_is_chosen_by_the_setting_and_the_machine() {
    let algorithms = AlgSet::new().with(Alg::HS256);
    let there = [&FOREIGN, &GULLIBLE, &PORTABLE];
    let named = |backend| Accelerator::of(&there, settings(backend), algorithms).name(Alg::HS256);
    assert_eq!(
        [Backend::AwsLc, Backend::Auto, Backend::Accelerated, Backend::Portable].map(named),
        ["aws-lc", "gullible", "gullible", "portable"]
    );
    let none = Accelerator::of(&[&FOREIGN], settings(Backend::Auto), algorithms);
    assert_eq!(none.report().warning, Some(BackendWarning::Unsupported));
    let off = Accelerator::of(&there, settings(Backend::AwsLc), algorithms);
    assert_eq!(off.report(), BackendReport::default());
    let other = Accelerator::of(&there, settings(Backend::Auto), AlgSet::new().with(Alg::HS512));
    assert_eq!(other.name(Alg::HS512), "aws-lc");
}

#[test]
fn known_answer_must_come_out_in_every_lane() {
    use super::known::KnownAnswer;
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    /// Right, but for one lane of each batch.
    struct OneLane;
    impl Form for OneLane {
        fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
            message == b"m" && signature == b"s"
        }
        fn accept_each(&self, jobs: &mut [Job<'_>]) {
            CALLS.fetch_add(1, Ordering::Relaxed);
            for (lane, job) in jobs.iter_mut().enumerate() {
                job.holds = self.accepts(job.message, job.signature) || lane == 5;
            }
        }
    }
    struct Right;
    impl Form for Right {
        fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
            OneLane.accepts(message, signature)
        }
    }
    let answer = KnownAnswer {
        alg: Alg::HS256,
        part: SECRET,
        message: b"m",
        signature: b"s",
        is_accepted_alone: true,
    };
    assert!(answer.comes_out(|_, _| Some(Box::new(Mock(0, || Box::new(Right))))));
    assert!(!answer.comes_out(|_, _| Some(Box::new(Mock(0, || Box::new(OneLane))))));
    assert!(CALLS.load(Ordering::Relaxed) > 0);
    assert!(!answer.comes_out(|_, _| Some(Box::new(Mock(0, || Box::new(Gullible))))));
    assert!(!answer.comes_out(|_, _| Some(Box::new(Mock(0, || Box::new(Reticent))))));
    assert!(!answer.comes_out(|_, _| None));
}
