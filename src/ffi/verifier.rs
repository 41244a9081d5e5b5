//! Building a verifier, and replacing its keys and revocations.

use std::mem::MaybeUninit;
use std::sync::Arc;

use super::boundary::{answer, boundary, explained, given};
use super::failure::Failure;
use super::keys::KeySet;
use super::policy::Policy;
use super::revocations::Revocations;
use super::slice::Slice;
use crate::cache::CacheSize;
use crate::crypto::Backend;
use crate::error::Error;

/// A verifier in the making: a policy, keys, and the size of a cache.
///
/// A call that fails spoils the builder for good, as with a policy. One thread
/// at a time.
pub struct VerifierBuilder {
    policy: crate::policy::Policy,
    trusted: Vec<(Trusted, Arc<crate::key::KeySet>)>,
    cache: Option<CacheSize>,
    pub(super) backend: Backend,
    pub(super) table_bytes: Option<usize>,
    pub(super) cross_check: u32,
    spoiled: Option<Error>,
}

/// Whose tokens a key set verifies.
enum Trusted {
    Anybody,
    Issuer(String),
    /// Of the calls that name the set, and of the issuer, if one is given.
    Named(String, Option<String>),
}

/// A policy and the keys that it trusts, ready to verify.
///
/// Any number of threads share one, each with a `jot_scratch` of its own. The
/// policy never changes; keys and revocations can be replaced while other
/// threads verify. It holds no thread, file or socket, and works on both sides
/// of a `fork`.
pub struct Verifier {
    pub(super) inner: crate::verifier::Verifier,
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
        Ok(made.backend(self.backend).cross_check(self.cross_check))
    }
}

/// Starts a verifier of a policy, which is copied: it may be changed or freed
/// afterwards. Give it keys next.
///
/// The caller owns `*builder` and frees it with `jot_verifier_builder_free`.
/// Codes: 15x, and what spoiled the policy.
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
            cross_check: 0,
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

/// Trusts these keys for tokens of any issuer, or of none. They must be the
/// only keys then.
///
/// The set is shared, not copied: it can no longer be changed, and may be
/// freed. Codes: 15x.
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

/// Trusts these keys for the tokens of this issuer, whose `iss` must be
/// exactly this. May be called once for each issuer; the calls number them
/// from 0. Otherwise as `jot_verifier_builder_keys`.
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

/// Trusts these keys for the tokens of calls whose `jot_demand` names this key
/// set, and where `issuer` is not absent for its tokens only. May be called
/// once for each name, and not beside keys that tokens find themselves; the
/// calls number them from 0, and `jot_verifier_replace_keys` knows them by
/// their name. Otherwise as `jot_verifier_builder_keys`.
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

/// Remembers up to this many accepted tokens, at 83 bytes each, so that their
/// signatures are not verified again. Off by default.
///
/// It never changes a verdict: dates are checked every time, and an entry dies
/// with the key that verified it. Codes: 15x.
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

/// Like `jot_verifier_builder_cache_entries`, with the most bytes that the
/// cache may take.
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

/// Builds the verifier. The builder stays as it is, and may build another one
/// or be freed.
///
/// The caller owns `*verifier` and frees it with `jot_verifier_free`.
/// Codes: `JOT_ALGORITHMS_EMPTY`; `JOT_POLICY_INVALID` with the setting;
/// `JOT_KEYS_EMPTY` when no key was given; `JOT_ISSUER_REQUIRED`;
/// `JOT_ISSUER_REPEATED`, also when keys for any issuer stand beside others, or
/// key sets that calls name beside those that tokens do;
/// `JOT_CACHE_TOO_LARGE`, `JOT_RANDOMNESS_MISSING`; what spoiled the builder;
/// 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_builder_build(
    builder: Option<&VerifierBuilder>,
    verifier: Option<&mut MaybeUninit<Option<Box<Verifier>>>>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let builder = given(builder, "builder")?;
        let verifier = given(verifier, "verifier")?;
        verifier.write(Some(Box::new(Verifier { inner: builder.settled()?.build()? })));
        Ok(())
    })
}

/// Tells whether `jot_verifier_builder_build` would give a verifier, without
/// the memory and the time that its cache and its keys' tables take: for a
/// process that checks settings which others will use.
///
/// Codes: those of `jot_verifier_builder_build` but `JOT_RANDOMNESS_MISSING`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_builder_check(builder: Option<&VerifierBuilder>, error: *mut Failure) -> u32 {
    explained(error, || given(builder, "builder")?.settled()?.check())
}

/// Frees a builder; NULL is fine. Verifiers that it built go on.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_builder_free(builder: Option<Box<VerifierBuilder>>) {
    answer((), || drop(builder));
}

/// Puts another key set in the place of an issuer's, or of the sole one when
/// `issuer` is absent.
///
/// Verifications that begin after this returned use the new keys, and what the
/// cache holds of the old ones is not used again. A set with the very same
/// keys leaves the cache as it is. The set is shared as with
/// `jot_verifier_builder_keys`. While other threads verify.
/// Codes: `JOT_KEYS_EMPTY`, `JOT_ISSUER_UNKNOWN`, 15x; the old keys stay then.
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

/// Hands out the keys in force of an issuer, or the sole ones when `issuer` is
/// absent, as a set that cannot be changed.
///
/// The caller owns `*set` and frees it with `jot_key_set_free`. While other
/// threads verify. Codes: `JOT_ISSUER_UNKNOWN`, 15x.
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

/// Puts other revocations in force, for the cache's tokens as well. They are
/// copied: the list may be changed or freed afterwards.
///
/// Verifications that begin after this returned obey them. While other threads
/// verify. Codes: 15x.
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

/// Hands out a copy of the revocations in force, to add to them and set them
/// anew.
///
/// The caller owns `*revocations` and frees it with `jot_revocations_free`.
/// While other threads verify. Codes: 15x.
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

/// Frees a verifier; NULL is fine. No other thread may use it any more. What
/// was read into a scratch stays as it is.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_free(verifier: Option<Box<Verifier>>) {
    answer((), || drop(verifier));
}
