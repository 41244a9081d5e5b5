//! Who may log in, and what a login may be granted.
//!
//! ```text
//!              disable                     a login succeeds if the account is enabled, has a
//!   ┌─────────┐ ─────▶ ┌──────────┐        password, and the password is right; whichever of
//!   │ enabled │        │ disabled │        these fails, the answer is the same
//!   └─────────┘ ◀───── └──────────┘
//!              enable
//! ```

use std::fmt;

use jot::UnixSeconds;

/// The longest name of an account, in bytes.
const MAX_NAME: usize = 128;

/// A name as accounts have it: lower case, and of characters that look like no others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AccountName(String);

impl AccountName {
    /// Reads a name: ASCII letters, digits and `._@+-`, at most 128 of them. Capitals become
    /// small, so `Alice` and `alice` are one account. `None` for anything else.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._@+-".contains(&byte);
        let is_name = !text.is_empty() && text.len() <= MAX_NAME && text.bytes().all(is_allowed);
        is_name.then(|| Self(text.to_ascii_lowercase()))
    }

    /// Returns the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Scopes and audiences that an account or a client may have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permissions {
    /// Each a scope-token (RFC 6749 §3.3).
    pub scopes: Vec<String>,
    /// Whose tokens it may have.
    pub audiences: Vec<String>,
}

/// Scopes and audiences that a login has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grant {
    /// In the order of the permissions.
    pub scopes: Vec<String>,
    /// In the order of the permissions; at least one.
    pub audiences: Vec<String>,
}

/// What was asked for cannot be granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotGranted {
    /// A scope that is not among the permissions.
    Scope,
    /// An audience that is not among the permissions, or none at all.
    Audience,
}

impl NotGranted {
    /// Returns the error of RFC 6749 §5.2, or that of RFC 8707 §2.
    #[must_use]
    pub const fn error(self) -> &'static str {
        match self {
            Self::Scope => "invalid_scope",
            Self::Audience => "invalid_target",
        }
    }
}

impl Permissions {
    /// Grants what is asked for, and everything where nothing is. Scopes are separated by
    /// spaces.
    ///
    /// # Errors
    /// [`NotGranted`]: nothing is granted in part, so that nobody takes less for enough.
    pub fn grant(&self, scope: Option<&str>, audiences: &[&str]) -> Result<Grant, NotGranted> {
        let scopes: Option<Vec<&str>> =
            scope.map(|scope| scope.split(' ').filter(|word| !word.is_empty()).collect());
        let scopes = chosen(&self.scopes, scopes.as_deref()).ok_or(NotGranted::Scope)?;
        let audiences = chosen(&self.audiences, (!audiences.is_empty()).then_some(audiences));
        let audiences = audiences.filter(|audiences| !audiences.is_empty()).ok_or(NotGranted::Audience)?;
        Ok(Grant { scopes, audiences })
    }
}

impl Grant {
    /// Returns the scopes as claims and answers have them.
    #[must_use]
    pub fn scope(&self) -> String {
        self.scopes.join(" ")
    }

    /// Grants a part of this grant, as a refresh may ask for (RFC 6749 §6).
    ///
    /// # Errors
    /// [`NotGranted`]
    pub fn narrowed(&self, scope: Option<&str>, audiences: &[&str]) -> Result<Self, NotGranted> {
        let all = Permissions { scopes: self.scopes.clone(), audiences: self.audiences.clone() };
        all.grant(scope, audiences)
    }
}

/// Those of `allowed` that are wanted; `None` if another one is.
fn chosen(allowed: &[String], wanted: Option<&[&str]>) -> Option<Vec<String>> {
    let Some(wanted) = wanted else { return Some(allowed.to_vec()) };
    let is_allowed = wanted.iter().all(|name| allowed.iter().any(|one| one == name));
    is_allowed.then(|| allowed.iter().filter(|one| wanted.contains(&one.as_str())).cloned().collect())
}

/// Returns `true` for a scope-token of RFC 6749 §3.3.
#[must_use]
pub fn is_scope(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The `sub` of its tokens: random, and never given to another account.
    pub id: String,
    /// What the user types.
    pub name: AccountName,
    /// The stored hash of its password; without one nobody logs in.
    pub password: Option<String>,
    /// It cannot log in.
    pub is_disabled: bool,
    /// The `roles` of its tokens (RFC 9068 §2.2.3.1).
    pub roles: Vec<String>,
    /// What its logins may have.
    pub permissions: Permissions,
    /// When it was made.
    pub created: UnixSeconds,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn permissions() -> Permissions {
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Permissions { scopes: own(&["read", "write"]), audiences: own(&["api", "shop"]) }
    }

    #[test]
    fn names_are_of_plain_characters() {
        assert_eq!(AccountName::from_text("Alice.B@x-1+2_3").unwrap().as_str(), "alice.b@x-1+2_3");
        let longest = "a".repeat(128);
        assert!(AccountName::from_text(&longest).is_some());
        for wrong in ["", "a b", "ä", "a\n", "a/b", "a\u{0}", &format!("{longest}a"), "<b>", "\u{430}lice"] {
            assert!(AccountName::from_text(wrong).is_none(), "{wrong:?}");
        }
    }

    #[test]
    fn nothing_asked_for_is_everything() {
        let grant = permissions().grant(None, &[]).unwrap();
        assert_eq!((grant.scope().as_str(), grant.audiences.len()), ("read write", 2));
    }

    #[test]
    fn grant_is_what_was_asked_for_or_nothing() {
        let all = permissions();
        assert_eq!(all.grant(Some("write"), &["shop"]).unwrap().scope(), "write");
        assert_eq!(all.grant(Some("write write  read"), &[]).unwrap().scope(), "read write");
        assert_eq!(all.grant(Some(""), &[]).unwrap().scope(), "");
        assert_eq!(all.grant(Some("read admin"), &[]), Err(NotGranted::Scope));
        assert_eq!(all.grant(None, &["api", "other"]), Err(NotGranted::Audience));
        assert_eq!(Permissions::default().grant(None, &[]), Err(NotGranted::Audience));
        assert_eq!(
            (NotGranted::Scope.error(), NotGranted::Audience.error()),
            ("invalid_scope", "invalid_target")
        );
    }

    #[test]
    fn scopes_are_printable_and_without_quotes() {
        assert!(is_scope("orders:read") && is_scope("!#[]~"));
        for wrong in ["", "a b", "a\"", "a\\", "ä", "a\n"] {
            assert!(!is_scope(wrong), "{wrong:?}");
        }
    }

    proptest! {
        /// However often a grant is narrowed, it only loses.
        #[test]
        fn narrowing_only_loses(asked in prop::collection::vec(prop::sample::subsequence(vec!["read", "write", "admin"], 0..3), 1..6)) {
            let mut grant = permissions().grant(None, &[]).unwrap();
            for words in asked {
                let fits = words.iter().all(|word| grant.scopes.iter().any(|scope| scope == word));
                match grant.narrowed(Some(&words.join(" ")), &[]) {
                    Ok(less) => {
                        prop_assert!(fits);
                        prop_assert!(less.scopes.iter().all(|scope| grant.scopes.contains(scope)));
                        grant = less;
                    }
                    Err(refused) => prop_assert!(!fits && refused == NotGranted::Scope),
                }
            }
        }
    }
}
