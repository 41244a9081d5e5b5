//! Revocations that the program itself keeps.

use jot::{Revocations, UnixSeconds};
use napi::bindgen_prelude::{BigInt, Either};
use napi_derive::napi;

use crate::fault::{Fault, of_engine};
use crate::verifier::{NativeVerifier, instant};

type Instant = Either<f64, BigInt>;

/// A list of revocations.
#[napi]
pub struct NativeRevocations {
    list: Revocations,
}

#[napi]
impl NativeRevocations {
    /// Makes an empty list, for so many at most.
    #[napi(constructor)]
    pub fn new(limit: u32) -> Self {
        Self { list: Revocations::with_limit(usize::try_from(limit).unwrap_or(usize::MAX)) }
    }

    /// Reads a list that was saved.
    ///
    /// # Errors
    /// The text is none, or there are too many.
    #[napi(factory)]
    pub fn from_text(text: String, limit: u32) -> Result<Self, Fault> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(Self { list: Revocations::from_text(&text, limit).map_err(of_engine)? })
    }

    /// Revokes the token with this `jti`, which expires then.
    ///
    /// # Errors
    /// The list is full.
    #[napi]
    pub fn revoke_token(&mut self, jti: String, until: Option<Instant>) -> Result<(), Fault> {
        self.list.revoke_jti(&jti, end(until)?).map_err(of_engine)
    }

    /// Revokes the tokens of the session with this `sid`, the last of which expires then.
    ///
    /// # Errors
    /// The list is full.
    #[napi]
    pub fn revoke_session(&mut self, sid: String, until: Option<Instant>) -> Result<(), Fault> {
        self.list.revoke_session(&sid, end(until)?).map_err(of_engine)
    }

    /// Revokes the tokens of this `sub` that were issued before.
    ///
    /// # Errors
    /// The list is full.
    #[napi]
    pub fn revoke_subject(&mut self, subject: String, issued_before: Instant) -> Result<(), Fault> {
        self.list.revoke_subject(&subject, instant(Some(issued_before))?).map_err(of_engine)
    }

    /// Revokes the key with this thumbprint.
    ///
    /// # Errors
    /// The list is full.
    #[napi]
    pub fn revoke_key(&mut self, thumbprint: String) -> Result<(), Fault> {
        self.list.revoke_key(&thumbprint).map_err(of_engine)
    }

    /// Drops what has expired.
    ///
    /// # Errors
    /// There is no such instant.
    #[napi]
    pub fn purge(&mut self, now: Option<Instant>) -> Result<(), Fault> {
        self.list.purge(instant(now)?);
        Ok(())
    }

    /// How many there are.
    #[napi(getter)]
    pub fn length(&self) -> u32 {
        u32::try_from(self.list.len()).unwrap_or(u32::MAX)
    }

    /// Writes the list.
    #[napi(getter)]
    pub fn text(&self) -> String {
        self.list.to_text()
    }

    /// Hands a copy of the list to a verifier.
    #[napi]
    pub fn give(&self, verifier: &NativeVerifier) {
        verifier.verifier.set_revocations(self.list.clone());
    }
}

fn end(until: Option<Instant>) -> Result<Option<UnixSeconds>, Fault> {
    until.map(|end| instant(Some(end))).transpose()
}
