//! Building a verifier, and replacing its keys and revocations.

use std::mem::MaybeUninit;
use std::sync::Arc;

use super::boundary::{answer, boundary, given};
use super::failure::{Failure, explained};
use super::keys::KeySet;
use super::policy::Policy;
use super::revocations::Revocations;
use super::slice::Slice;
use crate::cache::CacheSize;
use crate::crypto::Backend;
use crate::error::Error;

/// Collects what a verifier is built from: a policy, keys, and the size of a cache.
///
/// A call that fails makes the builder unusable, as with a policy. One thread at a
/// time may use it.
pub struct VerifierBuilder {
    policy: crate::policy::Policy,
    trusted: Vec<(Trusted, Arc<crate::key::KeySet>)>,
    cache: Option<CacheSize>,
    pub(super) backend: Backend,
    pub(super) table_bytes: Option<usize>,
    pub(super) cross_check: Option<u32>,
    spoiled: Option<Error>,
}

/// The tokens that a key set verifies.
enum Trusted {
    Anybody,
    Issuer(String),
    /// Those of calls that name the set, and of the issuer, if one is given.
    Named(String, Option<String>),
}

/// A policy and trusted keys, ready to verify.
///
/// Any number of threads may share one, each with its own `jot_scratch`. The
/// policy never changes; keys and revocations can be replaced while other
/// threads verify. It holds no thread, file or socket, and works on both sides
/// of a `fork`.
pub struct Verifier {
    /// The verifier of the engine, shared with what replaces its keys.
    pub inner: Arc<crate::verifier::Verifier>,
}

impl VerifierBuilder {
    fn settled(&self) -> Result<crate::verifier::VerifierBuilder, Error> {
        if let Some(error) = self.spoiled {
            return Err(error);
        }
        let mut made = crate::verifier::Verifier::builder(self.policy.clone());
        for (whose, keys) in &self.trusted {
            let keys = Arc::clone(keys);
            made = match whose {
                Trusted::Anybody => made.keys(keys),
                Trusted::Issuer(issuer) => made.issuer(issuer, keys),
                Trusted::Named(name, issuer) => made.key_set(name, issuer.as_deref(), keys),
            };
        }
        if let Some(size) = self.cache {
            made = made.cache(size);
        }
        if let Some(bytes) = self.table_bytes {
            made = made.table_bytes(bytes);
        }
        if let Some(one_in) = self.cross_check {
            made = made.cross_check(one_in);
        }
        Ok(made.backend(self.backend))
    }
}

/// Starts building a verifier from a policy, which is copied: you may change or free it
/// afterwards. Add keys next.
///
/// The caller owns `*builder` and frees it with `jot_verifier_builder_free`.
/// Returns 15x; the code that made the policy unusable.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_builder_new(
    policy: Option<&Policy>,
    builder: Option<&mut MaybeUninit<Option<Box<VerifierBuilder>>>>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let policy = given(policy, "policy")?;
        let builder = given(builder, "builder")?;
        if let Some(error) = policy.spoiled {
            return Err(error);
        }
        let made = VerifierBuilder {
            policy: policy.inner.clone(),
            trusted: Vec::new(),
            cache: None,
            backend: Backend::default(),
            table_bytes: None,
            cross_check: None,
            spoiled: None,
        };
        builder.write(Some(Box::new(made)));
        Ok(())
    })
}

pub(super) fn set(
    builder: Option<&mut VerifierBuilder>,
    change: impl FnOnce(&mut VerifierBuilder) -> Result<(), Error>,
) -> u32 {
    boundary(|| {
        let builder = given(builder, "builder")?;
        change(builder).inspect_err(|error| {
            builder.spoiled.get_or_insert(*error);
        })
    })
}

/// Trusts these keys for tokens of any issuer, or of none. The verifier can then have
/// no other keys.
///
/// The set is shared, not copied: it can no longer be changed, and you may free it.
/// Returns 15x for wrong arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_builder_keys(
    builder: Option<&mut VerifierBuilder>,
    set: Option<&KeySet>,
) -> u32 {
    self::set(builder, |builder| {
        builder.trusted.push((Trusted::Anybody, Arc::clone(&given(set, "set")?.inner)));
        Ok(())
    })
}

/// Trusts these keys for the tokens whose `iss` is exactly `issuer`. Call it once for
/// each issuer; the calls number the issuers from 0. Otherwise it works like
/// `jot_verifier_builder_keys`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_builder_issuer(
    builder: Option<&mut VerifierBuilder>,
    issuer: Slice,
    set: Option<&KeySet>,
) -> u32 {
    self::set(builder, |builder| {
        let keys = Arc::clone(&given(set, "set")?.inner);
        builder.trusted.push((Trusted::Issuer(issuer.text("issuer")?.to_owned()), keys));
        Ok(())
    })
}

/// Trusts these keys for calls whose `jot_demand` names this key set; if `issuer` is
/// not absent, only for the tokens of that issuer. Call it once for each name. It
/// cannot be combined with keys that the token's `iss` selects. The calls number the
/// sets from 0, and `jot_verifier_replace_keys` finds them by name. Otherwise it works
/// like `jot_verifier_builder_keys`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_builder_key_set(
    builder: Option<&mut VerifierBuilder>,
    name: Slice,
    issuer: Slice,
    set: Option<&KeySet>,
) -> u32 {
    self::set(builder, |builder| {
        let keys = Arc::clone(&given(set, "set")?.inner);
        let issuer = issuer.optional_text("issuer")?.map(str::to_owned);
        builder.trusted.push((Trusted::Named(name.text("name")?.to_owned(), issuer), keys));
        Ok(())
    })
}

