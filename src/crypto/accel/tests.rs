//! The seam: what may be accepted by whom, and what is built when.
#![allow(clippy::arithmetic_side_effects, reason = "a test may stop at the first thing amiss")]

mod failed_checks;
mod memory;

use super::cost::{Cost, Size};
use super::distrust::Distrusted;
use super::fault::Fault;
use super::*;
use crate::alg::{Alg, AlgSet};
use crate::crypto::{Check, Job, Means, PublicPart, SignatureHeld};

const PROVEN: u32 = Cost::of(Alg::HS256, false, Size::Large).proven();

/// Ends in three steps of no work.
struct Mock {
    steps: u8,
    accepts: bool,
}

impl Build for Mock {
    fn bytes(&self) -> usize {
        1000
    }

    fn step(&mut self) -> BuildProgress {
        self.steps += 1;
        if self.steps == 3 {
            BuildProgress::Done(Form::Made { accepts: self.accepts })
        } else {
            BuildProgress::More
        }
    }
}

/// An implementation that is made up, whose forms take everything for good or
/// nothing.
struct Made {
    name: &'static str,
    is_portable: bool,
    is_supported: bool,
    is_sane: bool,
    /// What its forms do.
    accepts: bool,
}

impl Implementation for Made {
    fn name(&self) -> &'static str {
        self.name
    }

    fn is_portable(&self) -> bool {
        self.is_portable
    }

    fn takes(&self, alg: Alg) -> bool {
        matches!(alg, Alg::HS256 | Alg::HS384)
    }

    fn is_supported(&self) -> bool {
        self.is_supported
    }

    fn is_sane(&self, _: Alg) -> bool {
        self.is_sane
    }

    fn begin(&self, _: Alg, _: PublicPart<'_>) -> Option<Box<dyn Build>> {
        Some(Box::new(Mock { steps: 0, accepts: self.accepts }))
    }
}

const fn made(name: &'static str, accepts: bool) -> Made {
    Made { name, is_portable: false, is_supported: true, is_sane: true, accepts }
}

static GULLIBLE: Made = made("gullible", true);
static RETICENT: Made = made("reticent", false);
static BROKEN: Made = Made { is_sane: false, ..made("broken", true) };
static FOREIGN: Made = Made { is_supported: false, ..made("foreign", true) };
static PORTABLE: Made = Made { is_portable: true, ..made("portable", false) };

const SECRET: PublicPart<'static> = PublicPart::Secret(&[7; 32]);

fn check() -> Check {
    Check::new(Alg::HS256, SECRET).unwrap()
}

/// Without a sample, which would find one of the wrong answers now and then.
fn settings(backend: Backend) -> Settings {
    Settings { backend, cross_check: 0, ..Settings::new() }
}

/// Trusts nothing less because of what other tests do.
fn accelerator_of(
    there: &[&'static dyn Implementation],
    settings: Settings,
    algorithms: AlgSet,
) -> Accelerator {
    let own: &'static Distrusted = Box::leak(Box::default());
    Accelerator::of(there, settings, algorithms, own).unwrap()
}

fn accelerator(one: &'static Made, settings: Settings) -> Accelerator {
    accelerator_of(&[one], settings, AlgSet::new().with(Alg::HS256))
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
    assert!(check.verify_by(means(&accelerator), b"m", b"bad").is_some());
    assert_eq!((accelerator.report().accepted, accelerator.report().referred), (1, 0));
    assert_eq!(accelerator.report().warning, None);
}

#[test]
fn disagreement_refuses_the_token_and_ends_the_acceleration() {
    let accelerator = accelerator(&GULLIBLE, Settings { cross_check: 1, ..settings(Backend::Auto) });
    let check = check();
    assert!(check.prepare(means(&accelerator)));
    assert!(check.verify_by(means(&accelerator), b"m", &good(b"m")).is_some());
    assert_eq!((accelerator.report().cross_checked, accelerator.name(Alg::HS256)), (1, "gullible"));
    assert_eq!(check.verify_by(means(&accelerator), b"m", b"bad"), None);
    let report = accelerator.report();
    assert_eq!((report.accepted, report.cross_checked, report.disagreements), (2, 2, 1));
    assert_eq!(report.warning, Some(BackendWarning::Disagreement));
    assert_eq!((report.accelerated.len(), accelerator.name(Alg::HS256)), (0, "aws-lc"));
    assert_eq!(check.verify_by(means(&accelerator), b"m", b"bad"), None);
    assert_eq!(accelerator.report().accepted, 2);
}

#[test]
fn disagreement_ends_the_acceleration_in_every_verifier_of_the_process() {
    static PROCESS_OF_THE_TEST: Distrusted = Distrusted::new();
    let both = AlgSet::new().with(Alg::HS256).with(Alg::HS384);
    let built = |there: &'static Made, algorithms| {
        let settings = Settings { cross_check: 1, ..settings(Backend::Auto) };
        Accelerator::of(&[there], settings, algorithms, &PROCESS_OF_THE_TEST).unwrap()
    };
    let (one, other) = (built(&GULLIBLE, both), built(&GULLIBLE, AlgSet::new().with(Alg::HS384)));
    let check = check();
    assert!(check.prepare(means(&one)));
    assert_eq!((one.name(Alg::HS256), other.name(Alg::HS384)), ("gullible", "gullible"));
    assert_eq!(check.verify_by(means(&one), b"m", b"bad"), None);
    // Under the other algorithms of that code, too, in both, and in those to come.
    assert_eq!(
        (one.name(Alg::HS256), one.name(Alg::HS384), other.name(Alg::HS384)),
        ("aws-lc", "aws-lc", "aws-lc")
    );
    assert_eq!(other.report().warning, Some(BackendWarning::Disagreement));
    assert_eq!((one.report().disagreements, other.report().disagreements), (1, 0));
    let later = built(&GULLIBLE, both);
    assert_eq!(
        (later.name(Alg::HS256), later.report().warning),
        ("aws-lc", Some(BackendWarning::Disagreement))
    );
    assert!(!check.prepare(means(&later)));
    assert!(distrusted().is_empty());
}

