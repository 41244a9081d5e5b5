//! The scopes that a token grants: what a policy demands and what a server asks
//! for route by route mean the same.

use super::Claims;
use crate::error::{Code, Rejection};
use crate::json::Value;

/// What `scope` and `scp` hold, each a string or an array of strings.
#[derive(Clone, Copy)]
pub(crate) struct Scopes<'s> {
    scope: Option<Value<'s>>,
    scp: Option<Value<'s>>,
}

/// Returns `true` if a text can be a scope: one with a space in it could never be
/// found (RFC 6749 §3.3).
pub(crate) fn can_be_scope(scope: &str) -> bool {
    !scope.is_empty() && !scope.contains(' ')
}

impl<'s> Claims<'s> {
    /// Returns `true` if the token grants a scope, in `scope` (one string, scopes
    /// apart by spaces, RFC 8693 §4.2) or in `scp` (an array, or such a string).
    ///
    /// It is `true` for just those scopes that [`Policy::scope`](crate::Policy::scope)
    /// may demand of this token, and so `false` for all when `scope` or `scp` is
    /// something else than text. For a server whose routes want different
    /// scopes; the code of a request that lacks one is
    /// [`Code::ScopeInsufficient`].
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        can_be_scope(scope) && self.scopes().is_ok_and(|scopes| scopes.grant(scope))
    }

    /// # Errors
    /// [`Code::ScopeInvalid`]
    pub(crate) fn scopes(&self) -> Result<Scopes<'s>, Rejection> {
        let scopes = Scopes { scope: self.claim("scope"), scp: self.claim("scp") };
        for (name, value) in [("scope", scopes.scope), ("scp", scopes.scp)] {
            match value {
                None | Some(Value::String(_)) => {}
                Some(Value::Array(array)) if array.iter().all(|item| item.as_str().is_some()) => {}
                Some(_) => return Err(Rejection::of_claim(Code::ScopeInvalid, name)),
            }
        }
        Ok(scopes)
    }
}

impl Scopes<'_> {
    /// Returns `true` if a scope is among them.
    pub(crate) fn grant(&self, wanted: &str) -> bool {
        let grants = |value: Option<Value<'_>>| match value {
            Some(Value::String(scopes)) => scopes.split(' ').any(|scope| scope == wanted),
            // An element is one scope, whatever it is made of.
            Some(Value::Array(scopes)) => scopes.has_text(wanted),
            _ => false,
        };
        grants(self.scope) || grants(self.scp)
    }

    /// Returns the claim that a scope would be looked for in.
    pub(crate) fn name(&self) -> &'static str {
        if self.scope.is_none() && self.scp.is_some() { "scp" } else { "scope" }
    }
}
