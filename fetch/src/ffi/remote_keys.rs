//! The keys of one issuer, which the threads of a fetcher follow.

use std::mem::MaybeUninit;
use std::time::Duration;

use jot::capi::{
    Failure, Health, KeeperOptions, KeySet, Slice, Text, Verifier, answer, boundary, explained, given,
    known_code, misuse, snapshot, write,
};
use jot::{Code, Error};

use super::fetcher::{Fetcher, told};

/// The keys of one issuer, followed until this is freed. Any number of threads may use
/// it.
pub struct RemoteKeys {
    pub(super) inner: crate::remote::RemoteKeys,
}

fn new(
    keys: Option<&mut MaybeUninit<Option<Box<RemoteKeys>>>>,
    error: *mut Failure,
    follow: impl FnOnce() -> Result<crate::remote::RemoteKeys, Error>,
) -> u32 {
    explained(error, || {
        let keys = given(keys, "keys")?;
        keys.write(Some(Box::new(RemoteKeys { inner: follow()? })));
        Ok(())
    })
}

/// Follows the keys at a URL. `options` and `error` may be NULL.
///
/// The caller owns `*keys` and frees it with `jot_remote_keys_free`. Returns
/// `JOT_URL_REFUSED` unless the URL is one of `https`; `JOT_THREADS_MISSING`; 15x. Any
/// thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_keys_new(
    fetcher: Option<&Fetcher>,
    url: Slice,
    options: *const KeeperOptions,
    keys: Option<&mut MaybeUninit<Option<Box<RemoteKeys>>>>,
    error: *mut Failure,
) -> u32 {
    new(keys, error, || {
        let options = KeeperOptions::parse(options)?;
        given(fetcher, "fetcher")?.inner.keys(url.text("url")?, None, options).map_err(told)
    })
}

/// Follows the keys that an issuer's OpenID configuration names. Otherwise it works like
/// `jot_remote_keys_new`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_keys_discover(
    fetcher: Option<&Fetcher>,
    issuer: Slice,
    options: *const KeeperOptions,
    keys: Option<&mut MaybeUninit<Option<Box<RemoteKeys>>>>,
    error: *mut Failure,
) -> u32 {
    new(keys, error, || {
        let issuer = issuer.text("issuer")?;
        given(fetcher, "fetcher")?.inner.discover(issuer, KeeperOptions::parse(options)?).map_err(told)
    })
}

/// Returns the keys to verify with now, as a set that cannot be changed: what to give to
/// `jot_verifier_builder_issuer` or `jot_verifier_builder_keys`. Where there are none yet,
/// it is an empty set, with which tokens are `JOT_KEYS_NOT_YET` or `JOT_KEYS_STALE`: 503,
/// not 401.
///
/// The caller owns `*set` and frees it with `jot_key_set_free`. Returns 15x for wrong
/// arguments. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_keys_set(
    keys: Option<&RemoteKeys>,
    set: Option<&mut MaybeUninit<Option<Box<KeySet>>>>,
) -> u32 {
    boundary(|| {
        let inner = given(keys, "keys")?.inner.set();
        given(set, "set")?.write(Some(Box::new(KeySet { inner })));
        Ok(())
    })
}

/// Hands the keys to a verifier, now and whenever they change, until the verifier or the
/// keys are freed. `issuer` is the one that `jot_verifier_builder_issuer` was given for
/// them, or absent for the only key set. `error` may be NULL.
///
/// Returns `JOT_ISSUER_UNKNOWN`; `JOT_THREADS_MISSING`; 15x. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_keys_feed(
    keys: Option<&RemoteKeys>,
    verifier: Option<&Verifier>,
    issuer: Slice,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let (keys, verifier) = (given(keys, "keys")?, given(verifier, "verifier")?);
        keys.inner.feed_as(&verifier.inner, issuer.optional_text("issuer")?).map_err(told)
    })
}

/// Waits until there are keys, no longer than this many milliseconds.
///
/// Returns `JOT_KEYS_NOT_YET` or `JOT_KEYS_STALE` if there are none in time;
/// `JOT_THREADS_MISSING`; 15x. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_keys_wait(keys: Option<&RemoteKeys>, milliseconds: u32) -> u32 {
    boundary(|| {
        let longest = Duration::from_millis(milliseconds.into());
        given(keys, "keys")?.inner.wait(longest).map(drop).map_err(told)
    })
}

