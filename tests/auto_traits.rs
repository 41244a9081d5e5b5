//! Every public type may be handed to other threads and shared between them, so
//! that an accepted token can live across an `.await` of a spawned task.
//!
//! The list is held to the exports of `src/lib.rs`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first thing that is wrong")]

use std::collections::BTreeSet;
use std::panic::UnwindSafe;

use jot::{
    Admission, Alg, AlgSet, Array, Backend, BackendReport, BackendWarning, Batch, BatchReport, CacheSize,
    ClaimPath, ClaimTexts, Claims, Code, Columns, Dates, Demand, Error, Expected, Flags, Hash, Instants,
    JoseHeader, JsonReader, KeyOptions, KeyPlace, KeySet, KeySetError, KeyType, Limits, Number, NumericDate,
    Object, Payload, PayloadForm, Policy, Rejection, Revocations, Scratch, SignHeader, Signer, SigningKey,
    SkippedKey, Stage, Statistics, TextClaim, Tokens, UnixSeconds, Value, Verdict, Verified, VerifiedJws,
    Verifier, VerifierBuilder, VerifyingKey,
};

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
    let lent = each!(shared: Array<'static>, Claims<'static>, ClaimTexts, Columns<'static>, Demand<'static>,
        Instants<'static>, JoseHeader<'static>, Number<'static>, Object<'static>, Payload<'static>,
        SignHeader, Tokens<'static>, Value<'static>, Verdict<'static>, Verified<'static>,
        VerifiedJws<'static>);
    let owned = each!(kept: Admission, Alg, AlgSet, Backend, BackendReport, BackendWarning, BatchReport,
        CacheSize, ClaimPath, Code, Dates, Error, Expected, Flags, Hash, JsonReader, KeyOptions, KeyPlace,
        KeyType, Limits, NumericDate, PayloadForm, Policy, KeySetError, Rejection, Revocations, Scratch, SkippedKey,
        Stage, Statistics, TextClaim, UnixSeconds);
    // What holds aws-lc's keys says nothing of unwinding.
    let keys = each!(shared: KeySet, Signer, SigningKey, Verifier, VerifierBuilder, VerifyingKey);
    let threads = each!(sent: Batch);
    let listed: BTreeSet<&str> = lent.into_iter().chain(owned).chain(keys).chain(threads).collect();
    let source = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/lib.rs")).unwrap();
    let exported = source.split("pub use ").skip(1).flat_map(|rest| {
        let names = rest.split(';').next().unwrap().split("::").nth(1).unwrap();
        names.trim_matches(['{', '}']).split(',').map(str::trim)
    });
    // Constants, a trait of functions, a type alias, and what only tests see.
    let others = ["MAX_CANDIDATES", "MAX_DEPTH", "EachClaims", "Progress", "Probe", ""];
    for name in exported {
        assert!(listed.contains(name) || others.contains(&name), "{name} is exported and not listed here");
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
