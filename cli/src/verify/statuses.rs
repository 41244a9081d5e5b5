//! The Token Status Lists that tokens are judged by.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jot::lists::ListOptions;
use jot::{Code, KeySet, Policy, Scratch, StatusList, UnixSeconds, Verifier};
use jot_fetch::{Error, Fetcher, RemoteStatusLists, StatusPlaces};

use super::args::VerifyArgs;
use crate::failure::Failure;
use crate::keys::{fetcher, longest};
use crate::status_file;

/// The lists, followed for as long as this lives.
pub(super) struct Statuses {
    followed: Option<(RemoteStatusLists, Fetcher)>,
    longest: Duration,
}

impl Statuses {
    /// Gives a verifier the lists of the command line, which are signed with these keys.
    pub(super) fn of(
        args: &VerifyArgs,
        keys: Arc<KeySet>,
        verifier: &Arc<Verifier>,
    ) -> Result<Self, Failure> {
        let longest = longest(&args.connection);
        if args.status_list.is_empty() {
            return Ok(Self { followed: None, longest });
        }
        let policy = Policy::status_list(args.rules.alg.iter().copied());
        let lists = Arc::new(Verifier::builder(policy).keys(keys).build().map_err(Failure::new)?);
        let now = args.rules.now.map_or_else(UnixSeconds::now, UnixSeconds);
        for path in args.status_list.iter().filter(|place| !status_file::is_url(place)) {
            let list = read(Path::new(path), &lists, now).map_err(|error| Failure::of(path, error))?;
            verifier.set_status_list(list).map_err(|error| Failure::of(path, error))?;
        }
        let urls: Vec<&String> = args.status_list.iter().filter(|place| status_file::is_url(place)).collect();
        if urls.is_empty() {
            return Ok(Self { followed: None, longest });
        }
        let options = ListOptions::default().timeout(args.connection.timeout);
        let options = if args.connection.allow_loopback { options.allow_loopback() } else { options };
        let fetcher = fetcher(&args.connection)?;
        let places = StatusPlaces::new(urls);
        let blame = |error: Error| Failure::of("--status-list", error);
        let followed = fetcher.status_lists_with(places, lists, options).map_err(blame)?;
        followed.feed(verifier).map_err(blame)?;
        for uri in followed.uris() {
            let Some(list) = followed.list(&uri) else { continue };
            let (_, fetched) = list
                .wait_for_fetch(0, longest)
                .ok_or_else(|| Failure::of(&uri, "there was no answer in time"))?;
            fetched.map_err(|error| Failure::of(&uri, error))?;
        }
        Ok(Self { followed: Some((followed, fetcher)), longest })
    }

    /// Waits for the list of a token that was rejected with this code, and returns whether to
    /// verify it again.
    pub(super) fn await_for(&self, refused: Code) -> bool {
        self.followed.as_ref().is_some_and(|(lists, _)| lists.retry(refused, self.longest).is_ok())
    }
}

/// Reads a signed list.
fn read(path: &Path, lists: &Verifier, now: UnixSeconds) -> Result<StatusList, String> {
    let text = status_file::read(path)?;
    let mut scratch = Scratch::new();
    let verified = lists.verify(&text, now, &mut scratch).map_err(|error| error.to_string())?;
    StatusList::from_claims(&verified.claims(), status_file::MOST_ENTRIES).map_err(|error| error.to_string())
}
