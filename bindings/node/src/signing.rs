//! Issuing tokens.

use std::sync::Arc;

use jot::{KeySet, PayloadForm, SignHeader, Signer, SigningKey};
use napi::Env;
use napi::bindgen_prelude::Unknown;
use napi_derive::napi;

use crate::algorithm::algorithm;
use crate::fault::{Fault, of_engine};
use crate::keys::{KeyReading, NativeKeySet, text_of};

/// What stands in the header beside `alg` and `kid`.
#[napi(object)]
pub struct HeaderParts {
    /// `JWT` unless set; null for none.
    pub typ: Option<String>,
    /// Whether there is to be no `typ`.
    pub without_typ: bool,
    /// Other members, as a JSON object.
    pub parameters: Option<String>,
}

impl HeaderParts {
    fn made(self) -> SignHeader {
        let mut made = SignHeader::default();
        if self.without_typ {
            made = made.without_typ();
        } else if let Some(typ) = self.typ {
            made = made.typ(typ);
        }
        if let Some(parameters) = self.parameters {
            made = made.parameters(parameters);
        }
        made
    }
}

/// A key that signs.
#[napi]
pub struct NativeSigner {
    signer: Signer,
}

#[napi]
impl NativeSigner {
    /// Makes a new key.
    ///
    /// # Errors
    /// There is no such algorithm, or RSA has no such length.
    #[napi(factory)]
    pub fn generate(alg: String, bits: Option<u32>, kid: Option<String>) -> Result<Self, Fault> {
        let alg = algorithm(&alg)?;
        let key = match bits {
            None => SigningKey::generate(alg),
            Some(bits) => SigningKey::generate_rsa(alg, usize::try_from(bits).unwrap_or(usize::MAX)),
        };
        let key = key.map_err(of_engine)?;
        Ok(Self::of(match kid {
            Some(kid) => key.with_kid(kid),
            None => key,
        }))
    }

    /// Reads a JWK, PEM or DER, by its form.
    ///
    /// # Errors
    /// It is no private key that can be used.
    #[napi(factory)]
    pub fn from_text(env: Env, value: Unknown<'_>, reading: KeyReading) -> Result<Self, Fault> {
        let text = text_of(env, value, "key")?;
        let options = reading.options()?;
        let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
        let key = match first {
            Some(b'{') => SigningKey::from_jwk(&text, &options),
            Some(b'-') => SigningKey::from_pem(&text, &options),
            _ => SigningKey::from_der(&text, &options),
        };
        key.map(Self::of).map_err(of_engine)
    }

    /// Takes bytes for a secret.
    ///
    /// # Errors
    /// It is too short.
    #[napi(factory)]
    pub fn from_secret(env: Env, value: Unknown<'_>, reading: KeyReading) -> Result<Self, Fault> {
        let secret = text_of(env, value, "secret")?;
        SigningKey::from_secret(&secret, &reading.options()?).map(Self::of).map_err(of_engine)
    }

    fn of(key: SigningKey) -> Self {
        Self { signer: Signer::new(key) }
    }

    /// Signs the JSON text of a Claims Set.
    ///
    /// # Errors
    /// The text is none, or the header cannot be.
    #[napi]
    pub fn sign(&self, claims: String, header: HeaderParts) -> Result<String, Fault> {
        self.signer.sign_claims_with(&header.made(), claims).map_err(of_engine)
    }

    /// Signs a text or bytes, whatever they are.
    ///
    /// # Errors
    /// The payload is neither a string nor bytes, or the header cannot be.
    #[napi]
    pub fn sign_payload(&self, env: Env, payload: Unknown<'_>, header: HeaderParts) -> Result<String, Fault> {
        let payload = text_of(env, payload, "payload")?;
        self.signer.sign_payload(&header.made(), payload, PayloadForm::Attached).map_err(of_engine)
    }

    /// The name of the algorithm.
    #[napi(getter)]
    pub fn algorithm(&self) -> String {
        self.signer.key().alg().to_string()
    }

    /// The `kid`.
    #[napi(getter)]
    pub fn kid(&self) -> Option<String> {
        self.signer.key().kid().map(str::to_owned)
    }

    /// The keys that verify what this signs.
    ///
    /// # Errors
    /// The engine has none for it.
    #[napi]
    pub fn verifying_keys(&self) -> Result<NativeKeySet, Fault> {
        let key = self.signer.key().verifying_key().map_err(of_engine)?;
        Ok(NativeKeySet { set: Arc::new(KeySet::new([key])) })
    }

    /// Writes the private key as a JWK.
    ///
    /// # Errors
    /// The engine cannot write it.
    #[napi]
    pub fn to_jwk(&self) -> Result<String, Fault> {
        self.signer.key().to_jwk().map_err(of_engine)
    }
}
