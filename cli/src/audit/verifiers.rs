//! What verifies the tokens, and how much is made ready before the first one.

use std::sync::Arc;

use jot::backend::Backend;
use jot::{CacheSize, Verifier};

use super::args::{AuditArgs, SignatureBackend};
use super::input::source::Source;
use super::past::Trusted;
use crate::failure::Failure;
use crate::verify::policy::policy;

/// All tables are built before the first token if the sources have this many bytes for
/// each key; otherwise only those of keys in use. A table costs as much as some hundred
/// tokens without it.
const PREPARED_BYTES: u64 = 1024 * 1024;

/// Files of fewer bytes together are verified by aws-lc alone: the accelerated code's test
/// of itself costs as much as some hundred tokens.
const ACCELERATED_BYTES: u64 = 256 * 1024;

/// Two verifiers with the same rules and keys.
pub(super) struct Verifiers {
    /// Remembers accepted tokens.
    pub(super) cached: Verifier,
    /// Remembers none, for logs in which none comes again.
    pub(super) uncached: Option<Verifier>,
}

impl Verifiers {
    pub(super) fn build(args: &AuditArgs, trusted: &[Trusted], sources: &[Source]) -> Result<Self, Failure> {
        let sizes: Vec<_> = sources.iter().map(Source::size_bytes).collect();
        let bytes = sizes.iter().flatten().copied().fold(0, u64::saturating_add);
        let backend = backend(args.running.backend, &sizes);
        let entries = args.running.cache_entries;
        let cached = verifier(args, trusted, backend, entries)?;
        let uncached = (entries > 0).then(|| verifier(args, trusted, backend, 0)).transpose()?;
        let keys =
            trusted.iter().map(|trusted| trusted.keys.keys().len() as u64).fold(0, u64::saturating_add);
        if keys.saturating_mul(PREPARED_BYTES) <= bytes {
            cached.prepare();
        }
        Ok(Self { cached, uncached })
    }
}

/// Chooses by the sizes of the sources; a stream has none.
fn backend(asked: SignatureBackend, sizes: &[Option<u64>]) -> Backend {
    let bytes = sizes.iter().try_fold(0_u64, |sum, size| Some(sum.saturating_add((*size)?)));
    match asked {
        SignatureBackend::Auto if bytes.is_some_and(|bytes| bytes < ACCELERATED_BYTES) => Backend::AwsLc,
        SignatureBackend::Auto => Backend::Auto,
        SignatureBackend::AwsLc => Backend::AwsLc,
    }
}

fn verifier(
    args: &AuditArgs,
    trusted: &[Trusted],
    backend: Backend,
    cache_entries: usize,
) -> Result<Verifier, Failure> {
    let policy = policy(&args.rules)?;
    if !trusted.iter().any(|trusted| trusted.keys.fits(policy.algorithms())) {
        return Err(Failure::of("--alg", "no key verifies with any of these algorithms"));
    }
    let builder = trusted.iter().fold(Verifier::builder(policy), |builder, trusted| match &trusted.issuer {
        Some(issuer) => builder.issuer(issuer, Arc::clone(&trusted.keys)),
        None => builder.keys(Arc::clone(&trusted.keys)),
    });
    let builder = match cache_entries {
        0 => builder,
        entries => builder.cache(CacheSize::Entries(entries)),
    };
    builder.backend(backend).build().map_err(Failure::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_small_files_do_without_the_accelerated_code() {
        let small = Some(ACCELERATED_BYTES / 2 - 1);
        for (sizes, expected) in [
            (&[small, small][..], Backend::AwsLc),
            (&[small, small, Some(2)], Backend::Auto),
            (&[small, None], Backend::Auto),
            (&[Some(u64::MAX), small], Backend::Auto),
        ] {
            assert_eq!(backend(SignatureBackend::Auto, sizes), expected, "{sizes:?}");
            assert_eq!(backend(SignatureBackend::AwsLc, sizes), Backend::AwsLc, "{sizes:?}");
        }
    }
}
