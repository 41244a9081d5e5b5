//! The status lists of a verifier.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hashbrown::HashMap;

use super::list::StatusList;
use crate::error::{Code, Error, Rejection};

/// The most lists of one verifier.
const MOST_LISTS: usize = 1024;

/// Brings status lists to verifiers, such as what follows them on a thread.
///
/// ```
/// use std::sync::{Arc, Mutex};
///
/// use jot::{Alg, Code, KeySet, Policy, Scratch, Signer, SigningKey, StatusFeed, UnixSeconds, Verifier};
///
/// #[derive(Debug, Default)]
/// struct Mine(Mutex<Vec<String>>);
///
/// impl StatusFeed for Mine {
///     fn wanted(&self, uri: &str) -> bool {
///         let is_mine = uri.starts_with("https://issuer.example/status/");
///         if is_mine {
///             self.0.lock().unwrap().push(uri.to_owned()); // to be fetched by somebody
///         }
///         is_mine
///     }
/// }
///
/// let signer = Signer::new(SigningKey::generate(Alg::ES256)?);
/// let keys = KeySet::new([signer.key().verifying_key()?]);
/// let verifier = Verifier::builder(Policy::new([Alg::ES256]).check_status()).keys(keys).build()?;
/// let mine = Arc::new(Mine::default());
/// verifier.add_status_feed(Arc::clone(&mine) as Arc<dyn StatusFeed>);
///
/// let code = |uri: &str| {
///     let claims = format!(r#"{{"exp":2000,"status":{{"status_list":{{"idx":3,"uri":"{uri}"}}}}}}"#);
///     let token = signer.sign_claims(claims)?;
///     Ok::<_, jot::Error>(verifier.verdict(&token, UnixSeconds(1000), &mut Scratch::new()).code())
/// };
/// assert_eq!(code("https://issuer.example/status/7")?, Code::StatusListNotYet);
/// assert_eq!(code("https://elsewhere.example/7")?, Code::StatusListUnknown);
/// assert_eq!(*mine.0.lock().unwrap(), ["https://issuer.example/status/7"]);
/// # Ok::<(), jot::Error>(())
/// ```
pub trait StatusFeed: fmt::Debug + Send + Sync {
    /// A token whose signature holds names a list that the verifier does not have. Returns
    /// `true` if the list will come, so that the token is
    /// [`Code::StatusListNotYet`], unless the verifier has it
    /// when this returns.
    ///
    /// It is called while a token is verified, so it must not wait, and for each token
    /// until the verifier has something in the place of the list.
    fn wanted(&self, uri: &str) -> bool;
}

/// Status lists by their URIs, and who brings others.
#[derive(Clone, Debug, Default)]
pub(crate) struct StatusLists {
    lists: HashMap<Box<str>, Place>,
    feeds: Vec<Arc<dyn StatusFeed>>,
}

#[derive(Clone, Debug)]
struct Place {
    list: Arc<StatusList>,
    /// Whether a token named the list since somebody asked last.
    named: Arc<AtomicBool>,
}

impl StatusLists {
    pub(crate) fn get(&self, uri: &str) -> Option<&Arc<StatusList>> {
        self.lists.get(uri).map(|place| &place.list)
    }

    /// Puts a list in the place of the one with the same URI.
    ///
    /// # Errors
    /// [`Code::StatusListsFull`]; the lists are unchanged.
    pub(crate) fn put(&mut self, list: Arc<StatusList>) -> Result<(), Error> {
        if let Some(place) = self.lists.get_mut(list.uri()) {
            place.list = list;
            return Ok(());
        }
        if self.lists.len() >= MOST_LISTS {
            return Err(Error::new(Code::StatusListsFull));
        }
        self.lists.insert(list.uri().into(), Place { list, named: Arc::default() });
        Ok(())
    }

    /// Drops a list; returns `false` if there is none.
    pub(crate) fn forget(&mut self, uri: &str) -> bool {
        self.lists.remove(uri).is_some()
    }

    /// Asks this feed for lists, too.
    pub(crate) fn add_feed(&mut self, feed: Arc<dyn StatusFeed>) {
        self.feeds.push(feed);
    }

    /// Asks the feeds for a list that is not here; returns whether it will come, or has.
    pub(crate) fn is_coming(&self, uri: &str) -> bool {
        self.feeds.iter().any(|feed| feed.wanted(uri))
    }

    /// Returns whether a token named a list since this was asked last.
    pub(crate) fn was_named(&self, uri: &str) -> bool {
        self.lists.get(uri).is_some_and(|place| place.named.swap(false, Ordering::Relaxed))
    }

    /// Checks the status of a token that names this place; returns `None` if there is no such
    /// list.
    pub(crate) fn check(&self, uri: &str, index: u64) -> Option<Result<(), Rejection>> {
        let place = self.lists.get(uri)?;
        // Written once, so that threads do not take the line from each other.
        if !place.named.load(Ordering::Relaxed) {
            place.named.store(true, Ordering::Relaxed);
        }
        Some(place.list.check(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_bounded_and_keep_what_they_have() {
        let mut lists = StatusLists::default();
        for number in 0..MOST_LISTS {
            lists.put(Arc::new(StatusList::stale(&number.to_string()))).unwrap();
        }
        let code = |result: Result<(), Error>| result.unwrap_err().code();
        assert_eq!(code(lists.put(Arc::new(StatusList::stale("x")))), Code::StatusListsFull);
        lists.put(Arc::new(StatusList::not_yet("7"))).unwrap();
        assert_eq!(lists.check("7", 0).unwrap().unwrap_err().code(), Code::StatusListNotYet);
        assert!(lists.forget("7") && !lists.forget("7"));
        lists.put(Arc::new(StatusList::stale("x"))).unwrap();
        assert!(lists.check("7", 0).is_none());
    }

    #[test]
    fn list_is_known_to_be_named_until_that_was_asked() {
        let mut lists = StatusLists::default();
        lists.put(Arc::new(StatusList::stale("x"))).unwrap();
        assert!(!lists.was_named("x") && !lists.was_named("y"));
        let copy = lists.clone();
        assert!(copy.check("x", 0).unwrap().is_err());
        lists.put(Arc::new(StatusList::not_yet("x"))).unwrap();
        assert!(lists.was_named("x"), "another list took its place meanwhile");
        assert!(!lists.was_named("x") && !copy.was_named("x"));
    }
}
