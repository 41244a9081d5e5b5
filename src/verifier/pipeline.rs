//! The pipeline: one screen from bytes to a verdict.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use arc_swap::ArcSwap;

use super::shared::Shared;
use super::source::KeyFeed;
use super::trust::KeysInForce;
use super::verdict::{Accepted, Assessment, Verdict};
use crate::cache::{Entry, KeyPlace, Lookup, Remembered, VerifiedCache};
use crate::claims::Claims;
use crate::error::{Code, Rejection};
use crate::json::Storage;
use crate::jws::Jws;
use crate::key::KeySet;
use crate::policy::{Demand, Policy};
use crate::revocation::Revocations;
use crate::scratch::Scratch;
use crate::stats::{Counters, Event};
#[cfg(feature = "status-list")]
use crate::status::StatusLists;
use crate::time::{Dates, Interval, UnixSeconds};
use crate::verified::{self, Payload, Room, SignedJws, VerifiedJws};

/// A policy and trusted keys, ready to verify.
///
/// Any number of threads may share one, each with its own [`Scratch`]. The policy never
/// changes; keys and revocations can be replaced while threads verify
/// ([`replace_keys`](Self::replace_keys), [`set_revocations`](Self::set_revocations)).
///
/// ```
/// use jot::{Alg, KeyOptions, KeySet, Policy, Scratch, UnixSeconds, Verifier, VerifyingKey};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let key = VerifyingKey::from_secret(&[7; 32], &KeyOptions::default())?;
/// let policy = Policy::new([Alg::HS256]).audience("api");
/// let verifier = Verifier::builder(policy).issuer("https://issuer", KeySet::new([key])).build()?;
///
/// let mut scratch = Scratch::new();
/// let refused = verifier.verify(b"not.a.token", UnixSeconds::now(), &mut scratch).unwrap_err();
/// assert_eq!(refused.code().name(), "header_encoding");
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Verifier {
    pub(super) policy: Policy,
    /// Keys, and what their replacement needs.
    pub(super) shared: Arc<Shared>,
    #[expect(dead_code, reason = "keys are followed for as long as a verifier has them")]
    pub(super) feeds: Box<[Arc<dyn KeyFeed>]>,
    pub(super) cache: Option<VerifiedCache>,
    pub(super) revocations: ArcSwap<Revocations>,
    /// `false` only if there are none, which saves most verifications from loading the
    /// list.
    pub(super) has_revocations: AtomicBool,
    #[cfg(feature = "status-list")]
    pub(super) status_lists: ArcSwap<StatusLists>,
    /// The number of the last change of the revocations and status lists.
    pub(super) revision: AtomicU64,
    pub(super) counters: Counters,
}

