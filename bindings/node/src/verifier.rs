//! Verifying one token.

use std::cell::RefCell;
use std::sync::Arc;

use jot::{
    Alg, Code, NumericDate, Payload, Policy, Scratch, StatusList, UnixSeconds, Verifier, VerifierBuilder,
};
use napi::bindgen_prelude::{BigInt, Buffer, ClassInstance, Either, Float64ArraySlice, Unknown};
use napi::{Env, JsString};
use napi_derive::napi;

use crate::algorithm::algorithm;
use crate::bytes;
use crate::demand::{DemandParts, Read};
use crate::fault::{Fault, fault, of_engine, of_fetch};
use crate::keys::NativeKeySet;
use crate::options::{self, Options};
use crate::rejection::NativeRejection;
use crate::remote::NativeRemoteKeys;
use crate::remote_revocations::NativeRemoteRevocations;

/// A verifier in the making.
#[napi]
pub struct NativeBuilder {
    // None once it is built.
    parts: Option<(Options, VerifierBuilder)>,
}

#[napi]
impl NativeBuilder {
    /// Begins with the options, as JSON.
    ///
    /// # Errors
    /// One of them makes no sense.
    #[napi(constructor)]
    pub fn new(options: String) -> Result<Self, Fault> {
        let options = options::read::<Options>(&options)?;
        let policy: Policy = options.policy()?;
        Ok(Self { parts: Some((options, Verifier::builder(policy))) })
    }

    /// Trusts keys for tokens of any issuer.
    #[napi]
    pub fn keys(&mut self, keys: Either<ClassInstance<NativeKeySet>, ClassInstance<NativeRemoteKeys>>) {
        self.with(|builder| match keys {
            Either::A(keys) => builder.keys(Arc::clone(&keys.set)),
            Either::B(keys) => builder.keys(keys.keys()),
        });
    }

    /// Trusts keys for tokens of one issuer.
    #[napi]
    pub fn issuer(
        &mut self,
        issuer: String,
        keys: Either<ClassInstance<NativeKeySet>, ClassInstance<NativeRemoteKeys>>,
    ) {
        self.with(|builder| match keys {
            Either::A(keys) => builder.issuer(&issuer, Arc::clone(&keys.set)),
            Either::B(keys) => builder.issuer(&issuer, keys.keys()),
        });
    }

    /// Trusts keys for calls that name them.
    #[napi]
    pub fn key_set(
        &mut self,
        name: String,
        issuer: Option<String>,
        keys: Either<ClassInstance<NativeKeySet>, ClassInstance<NativeRemoteKeys>>,
    ) {
        let issuer = issuer.as_deref();
        self.with(|builder| match keys {
            Either::A(keys) => builder.key_set(&name, issuer, Arc::clone(&keys.set)),
            Either::B(keys) => builder.key_set(&name, issuer, keys.keys()),
        });
    }

    /// Makes the verifier.
    ///
    /// # Errors
    /// The options or keys make no sense together.
    #[napi]
    pub fn build(&mut self) -> Result<NativeVerifier, Fault> {
        let Some((options, builder)) = self.parts.take() else {
            return Err(fault(Code::PolicyInvalid, "verifier", "it was built before"));
        };
        let verifier = options.settings(builder)?.build().map_err(of_engine)?;
        Ok(NativeVerifier { verifier: Arc::new(verifier), buffers: RefCell::default() })
    }

    fn with(&mut self, step: impl FnOnce(VerifierBuilder) -> VerifierBuilder) {
        self.parts = self.parts.take().map(|(options, builder)| (options, step(builder)));
    }
}

/// A verifier, with the memory of one verification. A thread of JavaScript has its own.
#[napi]
pub struct NativeVerifier {
    pub(crate) verifier: Arc<Verifier>,
    // A call may get the same object twice.
    buffers: RefCell<Buffers>,
}

#[derive(Default)]
struct Buffers {
    scratch: Scratch,
    token: Vec<u8>,
}

