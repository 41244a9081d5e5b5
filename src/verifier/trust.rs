//! The trusted key sets, and their replacement while threads verify.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use arc_swap::ArcSwap;
use hashbrown::HashMap;

use crate::cache::{Changes, FIRST, NEVER};
use crate::error::{Code, Error, Rejection};
use crate::key::{KeySet, VerifyingKey};

/// The key sets of a verifier's issuers.
#[derive(Debug)]
pub(super) struct Trust {
    /// At least one. A single key set may have no name: then it serves any `iss`.
    issuers: Box<[Issuer]>,
    /// The index of a key set by its `iss`, or by the name that callers use.
    by_name: HashMap<Box<str>, u32>,
    /// Whether the caller chooses the key set, and not the token.
    by_caller: bool,
}

#[derive(Debug)]
pub(super) struct Issuer {
    name: Option<Box<str>>,
    keys: ArcSwap<KeysInForce>,
    /// The generation of the current keys; stored after the keys themselves.
    generation: AtomicU64,
    /// Whether any key set so far had keys that are in force for only part of the time;
    /// stored before the keys.
    dated: AtomicBool,
    /// Whether there are no keys because none were fetched.
    awaited: AtomicBool,
}

/// A key set from the builder.
#[derive(Clone, Debug)]
pub(super) struct Given {
    /// The name that finds it; `None` if it is the only one.
    pub(super) name: Option<Box<str>>,
    /// The required `iss` of its tokens; `None` for any.
    pub(super) issuer: Option<Box<str>>,
    /// Whether the caller finds it by name, instead of the token by its `iss`.
    pub(super) by_caller: bool,
    pub(super) set: Arc<KeySet>,
}

/// A key set and its generation: the number of the change that installed its keys.
#[derive(Debug)]
pub(super) struct KeysInForce {
    pub(super) set: Arc<KeySet>,
    pub(super) generation: u64,
}

impl KeysInForce {
    /// Returns the number for an entry of these keys, if `as_of` was the last change
    /// before they were loaded. If the keys were installed after that change, the
    /// number must not claim to cover them.
    pub(super) const fn number_as_of(&self, as_of: u64) -> u64 {
        if self.generation <= as_of { as_of } else { NEVER }
    }
}

impl Issuer {
    pub(super) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Returns the current keys, without a lock.
    #[inline]
    pub(super) fn keys(&self) -> arc_swap::Guard<Arc<KeysInForce>> {
        self.keys.load()
    }

    /// Returns the generation of the current keys.
    #[inline]
    pub(super) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Returns `true` if some keys may be in force for only part of the time.
    #[inline]
    pub(super) fn is_dated(&self) -> bool {
        self.dated.load(Ordering::Acquire)
    }
}

impl Trust {
    /// # Errors
    /// Those of [`check`](Self::check).
    pub(super) fn new(given: Vec<Given>, demands_issuer: bool) -> Result<Self, Error> {
        let by_name = Self::check(&given, demands_issuer)?;
        let by_caller = given.first().is_some_and(|given| given.by_caller);
        let issuers = given.into_iter().map(|Given { issuer, set, .. }| Issuer {
            name: issuer,
            dated: AtomicBool::new(set.is_dated()),
            awaited: AtomicBool::new(set.is_awaited()),
            keys: ArcSwap::from_pointee(KeysInForce { set, generation: FIRST }),
            generation: AtomicU64::new(FIRST),
        });
        Ok(Self { issuers: issuers.collect(), by_name, by_caller })
    }

    /// Checks the key sets, and returns the index of each name.
    ///
    /// # Errors
    /// [`Code::KeysEmpty`], [`Code::IssuerRequired`], [`Code::IssuerRepeated`],
    /// [`Code::PolicyInvalid`]
    pub(super) fn check(given: &[Given], demands_issuer: bool) -> Result<HashMap<Box<str>, u32>, Error> {
        let Some(first) = given.first() else { return Err(Error::new(Code::KeysEmpty)) };
        let by_caller = first.by_caller;
        if given.iter().any(|given| given.set.is_useless()) {
            return Err(Error::new(Code::KeysEmpty));
        }
        let is_empty = |name: &Option<Box<str>>| name.as_deref() == Some("");
        let mut by_name = HashMap::new();
        for (index, Given { name, issuer, by_caller: chosen, .. }) in (0..).zip(given) {
            if demands_issuer && issuer.is_none() {
                return Err(Error::new(Code::IssuerRequired));
            }
            if is_empty(issuer) {
                return Err(Error::of_member(Code::PolicyInvalid, "issuer"));
            }
            if is_empty(name) {
                return Err(Error::of_member(Code::PolicyInvalid, "key_set"));
            }
            let repeated = match name {
                None => given.len() > 1,
                Some(name) => by_name.insert(name.clone(), index).is_some(),
            };
            // Either tokens or callers choose among all sets, not a mixture.
            if repeated || *chosen != by_caller {
                return Err(Error::new(Code::IssuerRepeated));
            }
        }
        Ok(by_name)
    }

