//! What is followed at a URI: keys, or a list that is signed with them.

use jot::AlgSet;

use crate::config::{ListConfig, RemoteConfig};

/// What is followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Keys(RemoteConfig),
    List(Box<ListTarget>),
}

/// A signed list, or the place below which lists are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ListTarget {
    pub(crate) kind: ListKind,
    pub(crate) config: ListConfig,
    /// The issuer whose keys sign it, by its name in the provider.
    pub(crate) issuer: Option<String>,
    /// Those that it may be signed with.
    pub(crate) algorithms: AlgSet,
    /// Where these keys come from. Providers with other keys have a list of their own.
    pub(crate) keys: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListKind {
    Revocations,
    Statuses,
}

/// What a token waits for.
#[derive(Clone, Debug)]
pub(crate) struct Wanted<'f> {
    pub(crate) target: &'f Target,
    /// The URI of its list, if the target is a place.
    pub(crate) uri: Option<Box<str>>,
}

impl Target {
    pub(crate) fn cluster(&self) -> &str {
        match self {
            Self::Keys(config) => &config.cluster,
            Self::List(list) => &list.config.cluster,
        }
    }

    pub(crate) fn uri(&self) -> &str {
        match self {
            Self::Keys(config) => &config.uri,
            Self::List(list) => &list.config.uri,
        }
    }

    /// Returns what it is called in the log.
    pub(crate) fn name(&self) -> String {
        format!("{} by cluster {}", self.uri(), self.cluster())
    }

    pub(crate) fn timeout_ms(&self) -> u32 {
        match self {
            Self::Keys(config) => config.timeout_ms,
            Self::List(list) => list.config.timeout_ms,
        }
    }

    /// Returns `true` for a place below which lists are.
    pub(crate) fn is_place(&self) -> bool {
        matches!(self, Self::List(list) if list.is_place())
    }

    pub(crate) const fn is_list(&self) -> bool {
        matches!(self, Self::List(_))
    }

    /// Returns `true` for the same thing. Keys are the same whatever the other settings are.
    pub(crate) fn is_at(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Keys(ours), Self::Keys(theirs)) => {
                ours.cluster == theirs.cluster && ours.uri == theirs.uri && ours.discover == theirs.discover
            }
            (ours, theirs) => ours == theirs,
        }
    }

    /// Returns `true` for the same list with other settings.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let of = |target: &Self| match target {
            Self::Keys(_) => None,
            Self::List(list) => {
                let config = &list.config;
                Some((list.kind, config.cluster.clone(), config.uri.clone(), list.issuer.clone()))
            }
        };
        of(self).is_some_and(|ours| of(other) == Some(ours))
    }
}

impl ListTarget {
    /// Returns `true` for a place below which lists are.
    pub(crate) fn is_place(&self) -> bool {
        self.kind == ListKind::Statuses && self.config.uri.ends_with('/')
    }

    /// Returns the list at a URI below this place.
    pub(crate) fn below(&self, uri: &str) -> Option<Self> {
        let is_below =
            self.is_place() && uri.len() > self.config.uri.len() && uri.starts_with(&self.config.uri);
        let config = ListConfig { uri: uri.to_owned(), ..self.config.clone() };
        is_below.then(|| Self { config, ..self.clone() })
    }
}

impl Wanted<'_> {
    /// Returns `true` if this is what is wanted.
    pub(crate) fn is(&self, followed: &Target) -> bool {
        match (self.target, &self.uri) {
            (Target::List(place), Some(uri)) => {
                place.below(uri).is_some_and(|list| followed.is_at(&Target::List(Box::new(list))))
            }
            (target, _) => followed.is_at(target),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn list(kind: ListKind, uri: &str) -> ListTarget {
        let config = serde_json::from_str(&format!(r#"{{"cluster":"c","uri":"{uri}"}}"#)).unwrap();
        let algorithms = [jot::Alg::EdDSA].into_iter().collect();
        ListTarget { kind, config, issuer: Some("https://i".to_owned()), algorithms, keys: String::new() }
    }

    #[test]
    fn place_has_the_lists_below_it_and_no_others() {
        let place = list(ListKind::Statuses, "https://a/status/");
        assert_eq!(place.below("https://a/status/1").unwrap().config.uri, "https://a/status/1");
        for uri in ["https://a/status/", "https://a/status", "https://b/status/1", ""] {
            assert_eq!(place.below(uri), None, "{uri}");
        }
        assert_eq!(list(ListKind::Statuses, "https://a/1").below("https://a/1/2"), None);
        assert!(!list(ListKind::Revocations, "https://a/").is_place());
        let target = Target::List(Box::new(place.clone()));
        let wanted = |uri: &str| Wanted { target: &target, uri: Some(uri.into()) };
        let one = Target::List(Box::new(place.below("https://a/status/1").unwrap()));
        assert!(wanted("https://a/status/1").is(&one) && !wanted("https://a/status/2").is(&one));
    }

    #[test]
    fn lists_with_other_settings_are_others_and_alike() {
        let one = list(ListKind::Revocations, "https://a/r");
        let mut two = one.clone();
        two.config.poll_seconds = 7;
        let [one, two] = [one, two].map(|list| Target::List(Box::new(list)));
        assert!(one.is_at(&one) && !one.is_at(&two) && one.is_like(&two));
        assert!(!one.is_like(&Target::List(Box::new(list(ListKind::Statuses, "https://a/r")))));
    }
}