/// Says what becomes of a token that was rejected with this code, because its key may have
/// been published a moment ago. With 0, verify it again; that verdict is final. Any other
/// number is the code to answer with.
///
/// With `JOT_KID_UNKNOWN`, `JOT_KEYS_NOT_YET` and `JOT_KEYS_STALE` it asks for a fetch,
/// within the cool-down and the budget, and waits for its end no longer than this many
/// milliseconds. Then it returns 0; or the code of the fetch if it failed, which is 503;
/// or `JOT_FETCH_TIMEOUT` if it did not end in time. Every other code comes back at once.
/// Returns 15x for wrong arguments. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_keys_retry(keys: Option<&RemoteKeys>, code: u32, milliseconds: u32) -> u32 {
    boundary(|| {
        let keys = given(keys, "keys")?;
        let longest = Duration::from_millis(milliseconds.into());
        keys.inner.retry(known_code(code)?, longest).map_err(|code| misuse(code, ""))
    })
}

/// Starts the threads of this process, unless it has them: for a child of a `fork` that
/// only verifies, so that it follows the keys, too.
///
/// Returns `JOT_THREADS_MISSING`; 15x. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_keys_start(keys: Option<&RemoteKeys>) -> u32 {
    boundary(|| given(keys, "keys")?.inner.start().map_err(told))
}

/// Asks for a fetch as soon as possible, whatever the cool-down says: for operators, not
/// for requests. Returns `JOT_THREADS_MISSING`; 15x. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_keys_refresh_now(keys: Option<&RemoteKeys>) -> u32 {
    boundary(|| given(keys, "keys")?.inner.refresh_now().map_err(told))
}

/// Describes how the keys do. Returns 15x for wrong arguments. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_keys_health(keys: Option<&RemoteKeys>, health: *mut Health) -> u32 {
    boundary(|| write(health, Health::from(given(keys, "keys")?.inner.health()), "health"))
}

/// Writes what was wrong with the last fetch, in words; empty if it succeeded. Returns 15x
/// for wrong arguments. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_keys_reason(keys: Option<&RemoteKeys>, text: Option<&mut Text>) -> u32 {
    boundary(|| {
        given(text, "text")?.set(&given(keys, "keys")?.inner.reason().unwrap_or_default());
        Ok(())
    })
}

/// Returns how many key sets there were so far; see `jot_keeper_snapshots`. Any thread may call
/// it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_keys_snapshots(keys: Option<&RemoteKeys>) -> usize {
    answer(0, || keys.map_or(0, |keys| keys.inner.keeper().snapshots().len()))
}

/// Returns the key set with this number, and since when it was seen; see
/// `jot_keeper_snapshot`. Any thread may call it.
///
/// The caller owns `*set` and frees it with `jot_key_set_free`. Returns `JOT_ARGUMENT_VALUE`
/// if there is no such set; 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_keys_snapshot(
    keys: Option<&RemoteKeys>,
    number: usize,
    since: Option<&mut MaybeUninit<i64>>,
    set: Option<&mut MaybeUninit<Option<Box<KeySet>>>>,
) -> u32 {
    boundary(|| snapshot(&given(keys, "keys")?.inner.keeper(), number, since, set))
}

/// Writes what is known as JSON, for the next start; see `jot_keeper_save`. Any thread may
/// call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_keys_save(keys: Option<&RemoteKeys>, text: Option<&mut Text>) -> u32 {
    boundary(|| {
        given(text, "text")?.set(&given(keys, "keys")?.inner.keeper().save());
        Ok(())
    })
}

/// Goes on from what another process saved, until the first fetch ends. `error` may be
/// NULL.
///
/// Returns `JOT_SAVED_KEYS_INVALID`, also for the text of keys of another URL;
/// `JOT_THREADS_MISSING`; 15x. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_keys_restore(
    keys: Option<&RemoteKeys>,
    saved: Slice,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let keys = given(keys, "keys")?;
        let saved = std::str::from_utf8(saved.bytes("saved")?);
        keys.inner.restore(saved.map_err(|_| misuse(Code::SavedKeysInvalid, ""))?).map_err(told)
    })
}

/// Ends the following of these keys; NULL is fine. Verifiers keep the keys that they have.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_keys_free(keys: Option<Box<RemoteKeys>>) {
    answer((), || drop(keys));
}
