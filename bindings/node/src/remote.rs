//! Keys behind URLs.

use std::time::Duration;

use jot::Code;
use jot::jwks::{Health, KeeperOptions};
use jot_fetch::{AsyncFetcher, AsyncKeys, Fetcher};
use napi::Env;
use napi::bindgen_prelude::{Object, Result as NapiResult};
use napi_derive::napi;
use serde::Deserialize;

use crate::algorithm::algorithms;
use crate::fault::{Fault, of_fetch};
use crate::options;
use crate::runtime::runtime;

/// How keys are followed. Times are in seconds. An unknown member is an error.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct Following {
    issuer: Option<String>,
    algorithms: Option<Vec<String>>,
    serve_stale_for: Option<u32>,
    cool_down: Option<u32>,
    timeout: Option<u32>,
    absent_twice: bool,
    allow_loopback: bool,
}

impl Following {
    fn options(&self) -> Result<KeeperOptions, Fault> {
        let mut options = KeeperOptions::default();
        if let Some(names) = &self.algorithms {
            options = options.algorithms(algorithms(names)?.into_iter().collect());
        }
        if let Some(seconds) = self.serve_stale_for {
            options = options.serve_stale_for(Some(seconds));
        }
        if let Some(seconds) = self.cool_down {
            options = options.cool_down(seconds);
        }
        if let Some(seconds) = self.timeout {
            options = options.timeout(seconds);
        }
        if self.absent_twice {
            options = options.absent_twice();
        }
        Ok(if self.allow_loopback { options.allow_loopback() } else { options })
    }
}

/// Fetches, on the thread of the process.
#[napi]
pub struct NativeFetcher {
    pub(crate) fetcher: AsyncFetcher,
}

#[napi]
impl NativeFetcher {
    /// Begins with authorities as PEM, if those of the system are not to be trusted.
    ///
    /// # Errors
    /// The authorities cannot be read.
    #[napi(constructor)]
    pub fn new(authorities: Option<String>) -> Result<Self, Fault> {
        let _inside = runtime()?.enter();
        let mut builder = Fetcher::builder();
        if let Some(pem) = authorities {
            builder = builder.authorities(pem);
        }
        Ok(Self { fetcher: builder.build_async().map_err(of_fetch)? })
    }

    /// Follows the keys at a URL.
    ///
    /// # Errors
    /// The URL or an option is refused.
    #[napi]
    pub fn keys(&self, url: String, options: String) -> Result<NativeRemoteKeys, Fault> {
        let _inside = runtime()?.enter();
        let following = options::read::<Following>(&options)?;
        let keys = self.fetcher.keys(&url, following.issuer.as_deref(), following.options()?);
        Ok(NativeRemoteKeys { keys: keys.map_err(of_fetch)? })
    }

    /// Follows the keys that an issuer's OpenID configuration names.
    ///
    /// # Errors
    /// The issuer or an option is refused.
    #[napi]
    pub fn discover(&self, issuer: String, options: String) -> Result<NativeRemoteKeys, Fault> {
        let _inside = runtime()?.enter();
        let following = options::read::<Following>(&options)?;
        let keys = self.fetcher.discover(&issuer, following.options()?);
        Ok(NativeRemoteKeys { keys: keys.map_err(of_fetch)? })
    }
}

/// How the keys behind a URL are.
#[napi(object, object_from_js = false)]
pub struct HealthRow {
    /// How many there are.
    pub keys: u32,
    /// Seconds since 1970; absent before the first success.
    pub last_success: Option<f64>,
    /// Until when the last answer is fresh.
    pub fresh_until: Option<f64>,
    /// Fetches that failed since the last success.
    pub failures: u32,
    /// Fetches in all.
    pub fetches: f64,
    /// The last error, if the last fetch failed.
    pub error: Option<String>,
    /// Its reason, in one sentence.
    pub reason: Option<String>,
}

/// Keys behind a URL.
#[napi]
pub struct NativeRemoteKeys {
    keys: AsyncKeys,
}

