//! The scopes that a token grants: what a policy demands and what a server asks
//! for route by route mean the same.

use super::Claims;
use crate::error::{Code, Rejection};
use crate::json::Value;

/// What `scope` and `scp` hold, each a string or an array of strings.
#[derive(Clone, Copy)]
struct Scopes<'s> {
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
        self.has_scopes(&[scope]).is_ok()
    }

    /// Demands that the token grants every one of these scopes, by the rule of
    /// [`has_scope`](Self::has_scope), and says why if it does not; what
    /// [`Policy::scope`](crate::Policy::scope) demands.
    ///
    /// ```
    /// # fn may_write(claims: jot::Claims<'_>) -> Result<(), jot::Rejection> {
    /// claims.has_scopes(&["orders:read", "orders:write"])
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Code::ScopeInvalid`] if `scope` or `scp` is something else than a string or an
    /// array of strings; [`Code::ScopeInsufficient`]. None if no scope is demanded,
    /// whatever the claims are.
    pub fn has_scopes(&self, scopes: &[impl AsRef<str>]) -> Result<(), Rejection> {
        if scopes.is_empty() {
            return Ok(());
        }
        let granted = self.scopes().map_err(Rejection::after_signature)?;
        if scopes.iter().map(AsRef::as_ref).all(|wanted| can_be_scope(wanted) && granted.grant(wanted)) {
            return Ok(());
        }
        Err(Rejection::of_claim(Code::ScopeInsufficient, granted.name()).after_signature())
    }

    /// # Errors
    /// [`Code::ScopeInvalid`]
    fn scopes(&self) -> Result<Scopes<'s>, Rejection> {
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
    fn grant(&self, wanted: &str) -> bool {
        let grants = |value: Option<Value<'_>>| match value {
            Some(Value::String(scopes)) => scopes.split(' ').any(|scope| scope == wanted),
            // An element is one scope, whatever it is made of.
            Some(Value::Array(scopes)) => scopes.has_text(wanted),
            _ => false,
        };
        grants(self.scope) || grants(self.scp)
    }

    /// Returns the claim that a scope would be looked for in.
    fn name(&self) -> &'static str {
        if self.scope.is_none() && self.scp.is_some() { "scp" } else { "scope" }
    }
}
