//! Keys behind URLs.

use std::sync::Arc;
use std::time::Duration;

use jot::Code;
use jot_fetch::AsyncKeys;

use crate::retry::{Retried, Retry};

/// The keys of all issuers, and how long a request waits for a fetch.
#[derive(Clone, Debug)]
pub(crate) struct Fetched {
    pub(crate) keys: Vec<AsyncKeys>,
    pub(crate) longest: Duration,
}

impl Retry for Arc<Fetched> {
    fn retry(&self, refused: Code) -> Option<Retried> {
        if !matches!(refused, Code::KidUnknown | Code::KeysNotYet | Code::KeysStale) {
            return None;
        }
        let fetched = Self::clone(self);
        Some(Box::pin(async move {
            let mut answer = refused;
            for keys in &fetched.keys {
                match keys.retry(refused, fetched.longest).await {
                    Ok(()) => return Ok(()),
                    // Another issuer's failure says more than that there is no such key.
                    Err(code) if code != refused => answer = code,
                    Err(_) => {}
                }
            }
            Err(answer)
        }))
    }
}
