//! A `jot_keeper` follows the keys that an issuer publishes at a URL, without a thread,
//! a clock or a socket of its own: an event loop makes its requests. `jot_fetch.h` has a
//! thread that does all of this.
//!
//! ```c
//! jot_request request = {.size = sizeof request};
//! jot_keeper_poll(keeper, now, &request);
//! if (request.ticket == 0) …              // sleep until request.until
//! else …                                  // GET request.url, and when it ends:
//! jot_keeper_answer(keeper, ticket, &reply, now, &change, &error);
//! if (change == JOT_CHANGE_KEYS) …        // jot_keeper_keys, jot_verifier_replace_keys
//! ```

use std::mem::MaybeUninit;
use std::sync::Arc;

use super::boundary::{Growable, answer, boundary, given, misuse, write};
use super::failure::{Failure, explained};
use super::keeper_options::KeeperOptions;
use super::keys::KeySet;
use super::slice::Slice;
use super::text::Text;
use crate::error::{Code, Error};
use crate::jwks::UnknownKid;
use crate::time::UnixSeconds;

/// The keys of one issuer, and when to fetch them. One thread at a time may use it.
pub struct Keeper {
    pub(super) inner: crate::jwks::Keeper,
}

/// How many fetches unknown `kid`s may cause in any window of time, over all keepers that
/// share it. One thread at a time may use it.
pub struct Budget {
    inner: crate::jwks::Budget,
}

/// How the keys of an issuer do, for logs and metrics. Instants are `INT64_MIN` for none.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Health {
    /// `sizeof(jot_health)`, set by the caller.
    pub size: usize,
    /// When the keys were fetched or confirmed last.
    pub last_success: i64,
    /// Until when the keys are fresh.
    pub fresh_until: i64,
    /// When the next fetch is due, or the one under way is given up.
    pub next_fetch: i64,
    /// The code of what was wrong with the last fetch; 0 if it succeeded.
    pub error: u32,
    /// How many fetches failed since the last success.
    pub failures: u32,
    /// How many requests were asked for.
    pub fetches: u64,
    /// How many answers brought or confirmed keys.
    pub successes: u64,
    /// How often an unknown `kid` was refused without a fetch.
    pub refused: u64,
    /// How many keys are in force.
    pub keys: usize,
}

// SAFETY: `repr(C)`, a `usize` first, integers behind it.
unsafe impl Growable for Health {
    const LEAST: usize = size_of::<Self>();
}

impl From<crate::jwks::Health> for Health {
    fn from(health: crate::jwks::Health) -> Self {
        let instant = |instant: Option<UnixSeconds>| instant.map_or(i64::MIN, |instant| instant.0);
        Self {
            size: size_of::<Self>(),
            last_success: instant(health.last_success),
            fresh_until: instant(health.fresh_until),
            next_fetch: health.next_fetch.0,
            error: health.error.map_or(0, |error| error.code().number()),
            failures: health.failures,
            fetches: health.fetches,
            successes: health.successes,
            refused: health.refused,
            keys: health.keys,
        }
    }
}

fn new(
    keeper: Option<&mut MaybeUninit<Option<Box<Keeper>>>>,
    error: *mut Failure,
    make: impl FnOnce() -> Result<crate::jwks::Keeper, Error>,
) -> u32 {
    explained(error, || {
        let keeper = given(keeper, "keeper")?;
        keeper.write(Some(Box::new(Keeper { inner: make()? })));
        Ok(())
    })
}

/// Follows the keys at a URL: a JWK Set, a JWK, PEM, or an object of PEM by `kid`. `seed`
/// is any number that differs between processes, so that they do not all ask at the same
/// time. `options` and `error` may be NULL.
///
/// The caller owns `*keeper` and frees it with `jot_keeper_free`. Returns
/// `JOT_URL_REFUSED` unless the URL is one of `https`; 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_keeper_new(
    url: Slice,
    options: *const KeeperOptions,
    seed: u64,
    keeper: Option<&mut MaybeUninit<Option<Box<Keeper>>>>,
    error: *mut Failure,
) -> u32 {
    new(keeper, error, || {
        crate::jwks::Keeper::of_keys(url.text("url")?, KeeperOptions::parse(options)?, seed)
    })
}

