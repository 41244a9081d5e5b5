//! Which status lists are followed.

/// The most lists that are followed at a time, unless the program says otherwise.
const MOST: usize = 256;

/// After how many seconds a list that no token names is forgotten: a day.
const FORGET_AFTER: u32 = 86_400;

/// Which status lists are followed: those at these URIs, and below a URI that ends with `/`
/// those that tokens name.
///
/// ```
/// use jot_fetch::StatusPlaces;
///
/// let places = StatusPlaces::new(["https://issuer.example/status/", "https://other.example/list"])
///     .most(100) // lists at a time
///     .forget_after(3_600); // seconds without a token that names the list
/// ```
#[derive(Clone, Debug)]
pub struct StatusPlaces {
    pub(crate) uris: Vec<String>,
    pub(crate) most: usize,
    pub(crate) forget_after: u32,
}

impl StatusPlaces {
    /// Follows the lists at these URIs from the start. Below a URI that ends with `/` a list
    /// is followed from the first token on that names it, once the token's signature has
    /// been verified; that token is `status_list_not_yet`, which is 503.
    #[must_use]
    pub fn new(uris: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let uris = uris.into_iter().map(Into::into).collect();
        Self { uris, most: MOST, forget_after: FORGET_AFTER }
    }

    /// Sets how many lists are followed at a time: 256 by default. One more is
    /// `status_list_unknown`, until another one was forgotten.
    #[must_use]
    pub const fn most(mut self, lists: usize) -> Self {
        self.most = lists;
        self
    }

    /// Sets after how many seconds without a token that names it a list is forgotten, unless
    /// its own URI was given: a day by default. It may be half as long.
    #[must_use]
    pub const fn forget_after(mut self, seconds: u32) -> Self {
        self.forget_after = seconds;
        self
    }

    /// Returns the URIs of lists, and not those that end with `/`.
    pub(crate) fn lists(&self) -> impl Iterator<Item = &str> {
        self.uris.iter().map(String::as_str).filter(|uri| !uri.ends_with('/'))
    }

    /// Returns `true` for the URI of a list that may be followed.
    #[must_use]
    pub fn have(&self, uri: &str) -> bool {
        self.uris.iter().any(|place| match place.ends_with('/') {
            true => uri.len() > place.len() && uri.starts_with(place.as_str()),
            false => uri == place,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_their_lists_and_what_is_below_them() {
        let places = StatusPlaces::new(["https://a/status/", "https://b/1"]);
        for uri in ["https://a/status/1", "https://a/status/x/2?y", "https://b/1"] {
            assert!(places.have(uri), "{uri}");
        }
        for uri in ["https://a/status/", "https://a/status", "https://a/", "https://b/12", "https://b/", ""] {
            assert!(!places.have(uri), "{uri}");
        }
        assert_eq!(places.lists().collect::<Vec<_>>(), ["https://b/1"]);
    }
}