/// A longer token gives its memory back with the next one.
const LONGEST_KEPT: usize = 1 << 20;

impl Buffers {
    fn take(&mut self, env: Env, token: Unknown<'_>) -> Result<(), Fault> {
        if self.token.capacity() > LONGEST_KEPT {
            self.token = Vec::new();
        }
        bytes::read(env, token, &mut self.token)
            .map_err(|_| fault(Code::PolicyInvalid, "token", "token: a string or a Uint8Array is wanted"))
    }
}

#[napi]
impl NativeVerifier {
    /// Returns the number of a token's code, and nothing of the token.
    ///
    /// # Errors
    /// The token is neither a string nor bytes.
    #[napi]
    pub fn check(
        &self,
        env: Env,
        token: Unknown<'_>,
        now: Option<Either<f64, BigInt>>,
    ) -> Result<u32, Fault> {
        let buffers = &mut *self.buffers.borrow_mut();
        buffers.take(env, token)?;
        let answer = self.verifier.verify_without_claims(&buffers.token, instant(now)?, &mut buffers.scratch);
        Ok(answer.map_or_else(|rejection| rejection.code(), |_| Code::Accepted).number())
    }

    /// Returns the text of an accepted token's Claims Set, and writes the rest into `slot`.
    ///
    /// # Errors
    /// The token is neither a string nor bytes.
    #[napi]
    pub fn verify<'e>(
        &self,
        env: &'e Env,
        token: Unknown<'_>,
        now: Option<Either<f64, BigInt>>,
        mut slot: Float64ArraySlice<'_>,
        demand: Option<DemandParts>,
    ) -> Result<Either<JsString<'e>, NativeRejection>, Fault> {
        let buffers = &mut *self.buffers.borrow_mut();
        buffers.take(*env, token)?;
        let now = instant(now)?;
        let judged = match demand {
            None => self.verifier.verify(&buffers.token, now, &mut buffers.scratch).map(Read::from),
            Some(parts) => parts.judge(&self.verifier, &buffers.token, now, &mut buffers.scratch)?,
        };
        let read = match judged {
            Ok(read) => read,
            Err(rejection) => return Ok(Either::B(NativeRejection::new(rejection))),
        };
        bytes::write(&mut slot, &told(&read));
        let text = env.create_string(read.claims.as_text());
        text.map(Either::A).map_err(|error| fault(Code::Internal, "claims", &error.reason))
    }

    /// Verifies header and signature of a JWS, and returns its payload.
    ///
    /// # Errors
    /// The token is neither a string nor bytes.
    #[napi]
    pub fn verify_jws(
        &self,
        env: Env,
        token: Unknown<'_>,
        issuer: Option<String>,
        detached: Option<Unknown<'_>>,
    ) -> Result<Either<Buffer, NativeRejection>, Fault> {
        let buffers = &mut *self.buffers.borrow_mut();
        buffers.take(env, token)?;
        let detached = match detached {
            Some(payload) => Some(crate::keys::text_of(env, payload, "payload")?),
            None => None,
        };
        let payload = match &detached {
            Some(bytes) => Payload::Detached(bytes),
            None => Payload::Attached,
        };
        let judged =
            self.verifier.verify_jws(&buffers.token, payload, issuer.as_deref(), &mut buffers.scratch);
        Ok(match judged {
            Ok(verified) => Either::A(verified.payload().to_vec().into()),
            Err(rejection) => Either::B(NativeRejection::new(rejection)),
        })
    }

    /// Replaces the keys of an issuer, or of a key set by its name.
    ///
    /// # Errors
    /// There is no such issuer, or its keys are remote.
    #[napi]
    pub fn replace_keys(
        &self,
        issuer: Option<String>,
        keys: ClassInstance<NativeKeySet>,
    ) -> Result<(), Fault> {
        self.verifier.replace_keys(issuer.as_deref(), Arc::clone(&keys.set)).map_err(of_engine)
    }

    /// Shows a Token Status List, a token that `lists` must accept.
    ///
    /// # Errors
    /// The token is rejected, or holds no list, or the policy asks for none.
    #[napi]
    pub fn put_status_list(
        &self,
        env: Env,
        token: Unknown<'_>,
        lists: &NativeVerifier,
        most_entries: u32,
        now: Option<Either<f64, BigInt>>,
    ) -> Result<(), Fault> {
        let most = usize::try_from(most_entries).unwrap_or(usize::MAX);
        let buffers = &mut *lists.buffers.borrow_mut();
        buffers.take(env, token)?;
        let verified = lists.verifier.verify(&buffers.token, instant(now)?, &mut buffers.scratch);
        let verified = verified.map_err(|rejection| {
            fault(rejection.code(), rejection.claim().unwrap_or("token"), &rejection.to_string())
        })?;
        let list = StatusList::from_claims(&verified.claims(), most).map_err(of_engine)?;
        self.verifier.set_status_list(list).map_err(of_engine)
    }

    /// Says that a Token Status List is not there: it was never fetched, or is too old.
    ///
    /// # Errors
    /// The policy asks for none.
    #[napi]
    pub fn lack_status_list(&self, uri: String, stale: bool) -> Result<(), Fault> {
        let list = if stale { StatusList::stale(&uri) } else { StatusList::not_yet(&uri) };
        self.verifier.set_status_list(list).map_err(of_engine)
    }

    /// Refuses tokens that are taken back, from now on.
    ///
    /// # Errors
    /// The verifier follows such a list already.
    #[napi]
    pub fn follow_revocations(&self, list: ClassInstance<NativeRemoteRevocations>) -> Result<(), Fault> {
        list.list().feed(&self.verifier).map_err(of_fetch)
    }

    /// The name of the code that verifies under an algorithm.
    ///
    /// # Errors
    /// There is no such algorithm.
    #[napi]
    pub fn backend_name(&self, alg: String) -> Result<&'static str, Fault> {
        Ok(self.verifier.backend_name(algorithm(&alg)?))
    }

    /// The counts, in the Prometheus text format.
    #[napi]
    pub fn prometheus(&self) -> String {
        self.verifier.statistics().to_prometheus()
    }
}

