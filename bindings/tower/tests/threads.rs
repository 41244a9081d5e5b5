//! Many tasks on several threads share a guard, while its keys are replaced.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jot::{Alg, CacheSize, KeySet, Policy, Signer, SigningKey, UnixSeconds, Verifier};
use jot_tower::Guard;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn keys_are_replaced_while_many_tasks_verify() {
    let signers = [1, 2].map(|_| Signer::new(SigningKey::generate(Alg::HS256).unwrap()));
    let set = |signer: &Signer| KeySet::new([signer.key().verifying_key().unwrap()]);
    let verifier = Verifier::builder(Policy::new([Alg::HS256])).keys(set(&signers[0]));
    let verifier = Arc::new(verifier.cache(CacheSize::Entries(100)).build().unwrap());
    let guard = Guard::builder(Arc::clone(&verifier)).clock(|| UnixSeconds(1)).build().unwrap();
    let is_over = Arc::new(AtomicBool::new(false));
    let tasks: Vec<_> = (0..64)
        .map(|task| {
            let claims = format!(r#"{{"sub":"{task}","exp":9}}"#);
            let tokens =
                [0, 1].map(|signer| format!("Bearer {}", signers[signer].sign_claims(&claims).unwrap()));
            let (guard, is_over) = (guard.clone(), Arc::clone(&is_over));
            tokio::spawn(async move {
                let mut counts = [0_u32; 2];
                while !is_over.load(Ordering::Relaxed) {
                    for (token, count) in tokens.iter().zip(&mut counts) {
                        match guard.verify_values([token.as_bytes()]) {
                            // Never the claims of another task.
                            Ok(token) => {
                                assert_eq!(token.claims_text(), claims);
                                *count += 1;
                            }
                            Err(refusal) => assert_eq!(refusal.code(), "signature_invalid"),
                        }
                    }
                    tokio::task::yield_now().await;
                }
                counts
            })
        })
        .collect();
    for turn in 0..200 {
        verifier.replace_keys(None, set(&signers[turn % 2])).unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    is_over.store(true, Ordering::Relaxed);
    for task in tasks {
        let counts = task.await.unwrap();
        assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
    }
}
