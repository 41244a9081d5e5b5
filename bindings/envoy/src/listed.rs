//! A signed list: revocations or a status list, and what it is judged with.

use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use jot::jwks::{Answer, Poll, Ticket};
use jot::lists::{ListChange, ListKeeper, ListOptions, SignedList};
use jot::{AlgSet, Code, Error, KeySet, Policy, UnixSeconds, Verifier};

use crate::config::{ListConfig, ProviderConfig};
use crate::gauge::Health;
use crate::remote;
use crate::target::{ListKind, ListTarget};

/// The most seconds between two fetches, whatever a list says.
const MOST_POLL: u32 = 3_600;

/// The least.
const LEAST_POLL: u32 = 5;

/// What an answer changed.
#[derive(Debug)]
pub(crate) enum Answered {
    /// A list with so many entries is in force.
    List(usize),
    Confirmed,
    Elsewhere,
    Failed(Error),
    Late,
}

/// A keeper of a list of either kind.
pub(crate) trait Listed: fmt::Debug + Send {
    fn poll(&mut self, now: UnixSeconds) -> Poll<'_>;

    fn answer(&mut self, ticket: Ticket, answer: Answer<'_>, now: UnixSeconds) -> Answered;

    /// Gives a verifier the list, or what stands in its place.
    fn feed(&self, verifier: &Verifier, now: UnixSeconds) -> Result<(), Error>;

    /// Says why there is no list that could be used.
    fn missing(&self, now: UnixSeconds) -> Option<Code>;

    fn next_fetch(&self) -> UnixSeconds;

    /// Returns how it does.
    fn told(&self) -> Health;

    fn refresh_now(&mut self, now: UnixSeconds);

    /// Returns the list in force, as it was signed.
    fn token(&self) -> Option<&[u8]>;

    /// Goes on with a list; returns whether it counts.
    fn restore(&mut self, token: &[u8], now: UnixSeconds) -> bool;

    /// Returns what judges lists.
    fn judge(&self) -> &Arc<Verifier>;
}

impl<L: SignedList> Listed for ListKeeper<L> {
    fn poll(&mut self, now: UnixSeconds) -> Poll<'_> {
        Self::poll(self, now)
    }

    fn answer(&mut self, ticket: Ticket, answer: Answer<'_>, now: UnixSeconds) -> Answered {
        match Self::answer(self, ticket, answer, now) {
            ListChange::List(_) => Answered::List(self.health().entries),
            ListChange::Confirmed => Answered::Confirmed,
            ListChange::Elsewhere => Answered::Elsewhere,
            ListChange::Failed(error) => Answered::Failed(error),
            ListChange::Late => Answered::Late,
        }
    }

    fn feed(&self, verifier: &Verifier, now: UnixSeconds) -> Result<(), Error> {
        Self::feed(self, verifier, now)
    }

    fn missing(&self, now: UnixSeconds) -> Option<Code> {
        self.list(now).err()
    }

    fn next_fetch(&self) -> UnixSeconds {
        self.health().next_fetch
    }

    fn told(&self) -> Health {
        let health = self.health();
        Health { last_success: health.last_success, error: health.error.map(|error| error.code()) }
    }

    fn refresh_now(&mut self, now: UnixSeconds) {
        Self::refresh_now(self, now);
    }

    fn token(&self) -> Option<&[u8]> {
        Self::token(self)
    }

    fn restore(&mut self, token: &[u8], now: UnixSeconds) -> bool {
        Self::restore(self, token, now).is_ok()
    }

    fn judge(&self) -> &Arc<Verifier> {
        self.verifier()
    }
}

/// Returns the lists of a provider, each with the number of the issuer that signs it.
pub(crate) fn targets(
    config: &ProviderConfig,
    algorithms: AlgSet,
) -> Result<Vec<(usize, Box<ListTarget>)>, String> {
    let revocations =
        config.revocations.iter().map(|list| ("revocations".to_owned(), ListKind::Revocations, list));
    let named = |index| format!("status_lists[{index}]");
    let statuses = config.status_lists.iter().enumerate();
    let statuses = statuses.map(|(index, list)| (named(index), ListKind::Statuses, list));
    let one = |(field, kind, list): (String, ListKind, &ListConfig)| {
        let found = match &list.issuer {
            None if config.issuers.len() == 1 => Some(0),
            None => return Err(format!("{field}: which `issuer` signs the list?")),
            Some(name) => config.issuers.iter().position(|issuer| issuer.issuer.as_ref() == Some(name)),
        };
        let fault = || format!("{field}: there is no such issuer");
        let index = found.ok_or_else(fault)?;
        let issuer = config.issuers.get(index).ok_or_else(fault)?;
        if kind == ListKind::Revocations && issuer.issuer.is_none() {
            return Err(format!("{field}: the issuer whose list it is needs its `issuer`"));
        }
        let target = ListTarget {
            kind,
            config: list.clone(),
            issuer: issuer.issuer.clone(),
            algorithms,
            keys: format!("{:?}", issuer.keys),
        };
        // Made for what it says about the settings.
        let place = target.below(&format!("{}1", list.uri));
        keeper(place.as_ref().unwrap_or(&target)).map_err(|fault| format!("{field}: {fault}"))?;
        Ok((index, Box::new(target)))
    };
    revocations.chain(statuses).map(one).collect()
}

/// Makes the keeper of a list; the text says what is wrong with the configuration.
pub(crate) fn keeper(target: &ListTarget) -> Result<Box<dyn Listed>, String> {
    let config = &target.config;
    let fault = || "a cluster and an http or https uri are wanted".to_owned();
    let (authority, path) =
        remote::parts(&config.uri).filter(|_| !config.cluster.is_empty()).ok_or_else(fault)?;
    // The cluster says whether the way there is encrypted.
    let url = format!("https://{authority}{path}");
    let seed = RandomState::new().hash_one(&url);
    let options = options(target);
    let algorithms = target.algorithms.iter();
    let text = |error: Error| error.to_string();
    match target.kind {
        ListKind::Revocations => {
            let issuer = target.issuer.as_deref().ok_or("the keys that sign it need the `issuer`")?;
            let policy = Policy::revocation_list(algorithms);
            let judge = Verifier::builder(policy).issuer(issuer, KeySet::not_yet()).build().map_err(text)?;
            let keeper = ListKeeper::<jot::Revocations>::new(&url, Arc::new(judge), options, seed);
            Ok(Box::new(keeper.map_err(|_| fault())?))
        }
        ListKind::Statuses => {
            // Tokens name it by this text.
            if url != config.uri {
                return Err("an https uri with a path is wanted, as tokens name it".to_owned());
            }
            let judge = Verifier::builder(Policy::status_list(algorithms)).keys(KeySet::not_yet());
            let judge = Arc::new(judge.build().map_err(text)?);
            let keeper = ListKeeper::<jot::StatusList>::new(&url, judge, options, seed);
            Ok(Box::new(keeper.map_err(|_| fault())?))
        }
    }
}

fn options(target: &ListTarget) -> ListOptions {
    let config = &target.config;
    let options = ListOptions::default()
        .poll_every(config.poll_seconds, LEAST_POLL.min(config.poll_seconds), MOST_POLL)
        .serve_stale_for(Some(config.serve_stale_seconds))
        .timeout(config.timeout_ms.div_ceil(1000));
    if config.start_without { options.start_without() } else { options }
}
