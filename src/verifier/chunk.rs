//! Some tokens at a time: what a batch does with each of its chunks.
//!
//! A token whose header is known and that has one candidate key waits until
//! the whole chunk was read; then the waiting ones are asked for grouped by
//! key. All others go the way of single tokens.

use std::sync::Arc;

use super::Verifier;
use super::trust::Keys;
use super::verdict::Verdict;
use crate::cache::{Entry, KeyPlace, Place};
use crate::claims::Claims;
use crate::crypto::Job;
use crate::error::{Code, Rejection};
use crate::jws::Jws;
use crate::scratch::Scratch;
use crate::stats::Event;
use crate::time::{Dates, Interval, UnixSeconds};
use crate::verified::Waiting;

/// The most tokens that are read before their signatures are checked.
pub(crate) const CHUNK: usize = 64;

/// What is handed a token's place in the chunk and its claims.
type ReadClaims<'r> = &'r (dyn Fn(usize, &Claims<'_>) + Sync);

/// What a token came to, but for the dates.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outcome {
    /// [`Code::Accepted`] when only the dates are left to check.
    pub(crate) code: Code,
    pub(crate) dates: Dates,
    pub(crate) key: Option<KeyPlace>,
    /// When the key is in force.
    pub(crate) key_interval: Interval,
    pub(crate) signature_ok: bool,
    pub(crate) from_cache: bool,
}

impl Default for Outcome {
    fn default() -> Self {
        Self {
            code: Code::BatchCancelled,
            dates: Dates::default(),
            key: None,
            key_interval: Interval::ALWAYS,
            signature_ok: false,
            from_cache: false,
        }
    }
}

/// The room of one thread.
#[derive(Default)]
pub(crate) struct Worker {
    scratch: Scratch,
    /// The signatures of the waiting tokens, decoded, end to end.
    arena: Vec<u8>,
    /// Where each token of the chunk is in the cache, and what it holds of it.
    recalled: Vec<(Option<Place>, Option<Entry>)>,
    /// The keys of every issuer, in force when the chunk was begun.
    keys: Vec<Arc<Keys>>,
}

/// A token that waits for its key's answer.
#[derive(Clone, Copy)]
struct Held<'t> {
    token: Waiting<'t>,
    /// Which token of the chunk it is.
    row: usize,
    now: UnixSeconds,
    issuer_index: u32,
    revision: u32,
}

