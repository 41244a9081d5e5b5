//! Token Status Lists (docs/revocation.md): an issuer publishes a few bits for each of its
//! tokens. They count for tokens that name them if the policy says so.

use super::boundary::{boundary, given};
use super::failure::{Failure, explained};
use super::policy::{Policy, set};
use super::slice::Slice;
use super::verifier::Verifier;
use crate::error::{Code, Error};
use crate::status::StatusList;

/// Checks the status of tokens that name a status list. A token without one passes, and so
/// does one whose `status` names another mechanism. By default a `status` is ignored.
///
/// The verifier must have the list, or the token is rejected with
/// `JOT_STATUS_LIST_UNKNOWN`, which is 503.
#[unsafe(no_mangle)]
pub extern "C" fn jot_policy_check_status(policy: Option<&mut Policy>) -> u32 {
    set(policy, |policy| Ok(policy.check_status()))
}

/// Works like `jot_policy_check_status`, and rejects tokens that name no status list, with
/// `JOT_STATUS_MISSING`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_policy_require_status(policy: Option<&mut Policy>) -> u32 {
    set(policy, |policy| Ok(policy.require_status()))
}

/// Reads the Claims Set of a signed status list with at most `most_entries` entries, and adds
/// it to a verifier, or replaces the one with the same URI, also for tokens in the cache.
/// Verify the list first, with `jot_policy_new_status_list`. `error` may be NULL.
///
/// Verifications that begin after this call returns use the new list. Other threads may
/// verify meanwhile. Returns `JOT_STATUS_LIST_INVALID` with the member that is malformed;
/// `JOT_STATUS_LIST_TOO_LONG`; `JOT_STATUS_LISTS_FULL` if there are 1024 others; 15x. The
/// lists are unchanged in these cases.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_set_status_list(
    verifier: Option<&Verifier>,
    claims: Slice,
    most_entries: usize,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let verifier = given(verifier, "verifier")?;
        let list = StatusList::from_claims_text(claims.bytes("claims")?, most_entries)?;
        verifier.inner.set_status_list(list)
    })
}

/// Drops the status list with this URI. Tokens that name it are `JOT_STATUS_LIST_UNKNOWN`
/// from then on. Returns the same if there is none; 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_forget_status_list(verifier: Option<&Verifier>, uri: Slice) -> u32 {
    boundary(|| {
        let is_there = given(verifier, "verifier")?.inner.forget_status_list(uri.text("uri")?);
        if is_there { Ok(()) } else { Err(Error::new(Code::StatusListUnknown)) }
    })
}
