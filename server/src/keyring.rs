//! The signing keys in memory: what the ring of the database says, opened.
//!
//! The ring is loaded anew whenever the database changed, also by another process, so that
//! a key that one instance announced is in every JWK Set long before it signs.

use std::sync::Arc;

use arc_swap::ArcSwap;
use jot::{Alg, KeyOptions, KeySet, SignHeader, Signer, SigningKey, UnixSeconds};
use jot_login::master::MasterKey;
use jot_login::random;
use jot_login::ring::{Due, Ring, Timetable};

use crate::clock::System;
use crate::store::{self, Database, KeyRow, Outcome, Store, StoreFault};

const PURPOSE: &str = "signing key";

/// The keys of one version of the ring.
pub(crate) struct Keys {
    pub(crate) ring: Ring,
    signers: Vec<(String, Signer)>,
}

pub(crate) struct Keyring {
    master: Arc<MasterKey>,
    algorithm: Alg,
    timetable: Timetable,
    keys: ArcSwap<Keys>,
}

fn fault(error: impl std::fmt::Display) -> StoreFault {
    StoreFault::Database(format!("a signing key: {error}"))
}

impl Keyring {
    pub(crate) fn new(master: Arc<MasterKey>, algorithm: Alg, timetable: Timetable) -> Self {
        let keys = Keys { ring: Ring::default(), signers: Vec::new() };
        Self { master, algorithm, timetable, keys: ArcSwap::from_pointee(keys) }
    }

    /// Loads the ring of the database; `true` if it is another one than before.
    pub(crate) async fn load(&self, store: &Arc<Store>) -> Outcome<bool> {
        let (ring, rows) = store.read(store::ring).await?;
        if ring == self.keys.load().ring {
            return Ok(false);
        }
        let open = |row: &KeyRow| {
            let jwk = self.master.open(PURPOSE, &row.kid, &row.sealed).map_err(fault)?;
            let key = SigningKey::from_jwk(jwk.as_slice(), &KeyOptions::default()).map_err(fault)?;
            Ok((row.kid.clone(), Signer::new(key)))
        };
        let signers = rows.iter().map(open).collect::<Outcome<_>>()?;
        self.keys.store(Arc::new(Keys { ring, signers }));
        Ok(true)
    }

    /// Does what is due: announces a key, or drops those that are gone.
    pub(crate) async fn tend(&self, store: &Arc<Store>, now: UnixSeconds) -> Outcome<Option<Due>> {
        let ring = self.keys.load().ring.clone();
        let due = ring.due(&self.timetable, now);
        let changed = match due {
            None => return Ok(None),
            Some(Due::Announce) => self.announce(store, now).await?,
            Some(Due::Purge) => {
                let purged = ring.purge(&self.timetable, now);
                store.write(move |database| store::save_ring(database, &purged, None)).await?
            }
        };
        self.load(store).await?;
        // Another instance may have done it; then there is nothing to tell.
        Ok(due.filter(|_| changed))
    }

    async fn announce(&self, store: &Arc<Store>, now: UnixSeconds) -> Outcome<bool> {
        let row = new_key(&self.master, self.algorithm)?;
        let timetable = self.timetable;
        store.write(move |database| announce(database, row, &timetable, now)).await
    }

    pub(crate) fn keys(&self) -> arc_swap::Guard<Arc<Keys>> {
        self.keys.load()
    }

    pub(crate) fn published(&self, now: UnixSeconds) -> KeySet {
        let keys = self.keys.load();
        let published = keys.ring.published(&self.timetable, now);
        KeySet::new(published.filter_map(|key| keys.signer(&key.kid)?.key().verifying_key().ok()))
    }

    /// Signs with the key whose time it is.
    pub(crate) fn sign(&self, typ: &str, claims: &str, now: UnixSeconds) -> Option<String> {
        let keys = self.keys.load();
        let signer = keys.signer(&keys.ring.signing(now)?.kid)?;
        signer.sign_claims_with(&SignHeader::default().typ(typ), claims).ok()
    }

    /// How long a JWK Set may be kept: a quarter of the time for which a key is published
    /// before it signs, so that one failed fetch does no harm.
    pub(crate) fn max_age(&self) -> u32 {
        (self.timetable.ahead_seconds / 4).clamp(1, 3600)
    }
}

impl Keys {
    fn signer(&self, kid: &str) -> Option<&Signer> {
        self.signers.iter().find(|(name, _)| name == kid).map(|(_, signer)| signer)
    }
}

/// Makes a key and seals it.
pub(crate) fn new_key(master: &MasterKey, algorithm: Alg) -> Outcome<KeyRow> {
    let kid = random::name(&mut System);
    let key = SigningKey::generate(algorithm).map_err(fault)?.with_kid(kid.as_str());
    let jwk = zeroize::Zeroizing::new(key.to_jwk().map_err(fault)?);
    let sealed = master.seal(PURPOSE, &kid, jwk.as_bytes(), &mut System);
    Ok(KeyRow { sealed: sealed.ok_or_else(|| fault("it cannot be sealed"))?, kid })
}

/// Announces a key; `false` if another one is announced already.
pub(crate) fn announce(
    database: &mut dyn Database,
    row: KeyRow,
    timetable: &Timetable,
    now: UnixSeconds,
) -> Outcome<bool> {
    let (ring, _) = store::ring(database)?;
    match ring.announce(&row.kid, timetable, now) {
        Some(ring) => store::save_ring(database, &ring, Some(&row)),
        None => Ok(false),
    }
}