impl Verifier {
    pub(super) fn judge<'s>(
        &self,
        token: &[u8],
        now: UnixSeconds,
        demand: &Demand<'_>,
        scratch: &'s mut Scratch,
    ) -> Verdict<'s> {
        let who = std::ptr::from_ref(scratch).addr();
        let lookup = self.lookup(token);
        let known = self.recall(lookup.as_ref(), demand);
        let assessment = self.assess(token, known.as_ref(), demand, scratch);
        let timed = self.finish(assessment.found.as_ref(), known.as_ref(), lookup.as_ref(), Some(now), who);
        Verdict::new(&assessment, timed)
    }

    pub(super) fn accept(
        &self,
        token: &[u8],
        now: UnixSeconds,
        scratch: &mut Scratch,
    ) -> Result<Accepted, Rejection> {
        let who = std::ptr::from_ref(scratch).addr();
        let lookup = self.lookup(token);
        let demand = &Demand::NOTHING;
        let known = self.recall(lookup.as_ref(), demand);
        let known = known.as_ref();
        let found = match known {
            Some(known) if self.revision() <= known.entry().as_of => Ok(*known.entry()),
            _ => self.assess(token, known, demand, scratch).found,
        };
        let from_cache = self.finish(found.as_ref(), known, lookup.as_ref(), Some(now), who)?;
        found.map(|entry| Accepted::new(&entry, from_cache))
    }

    /// Does everything that does not depend on the clock. The signature of a token in
    /// the cache is not verified again.
    pub(super) fn assess<'s>(
        &self,
        token: &[u8],
        known: Option<&Remembered>,
        demand: &Demand<'_>,
        scratch: &'s mut Scratch,
    ) -> Assessment<'s> {
        let Scratch { headers, signature, signing_input, payload, claims } = scratch;
        // Read before keys and revocations: if these change in between, the new entry
        // looks older than it is, and is checked again.
        let as_of = self.shared.changes.last();
        let jws = match Jws::parse(token, self.policy.limits_in_force(), self.policy.understood(), headers) {
            Ok(jws) => jws,
            Err(rejection) => return Assessment::refused(rejection),
        };
        let refused = |rejection| Assessment::of_header(jws.header, rejection);
        let kind = Kind::Jwt { demand, payload, claims };
        let issuer_index = match self.before_signature(&jws, kind) {
            Ok(index) => index,
            Err(rejection) => return refused(rejection),
        };
        let Some(issuer) = self.shared.trust.get(issuer_index) else {
            return refused(Rejection::new(Code::Internal));
        };
        let keys = issuer.keys();
        let room = Room { accelerator: &self.shared.accelerator, signature, signing_input };
        // The entry may come from a call that demanded another key set.
        let is_of = |known: &&Remembered| {
            let entry = known.entry();
            keys.generation <= entry.as_of && entry.key.issuer_index == issuer_index
        };
        let known = known.filter(is_of);
        let signed = match known {
            Some(known) => Ok(SignedJws::recall(jws, known)),
            None => SignedJws::verify(jws, Payload::Attached, &keys.set, room),
        };
        let signed = match signed {
            Ok(signed) => signed,
            Err(rejection) => return refused(rejection),
        };
        let key = KeyPlace { issuer_index, key_index: signed.key_index() };
        let key_interval = keys.set.interval(key.key_index);
        let refused = |rejection| Assessment { key: Some(key), key_interval, ..refused(rejection) };
        let decoded = signed.decode(payload, self.shared.accelerator.wide());
        let claims = match decoded.and_then(|jws| Claims::parse(jws.signed_payload(), claims)) {
            Ok(claims) => claims,
            Err(rejection) => return refused(rejection),
        };
        // These bytes met the policy, and what has not changed they still meet.
        let fresh = known.filter(|known| self.revision() <= known.entry().as_of);
        let found = match fresh {
            Some(known) if demand.is_of_no_claim() => Ok(Entry { key_interval, ..*known.entry() }),
            //= rfc7519#section-7.2
            //# If any of the listed steps fail, then the JWT MUST be rejected
            _ => self.after_signature(&claims, key, &keys, issuer.name(), demand).map(|dates| Entry {
                dates,
                key,
                alg: jws.header.alg(),
                // If nothing has changed, keep the number: the entry then equals the
                // cache's, and `finish` counts a hit instead of writing it again.
                as_of: fresh.map_or_else(|| keys.number_as_of(as_of), |known| known.entry().as_of),
                key_interval,
            }),
        };
        Assessment { header: Some(jws.header), key: Some(key), key_interval, claims: Some(claims), found }
    }

    /// Applies the rules between parsing and the signature, in order: the header's, and
    /// the choice of the key set. Returns the issuer's index.
    #[inline]
    pub(super) fn before_signature(&self, jws: &Jws<'_, '_>, kind: Kind<'_>) -> Result<u32, Rejection> {
        self.policy.check_header(&jws.header)?;
        match kind {
            //= rfc7797#section-7
            //# JSON Web Tokens [JWT] MUST NOT use "b64" with a "false" value.
            Kind::Jwt { .. } if !jws.header.b64() => Err(Rejection::new(Code::B64InJwt)),
            Kind::Jwt { demand, payload, claims } => self.issuer_index(jws, demand, payload, claims),
            Kind::Jws { issuer } => {
                self.shared.trust.named(issuer).ok_or(Rejection::new(Code::IssuerUnknown))
            }
        }
    }

    /// Applies the rules after the signature, except those on the clock, in order:
    /// claims, revocations, the status, the syntax of dates. Returns the dates.
    #[inline]
    pub(super) fn after_signature(
        &self,
        claims: &Claims<'_>,
        key: KeyPlace,
        keys: &KeysInForce,
        issuer: Option<&str>,
        demand: &Demand<'_>,
    ) -> Result<Dates, Rejection> {
        let checked = self.policy.check_claims(claims, issuer, demand);
        let checked = checked.and_then(|()| self.check_revocations(claims, key, keys));
        #[cfg(feature = "status-list")]
        let checked = checked.and_then(|()| self.check_status(claims));
        checked.and_then(|()| claims.read_dates()).map_err(Rejection::after_signature)
    }

    #[inline]
    fn check_revocations(
        &self,
        claims: &Claims<'_>,
        key: KeyPlace,
        keys: &KeysInForce,
    ) -> Result<(), Rejection> {
        if !self.has_revocations.load(Ordering::Acquire) {
            return Ok(());
        }
        let revocations = self.revocations.load();
        check_key(&revocations, &keys.set, key.key_index)?;
        revocations.check_claims(claims)
    }

    /// Checks the dates, counts, and remembers a newly accepted token. `found` is the
    /// assessment, `known` the cache's entry; nothing is accepted without `now`. Returns
    /// `true` if they are the same.
    #[inline]
    pub(super) fn finish(
        &self,
        found: Result<&Entry, &Rejection>,
        known: Option<&Remembered>,
        lookup: Option<&Lookup>,
        now: Option<UnixSeconds>,
        who: usize,
    ) -> Result<bool, Rejection> {
        let count = |event| self.counters.count(who, event);
        let timed = found.map_err(|rejection| *rejection).and_then(|entry| {
            let times = self.times_hold(&entry.key_interval, &entry.dates, now);
            times.map(|()| entry).map_err(Rejection::after_signature)
        });
        let entry = match timed {
            Ok(entry) => entry,
            Err(rejection) => {
                count(Event::Refused(rejection.code()));
                return Err(rejection);
            }
        };
        if known.map(Remembered::entry) == Some(entry) {
            count(Event::Hit);
            return Ok(true);
        }
        count(Event::Accepted(entry.alg));
        if let (Some(cache), Some(lookup), Some(now)) = (&self.cache, lookup, now) {
            count(Event::Miss);
            if cache.put(lookup, entry, now, |other| self.is_stale(other)) {
                count(Event::Eviction);
            }
        }
        Ok(false)
    }

    /// Checks everything that depends on the clock: whether the key is in force, and
    /// the token's own dates. Without `now` it never holds.
    #[inline]
    pub(super) fn times_hold(
        &self,
        key: &Interval,
        dates: &Dates,
        now: Option<UnixSeconds>,
    ) -> Result<(), Rejection> {
        let Some(now) = now else { return Err(self.policy.dates().without_time(dates)) };
        self.policy.dates().check_key(key, now)?;
        self.policy.dates().check(dates, now)
    }

    #[inline]
    pub(super) fn lookup(&self, token: &[u8]) -> Option<Lookup> {
        self.cache.as_ref()?.lookup(token)
    }

    #[inline]
    pub(super) fn revision(&self) -> u64 {
        self.revision.load(Ordering::Acquire)
    }

    /// Returns the cache's entry of a token, unless its keys were replaced or this call
    /// demands other keys.
    #[inline]
    pub(super) fn recall(&self, lookup: Option<&Lookup>, demand: &Demand<'_>) -> Option<Remembered> {
        let known = self.cache.as_ref()?.find(lookup?)?;
        let entry = known.entry();
        let chosen = self.shared.trust.chosen(demand.key_set).ok()?;
        if chosen.is_some_and(|index| index != entry.key.issuer_index) {
            return None;
        }
        let issuer = self.shared.trust.get(entry.key.issuer_index)?;
        if issuer.generation() > entry.as_of {
            return None;
        }
        if issuer.is_dated() {
            let keys = issuer.keys();
            // The keys may have been replaced since the generation was read above.
            if keys.generation > entry.as_of {
                return None;
            }
            return Some(known.in_force(keys.set.interval(entry.key.key_index)));
        }
        Some(known)
    }

    /// Returns `true` if an entry's keys were replaced.
    #[inline]
    fn is_stale(&self, entry: &Entry) -> bool {
        let issuer = self.shared.trust.get(entry.key.issuer_index);
        issuer.is_none_or(|issuer| issuer.generation() > entry.as_of)
    }

    pub(super) fn jws<'s>(
        &self,
        token: &[u8],
        payload: Payload<'s>,
        issuer: Option<&str>,
        scratch: &'s mut Scratch,
    ) -> Result<VerifiedJws<'s>, Rejection> {
        let Scratch { headers, signature, signing_input, payload: decoded, .. } = scratch;
        let limits = self.policy.limits_in_force();
        let jws = Jws::parse(token, limits, self.policy.understood(), headers)?;
        let index = self.before_signature(&jws, Kind::Jws { issuer })?;
        let keys = self.shared.trust.get(index).ok_or(Rejection::new(Code::Internal))?.keys();
        let room = Room { accelerator: &self.shared.accelerator, signature, signing_input };
        let signed = SignedJws::verify(jws, payload, &keys.set, room)?;
        if self.has_revocations.load(Ordering::Acquire) {
            check_key(&self.revocations.load(), &keys.set, signed.key_index())
                .map_err(Rejection::after_signature)?;
        }
        signed.decode(decoded, self.shared.accelerator.wide())
    }

    pub(super) fn issuer_index_of(&self, token: &[u8], scratch: &mut Scratch) -> Result<u32, Rejection> {
        let Scratch { headers, payload, claims, .. } = scratch;
        let jws = Jws::parse(token, self.policy.limits_in_force(), self.policy.understood(), headers)?;
        let sole = self.shared.trust.sole().and_then(|index| self.shared.trust.get(index));
        if sole.is_some_and(|issuer| issuer.name().is_none()) {
            return Ok(0);
        }
        self.named_issuer(&jws, payload, claims)
    }

    /// Chooses the issuer whose keys the token must be verified with. With one
    /// key set there is no choice; with several, the caller names it, or the
    /// token's own `iss` does, and the claims are checked against that issuer
    /// later.
    fn issuer_index(
        &self,
        jws: &Jws<'_, '_>,
        demand: &Demand<'_>,
        payload: &mut Vec<u8>,
        claims: &mut Storage,
    ) -> Result<u32, Rejection> {
        if let Some(index) =
            self.shared.trust.chosen(demand.key_set)?.or_else(|| self.shared.trust.without_choice())
        {
            return Ok(index);
        }
        self.named_issuer(jws, payload, claims)
    }

    /// Returns the issuer that the token's own `iss` names.
    fn named_issuer(
        &self,
        jws: &Jws<'_, '_>,
        payload: &mut Vec<u8>,
        claims: &mut Storage,
    ) -> Result<u32, Rejection> {
        let index = |issuer: &str| self.shared.trust.index_of(issuer);
        verified::unverified_issuer(jws, payload, claims, self.shared.accelerator.wide(), index)
            .ok_or(Rejection::new(Code::IssuerUnknown))
    }
}

/// What a token is verified as, which decides how the key set is chosen.
pub(super) enum Kind<'a> {
    /// A JWT: the caller's demand or the token's `iss` chooses. The buffers are for
    /// reading the `iss`.
    Jwt { demand: &'a Demand<'a>, payload: &'a mut Vec<u8>, claims: &'a mut Storage },
    /// Any JWS: the caller chooses.
    Jws { issuer: Option<&'a str> },
}

/// # Errors
/// [`Code::RevocationsStale`], [`Code::RevocationsNotYet`], [`Code::KeyRevoked`]
fn check_key(revocations: &Revocations, set: &KeySet, key_index: u32) -> Result<(), Rejection> {
    revocations.check_age()?;
    match set.keys().get(key_index as usize) {
        Some(key) if revocations.revokes_keys() => revocations.check_key(key.thumbprint()),
        _ => Ok(()),
    }
}
