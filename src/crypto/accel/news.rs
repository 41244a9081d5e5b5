//! What is to be told of code that was wrong, once.

use std::sync::atomic::{AtomicU64, Ordering};

use super::distrust::PROCESS;
use super::fault::Fault;
use crate::alg::Alg;

/// Tells a host what the process has come to distrust, each thing once.
///
/// ```
/// use jot::backend::BackendNews;
///
/// static NEWS: BackendNews = BackendNews::new();
///
/// // After a verification, or now and then:
/// if let Some(line) = NEWS.take() {
///     eprintln!("alert: {line}");
/// }
/// ```
#[derive(Debug, Default)]
pub struct BackendNews(AtomicU64);

impl BackendNews {
    /// Begins with nothing told.
    #[must_use]
    pub const fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    /// Begins with what [`told`](Self::told) returned.
    #[cfg(feature = "capi")]
    pub(crate) const fn after(told: u64) -> Self {
        Self(AtomicU64::new(told))
    }

    #[cfg(feature = "capi")]
    pub(crate) fn told(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Returns one line for a log about every algorithm that was not told of yet; `None` if there
    /// is none, which costs two loads from memory. The line ends in the name of the warning,
    /// `(backend_disagreement)`, `(backend_check_failed)` or `(backend_self_test_failed)`; if there
    /// are several, each ends its part.
    /// Of several threads one gets the line.
    #[must_use]
    pub fn take(&self) -> Option<String> {
        self.take_of(PROCESS.bits())
    }

    fn take_of(&self, distrusted: u64) -> Option<String> {
        if self.0.load(Ordering::Relaxed) == distrusted {
            return None;
        }
        let new = distrusted & !self.0.fetch_or(distrusted, Ordering::Relaxed);
        let sentences: Vec<_> = Fault::ALL.iter().filter_map(|fault| sentence(*fault, new)).collect();
        (!sentences.is_empty()).then(|| sentences.join("; "))
    }
}

fn sentence(fault: Fault, new: u64) -> Option<String> {
    let names: Vec<_> =
        Alg::ALL.iter().filter(|alg| new & fault.bit(**alg) != 0).map(|alg| alg.name()).collect();
    (!names.is_empty()).then(|| fault.sentence(&names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_are_told_once_and_what_is_added_again() {
        let news = BackendNews::new();
        assert_eq!(news.take_of(0), None);
        let first = Fault::Disagreement.bit(Alg::ES256) | Fault::Disagreement.bit(Alg::HS256);
        let line = news.take_of(first).unwrap();
        assert!(line.contains("aws-lc denied") && line.contains("verifies HS256, ES256 alone"), "{line}");
        assert!(line.ends_with("(backend_disagreement)"), "{line}");
        assert_eq!(news.take_of(first), None);
        let second = first | Fault::CheckFailed.bit(Alg::EdDSA);
        let line = news.take_of(second).unwrap();
        assert!(line.contains("did not pass its check") && line.contains("verifies EdDSA alone"), "{line}");
        assert!(line.ends_with("(backend_check_failed)") && !line.contains("ES256"), "{line}");
        assert_eq!(news.take_of(second), None);
        // Of an algorithm that was told of for something else, too.
        assert!(news.take_of(second | Fault::Disagreement.bit(Alg::EdDSA)).unwrap().contains("EdDSA"));
    }

    #[test]
    fn news_of_both_kinds_are_one_line() {
        let both = Fault::Disagreement.bit(Alg::ES256) | Fault::CheckFailed.bit(Alg::EdDSA);
        let line = BackendNews::new().take_of(both).unwrap();
        assert!(line.contains("ES256 alone from now on (backend_disagreement); what"), "{line}");
        assert!(line.ends_with("EdDSA alone from now on (backend_check_failed)"), "{line}");
    }

    #[test]
    fn news_of_a_wrong_known_answer_leave_open_what_verifies() {
        let failed = Fault::SelfTestFailed.bit(Alg::ES512) | Fault::SelfTestFailed.bit(Alg::PS256);
        let news = BackendNews::new();
        assert_eq!(
            news.take_of(failed).unwrap(),
            "accelerated code gave a wrong known answer before its first use, and is not used for PS256, ES512 \
             (backend_self_test_failed)"
        );
        assert_eq!(news.take_of(failed), None);
        // What took its place may be wrong as well.
        let line = news.take_of(failed | Fault::Disagreement.bit(Alg::ES512)).unwrap();
        assert!(line.ends_with("ES512 alone from now on (backend_disagreement)"), "{line}");
    }

    #[test]
    fn every_fault_of_every_algorithm_has_a_bit_of_its_own() {
        let bits: std::collections::BTreeSet<_> =
            Fault::ALL.iter().flat_map(|fault| Alg::ALL.iter().map(|alg| fault.bit(*alg))).collect();
        assert_eq!(bits.len(), 3 * Alg::ALL.len());
        assert!(bits.iter().all(|bit| bit.count_ones() == 1));
    }
}
