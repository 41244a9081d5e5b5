//! Tokens that are not accepted.

use jot::Rejection;
use napi::Env;
use napi::bindgen_prelude::Unknown;
use napi_derive::napi;

use crate::fault::Fault;
use crate::keys::text_of;

/// Why a token is not accepted.
#[napi]
pub struct NativeRejection {
    rejection: Rejection,
}

impl NativeRejection {
    pub(crate) const fn new(rejection: Rejection) -> Self {
        Self { rejection }
    }
}

#[napi]
impl NativeRejection {
    /// The number of the code.
    #[napi(getter)]
    pub fn number(&self) -> u32 {
        self.rejection.code().number()
    }

    /// The claim at fault.
    #[napi(getter)]
    pub fn claim(&self) -> Option<String> {
        self.rejection.claim().map(str::to_owned)
    }

    /// The byte at fault.
    #[napi(getter)]
    pub fn offset(&self) -> Option<u32> {
        self.rejection.offset()
    }

    /// Whether the signature held.
    #[napi(getter)]
    pub fn signature_ok(&self) -> bool {
        self.rejection.signature_ok()
    }

    /// What a log may say.
    ///
    /// # Errors
    /// The token is no text.
    #[napi]
    pub fn detail(&self, env: Env, token: Unknown<'_>) -> Result<String, Fault> {
        Ok(self.rejection.detail(text_of(env, token, "token")?))
    }
}
