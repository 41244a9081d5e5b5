//! Token Status Lists (docs/revocation.md): an issuer publishes a few bits for each of its
//! tokens. They count for tokens that name them if the policy says so.

use std::ffi::{c_int, c_void};
use std::fmt;
use std::mem::MaybeUninit;
use std::sync::Arc;

use super::boundary::{answer, boundary, given, misuse};
use super::failure::{Failure, explained};
use super::policy::{Policy, set};
use super::revocations::JOT_NEVER;
use super::slice::Slice;
use super::verifier::Verifier;
use crate::error::{Code, Error};
use crate::status::StatusFeed;
use crate::time::UnixSeconds;

/// A Token Status List, or what stands in the place of one, which any number of verifiers may
/// share. Any number of threads may use it.
pub struct StatusList {
    inner: Arc<crate::status::StatusList>,
    end: Option<UnixSeconds>,
}

impl StatusList {
    fn read(claims: Slice, most_entries: usize) -> Result<Self, Error> {
        let claims = claims.bytes("claims")?;
        let (list, end) = crate::status::StatusList::from_claims_text(claims, most_entries)?;
        Ok(Self { inner: Arc::new(list), end })
    }
}

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

/// Reads the Claims Set of a signed status list with at most `most_entries` entries. Verify
/// the list first, with `jot_policy_new_status_list`. `error` may be NULL.
///
/// The caller owns `*list` and frees it with `jot_status_list_free`. Returns
/// `JOT_STATUS_LIST_INVALID` with the member that is malformed; `JOT_STATUS_LIST_TOO_LONG`;
/// 15x. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_status_list_from_claims(
    claims: Slice,
    most_entries: usize,
    list: Option<&mut MaybeUninit<Option<Box<StatusList>>>>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let list = given(list, "list")?;
        list.write(Some(Box::new(StatusList::read(claims, most_entries)?)));
        Ok(())
    })
}

/// Makes what stands in the place of the list at this URI until it was fetched: tokens that
/// name it are rejected with `JOT_STATUS_LIST_NOT_YET`, which is 503. The caller owns it and
/// frees it with `jot_status_list_free`; NULL if the URI is no text. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_status_list_not_yet(uri: Slice) -> Option<Box<StatusList>> {
    answer(None, || place(uri, crate::status::StatusList::not_yet))
}

/// Makes what stands in the place of a list that is too old. It works like
/// `jot_status_list_not_yet`, with `JOT_STATUS_LIST_STALE`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_status_list_stale(uri: Slice) -> Option<Box<StatusList>> {
    answer(None, || place(uri, crate::status::StatusList::stale))
}

fn place(uri: Slice, make: fn(&str) -> crate::status::StatusList) -> Option<Box<StatusList>> {
    let uri = uri.text("uri").ok()?;
    Some(Box::new(StatusList { inner: Arc::new(make(uri)), end: None }))
}

/// Returns the number of entries, with those that fill up the last byte; 0 for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn jot_status_list_len(list: Option<&StatusList>) -> usize {
    answer(0, || list.map_or(0, |list| list.inner.len()))
}

/// Returns the `exp` of a list, at which `jot_status_list_stale` should be put in its place;
/// `JOT_NEVER` if it has none, and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn jot_status_list_end(list: Option<&StatusList>) -> i64 {
    answer(JOT_NEVER, || list.and_then(|list| list.end).map_or(JOT_NEVER, |end| end.0))
}

/// Frees a list; NULL is fine. Verifiers that have it keep it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_status_list_free(list: Option<Box<StatusList>>) {
    answer((), || drop(list));
}

/// Adds a status list to a verifier, or replaces the one with the same URI, also for tokens in
/// the cache. The verifier shares the list, which may be freed afterwards.
///
/// Verifications that begin after this call returns use the new list. Other threads may
/// verify meanwhile. Returns `JOT_STATUS_LISTS_FULL` if there are 1024 others; 15x. The lists
/// are unchanged in these cases.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_put_status_list(
    verifier: Option<&Verifier>,
    list: Option<&StatusList>,
) -> u32 {
    boundary(|| {
        let list = Arc::clone(&given(list, "list")?.inner);
        given(verifier, "verifier")?.inner.set_status_list(list)
    })
}

/// Reads a list as `jot_status_list_from_claims` does, and puts it into one verifier as
/// `jot_verifier_put_status_list` does.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_set_status_list(
    verifier: Option<&Verifier>,
    claims: Slice,
    most_entries: usize,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let verifier = given(verifier, "verifier")?;
        verifier.inner.set_status_list(StatusList::read(claims, most_entries)?.inner)
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

/// Sets `*named` to 1 if a token named the list with this URI since the last call, else to 0,
/// so that lists which nobody names any more can be forgotten. Tokens in the cache count only
/// after another list was put in. Returns 15x for wrong arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_status_list_was_named(
    verifier: Option<&Verifier>,
    uri: Slice,
    named: Option<&mut MaybeUninit<u32>>,
) -> u32 {
    boundary(|| {
        let verifier = given(verifier, "verifier")?;
        let was_named = verifier.inner.status_list_was_named(uri.text("uri")?);
        given(named, "named")?.write(u32::from(was_named));
        Ok(())
    })
}

/// A token whose signature holds, and which nothing else is wrong with but perhaps its dates,
/// names a list that the verifier does not have. Returns 0 if the list will not come: the
/// token is `JOT_STATUS_LIST_UNKNOWN`. Otherwise it is `JOT_STATUS_LIST_NOT_YET`, unless the
/// verifier has the list when this returns.
///
/// It is called while a token is verified, by the thread that verifies, so it must not wait,
/// and for each token until something stands in the place of the list. The text is valid
/// until it returns. It must return: no `longjmp`, no exception.
pub type StatusWanted = Option<unsafe extern "C" fn(user: *mut c_void, uri: Slice) -> c_int>;

/// Asks this function, with `user`, for the status lists that tokens name and the verifier
/// does not have, for as long as the verifier lives. Several functions are asked in turn,
/// until one says that the list will come. Returns 15x for wrong arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_add_status_feed(
    verifier: Option<&Verifier>,
    wanted: StatusWanted,
    user: *mut c_void,
) -> u32 {
    boundary(|| {
        let wanted = wanted.ok_or_else(|| misuse(Code::ArgumentNull, "wanted"))?;
        given(verifier, "verifier")?.inner.add_status_feed(Arc::new(Feed { wanted, user }));
        Ok(())
    })
}

/// A function of the caller, with its argument.
struct Feed {
    wanted: unsafe extern "C" fn(user: *mut c_void, uri: Slice) -> c_int,
    user: *mut c_void,
}

// SAFETY: the header says that the threads that verify call the function.
unsafe impl Send for Feed {}

// SAFETY: the same.
unsafe impl Sync for Feed {}

impl fmt::Debug for Feed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Feed").finish_non_exhaustive()
    }
}

impl StatusFeed for Feed {
    fn wanted(&self, uri: &str) -> bool {
        // SAFETY: the caller promises that it may be called for as long as the verifier lives.
        unsafe { (self.wanted)(self.user, Slice::of(uri.as_bytes())) != 0 }
    }
}
