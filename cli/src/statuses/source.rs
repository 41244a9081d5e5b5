//! The lists, and the keys that they are signed with.

use std::sync::Arc;
use std::time::Duration;

use jot::lists::ListOptions;
use jot::{KeyOptions, KeySet, Policy, StatusList, Verifier};
use jot_fetch::{Error, Fetcher, RemoteKeys, RemoteStatusLists, StatusPlaces};

use super::args::StatusesArgs;
use crate::failure::{Failure, tell};
use crate::fetch_state::Outcome;
use crate::key_file::KeyFile;
use crate::keys::{fetcher, longest, options_of};

/// What is followed, for as long as this lives.
pub(super) struct Source {
    pub(super) lists: RemoteStatusLists,
    /// Unless they are those of a file.
    keys: Option<RemoteKeys>,
    /// How many of their fetches were seen.
    seen: u64,
    longest: Duration,
    _fetcher: Fetcher,
}

impl Source {
    /// Starts to fetch.
    pub(super) fn follow(args: &StatusesArgs) -> Result<Self, Failure> {
        let fetcher = fetcher(&args.connection)?;
        let options = ListOptions::default()
            .timeout(args.connection.timeout)
            .serve_stale_for(Some(args.stale))
            .poll_every(args.poll, args.poll.min(5), args.max_age);
        let options = if args.connection.allow_loopback { options.allow_loopback() } else { options };
        let places = StatusPlaces::new(&args.uris);
        let algorithms = args.alg.iter().copied();
        let keys = options_of(&args.connection);
        let keys = match (&args.keys.issuer, &args.keys.jwks_url) {
            (Some(issuer), _) => {
                Some(fetcher.discover(issuer, keys).map_err(|error| Failure::of(issuer, error))?)
            }
            (None, Some(url)) => {
                Some(fetcher.keys(url, None, keys).map_err(|error| Failure::of(url, error))?)
            }
            (None, None) => None,
        };
        let blame = |error: Error| Failure::of(args.uris.join(" "), error);
        let lists = match (&keys, &args.keys.jwks) {
            (Some(keys), _) => fetcher.status_lists(places, keys, algorithms, options).map_err(blame)?,
            (None, Some(path)) => {
                let file = KeyFile::read(path)?;
                let set = KeySet::from_jwks(file.content(), &KeyOptions::default());
                let set = file.warn_of_skipped(set.map_err(|error| file.blame(error))?);
                let lists = Verifier::builder(Policy::status_list(algorithms)).keys(Arc::new(set)).build();
                let lists = Arc::new(lists.map_err(Failure::new)?);
                fetcher.status_lists_with(places, lists, options).map_err(blame)?
            }
            (None, None) => return Err(Failure::new("no keys are named")),
        };
        let longest = longest(&args.connection).saturating_mul(2);
        Ok(Self { lists, keys, seen: 0, longest, _fetcher: fetcher })
    }

    /// Tells of keys that cannot be fetched, without which no list is; returns whether a fetch
    /// of them has ended.
    pub(super) fn tell_of_keys(&mut self) -> bool {
        let fetched = self.keys.as_ref().and_then(|keys| keys.wait_for_fetch(self.seen, Duration::ZERO));
        let Some((seen, fetched)) = fetched else { return false };
        self.seen = seen;
        if let Err(error) = fetched {
            tell(format!("warning: the keys of the lists: {error}"));
        }
        true
    }

    /// Says how what does worst does: a list, or the keys if they cannot be fetched.
    pub(super) fn worst(&self) -> Option<Outcome> {
        let uris = self.lists.uris();
        let lists = uris.iter().filter_map(|uri| self.lists.list(uri)).map(|list| list.health().into());
        let keys = self.keys.as_ref().map(RemoteKeys::health).filter(|keys| keys.failures > 0);
        lists.chain(keys.map(Outcome::from)).reduce(Outcome::worse)
    }

    /// Waits for the first fetch of a list.
    pub(super) fn first(&self, uri: &str) -> Result<Arc<StatusList>, Failure> {
        let list = self.lists.list(uri).ok_or_else(|| Failure::of(uri, "is no URI of a list"))?;
        let (_, fetched) = list
            .wait_for_fetch(0, self.longest)
            .ok_or_else(|| Failure::of(uri, "there was no answer in time"))?;
        fetched.map_err(|error| Failure::of(uri, error))
    }
}