/// Returns the given instant, or that of the system's clock.
pub(crate) fn instant(now: Option<Either<f64, BigInt>>) -> Result<UnixSeconds, Fault> {
    match now {
        None => Ok(UnixSeconds::now()),
        Some(Either::B(seconds)) => match seconds.get_i64() {
            (seconds, true) => Ok(UnixSeconds(seconds)),
            _ => Err(fault(Code::PolicyInvalid, "now", "now: there is no such instant")),
        },
        #[expect(clippy::cast_possible_truncation, reason = "what is beyond the last instant becomes it")]
        Some(Either::A(seconds)) if seconds.is_finite() => Ok(UnixSeconds(seconds.floor() as i64)),
        Some(_) => Err(fault(Code::PolicyInvalid, "now", "now: seconds since 1970 are wanted")),
    }
}

/// What `lib/token.js` reads. A date that is absent is NaN.
fn told(read: &Read<'_>) -> [f64; 6] {
    let place = Alg::ALL.iter().position(|one| *one == read.alg).unwrap_or_default();
    let seconds = |date: Option<NumericDate>| match date {
        #[expect(clippy::cast_precision_loss, reason = "dates beyond 2^53 seconds are rounded")]
        Some(date) => date.floor().0 as f64,
        None => f64::NAN,
    };
    [
        f64::from(u8::try_from(place).unwrap_or(u8::MAX)),
        f64::from(read.key.issuer_index),
        f64::from(read.key.key_index),
        seconds(read.claims.expires_at()),
        seconds(read.claims.not_before()),
        seconds(read.claims.issued_at()),
    ]
}
