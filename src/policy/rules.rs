//! The rules that a policy can hold, and how a caller sets them.

use super::condition::Condition;
use super::recipient::{AudienceRule, AuthorizedParty};
#[cfg(feature = "status-list")]
use super::status::StatusRule;
use super::time::DateRules;
use crate::alg::{Alg, AlgSet};
use crate::claims::scope::can_be_scope;
use crate::error::{Code, Error};
use crate::limits::Limits;

/// The longest signed list, in bytes. Its fetcher and its reader have limits of their own.
const LONGEST_LIST: usize = 64 << 20;

/// The rules that a token must meet, in addition to its signature and its issuer.
///
/// The defaults are strict: `exp` is required, an `aud` is rejected unless an audience is
/// named, leeway is 0, and every claim of RFC 7519 that is present must have its type.
///
/// ```
/// use jot::{Alg, Condition, Policy};
///
/// let policy = Policy::new([Alg::ES256, Alg::RS256])
///     .audience("https://api.example.com")
///     .typ("at+jwt")
///     .require("client_id")
///     .scope("orders:read")
///     .claim(Condition::equals(["tenant", "id"], 42))
///     .leeway(30);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    pub(super) algorithms: AlgSet,
    pub(super) limits: Limits,
    pub(super) typs: Vec<Box<str>>,
    pub(super) understood: Vec<Box<str>>,
    pub(super) audience: AudienceRule,
    pub(super) subject: Option<Box<str>>,
    pub(super) required: Vec<Box<str>>,
    pub(super) conditions: Vec<Condition>,
    pub(super) authorized_party: Option<AuthorizedParty>,
    pub(super) scopes: Vec<Box<str>>,
    pub(super) dates: DateRules,
    pub(super) issuer_required: bool,
    #[cfg(feature = "status-list")]
    pub(super) status: StatusRule,
}

impl Policy {
    /// Starts a policy that allows only these algorithms.
    ///
    /// Allowing [`Alg::EdDSA`] allows its full name [`Alg::Ed25519`] as well; allowing
    /// `Ed25519` allows only that name (RFC 9864).
    ///
    /// ```
    /// use jot::{Alg, Policy};
    ///
    /// let policy = Policy::new([Alg::ES256, Alg::EdDSA]).audience("api").leeway(30);
    /// policy.validate()?;
    /// # Ok::<(), jot::Error>(())
    /// ```
    #[must_use]
    pub fn new(algorithms: impl IntoIterator<Item = Alg>) -> Self {
        let mut algorithms: AlgSet = algorithms.into_iter().collect();
        if algorithms.contains(Alg::EdDSA) {
            algorithms = algorithms.with(Alg::Ed25519);
        }
        Self {
            algorithms,
            limits: Limits::default(),
            typs: Vec::new(),
            understood: Vec::new(),
            audience: AudienceRule::default(),
            subject: None,
            required: Vec::new(),
            conditions: Vec::new(),
            authorized_party: None,
            scopes: Vec::new(),
            dates: DateRules::default(),
            issuer_required: false,
            #[cfg(feature = "status-list")]
            status: StatusRule::default(),
        }
    }

    /// Starts the policy of an OAuth 2.0 resource server for JWT access tokens
    /// (RFC 9068 §4): `typ` is `at+jwt`; `iss`, `exp`, `aud`, `sub`,
    /// `client_id`, `iat` and `jti` are required; the verifier must name its
    /// issuers.
    #[must_use]
    pub fn access_token(resource: &str, algorithms: impl IntoIterator<Item = Alg>) -> Self {
        //= rfc9068#section-4
        //# Resource servers receiving a JWT access token MUST validate it in the following manner.
        //= rfc9068#section-4
        //# MUST verify that the "typ" header value is "at+jwt" or "application/at+jwt" and reject
        //# tokens carrying any other value.
        //= rfc9068#section-4
        //# The JWT access token MUST be rejected if "aud" does not contain a resource indicator of
        //# the current resource server
        //= rfc9068#section-2.2
        //# iss REQUIRED - as defined in Section 4.1.1 of [RFC7519].
        //= rfc9068#section-2.2
        //# aud REQUIRED - as defined in Section 4.1.3 of [RFC7519].
        let policy = Self::new(algorithms).typ("at+jwt").audience(resource).issuer_required();
        //= rfc9068#section-2.2
        //# sub REQUIRED - as defined in Section 4.1.2 of [RFC7519].
        //= rfc9068#section-2.2
        //# client_id REQUIRED - as defined in Section 4.3 of [RFC8693].
        //= rfc9068#section-2.2
        //# iat REQUIRED - as defined in Section 4.1.6 of [RFC7519].
        //= rfc9068#section-2.2
        //# jti REQUIRED - as defined in Section 4.1.7 of [RFC7519].
        ["sub", "client_id", "iat", "jti"].into_iter().fold(policy, Self::require)
    }

