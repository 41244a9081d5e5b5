//! Some tokens at a time: what a batch does with each of its chunks.
//!
//! A token whose header is known and that has one candidate key waits until
//! the whole chunk was read; then the waiting ones are asked for grouped by
//! key. All others go the way of single tokens.

use std::sync::Arc;

use super::trust::KeysInForce;
use super::{Kind, Verifier};
use crate::alg::Alg;
use crate::base64url::Arena;
use crate::cache::{Entry, KeyPlace, Lookup, Remembered};
use crate::claims::Claims;
use crate::crypto::Job;
use crate::error::{Code, Rejection};
use crate::jws::{Jws, Segments};
use crate::policy::Demand;
use crate::scratch::Scratch;
use crate::stats::Event;
use crate::time::{Dates, Interval, UnixSeconds};
use crate::verified::Waiting;

/// The most tokens that are read before their signatures are checked.
pub(crate) const CHUNK: usize = 64;

/// What is handed a token's place in the chunk and its claims.
type ReadClaims<'r> = &'r (dyn Fn(usize, &Claims<'_>) + Sync);

/// What a token came to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outcome {
    /// The code; of a token that met all rules but those on dates the one at
    /// `judged_at`.
    code: Code,
    judged_at: UnixSeconds,
    is_timed: bool,
    pub(crate) dates: Dates,
    pub(crate) key: Option<KeyPlace>,
    /// When the key is in force.
    pub(crate) key_interval: Interval,
    pub(crate) signature_ok: bool,
    pub(crate) from_cache: bool,
}

impl Default for Outcome {
    fn default() -> Self {
        Self::CANCELLED
    }
}

impl Outcome {
    /// What a row without a token comes to.
    pub(crate) const NULL: Self = Self { code: Code::TokenNull, ..Self::CANCELLED };

    /// What a token comes to whose turn did not come.
    const CANCELLED: Self = Self {
        code: Code::BatchCancelled,
        judged_at: UnixSeconds(0),
        is_timed: false,
        dates: Dates { issued_at: None, not_before: None, expires_at: None },
        key: None,
        key_interval: Interval::ALWAYS,
        signature_ok: false,
        from_cache: false,
    };

    /// Returns the code at `now`: rows with the same token may have other instants.
    #[inline]
    pub(crate) fn code_at(&self, verifier: &Verifier, now: UnixSeconds) -> Code {
        if !self.is_timed || self.judged_at == now {
            return self.code;
        }
        let times = verifier.times_hold(&self.key_interval, &self.dates, now);
        times.map_or_else(|rejection| rejection.code(), |()| Code::Accepted)
    }
}

/// The room of one thread.
#[derive(Default)]
pub(crate) struct Worker {
    scratch: Scratch,
    /// The signatures of the waiting tokens, decoded, end to end.
    arena: Arena,
    /// Where each token of the chunk is in the cache, and what it holds of it.
    recalled: Vec<(Option<Lookup>, Option<Remembered>)>,
    /// The keys of every issuer, in force when the chunk was begun.
    keys: Vec<Arc<KeysInForce>>,
    /// The last change before those were loaded.
    as_of: u64,
}

/// A token that waits for its key's answer.
#[derive(Clone, Copy)]
struct WaitingRow<'t> {
    token: Waiting<'t>,
    /// Which token of the chunk it is.
    row: usize,
    now: UnixSeconds,
    issuer_index: u32,
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
        self.as_of = verifier.changes.last();
        self.keys.clear();
        self.keys.extend(verifier.trust.snapshot());
        let mut held = [WaitingRow::NONE; CHUNK];
        let mut waiting = 0_usize;
        for (row, ((token, now), outcome)) in tokens.zip(outcomes.iter_mut()).enumerate() {
            let Some((before, [place, ..])) = held.split_at_mut_checked(waiting) else { break };
            let (known_lookup, known) = self.recalled.get(row).copied().unwrap_or_default();
            match self.begin(verifier, token, known.is_some(), before.last(), place) {
                Ok(true) => {
                    (place.row, place.now) = (row, now);
                    waiting = waiting.wrapping_add(1);
                }
                Ok(false) => {
                    let read = read.map(|read| move |claims: &Claims<'_>| read(row, claims));
                    self.alone(verifier, token, (known, known_lookup), now, read, outcome);
                }
                Err(rejection) => self.refuse(verifier, rejection, outcome),
            }
        }
        let held = held.get_mut(..waiting).unwrap_or_default();
        // Mostly they all have the same key.
        if !held.is_sorted_by_key(WaitingRow::group) {
            held.sort_unstable_by_key(WaitingRow::group);
        }
        let arena = std::mem::take(&mut self.arena);
        let mut jobs = [Job::default(); CHUNK];
        for (job, held) in jobs.iter_mut().zip(held.iter()) {
            *job = held.token.job(&arena);
        }
        let mut rest = jobs.as_mut_slice();
        for group in held.chunk_by(|a, b| a.group() == b.group()) {
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
            self.recalled.extend(tokens.map(|token| (verifier.lookup(token), None)));
            for (lookup, known) in &mut self.recalled {
                *known = verifier.recall(lookup.as_ref(), &Demand::NOTHING);
            }
        }
    }

    /// Reads a token up to its signature. Tells whether it was written to
    /// `held`, to wait for its key's answer; otherwise it goes alone. `last` is
    /// the one that waits before it.
    fn begin<'t>(
        &mut self,
        verifier: &Verifier,
        token: &'t [u8],
        is_known: bool,
        last: Option<&WaitingRow<'t>>,
        held: &mut WaitingRow<'t>,
    ) -> Result<bool, Rejection> {
        if is_known {
            return Ok(false);
        }
        let Scratch { headers, payload, claims, .. } = &mut self.scratch;
        let policy = &verifier.policy;
        let like = last.map(|last| last.token.header()).unwrap_or_default();
        let segments = Segments::split(token, policy.limits_in_force(), like)?;
        // The same header says the same, and with a sole issuer means the same
        // key.
        if let (Some(last), Some(sole)) = (last, verifier.trust.sole())
            && last.token.header() == segments.header
        {
            held.issuer_index = sole;
            let wide = verifier.accelerator.wide();
            return held.token.take_like(&last.token, segments, &mut self.arena, wide).map(|()| true);
        }
        let jws = Jws::of(segments, policy.understood(), headers)?;
        if !jws.header.is_proved() {
            return Ok(false);
        }
        let kind = Kind::Jwt { demand: &Demand::NOTHING, payload, claims };
        held.issuer_index = verifier.before_signature(&jws, kind)?;
        let keys = self.keys.get(held.issuer_index as usize).ok_or(Rejection::new(Code::Internal))?;
        held.token.take(&jws, &keys.set, &mut self.arena, verifier.accelerator.wide())
    }

    /// Takes a token the way of single ones.
    fn alone(
        &mut self,
        verifier: &Verifier,
        token: &[u8],
        (known, lookup): (Option<Remembered>, Option<Lookup>),
        now: UnixSeconds,
        read: Option<impl Fn(&Claims<'_>)>,
        outcome: &mut Outcome,
    ) {
        let fresh = known.filter(|known| read.is_none() && verifier.revision() <= known.entry().as_of);
        let found = match fresh {
            Some(known) => Ok(*known.entry()),
            None => {
                let assessed = verifier.assess(token, known.as_ref(), &Demand::NOTHING, &mut self.scratch);
                if let (Some(read), Some(claims)) = (read, &assessed.claims) {
                    read(claims);
                }
                outcome.key = assessed.key;
                assessed.found
            }
        };
        match found {
            Ok(entry) => {
                outcome.key = Some(entry.key);
                outcome.from_cache = known.as_ref().map(Remembered::entry) == Some(&entry);
                self.accept(verifier, &entry, known.as_ref(), lookup.as_ref(), now, outcome);
            }
            Err(rejection) => self.refuse(verifier, rejection, outcome),
        }
    }

    /// Asks one key for all signatures of a group and ends their tokens.
    fn settle(
        &mut self,
        verifier: &Verifier,
        group: &[WaitingRow<'_>],
        jobs: &mut [Job<'_>],
        outcomes: &mut [Outcome],
        read: Option<ReadClaims<'_>>,
    ) {
        let Some((issuer_index, key_index, alg)) = group.first().map(WaitingRow::group) else { return };
        let Some(keys) = self.keys.get(issuer_index as usize).map(Arc::clone) else { return };
        let Some(key) = keys.set.keys().get(key_index as usize) else { return };
        key.verify_each(&verifier.accelerator, alg, jobs);
        let place = KeyPlace { issuer_index, key_index };
        let key_interval = keys.set.interval(key_index);
        let issuer = verifier.trust.get(issuer_index).and_then(|issuer| issuer.name());
        let wide = verifier.accelerator.wide();
        let as_of = keys.number_as_of(self.as_of);
        for (job, held) in jobs.iter().zip(group) {
            let Some(outcome) = outcomes.get_mut(held.row) else { continue };
            let Scratch { payload, claims, .. } = &mut self.scratch;
            let mut end = || {
                let payload = held.token.settle(job, payload, wide)?;
                let claims = Claims::parse(payload, claims)?;
                if let Some(read) = read {
                    read(held.row, &claims);
                }
                verifier.after_signature(&claims, place, &keys, issuer, &Demand::NOTHING)
            };
            let ended = end();
            outcome.key = job.held().map(|_| place);
            match ended {
                Ok(dates) => {
                    let entry = Entry { dates, key: place, alg, as_of, key_interval };
                    let lookup = self.recalled.get(held.row).and_then(|recalled| recalled.0);
                    self.accept(verifier, &entry, None, lookup.as_ref(), held.now, outcome);
                }
                Err(rejection) => self.refuse(verifier, rejection, outcome),
            }
        }
    }

    fn accept(
        &self,
        verifier: &Verifier,
        entry: &Entry,
        known: Option<&Remembered>,
        lookup: Option<&Lookup>,
        now: UnixSeconds,
        outcome: &mut Outcome,
    ) {
        let timed = verifier.finish(Ok(entry), known, lookup, now, self.who());
        outcome.code = timed.map_or_else(|rejection| rejection.code(), |_| Code::Accepted);
        (outcome.judged_at, outcome.is_timed) = (now, true);
        outcome.dates = entry.dates;
        outcome.key_interval = entry.key_interval;
        outcome.signature_ok = true;
    }

    /// Writes down a rejection; `outcome` has the key already, if one holds.
    fn refuse(&self, verifier: &Verifier, rejection: Rejection, outcome: &mut Outcome) {
        verifier.counters.count(self.who(), Event::Refused(rejection.code()));
        outcome.code = rejection.code();
        outcome.signature_ok = rejection.signature_ok();
    }
}

impl WaitingRow<'_> {
    /// Room for a token.
    const NONE: Self = Self { token: Waiting::NONE, row: 0, now: UnixSeconds(0), issuer_index: 0 };

    /// Issuer, key and algorithm: what tokens that are asked for together
    /// share.
    fn group(&self) -> (u32, u32, Alg) {
        (self.issuer_index, self.token.key_index(), self.token.alg())
    }
}
