//! Tokens that come with their own key, such as proofs of DPoP.

use std::cell::RefCell;

use jot::{NumericDate, Rejection, Scratch, SelfSigned, SelfSignedVerifier};
use napi::Env;
use napi::bindgen_prelude::{BigInt, Either, Unknown};
use napi_derive::napi;
use serde::Deserialize;

use crate::algorithm::algorithms;
use crate::fault::{Fault, of_engine};
use crate::keys::text_of;
use crate::options::{self, OneOrMany};
use crate::rejection::NativeRejection;
use crate::verifier::instant;

/// What such tokens must be. An unknown member is an error.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct Rules {
    algorithms: Vec<String>,
    typ: OneOrMany,
    any_typ: bool,
}

/// What verifies such tokens.
#[napi]
pub struct NativeSelfSignedVerifier {
    verifier: SelfSignedVerifier,
    scratch: RefCell<Scratch>,
}

/// What such a token says. Nothing of it is trusted.
#[napi(object, object_from_js = false)]
pub struct SelfSignedRow {
    /// Of the key (RFC 7638).
    pub thumbprint: String,
    /// Of the signature.
    pub algorithm: String,
    /// The JSON text of the claims.
    pub payload: String,
    /// The whole seconds of `iat`.
    pub issued_at: Option<f64>,
}

#[napi]
impl NativeSelfSignedVerifier {
    /// Begins with the options, as JSON.
    ///
    /// # Errors
    /// One of them makes no sense.
    #[napi(constructor)]
    pub fn new(options: String) -> Result<Self, Fault> {
        let rules = options::read::<Rules>(&options)?;
        let mut builder = SelfSignedVerifier::builder(algorithms(&rules.algorithms)?);
        for typ in rules.typ.texts() {
            builder = builder.typ(typ);
        }
        if rules.any_typ {
            builder = builder.any_typ();
        }
        Ok(Self { verifier: builder.build().map_err(of_engine)?, scratch: RefCell::default() })
    }

    /// Verifies a token with the key in its header, or with the one that is handed over. `max_age`
    /// is how many seconds old it may be, and `leeway` how many clocks may differ.
    ///
    /// # Errors
    /// The token or key is neither a string nor bytes.
    #[napi]
    pub fn verify(
        &self,
        env: Env,
        token: Unknown<'_>,
        jwk: Option<String>,
        now: Option<Either<f64, BigInt>>,
        max_age: u32,
        leeway: u32,
    ) -> Result<Either<SelfSignedRow, NativeRejection>, Fault> {
        let token = text_of(env, token, "token")?;
        let now = instant(now)?;
        let scratch = &mut *self.scratch.borrow_mut();
        let judged = match &jwk {
            None => self.verifier.verify(&token, scratch),
            Some(jwk) => self.verifier.verify_with_key(&token, jwk, scratch),
        };
        let judged = judged.and_then(|known| {
            known.check_dates(now, max_age, leeway)?;
            row(&known)
        });
        match judged {
            Ok(row) => Ok(Either::A(row)),
            Err(rejection) => Ok(Either::B(NativeRejection::new(rejection))),
        }
    }
}

fn row(known: &SelfSigned<'_>) -> Result<SelfSignedRow, Rejection> {
    #[expect(clippy::cast_precision_loss, reason = "dates beyond 2^53 seconds are rounded")]
    let seconds = |date: NumericDate| date.floor().0 as f64;
    Ok(SelfSignedRow {
        thumbprint: known.thumbprint().to_string(),
        algorithm: known.alg().to_string(),
        payload: known.claims().as_text().to_owned(),
        issued_at: known.dates()?.issued_at.map(seconds),
    })
}