/// Remembers up to this many accepted tokens, at 83 bytes each, and does not verify
/// their signatures again. Off by default.
///
/// It never changes a verdict: dates are checked every time, and an entry is
/// dropped together with the key that verified it. Returns 15x for wrong arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_builder_cache_entries(
    builder: Option<&mut VerifierBuilder>,
    entries: usize,
) -> u32 {
    set(builder, |builder| {
        builder.cache = Some(CacheSize::Entries(entries));
        Ok(())
    })
}

/// Works like `jot_verifier_builder_cache_entries`, but takes the maximum size of the
/// cache in bytes.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_builder_cache_bytes(
    builder: Option<&mut VerifierBuilder>,
    bytes: usize,
) -> u32 {
    set(builder, |builder| {
        builder.cache = Some(CacheSize::Bytes(bytes));
        Ok(())
    })
}

/// Builds the verifier. The builder is unchanged; you may build another verifier or
/// free it.
///
/// The caller owns `*verifier` and frees it with `jot_verifier_free`. Returns
/// `JOT_ALGORITHMS_EMPTY`; `JOT_POLICY_INVALID` with the setting; `JOT_KEYS_EMPTY`
/// if no key was given; `JOT_ISSUER_REQUIRED`; `JOT_ISSUER_REPEATED`, also if keys
/// for any issuer are combined with others, or key sets that calls name with keys
/// that the `iss` selects; `JOT_CACHE_TOO_LARGE`; `JOT_RANDOMNESS_MISSING`; the
/// code that made the builder unusable; 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_builder_build(
    builder: Option<&VerifierBuilder>,
    verifier: Option<&mut MaybeUninit<Option<Box<Verifier>>>>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let builder = given(builder, "builder")?;
        let verifier = given(verifier, "verifier")?;
        verifier.write(Some(Box::new(Verifier { inner: Arc::new(builder.settled()?.build()?) })));
        Ok(())
    })
}

/// Checks whether `jot_verifier_builder_build` would succeed, without the memory and
/// the time for its cache and its keys' tables: for a process that checks settings for
/// other processes.
///
/// Returns the codes of `jot_verifier_builder_build` except
/// `JOT_RANDOMNESS_MISSING`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_builder_check(builder: Option<&VerifierBuilder>, error: *mut Failure) -> u32 {
    explained(error, || given(builder, "builder")?.settled()?.check())
}

/// Frees a builder; NULL is fine. Verifiers that it built keep working.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_builder_free(builder: Option<Box<VerifierBuilder>>) {
    answer((), || drop(builder));
}

/// Replaces the key set of an issuer, or the only key set if `issuer` is absent.
///
/// Verifications that begin after this call returns use the new keys, and cache
/// entries of the old keys are not used again. A set with exactly the same keys
/// keeps the cache. The set is shared as with `jot_verifier_builder_keys`. Other
/// threads may verify meanwhile. Returns `JOT_KEYS_EMPTY`; `JOT_ISSUER_UNKNOWN`;
/// 15x. The old keys stay in use in these cases.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_replace_keys(
    verifier: Option<&Verifier>,
    issuer: Slice,
    set: Option<&KeySet>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let keys = Arc::clone(&given(set, "set")?.inner);
        given(verifier, "verifier")?.inner.replace_keys(issuer.optional_text("issuer")?, keys)
    })
}

/// Returns the current keys of an issuer, or the only key set if `issuer` is absent, as
/// a set that cannot be changed.
///
/// The caller owns `*set` and frees it with `jot_key_set_free`. Other threads may
/// verify meanwhile. Returns `JOT_ISSUER_UNKNOWN`, 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_keys(
    verifier: Option<&Verifier>,
    issuer: Slice,
    set: Option<&mut MaybeUninit<Option<Box<KeySet>>>>,
) -> u32 {
    boundary(|| {
        let set = given(set, "set")?;
        let keys = given(verifier, "verifier")?.inner.keys(issuer.optional_text("issuer")?);
        let inner = keys.ok_or(Error::new(crate::error::Code::IssuerUnknown))?;
        set.write(Some(Box::new(KeySet { inner })));
        Ok(())
    })
}

/// Replaces the revocations, also for tokens in the cache. The list is copied: you may
/// change or free it afterwards.
///
/// Verifications that begin after this call returns use the new list. Other threads
/// may verify meanwhile. Returns 15x for wrong arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_set_revocations(
    verifier: Option<&Verifier>,
    revocations: Option<&Revocations>,
) -> u32 {
    boundary(|| {
        let revocations = Arc::clone(&given(revocations, "revocations")?.inner);
        given(verifier, "verifier")?.inner.set_revocations(revocations);
        Ok(())
    })
}

/// Returns a copy of the current revocations, to which you can add before you set them
/// again.
///
/// The caller owns `*revocations` and frees it with `jot_revocations_free`. Other
/// threads may verify meanwhile. Returns 15x for wrong arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_revocations(
    verifier: Option<&Verifier>,
    revocations: Option<&mut MaybeUninit<Option<Box<Revocations>>>>,
) -> u32 {
    boundary(|| {
        let inner = given(verifier, "verifier")?.inner.revocations();
        given(revocations, "revocations")?.write(Some(Box::new(Revocations { inner })));
        Ok(())
    })
}

/// Frees a verifier; NULL is fine. No other thread may still use it. The content of a
/// scratch stays valid.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_free(verifier: Option<Box<Verifier>>) {
    answer((), || drop(verifier));
}