    /// Starts the policy for signed lists of revocations: `typ` is `revocations+jwt`;
    /// `iss`, `iat` and `exp` are required, and an audience is not; the verifier must name
    /// its issuers. A list may have 64 MiB. See [`Revocations::to_claims`](crate::Revocations::to_claims).
    #[must_use]
    pub fn revocation_list(algorithms: impl IntoIterator<Item = Alg>) -> Self {
        let limits = Limits::default().with_token_bytes(LONGEST_LIST);
        let policy = Self::new(algorithms).typ("revocations+jwt").limits(limits);
        policy.any_audience().issuer_required().require("iat")
    }

    /// Starts the policy for signed status lists: `typ` is `statuslist+jwt`; `iat` and `sub`
    /// are required; `exp`, an issuer and an audience are not. A list may have 64 MiB. See
    /// [`StatusList::from_claims`](crate::StatusList::from_claims).
    #[cfg(feature = "status-list")]
    #[must_use]
    pub fn status_list(algorithms: impl IntoIterator<Item = Alg>) -> Self {
        let limits = Limits::default().with_token_bytes(LONGEST_LIST);
        let policy = Self::new(algorithms).typ("statuslist+jwt").limits(limits);
        policy.any_audience().allow_missing_exp().require("iat").require("sub")
    }

    /// Starts the policy of an OpenID Connect client for ID Tokens (OpenID Connect Core
    /// 1.0 §2, §3.1.3.7): `iss`, `sub`, `aud`, `exp` and `iat` are required; `aud`
    /// contains the client; `azp`, if present, is the client, and is required if there
    /// are several audiences; the verifier must name its issuers. Add
    /// [`nonce`](Self::nonce) if one was sent.
    #[must_use]
    pub fn id_token(client_id: &str, algorithms: impl IntoIterator<Item = Alg>) -> Self {
        let mut policy = Self::new(algorithms).audience(client_id).issuer_required();
        policy.authorized_party = Some(AuthorizedParty::AmongMany(client_id.into()));
        ["sub", "iat"].into_iter().fold(policy, Self::require)
    }

    /// Requires the `nonce` that was sent with the authentication request.
    #[must_use]
    pub fn nonce(self, nonce: &str) -> Self {
        self.claim(Condition::equals("nonce", nonce))
    }

