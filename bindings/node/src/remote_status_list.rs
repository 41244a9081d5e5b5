//! A Token Status List behind a URL.

use std::time::Duration;

use jot_fetch::AsyncStatusList;
use napi::Env;
use napi::bindgen_prelude::{ClassInstance, Object, Result as NapiResult};
use napi_derive::napi;

use crate::algorithm::algorithms;
use crate::fault::{Fault, of_fetch};
use crate::options;
use crate::remote::{NativeFetcher, NativeRemoteKeys, explained, promise};
use crate::remote_revocations::ListFollowing;
use crate::runtime::runtime;
use crate::verifier::NativeVerifier;

/// A status list, followed.
#[napi]
pub struct NativeRemoteStatusList {
    list: AsyncStatusList,
}

#[napi]
impl NativeFetcher {
    /// Follows the status list at a URI, which one of the keys signs.
    ///
    /// # Errors
    /// The URI or an option is refused.
    #[napi]
    pub fn status_list(
        &self,
        uri: String,
        keys: ClassInstance<NativeRemoteKeys>,
        options: String,
    ) -> Result<NativeRemoteStatusList, Fault> {
        let _inside = runtime()?.enter();
        let following = options::read::<ListFollowing>(&options)?;
        let algorithms = algorithms(&following.algorithms)?;
        let list = self.fetcher.status_list(&uri, &keys.keys(), algorithms, following.options());
        Ok(NativeRemoteStatusList { list: list.map_err(of_fetch)? })
    }
}

#[napi]
impl NativeRemoteStatusList {
    /// Hands the list to a verifier, now and when it changes.
    ///
    /// # Errors
    /// The verifier has too many lists.
    #[napi]
    pub fn give(&self, verifier: &NativeVerifier) -> Result<(), Fault> {
        self.list.feed(&verifier.verifier).map_err(of_fetch)
    }

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
