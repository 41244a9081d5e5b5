//! What the accelerated backend tells of itself.

use crate::alg::Alg;

/// What the accelerated backend of a verifier has done so far.
///
/// All zero and empty with [`Backend::AwsLc`](crate::backend::Backend::AwsLc).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BackendReport {
    /// The algorithms that have accelerated code here, and its name; aws-lc
    /// verifies all others.
    pub accelerated: Vec<(Alg, &'static str)>,
    /// Why there is less than was asked for.
    pub warning: Option<BackendWarning>,
    /// Signatures that accelerated code accepted.
    pub accepted: u64,
    /// Signatures that it did not accept, and which aws-lc decided.
    pub referred: u64,
    /// Acceptances that aws-lc was asked about as well.
    pub cross_checked: u64,
    /// Those of them that aws-lc refused. They were refused.
    pub disagreements: u64,
    /// The bytes that the tables of keys take.
    pub table_bytes: usize,
}

/// Why a verifier has less acceleration than was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BackendWarning {
    /// The processor has not what it takes, or no algorithm of the policy has
    /// accelerated code. aws-lc verifies.
    Unsupported,
    /// Accelerated code gave a wrong known answer and is not used.
    SelfTestFailed,
    /// aws-lc refused what accelerated code had accepted. The token was
    /// refused, and from then on aws-lc verifies alone.
    Disagreement,
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
        }
    }
}
