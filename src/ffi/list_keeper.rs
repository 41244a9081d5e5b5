//! A `jot_list_keeper` follows a list that an issuer serves as a signed JWT, its revocations
//! or a Token Status List (docs/revocation.md), without a thread, a clock or a socket of its
//! own. Its requests and their outcomes are those of `jot_keeper`. `jot_fetch.h` has a thread
//! that does all of this.
//!
//! ```c
//! jot_list_keeper_feed(keeper, verifier, now);   // at the start, after each answer and sleep
//! jot_list_keeper_poll(keeper, now, &request);
//! if (request.ticket == 0) …                     // sleep until request.until
//! else …                                         // GET request.url, Accept: request.accept
//! jot_list_keeper_answer(keeper, ticket, &reply, now, &change, &error);
//! ```

use std::mem::MaybeUninit;
use std::sync::Arc;

use super::boundary::{Growable, answer, boundary, given, misuse, read, write};
use super::failure::{Failure, explained};
use super::slice::Slice;
use super::text::Text;
use super::verifier::Verifier;
use crate::error::{Code, Error};
use crate::revocation::Revocations;
use crate::status::StatusList;
use crate::time::UnixSeconds;

/// A list at a URL, and when to fetch it. One thread at a time may use it.
pub struct ListKeeper {
    pub(super) inner: Kind,
}

pub(super) enum Kind {
    Revocations(crate::lists::ListKeeper<Revocations>),
    Statuses(crate::lists::ListKeeper<StatusList>),
}

/// Does the same with a keeper of either kind.
macro_rules! each {
    ($keeper:expr, $inner:ident => $does:expr) => {
        match $keeper {
            Kind::Revocations($inner) => $does,
            Kind::Statuses($inner) => $does,
        }
    };
}

pub(super) use each;

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
    /// tokens are rejected with `JOT_REVOCATIONS_STALE` or `JOT_STATUS_LIST_STALE`.
    /// `JOT_NONE` for ever.
    pub serve_stale_for: u32,
    /// How long a whole fetch may take; 0 for 5.
    pub timeout: u32,
    /// The most entries that a list may have; 0 for 100000, and for 16777216 in a status
    /// list.
    pub most_entries: u32,
    /// `JOT_START_WITHOUT_LIST` and `JOT_LIST_ALLOW_LOOPBACK`, or-ed together; or 0.
    pub flags: u32,
    /// 0.
    pub reserved: u32,
    /// The longest answer in bytes; 0 for 8388608.
    pub most_bytes: usize,
}

