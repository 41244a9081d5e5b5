//! The Token Status Lists of an issuer, which the threads of a fetcher follow: those at URIs
//! that are named, and those that tokens name (docs/revocation.md).
//!
//! ```c
//! jot_slice uris[] = {JOT_TEXT("https://issuer/status/")};      // and all that is below
//! jot_status_places places = {.size = sizeof places, .uris = uris, .count = 1};
//! jot_remote_status_lists_new(fetcher, &places, keys, 1u << JOT_ES256, NULL, &lists, NULL);
//! jot_remote_status_lists_feed(lists, verifier);                // jot_policy_check_status
//!
//! code = jot_verifier_verify(verifier, token, now, scratch, &verdict);
//! if (code != JOT_ACCEPTED && (code = jot_remote_status_lists_retry(lists, code, 2000)) == JOT_ACCEPTED)
//!   code = jot_verifier_verify(verifier, token, now, scratch, &verdict);
//! ```

use std::mem::MaybeUninit;
use std::time::Duration;

use jot::capi::{
    Failure, Growable, ListHealth, ListOptions, Slice, Text, Verifier, algorithms, answer, boundary,
    explained, given, known_code, misuse, read, row, writable, write,
};
use jot::{Code, Error};

use super::fetcher::{Fetcher, told};
use super::remote_keys::RemoteKeys;
use crate::status_lists::RemoteStatusList;

/// The status lists of an issuer, followed until this is freed. Any number of threads may use
/// it.
pub struct RemoteStatusLists {
    inner: crate::status_lists::RemoteStatusLists,
}

/// Which status lists are followed.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct StatusPlaces {
    /// `sizeof(jot_status_places)`, set by the caller.
    pub size: usize,
    /// The URIs of lists, which are followed from the start; and URIs that end with `/`, below
    /// which a list is followed from the first token on that names it, once the token's
    /// signature has been verified.
    pub uris: *const Slice,
    /// How many URIs there are.
    pub count: usize,
    /// How many lists are followed at a time; 0 for 256. One more is
    /// `JOT_STATUS_LIST_UNKNOWN`, until another one was forgotten.
    pub most: u32,
    /// After how many seconds without a token that names it a list is forgotten, unless its
    /// own URI was given; 0 for 86400. It may be half as long.
    pub forget_after: u32,
}

// SAFETY: `repr(C)`, a `usize` first, integers and raw pointers behind it.
unsafe impl Growable for StatusPlaces {
    const LEAST: usize = size_of::<Self>();
}

impl StatusPlaces {
    const NONE: Self =
        Self { size: size_of::<Self>(), uris: std::ptr::null(), count: 0, most: 0, forget_after: 0 };

    fn parse(places: *const Self) -> Result<crate::status_places::StatusPlaces, Error> {
        let given = read(places, Self::NONE, "places")?;
        let uris = row(given.uris, given.count, "uris")?;
        let uris = uris.iter().map(|uri| uri.text("uris")).collect::<Result<Vec<&str>, Error>>()?;
        let mut made = crate::status_places::StatusPlaces::new(uris);
        if given.most != 0 {
            made = made.most(usize::try_from(given.most).unwrap_or(usize::MAX));
        }
        if given.forget_after != 0 {
            made = made.forget_after(given.forget_after);
        }
        Ok(made)
    }
}

/// Follows the status lists of an issuer. `keys` are those of the issuer of the lists; a list
/// counts if one of them signed it with one of `algs`: bit `alg` for each, as in
/// `1u << JOT_ES256`. `options` and `error` may be NULL.
///
/// The caller owns `*lists` and frees it with `jot_remote_status_lists_free`. Returns
/// `JOT_URL_REFUSED` unless the URIs are those of `https`; `JOT_ALGORITHMS_EMPTY`;
/// `JOT_THREADS_MISSING`; 15x. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_status_lists_new(
    fetcher: Option<&Fetcher>,
    places: *const StatusPlaces,
    keys: Option<&RemoteKeys>,
    algs: u32,
    options: *const ListOptions,
    lists: Option<&mut MaybeUninit<Option<Box<RemoteStatusLists>>>>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let lists = given(lists, "lists")?;
        let options = ListOptions::parse(options, ListOptions::MOST_STATUSES)?;
        let (fetcher, keys) = (given(fetcher, "fetcher")?, given(keys, "keys")?);
        let (places, algs) = (StatusPlaces::parse(places)?, algorithms(algs)?);
        let made = fetcher.inner.status_lists(places, &keys.inner, algs.iter(), options);
        lists.write(Some(Box::new(RemoteStatusLists { inner: made.map_err(told)? })));
        Ok(())
    })
}

