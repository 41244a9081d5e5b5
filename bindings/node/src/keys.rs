//! Keys that verify.

use std::sync::Arc;

use jot::{Code, KeyOptions, KeySet, VerifyingKey};
use napi::Env;
use napi::bindgen_prelude::Unknown;
use napi_derive::napi;

use crate::algorithm::algorithm;
use crate::bytes;
use crate::fault::{Fault, fault, of_engine};

/// How keys are read.
#[napi(object)]
pub struct KeyReading {
    /// The algorithm of keys that name none.
    pub alg: Option<String>,
    /// The `kid` of keys that have none.
    pub kid: Option<String>,
    /// Whether short keys of RSA and secrets are taken.
    pub allow_weak_keys: Option<bool>,
}

impl KeyReading {
    /// Returns the engine's options.
    pub(crate) fn options(self) -> Result<KeyOptions, Fault> {
        let mut options = KeyOptions::default();
        if let Some(name) = self.alg {
            options = options.alg(algorithm(&name)?);
        }
        if let Some(kid) = self.kid {
            options = options.kid(kid);
        }
        if self.allow_weak_keys == Some(true) {
            options = options.allow_weak_keys();
        }
        Ok(options)
    }
}

/// Reads a text or bytes.
pub(crate) fn text_of(env: Env, value: Unknown<'_>, what: &str) -> Result<Vec<u8>, Fault> {
    let mut text = Vec::new();
    let wrong = |_| fault(Code::KeyInvalid, what, &format!("{what}: a string or a Uint8Array is wanted"));
    bytes::read(env, value, &mut text).map_err(wrong)?;
    Ok(text)
}

/// A key that was left out of a set.
#[napi(object, object_from_js = false)]
pub struct SkippedKey {
    /// Its place in the text.
    pub index: u32,
    /// Its `kid`.
    pub kid: Option<String>,
    /// The name of the code.
    pub code: &'static str,
    /// Why, in one sentence.
    pub reason: String,
}

/// A key of a set.
#[napi(object, object_from_js = false)]
pub struct KeyRow {
    /// Its `kid`.
    pub kid: Option<String>,
    /// What it verifies.
    pub algorithms: Vec<String>,
    /// RFC 7638.
    pub thumbprint: String,
}

/// A set of keys that verify.
#[napi]
pub struct NativeKeySet {
    pub(crate) set: Arc<KeySet>,
}

#[napi]
impl NativeKeySet {
    /// Reads a JWK Set, a JWK, or PEM blocks.
    ///
    /// # Errors
    /// The text is none of them, or no key of it can be used.
    #[napi(factory)]
    pub fn from_text(env: Env, value: Unknown<'_>, reading: KeyReading) -> Result<Self, Fault> {
        let text = text_of(env, value, "keys")?;
        let set = KeySet::from_text(&text, &reading.options()?).map_err(|error| {
            let said = error.to_string();
            let error = error.error();
            fault(error.code(), error.member().unwrap_or("keys"), &said)
        })?;
        Ok(Self { set: Arc::new(set) })
    }

    /// Takes bytes for a secret.
    ///
    /// # Errors
    /// It is too short.
    #[napi(factory)]
    pub fn from_secret(env: Env, value: Unknown<'_>, reading: KeyReading) -> Result<Self, Fault> {
        let secret = text_of(env, value, "secret")?;
        let key = VerifyingKey::from_secret(&secret, &reading.options()?).map_err(of_engine)?;
        Ok(Self { set: Arc::new(KeySet::new([key])) })
    }

    /// How many keys there are.
    #[napi(getter)]
    pub fn length(&self) -> u32 {
        u32::try_from(self.set.len()).unwrap_or(u32::MAX)
    }

    /// The keys.
    #[napi]
    pub fn rows(&self) -> Vec<KeyRow> {
        let row = |key: &VerifyingKey| KeyRow {
            kid: key.kid().map(str::to_owned),
            algorithms: key.algorithms().iter().map(|alg| alg.to_string()).collect(),
            thumbprint: key.thumbprint().to_owned(),
        };
        self.set.keys().iter().map(row).collect()
    }

    /// The keys that were left out.
    #[napi]
    pub fn skipped(&self) -> Vec<SkippedKey> {
        let row = |key: &jot::SkippedKey| SkippedKey {
            index: u32::try_from(key.index()).unwrap_or(u32::MAX),
            kid: key.kid().map(str::to_owned),
            code: key.error().code().name(),
            reason: key.error().to_string(),
        };
        self.set.skipped().iter().map(row).collect()
    }

    /// Writes the public keys as a JWK Set.
    ///
    /// # Errors
    /// One of them is a secret.
    #[napi]
    pub fn to_jwks(&self) -> Result<String, Fault> {
        self.set.to_jwks().map_err(of_engine)
    }
}
