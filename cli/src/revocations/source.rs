//! The list, and the keys that it is signed with.

use std::sync::Arc;
use std::time::Duration;

use jot::lists::ListOptions;
use jot::{Alg, KeyOptions, KeySet, Policy, Revocations, Verifier};
use jot_fetch::{Error, Fetcher, RemoteRevocations};

use super::args::RevocationsArgs;
use crate::failure::Failure;
use crate::key_file::KeyFile;
use crate::keys::{ConnectionArgs, fetcher, longest, options_of};

/// What is followed, for as long as this lives.
pub(super) struct Source {
    pub(super) list: RemoteRevocations,
    url: String,
    longest: Duration,
    _fetcher: Fetcher,
}

/// Fetches a list once, which is signed with keys that are there.
pub(crate) fn fetch(
    url: &str,
    keys: &Arc<KeySet>,
    issuer: &str,
    algorithms: &[Alg],
    args: &ConnectionArgs,
) -> Result<Arc<Revocations>, Failure> {
    let fetcher = fetcher(args)?;
    let lists = lists(issuer, Arc::clone(keys), algorithms)?;
    let list =
        fetcher.revocations_with(url, lists, options(args)).map_err(|error| Failure::of(url, error))?;
    let source = Source { list, url: url.to_owned(), longest: longest(args), _fetcher: fetcher };
    source.first()
}

fn options(args: &ConnectionArgs) -> ListOptions {
    let options = ListOptions::default().timeout(args.timeout);
    if args.allow_loopback { options.allow_loopback() } else { options }
}

fn lists(issuer: &str, keys: Arc<KeySet>, algorithms: &[Alg]) -> Result<Arc<Verifier>, Failure> {
    let policy = Policy::revocation_list(algorithms.iter().copied());
    Ok(Arc::new(Verifier::builder(policy).issuer(issuer, keys).build().map_err(Failure::new)?))
}

impl Source {
    /// Starts to fetch.
    pub(super) fn follow(args: &RevocationsArgs) -> Result<Self, Failure> {
        let fetcher = fetcher(&args.connection)?;
        let options = options(&args.connection).serve_stale_for(Some(args.stale)).poll_every(
            args.poll,
            args.poll.min(5),
            args.max_age,
        );
        let algorithms = args.alg.iter().copied();
        let blame = |error: Error| Failure::of(&args.url, error);
        let keys = match (&args.keys.issuer, &args.keys.jwks_url) {
            (Some(issuer), _) => {
                let keys = fetcher.discover(issuer, options_of(&args.connection));
                Some(keys.map_err(|error| Failure::of(issuer, error))?)
            }
            (None, Some(url)) => {
                let keys = fetcher.keys(url, None, options_of(&args.connection));
                Some(keys.map_err(|error| Failure::of(url, error))?)
            }
            (None, None) => None,
        };
        let list = match (keys, &args.keys.jwks) {
            (Some(keys), _) => {
                let issuer = args.iss.as_deref().or(keys.issuer());
                fetcher.revocations_as(&args.url, &keys, issuer, algorithms, options).map_err(blame)?
            }
            (None, Some(path)) => {
                let file = KeyFile::read(path)?;
                let set = KeySet::from_jwks(file.content(), &KeyOptions::default());
                let set = file.warn_of_skipped(set.map_err(|error| file.blame(error))?);
                let lists = lists(args.iss.as_deref().unwrap_or_default(), Arc::new(set), &args.alg)?;
                fetcher.revocations_with(&args.url, lists, options).map_err(blame)?
            }
            (None, None) => return Err(Failure::new("no keys are named")),
        };
        let longest = longest(&args.connection).saturating_mul(2);
        Ok(Self { list, url: args.url.clone(), longest, _fetcher: fetcher })
    }

    /// Waits for the first fetch.
    pub(super) fn first(&self) -> Result<Arc<Revocations>, Failure> {
        let (_, fetched) = self
            .list
            .wait_for_fetch(0, self.longest)
            .ok_or_else(|| Failure::of(&self.url, "there was no answer in time"))?;
        fetched.map_err(|error| Failure::of(&self.url, error))
    }
}