/// Follows the keys that an issuer's OpenID configuration names (OpenID Connect Discovery
/// 1.0 §4). `issuer` is the `iss` of its tokens. Otherwise it works like `jot_keeper_new`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_keeper_new_issuer(
    issuer: Slice,
    options: *const KeeperOptions,
    seed: u64,
    keeper: Option<&mut MaybeUninit<Option<Box<Keeper>>>>,
    error: *mut Failure,
) -> u32 {
    new(keeper, error, || {
        crate::jwks::Keeper::of_issuer(issuer.text("issuer")?, KeeperOptions::parse(options)?, seed)
    })
}

/// Follows the keys that an authorization server's metadata name (RFC 8414 §3). Otherwise
/// it works like `jot_keeper_new_issuer`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_keeper_new_authorization_server(
    issuer: Slice,
    options: *const KeeperOptions,
    seed: u64,
    keeper: Option<&mut MaybeUninit<Option<Box<Keeper>>>>,
    error: *mut Failure,
) -> u32 {
    new(keeper, error, || {
        let options = KeeperOptions::parse(options)?;
        crate::jwks::Keeper::of_authorization_server(issuer.text("issuer")?, options, seed)
    })
}

/// Returns the keys to verify with at this instant, as a set that cannot be changed. Where
/// there are none, it is an empty set for `jot_verifier_builder_issuer` and
/// `jot_verifier_replace_keys`, with which tokens are `JOT_KEYS_NOT_YET` or
/// `JOT_KEYS_STALE`: 503, not 401.
///
/// The caller owns `*set` and frees it with `jot_key_set_free`. Returns 15x for wrong
/// arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_keeper_keys(
    keeper: Option<&Keeper>,
    now: i64,
    set: Option<&mut MaybeUninit<Option<Box<KeySet>>>>,
) -> u32 {
    boundary(|| {
        let inner = given(keeper, "keeper")?.inner.set(UnixSeconds(now));
        given(set, "set")?.write(Some(Box::new(KeySet { inner })));
        Ok(())
    })
}

/// Makes a budget of this many fetches in any window of this many seconds. The caller
/// owns it and frees it with `jot_budget_free`. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_budget_new(fetches: u32, seconds: u32) -> Option<Box<Budget>> {
    answer(None, || {
        let fetches = u16::try_from(fetches).unwrap_or(u16::MAX);
        Some(Box::new(Budget { inner: crate::jwks::Budget::new(fetches, seconds) }))
    })
}

/// Frees a budget; NULL is fine.
#[unsafe(no_mangle)]
pub extern "C" fn jot_budget_free(budget: Option<Box<Budget>>) {
    answer((), || drop(budget));
}

/// Says what to do about a token that is `JOT_KID_UNKNOWN`: its issuer may have published
/// a new key. `*pending` becomes 1 if a fetch is due or under way: poll, and verify the
/// token again after the answer; if the fetch fails, the answer is 503. It becomes 0 if
/// the token is refused: it was fetched a short while ago, or the budget is spent.
///
/// Returns 15x for wrong arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_keeper_unknown_kid(
    keeper: Option<&mut Keeper>,
    budget: Option<&mut Budget>,
    now: i64,
    pending: Option<&mut MaybeUninit<u32>>,
) -> u32 {
    boundary(|| {
        let (keeper, budget) = (given(keeper, "keeper")?, given(budget, "budget")?);
        let pending = given(pending, "pending")?;
        let asked = keeper.inner.unknown_kid(&mut budget.inner, UnixSeconds(now));
        pending.write(u32::from(asked == UnknownKid::Pending));
        Ok(())
    })
}

