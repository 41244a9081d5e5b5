//! Verifies a batch chunk by chunk.
//!
//! A token whose header is known and that has one candidate key waits until the whole
//! chunk has been read. Then the signatures of the waiting tokens are checked, grouped by
//! key. All other tokens take the path of single tokens.
//!
//! Of keys with one `kid` that follow one another, the one in force at the token's instant
//! is tried with the group. If the signature does not hold with it, the token takes the
//! path of single tokens, which tries them all: so the time changes how long a token takes,
//! and never its result.

use std::sync::Arc;

use super::pipeline::{Kind, Verifier};
use super::rows::{CHUNK, Rows};
use super::trust::KeysInForce;
use crate::alg::Alg;
use crate::base64url::Arena;
use crate::cache::{Entry, KeyPlace, Lookup, Remembered};
use crate::claims::Claims;
use crate::crypto::Job;
use crate::error::{Code, Rejection};
use crate::jws::{HeaderNames, Jws, Segments};
use crate::key::VerifyingKey;
use crate::policy::Demand;
use crate::scratch::Scratch;
use crate::stats::Event;
use crate::time::{Dates, Interval, UnixSeconds};
use crate::verified::Waiting;

/// A function that receives a token's place in the chunk and its claims.
type ReadClaims<'r> = &'r (dyn Fn(usize, &Claims<'_>) + Sync);

/// The result for a token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outcome {
    /// The code. For a token that met all rules except those on dates, it holds at
    /// `judged_at`.
    code: Code,
    judged_at: Option<UnixSeconds>,
    is_timed: bool,
    pub(crate) dates: Dates,
    pub(crate) key: Option<KeyPlace>,
    /// The time in which the key is in force.
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
    /// The result for a row without a token.
    pub(crate) const NULL: Self = Self { code: Code::TokenNull, ..Self::CANCELLED };

    /// The result for a token that a cancelled batch did not reach.
    const CANCELLED: Self = Self {
        code: Code::BatchCancelled,
        judged_at: None,
        is_timed: false,
        dates: Dates { issued_at: None, not_before: None, expires_at: None },
        key: None,
        key_interval: Interval::ALWAYS,
        signature_ok: false,
        from_cache: false,
    };

    /// Returns the code at `now`: rows with the same token may have different instants,
    /// or none that is known.
    #[inline]
    pub(crate) fn code_at(&self, verifier: &Verifier, now: Option<UnixSeconds>) -> Code {
        if !self.is_timed || self.judged_at == now {
            return self.code;
        }
        let times = verifier.times_hold(&self.key_interval, &self.dates, now);
        times.map_or_else(|rejection| rejection.code(), |()| Code::Accepted)
    }
}

/// The buffers of one thread.
#[derive(Default)]
pub(crate) struct Worker {
    scratch: Scratch,
    /// The decoded signatures of the waiting tokens, end to end.
    arena: Arena,
    /// For each token of the chunk, its place in the cache and its entry there.
    recalled: Vec<(Option<Lookup>, Option<Remembered>)>,
    /// A token of the chunk went alone, so that its header may be remembered.
    has_learned: bool,
    /// The keys of every issuer at the beginning of the chunk.
    keys: Vec<Arc<KeysInForce>>,
    /// The last change before these keys were loaded.
    as_of: u64,
}

/// A token whose signature has yet to be checked.
#[derive(Clone, Copy)]
struct WaitingRow<'t> {
    token: Waiting<'t>,
    /// The token's place in the chunk.
    row: usize,
    now: Option<UnixSeconds>,
    issuer_index: u32,
}