impl Worker {
    /// Assesses up to [`CHUNK`] tokens. `now` is the instant at which the
    /// cache may forget what has expired. `read` is handed the claims of each
    /// token whose signature holds, with its place in the chunk.
    pub(crate) fn assess<'t>(
        &mut self,
        verifier: &Verifier,
        tokens: impl Iterator<Item = (&'t [u8], UnixSeconds)> + Clone,
        outcomes: &mut [Outcome],
        read: Option<ReadClaims<'_>>,
    ) {
        self.arena.clear();
        self.recall(verifier, tokens.clone().map(|(token, _)| token));
        self.keys.clear();
        self.keys.extend(verifier.trust.snapshot());
        let mut held: [Option<Held<'t>>; CHUNK] = [None; CHUNK];
        let mut places = held.iter_mut();
        for (row, ((token, now), outcome)) in tokens.zip(outcomes.iter_mut()).enumerate() {
            let (place, known) = self.recalled.get(row).copied().unwrap_or_default();
            match self.begin(verifier, token, known) {
                Ok(Begun::Waits { token, issuer_index, revision }) => {
                    if let Some(held) = places.next() {
                        *held = Some(Held { token, row, now, issuer_index, revision });
                    }
                }
                Ok(Begun::Alone { known }) => {
                    let read = read.map(|read| move |claims: &Claims<'_>| read(row, claims));
                    *outcome = self.alone(verifier, token, (known, place), now, read);
                }
                Err(rejection) => *outcome = refused(verifier, self.who(), rejection, None),
            }
        }
        let waiting = CHUNK.saturating_sub(places.len());
        let held = held.get_mut(..waiting).unwrap_or_default();
        // Mostly they all have the same key.
        if !held.is_sorted_by_key(|held| group_of(held.as_ref())) {
            held.sort_unstable_by_key(|held| group_of(held.as_ref()));
        }
        let arena = std::mem::take(&mut self.arena);
        let mut jobs = [Job::default(); CHUNK];
        for (job, held) in jobs.iter_mut().zip(held.iter().flatten()) {
            *job = held.token.job(&arena);
        }
        let mut rest = jobs.as_mut_slice();
        for group in held.chunk_by(|a, b| group_of(a.as_ref()) == group_of(b.as_ref())) {
            let (jobs, others) = rest.split_at_mut_checked(group.len()).unwrap_or_default();
            rest = others;
            self.settle(verifier, group, jobs, outcomes, read);
        }
        self.arena = arena;
    }

    fn who(&self) -> usize {
        std::ptr::from_ref(&self.scratch).addr()
    }

    /// Looks for the whole chunk in the cache. The looks come one behind the
    /// other, so that the processor waits for the memory of several at once.
    fn recall<'t>(&mut self, verifier: &Verifier, tokens: impl Iterator<Item = &'t [u8]>) {
        self.recalled.clear();
        if verifier.cache.is_some() {
            self.recalled.extend(tokens.map(|token| (verifier.place(token), None)));
            for (place, known) in &mut self.recalled {
                *known = verifier.recall(place.as_ref());
            }
        }
    }

    /// Reads a token up to its signature.
    fn begin<'t>(
        &mut self,
        verifier: &Verifier,
        token: &'t [u8],
        known: Option<Entry>,
    ) -> Result<Begun<'t>, Rejection> {
        if known.is_some() {
            return Ok(Begun::Alone { known });
        }
        let Scratch { headers, payload, claims, .. } = &mut self.scratch;
        let policy = &verifier.policy;
        let jws = Jws::parse(token, policy.limits_in_force(), policy.understood(), headers)?;
        verifier.check_header(&jws)?;
        if !jws.header.is_proved() {
            return Ok(Begun::Alone { known });
        }
        let issuer_index = verifier.issuer_index(&jws, payload, claims)?;
        let keys = self.keys.get(issuer_index as usize).ok_or(Rejection::new(Code::Internal))?;
        let revision = verifier.revision();
        Ok(match Waiting::new(&jws, &keys.set, &mut self.arena)? {
            Some(token) => Begun::Waits { token, issuer_index, revision },
            None => Begun::Alone { known },
        })
    }

    /// Takes a token the way of single ones.
    fn alone(
        &mut self,
        verifier: &Verifier,
        token: &[u8],
        (known, place): (Option<Entry>, Option<Place>),
        now: UnixSeconds,
        read: Option<impl Fn(&Claims<'_>)>,
    ) -> Outcome {
        let who = self.who();
        let mut seen = Verdict::nothing();
        let fresh = known.filter(|known| read.is_none() && known.revision == verifier.revision());
        let assessed = match fresh {
            Some(entry) => Ok(entry),
            None => verifier.assess(token, known, &mut self.scratch, &mut seen),
        };
        if let (Some(read), Some(claims)) = (read, &seen.claims) {
            read(claims);
        }
        match assessed {
            Ok(entry) => accepted(verifier, who, entry, known, place, now),
            Err(rejection) => refused(verifier, who, rejection, seen.key()),
        }
    }

    /// Asks one key for all signatures of a group and ends their tokens.
    fn settle(
        &mut self,
        verifier: &Verifier,
        group: &[Option<Held<'_>>],
        jobs: &mut [Job<'_>],
        outcomes: &mut [Outcome],
        read: Option<ReadClaims<'_>>,
    ) {
        let Some((issuer_index, key_index, alg)) = group.first().and_then(|first| group_of(first.as_ref()))
        else {
            return;
        };
        let Some(keys) = self.keys.get(issuer_index as usize) else { return };
        let Some(key) = keys.set.keys().get(key_index as usize) else { return };
        key.answer(&verifier.accelerator, alg, jobs);
        let who = self.who();
        let place = KeyPlace { issuer_index, key_index };
        let key_interval = keys.set.interval(key_index);
        let issuer = verifier.trust.get(issuer_index).and_then(|issuer| issuer.name());
        let Scratch { payload, claims, .. } = &mut self.scratch;
        for (job, held) in jobs.iter().zip(group.iter().flatten()) {
            let key = job.holds.then_some(place);
            let mut end = || {
                let payload = held.token.settle(job, payload)?;
                let claims = Claims::parse(payload, claims)?;
                if let Some(read) = read {
                    read(held.row, &claims);
                }
                verifier.assess_claims(&claims, place, keys, issuer).map_err(Rejection::after_signature)
            };
            let outcome = match end() {
                Ok(dates) => {
                    let entry = Entry {
                        dates,
                        key: place,
                        alg,
                        generation: keys.generation,
                        revision: held.revision,
                        key_interval,
                    };
                    let place = self.recalled.get(held.row).and_then(|recalled| recalled.0);
                    accepted(verifier, who, entry, None, place, held.now)
                }
                Err(rejection) => refused(verifier, who, rejection, key),
            };
            if let Some(place) = outcomes.get_mut(held.row) {
                *place = outcome;
            }
        }
    }
}

/// How a token goes on after its header.
enum Begun<'t> {
    Waits { token: Waiting<'t>, issuer_index: u32, revision: u32 },
    Alone { known: Option<Entry> },
}

/// Issuer, key and algorithm: what tokens that are asked for together share.
fn group_of(held: Option<&Held<'_>>) -> Option<(u32, u32, crate::alg::Alg)> {
    held.map(|held| (held.issuer_index, held.token.key_index(), held.token.alg()))
}

fn accepted(
    verifier: &Verifier,
    who: usize,
    entry: Entry,
    known: Option<Entry>,
    place: Option<Place>,
    now: UnixSeconds,
) -> Outcome {
    // The dates are judged row by row later on; here they only decide what is
    // counted, and whether the token is one to remember.
    let _ = verifier.finish(Ok((entry, known)), place, now, who);
    let from_cache = known == Some(entry);
    let Entry { dates, key, key_interval, .. } = entry;
    Outcome { code: Code::Accepted, dates, key: Some(key), key_interval, signature_ok: true, from_cache }
}

fn refused(verifier: &Verifier, who: usize, rejection: Rejection, key: Option<KeyPlace>) -> Outcome {
    verifier.counters.count(who, Event::Refused(rejection.code()));
    let signature_ok = rejection.signature_ok();
    Outcome { code: rejection.code(), key, signature_ok, ..Outcome::default() }
}
