//! The counters of a verifier, without contention between threads.
//!
//! Every scratch counts in one of a few stripes, chosen by its address, so threads mostly
//! write to different cache lines. A snapshot adds the stripes up.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::alg::Alg;
use crate::crypto::BackendReport;
use crate::error::Code;
use crate::stripes::Stripes;

const CODES: usize = Code::ALL.len();
const ALGS: usize = Alg::ALL.len();

struct Counts {
    codes: [AtomicU64; CODES],
    verifications: [AtomicU64; ALGS],
    hits: AtomicU64,
    misses: AtomicU64,
    evictions: AtomicU64,
}

impl Default for Counts {
    fn default() -> Self {
        let zero = || AtomicU64::new(0);
        Self {
            codes: std::array::from_fn(|_| zero()),
            verifications: std::array::from_fn(|_| zero()),
            hits: zero(),
            misses: zero(),
            evictions: zero(),
        }
    }
}

/// An event to count.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    /// A token was rejected.
    Refused(Code),
    /// A token was accepted after its signature was verified.
    Accepted(Alg),
    /// A token was accepted by the cache.
    Hit,
    /// An accepted token was not in the cache.
    Miss,
    /// An entry of the cache was evicted.
    Eviction,
}

#[derive(Default)]
pub(crate) struct Counters {
    stripes: Stripes<Counts>,
}

impl Counters {
    /// Counts an event. `who` is any value that differs between threads; it selects the
    /// stripe.
    #[inline]
    pub(crate) fn count(&self, who: usize, event: Event) {
        #[cfg(planted = "race")]
        crate::planted::race();
        let counts = self.stripes.of(who);
        let counter = match event {
            Event::Refused(code) => counts.codes.get(code.row()),
            Event::Hit => Some(&counts.hits),
            Event::Miss => Some(&counts.misses),
            Event::Eviction => Some(&counts.evictions),
            Event::Accepted(alg) => counts.verifications.get(alg as usize),
        };
        if let Some(counter) = counter {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn snapshot(&self, cache_bytes: usize, backend: BackendReport) -> Statistics {
        let hits = self.stripes.sum(|counts| Some(&counts.hits));
        let mut codes: Vec<(Code, u64)> = Code::ALL
            .iter()
            .map(|code| (*code, self.stripes.sum(|counts| counts.codes.get(code.row()))))
            .collect();
        let verifications: Vec<(Alg, u64)> = Alg::ALL
            .iter()
            .map(|alg| (*alg, self.stripes.sum(|counts| counts.verifications.get(*alg as usize))))
            .filter(|(_, count)| *count > 0)
            .collect();
        if let Some((_, accepted)) = codes.first_mut() {
            *accepted = verifications.iter().fold(hits, |sum, row| sum.wrapping_add(row.1));
        }
        codes.retain(|(code, count)| *count > 0 || *code == Code::Accepted);
        Statistics {
            codes,
            verifications,
            cache_hits: hits,
            cache_misses: self.stripes.sum(|counts| Some(&counts.misses)),
            cache_evictions: self.stripes.sum(|counts| Some(&counts.evictions)),
            cache_bytes,
            backend,
        }
    }
}

impl std::fmt::Debug for Counters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Counters").finish_non_exhaustive()
    }
}

/// Counters of a verifier since it was built.
///
/// Counts that other threads add while the snapshot is taken may or may not be
/// included.
///
/// ```
/// # use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
/// # let signer = Signer::new(SigningKey::generate(Alg::ES256)?.with_kid("2026-01"));
/// # let policy = Policy::new([Alg::ES256]);
/// # let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
/// # let token = signer.sign_claims(r#"{"sub":"alice","exp":1800003600}"#)?;
/// # let (now, mut scratch) = (UnixSeconds(1_800_000_000), Scratch::new());
/// use jot::Code;
///
/// let _ = verifier.verify(&token, now, &mut scratch);
/// let _ = verifier.verify("not.a.token", now, &mut scratch);
/// let statistics = verifier.statistics();
/// assert_eq!((statistics.verdicts(Code::Accepted), statistics.verdicts(Code::HeaderEncoding)), (1, 1));
/// assert!(statistics.to_prometheus().contains(r#"jot_verdicts_total{code="accepted"} 1"#));
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statistics {
    /// Verdicts by code: [`Code::Accepted`], and every other that occurred.
    pub codes: Vec<(Code, u64)>,
    /// Tokens accepted after their signature was verified, by algorithm.
    pub verifications: Vec<(Alg, u64)>,
    /// Tokens that the cache accepted.
    pub cache_hits: u64,
    /// Accepted tokens that the cache did not hold or no longer held. Rejected tokens
    /// and those too long for the cache are not counted.
    pub cache_misses: u64,
    /// Entries that others evicted.
    pub cache_evictions: u64,
    /// The memory of the cache in bytes, full or empty.
    pub cache_bytes: usize,
    /// The counters of the accelerated backend.
    pub backend: BackendReport,
}

