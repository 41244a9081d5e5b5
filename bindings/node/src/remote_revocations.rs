//! Revocations behind a URL.

use std::time::Duration;

use jot::lists::ListOptions;
use jot_fetch::AsyncRevocations;
use napi::Env;
use napi::bindgen_prelude::{ClassInstance, Object, Result as NapiResult};
use napi_derive::napi;
use serde::Deserialize;

use crate::algorithm::algorithms;
use crate::fault::{Fault, of_fetch};
use crate::options;
use crate::remote::{NativeFetcher, NativeRemoteKeys, explained, promise};
use crate::runtime::runtime;

/// How a list is followed. Times are in seconds. An unknown member is an error.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(crate) struct ListFollowing {
    pub(crate) algorithms: Vec<String>,
    poll_every: Option<u32>,
    least: Option<u32>,
    serve_stale_for: Option<u32>,
    start_without: bool,
    timeout: Option<u32>,
    allow_loopback: bool,
}

impl ListFollowing {
    pub(crate) fn options(&self) -> ListOptions {
        let mut options = ListOptions::default();
        if self.poll_every.is_some() || self.least.is_some() {
            let usual = self.poll_every.unwrap_or(60);
            let least = self.least.unwrap_or(usual.min(5));
            options = options.poll_every(usual, least, usual.max(3_600));
        }
        if let Some(seconds) = self.serve_stale_for {
            options = options.serve_stale_for(Some(seconds));
        }
        if self.start_without {
            options = options.start_without();
        }
        if let Some(seconds) = self.timeout {
            options = options.timeout(seconds);
        }
        if self.allow_loopback { options.allow_loopback() } else { options }
    }
}

/// The revocations of an issuer, followed.
#[napi]
pub struct NativeRemoteRevocations {
    list: AsyncRevocations,
}

impl NativeRemoteRevocations {
    pub(crate) const fn list(&self) -> &AsyncRevocations {
        &self.list
    }
}

#[napi]
impl NativeFetcher {
    /// Follows the list at a URL, which the issuer of the keys signs.
    ///
    /// # Errors
    /// The URL or an option is refused, or the keys have no issuer.
    #[napi]
    pub fn revocations(
        &self,
        url: String,
        keys: ClassInstance<NativeRemoteKeys>,
        options: String,
    ) -> Result<NativeRemoteRevocations, Fault> {
        let _inside = runtime()?.enter();
        let following = options::read::<ListFollowing>(&options)?;
        let algorithms = algorithms(&following.algorithms)?;
        let list = self.fetcher.revocations(&url, &keys.keys(), algorithms, following.options());
        Ok(NativeRemoteRevocations { list: list.map_err(of_fetch)? })
    }
}

#[napi]
impl NativeRemoteRevocations {
    /// Returns a promise of the first list, which resolves to 0.
    ///
    /// # Errors
    /// There is no thread.
    #[napi(ts_return_type = "Promise<number>")]
    pub fn wait<'e>(&self, env: &'e Env, milliseconds: u32) -> NapiResult<Object<'e>> {
        let list = self.list.clone();
        let longest = Duration::from_millis(milliseconds.into());
        promise(env, async move {
            list.wait(longest).await.map(|_| 0).map_err(|error| explained(error, list.reason()))
        })
    }

    /// Fetches soon.
    #[napi]
    pub fn refresh_now(&self) {
        self.list.refresh_now();
    }

    /// What was wrong with the last fetch.
    #[napi]
    pub fn reason(&self) -> Option<String> {
        self.list.reason()
    }
}