impl NativeRemoteKeys {
    pub(crate) fn keys(&self) -> AsyncKeys {
        self.keys.clone()
    }
}

#[napi]
impl NativeRemoteKeys {
    /// Returns a promise of the first keys, which resolves to how many there are.
    ///
    /// # Errors
    /// There is no thread.
    #[napi(ts_return_type = "Promise<number>")]
    pub fn wait<'e>(&self, env: &'e Env, milliseconds: u32) -> NapiResult<Object<'e>> {
        let keys = self.keys.clone();
        let longest = Duration::from_millis(milliseconds.into());
        promise(env, async move {
            let set = keys.wait(longest).await;
            let count = set.map(|set| u32::try_from(set.len()).unwrap_or(u32::MAX));
            count.map_err(|error| explained(error, keys.reason()))
        })
    }

    /// Returns a promise of a fetch that a refused token may lack: it resolves to 0 if the token
    /// should be looked at again, and to the number of its code otherwise.
    ///
    /// # Errors
    /// There is no thread.
    #[napi(ts_return_type = "Promise<number>")]
    pub fn retry<'e>(&self, env: &'e Env, number: u32, milliseconds: u32) -> NapiResult<Object<'e>> {
        let keys = self.keys.clone();
        let longest = Duration::from_millis(milliseconds.into());
        promise(env, async move {
            let refused = Code::from_number(number).unwrap_or(Code::Internal);
            Ok(keys.retry(refused, longest).await.map_or_else(Code::number, |()| 0))
        })
    }

    /// Fetches soon.
    #[napi]
    pub fn refresh_now(&self) {
        self.keys.refresh_now();
    }

    /// Writes the keys and when they were fetched, for the next start.
    #[napi]
    pub fn save(&self) -> String {
        self.keys.keeper().save()
    }

    /// Goes on with keys that were saved.
    ///
    /// # Errors
    /// The text is none, or that of another URL.
    #[napi]
    pub fn restore(&self, saved: String) -> Result<(), Fault> {
        self.keys.restore(&saved).map_err(of_fetch)
    }

    /// How the keys are.
    #[napi]
    pub fn health(&self) -> HealthRow {
        let health: Health = self.keys.health();
        #[expect(clippy::cast_precision_loss, reason = "seconds of any clock are below 2^53")]
        let seconds = |instant: jot::UnixSeconds| instant.0 as f64;
        #[expect(clippy::cast_precision_loss, reason = "nobody counts so far")]
        let fetches = health.fetches as f64;
        HealthRow {
            keys: u32::try_from(health.keys).unwrap_or(u32::MAX),
            last_success: health.last_success.map(seconds),
            fresh_until: health.fresh_until.map(seconds),
            failures: health.failures,
            fetches,
            error: health.error.map(|error| error.code().name().to_owned()),
            reason: self.keys.reason(),
        }
    }
}

/// Adds why the last fetch failed, if it did.
pub(crate) fn explained(error: jot_fetch::Error, why: Option<String>) -> Fault {
    let mut made = of_fetch(error);
    if let Some(why) = why {
        made.reason = format!("{}; the last fetch: {why}", made.reason);
    }
    made
}

/// Runs `task` on the thread that fetches, and returns a promise of what it returns.
pub(crate) fn promise<'e>(
    env: &'e Env,
    task: impl Future<Output = Result<u32, Fault>> + Send + 'static,
) -> NapiResult<Object<'e>> {
    let (deferred, promise) = env.create_deferred()?;
    let runtime = runtime().map_err(|error| napi::Error::from_reason(error.reason.clone()))?;
    runtime.spawn(async move {
        let answer = task.await;
        // The texts of an error of JavaScript: `lib/errors.js` makes a JotError of them.
        deferred.resolve(move |_| match answer {
            Ok(number) => Ok(napi::bindgen_prelude::Either::A(number)),
            Err(error) => {
                Ok(napi::bindgen_prelude::Either::B(vec![error.status.clone(), error.reason.clone()]))
            }
        });
    });
    Ok(promise)
}
