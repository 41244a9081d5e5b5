//! The status lists of a verifier.

use std::sync::Arc;

use hashbrown::HashMap;

use super::list::StatusList;
use crate::error::{Code, Error, Rejection};

/// The most lists of one verifier.
const MOST_LISTS: usize = 1024;

/// Status lists by their URIs.
#[derive(Clone, Debug, Default)]
pub(crate) struct StatusLists {
    lists: HashMap<Box<str>, Arc<StatusList>>,
}

impl StatusLists {
    pub(crate) fn get(&self, uri: &str) -> Option<&Arc<StatusList>> {
        self.lists.get(uri)
    }

    /// Puts a list in the place of the one with the same URI.
    ///
    /// # Errors
    /// [`Code::StatusListsFull`]; the lists are unchanged.
    pub(crate) fn put(&mut self, list: Arc<StatusList>) -> Result<(), Error> {
        if self.lists.len() >= MOST_LISTS && !self.lists.contains_key(list.uri()) {
            return Err(Error::new(Code::StatusListsFull));
        }
        self.lists.insert(list.uri().into(), list);
        Ok(())
    }

    /// Drops a list; returns `false` if there is none.
    pub(crate) fn forget(&mut self, uri: &str) -> bool {
        self.lists.remove(uri).is_some()
    }

    /// Checks the status of a token that names this place.
    ///
    /// # Errors
    /// [`Code::StatusListUnknown`]; those of [`StatusList::check`].
    pub(crate) fn check(&self, uri: &str, index: u64) -> Result<(), Rejection> {
        match self.get(uri) {
            Some(list) => list.check(index),
            None => Err(Rejection::of_claim(Code::StatusListUnknown, "status")),
        }
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
        assert_eq!(lists.check("7", 0).unwrap_err().code(), Code::StatusListNotYet);
        assert!(lists.forget("7") && !lists.forget("7"));
        lists.put(Arc::new(StatusList::stale("x"))).unwrap();
        assert_eq!(lists.check("7", 0).unwrap_err().code(), Code::StatusListUnknown);
    }
}