    pub(super) fn get(&self, index: u32) -> Option<&Issuer> {
        self.issuers.get(index as usize)
    }

    /// Returns the current keys of every issuer.
    pub(super) fn snapshot(&self) -> impl Iterator<Item = Arc<KeysInForce>> {
        self.issuers.iter().map(|issuer| issuer.keys.load_full())
    }

    pub(super) fn index_of(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    /// Returns the index of the only issuer, if there is only one and the caller need
    /// not name it.
    pub(super) fn sole(&self) -> Option<u32> {
        (self.issuers.len() == 1 && !self.by_caller).then_some(0)
    }

    /// Returns the index of the only issuer, if its keys must verify the token whatever its
    /// `iss` is. While its keys are awaited, they cannot say that a token is not theirs, so
    /// the `iss` does.
    #[inline]
    pub(super) fn without_choice(&self) -> Option<u32> {
        let is_awaited = |issuer: &Issuer| issuer.name.is_some() && issuer.awaited.load(Ordering::Acquire);
        self.sole().filter(|index| !self.get(*index).is_some_and(is_awaited))
    }

    /// Returns the index of the issuer that the caller names, or of the only one.
    pub(super) fn named(&self, issuer: Option<&str>) -> Option<u32> {
        match issuer {
            None => self.sole(),
            Some(name) => self.index_of(name),
        }
    }

    /// Finds the key set that the caller names; returns `None` if the token chooses.
    ///
    /// # Errors
    /// [`Code::IssuerUnknown`] if there is no such set, if the caller must name one and
    /// does not, or if it names one although the token chooses.
    pub(super) fn chosen(&self, name: Option<&str>) -> Result<Option<u32>, Rejection> {
        match name {
            None if !self.by_caller => Ok(None),
            Some(name)
                if self.by_caller
                    && let Some(index) = self.index_of(name) =>
            {
                Ok(Some(index))
            }
            _ => Err(Rejection::new(Code::IssuerUnknown)),
        }
    }

    /// Replaces the key set with this index. Exactly the same keys are no change.
    ///
    /// # Errors
    /// [`Code::KeysEmpty`], [`Code::IssuerUnknown`]
    pub(super) fn replace(
        &self,
        index: Option<u32>,
        set: Arc<KeySet>,
        changes: &Changes,
    ) -> Result<(), Error> {
        if set.is_useless() {
            return Err(Error::new(Code::KeysEmpty));
        }
        let issuer =
            index.and_then(|index| self.get(index)).ok_or(Error::of_member(Code::IssuerUnknown, "issuer"))?;
        let change = changes.begin();
        let before = issuer.keys();
        issuer.awaited.store(set.is_awaited(), Ordering::Release);
        if same_keys(before.set.keys(), set.keys()) {
            issuer.keys.store(Arc::new(KeysInForce { set, generation: before.generation }));
            return Ok(());
        }
        issuer.dated.fetch_or(set.is_dated(), Ordering::Release);
        issuer.keys.store(Arc::new(KeysInForce { set, generation: change.number() }));
        change.publish(&issuer.generation);
        Ok(())
    }
}

/// Returns `true` if two lists of keys verify exactly the same tokens in the same way.
fn same_keys(ours: &[VerifyingKey], theirs: &[VerifyingKey]) -> bool {
    let same = |(a, b): (&VerifyingKey, &VerifyingKey)| {
        a.kid() == b.kid()
            && a.algorithms() == b.algorithms()
            && a.thumbprint() == b.thumbprint()
            && a.interval() == b.interval()
    };
    ours.len() == theirs.len() && ours.iter().zip(theirs).all(same)
}
