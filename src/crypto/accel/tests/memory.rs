//! The memory limit, and forms that are being built or were given up.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Barrier};

use super::*;

/// Notes enough good signatures for `form` to be worth more than another.
fn use_often(accelerator: &Accelerator, slot: &Arc<Slot>) {
    for _ in 0..1000 {
        accelerator.note(slot, Alg::HS256, SECRET, (1, Some(Size::Large)));
    }
}

#[test]
fn form_takes_the_place_of_one_that_is_used_less() {
    let accelerator = accelerator(&GULLIBLE, Settings { table_bytes: 2500, ..settings(Backend::Auto) });
    let slots: [Arc<Slot>; 3] = Default::default();
    let prepare = |at: usize| accelerator.prepare(&slots[at], Alg::HS256, SECRET);
    let have_forms = || slots.each_ref().map(|slot| accelerator.form(slot, Alg::HS256).is_some());
    assert!(prepare(0) && prepare(1));
    // Of equal use, it is refused.
    assert!(!prepare(2));
    use_often(&accelerator, &slots[0]);
    assert!(!prepare(2));
    // A thousand good signatures by aws-lc.
    for _ in 0..1000 {
        accelerator.note(&slots[2], Alg::HS256, SECRET, (1, None));
    }
    assert_eq!(have_forms(), [true, false, true]);
    assert_eq!(accelerator.report().table_bytes, 2000);
    // The bytes of a key that is gone are free again.
    drop(slots);
    assert_eq!(accelerator.report().table_bytes, 0);
}

#[test]
fn keys_of_equal_use_do_not_take_turns_in_building() {
    let accelerator = accelerator(&GULLIBLE, Settings { table_bytes: 4500, ..settings(Backend::Auto) });
    let checks: [Check; 9] = std::array::from_fn(|_| check());
    let signature = good(b"m");
    let round = || {
        for check in &checks {
            assert!(check.verify_by(means(&accelerator), b"m", &signature).is_some());
        }
    };
    (0..PROVEN + 10).for_each(|_| round());
    let built: Vec<_> = checks.iter().map(|check| check.form(&accelerator).is_some()).collect();
    assert_eq!(built.iter().filter(|is_built| **is_built).count(), 4);
    (0..5000).for_each(|_| round());
    assert!(checks.iter().map(|check| check.form(&accelerator).is_some()).eq(built));
}

#[test]
fn form_that_was_given_up_counts_until_nobody_uses_it() {
    let accelerator = accelerator(&GULLIBLE, Settings { table_bytes: 2500, ..settings(Backend::Auto) });
    let slots: [Arc<Slot>; 3] = Default::default();
    let prepare = |at: usize| accelerator.prepare(&slots[at], Alg::HS256, SECRET);
    let has_form = |at: usize| accelerator.form(&slots[at], Alg::HS256).is_some();
    assert!(prepare(0));
    let used = accelerator.form(&slots[0], Alg::HS256);
    assert!(prepare(1));
    use_often(&accelerator, &slots[2]);
    // Giving up the first frees nothing yet.
    assert!(prepare(2));
    assert_eq!((has_form(0), has_form(1), has_form(2)), (false, false, true));
    assert_eq!(accelerator.report().table_bytes, 2000);
    let also_used = accelerator.form(&slots[2], Alg::HS256);
    assert!(!prepare(1));
    drop((used, also_used));
    assert_eq!(accelerator.report().table_bytes, 1000);
    assert!(prepare(1));
    assert_eq!(accelerator.report().table_bytes, 2000);
}

