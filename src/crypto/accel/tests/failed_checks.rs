//! What a form that does not pass its check leads to.

use super::*;

/// Fails in its second step.
struct Failing(u8);

impl Build for Failing {
    fn bytes(&self) -> usize {
        1000
    }

    fn step(&mut self) -> BuildProgress {
        self.0 += 1;
        if self.0 == 2 { BuildProgress::Failed } else { BuildProgress::More }
    }
}

/// Code for HS256 and another algorithm that computes large forms wrong, or small ones.
struct Miscomputes {
    wrong: Size,
    has_small: bool,
    other: Alg,
}

static LARGE: Miscomputes = Miscomputes { wrong: Size::Large, has_small: true, other: Alg::HS384 };
static SMALL: Miscomputes = Miscomputes { wrong: Size::Small, ..LARGE };
static ALONE: Miscomputes = Miscomputes { has_small: false, other: Alg::HS512, ..LARGE };

impl Miscomputes {
    fn form(&self, size: Size) -> Option<Box<dyn Build>> {
        Some(match size == self.wrong {
            true => Box::new(Failing(0)),
            false => Box::new(Mock { steps: 0, accepts: true }),
        })
    }
}

impl Implementation for Miscomputes {
    fn name(&self) -> &'static str {
        "miscomputes"
    }

    fn is_portable(&self) -> bool {
        true
    }

    fn takes(&self, alg: Alg) -> bool {
        alg == Alg::HS256 || alg == self.other
    }

    fn is_supported(&self) -> bool {
        true
    }

    fn is_sane(&self, _: Alg) -> bool {
        true
    }

    fn begin(&self, _: Alg, _: PublicPart<'_>) -> Option<Box<dyn Build>> {
        self.form(Size::Large)
    }

    fn has_small(&self) -> bool {
        self.has_small
    }

    fn begin_small(&self, _: Alg, _: PublicPart<'_>) -> Option<Box<dyn Build>> {
        self.form(Size::Small)
    }
}

fn both() -> AlgSet {
    AlgSet::new().with(Alg::HS256).with(Alg::HS384)
}

#[test]
fn failed_check_is_counted_and_ends_the_acceleration_in_every_verifier() {
    static PROCESS_OF_THE_TEST: Distrusted = Distrusted::new();
    let built = |there: &'static dyn Implementation| {
        Accelerator::of(&[there], settings(Backend::Auto), both(), &PROCESS_OF_THE_TEST).unwrap()
    };
    let (one, other) = (built(&LARGE), built(&GULLIBLE));
    let check = check();
    assert_eq!((one.name(Alg::HS256), one.report().warning), ("miscomputes", None));
    assert!(!check.prepare(means(&one)));
    // The small form would have been right: what computed wrong once is not asked again.
    let report = one.report();
    assert_eq!((report.failed_checks, report.disagreements, report.tables), (1, 0, 0));
    assert_eq!((report.accelerated.len(), report.warning), (0, Some(BackendWarning::CheckFailed)));
    assert_eq!(BackendWarning::CheckFailed.name(), "backend_check_failed");
    assert_eq!([Alg::HS256, Alg::HS384].map(|alg| one.name(alg)), ["aws-lc"; 2]);
    assert_eq!((other.name(Alg::HS384), other.report().failed_checks), ("aws-lc", 0));
    assert_eq!(other.report().warning, Some(BackendWarning::CheckFailed));
    assert!(check.verify_by(means(&one), b"m", &good(b"m")).is_some());
    assert!(!check.prepare(means(&one)) && !check.prepare(means(&other)));
    assert_eq!((one.report().failed_checks, one.report().accepted), (1, 0));
}

#[test]
fn failed_check_during_verification_lets_aws_lc_decide() {
    let accelerator = accelerator_of(&[&SMALL], settings(Backend::Auto), both());
    let check = check();
    let signature = good(b"m");
    let proven = Cost::of(Alg::HS256, true, Size::Small).proven();
    for _ in 0..proven + 100 {
        assert!(check.verify_by(means(&accelerator), b"m", &signature).is_some());
        assert_eq!(check.verify_by(means(&accelerator), b"m", b"bad"), None);
    }
    let report = accelerator.report();
    assert_eq!((report.failed_checks, report.accepted, report.table_bytes), (1, 0, 0));
    assert_eq!(report.warning, Some(BackendWarning::CheckFailed));
}

#[test]
fn form_that_was_there_is_not_used_after_a_failed_check() {
    let accelerator = accelerator_of(&[&LARGE], settings(Backend::Auto), both());
    let slot: std::sync::Arc<Slot> = std::sync::Arc::default();
    for _ in 0..10_000 {
        accelerator.note(&slot, Alg::HS256, SECRET, (1, None));
    }
    assert!(accelerator.form(&slot, Alg::HS256).is_some(), "the small one");
    assert!(!accelerator.takes(Alg::HS256) && !accelerator.prepare(&slot, Alg::HS256, SECRET));
    assert_eq!(accelerator.report().failed_checks, 1);
}

#[test]
fn failed_check_is_laid_to_the_code_that_began_the_form() {
    let beginning = accelerator_of(&[&ALONE], settings(Backend::Auto), both());
    let going_on = accelerator_of(&[&GULLIBLE], settings(Backend::Auto), both());
    let slot: std::sync::Arc<Slot> = std::sync::Arc::default();
    for _ in 0..PROVEN + 1 {
        beginning.note(&slot, Alg::HS256, SECRET, (1, None));
    }
    assert!(slot.is_building());
    assert!(!going_on.prepare(&slot, Alg::HS256, SECRET));
    assert_eq!(going_on.report().failed_checks, 1);
    assert_eq!((going_on.name(Alg::HS256), going_on.name(Alg::HS384)), ("aws-lc", "gullible"));
}

#[test]
fn disagreement_is_the_graver_warning() {
    let accelerator =
        accelerator_of(&[&SMALL], Settings { cross_check: 1, ..settings(Backend::Auto) }, both());
    let slots: [std::sync::Arc<Slot>; 2] = Default::default();
    assert!(accelerator.prepare(&slots[0], Alg::HS256, SECRET));
    let mut jobs = [Job { message: b"m", signature: b"bad", held: Some(SignatureHeld::MADE_UP) }];
    for _ in 0..2 {
        accelerator.note(&slots[1], Alg::HS256, SECRET, (1000, None));
    }
    assert_eq!(accelerator.report().warning, Some(BackendWarning::CheckFailed));
    accelerator.conclude(Alg::HS256, &mut jobs, |_| None);
    assert_eq!(accelerator.report().warning, Some(BackendWarning::Disagreement));
}
