//! That a known answer is tried in every lane.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::key::{FastKey, Form};
use crate::preparation::Progress;

static CALLS: AtomicUsize = AtomicUsize::new(0);

/// Right throughout.
struct Right;

impl Form for Right {
    fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
        message == b"m" && signature == b"s"
    }
}

/// Right, but for one lane of each batch.
struct OneLane;

impl Form for OneLane {
    fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
        Right.accepts(message, signature)
    }

    fn accept_each(&self, jobs: &mut [Job<'_>]) {
        CALLS.fetch_add(1, Ordering::Relaxed);
        for (lane, job) in jobs.iter_mut().enumerate() {
            job.holds = self.accepts(job.message, job.signature) || lane == 5;
        }
    }
}

/// Takes everything for good.
struct Gullible;

impl Form for Gullible {
    fn accepts(&self, _: &[u8], _: &[u8]) -> bool {
        true
    }
}

/// Takes nothing for good.
struct Reticent;

impl Form for Reticent {
    fn accepts(&self, _: &[u8], _: &[u8]) -> bool {
        false
    }
}

/// Ends in one step.
struct Mock(fn() -> Box<dyn Form>);

impl Build for Mock {
    fn bytes(&self) -> usize {
        0
    }

    fn step(&mut self) -> Progress {
        Progress::Done(FastKey::of((self.0)()))
    }
}

#[test]
fn known_answer_must_come_out_in_every_lane() {
    let answer = KnownAnswer {
        algorithm: Algorithm::Ed25519,
        key: RawKey::Ed25519(&[]),
        message: b"m",
        signature: b"s",
        is_accepted_alone: true,
    };
    assert!(answer.comes_out(|_, _| Some(Box::new(Mock(|| Box::new(Right))))));
    assert!(!answer.comes_out(|_, _| Some(Box::new(Mock(|| Box::new(OneLane))))));
    assert!(CALLS.load(Ordering::Relaxed) > 0);
    assert!(!answer.comes_out(|_, _| Some(Box::new(Mock(|| Box::new(Gullible))))));
    assert!(!answer.comes_out(|_, _| Some(Box::new(Mock(|| Box::new(Reticent))))));
    assert!(!answer.comes_out(|_, _| None));
    let left = KnownAnswer { is_accepted_alone: false, ..answer };
    assert!(!left.comes_out(|_, _| Some(Box::new(Mock(|| Box::new(Right))))));
}
