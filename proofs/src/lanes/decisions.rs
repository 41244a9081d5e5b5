//! Comparisons.

use std::cell::RefCell;

use super::arena::Lane;
use super::interval::Interval;

/// A comparison of the words at one place of registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Is it negative?
    IsNegative {
        /// The place in the register.
        place: usize,
        /// The word.
        lane: Lane,
    },
    /// Are they the same?
    AreEqual {
        /// The place in the register.
        place: usize,
        /// The words.
        lanes: [Lane; 2],
    },
    /// Is the first one larger?
    IsGreater {
        /// The place in the register.
        place: usize,
        /// The words.
        lanes: [Lane; 2],
    },
}

impl Question {
    /// Returns the place in the register.
    #[must_use]
    pub fn place(&self) -> usize {
        match self {
            Self::IsNegative { place, .. } | Self::AreEqual { place, .. } | Self::IsGreater { place, .. } => {
                *place
            }
        }
    }

    /// Returns the answer that follows from what is known.
    fn answer(&self) -> Option<bool> {
        match self {
            Self::IsNegative { lane, .. } => {
                let interval = lane.interval();
                assert!(interval.high < 1 << 63, "the sign of what may be no signed number: {interval:?}");
                (interval.low >= 0 || interval.high < 0).then_some(interval.high < 0)
            }
            Self::AreEqual { lanes: [a, b], .. } => {
                let (x, y) = (a.interval(), b.interval());
                // Words of a signed and of an unsigned number may have the same bits.
                let are_like = x.low.min(y.low) >= 0 || x.high.max(y.high) < 1 << 63;
                assert!(are_like, "a comparison of {x:?} with {y:?}");
                let is_out = |a: Lane, b: Interval| b.as_constant().is_some_and(|number| a.excludes(number));
                let is_never = x.high < y.low || y.high < x.low || is_out(*a, y) || is_out(*b, x);
                (a == b || is_never).then_some(a == b)
            }
            Self::IsGreater { lanes, .. } => {
                let [x, y] = lanes.map(|lane| lane.not_negative().interval());
                if x.low > y.high {
                    Some(true)
                } else if x.high <= y.low {
                    Some(false)
                } else {
                    None
                }
            }
        }
    }
}

/// Who answers, and what was asked.
struct Answers {
    who: Box<dyn FnMut(&Question) -> bool>,
    asked: Vec<(Question, bool)>,
}

thread_local! {
    static ANSWERS: RefCell<Option<Answers>> = const { RefCell::new(None) };
}

/// Answers a comparison by what is known, or by [`decided`].
pub(crate) fn decide(question: Question) -> bool {
    question.answer().unwrap_or_else(|| {
        ANSWERS.with(|answers| {
            let mut answers = answers.borrow_mut();
            let answers = answers.as_mut().unwrap_or_else(|| panic!("undecided: {question:?}"));
            let answer = (answers.who)(&question);
            answers.asked.push((question, answer));
            answer
        })
    })
}

/// Runs code, and answers the comparisons that what is known does not. Returns them with
/// their answers: the proof holds if these are the true ones.
pub fn decided<T>(
    who: impl FnMut(&Question) -> bool + 'static,
    run: impl FnOnce() -> T,
) -> (T, Vec<(Question, bool)>) {
    let answers = Answers { who: Box::new(who), asked: Vec::new() };
    let before = ANSWERS.with(|place| place.borrow_mut().replace(answers));
    let result = run();
    let answers = ANSWERS.with(|place| std::mem::replace(&mut *place.borrow_mut(), before));
    (result, answers.map(|answers| answers.asked).unwrap_or_default())
}
