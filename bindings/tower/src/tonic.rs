//! The interceptor of tonic.

use http::StatusCode;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use tonic::metadata::MetadataValue;
use tonic::service::Interceptor;
use tonic::{Request, Status};

use crate::guard::Guard;
use crate::refusal::Refusal;

impl Guard {
    /// Returns the interceptor that guards a service of tonic: calls that pass have a
    /// [`Token`](crate::Token) among their extensions. All others get the status
    /// `UNAUTHENTICATED`, `PERMISSION_DENIED` (the token's scopes do not suffice), `UNAVAILABLE`
    /// (the keys are not there yet) or `INTERNAL`, with the engine's code as the message and the
    /// challenge in `www-authenticate`.
    #[must_use]
    pub fn interceptor(&self) -> GuardInterceptor {
        GuardInterceptor { guard: self.clone() }
    }
}

/// Guards a service of tonic; made by [`Guard::interceptor`].
#[derive(Clone, Debug)]
pub struct GuardInterceptor {
    guard: Guard,
}

impl Interceptor for GuardInterceptor {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let all = request.metadata().get_all(AUTHORIZATION.as_str());
        let token = self.guard.verify_values(all.iter().map(MetadataValue::as_encoded_bytes));
        let token = token.map_err(|refusal| status(&refusal))?;
        request.extensions_mut().insert(token);
        Ok(request)
    }
}

fn status(refusal: &Refusal) -> Status {
    let code = refusal.code();
    let mut status = match refusal.status() {
        StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED => Status::unauthenticated(code),
        StatusCode::FORBIDDEN => Status::permission_denied(code),
        StatusCode::SERVICE_UNAVAILABLE => Status::unavailable(code),
        _ => Status::internal(code),
    };
    let challenge = refusal.challenge().and_then(|value| MetadataValue::try_from(value.as_bytes()).ok());
    if let Some(challenge) = challenge {
        status.metadata_mut().insert(WWW_AUTHENTICATE.as_str(), challenge);
    }
    status
}
