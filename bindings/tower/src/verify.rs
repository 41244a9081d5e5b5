//! The verification of a request's token.

use std::cell::Cell;

use http::HeaderMap;
use http::header::{AUTHORIZATION, HeaderValue};
use jot::{Scratch, Verified};

use crate::guard::Guard;
use crate::refusal::{Reason, Refusal};
use crate::retry::Retried;
use crate::token::Token;

thread_local! {
    /// The buffers of this thread, while no verification has them.
    static SCRATCH: Cell<Option<Box<Scratch>>> = const { Cell::new(None) };
}

impl Guard {
    /// Verifies the token of a request. It waits for nothing: a token whose key is not known yet is
    /// refused at once. [`layer`](Self::layer) and the extractor `Claims` have it fetched.
    ///
    /// # Errors
    /// [`Refusal`]: there is no token, or more than one, or it is rejected.
    pub fn verify(&self, headers: &HeaderMap) -> Result<Token, Refusal> {
        self.verify_values(values(headers))
    }

    /// [`verify`](Self::verify) for servers with another map of headers: takes the values of
    /// `Authorization`, of which there may be several.
    ///
    /// # Errors
    /// Those of [`verify`](Self::verify).
    pub fn verify_values<'v>(
        &self,
        authorization: impl IntoIterator<Item = &'v [u8]>,
    ) -> Result<Token, Refusal> {
        self.judge(authorization, |verified| Token::new(self, verified))
    }

    /// Verifies the token of a request and reads its claims in place, without a copy.
    ///
    /// # Errors
    /// Those of [`verify`](Self::verify).
    pub fn claims<R>(
        &self,
        headers: &HeaderMap,
        read: impl FnOnce(jot::Claims<'_>) -> R,
    ) -> Result<R, Refusal> {
        self.judge(values(headers), |verified| read(verified.claims()))
    }

    /// Begins a fetch of the keys that a refused token may lack; `None` if none can help.
    pub(crate) fn retry(&self, refusal: &Refusal) -> Option<Retried> {
        let Reason::Rejected(rejection) = refusal.reason() else { return None };
        self.shared.retry.as_ref()?.retry(rejection.code())
    }

    pub(crate) fn judge<'v, R>(
        &self,
        authorization: impl IntoIterator<Item = &'v [u8]>,
        read: impl FnOnce(&Verified<'_>) -> R,
    ) -> Result<R, Refusal> {
        let token = match jot::authorization_token("Bearer", authorization) {
            Ok(Some(token)) => token,
            Ok(None) => return Err(Refusal::new(self, Reason::Missing, String::new)),
            Err(jot::RepeatedToken) => return Err(Refusal::new(self, Reason::Repeated, String::new)),
        };
        // Between two requests the thread may go on with another task, but not here.
        let mut scratch = SCRATCH.take().unwrap_or_default();
        let now = (self.shared.clock)();
        let verified = self.shared.verifier.verify(token, now, &mut scratch);
        let granted = verified.and_then(|verified| {
            verified.claims().has_scopes(&self.scopes)?;
            Ok(verified)
        });
        let outcome = match granted {
            Ok(verified) => Ok(read(&verified)),
            Err(rejection) => {
                Err(Refusal::new(self, Reason::Rejected(rejection), || rejection.detail(token)))
            }
        };
        SCRATCH.set(Some(scratch));
        outcome
    }
}

/// Returns the values of `Authorization`.
pub(crate) fn values(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    headers.get_all(AUTHORIZATION).iter().map(HeaderValue::as_bytes)
}
