//! What the outcome of a fetch changes in a keeper.

use std::sync::Arc;

use super::exchange::{Change, What};
use super::freshness::{Field, field, freshness, last_modified, retry_after};
use super::history::is_same;
use super::keeper::{Keeper, Origin};
use super::reply;
use crate::error::{Code, Error};
use crate::key::{KeySet, VerifyingKey};

/// The longest pause after failures, in seconds.
const LONGEST_PAUSE: u32 = 300;

impl Keeper {
    pub(super) fn take(
        &mut self,
        what: What,
        status: u16,
        fields: &[Field<'_>],
        body: &[u8],
        now: i64,
    ) -> Result<Change, (Error, Option<u32>)> {
        let refused = |error| (error, retry_after(fields));
        match (status, what) {
            (200, What::Keys) => self.take_keys(fields, body, now).map_err(refused),
            (200, What::Metadata) => self.take_metadata(fields, body, now).map_err(refused),
            (304, What::Keys) => self.confirm(fields, now).map_err(refused),
            (301 | 302 | 303 | 307 | 308, _) => self.follow(what, fields, now).map_err(refused),
            _ => Err(refused(Error::new(Code::FetchStatus))),
        }
    }

    fn take_keys(&mut self, fields: &[Field<'_>], body: &[u8], now: i64) -> Result<Change, Error> {
        let new = reply::keys(body, &self.options)?;
        self.history.note(&new, now, self.options.most_remembered);
        self.keys.etag = field(fields, "etag").map(Box::from);
        self.keys.last_modified = last_modified(fields).map(Box::from);
        self.succeed(fields, now);
        let new = self.with_absent_once(new);
        let is_same_set = self.set.as_ref().is_some_and(|old| {
            old.len() == new.len() && old.keys().iter().zip(&new).all(|(old, new)| is_same(old, new))
        });
        if is_same_set {
            return Ok(Change::Confirmed);
        }
        let set = Arc::new(new);
        self.set = Some(Arc::clone(&set));
        Ok(Change::Keys(set))
    }

    /// Takes a 304: the server still has the same keys.
    fn confirm(&mut self, fields: &[Field<'_>], now: i64) -> Result<Change, Error> {
        let set = match &self.set {
            Some(set) if self.keys.is_conditional() => Arc::clone(set),
            _ => return Err(Error::new(Code::FetchStatus)),
        };
        let is_there = |key: &&VerifyingKey| !self.absent.iter().any(|absent| is_same(absent, key));
        let there: KeySet = set.keys().iter().filter(is_there).cloned().collect();
        self.history.note(&there, now, self.options.most_remembered);
        self.succeed(fields, now);
        Ok(Change::Confirmed)
    }

    fn take_metadata(&mut self, fields: &[Field<'_>], body: &[u8], now: i64) -> Result<Change, Error> {
        let Origin::Metadata { discovery, resource } = &mut self.origin else {
            return Err(Error::new(Code::Internal));
        };
        let Some(url) = discovery.read(body, &self.options)? else {
            resource.go_on(now);
            return Ok(Change::Elsewhere);
        };
        resource.succeeded(now, self.options.seconds(freshness(fields)), &mut self.seed);
        if self.url.as_ref() == Some(&url) {
            return Ok(Change::Confirmed);
        }
        self.url = Some(url);
        // Another URL has tags of its own.
        (self.keys.etag, self.keys.last_modified) = (None, None);
        self.keys.ask(now);
        Ok(Change::Elsewhere)
    }

    fn follow(&mut self, what: What, fields: &[Field<'_>], now: i64) -> Result<Change, Error> {
        let (resource, url) = match (what, &mut self.origin, &self.url) {
            (What::Metadata, Origin::Metadata { discovery, resource }, _) => (resource, discovery.url()),
            (_, _, Some(url)) => (&mut self.keys, url),
            _ => return Err(Error::new(Code::FetchRedirect)),
        };
        resource.follow(url, fields, self.options.allow_loopback, now).map(|()| Change::Elsewhere)
    }

    fn succeed(&mut self, fields: &[Field<'_>], now: i64) {
        self.successes = self.successes.saturating_add(1);
        self.keys.succeeded(now, self.options.seconds(freshness(fields)), &mut self.seed);
    }

    pub(super) fn fail(&mut self, what: What, error: Error, wait: Option<u32>, now: i64) {
        self.error = Some(error);
        match (what, &mut self.origin) {
            (What::Metadata, Origin::Metadata { discovery, resource }) => {
                discovery.failed();
                resource.failed(now, wait, LONGEST_PAUSE, &mut self.seed);
            }
            (_, origin) => {
                self.keys.failed(now, wait, LONGEST_PAUSE, &mut self.seed);
                // Perhaps the keys are at another URL now.
                if let Origin::Metadata { resource, .. } = origin {
                    resource.ask_with(&self.keys);
                }
            }
        }
    }

    /// Adds the keys that this answer lacks for the first time, if the options remove a
    /// key only after two answers without it.
    fn with_absent_once(&mut self, mut new: KeySet) -> KeySet {
        let old = self.set.as_ref().filter(|_| self.options.absent_twice);
        let is_absent = |key: &&VerifyingKey| !new.keys().iter().any(|other| is_same(other, key));
        let was_there = |key: &&VerifyingKey| !self.absent.iter().any(|absent| is_same(absent, key));
        let old = old.map(|set| set.keys()).unwrap_or_default();
        let once = old.iter().filter(is_absent).filter(was_there).cloned().collect::<Vec<_>>();
        new.extend(once.iter().cloned());
        self.absent = once;
        new
    }
}
