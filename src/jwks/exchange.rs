//! What a keeper and the code that fetches for it tell each other.

use std::sync::Arc;

use super::freshness::Field;
use crate::error::Error;
use crate::key::KeySet;
use crate::time::UnixSeconds;

/// What to do next.
///
/// ```
/// # use jot::UnixSeconds;
/// # use jot::jwks::{Answer, Change, Keeper, KeeperOptions, Poll};
/// # let mut keeper = Keeper::of_keys("https://issuer.example/jwks", KeeperOptions::default(), 1)?;
/// # let now = UnixSeconds(1_800_000_000);
/// match keeper.poll(now) {
///     Poll::Fetch(request) => println!("GET {}", request.url),
///     Poll::Sleep(until) => println!("nothing to do until {until}"),
/// }
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Debug)]
pub enum Poll<'k> {
    /// Make this request and hand its outcome to [`Keeper::answer`](super::Keeper::answer).
    Fetch(Request<'k>),
    /// Nothing until this instant, or until an unknown `kid` asks for a fetch.
    Sleep(UnixSeconds),
}

/// A GET request.
///
/// ```
/// # use jot::UnixSeconds;
/// # use jot::jwks::{Answer, Change, Keeper, KeeperOptions, Poll};
/// # let mut keeper = Keeper::of_keys("https://issuer.example/jwks", KeeperOptions::default(), 1)?;
/// # let now = UnixSeconds(1_800_000_000);
/// let Poll::Fetch(request) = keeper.poll(now) else { unreachable!() };
/// assert_eq!(request.url, "https://issuer.example/jwks");
/// assert_eq!(request.etag, None); // nothing was fetched before
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Request<'k> {
    /// What the answer belongs to.
    pub ticket: Ticket,
    /// An absolute URL.
    pub url: &'k str,
    /// The value of `Accept`: what the answer should be.
    pub accept: &'static str,
    /// The value of `If-None-Match`, if the request must have one.
    pub etag: Option<&'k str>,
    /// The value of `If-Modified-Since`, if the request must have one.
    pub last_modified: Option<&'k str>,
    /// The seconds after which the caller gives up the whole request.
    pub timeout: u32,
    /// The bytes after which the body need not be read any further.
    pub most_bytes: usize,
}

/// Identifies a request, so that a late answer is not used for another request.
///
/// ```
/// # use jot::UnixSeconds;
/// # use jot::jwks::{Answer, Change, Keeper, KeeperOptions, Poll};
/// # let mut keeper = Keeper::of_keys("https://issuer.example/jwks", KeeperOptions::default(), 1)?;
/// # let now = UnixSeconds(1_800_000_000);
/// let Poll::Fetch(request) = keeper.poll(now) else { unreachable!() };
/// let ticket = request.ticket; // goes with the request, and comes back with its answer
/// assert!(matches!(keeper.answer(ticket, Answer::TimedOut, now), Change::Failed(_)));
/// assert!(matches!(keeper.answer(ticket, Answer::TimedOut, now), Change::Late));
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    pub(super) what: What,
    pub(super) number: u64,
}

/// Tickets of what has no metadata.
impl Ticket {
    pub(crate) const fn of_list(number: u64) -> Self {
        Self { what: What::Keys, number }
    }

    pub(crate) const fn is_of(self) -> u64 {
        self.number
    }
}

/// Tickets for C.
#[cfg(feature = "capi")]
impl Ticket {
    /// Writes the ticket as a number, which is never 0.
    pub(crate) const fn number(self) -> u64 {
        self.number.wrapping_shl(1) | matches!(self.what, What::Keys) as u64
    }

    /// Reads a number; one that was never written is that of a late answer.
    pub(crate) const fn of_number(number: u64) -> Self {
        let what = if number & 1 == 1 { What::Keys } else { What::Metadata };
        Self { what, number: number.wrapping_shr(1) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Metadata,
    Keys,
}

/// How a fetch ended.
///
/// ```
/// # use jot::UnixSeconds;
/// # use jot::jwks::{Answer, Change, Keeper, KeeperOptions, Poll};
/// # let mut keeper = Keeper::of_keys("https://issuer.example/jwks", KeeperOptions::default(), 1)?;
/// # let now = UnixSeconds(1_800_000_000);
/// let Poll::Fetch(request) = keeper.poll(now) else { unreachable!() };
/// let ticket = request.ticket;
/// let answer = Answer::Response { status: 500, fields: &[("Retry-After", "120")], body: b"" };
/// assert!(matches!(keeper.answer(ticket, answer, now), Change::Failed(_)));
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Answer<'a> {
    /// With a response. Do not follow redirects. A body that is longer than the request
    /// allows may be cut after one byte more than that length.
    Response {
        /// The status code.
        status: u16,
        /// The header fields.
        fields: &'a [Field<'a>],
        /// The body, decoded from what Content-Encoding says.
        body: &'a [u8],
    },
    /// Without one: no address, no connection, no valid certificate, cut off.
    Failed,
    /// It was given up after the request's time.
    TimedOut,
}

/// What an answer changed.
///
/// ```
/// # use jot::UnixSeconds;
/// # use jot::jwks::{Answer, Change, Keeper, KeeperOptions, Poll};
/// # let mut keeper = Keeper::of_keys("https://issuer.example/jwks", KeeperOptions::default(), 1)?;
/// # let now = UnixSeconds(1_800_000_000);
/// # let Poll::Fetch(request) = keeper.poll(now) else { unreachable!() };
/// # let (ticket, answer) = (request.ticket, Answer::Failed);
/// match keeper.answer(ticket, answer, now) {
///     Change::Keys(keys) => println!("{} keys for the verifiers", keys.len()),
///     Change::Failed(error) => println!("{error}"),
///     _ => {}
/// }
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Debug)]
pub enum Change {
    /// Other keys are in force: hand them to the verifiers.
    Keys(Arc<KeySet>),
    /// The keys in force were confirmed.
    Confirmed,
    /// The keys are at another URL; the next fetch is due now.
    Elsewhere,
    /// Nothing: the keys stay for as long as they may be used.
    Failed(Error),
    /// Nothing: the fetch was given up before.
    Late,
}

/// The answer to a token whose `kid` no key has.
///
/// ```
/// # use jot::UnixSeconds;
/// # use jot::jwks::{Answer, Change, Keeper, KeeperOptions, Poll};
/// # let mut keeper = Keeper::of_keys("https://issuer.example/jwks", KeeperOptions::default(), 1)?;
/// # let now = UnixSeconds(1_800_000_000);
/// use jot::jwks::{Budget, UnknownKid};
///
/// let mut budget = Budget::default(); // one for all issuers
/// assert_eq!(keeper.unknown_kid(&mut budget, now), UnknownKid::Pending); // hold the token
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownKid {
    /// A fetch is due or under way. The caller may wait for its end and then verify the
    /// token again. If the fetch fails, the token cannot be decided (503).
    Pending,
    /// It was fetched a short while ago: the token is refused.
    Refused,
}
