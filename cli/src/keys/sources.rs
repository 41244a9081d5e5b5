//! The URLs and issuers that are followed.

use std::sync::Arc;
use std::time::Duration;

use jot::jwks::KeeperOptions;
use jot::{KeyOptions, KeySet};
use jot_fetch::{Fetcher, RemoteKeys};
pub(crate) use jot_show::debugger::Place;

use super::args::{ConnectionArgs, SourceArgs};
use crate::failure::Failure;

/// The least seconds between two fetches of `watch`.
const LEAST_AGE: u32 = 10;

/// Fetches the keys of one issuer once.
pub(crate) fn fetch(place: Place<'_>, keys: KeyOptions, args: &ConnectionArgs) -> Result<KeySet, Failure> {
    let mut sources = Sources::of(args)?;
    let options = options_of(args).keys(keys);
    match place {
        Place::Url(url) => sources.add_url(url, options)?,
        Place::Issuer(issuer) => sources.add_issuer(issuer, options)?,
    }
    let mut all = KeySet::default();
    for (_, set) in sources.fetch_all()? {
        all.append(KeySet::clone(&set));
    }
    Ok(all)
}

/// Makes what fetches.
pub(crate) fn fetcher(args: &ConnectionArgs) -> Result<Fetcher, Failure> {
    let read =
        |path: &std::path::Path| std::fs::read(path).map_err(|error| Failure::of(path.display(), error));
    let mut builder = Fetcher::builder();
    if let Some(path) = &args.ca {
        builder = builder.authorities(read(path)?);
    }
    if let (Some(chain), Some(key)) = (&args.client_cert, &args.client_key) {
        builder = builder.client_certificate(read(chain)?, read(key)?);
    }
    if let Some(url) = &args.proxy {
        builder = builder.proxy(url);
    }
    builder.build().map_err(Failure::new)
}

/// Returns how long the first answer may take: metadata and three redirects each may come
/// before it.
pub(crate) fn longest(args: &ConnectionArgs) -> Duration {
    Duration::from_secs(u64::from(args.timeout).saturating_add(1).saturating_mul(8))
}

pub(crate) fn options_of(args: &ConnectionArgs) -> KeeperOptions {
    let options = KeeperOptions::default().timeout(args.timeout);
    if args.allow_loopback { options.allow_loopback() } else { options }
}

/// What is followed, for as long as this lives.
pub(super) struct Sources {
    all: Vec<(String, RemoteKeys)>,
    longest: Duration,
    fetcher: Fetcher,
}

impl Sources {
    /// Starts to fetch. With `max_age` the keys are fetched again and again.
    pub(super) fn follow(args: &SourceArgs, keys: KeyOptions, max_age: Option<u32>) -> Result<Self, Failure> {
        let mut options = options_of(&args.connection).keys(keys);
        if let Some(most) = max_age {
            options = options.fresh_for(600, LEAST_AGE.min(most), most);
        }
        let mut sources = Self::of(&args.connection)?;
        for url in &args.places.urls {
            sources.add_url(url, options.clone())?;
        }
        for issuer in &args.places.issuer {
            sources.add_issuer(issuer, options.clone())?;
        }
        Ok(sources)
    }

    fn of(args: &ConnectionArgs) -> Result<Self, Failure> {
        Ok(Self { all: Vec::new(), longest: longest(args), fetcher: fetcher(args)? })
    }

    fn add_url(&mut self, url: &str, options: KeeperOptions) -> Result<(), Failure> {
        let keys = self.fetcher.keys(url, None, options).map_err(|error| Failure::of(url, error))?;
        self.all.push((url.to_owned(), keys));
        Ok(())
    }

    fn add_issuer(&mut self, issuer: &str, options: KeeperOptions) -> Result<(), Failure> {
        let keys = self.fetcher.discover(issuer, options).map_err(|error| Failure::of(issuer, error))?;
        self.all.push((issuer.to_owned(), keys));
        Ok(())
    }

    pub(super) fn all(&self) -> &[(String, RemoteKeys)] {
        &self.all
    }

    /// Waits for the first fetch of each.
    pub(super) fn fetch_all(&self) -> Result<Vec<(&str, Arc<KeySet>)>, Failure> {
        let one = |(name, keys): &'_ (String, RemoteKeys)| {
            let (_, fetched) = keys
                .wait_for_fetch(0, self.longest.saturating_mul(u32::try_from(self.all.len()).unwrap_or(1)))
                .ok_or_else(|| Failure::of(name, "there was no answer in time"))?;
            fetched.map_err(|error| Failure::of(name, error))
        };
        self.all.iter().map(|source| Ok((source.0.as_str(), one(source)?))).collect()
    }
}
