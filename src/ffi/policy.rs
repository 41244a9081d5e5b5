//! The rules for a token.

use std::mem::MaybeUninit;

use super::boundary::{answer, boundary, given, row};
use super::codes::alg_of;
use super::failure::{Failure, explained};
use super::keys::KeySet;
use super::slice::Slice;
use crate::alg::Alg;
use crate::error::{Code, Error};
use crate::limits::Limits;

/// The rules that a token must meet, in addition to its signature and its issuer.
///
/// The defaults are strict: `exp` is required, an `aud` is rejected unless an audience
/// is named, leeway is 0, and every claim of RFC 7519 that is present must have its type.
///
/// A setting that fails returns its code and makes the policy unusable: no verifier
/// can be built from it. An unchecked return value therefore never makes a laxer
/// verifier. One thread at a time may use it.
pub struct Policy {
    pub(super) inner: crate::policy::Policy,
    pub(super) limits: Limits,
    /// The first setting that failed.
    pub(super) spoiled: Option<Error>,
}

fn algorithms(algs: *const u32, count: usize) -> Result<Vec<Alg>, Error> {
    row(algs, count, "algs")?.iter().map(|alg| alg_of(*alg)).collect()
}

fn make(
    policy: Option<&mut MaybeUninit<Option<Box<Policy>>>>,
    inner: crate::policy::Policy,
) -> Result<(), Error> {
    let made = Policy { limits: inner.limits_in_force(), inner, spoiled: None };
    given(policy, "policy")?.write(Some(Box::new(made)));
    Ok(())
}

/// Makes a policy that allows the `count` algorithms at `algs` and no other.
/// Allowing `JOT_EDDSA` allows its full name `JOT_ED25519` as well; allowing
/// `JOT_ED25519` allows that name alone.
///
/// The caller owns `*policy` and frees it with `jot_policy_free`, at any time after
/// a verifier builder was made from it. Returns `JOT_ARGUMENT_NULL`;
/// `JOT_ARGUMENT_VALUE` for a number that is not an algorithm. Any thread may call
/// it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_policy_new(
    algs: *const u32,
    count: usize,
    policy: Option<&mut MaybeUninit<Option<Box<Policy>>>>,
    error: *mut Failure,
) -> u32 {
    explained(error, || make(policy, crate::policy::Policy::new(algorithms(algs, count)?)))
}

/// Makes the policy of an OAuth 2.0 resource server for JWT access tokens (RFC 9068
/// §4): `typ` is `at+jwt`; `iss`, `exp`, `aud`, `sub`, `client_id`, `iat` and `jti` are
/// required; the verifier must name its issuers. Otherwise it works like
/// `jot_policy_new`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_policy_new_access_token(
    resource: Slice,
    algs: *const u32,
    count: usize,
    policy: Option<&mut MaybeUninit<Option<Box<Policy>>>>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let resource = resource.text("resource")?;
        make(policy, crate::policy::Policy::access_token(resource, algorithms(algs, count)?))
    })
}

/// Makes the policy of an OpenID Connect client for ID Tokens (OpenID Connect Core 1.0
/// §2, §3.1.3.7): `iss`, `sub`, `aud`, `exp` and `iat` are required; `aud` contains the
/// client; `azp`, if present, is the client, and is required if there are several
/// audiences; the verifier must name its issuers. Add `jot_policy_nonce` if one was
/// sent. Otherwise it works like `jot_policy_new`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_policy_new_id_token(
    client_id: Slice,
    algs: *const u32,
    count: usize,
    policy: Option<&mut MaybeUninit<Option<Box<Policy>>>>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let client_id = client_id.text("client_id")?;
        make(policy, crate::policy::Policy::id_token(client_id, algorithms(algs, count)?))
    })
}