    /// Replaces the limits on sizes.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits.clamped();
        self
    }

    /// Requires a `typ` (explicit typing, RFC 8725 §3.11), or one of several if it is
    /// called several times. The comparison ignores case and a leading `application/`
    /// (RFC 7515 §4.1.9).
    #[must_use]
    pub fn typ(mut self, typ: &str) -> Self {
        self.typs.push(typ.into());
        self
    }

    /// Declares that the caller understands and processes this extension; `crit` may
    /// then name it (RFC 7515 §4.1.11).
    #[must_use]
    pub fn understand_critical(mut self, name: &str) -> Self {
        self.understood.push(name.into());
        self
    }

    /// Adds an audience; a token's `aud` must contain one of those added.
    #[must_use]
    pub fn audience(mut self, audience: &str) -> Self {
        self.audience.ours.push(audience.into());
        self
    }

    /// Accepts a token with any `aud`, or none.
    #[must_use]
    pub fn any_audience(mut self) -> Self {
        self.audience.any = true;
        self
    }

    /// Requires this `sub`.
    #[must_use]
    pub fn subject(mut self, subject: &str) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// Demands that a claim is present and not null: short for
    /// [`Condition::present`].
    #[must_use]
    pub fn require(mut self, claim: &str) -> Self {
        self.required.push(claim.into());
        self
    }

    /// Demands that a claim meets a condition.
    #[must_use]
    pub fn claim(mut self, condition: Condition) -> Self {
        self.conditions.push(condition);
        self
    }

    /// Requires this `azp`.
    #[must_use]
    pub fn authorized_party(mut self, party: &str) -> Self {
        self.authorized_party = Some(AuthorizedParty::Always(party.into()));
        self
    }

    /// Requires a scope, in `scope` (one string, scopes separated by spaces, RFC 8693
    /// §4.2) or in `scp` (an array, or such a string). Several calls require all of
    /// them.
    #[must_use]
    pub fn scope(mut self, scope: &str) -> Self {
        self.scopes.push(scope.into());
        self
    }

    /// Sets how many seconds the clocks of issuer and verifier may differ. 0 by
    /// default.
    #[must_use]
    pub fn leeway(mut self, seconds: u32) -> Self {
        self.dates.leeway = i64::from(seconds);
        self
    }

    /// Accepts tokens without `exp`, which never expire.
    #[must_use]
    pub fn allow_missing_exp(mut self) -> Self {
        self.dates.exp_optional = true;
        self
    }

    /// Accepts tokens whose `iat` is in the future, which RFC 7519 leaves open. By
    /// default they are rejected ([`Code::IssuedInFuture`]): they come from a wrong
    /// clock or a wrong issuer. If clocks merely differ, use [`leeway`](Self::leeway).
    ///
    /// ```
    /// use jot::{Alg, Code, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
    ///
    /// let signer = Signer::new(SigningKey::generate(Alg::HS256)?);
    /// let keys = std::sync::Arc::new(KeySet::new([signer.key().verifying_key()?]));
    /// let token = signer.sign_claims(br#"{"iat":1001,"exp":2000}"#)?;
    /// let code = |policy| {
    ///     let verifier = Verifier::builder(policy).keys(keys.clone()).build()?;
    ///     Ok::<_, jot::Error>(verifier.verdict(token.as_bytes(), UnixSeconds(1000), &mut Scratch::new()).code())
    /// };
    /// assert_eq!(code(Policy::new([Alg::HS256]))?, Code::IssuedInFuture);
    /// assert_eq!(code(Policy::new([Alg::HS256]).leeway(1))?, Code::Accepted);
    /// assert_eq!(code(Policy::new([Alg::HS256]).allow_future_iat())?, Code::Accepted);
    /// # Ok::<(), jot::Error>(())
    /// ```
    #[must_use]
    pub fn allow_future_iat(mut self) -> Self {
        self.dates.future_iat = true;
        self
    }

    /// Requires an `iat` at most this many seconds ago.
    #[must_use]
    pub fn max_age(mut self, seconds: u32) -> Self {
        self.dates.max_age = Some(i64::from(seconds));
        self
    }

    /// Requires the verifier to name its issuers.
    #[must_use]
    pub fn issuer_required(mut self) -> Self {
        self.issuer_required = true;
        self
    }

    /// Checks the status of tokens that name a status list. A token without one passes, and
    /// so does one whose `status` names another mechanism. By default a `status` is ignored.
    ///
    /// The verifier must have the list
    /// ([`Verifier::set_status_list`](crate::Verifier::set_status_list)), or the token is
    /// rejected with [`Code::StatusListUnknown`].
    #[cfg(feature = "status-list")]
    #[must_use]
    pub fn check_status(mut self) -> Self {
        if self.status == StatusRule::Ignored {
            self.status = StatusRule::IfPresent;
        }
        self
    }

    /// Works like [`check_status`](Self::check_status), and rejects tokens that name no
    /// status list, with [`Code::StatusMissing`].
    #[cfg(feature = "status-list")]
    #[must_use]
    pub fn require_status(mut self) -> Self {
        self.status = StatusRule::Required;
        self
    }

    /// Returns the allowed algorithms.
    #[must_use]
    pub const fn algorithms(&self) -> AlgSet {
        self.algorithms
    }

    pub(crate) const fn limits_in_force(&self) -> Limits {
        self.limits
    }

    pub(crate) const fn dates(&self) -> &DateRules {
        &self.dates
    }

    #[cfg(feature = "status-list")]
    pub(crate) const fn status(&self) -> StatusRule {
        self.status
    }

    pub(crate) fn understood(&self) -> &[Box<str>] {
        &self.understood
    }

    pub(crate) const fn demands_issuer(&self) -> bool {
        self.issuer_required
    }

    /// Rejects a policy that cannot mean what its author wanted. Building a verifier
    /// checks this too; call it for policies that wait for their keys, or have none
    /// ([`validate_claims`](Self::validate_claims)).
    ///
    /// # Errors
    /// [`Code::AlgorithmsEmpty`]; [`Code::PolicyInvalid`] with the setting;
    /// [`Code::ConditionName`] to [`Code::ConditionOperand`] with the name of the claim.
    pub fn validate(&self) -> Result<(), Error> {
        if self.algorithms.is_empty() {
            return Err(Error::new(Code::AlgorithmsEmpty));
        }
        let invalid = |setting| Err(Error::of_member(Code::PolicyInvalid, setting));
        if self.audience.any && !self.audience.ours.is_empty() {
            return invalid("any_audience");
        }
        let empty = |values: &[Box<str>]| values.iter().any(|value| value.is_empty());
        if empty(&self.audience.ours) {
            return invalid("audience");
        }
        if empty(&self.typs) {
            return invalid("typ");
        }
        if empty(&self.required) {
            return invalid("require");
        }
        if !self.scopes.iter().all(|scope| can_be_scope(scope)) {
            return invalid("scope");
        }
        if self.subject.as_deref() == Some("") {
            return invalid("subject");
        }
        if matches!(&self.authorized_party, Some(AuthorizedParty::Always(party)) if party.is_empty()) {
            return invalid("authorized_party");
        }
        if empty(&self.understood) {
            return invalid("understand_critical");
        }
        self.conditions.iter().try_for_each(Condition::validate)
    }
}
