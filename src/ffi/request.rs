//! The token of an HTTP request, and the answer to one that is refused.

use std::mem::MaybeUninit;

use super::boundary::{Growable, boundary, given, misuse, read, row};
use super::failure::{Failure, explained, known_code};
use super::slice::Slice;
use super::text::Text;
use crate::authorization::authorization_token;
use crate::error::{Challenge, Code, Error};

/// The request has several tokens, so nobody can say which one was meant: 400 and
/// `invalid_request`, whatever the code is.
pub const JOT_SEVERAL_TOKENS: u32 = 1;

/// The challenge does not say in words what is wrong.
pub const JOT_WITHOUT_DESCRIPTION: u32 = 2;

/// Why a request is refused, and what its client should know (RFC 6750 §3). All zero except
/// `size` and `code` is the default.
///
/// The caller owns it; its views must be valid only for the call.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ChallengeParts {
    /// `sizeof(jot_challenge)`, set by the caller.
    pub size: usize,
    /// The code of the token; `JOT_TOKEN_NULL` for a request without one.
    pub code: u32,
    /// `JOT_SEVERAL_TOKENS` and `JOT_WITHOUT_DESCRIPTION`, or-ed together; or 0.
    pub flags: u32,
    /// What the client is asked to authenticate for.
    pub realm: Slice,
    /// The URL of the metadata of the resource (RFC 9728 §5.1); absent for none.
    pub resource_metadata: Slice,
    /// The scopes that would do. They are told to a client whose token lacks one, and to one
    /// without a token that can look up in the metadata where to ask for it.
    pub scopes: *const Slice,
    /// The number of `scopes`.
    pub scope_count: usize,
}

// SAFETY: `repr(C)`, a `usize` first, integers and raw pointers behind it.
unsafe impl Growable for ChallengeParts {
    const LEAST: usize = size_of::<Self>();
}

impl ChallengeParts {
    const NOTHING: Self = Self {
        size: size_of::<Self>(),
        code: 0,
        flags: 0,
        realm: Slice::ABSENT,
        resource_metadata: Slice::ABSENT,
        scopes: std::ptr::null(),
        scope_count: 0,
    };
}

/// Finds the token of a request in the `count` values of its `Authorization` fields: what
/// follows the scheme, which is `Bearer` for RFC 6750, in any case. Values with other schemes
/// are left out. Several tokens may also stand in one value, joined by a comma.
///
/// `*found` becomes 0 if there is no token, 1 if there is one, and 2 if there are several, which
/// is `JOT_SEVERAL_TOKENS`. `*token` becomes the one, a view into the values, and is absent
/// otherwise. Returns 15x for wrong arguments. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_authorization_token(
    scheme: Slice,
    values: *const Slice,
    count: usize,
    token: Option<&mut MaybeUninit<Slice>>,
    found: Option<&mut MaybeUninit<u32>>,
) -> u32 {
    boundary(|| {
        let (token, found) = (given(token, "token")?, given(found, "found")?);
        let scheme = scheme.text("scheme")?;
        let mut fields = Vec::new();
        for value in row(values, count, "values")? {
            fields.push(value.bytes("values")?);
        }
        let (number, view) = match authorization_token(scheme, fields) {
            Ok(Some(one)) => (1, Slice::of(one)),
            Ok(None) => (0, Slice::ABSENT),
            Err(_) => (2, Slice::ABSENT),
        };
        token.write(view);
        found.write(number);
        Ok(())
    })
}

/// Answers a request that is refused: `*status` becomes the status of the response, and `text`
/// receives the value of `WWW-Authenticate`. The text is empty if the response has no such
/// field: for a fault of the server, which no other token would cure.
///
/// `error` may be NULL. Returns `JOT_ARGUMENT_VALUE` for `JOT_ACCEPTED`, for a number that is
/// not a code and for other flags; 15x. Any thread may call it, each with its own text.
#[unsafe(no_mangle)]
pub extern "C" fn jot_challenge_write(
    challenge: *const ChallengeParts,
    status: Option<&mut MaybeUninit<u32>>,
    text: Option<&mut Text>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let parts = read(challenge, ChallengeParts::NOTHING, "challenge")?;
        let (status, text) = (given(status, "status")?, given(text, "text")?);
        let code = refused(&parts)?;
        let mut scopes = Vec::new();
        for scope in row(parts.scopes, parts.scope_count, "scopes")? {
            scopes.push(scope.text("scopes")?.to_owned());
        }
        let realm = parts.realm.text("realm")?;
        let resource_metadata = parts.resource_metadata.optional_text("resource_metadata")?;
        let (number, reason) = match parts.flags & JOT_SEVERAL_TOKENS {
            0 => (code.http_status(), Challenge::of(code)),
            _ => (400, Challenge::of_several_tokens()),
        };
        let described = parts.flags & JOT_WITHOUT_DESCRIPTION == 0;
        let challenge = Challenge {
            realm,
            error_description: reason.error_description.filter(|_| described),
            resource_metadata,
            ..reason
        };
        status.write(u32::from(number));
        match number {
            500.. => text.set(""),
            _ => text.set(&challenge.with_scopes(&scopes).to_string()),
        }
        Ok(())
    })
}

fn refused(parts: &ChallengeParts) -> Result<Code, Error> {
    let code = known_code(parts.code)?;
    if code == Code::Accepted {
        return Err(misuse(Code::ArgumentValue, "code"));
    }
    if parts.flags & !(JOT_SEVERAL_TOKENS | JOT_WITHOUT_DESCRIPTION) != 0 {
        return Err(misuse(Code::ArgumentValue, "flags"));
    }
    Ok(code)
}