/// Makes the policy for signed lists of revocations (docs/revocation.md): `typ` is
/// `revocations+jwt`; `iss`, `iat` and `exp` are required; the verifier must name its
/// issuers. Otherwise it works like `jot_policy_new`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_policy_new_revocation_list(
    algs: *const u32,
    count: usize,
    policy: Option<&mut MaybeUninit<Option<Box<Policy>>>>,
    error: *mut Failure,
) -> u32 {
    explained(error, || make(policy, crate::policy::Policy::revocation_list(algorithms(algs, count)?)))
}

/// Makes the policy for signed status lists (draft-ietf-oauth-status-list): `typ` is
/// `statuslist+jwt`; `iat` and `sub` are required; `exp` is not. Otherwise it works like
/// `jot_policy_new`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_policy_new_status_list(
    algs: *const u32,
    count: usize,
    policy: Option<&mut MaybeUninit<Option<Box<Policy>>>>,
    error: *mut Failure,
) -> u32 {
    explained(error, || make(policy, crate::policy::Policy::status_list(algorithms(algs, count)?)))
}

/// Changes a policy, or makes it unusable.
pub(super) fn set(
    policy: Option<&mut Policy>,
    change: impl FnOnce(crate::policy::Policy) -> Result<crate::policy::Policy, Error>,
) -> u32 {
    let mut policy = policy;
    let code = boundary(|| {
        let policy = given(policy.as_deref_mut(), "policy")?;
        let changed = change(policy.inner.clone());
        policy.inner = changed.inspect_err(|error| {
            policy.spoiled.get_or_insert(*error);
        })?;
        Ok(())
    });
    if code == Code::Panicked.number()
        && let Some(policy) = policy
    {
        policy.spoiled.get_or_insert(Error::new(Code::Panicked));
    }
    code
}

/// Requires a `typ` (explicit typing, RFC 8725 §3.11), or one of several if it is
/// called several times. The comparison ignores case and a leading `application/` (RFC
/// 7515 §4.1.9).
///
/// This and every other setting returns `JOT_ARGUMENT_NULL` or `JOT_ARGUMENT_TEXT` for
/// a wrong argument. Whether a value makes sense is checked when the verifier is built.
#[unsafe(no_mangle)]
pub extern "C" fn jot_policy_typ(policy: Option<&mut Policy>, typ: Slice) -> u32 {
    set(policy, |policy| Ok(policy.typ(typ.text("typ")?)))
}

/// Declares that the caller understands and processes this extension; `crit` may then
/// name it (RFC 7515 §4.1.11).
#[unsafe(no_mangle)]
pub extern "C" fn jot_policy_understand_critical(policy: Option<&mut Policy>, name: Slice) -> u32 {
    set(policy, |policy| Ok(policy.understand_critical(name.text("name")?)))
}

/// Adds an audience; a token's `aud` must contain one of those added.
#[unsafe(no_mangle)]
pub extern "C" fn jot_policy_audience(policy: Option<&mut Policy>, audience: Slice) -> u32 {
    set(policy, |policy| Ok(policy.audience(audience.text("audience")?)))
}

/// Accepts a token with any `aud`, or none.
#[unsafe(no_mangle)]
pub extern "C" fn jot_policy_any_audience(policy: Option<&mut Policy>) -> u32 {
    set(policy, |policy| Ok(policy.any_audience()))
}

/// Requires this `sub`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_policy_subject(policy: Option<&mut Policy>, subject: Slice) -> u32 {
    set(policy, |policy| Ok(policy.subject(subject.text("subject")?)))
}

/// Requires a claim to be present and not null.
#[unsafe(no_mangle)]
pub extern "C" fn jot_policy_require(policy: Option<&mut Policy>, claim: Slice) -> u32 {
    set(policy, |policy| Ok(policy.require(claim.text("claim")?)))
}

/// Requires the `nonce` that was sent with the authentication request.
#[unsafe(no_mangle)]
pub extern "C" fn jot_policy_nonce(policy: Option<&mut Policy>, nonce: Slice) -> u32 {
    set(policy, |policy| Ok(policy.nonce(nonce.text("nonce")?)))
}