#[test]
fn sample_of_what_is_accepted_is_cross_checked() {
    let checked = |cross_check, batches| {
        let accelerator = accelerator(&GULLIBLE, Settings { cross_check, ..settings(Backend::Auto) });
        let check = check();
        assert!(check.prepare(means(&accelerator)));
        let signature = good(b"m");
        let mut jobs = [Job { message: b"m", signature: &signature, held: None }; 10];
        for _ in 0..batches {
            check.verify_each(means(&accelerator), &mut jobs);
            assert!(jobs.iter().all(|job| job.held.is_some()));
        }
        assert_eq!(accelerator.report().accepted, batches * 10);
        accelerator.report().cross_checked
    };
    assert_eq!((checked(0, 10), checked(1, 10)), (0, 100));
    // 2,500 are expected; seven standard deviations are 303.
    let found = checked(4, 1000);
    assert!((2197..=2803).contains(&found), "{found}");
    // 20 are expected by default; it is none once in 490 million.
    assert!((1..70).contains(&checked(Settings::new().cross_check, 2048)));
}

#[test]
fn disagreement_in_a_batch_refuses_that_token_alone() {
    let accelerator = accelerator(&GULLIBLE, Settings { cross_check: 1, ..settings(Backend::Auto) });
    let check = check();
    assert!(check.prepare(means(&accelerator)));
    let signature = good(b"m");
    let mut jobs = [Job { message: b"m", signature: &signature, held: Some(SignatureHeld::MADE_UP) }; 5];
    jobs[3].signature = b"bad";
    check.verify_each(means(&accelerator), &mut jobs);
    assert_eq!(jobs.map(|job| job.held.is_some()), [true, true, true, false, true]);
}

#[test]
fn what_a_form_does_not_accept_is_decided_by_aws_lc() {
    let accelerator = accelerator(&RETICENT, settings(Backend::Auto));
    let check = check();
    assert!(check.prepare(means(&accelerator)));
    let signature = good(b"m");
    assert!(check.verify_by(means(&accelerator), b"m", &signature).is_some());
    assert_eq!(check.verify_by(means(&accelerator), b"m", b"bad"), None);
    // What stands in the answers beforehand means nothing.
    let mut jobs = [
        Job { message: b"m", signature: &signature, held: None },
        Job { message: b"m", signature: b"bad", held: Some(SignatureHeld::MADE_UP) },
    ];
    check.verify_each(means(&accelerator), &mut jobs);
    assert_eq!(jobs.map(|job| job.held.is_some()), [true, false]);
    assert_eq!((accelerator.report().accepted, accelerator.report().referred), (0, 4));
}

#[test]
fn form_serves_no_other_algorithm_of_its_key() {
    let algorithms = AlgSet::new().with(Alg::HS256).with(Alg::HS384);
    let accelerator = accelerator_of(&[&GULLIBLE], settings(Backend::Auto), algorithms);
    let slot: std::sync::Arc<Slot> = std::sync::Arc::default();
    assert!(accelerator.prepare(&slot, Alg::HS256, SECRET));
    assert!(accelerator.form(&slot, Alg::HS256).is_some());
    assert!(accelerator.form(&slot, Alg::HS384).is_none());
    assert!(!accelerator.prepare(&slot, Alg::HS384, SECRET));
}

