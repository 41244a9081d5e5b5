//! The way to a claim.

use crate::error::{Code, Error};
use crate::json::{Object, Value};

/// The way to a claim: its name, or the names of nested objects' members.
///
/// ```
/// let name: jot::ClaimPath = "https://example.com/role".into();
/// let path: jot::ClaimPath = ["realm_access", "roles"].into();
/// assert_eq!(path, jot::ClaimPath::parse("/realm_access/roles")?);
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimPath(Box<[Box<str>]>);

impl ClaimPath {
    /// Reads a path as configurations spell it: the name of a claim, or, if it begins
    /// with a slash, a JSON Pointer (RFC 6901), such as `/realm_access/roles`. In a
    /// pointer `~1` stands for a slash within a name and `~0` for a tilde. Arrays are
    /// not followed.
    ///
    /// # Errors
    /// [`Code::ConditionName`]
    pub fn parse(name: &str) -> Result<Self, Error> {
        let invalid = || Error::of_member(Code::ConditionName, name);
        let Some(pointer) = name.strip_prefix('/') else {
            return if name.is_empty() { Err(invalid()) } else { Ok(name.into()) };
        };
        let member = |token: &str| {
            let mut name = String::with_capacity(token.len());
            let mut parts = token.split('~');
            name.push_str(parts.next().unwrap_or_default());
            for part in parts {
                let (escaped, rest) = match (part.strip_prefix('0'), part.strip_prefix('1')) {
                    (Some(rest), _) => ('~', rest),
                    (_, Some(rest)) => ('/', rest),
                    (None, None) => return Err(invalid()),
                };
                name.push(escaped);
                name.push_str(rest);
            }
            Ok(name.into_boxed_str())
        };
        pointer.split('/').map(member).collect::<Result<_, _>>().map(Self)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn find<'s>(&self, claims: Object<'s>) -> Option<Value<'s>> {
        claims.path(self.0.iter().map(|name| &**name))
    }

    /// The last name: what an error names.
    pub(super) fn last(&self) -> &str {
        self.0.last().map_or("", |name| name)
    }
}

impl From<&str> for ClaimPath {
    fn from(name: &str) -> Self {
        Self([name.into()].into())
    }
}

impl From<&[&str]> for ClaimPath {
    fn from(names: &[&str]) -> Self {
        Self(names.iter().map(|name| (*name).into()).collect())
    }
}

impl<const N: usize> From<[&str; N]> for ClaimPath {
    fn from(names: [&str; N]) -> Self {
        names.as_slice().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_is_a_name_or_a_json_pointer() {
        let parse = |name| ClaimPath::parse(name).unwrap();
        assert_eq!(parse("a.b"), "a.b".into());
        assert_eq!(parse("a/b~2"), "a/b~2".into());
        assert_eq!(parse("/a/b"), ["a", "b"].into());
        assert_eq!(parse("/a~1b/~0~01"), ["a/b", "~~1"].into());
        assert_eq!(parse("/"), "".into());
        assert_eq!(parse("/a//"), ["a", "", ""].into());
        for name in ["", "/a~", "/a~2b", "/~~1"] {
            let error = ClaimPath::parse(name).unwrap_err();
            assert_eq!((error.code(), error.member()), (Code::ConditionName, Some(name)));
        }
    }
}