/// Waits in its only step until it may go on.
struct Waiting(&'static Barrier);

impl Build for Waiting {
    fn bytes(&self) -> usize {
        1000
    }

    fn step(&mut self) -> BuildProgress {
        self.0.wait();
        self.0.wait();
        BuildProgress::Done(Form::Made { accepts: true })
    }
}

/// Begins what waits for the first key, and then what does not.
struct WaitsOnce(Barrier, AtomicBool);

static WAITS_ONCE: WaitsOnce = WaitsOnce(Barrier::new(2), AtomicBool::new(false));

impl Implementation for WaitsOnce {
    fn name(&self) -> &'static str {
        "waits"
    }

    fn is_portable(&self) -> bool {
        true
    }

    fn takes(&self, _: Alg) -> bool {
        true
    }

    fn is_supported(&self) -> bool {
        true
    }

    fn is_sane(&self, _: Alg) -> bool {
        true
    }

    fn begin(&self, _: Alg, _: PublicPart<'_>) -> Option<Box<dyn Build>> {
        match self.1.swap(true, Ordering::Relaxed) {
            false => Some(Box::new(Waiting(&WAITS_ONCE.0))),
            true => Some(Box::new(Mock { steps: 0, accepts: true })),
        }
    }
}

#[test]
fn form_that_a_thread_is_building_is_not_given_up() {
    let settings = Settings { table_bytes: 1500, ..settings(Backend::Auto) };
    let accelerator = accelerator_of(&[&WAITS_ONCE], settings, AlgSet::new().with(Alg::HS256));
    let slots: [Arc<Slot>; 2] = Default::default();
    let prepare = |at: usize| accelerator.prepare(&slots[at], Alg::HS256, SECRET);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| prepare(0));
        WAITS_ONCE.0.wait();
        let second = prepare(1);
        let held = accelerator.report().table_bytes;
        WAITS_ONCE.0.wait();
        assert_eq!((second, held, first.join().unwrap()), (false, 1000, true));
    });
    use_often(&accelerator, &slots[1]);
    assert!(prepare(1));
    assert!(accelerator.form(&slots[0], Alg::HS256).is_none());
    assert_eq!(accelerator.report().table_bytes, 1000);
}

/// Panics in its second step, unless it was begun after one that did.
struct Panicking {
    steps: u8,
    is_first: bool,
}

static BEGUN: AtomicU32 = AtomicU32::new(0);

impl Build for Panicking {
    fn bytes(&self) -> usize {
        1000
    }

    fn step(&mut self) -> BuildProgress {
        self.steps += 1;
        match self.steps {
            2 if self.is_first => panic!("half done"),
            3 => BuildProgress::Done(Form::Made { accepts: true }),
            _ => BuildProgress::More,
        }
    }
}

struct Panics;

impl Implementation for Panics {
    fn name(&self) -> &'static str {
        "panics"
    }

    fn is_portable(&self) -> bool {
        true
    }

    fn takes(&self, _: Alg) -> bool {
        true
    }

    fn is_supported(&self) -> bool {
        true
    }

    fn is_sane(&self, _: Alg) -> bool {
        true
    }

    fn begin(&self, _: Alg, _: PublicPart<'_>) -> Option<Box<dyn Build>> {
        let before = BEGUN.fetch_add(1, Ordering::Relaxed);
        Some(Box::new(Panicking { steps: 0, is_first: before == 0 }))
    }
}

#[test]
fn form_whose_step_panicked_is_begun_anew() {
    let accelerator = accelerator_of(&[&Panics], settings(Backend::Auto), AlgSet::new().with(Alg::HS256));
    let slot: Arc<Slot> = Arc::default();
    let prepare = || accelerator.prepare(&slot, Alg::HS256, SECRET);
    assert!(catch_unwind(AssertUnwindSafe(prepare)).is_err());
    assert!(prepare());
    assert_eq!(BEGUN.load(Ordering::Relaxed), 2);
    assert_eq!(accelerator.report().table_bytes, 1000);
}

#[test]
fn form_that_is_larger_than_the_budget_is_not_built() {
    let accelerator = accelerator(&GULLIBLE, Settings { table_bytes: 999, ..settings(Backend::Auto) });
    let check = check();
    assert!(!check.prepare(means(&accelerator)));
    assert_eq!(check.verify_by(means(&accelerator), b"m", b"bad"), None);
    assert_eq!(accelerator.report().table_bytes, 0);
}
