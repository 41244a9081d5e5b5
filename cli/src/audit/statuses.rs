//! The Token Status Lists by which tokens are judged, as they were when the tokens were used.
//!
//! A list says in its `iat` and `exp` of which time it speaks. Those that are known and speak
//! of a use are asked first; then the URL, for the list as it was then
//! (draft-ietf-oauth-status-list, "Historical Resolution").

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jot::lists::ListOptions;
use jot::{Claims, Code, Policy, Scratch, StatusList, UnixSeconds, Verifier};
use jot_fetch::{Fetcher, StatusPlaces};
use serde::Deserialize;

use super::args::AuditArgs;
use super::past::Trusted;
use crate::failure::{Failure, warn};
use crate::keys::{fetcher, longest};
use crate::status_file;

/// The most lists that a run fetches.
const MOST_FETCHES: usize = 1_000;

/// A list that could not be had this often is not asked for again.
const MOST_FAILURES: usize = 3;

/// The status that a token names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// None.
    Nothing,
    Entry {
        uri: Box<str>,
        index: u64,
    },
    Malformed,
}

impl Named {
    pub(super) fn of(claims: &Claims<'_>) -> Self {
        let Some(status) = claims.claim("status") else { return Self::Nothing };
        let Some(status) = status.as_object() else { return Self::Malformed };
        let Some(place) = status.member("status_list") else { return Self::Nothing };
        let entry = || {
            let place = place.as_object()?;
            let index = u64::try_from(place.member("idx")?.as_number()?.as_i64()?).ok()?;
            Some(Self::Entry { uri: place.member("uri")?.as_str()?.into(), index })
        };
        entry().unwrap_or(Self::Malformed)
    }
}

/// A list, and the time of which it speaks.
#[derive(Clone)]
struct Dated {
    list: Arc<StatusList>,
    from: i64,
    /// It does not speak of this second.
    until: i64,
}

/// The lists of an issuer, which are signed with its keys.
struct Issuer {
    name: Option<String>,
    judge: Arc<Verifier>,
    lists: BTreeMap<Box<str>, Vec<Dated>>,
    /// How often a list could not be had.
    failures: BTreeMap<Box<str>, usize>,
}

struct Known {
    issuers: Vec<Issuer>,
    fetches: usize,
    told: BTreeSet<String>,
}

/// The lists of a run.
pub(super) struct Statuses {
    known: Mutex<Known>,
    is_required: bool,
    places: StatusPlaces,
    client: Option<(Fetcher, ListOptions, Duration)>,
}

impl Statuses {
    /// Takes the lists of the command line; `None` if there are none.
    pub(super) fn of(args: &AuditArgs, trusted: &[Trusted]) -> Result<Option<Self>, Failure> {
        let asked = &args.status;
        if asked.status_list.is_empty() {
            return Ok(None);
        }
        let judge = |trusted: &Trusted| {
            let policy = Policy::status_list(args.rules.alg.iter().copied());
            let judge = Verifier::builder(policy).keys(Arc::clone(&trusted.keys)).build();
            let judge = Arc::new(judge.map_err(Failure::new)?);
            let (lists, failures) = (BTreeMap::new(), BTreeMap::new());
            Ok(Issuer { name: trusted.issuer.clone(), judge, lists, failures })
        };
        let mut issuers = trusted.iter().map(judge).collect::<Result<Vec<_>, Failure>>()?;
        let (urls, files): (Vec<&String>, Vec<_>) =
            asked.status_list.iter().partition(|place| status_file::is_url(place));
        for path in files {
            let text = status_file::read(Path::new(path)).map_err(|error| Failure::of(path, error))?;
            take(&mut issuers, &text).map_err(|error| Failure::of(path, error))?;
        }
        let connection = &asked.connection;
        let options = ListOptions::default().timeout(connection.timeout);
        let options = if connection.allow_loopback { options.allow_loopback() } else { options };
        let client = (!urls.is_empty()).then(|| fetcher(connection)).transpose()?;
        Ok(Some(Self {
            known: Mutex::new(Known { issuers, fetches: 0, told: BTreeSet::new() }),
            is_required: asked.require_status,
            places: StatusPlaces::new(urls),
            client: client.map(|fetcher| (fetcher, options, longest(connection))),
        }))
    }

