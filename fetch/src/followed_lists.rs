//! What threads know of the status lists of an issuer: those that tokens name.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use jot::jwks::Ticket;
use jot::lists::{ListKeeper, ListOptions};
use jot::{StatusFeed, StatusList, UnixSeconds, Verifier};

use crate::client::{Outcome, Wanted};
use crate::error::Error;
use crate::follow::Follow;
use crate::followed_list::FollowedList;
use crate::lock::{Guarded, Held, lock};
use crate::remote::RemoteKeys;
use crate::seed::seed;
use crate::status_places::StatusPlaces;
use crate::threads::{Threads, Wake as _};

/// The status lists of an issuer.
#[derive(Debug)]
pub(crate) struct FollowedLists {
    places: StatusPlaces,
    options: ListOptions,
    /// Says which lists count.
    judge: Arc<Verifier>,
    keys: Option<RemoteKeys>,
    threads: Arc<Threads>,
    state: Guarded<State>,
}

#[derive(Debug, Default)]
struct State {
    lists: BTreeMap<String, One>,
    /// Who has the lists.
    verifiers: Vec<Weak<Verifier>>,
    /// When lists that nobody names are looked for next.
    sweep: i64,
    refused: u64,
}

#[derive(Debug)]
struct One {
    list: Arc<FollowedList<StatusList>>,
    /// Whether it stays although no token names it.
    is_given: bool,
    /// Whether somebody asked for it since the last sweep, who has its tokens.
    is_named: bool,
    /// Whether no token had named it when that was asked last.
    is_idle: bool,
}

impl FollowedLists {
    /// # Errors
    /// [`Error::Keys`] with `url_refused`.
    pub(crate) fn new(
        places: StatusPlaces,
        judge: Arc<Verifier>,
        keys: Option<RemoteKeys>,
        options: ListOptions,
        threads: Arc<Threads>,
    ) -> Result<Self, Error> {
        for uri in &places.uris {
            // Made for what it says about the URI.
            ListKeeper::<StatusList>::new(uri, Arc::clone(&judge), options.clone(), 0)?;
        }
        Ok(Self { places, options, judge, keys, threads, state: Guarded::default() })
    }

    /// Follows the lists whose own URIs were given.
    pub(crate) fn begin(&self, held: &Held) -> Result<(), Error> {
        self.places.lists().try_for_each(|uri| self.follow(held, uri, true).map(drop))
    }

    /// Follows a list, unless it is followed or there are too many; returns whether it is.
    fn follow(&self, held: &Held, uri: &str, is_given: bool) -> Result<bool, Error> {
        let mut state = self.state.of(held);
        if let Some(one) = state.lists.get_mut(uri) {
            one.is_named = true;
            return Ok(true);
        }
        if state.lists.len() >= self.places.most && !is_given {
            state.refused = state.refused.saturating_add(1);
            return Ok(false);
        }
        let keeper = ListKeeper::new(uri, Arc::clone(&self.judge), self.options.clone(), seed())?;
        let list = Arc::new(FollowedList::new(keeper, self.keys.clone()));
        for verifier in state.verifiers.iter().filter_map(Weak::upgrade) {
            list.state.of(held).feed(&verifier)?;
        }
        self.threads.add(held, Arc::downgrade(&list) as Weak<dyn Follow>)?;
        state.lists.insert(uri.to_owned(), One { list, is_given, is_named: false, is_idle: false });
        Ok(true)
    }

    /// Follows a list that a token names; returns whether it is in a place and followed.
    ///
    /// # Errors
    /// [`Error::Thread`].
    pub(crate) fn want(&self, held: &Held, uri: &str) -> Result<bool, Error> {
        if !self.places.have(uri) {
            return Ok(false);
        }
        self.threads.start(held)?;
        let is_followed = self.follow(held, uri, false);
        self.threads.wake();
        is_followed
    }

    /// Hands all lists to a verifier, and those that its tokens name.
    pub(crate) fn feed(self: &Arc<Self>, held: &Held, verifier: &Arc<Verifier>) -> Result<(), Error> {
        let mut state = self.state.of(held);
        state.verifiers.retain(|fed| fed.strong_count() > 0);
        if state.verifiers.iter().any(|fed| fed.as_ptr() == Arc::as_ptr(verifier)) {
            return Ok(());
        }
        for one in state.lists.values() {
            one.list.state.of(held).feed(verifier)?;
        }
        state.verifiers.push(Arc::downgrade(verifier));
        verifier.add_status_feed(Arc::clone(self) as Arc<dyn StatusFeed>);
        Ok(())
    }

    /// Returns the lists with their URIs, in the order of these.
    pub(crate) fn lists(&self, held: &Held) -> Vec<(String, Arc<FollowedList<StatusList>>)> {
        let state = self.state.of(held);
        state.lists.iter().map(|(uri, one)| (uri.clone(), Arc::clone(&one.list))).collect()
    }

    /// Returns how often a token named a list that was one too many.
    pub(crate) fn refused(&self, held: &Held) -> u64 {
        self.state.of(held).refused
    }

    /// Forgets the lists that no token has named for two sweeps. The first one has the
    /// tokens in caches judged again, which otherwise name no list.
    fn forget_idle(&self, held: &Held, state: &mut State) {
        state.verifiers.retain(|verifier| verifier.strong_count() > 0);
        let verifiers: Vec<Arc<Verifier>> = state.verifiers.iter().filter_map(Weak::upgrade).collect();
        state.lists.retain(|uri, one| {
            // Each of them is asked, and counts anew.
            let named = verifiers.iter().filter(|verifier| verifier.status_list_was_named(uri)).count();
            let is_named = std::mem::take(&mut one.is_named) || named > 0;
            let was_idle = std::mem::replace(&mut one.is_idle, !is_named);
            if one.is_given || !one.is_idle {
                return true;
            }
            if !was_idle {
                one.list.state.of(held).tell_again();
                return true;
            }
            for verifier in &verifiers {
                verifier.forget_status_list(uri);
            }
            false
        });
    }
}

impl StatusFeed for FollowedLists {
    fn wanted(&self, uri: &str) -> bool {
        self.want(&lock(), uri).unwrap_or(false)
    }
}

/// Only for what happens from time to time: nothing is fetched for the lists as a whole.
impl Follow for FollowedLists {
    fn poll(&self, held: &Held) -> Result<(Ticket, Wanted), UnixSeconds> {
        let UnixSeconds(now) = UnixSeconds::now();
        let pause = i64::from(self.places.forget_after / 2).max(1);
        let mut state = self.state.of(held);
        let next = now.saturating_add(pause);
        if state.sweep <= now {
            // The first time there is nothing yet.
            self.forget_idle(held, &mut state);
            state.sweep = next;
        }
        // The clock may have been set back.
        state.sweep = state.sweep.min(next);
        Err(UnixSeconds(state.sweep))
    }

    fn take(&self, _: &Held, _: Ticket, _: &Outcome) {}

    fn settle(&self, _: &Held) {}

    fn begin_anew(&self, _: &Held) {}
}