#[test]
fn form_is_built_in_steps_after_enough_good_signatures() {
    let accelerator = accelerator(&GULLIBLE, settings(Backend::Auto));
    let check = check();
    let signature = good(b"m");
    for _ in 0..PROVEN * 3 {
        assert_eq!(check.verify_by(means(&accelerator), b"m", b"bad"), None);
    }
    // The one that proves the key is counted, and the next three build.
    for _ in 0..PROVEN + 3 {
        assert_eq!(accelerator.report().accepted, 0);
        assert!(check.verify_by(means(&accelerator), b"m", &signature).is_some());
    }
    assert_eq!(accelerator.report().table_bytes, 1000);
    assert!(check.verify_by(means(&accelerator), b"m", &signature).is_some());
    assert_eq!(accelerator.report().accepted, 1);
}

#[test]
fn batch_builds_a_step_for_each_good_signature() {
    let accelerator = accelerator(&GULLIBLE, settings(Backend::Auto));
    let check = check();
    let signature = good(b"m");
    let mut jobs = [Job { message: b"m", signature: &signature, held: None }; 64];
    for _ in 0..PROVEN.div_ceil(64) {
        check.verify_each(means(&accelerator), &mut jobs);
    }
    check.verify_each(means(&accelerator), &mut jobs);
    assert_eq!(accelerator.report().accepted, 0);
    check.verify_each(means(&accelerator), &mut jobs);
    assert_eq!(accelerator.report().accepted, 64);
}

#[test]
fn failed_self_test_falls_back_with_a_warning() {
    let algorithms = AlgSet::new().with(Alg::HS256);
    let alone = accelerator_of(&[&BROKEN], settings(Backend::Auto), algorithms);
    assert_eq!(
        (alone.name(Alg::HS256), alone.report().warning),
        ("aws-lc", Some(BackendWarning::SelfTestFailed))
    );
    let check = check();
    assert!(!check.prepare(means(&alone)));
    assert!(check.verify_by(means(&alone), b"m", &good(b"m")).is_some());
    let second = accelerator_of(&[&BROKEN, &PORTABLE], settings(Backend::Auto), algorithms);
    assert_eq!(
        (second.name(Alg::HS256), second.report().warning),
        ("portable", Some(BackendWarning::SelfTestFailed))
    );
}

#[test]
fn failed_self_test_is_told_and_ends_the_use_of_no_other_code() {
    static PROCESS_OF_THE_TEST: Distrusted = Distrusted::new();
    let both = AlgSet::new().with(Alg::HS256).with(Alg::HS384);
    let built = |there: &[&'static dyn Implementation], algorithms| {
        Accelerator::of(there, settings(Backend::Auto), algorithms, &PROCESS_OF_THE_TEST).unwrap()
    };
    // What is not chosen is not tested.
    let right = built(&[&PORTABLE, &BROKEN], both);
    assert_eq!((right.report().failed_self_tests, PROCESS_OF_THE_TEST.bits()), (0, 0));
    let one = built(&[&BROKEN, &PORTABLE], AlgSet::new().with(Alg::HS384));
    assert_eq!((one.report().failed_self_tests, one.name(Alg::HS384)), (1, "portable"));
    assert_eq!(PROCESS_OF_THE_TEST.bits(), Fault::SelfTestFailed.bit(Alg::HS384));
    let alone = built(&[&FOREIGN, &BROKEN], both);
    let report = alone.report();
    assert_eq!((report.failed_self_tests, report.failed_checks, report.disagreements), (2, 0, 0));
    assert_eq!(PROCESS_OF_THE_TEST.algorithms(), both);
    // Verifiers without that code go on as they were, and so do those to come.
    for other in [right, built(&[&PORTABLE], both)] {
        assert_eq!((other.name(Alg::HS384), other.report().warning), ("portable", None));
    }
}

#[test]
fn backend_is_chosen_by_the_setting_and_the_machine() {
    let algorithms = AlgSet::new().with(Alg::HS256);
    let there: [&dyn Implementation; 3] = [&FOREIGN, &GULLIBLE, &PORTABLE];
    let named = |backend| accelerator_of(&there, settings(backend), algorithms).name(Alg::HS256);
    assert_eq!(
        [Backend::AwsLc, Backend::Auto, Backend::Accelerated, Backend::Portable].map(named),
        ["aws-lc", "gullible", "gullible", "portable"]
    );
    let none = accelerator_of(&[&FOREIGN], settings(Backend::Auto), algorithms);
    assert_eq!(none.report().warning, Some(BackendWarning::Unsupported));
    let off = accelerator_of(&there, settings(Backend::AwsLc), algorithms);
    assert_eq!(off.report(), BackendReport::default());
    let other = accelerator_of(&there, settings(Backend::Auto), AlgSet::new().with(Alg::HS512));
    assert_eq!(other.name(Alg::HS512), "aws-lc");
}
