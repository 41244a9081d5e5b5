//! How a verifier uses the backends.

/// aws-lc checks one in so many accepted signatures. On P-256, where it takes fifteen
/// times as long as the accelerated code in a batch, that is 1.4 % more time.
const DEFAULT_CROSS_CHECK: u32 = 1024;

/// Enough for the large forms of 128 keys on P-256, or the small ones of 4,096.
const DEFAULT_TABLE_BYTES: usize = 32 << 20;

/// The code that verifies signatures.
///
/// The verdicts are the same with each: accelerated code may only accept, and aws-lc
/// decides everything that it does not accept.
///
/// ```
/// use jot::backend::Backend;
/// use jot::{Alg, KeySet, Policy, SigningKey, Verifier};
///
/// let key = SigningKey::generate(Alg::ES256)?.verifying_key()?;
/// let verifier = Verifier::builder(Policy::new([Alg::ES256]))
///     .keys(KeySet::new([key]))
///     .backend(Backend::Auto)
///     .build()?;
/// // "avx512-ifma", "portable-comb", or "aws-lc" where nothing is faster.
/// println!("ES256 is verified by {}", verifier.backend_name(Alg::ES256));
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Backend {
    /// Only aws-lc. The default.
    #[default]
    AwsLc,
    /// The fastest code on this machine, for keys that have verified some dozen
    /// signatures, or a few under RSA and HMAC. Their tables are built step by step, so no
    /// call waits for a whole table.
    Auto,
    /// Like `Auto`, but the tables are built when the verifier is built and when keys
    /// are replaced, which takes some milliseconds for each key.
    Accelerated,
    /// Like `Accelerated`, but without the vector unit, as on a machine without AVX-512
    /// IFMA.
    Portable,
}

impl Backend {
    /// Every backend.
    pub const ALL: [Self; 4] = [Self::AwsLc, Self::Auto, Self::Accelerated, Self::Portable];

    /// Returns the name for settings: `aws-lc`, `auto`, `accelerated` or
    /// `portable`.
    ///
    /// ```
    /// # use jot::backend::Backend;
    /// assert_eq!(Backend::from_name("auto"), Some(Backend::Auto));
    /// assert!(Backend::ALL.iter().all(|one| Backend::from_name(one.name()) == Some(*one)));
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AwsLc => "aws-lc",
            Self::Auto => "auto",
            Self::Accelerated => "accelerated",
            Self::Portable => "portable",
        }
    }

    /// Returns the backend of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// How a verifier uses the backends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) backend: Backend,
    pub(crate) table_bytes: usize,
    /// aws-lc also checks one in this many accepted signatures, at random; 0 for none.
    pub(crate) cross_check: u32,
}

impl Settings {
    pub(crate) const fn new() -> Self {
        Self { backend: Backend::AwsLc, table_bytes: DEFAULT_TABLE_BYTES, cross_check: DEFAULT_CROSS_CHECK }
    }
}