impl Worker {
    /// Assesses up to [`CHUNK`] tokens, each at its own instant if it is known. `read` receives the
    /// claims of each token whose signature holds, with its place in the chunk.
    pub(crate) fn assess<'t>(
        &mut self,
        verifier: &Verifier,
        tokens: impl Iterator<Item = (&'t [u8], Option<UnixSeconds>)> + Clone,
        outcomes: &mut [Outcome],
        read: Option<ReadClaims<'_>>,
    ) {
        self.arena.clear();
        self.has_learned = false;
        self.recall(verifier, tokens.clone().map(|(token, _)| token));
        // Read before the keys: if they change in between, new entries carry a number
        // that is too old and are ignored, instead of one that is too new.
        self.as_of = verifier.shared.changes.last();
        self.keys.clear();
        self.keys.extend(verifier.shared.trust.snapshot());
        let mut held = [WaitingRow::NONE; CHUNK];
        let mut waiting = 0_usize;
        for (row, ((token, now), outcome)) in tokens.clone().zip(outcomes.iter_mut()).enumerate() {
            // `begin` writes to `place` although the token may not wait in the end.
            // Then the next token overwrites it, which saves a copy of the row.
            let Some((before, [place, ..])) = held.split_at_mut_checked(waiting) else { break };
            let (known_lookup, known) = self.recalled.get(row).copied().unwrap_or_default();
            match self.begin(verifier, (token, now), known.is_some(), before.last(), place) {
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
        // Usually all have the same key, and nothing needs sorting.
        if !held.is_sorted_by_key(WaitingRow::group) {
            held.sort_unstable_by_key(WaitingRow::group);
        }
        // The jobs borrow the arena while `settle` needs `&mut self`.
        let arena = std::mem::take(&mut self.arena);
        let mut jobs = [Job::default(); CHUNK];
        for (job, held) in jobs.iter_mut().zip(held.iter()) {
            *job = held.token.job(&arena);
        }
        let jobs = jobs.get_mut(..held.len()).unwrap_or_default();
        self.verify_signatures(verifier, held, jobs);
        // Rows that are still open: another key may hold.
        let mut open = Rows::default();
        let mut rest = &*jobs;
        for group in held.chunk_by(|a, b| a.group() == b.group()) {
            let (jobs, others) = rest.split_at_checked(group.len()).unwrap_or_default();
            rest = others;
            self.settle(verifier, group, jobs, outcomes, read, &mut open);
        }
        self.arena = arena;
        if open == Rows::default() {
            return;
        }
        for (row, ((token, now), outcome)) in tokens.zip(outcomes.iter_mut()).enumerate() {
            if open.has(row) {
                let lookup = self.recalled.get(row).and_then(|recalled| recalled.0);
                let read = read.map(|read| move |claims: &Claims<'_>| read(row, claims));
                self.alone(verifier, token, (None, lookup), now, read, outcome);
            }
        }
    }

    /// Returns what the header of a token names; those of tokens whose signature
    /// held are remembered.
    pub(crate) fn header_names(&mut self, verifier: &Verifier, token: &[u8]) -> HeaderNames<'_> {
        HeaderNames::read(token, verifier.policy.limits_in_force(), &mut self.scratch.headers)
    }

    /// Returns a value that differs between threads, for the counters.
    fn who(&self) -> usize {
        std::ptr::from_ref(&self.scratch).addr()
    }

    /// Looks up the whole chunk in the cache before anything else. The lookups are
    /// independent, so their cache misses overlap.
    fn recall<'t>(&mut self, verifier: &Verifier, tokens: impl Iterator<Item = &'t [u8]>) {
        self.recalled.clear();
        if verifier.cache.is_some() {
            self.recalled.extend(tokens.map(|token| (verifier.lookup(token), None)));
            for (lookup, known) in &mut self.recalled {
                *known = verifier.recall(lookup.as_ref(), &Demand::NOTHING);
            }
        }
    }

    /// Reads a token up to its signature. Returns `true` if it was written to `held`
    /// and waits for the check of its group; otherwise it takes the path of single
    /// tokens. `last` is the previous waiting token.
    fn begin<'t>(
        &mut self,
        verifier: &Verifier,
        (token, now): (&'t [u8], Option<UnixSeconds>),
        is_known: bool,
        last: Option<&WaitingRow<'t>>,
        held: &mut WaitingRow<'t>,
    ) -> Result<bool, Rejection> {
        if is_known {
            // The cache's entry replaces the signature check.
            return Ok(false);
        }
        let Scratch { headers, payload, claims, .. } = &mut self.scratch;
        let policy = &verifier.policy;
        let like = last.map(|last| last.token.header()).unwrap_or_default();
        let segments = Segments::split(token, policy.limits_in_force(), like)?;
        // The header was checked for `last`, and with only one key set equal headers
        // select the same key. With several issuers the key depends on the `iss`.
        if let (Some(last), Some(sole)) = (last, verifier.shared.trust.sole())
            && last.token.header() == segments.header
            && !last.token.is_choice()
        {
            held.issuer_index = sole;
            let wide = verifier.shared.accelerator.wide();
            return held.token.take_like(&last.token, segments, &mut self.arena, wide).map(|()| true);
        }
        let jws = Jws::of(segments, policy.understood(), headers)?;
        if !jws.header.is_proved() && !std::mem::replace(&mut self.has_learned, true) {
            // Only the path of single tokens marks a header as proved, and only proved
            // headers are remembered. So one token of a chunk goes alone, and no more: if
            // there are more headers than can be remembered, all would.
            return Ok(false);
        }
        let kind = Kind::Jwt { demand: &Demand::NOTHING, payload, claims };
        held.issuer_index = verifier.before_signature(&jws, kind)?;
        let keys = self.keys.get(held.issuer_index as usize).ok_or(Rejection::new(Code::Internal))?;
        held.token.take(&jws, &keys.set, now, &mut self.arena, verifier.shared.accelerator.wide())
    }

    /// Verifies a token by the path of single tokens.
    fn alone(
        &mut self,
        verifier: &Verifier,
        token: &[u8],
        (known, lookup): (Option<Remembered>, Option<Lookup>),
        now: Option<UnixSeconds>,
        read: Option<impl Fn(&Claims<'_>)>,
        outcome: &mut Outcome,
    ) {
        // An entry is enough if nobody wants the claims, and if the revocations were
        // not changed since it was made.
        let fresh = known.filter(|known| read.is_none() && verifier.revision() <= known.entry().as_of);
        let found = match fresh {
            Some(known) => Ok(*known.entry()),
            None => {
                let assessed = verifier.assess(token, known.as_ref(), &Demand::NOTHING, &mut self.scratch);
                if let (Some(read), Some(claims)) = (read, &assessed.claims) {
                    read(claims);
                }
                outcome.key = assessed.key;
                outcome.key_interval = assessed.key_interval;
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

    /// Checks all signatures with their keys: those of one algorithm together, if there is
    /// code for that, and otherwise those of one key.
    fn verify_signatures(&self, verifier: &Verifier, held: &[WaitingRow<'_>], jobs: &mut [Job<'_>]) {
        let accelerator = &verifier.shared.accelerator;
        let key = |held: &WaitingRow<'_>| {
            let keys = self.keys.get(held.issuer_index as usize)?;
            keys.set.keys().get(held.token.key_index() as usize)
        };
        let mut rest = jobs;
        for run in held.chunk_by(|a, b| a.token.alg() == b.token.alg()) {
            let (jobs, others) = rest.split_at_mut_checked(run.len()).unwrap_or_default();
            rest = others;
            let Some(alg) = run.first().map(|held| held.token.alg()) else { continue };
            if accelerator.mixes(alg) {
                VerifyingKey::verify_mixed(accelerator, alg, |row| key(run.get(row)?), jobs);
                continue;
            }
            let mut rest = jobs;
            for group in run.chunk_by(|a, b| a.group() == b.group()) {
                let (jobs, others) = rest.split_at_mut_checked(group.len()).unwrap_or_default();
                rest = others;
                if let Some(key) = group.first().and_then(key) {
                    key.verify_each(accelerator, alg, jobs);
                }
            }
        }
    }

    /// Finishes the tokens of a group, whose signatures are checked. `open` takes the rows for which another key has to be tried.
    fn settle(
        &mut self,
        verifier: &Verifier,
        group: &[WaitingRow<'_>],
        jobs: &[Job<'_>],
        outcomes: &mut [Outcome],
        read: Option<ReadClaims<'_>>,
        open: &mut Rows,
    ) {
        let Some((alg, issuer_index, key_index)) = group.first().map(WaitingRow::group) else { return };
        let Some(keys) = self.keys.get(issuer_index as usize).map(Arc::clone) else { return };
        let place = KeyPlace { issuer_index, key_index };
        let key_interval = keys.set.interval(key_index);
        let issuer = verifier.shared.trust.get(issuer_index).and_then(|issuer| issuer.name());
        let wide = verifier.shared.accelerator.wide();
        let as_of = keys.number_as_of(self.as_of);
        for (job, held) in jobs.iter().zip(group) {
            let Some(outcome) = outcomes.get_mut(held.row) else { continue };
            if held.token.is_choice() && job.held().is_none() {
                open.add(held.row);
                continue;
            }
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
            outcome.key_interval = key_interval;
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
        now: Option<UnixSeconds>,
        outcome: &mut Outcome,
    ) {
        let timed = verifier.finish(Ok(entry), known, lookup, now, self.who());
        outcome.code = timed.map_or_else(|rejection| rejection.code(), |_| Code::Accepted);
        (outcome.judged_at, outcome.is_timed) = (now, true);
        outcome.dates = entry.dates;
        outcome.key_interval = entry.key_interval;
        outcome.signature_ok = true;
    }

    /// Records a rejection; `outcome` already has the key if the signature held.
    fn refuse(&self, verifier: &Verifier, rejection: Rejection, outcome: &mut Outcome) {
        verifier.counters.count(self.who(), Event::Refused(rejection.code()));
        outcome.code = rejection.code();
        outcome.signature_ok = rejection.signature_ok();
    }
}

impl WaitingRow<'_> {
    /// An unused place.
    const NONE: Self = Self { token: Waiting::NONE, row: 0, now: None, issuer_index: 0 };

    /// Returns algorithm, issuer and key: tokens that share them are finished together.
    fn group(&self) -> (Alg, u32, u32) {
        (self.token.alg(), self.issuer_index, self.token.key_index())
    }
}
