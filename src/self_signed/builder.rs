//! Builds a verifier of tokens with their own keys.

use super::verifier::SelfSignedVerifier;
use crate::alg::{Alg, AlgSet, KeyType};
use crate::crypto::{Accelerator, Backend, Settings};
use crate::error::{Code, Error};
use crate::limits::Limits;
use crate::policy::Policy;

/// Collects the rules of a [`SelfSignedVerifier`].
///
/// ```
/// use jot::backend::Backend;
/// use jot::{Alg, SelfSignedVerifier};
///
/// let verifier = SelfSignedVerifier::builder([Alg::ES256, Alg::EdDSA])
///     .typ("dpop+jwt")
///     .backend(Backend::Auto)
///     .build()?;
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SelfSignedBuilder {
    policy: Policy,
    is_typed: bool,
    any_typ: bool,
    acceleration: Settings,
}

impl SelfSignedBuilder {
    pub(super) fn new(algorithms: impl IntoIterator<Item = Alg>) -> Self {
        let (policy, acceleration) = (Policy::new(algorithms), Settings::new());
        Self { policy, is_typed: false, any_typ: false, acceleration }
    }

    /// Requires this `typ`, or one of several if it is called several times, such as
    /// `dpop+jwt`, `kb+jwt` or `wpt+jwt` (RFC 8725 §3.11). The comparison ignores case
    /// and a leading `application/`.
    #[must_use]
    pub fn typ(self, typ: &str) -> Self {
        Self { policy: self.policy.typ(typ), is_typed: true, ..self }
    }

    /// Takes tokens with any `typ`, or none: then tokens that were made for something
    /// else are taken, too.
    #[must_use]
    pub fn any_typ(self) -> Self {
        Self { any_typ: true, ..self }
    }

    /// Replaces the limits on sizes.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { policy: self.policy.limits(limits), ..self }
    }

    /// Chooses the code that verifies signatures in batches; [`Backend::AwsLc`] by
    /// default. With any other, ES256 and EdDSA are verified eight at once, if the
    /// machine has AVX-512 IFMA. Single tokens are always verified by aws-lc.
    #[must_use]
    pub fn backend(mut self, backend: Backend) -> Self {
        self.acceleration.backend = backend;
        self
    }

    /// Lets aws-lc check one in `one_in` of the signatures that accelerated code
    /// accepted, as
    /// [`VerifierBuilder::cross_check`](crate::VerifierBuilder::cross_check) does.
    #[must_use]
    pub fn cross_check(mut self, one_in: u32) -> Self {
        self.acceleration.cross_check = one_in;
        self
    }

    /// Builds the verifier.
    ///
    /// # Errors
    /// [`Code::AlgorithmsEmpty`]; [`Code::PolicyInvalid`] with the member `algorithms` if
    /// one is symmetric, with `typ` if a `typ` is empty or none was given, and with
    /// `any_typ` if there are both; [`Code::RandomnessMissing`].
    pub fn build(self) -> Result<SelfSignedVerifier, Error> {
        let Self { policy, is_typed, any_typ, acceleration } = self;
        policy.validate()?;
        let symmetric: AlgSet = KeyType::Oct.algorithms();
        if !policy.algorithms().and(symmetric).is_empty() {
            return Err(Error::of_member(Code::PolicyInvalid, "algorithms"));
        }
        match (is_typed, any_typ) {
            (false, false) => return Err(Error::of_member(Code::PolicyInvalid, "typ")),
            (true, true) => return Err(Error::of_member(Code::PolicyInvalid, "any_typ")),
            _ => {}
        }
        let accelerator = Accelerator::new(acceleration, policy.algorithms())?;
        Ok(SelfSignedVerifier { policy, accelerator })
    }
}

impl SelfSignedVerifier {
    /// Starts a verifier that allows only these algorithms, none of which may be
    /// symmetric: whoever has such a key could sign as well.
    ///
    /// Allowing [`Alg::EdDSA`] allows its full name [`Alg::Ed25519`] as well.
    #[must_use]
    pub fn builder(algorithms: impl IntoIterator<Item = Alg>) -> SelfSignedBuilder {
        SelfSignedBuilder::new(algorithms)
    }
}
