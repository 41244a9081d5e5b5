//! The report of the accelerated backend.

use crate::alg::Alg;

/// The counters and state of a verifier's accelerated backend.
///
/// All zero and empty with [`Backend::AwsLc`](crate::backend::Backend::AwsLc).
///
/// ```
/// use jot::backend::{Backend, BackendReport};
/// # use jot::{Alg, KeySet, Policy, SigningKey, Verifier};
/// # let keys = KeySet::new([SigningKey::generate(Alg::ES256)?.verifying_key()?]);
///
/// let builder = Verifier::builder(Policy::new([Alg::ES256])).keys(keys);
/// let verifier = builder.backend(Backend::Accelerated).build()?;
/// let report: BackendReport = verifier.statistics().backend;
/// if let Some(warning) = report.warning {
///     eprintln!("aws-lc verifies: {}", warning.name());
/// } else {
///     assert!(report.table_bytes > 0 && report.disagreements == 0);
/// }
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BackendReport {
    /// The algorithms with accelerated code here, and its name; aws-lc verifies all
    /// others.
    pub accelerated: Vec<(Alg, &'static str)>,
    /// The reason why less than requested is in use.
    pub warning: Option<BackendWarning>,
    /// Signatures that accelerated code accepted.
    pub accepted: u64,
    /// Signatures that it did not accept and that aws-lc decided.
    pub referred: u64,
    /// Accepted signatures that aws-lc checked as well.
    pub cross_checked: u64,
    /// Those of them that aws-lc rejected, in this verifier. The tokens were rejected.
    pub disagreements: u64,
    /// Keys of which accelerated code computed what did not pass its check, in this verifier.
    /// Nothing was verified with it.
    pub failed_checks: u64,
    /// Algorithms for which accelerated code gave a wrong known answer when this verifier was built,
    /// once for each such code. It verified nothing.
    pub failed_self_tests: u64,
    /// The memory of the tables of keys in bytes.
    pub table_bytes: usize,
    /// The number of these tables. A key may have two, a small one and a large one.
    pub tables: usize,
    /// Tables that a key had earned and that were not built, because those in memory are worth
    /// more. If it grows, `table_bytes` of the builder is too small for the keys in use.
    pub tables_refused: u64,
}

/// The reason why a verifier has less acceleration than requested.
///
/// ```
/// use jot::backend::BackendWarning;
///
/// assert_eq!(BackendWarning::Unsupported.name(), "backend_unsupported");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BackendWarning {
    /// The processor lacks the necessary features, or no algorithm of the policy has
    /// accelerated code. aws-lc verifies.
    Unsupported,
    /// Accelerated code gave a wrong known answer before its first use and is not used. Other
    /// accelerated code takes its place where there is some, otherwise aws-lc.
    SelfTestFailed,
    /// aws-lc rejected a signature that accelerated code had accepted, in this verifier
    /// or another one of the process. The token was rejected, and from then on only aws-lc
    /// verifies the algorithms of that code, in the whole process
    /// ([`distrusted`](crate::backend::distrusted)).
    Disagreement,
    /// What accelerated code computed of a key, in this verifier or another one of the process,
    /// did not pass the check that comes before every use, so the processor, its memory or the
    /// code is faulty. Only aws-lc verifies the algorithms of that code from then on, as after a
    /// disagreement.
    CheckFailed,
}

impl BackendWarning {
    /// Returns the name of the warning.
    ///
    /// ```
    /// assert_eq!(jot::backend::BackendWarning::SelfTestFailed.name(), "backend_self_test_failed");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unsupported => "backend_unsupported",
            Self::SelfTestFailed => "backend_self_test_failed",
            Self::Disagreement => "backend_disagreement",
            Self::CheckFailed => "backend_check_failed",
        }
    }
}
