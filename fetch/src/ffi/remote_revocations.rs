//! The revocations of one issuer, which the threads of a fetcher follow: a signed JWT at a
//! URL (docs/revocation.md).
//!
//! ```c
//! jot_list_options options = {.size = sizeof options};
//! jot_remote_revocations_new(fetcher, JOT_TEXT("https://issuer/revocations"), keys,
//!                            JOT_TEXT("https://issuer"), 1u << JOT_ES256, &options, &revoked, NULL);
//! jot_remote_revocations_feed(revoked, verifier);
//! ```

use std::mem::MaybeUninit;
use std::time::Duration;

use jot::capi::{
    Failure, ListHealth, ListOptions, Revocations, Slice, Text, Verifier, algorithms, answer, boundary,
    explained, given, write,
};

use super::fetcher::{Fetcher, told};
use super::remote_keys::RemoteKeys;

/// A list of revocations, followed until this is freed. Any number of threads may use it.
pub struct RemoteRevocations {
    inner: crate::remote_list::RemoteRevocations,
}

/// Follows the revocations that an issuer serves at a URL. `keys` are those of the issuer;
/// a list counts if one of them signed it with one of `algs`: bit `alg` for each, as in
/// `1u << JOT_ES256`. `issuer` is the `iss` of its lists, and may be absent for keys that
/// were discovered by it. `options` and `error` may be NULL.
///
/// The caller owns `*revocations` and frees it with `jot_remote_revocations_free`. Returns
/// `JOT_URL_REFUSED` unless the URL is one of `https`; `JOT_ISSUER_REQUIRED`;
/// `JOT_ALGORITHMS_EMPTY`; `JOT_THREADS_MISSING`; 15x. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_revocations_new(
    fetcher: Option<&Fetcher>,
    url: Slice,
    keys: Option<&RemoteKeys>,
    issuer: Slice,
    algs: u32,
    options: *const ListOptions,
    revocations: Option<&mut MaybeUninit<Option<Box<RemoteRevocations>>>>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let revocations = given(revocations, "revocations")?;
        let options = ListOptions::parse(options, ListOptions::MOST_REVOCATIONS)?;
        let (fetcher, keys) = (given(fetcher, "fetcher")?, given(keys, "keys")?);
        let (url, algs) = (url.text("url")?, algorithms(algs)?);
        let issuer = issuer.optional_text("issuer")?.or(keys.inner.issuer());
        let made = fetcher.inner.revocations_as(url, &keys.inner, issuer, algs.iter(), options);
        revocations.write(Some(Box::new(RemoteRevocations { inner: made.map_err(told)? })));
        Ok(())
    })
}

/// Sets the revocations of a verifier, now and whenever they change, until the verifier or
/// the list is freed. Before the first list and after the end of the last one its tokens
/// are `JOT_REVOCATIONS_NOT_YET` or `JOT_REVOCATIONS_STALE`: 503, not 401.
///
/// Returns `JOT_THREADS_MISSING`; 15x. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_revocations_feed(
    revocations: Option<&RemoteRevocations>,
    verifier: Option<&Verifier>,
) -> u32 {
    boundary(|| {
        let (revocations, verifier) = (given(revocations, "revocations")?, given(verifier, "verifier")?);
        revocations.inner.feed(&verifier.inner).map_err(told)
    })
}

/// Waits until there is a list in force, no longer than this many milliseconds.
///
/// Returns `JOT_REVOCATIONS_NOT_YET` or `JOT_REVOCATIONS_STALE` if there is none in time;
/// `JOT_THREADS_MISSING`; 15x. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_revocations_wait(
    revocations: Option<&RemoteRevocations>,
    milliseconds: u32,
) -> u32 {
    boundary(|| {
        let longest = Duration::from_millis(milliseconds.into());
        given(revocations, "revocations")?.inner.wait(longest).map(drop).map_err(told)
    })
}

/// Returns a copy of the list that verifiers have now, to look at or to save.
///
/// The caller owns `*list` and frees it with `jot_revocations_free`. Returns 15x for wrong
/// arguments. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_revocations_list(
    revocations: Option<&RemoteRevocations>,
    list: Option<&mut MaybeUninit<Option<Box<Revocations>>>>,
) -> u32 {
    boundary(|| {
        let inner = given(revocations, "revocations")?.inner.revocations();
        given(list, "list")?.write(Some(Box::new(Revocations { inner })));
        Ok(())
    })
}

/// Starts the threads of this process, unless it has them: for a child of a `fork` that
/// only verifies. Returns `JOT_THREADS_MISSING`; 15x. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_revocations_start(revocations: Option<&RemoteRevocations>) -> u32 {
    boundary(|| given(revocations, "revocations")?.inner.start().map_err(told))
}

/// Asks for a fetch as soon as possible. Returns `JOT_THREADS_MISSING`; 15x. Any thread may
/// call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_revocations_refresh_now(revocations: Option<&RemoteRevocations>) -> u32 {
    boundary(|| given(revocations, "revocations")?.inner.refresh_now().map_err(told))
}

/// Describes how the list does. Returns 15x for wrong arguments. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_revocations_health(
    revocations: Option<&RemoteRevocations>,
    health: *mut ListHealth,
) -> u32 {
    boundary(|| write(health, ListHealth::from(given(revocations, "revocations")?.inner.health()), "health"))
}

/// Writes what was wrong with the last fetch, in words; empty if it succeeded. Returns 15x
/// for wrong arguments. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_revocations_reason(
    revocations: Option<&RemoteRevocations>,
    text: Option<&mut Text>,
) -> u32 {
    boundary(|| {
        given(text, "text")?.set(&given(revocations, "revocations")?.inner.reason().unwrap_or_default());
        Ok(())
    })
}

/// Writes the JWT of the list in force, for the next start; empty if there is none. Its
/// signature protects it. Returns 15x for wrong arguments. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_revocations_save(
    revocations: Option<&RemoteRevocations>,
    text: Option<&mut Text>,
) -> u32 {
    boundary(|| {
        let token = given(revocations, "revocations")?.inner.token().unwrap_or_default();
        given(text, "text")?.set(&String::from_utf8(token).unwrap_or_default());
        Ok(())
    })
}

/// Goes on with what `jot_remote_revocations_save` of another process wrote, until the
/// first fetch ends. The keys that it was signed with must be there.
///
/// Returns why the list is rejected, as if it were a token; `JOT_THREADS_MISSING`; 15x. Any
/// thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_revocations_restore(
    revocations: Option<&RemoteRevocations>,
    saved: Slice,
) -> u32 {
    boundary(|| given(revocations, "revocations")?.inner.restore(saved.bytes("saved")?).map_err(told))
}

/// Ends the following of this list; NULL is fine. Verifiers keep the list that they have.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_revocations_free(revocations: Option<Box<RemoteRevocations>>) {
    answer((), || drop(revocations));
}