    /// Returns the code of a token that is good otherwise, used at this time.
    pub(super) fn code(&self, issuer: Option<&str>, named: &Named, used_at: i64) -> Code {
        let (uri, index) = match named {
            Named::Nothing if self.is_required => return Code::StatusMissing,
            Named::Nothing => return Code::Accepted,
            Named::Malformed => return Code::StatusInvalid,
            Named::Entry { uri, index } => (uri, *index),
        };
        // Only one thread fetches: the others would ask for the same.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = &mut *known;
        let is_its = |one: &&mut Issuer| one.name.is_none() || one.name.as_deref() == issuer;
        let Some(found) = known.issuers.iter_mut().find(is_its) else { return Code::StatusListUnknown };
        if let Some(list) = found.list(uri, used_at) {
            return list.code(index);
        }
        match &self.client {
            Some((fetcher, options, longest)) if self.places.have(uri) => {
                let failures = found.failures.entry(uri.clone()).or_default();
                if *failures >= MOST_FAILURES || known.fetches >= MOST_FETCHES {
                    return Code::StatusListNotYet;
                }
                known.fetches = known.fetches.saturating_add(1);
                match fetch(fetcher, &found.judge, options, *longest, (uri, used_at)) {
                    Ok(dated) => {
                        *failures = 0;
                        let code = dated.list.code(index);
                        found.lists.entry(uri.clone()).or_default().push(dated);
                        code
                    }
                    Err(reason) => {
                        *failures = failures.saturating_add(1);
                        let reason = format!("as of {used_at}: {reason}");
                        if known.told.insert(format!("{uri}: {reason}")) {
                            warn(uri, reason);
                        }
                        Code::StatusListNotYet
                    }
                }
            }
            _ if found.lists.contains_key(uri) => Code::StatusListNotYet,
            _ => Code::StatusListUnknown,
        }
    }
}

impl Issuer {
    /// The newest list that speaks of this time.
    fn list(&self, uri: &str, at: i64) -> Option<&StatusList> {
        let lists = self.lists.get(uri)?.iter().filter(|one| one.from <= at && at < one.until);
        lists.max_by_key(|one| one.from).map(|one| &*one.list)
    }
}

#[derive(Deserialize)]
struct Dates {
    iat: serde_json::Number,
}

/// Takes a signed list that was kept, of whichever issuer it is, as of when it was made.
fn take(issuers: &mut [Issuer], token: &[u8]) -> Result<(), String> {
    let payload = token.split(|byte| *byte == b'.').nth(1).ok_or("no signed list")?;
    let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| "no signed list")?;
    let Dates { iat } = serde_json::from_slice(&payload).map_err(|_| "the list has no iat")?;
    let made = iat.as_f64().map(|iat| iat as i64).ok_or("the list has no iat")?;
    let mut refused = None;
    for issuer in issuers {
        let mut scratch = Scratch::new();
        match issuer.judge.verify(token, UnixSeconds(made), &mut scratch) {
            Ok(verified) => {
                let claims = verified.claims();
                let list = StatusList::from_claims(&claims, status_file::MOST_ENTRIES);
                let list = Arc::new(list.map_err(|error| error.to_string())?);
                let until = claims.expires_at().map_or(i64::MAX, |end| end.floor().0);
                let dated = Dated { from: made, until, list };
                issuer.lists.entry(dated.list.uri().into()).or_default().push(dated);
                return Ok(());
            }
            Err(rejection) => refused = Some(rejection.to_string()),
        }
    }
    Err(refused.unwrap_or_else(|| "there are no keys".to_owned()))
}

/// Fetches a list as it was.
fn fetch(
    fetcher: &Fetcher,
    judge: &Arc<Verifier>,
    options: &ListOptions,
    longest: Duration,
    (uri, at): (&str, i64),
) -> Result<Dated, String> {
    let options = options.clone().as_of(UnixSeconds(at));
    let lists = fetcher.status_lists_with(StatusPlaces::new([uri]), Arc::clone(judge), options);
    let lists = lists.map_err(|error| error.to_string())?;
    let remote = lists.list(uri).ok_or("it is not followed")?;
    let (_, list) = remote.wait_for_fetch(0, longest).ok_or("there was no answer in time")?;
    let list = list.map_err(|error| error.to_string())?;
    let health = remote.health();
    let from = health.issued_at.map_or(at, |UnixSeconds(made)| made);
    // Without an exp nobody knows for how long after the use it was true.
    let until = health.expires_at.map_or(at.saturating_add(1), |UnixSeconds(end)| end);
    Ok(Dated { list, from, until })
}