/// Asks for a fetch as soon as possible, whatever the cool-down says: for operators, not
/// for requests. Returns 15x for wrong arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_keeper_refresh_now(keeper: Option<&mut Keeper>, now: i64) -> u32 {
    boundary(|| {
        given(keeper, "keeper")?.inner.refresh_now(UnixSeconds(now));
        Ok(())
    })
}

/// Takes another seed, and plans the next fetch anew: for the child of a `fork`, whose copy
/// of a keeper would otherwise fetch whenever its parent and siblings do. Returns 15x for
/// wrong arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_keeper_reseed(keeper: Option<&mut Keeper>, seed: u64) -> u32 {
    boundary(|| {
        given(keeper, "keeper")?.inner.reseed(seed);
        Ok(())
    })
}

/// Describes how the keys do. Returns 15x for wrong arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_keeper_health(keeper: Option<&Keeper>, health: *mut Health) -> u32 {
    boundary(|| write(health, Health::from(given(keeper, "keeper")?.inner.health()), "health"))
}

/// Returns how many key sets there were so far, one for each change: what an audit of the past
/// needs. 0 for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn jot_keeper_snapshots(keeper: Option<&Keeper>) -> usize {
    answer(0, || keeper.map_or(0, |keeper| keeper.inner.snapshots().len()))
}

/// Returns the key set with this number, counted from 0 for the oldest, and since when it was
/// seen in `*since`. Only as many keys are remembered as the options say.
///
/// The caller owns `*set` and frees it with `jot_key_set_free`; `jotctl audit` reads the JWK
/// Set of `jot_key_set_to_jwks` from a file that is named by the instant. Returns
/// `JOT_ARGUMENT_VALUE` if there is no such set; 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_keeper_snapshot(
    keeper: Option<&Keeper>,
    number: usize,
    since: Option<&mut MaybeUninit<i64>>,
    set: Option<&mut MaybeUninit<Option<Box<KeySet>>>>,
) -> u32 {
    boundary(|| snapshot(&given(keeper, "keeper")?.inner, number, since, set))
}

/// Hands out one of the key sets that there were.
///
/// # Errors
/// Those of wrong arguments.
pub fn snapshot(
    keeper: &crate::jwks::Keeper,
    number: usize,
    since: Option<&mut MaybeUninit<i64>>,
    set: Option<&mut MaybeUninit<Option<Box<KeySet>>>>,
) -> Result<(), Error> {
    let (since, set) = (given(since, "since")?, given(set, "set")?);
    let found = keeper.snapshots().into_iter().nth(number);
    let (UnixSeconds(at), keys) = found.ok_or_else(|| misuse(Code::ArgumentValue, "number"))?;
    since.write(at);
    set.write(Some(Box::new(KeySet { inner: Arc::new(keys) })));
    Ok(())
}

/// Writes what is known as JSON, for the next start: the keys, since when, and those that
/// were seen before. Keep it where nobody else can write. Returns 15x for wrong arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_keeper_save(keeper: Option<&Keeper>, text: Option<&mut Text>) -> u32 {
    boundary(|| {
        given(text, "text")?.set(&given(keeper, "keeper")?.inner.save());
        Ok(())
    })
}

/// Goes on from what another process saved. The first fetch is due at once all the same;
/// until it ends, the keys may be used for as long as they could have been then. `error`
/// may be NULL.
///
/// Returns `JOT_SAVED_KEYS_INVALID`, also for the text of a keeper of another URL; 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_keeper_restore(keeper: Option<&mut Keeper>, saved: Slice, error: *mut Failure) -> u32 {
    explained(error, || {
        let keeper = given(keeper, "keeper")?;
        let saved = saved.bytes("saved")?;
        let saved = std::str::from_utf8(saved).map_err(|_| Error::new(Code::SavedKeysInvalid))?;
        keeper.inner.restore(saved).map(drop)
    })
}

/// Frees a keeper; NULL is fine. Key sets that it handed out stay valid.
#[unsafe(no_mangle)]
pub extern "C" fn jot_keeper_free(keeper: Option<Box<Keeper>>) {
    answer((), || drop(keeper));
}