/// Lets tokens pass before the first list was fetched. By default they are rejected with
/// `JOT_REVOCATIONS_NOT_YET` or `JOT_STATUS_LIST_NOT_YET`.
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

    /// How many revocations a list may have by default.
    pub const MOST_REVOCATIONS: usize = 100_000;

    /// How many entries a status list may have by default.
    pub const MOST_STATUSES: usize = 1 << 24;

    /// Reads the options; the defaults for NULL.
    ///
    /// # Errors
    /// Those of wrong arguments.
    pub fn parse(options: *const Self, most_entries: usize) -> Result<crate::lists::ListOptions, Error> {
        let given = if options.is_null() { Self::DEFAULT } else { read(options, Self::DEFAULT, "options")? };
        if given.flags & !(JOT_START_WITHOUT_LIST | JOT_LIST_ALLOW_LOOPBACK) != 0 {
            return Err(misuse(Code::ArgumentValue, "flags"));
        }
        let or = |value: u32, default: u32| if value == 0 { default } else { value };
        let most_bytes = if given.most_bytes == 0 { 8 << 20 } else { given.most_bytes };
        let most_entries = match given.most_entries {
            0 => most_entries,
            most => usize::try_from(most).unwrap_or(usize::MAX),
        };
        let mut made = crate::lists::ListOptions::default()
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

impl From<crate::lists::ListHealth> for ListHealth {
    fn from(health: crate::lists::ListHealth) -> Self {
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

fn new(
    keeper: Option<&mut MaybeUninit<Option<Box<ListKeeper>>>>,
    error: *mut Failure,
    make: impl FnOnce() -> Result<Kind, Error>,
) -> u32 {
    explained(error, || {
        let keeper = given(keeper, "keeper")?;
        keeper.write(Some(Box::new(ListKeeper { inner: make()? })));
        Ok(())
    })
}

/// Follows the revocations at a URL. `lists` says which lists count: build it from
/// `jot_policy_new_revocation_list` with the keys of the issuer, and replace its keys when
/// those of the issuer change. It may be freed before the keeper. `seed` is any number that
/// differs between processes, so that they do not all ask at the same time. `options` and
/// `error` may be NULL.
///
/// The caller owns `*keeper` and frees it with `jot_list_keeper_free`. Returns
/// `JOT_URL_REFUSED` unless the URL is one of `https`; 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_list_keeper_new_revocations(
    url: Slice,
    lists: Option<&Verifier>,
    options: *const ListOptions,
    seed: u64,
    keeper: Option<&mut MaybeUninit<Option<Box<ListKeeper>>>>,
    error: *mut Failure,
) -> u32 {
    new(keeper, error, || {
        let options = ListOptions::parse(options, ListOptions::MOST_REVOCATIONS)?;
        let lists = Arc::clone(&given(lists, "lists")?.inner);
        Ok(Kind::Revocations(crate::lists::ListKeeper::new(url.text("url")?, lists, options, seed)?))
    })
}

/// Follows the status list at a URI. Build `lists` from `jot_policy_new_status_list`.
/// Otherwise it works like `jot_list_keeper_new_revocations`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_list_keeper_new_status_list(
    uri: Slice,
    lists: Option<&Verifier>,
    options: *const ListOptions,
    seed: u64,
    keeper: Option<&mut MaybeUninit<Option<Box<ListKeeper>>>>,
    error: *mut Failure,
) -> u32 {
    new(keeper, error, || {
        let options = ListOptions::parse(options, ListOptions::MOST_STATUSES)?;
        let lists = Arc::clone(&given(lists, "lists")?.inner);
        Ok(Kind::Statuses(crate::lists::ListKeeper::new(uri.text("uri")?, lists, options, seed)?))
    })
}

/// Gives a verifier what it is to have at this instant: the list, or what stands in its place
/// while there is none, with which tokens are `JOT_REVOCATIONS_NOT_YET` or
/// `JOT_REVOCATIONS_STALE`, or `JOT_STATUS_LIST_NOT_YET` or `JOT_STATUS_LIST_STALE`: 503.
///
/// Returns `JOT_STATUS_LISTS_FULL` if the verifier has too many other status lists; 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_list_keeper_feed(
    keeper: Option<&ListKeeper>,
    verifier: Option<&Verifier>,
    now: i64,
) -> u32 {
    boundary(|| {
        let (keeper, verifier) = (given(keeper, "keeper")?, given(verifier, "verifier")?);
        each!(&keeper.inner, inner => inner.feed(&verifier.inner, UnixSeconds(now)))
    })
}

/// Asks for a fetch as soon as possible. Returns 15x for wrong arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_list_keeper_refresh_now(keeper: Option<&mut ListKeeper>, now: i64) -> u32 {
    boundary(|| {
        each!(&mut given(keeper, "keeper")?.inner, inner => inner.refresh_now(UnixSeconds(now)));
        Ok(())
    })
}

/// Takes another seed, and plans the next fetch anew; see `jot_keeper_reseed`. Returns 15x
/// for wrong arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_list_keeper_reseed(keeper: Option<&mut ListKeeper>, seed: u64) -> u32 {
    boundary(|| {
        each!(&mut given(keeper, "keeper")?.inner, inner => inner.reseed(seed));
        Ok(())
    })
}

/// Describes how the list does. Returns 15x for wrong arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_list_keeper_health(keeper: Option<&ListKeeper>, health: *mut ListHealth) -> u32 {
    boundary(|| {
        let found = each!(&given(keeper, "keeper")?.inner, inner => inner.health());
        write(health, ListHealth::from(found), "health")
    })
}

/// Writes the JWT of the list in force, for the next start; empty if there is none. Its
/// signature protects it. Returns 15x for wrong arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_list_keeper_save(keeper: Option<&ListKeeper>, text: Option<&mut Text>) -> u32 {
    boundary(|| {
        let token = each!(&given(keeper, "keeper")?.inner, inner => inner.token());
        given(text, "text")?.set_bytes(token.unwrap_or_default());
        Ok(())
    })
}

/// Goes on with what another process saved, until the first fetch ends, which is due at once
/// all the same. Returns why the list is rejected, as if it were a token; 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_list_keeper_restore(keeper: Option<&mut ListKeeper>, saved: Slice, now: i64) -> u32 {
    boundary(|| {
        let (keeper, saved) = (given(keeper, "keeper")?, saved.bytes("saved")?);
        each!(&mut keeper.inner, inner => inner.restore(saved, UnixSeconds(now)).map(drop))
    })
}

/// Frees a keeper; NULL is fine. Verifiers keep the list that they have.
#[unsafe(no_mangle)]
pub extern "C" fn jot_list_keeper_free(keeper: Option<Box<ListKeeper>>) {
    answer((), || drop(keeper));
}