/// Requires this `azp`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_policy_authorized_party(policy: Option<&mut Policy>, party: Slice) -> u32 {
    set(policy, |policy| Ok(policy.authorized_party(party.text("party")?)))
}

/// Requires a scope, in `scope` (one string, scopes separated by spaces) or in `scp`
/// (an array, or such a string). Several calls require all of them.
#[unsafe(no_mangle)]
pub extern "C" fn jot_policy_scope(policy: Option<&mut Policy>, scope: Slice) -> u32 {
    set(policy, |policy| Ok(policy.scope(scope.text("scope")?)))
}

/// Sets how many seconds the clocks of issuer and verifier may differ. 0 by default.
#[unsafe(no_mangle)]
pub extern "C" fn jot_policy_leeway(policy: Option<&mut Policy>, seconds: u32) -> u32 {
    set(policy, |policy| Ok(policy.leeway(seconds)))
}

/// Accepts tokens without `exp`, which never expire.
#[unsafe(no_mangle)]
pub extern "C" fn jot_policy_allow_missing_exp(policy: Option<&mut Policy>) -> u32 {
    set(policy, |policy| Ok(policy.allow_missing_exp()))
}

/// Accepts tokens whose `iat` is in the future, which RFC 7519 leaves open. By default
/// they are rejected (`JOT_ISSUED_IN_FUTURE`): they come from a wrong clock or a wrong
/// issuer. If clocks merely differ, use `jot_policy_leeway`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_policy_allow_future_iat(policy: Option<&mut Policy>) -> u32 {
    set(policy, |policy| Ok(policy.allow_future_iat()))
}

/// Requires an `iat` at most this many seconds ago.
#[unsafe(no_mangle)]
pub extern "C" fn jot_policy_max_age(policy: Option<&mut Policy>, seconds: u32) -> u32 {
    set(policy, |policy| Ok(policy.max_age(seconds)))
}

/// Requires the verifier to name its issuers.
#[unsafe(no_mangle)]
pub extern "C" fn jot_policy_issuer_required(policy: Option<&mut Policy>) -> u32 {
    set(policy, |policy| Ok(policy.issuer_required()))
}

/// Sets the longest token and the longest header segment in bytes. A longer token is
/// rejected before any work is done on it. 0 keeps the current value, by default 64 KiB
/// and 8 KiB. Both are limited to 1 GiB.
#[unsafe(no_mangle)]
pub extern "C" fn jot_policy_limits(
    policy: Option<&mut Policy>,
    token_bytes: usize,
    header_bytes: usize,
) -> u32 {
    boundary(|| {
        let policy = given(policy, "policy")?;
        for (limit, wanted) in
            [(&mut policy.limits.token_bytes, token_bytes), (&mut policy.limits.header_bytes, header_bytes)]
        {
            if wanted != 0 {
                *limit = wanted;
            }
        }
        policy.inner = policy.inner.clone().limits(policy.limits);
        Ok(())
    })
}

/// Checks whether any key of a set verifies with an algorithm of the policy: returns
/// `JOT_ACCEPTED`, or `JOT_KEY_NOT_FOR_ALG` if every token of the set's keys would be
/// rejected; the code that made the policy unusable; 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_policy_fits(policy: Option<&Policy>, set: Option<&KeySet>) -> u32 {
    boundary(|| {
        let policy = given(policy, "policy")?;
        let set = given(set, "set")?;
        if let Some(error) = policy.spoiled {
            return Err(error);
        }
        let fits = set.inner.fits(policy.inner.algorithms());
        if fits { Ok(()) } else { Err(Error::new(Code::KeyNotForAlg)) }
    })
}

/// Frees a policy; NULL is fine. Verifiers that were built from it keep working.
#[unsafe(no_mangle)]
pub extern "C" fn jot_policy_free(policy: Option<Box<Policy>>) {
    answer((), || drop(policy));
}
