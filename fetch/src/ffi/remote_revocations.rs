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

use jot::UnixSeconds;
use jot::capi::{
    Failure, Growable, Revocations, Slice, Text, Verifier, algorithms, answer, boundary, explained, given,
    misuse, read, write,
};
use jot::{Code, Error};

use super::fetcher::{Fetcher, told};
use super::remote_keys::RemoteKeys;

/// A list of revocations, followed until this is freed. Any number of threads may use it.
pub struct RemoteRevocations {
    inner: crate::revocations::RemoteRevocations,
}

/// How a list is followed. Times are in seconds. All zero except `size` is the default,
/// which fails closed.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ListOptions {
    /// `sizeof(jot_list_options)`, set by the caller.
    pub size: usize,
    /// After what time a list is fetched again that does not say so itself; 0 for 60.
    pub poll: u32,
    /// The least time that a list may say; 0 for 5.
    pub least_poll: u32,
    /// The longest time that a list may say; 0 for 3600.
    pub most_poll: u32,
    /// How long the last list stays in use after its `exp` if no other can be had. Then
    /// tokens are rejected with `JOT_REVOCATIONS_STALE`. `JOT_NONE` for ever.
    pub serve_stale_for: u32,
    /// How long a whole fetch may take; 0 for 5.
    pub timeout: u32,
    /// The most entries that a list may have; 0 for 100000.
    pub most_entries: u32,
    /// `JOT_START_WITHOUT_LIST` and `JOT_LIST_ALLOW_LOOPBACK`, or-ed together; or 0.
    pub flags: u32,
    /// 0.
    pub reserved: u32,
    /// The longest answer in bytes; 0 for 8388608.
    pub most_bytes: usize,
}

/// Lets tokens pass before the first list was fetched. By default they are rejected with
/// `JOT_REVOCATIONS_NOT_YET`.
pub const JOT_START_WITHOUT_LIST: u32 = 1;

/// Allows `http` to this machine, for tests and for proxies beside the program.
pub const JOT_LIST_ALLOW_LOOPBACK: u32 = 2;

/// How a list does, for logs and metrics. Instants are `INT64_MIN` for none.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ListHealth {
    /// `sizeof(jot_list_health)`, set by the caller.
    pub size: usize,
    /// When the list was fetched or confirmed last.
    pub last_success: i64,
    /// When the list in force was made, its `iat`.
    pub issued_at: i64,
    /// The `exp` of the list in force.
    pub expires_at: i64,
    /// When the next fetch is due, or the one under way is given up.
    pub next_fetch: i64,
    /// The code of what was wrong with the last fetch or its list; 0 if it succeeded.
    pub error: u32,
    /// How many fetches failed since the last success.
    pub failures: u32,
    /// How many requests were asked for.
    pub fetches: u64,
    /// How many answers brought or confirmed a list.
    pub successes: u64,
    /// How many entries the list in force has.
    pub entries: usize,
}

// SAFETY: `repr(C)`, a `usize` first, integers behind it.
unsafe impl Growable for ListOptions {
    const LEAST: usize = size_of::<Self>();
}

// SAFETY: `repr(C)`, a `usize` first, integers behind it.
unsafe impl Growable for ListHealth {
    const LEAST: usize = size_of::<Self>();
}

impl ListOptions {
    const DEFAULT: Self = Self {
        size: size_of::<Self>(),
        poll: 0,
        least_poll: 0,
        most_poll: 0,
        serve_stale_for: 0,
        timeout: 0,
        most_entries: 0,
        flags: 0,
        reserved: 0,
        most_bytes: 0,
    };

    fn parse(options: *const Self) -> Result<jot::lists::ListOptions, Error> {
        let given = if options.is_null() { Self::DEFAULT } else { read(options, Self::DEFAULT, "options")? };
        if given.flags & !(JOT_START_WITHOUT_LIST | JOT_LIST_ALLOW_LOOPBACK) != 0 {
            return Err(misuse(Code::ArgumentValue, "flags"));
        }
        let or = |value: u32, default: u32| if value == 0 { default } else { value };
        let most_bytes = if given.most_bytes == 0 { 8 << 20 } else { given.most_bytes };
        let most_entries = usize::try_from(or(given.most_entries, 100_000)).unwrap_or(usize::MAX);
        let mut made = jot::lists::ListOptions::default()
            .poll_every(or(given.poll, 60), or(given.least_poll, 5), or(given.most_poll, 3_600))
            .serve_stale_for((given.serve_stale_for != u32::MAX).then_some(given.serve_stale_for))
            .timeout(or(given.timeout, 5))
            .limits(most_bytes, most_entries);
        if given.flags & JOT_START_WITHOUT_LIST != 0 {
            made = made.start_without();
        }
        if given.flags & JOT_LIST_ALLOW_LOOPBACK != 0 {
            made = made.allow_loopback();
        }
        Ok(made)
    }
}

impl From<jot::lists::ListHealth> for ListHealth {
    fn from(health: jot::lists::ListHealth) -> Self {
        let instant = |instant: Option<UnixSeconds>| instant.map_or(i64::MIN, |instant| instant.0);
        Self {
            size: size_of::<Self>(),
            last_success: instant(health.last_success),
            issued_at: instant(health.issued_at),
            expires_at: instant(health.expires_at),
            next_fetch: health.next_fetch.0,
            error: health.error.map_or(0, |error| error.code().number()),
            failures: health.failures,
            fetches: health.fetches,
            successes: health.successes,
            entries: health.entries,
        }
    }
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
        let options = ListOptions::parse(options)?;
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
