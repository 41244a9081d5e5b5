//! Every public type may be handed to other threads and shared between them, so
//! that an accepted token can live across an `.await` of a spawned task.
//!
//! The list is held to what the engine exports.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first thing that is wrong")]

mod exports;

use std::collections::BTreeSet;
use std::panic::UnwindSafe;

use jot::backend::{Backend, BackendNews, BackendReport, BackendWarning};
use jot::batch::{
    Batch, BatchReport, ClaimTexts, Columns, Flags, HeaderNames, HeaderTexts, Instants, KeyState, TextClaim,
    Tokens,
};
use jot::json::{Array, JsonReader, Number, Object, Value};
use jot::jwks::{
    Answer, Budget, Change, Health, Keeper, KeeperOptions, Poll, Request, SeenKey, Ticket, UnknownKid,
};
use jot::lists::{ListHealth, ListOptions};
use jot::{
    Accepted, Alg, AlgSet, CacheSize, Challenge, ClaimPath, Claims, Code, Condition, Dates, Demand, Error,
    Hash, JoseHeader, KeyOptions, KeyPlace, KeySet, KeySetError, KeySlot, KeySource, KeyType, Limits,
    NumericDate, Operand, Payload, PayloadForm, Policy, Rejection, RepeatedToken, Revocations, Scratch,
    SelfSigned, SelfSignedBuilder, SelfSignedVerifier, SignHeader, Signer, SigningKey, SkippedKey, Stage,
    Statistics, Thumbprint, UnixSeconds, Verdict, Verified, VerifiedJws, Verifier, VerifierBuilder,
    VerifyingKey,
};
#[cfg(feature = "status-list")]
use jot::{StatusList, TokenStatus};

type ListKeeper = jot::lists::ListKeeper<Revocations>;
type ListChange = jot::lists::ListChange<Revocations>;

fn shared<T: Send + Sync>() {}
fn sent<T: Send>() {}
fn kept<T: Send + Sync + UnwindSafe + Unpin + 'static>() {}

/// Calls a function for each type, and returns their names.
macro_rules! each {
    ($check:ident: $($name:ident$(<$lifetime:lifetime>)?),* $(,)?) => {{
        $($check::<$name$(<$lifetime>)?>();)*
        [$(stringify!($name)),*]
    }};
}

#[test]
fn every_public_type_can_be_shared() {
    let lent = each!(shared: Answer<'static>, Array<'static>, Challenge<'static>, Claims<'static>, ClaimTexts, Columns<'static>, Demand<'static>,
        HeaderNames<'static>, HeaderTexts, Instants<'static>, JoseHeader<'static>, Number<'static>, Object<'static>, Payload<'static>, Poll<'static>, Request<'static>,
        SelfSigned<'static>, SignHeader, Tokens<'static>, Value<'static>, Verdict<'static>, Verified<'static>,
        VerifiedJws<'static>);
    let owned = each!(kept: Accepted, Alg, AlgSet, Backend, BackendNews, BackendReport, BackendWarning, BatchReport, Budget,
        CacheSize, ClaimPath, Code, Condition, Dates, Error, Flags, Hash, Health, JsonReader, KeeperOptions, KeyOptions, KeyPlace,
        KeyState, KeyType, Limits, ListHealth, ListOptions, NumericDate, Operand, PayloadForm, Policy, KeySetError, Rejection, RepeatedToken, Revocations, Scratch, SkippedKey,
        SelfSignedBuilder, Stage, Statistics, TextClaim, Thumbprint, Ticket, UnixSeconds, UnknownKid);
    // What holds aws-lc's keys says nothing of unwinding.
    let keys = each!(shared: Change, Keeper, KeySet, KeySlot, KeySource, ListChange, ListKeeper, SeenKey, SelfSignedVerifier, Signer, SigningKey, Verifier, VerifierBuilder, VerifyingKey);
    let threads = each!(sent: Batch);
    #[cfg(feature = "status-list")]
    each!(kept: StatusList, TokenStatus);
    let listed: BTreeSet<&str> = lent.into_iter().chain(owned).chain(keys).chain(threads).collect();
    // Constants, types of functions, and what only tests see.
    let others = [
        "MAX_CANDIDATES",
        "MAX_DEPTH",
        "EachClaims",
        "EachHeader",
        "EachSelfSigned",
        "Field",
        "KeyFeed",
        "Progress",
        "Probe",
        "SignedList",
        "StatusFeed",
        "StatusList",
        "TokenStatus",
    ];
    for name in exports::exports() {
        let known = listed.contains(&*name) || others.contains(&&*name);
        assert!(known, "{name} is exported and not listed here");
    }
}

/// What a handler of a web server does: it keeps the claims while it waits.
#[test]
fn claims_live_across_an_await() {
    async fn handler(verifier: &Verifier, token: Vec<u8>) -> Option<String> {
        let mut scratch = Scratch::new();
        let verified = verifier.verify(&token, UnixSeconds(1), &mut scratch).ok()?;
        std::future::ready(()).await;
        Some(format!("{:?} {:?}", verified.header().kid(), verified.claims().subject()))
    }
    let signer = Signer::new(SigningKey::generate(Alg::HS256).unwrap());
    let keys = KeySet::new([signer.key().verifying_key().unwrap()]);
    let policy = Policy::new([Alg::HS256]).allow_missing_exp();
    let verifier = Verifier::builder(policy).keys(keys).build().unwrap();
    let token = signer.sign_claims(br#"{"sub":"alice"}"#).unwrap();
    let future = handler(&verifier, token.into_bytes());
    // Only what may be sent can be polled by another thread.
    let seen = std::thread::scope(|scope| {
        scope
            .spawn(move || {
                let mut future = std::pin::pin!(future);
                let mut context = std::task::Context::from_waker(std::task::Waker::noop());
                match future.as_mut().poll(&mut context) {
                    std::task::Poll::Ready(seen) => seen,
                    std::task::Poll::Pending => None,
                }
            })
            .join()
            .unwrap()
    });
    assert_eq!(seen.as_deref(), Some("None Some(\"alice\")"));
}
