//! The URLs and issuers that are followed.

use std::sync::Arc;
use std::time::Duration;

use jot::KeySet;
use jot::jwks::KeeperOptions;
use jot_fetch::{Fetcher, RemoteKeys};

use super::args::SourceArgs;
use crate::failure::Failure;

/// The least seconds between two fetches of `watch`.
const LEAST_AGE: u32 = 10;

/// What is followed, for as long as this lives.
pub(super) struct Sources {
    all: Vec<(String, RemoteKeys)>,
    longest: Duration,
    _fetcher: Fetcher,
}

impl Sources {
    /// Starts to fetch. With `max_age` the keys are fetched again and again.
    pub(super) fn follow(args: &SourceArgs, max_age: Option<u32>) -> Result<Self, Failure> {
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
        let fetcher = builder.build().map_err(Failure::new)?;
        let mut options = KeeperOptions::default().timeout(args.timeout);
        if args.allow_loopback {
            options = options.allow_loopback();
        }
        if let Some(most) = max_age {
            options = options.fresh_for(600, LEAST_AGE.min(most), most);
        }
        let mut all = Vec::new();
        for url in &args.places.urls {
            let keys = fetcher.keys(url, None, options.clone());
            all.push((url.clone(), keys.map_err(|error| Failure::of(url, error))?));
        }
        for issuer in &args.places.issuer {
            let keys = fetcher.discover(issuer, options.clone());
            all.push((issuer.clone(), keys.map_err(|error| Failure::of(issuer, error))?));
        }
        // Metadata and three redirects each may come before the keys.
        let longest = Duration::from_secs(u64::from(args.timeout).saturating_add(1).saturating_mul(8));
        Ok(Self { all, longest, _fetcher: fetcher })
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