/// Hands the lists to a verifier, now and whenever they change, and those that its tokens
/// name, until the verifier or the fetcher is freed. Its policy says whether they count. Until
/// a list was fetched and after its end, tokens that name it are `JOT_STATUS_LIST_NOT_YET` or
/// `JOT_STATUS_LIST_STALE`: 503, not 401.
///
/// Returns `JOT_STATUS_LISTS_FULL`; `JOT_THREADS_MISSING`; 15x. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_status_lists_feed(
    lists: Option<&RemoteStatusLists>,
    verifier: Option<&Verifier>,
) -> u32 {
    boundary(|| {
        let (lists, verifier) = (given(lists, "lists")?, given(verifier, "verifier")?);
        lists.inner.feed(&verifier.inner).map_err(told)
    })
}

/// Waits until every list that is followed is in force, no longer than this many
/// milliseconds.
///
/// Returns `JOT_STATUS_LIST_NOT_YET` or `JOT_STATUS_LIST_STALE` if one is not in time;
/// `JOT_THREADS_MISSING`; 15x. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_status_lists_wait(lists: Option<&RemoteStatusLists>, milliseconds: u32) -> u32 {
    boundary(|| {
        let longest = Duration::from_millis(milliseconds.into());
        given(lists, "lists")?.inner.wait(longest).map_err(told)
    })
}

/// Says what becomes of a token that was rejected with this code, because its list may be on
/// its way. With 0, verify it again; that verdict is final. Any other number is the code to
/// answer with.
///
/// With `JOT_STATUS_LIST_NOT_YET` it waits for the first answers of the lists that have had
/// none, no longer than this many milliseconds. With 0 milliseconds it only looks: the code
/// comes back if a list has had no answer, so that a wait may help. Every other code comes back
/// at once. Returns 15x for wrong arguments. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_status_lists_retry(
    lists: Option<&RemoteStatusLists>,
    code: u32,
    milliseconds: u32,
) -> u32 {
    boundary(|| {
        let lists = given(lists, "lists")?;
        let longest = Duration::from_millis(milliseconds.into());
        lists.inner.retry(known_code(code)?, longest).map_err(|code| misuse(code, ""))
    })
}

/// Starts the threads of this process, unless it has them: for a child of a `fork` that
/// only verifies. Returns `JOT_THREADS_MISSING`; 15x. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_status_lists_start(lists: Option<&RemoteStatusLists>) -> u32 {
    boundary(|| given(lists, "lists")?.inner.start().map_err(told))
}

/// Asks for a fetch of each list as soon as possible. Returns `JOT_THREADS_MISSING`; 15x. Any
/// thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_status_lists_refresh_now(lists: Option<&RemoteStatusLists>) -> u32 {
    boundary(|| given(lists, "lists")?.inner.refresh_now().map_err(told))
}

/// Writes the URIs of the lists that are followed, each on a line, in their order. Returns 15x
/// for wrong arguments. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_status_lists_uris(
    lists: Option<&RemoteStatusLists>,
    text: Option<&mut Text>,
) -> u32 {
    boundary(|| {
        let uris = given(lists, "lists")?.inner.uris();
        given(text, "text")?.set(&uris.into_iter().map(|uri| uri + "\n").collect::<String>());
        Ok(())
    })
}

fn one(lists: Option<&RemoteStatusLists>, uri: Slice) -> Result<RemoteStatusList, Error> {
    let found = given(lists, "lists")?.inner.list(uri.text("uri")?);
    found.ok_or_else(|| misuse(Code::StatusListUnknown, ""))
}

/// Describes how the list at this URI does. Returns `JOT_STATUS_LIST_UNKNOWN` if it is not
/// followed; 15x. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_status_lists_health(
    lists: Option<&RemoteStatusLists>,
    uri: Slice,
    health: *mut ListHealth,
) -> u32 {
    boundary(|| {
        writable(health, "health")?;
        write(health, ListHealth::from(one(lists, uri)?.health()), "health")
    })
}

/// Writes what was wrong with the last fetch of the list at this URI, in words; empty if it
/// succeeded. Returns `JOT_STATUS_LIST_UNKNOWN` if it is not followed; 15x. Any thread may
/// call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_status_lists_reason(
    lists: Option<&RemoteStatusLists>,
    uri: Slice,
    text: Option<&mut Text>,
) -> u32 {
    boundary(|| {
        given(text, "text")?.set(&one(lists, uri)?.reason().unwrap_or_default());
        Ok(())
    })
}

/// Returns how often a token named a list that could not be followed because there were as
/// many as there may be; 0 for NULL. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_status_lists_refused(lists: Option<&RemoteStatusLists>) -> u64 {
    answer(0, || lists.map_or(0, |lists| lists.inner.refused()))
}

/// Frees the lists; NULL is fine. Verifiers that were fed keep them, and have them followed
/// for as long as they and the fetcher live.
#[unsafe(no_mangle)]
pub extern "C" fn jot_remote_status_lists_free(lists: Option<Box<RemoteStatusLists>>) {
    answer((), || drop(lists));
}
