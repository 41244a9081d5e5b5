//! The HTTP response to a request whose token has a given code (RFC 6750 §3). The
//! gateways, the examples and other servers share this table.

use super::code::Code;
use super::stage::Stage;

enum Answer {
    /// The token is accepted.
    Pass,
    /// There is no token.
    Challenge,
    /// The token is invalid; another one may be valid.
    Invalid,
    /// The token is valid but grants too little.
    Insufficient,
    /// The server cannot tell at the moment.
    Unavailable,
    /// The server itself is at fault.
    Fault,
}

impl Code {
    /// Returns the HTTP status of the response to a request whose token has this code:
    /// 200, 401, 403, 500 or 503.
    ///
    /// A fault of the token is 401, and a token that grants too little is 403. A fault
    /// of the server (its arguments, its keys, a fault of this library) is 500: after a
    /// 401 the client would throw a good token away. Keys that could not be fetched are 503. The
    /// error of [`bearer_error`](Self::bearer_error), if any, belongs into
    /// `WWW-Authenticate`; a status of 500 or 503 has no such header.
    ///
    /// ```
    /// use jot::Code;
    ///
    /// assert_eq!((Code::Expired.http_status(), Code::Expired.bearer_error()), (401, Some("invalid_token")));
    /// assert_eq!(Code::ScopeInsufficient.http_status(), 403);
    /// ```
    #[must_use]
    pub const fn http_status(self) -> u16 {
        match self.answer() {
            Answer::Pass => 200,
            //= rfc6750#section-3.1
            //# The resource SHOULD respond with the HTTP 401 (Unauthorized) status code.
            Answer::Challenge | Answer::Invalid => 401,
            //= rfc6750#section-3.1
            //# The resource server SHOULD respond with the HTTP 403 (Forbidden) status code
            Answer::Insufficient => 403,
            Answer::Unavailable => 503,
            Answer::Fault => 500,
        }
    }

    /// Returns the error of RFC 6750 §3.1 for `WWW-Authenticate: Bearer error="…"`:
    /// `invalid_token` or `insufficient_scope`; `None` if the header has no error.
    ///
    /// The third error, `invalid_request` with 400, is about the request: the server
    /// returns it for a request with several tokens, before it verifies any of them.
    #[must_use]
    //= rfc6750#section-3
    //# the resource server SHOULD include the "error" attribute
    //= rfc9068#section-4
    //# The resource server MUST handle errors as described in Section 3.1 of [RFC6750].
    pub const fn bearer_error(self) -> Option<&'static str> {
        match self.answer() {
            Answer::Invalid => Some("invalid_token"),
            Answer::Insufficient => Some("insufficient_scope"),
            Answer::Pass | Answer::Challenge | Answer::Unavailable | Answer::Fault => None,
        }
    }

    /// [`bearer_error`](Self::bearer_error) for C.
    #[cfg(feature = "capi")]
    pub(crate) const fn c_bearer_error(self) -> Option<&'static std::ffi::CStr> {
        match self.answer() {
            Answer::Invalid => Some(c"invalid_token"),
            Answer::Insufficient => Some(c"insufficient_scope"),
            Answer::Pass | Answer::Challenge | Answer::Unavailable | Answer::Fault => None,
        }
    }

    const fn answer(self) -> Answer {
        match self {
            // "If the request lacks any authentication information … the
            // resource server SHOULD NOT include an error code."
            //= rfc6750#section-3.1
            //# the resource server SHOULD NOT include an error code or other error information.
            Self::TokenNull => Answer::Challenge,
            // "The request requires higher privileges than provided by the
            // access token." A missing claim that the policy requires is not such a
            // case: RFC 9068 §4 requires invalid_token.
            Self::ScopeInsufficient => Answer::Insufficient,
            // Whether the token is good cannot be said before the keys are there.
            Self::KeysNotYet
            | Self::KeysStale
            | Self::RevocationsStale
            | Self::RevocationsNotYet
            | Self::RevocationsOlder
            | Self::StatusListNotYet
            | Self::StatusListStale
            | Self::StatusListInvalid
            | Self::StatusListUnknown
            | Self::StatusListTooLong
            | Self::FetchFailed
            | Self::FetchTimeout
            | Self::FetchStatus
            | Self::FetchRedirect
            | Self::ReplyTooLong
            | Self::KeysTooMany
            | Self::DiscoveryInvalid
            | Self::DiscoveryIssuer => Answer::Unavailable,
            // The token chose an unknown key. The other codes of this stage are about
            // the server's own keys.
            Self::KidUnknown
            | Self::KeyNotForAlg
            | Self::IssuerUnknown
            | Self::KeyRevoked
            | Self::KeyNotYetValid
            | Self::KeyRetired => Answer::Invalid,
            _ => match self.stage() {
                Stage::Accepted => Answer::Pass,
                // "… expired, revoked, malformed, or invalid for other reasons."
                //= rfc9068#section-4
                //# the authorization server response MUST include the error code "invalid_token".
                Stage::Syntax | Stage::Header | Stage::Signature | Stage::Claims | Stage::Limits => {
                    Answer::Invalid
                }
                Stage::Caller | Stage::Key | Stage::Internal => Answer::Fault,
            },
        }
    }
}
