//! The signed list of revocations, as verifiers fetch it.
//!
//! ```text
//!   a session ends ─▶ database ─▶ load ─▶ signed anew, other ETag ─▶ whoever waits is answered
//!                                  ▲
//!            each second, if another process wrote; and at half of the list's life
//! ```

use std::sync::Arc;

use jot::{Revocations, UnixSeconds};
use jot_login::claims;
use tokio::sync::{Mutex, watch};

use crate::config::Lists as Settings;
use crate::keyring::Keyring;
use crate::store::{self, Database, Outcome, Store, StoreFault};

/// A list that was signed.
#[derive(Debug, Default)]
pub(crate) struct Signed {
    pub(crate) token: String,
    pub(crate) etag: String,
    signed_at: i64,
    revision: i64,
    entries: Revocations,
    kid: String,
}

pub(crate) struct Lists {
    settings: Settings,
    issuer: String,
    newest: watch::Sender<Arc<Signed>>,
    /// Lists are made one after the other, so that an older one never follows a newer one.
    turn: Mutex<()>,
}

impl Lists {
    pub(crate) fn new(settings: Settings, issuer: &str) -> Self {
        let (newest, _) = watch::channel(Arc::default());
        Self { settings, issuer: issuer.to_owned(), newest, turn: Mutex::new(()) }
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn watch(&self) -> watch::Receiver<Arc<Signed>> {
        self.newest.subscribe()
    }

    /// Makes the list anew if there are other revocations than before, if half of its life is
    /// over, or if another key signs. Returns the revocations if they are others.
    pub(crate) async fn load(
        &self,
        store: &Arc<Store>,
        keyring: &Keyring,
        now: UnixSeconds,
    ) -> Outcome<Option<Revocations>> {
        let _turn = self.turn.lock().await;
        let before = self.newest.borrow().clone();
        let kid = keyring.keys().ring.signing(now).map(|key| key.kid.clone()).unwrap_or_default();
        let age = now.0.saturating_sub(before.signed_at);
        let is_fresh = age >= 0 && age < i64::from(self.settings.life_seconds / 2) && kid == before.kid;
        if is_fresh && store.read(store::revision).await? == before.revision {
            return Ok(None);
        }
        let read = move |database: &mut dyn Database| {
            Ok((store::revision(database)?, store::revoked(database, now)?))
        };
        let (revision, entries) = store.read(read).await?;
        let limit = self.settings.limit;
        let list = claims::revocations(&entries, now, limit);
        let full = || StoreFault::Database(format!("there are more than {limit} revocations"));
        let list = list.ok_or_else(full)?;
        let is_same = list == before.entries;
        let exp = UnixSeconds(now.0.saturating_add(self.settings.life_seconds.into()));
        let text = list.to_claims(&self.issuer, now, exp, self.settings.poll_seconds);
        let token = keyring.sign(Revocations::TYP, &text, now);
        let token = token.ok_or_else(|| StoreFault::Database("no key can sign the list".to_owned()))?;
        let etag = format!("\"{}\"", crate::fingerprint::of(token.as_bytes()));
        let signed = Signed { token, etag, signed_at: now.0, revision, entries: list.clone(), kid };
        self.newest.send_replace(Arc::new(signed));
        Ok((!is_same).then_some(list))
    }
}