impl Statistics {
    /// Returns how often a code was the verdict.
    #[must_use]
    pub fn verdicts(&self, code: Code) -> u64 {
        self.codes.iter().find(|row| row.0 == code).map_or(0, |row| row.1)
    }

    /// Writes the counts in the Prometheus text format (version 0.0.4).
    #[must_use]
    pub fn to_prometheus(&self) -> String {
        let mut text = String::new();
        let mut family =
            |name: &str, kind: &str, help: &str, rows: &mut dyn Iterator<Item = (String, u64)>| {
                // Writing to a string cannot fail.
                let _ = writeln!(text, "# HELP jot_{name} {help}\n# TYPE jot_{name} {kind}");
                for (labels, count) in rows {
                    let _ = writeln!(text, "jot_{name}{labels} {count}");
                }
            };
        let mut codes =
            self.codes.iter().map(|(code, count)| (format!("{{code=\"{}\"}}", code.name()), *count));
        family("verdicts_total", "counter", "Tokens by verdict.", &mut codes);
        let mut algs = self.verifications.iter().map(|(alg, count)| (format!("{{alg=\"{alg}\"}}"), *count));
        family(
            "verifications_total",
            "counter",
            "Tokens accepted by their signature, by algorithm.",
            &mut algs,
        );
        for (name, help, count) in [
            ("cache_hits_total", "Tokens that the cache accepted.", self.cache_hits),
            ("cache_misses_total", "Accepted tokens that the cache did not hold.", self.cache_misses),
            ("cache_evictions_total", "Entries pushed out of the cache.", self.cache_evictions),
        ] {
            family(name, "counter", help, &mut std::iter::once((String::new(), count)));
        }
        let bytes = std::iter::once((String::new(), self.cache_bytes as u64));
        family("cache_bytes", "gauge", "Bytes that the cache takes.", &mut { bytes });
        let BackendReport { accelerated, accepted, referred, disagreements, .. } = &self.backend;
        let BackendReport { failed_checks, failed_self_tests, table_bytes, tables, tables_refused, .. } =
            &self.backend;
        let mut names =
            accelerated.iter().map(|(alg, name)| (format!("{{alg=\"{alg}\",backend=\"{name}\"}}"), 1));
        family("backend", "gauge", "What runs before aws-lc, by algorithm.", &mut names);
        for (name, kind, help, count) in [
            ("backend_accepted_total", "counter", "Signatures that it accepted.", *accepted),
            ("backend_referred_total", "counter", "Signatures that it left to aws-lc.", *referred),
            ("backend_disagreements_total", "counter", "Its answers that aws-lc denied.", *disagreements),
            ("backend_failed_checks_total", "counter", "Keys computed wrong, and not used.", *failed_checks),
            (
                "backend_failed_self_tests_total",
                "counter",
                "Wrong known answers of code that is not used.",
                *failed_self_tests,
            ),
            ("backend_table_bytes", "gauge", "Bytes of the tables of keys.", *table_bytes as u64),
            ("backend_tables", "gauge", "The tables of keys.", *tables as u64),
            (
                "backend_tables_refused_total",
                "counter",
                "Tables for which there was no memory.",
                *tables_refused,
            ),
        ] {
            family(name, kind, help, &mut std::iter::once((String::new(), count)));
        }
        text
    }
}
