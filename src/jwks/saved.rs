//! A keeper's state as a text, for the next start.

use std::fmt::Write as _;
use std::sync::Arc;

use super::exchange::Change;
use super::history::SeenKey;
use super::keeper::Keeper;
use super::resource::Resource;
use super::url::Url;
use crate::error::{Code, Error};
use crate::json::{self, Object, Storage, Value, write_string};
use crate::key::{KeySet, VerifyingKey};
use crate::time::UnixSeconds;

impl Keeper {
    /// Writes what is known as JSON: the keys, since when, and those that were seen
    /// before. Keep it where nobody else can write: whoever can chooses whom you
    /// trust.
    ///
    /// ```
    /// # use jot::UnixSeconds;
    /// # use jot::jwks::{Answer, Change, Keeper, KeeperOptions, Poll};
    /// # let new = || Keeper::of_keys("https://issuer.example/jwks", KeeperOptions::default(), 1);
    /// # let mut keeper = new()?;
    /// # let Poll::Fetch(request) = keeper.poll(UnixSeconds(0)) else { panic!() };
    /// # let body = br#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
    /// # let ticket = request.ticket;
    /// # keeper.answer(ticket, Answer::Response { status: 200, fields: &[], body }, UnixSeconds(0));
    /// let text = keeper.save();
    ///
    /// let mut next = new()?;
    /// assert!(matches!(next.restore(&text)?, Change::Keys(set) if set.len() == 1));
    /// # Ok::<(), jot::Error>(())
    /// ```
    #[must_use]
    pub fn save(&self) -> String {
        let mut text = String::from("{\"version\":1");
        if let Some(url) = self.url() {
            text.push_str(",\"url\":");
            write_string(url.as_str(), &mut text);
        }
        for (name, value) in [("etag", &self.keys.etag), ("last_modified", &self.keys.last_modified)] {
            if let Some(value) = value {
                let _ = write!(text, ",\"{name}\":");
                write_string(value, &mut text);
            }
        }
        if let Some(UnixSeconds(last)) = self.keys.last_success() {
            let _ = write!(text, ",\"last_success\":{last},\"fresh_until\":{}", self.keys.fresh_until());
        }
        let (keys, seen) = (self.keys_in_force(), self.history());
        text.push_str(",\"keys\":[");
        join(&mut text, keys, write_key);
        text.push_str("],\"seen\":[");
        join(&mut text, seen, |seen, text| {
            let _ = write!(text, "{{\"first\":{},\"last\":{},\"key\":", seen.first, seen.last);
            write_key(&seen.key, text);
            text.push('}');
        });
        text.push_str("]}");
        text
    }

    /// Goes on from what another process [saved](Self::save). The first fetch is due
    /// at once all the same; until it ends, the keys may be used for as long as they
    /// could have been then.
    ///
    /// # Errors
    /// [`Code::SavedKeysInvalid`], also for the state of a keeper of another URL; the
    /// keeper is then as it was.
    pub fn restore(&mut self, text: &str) -> Result<Change, Error> {
        let invalid = || Error::new(Code::SavedKeysInvalid);
        let mut storage = Storage::default();
        let state = json::parse(text.as_bytes(), &mut storage).map_err(|_| invalid())?;
        if integer(state, "version") != Some(1) {
            return Err(invalid());
        }
        let url = string(state, "url").map(|url| Url::parse(url, self.options.allows_loopback()));
        let url = url.transpose().map_err(|_| invalid())?;
        if self.url().is_some_and(|own| Some(own) != url.as_ref()) {
            return Err(invalid());
        }
        let items = |name: &str| state.member(name).and_then(|value| value.as_array()).ok_or_else(invalid);
        let keys = items("keys")?.iter().map(|item| self.read_key(item)).collect::<Option<Vec<_>>>();
        let seen = items("seen")?.iter().map(|item| self.read_seen(item)).collect::<Option<Vec<_>>>();
        let (keys, seen) = (keys.ok_or_else(invalid)?, seen.ok_or_else(invalid)?);
        let dates = (integer(state, "last_success"), integer(state, "fresh_until"));
        let ((Some(last), Some(fresh)), false) = (dates, keys.is_empty()) else {
            return Err(invalid());
        };
        let set = Arc::new(KeySet::new(keys));
        self.resume(url, Resource::restored(last, fresh), Arc::clone(&set), seen);
        for (name, tag) in [("etag", &mut self.keys.etag), ("last_modified", &mut self.keys.last_modified)] {
            *tag = string(state, name).map(Box::from);
        }
        Ok(Change::Keys(set))
    }

    fn read_key(&self, value: Value<'_>) -> Option<VerifyingKey> {
        let object = value.as_object()?;
        let jwk = object.member("jwk")?.as_object()?.as_text();
        let key = VerifyingKey::from_jwk(jwk.as_bytes(), self.options.key_options()).ok()?;
        // A bound that cannot be read must not make a key valid for ever.
        let bound = |name| match object.member(name) {
            None => Some(None),
            Some(value) => value.as_number()?.as_i64().map(|seconds| Some(UnixSeconds(seconds))),
        };
        let (from, until) = (bound("from")?, bound("until")?);
        Some(if from.is_some() || until.is_some() { key.with_validity(from, until) } else { key })
    }

    fn read_seen(&self, value: Value<'_>) -> Option<SeenKey> {
        let object = value.as_object()?;
        let key = self.read_key(object.member("key")?)?;
        Some(SeenKey { key, first: integer(object, "first")?, last: integer(object, "last")? })
    }
}

fn join<T>(text: &mut String, items: &[T], write: impl Fn(&T, &mut String)) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write(item, text);
    }
}

fn write_key(key: &VerifyingKey, text: &mut String) {
    // Keys by URL are public, so each has a JWK.
    let _ = write!(text, "{{\"jwk\":{}", key.to_jwk().unwrap_or_default());
    for (name, bound) in [("from", key.not_before()), ("until", key.expires_at())] {
        if let Some(UnixSeconds(bound)) = bound {
            let _ = write!(text, ",\"{name}\":{bound}");
        }
    }
    text.push('}');
}

fn string<'d>(object: Object<'d>, name: &str) -> Option<&'d str> {
    object.member(name)?.as_str()
}

fn integer(object: Object<'_>, name: &str) -> Option<i64> {
    object.member(name)?.as_number()?.as_i64()
}
