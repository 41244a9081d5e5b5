//! Every backend gives the same verdicts, and says what ran.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing amiss"
)]

use jot::backend::Backend;
use jot::batch::{Batch, Columns, Instants, Tokens};
use jot::{Alg, Code, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};

const NOW: UnixSeconds = UnixSeconds(1_800_000_000);
const ALGORITHMS: [Alg; 8] =
    [Alg::ES256, Alg::ES384, Alg::ES512, Alg::ES256K, Alg::EdDSA, Alg::RS256, Alg::PS256, Alg::HS256];

struct Issuer {
    signer: Signer,
    alg: Alg,
}

impl Issuer {
    fn new(alg: Alg) -> Self {
        Self { signer: Signer::new(SigningKey::generate(alg).unwrap().with_kid("k")), alg }
    }

    fn builder(&self) -> jot::VerifierBuilder {
        let key = self.signer.key().verifying_key().unwrap();
        Verifier::builder(Policy::new([self.alg])).keys(KeySet::new([key]))
    }

    /// Good tokens, expired ones and forged ones.
    fn tokens(&self, count: usize) -> Vec<String> {
        (0..count)
            .map(|number| {
                let exp = if number % 5 == 4 { NOW.0 - 100 } else { NOW.0 + 100 };
                let claims = format!(r#"{{"exp":{exp},"n":{number}}}"#);
                let token = self.signer.sign_claims(claims.as_bytes()).unwrap();
                match number % 7 {
                    // In the middle of the signature, and at the end of the payload.
                    5 => changed(&token, token.len() - 40),
                    6 => changed(&token, token.rfind('.').unwrap() - 2),
                    _ => token,
                }
            })
            .collect()
    }
}

fn changed(token: &str, position: usize) -> String {
    let other = if token.as_bytes()[position] == b'A' { "B" } else { "A" };
    format!("{}{other}{}", &token[..position], &token[position + 1..])
}

fn codes(verifier: &Verifier, tokens: &[String]) -> Vec<Code> {
    let mut scratch = Scratch::new();
    let code = |token: &String| match verifier.verify_without_claims(token.as_bytes(), NOW, &mut scratch) {
        Ok(_) => Code::Accepted,
        Err(rejection) => rejection.code(),
    };
    tokens.iter().map(code).collect()
}

fn batch_codes(verifier: &Verifier, tokens: &[String]) -> Vec<u32> {
    let slices: Vec<&[u8]> = tokens.iter().map(|token| token.as_bytes()).collect();
    let mut codes = vec![u32::MAX; tokens.len()];
    let mut batch = Batch::new(1).unwrap();
    let columns = &mut Columns::codes(&mut codes);
    batch.verify(verifier, &Tokens::Slices(&slices), Instants::Now(NOW), columns).unwrap();
    codes
}

#[test]
fn verdicts_are_the_same_with_every_backend() {
    for alg in ALGORITHMS {
        let issuer = Issuer::new(alg);
        let tokens = issuer.tokens(150);
        let wanted = codes(&issuer.builder().build().unwrap(), &tokens);
        assert!(wanted.contains(&Code::SignatureInvalid) && wanted.contains(&Code::Expired));
        for backend in Backend::ALL {
            let verifier = issuer.builder().backend(backend).cross_check(3).build().unwrap();
            assert_eq!(codes(&verifier, &tokens), wanted, "{alg} {backend:?}");
            let numbers: Vec<u32> = wanted.iter().map(|code| code.number()).collect();
            assert_eq!(batch_codes(&verifier, &tokens), numbers, "{alg} {backend:?}");
            let report = verifier.statistics().backend;
            assert_eq!((report.disagreements, report.cross_checked > 0 || report.accepted < 30), (0, true));
            // Forged tokens are all that is left to aws-lc.
            let eager = matches!(backend, Backend::Accelerated | Backend::Portable);
            if eager && verifier.backend_name(alg) != "aws-lc" {
                let forged = wanted.iter().filter(|code| **code == Code::SignatureInvalid).count() as u64;
                assert_eq!((report.accepted, report.referred), (300 - 2 * forged, 2 * forged), "{alg}");
                assert!(report.table_bytes > if alg.key_type() == jot::KeyType::P256 { 100_000 } else { 0 });
            } else if backend == Backend::AwsLc {
                assert_eq!(report, jot::backend::BackendReport::default());
            }
        }
    }
}

#[test]
fn busy_key_is_accelerated_by_and_by() {
    let issuer = Issuer::new(Alg::ES256);
    let verifier = issuer.builder().backend(Backend::Auto).build().unwrap();
    let name = verifier.backend_name(Alg::ES256);
    assert_ne!(name, "aws-lc");
    assert_eq!(verifier.statistics().backend.accelerated, [(Alg::ES256, name)]);
    assert_eq!(verifier.backend_name(Alg::HS256), "aws-lc");
    let token = issuer.tokens(1).remove(0);
    let tokens = vec![token; 500];
    assert!(codes(&verifier, &tokens).iter().all(|code| *code == Code::Accepted));
    let report = verifier.statistics().backend;
    // The small table is there after 32 and its sixteen steps, the large one after 256 and its eight;
    // where there is no small one, after 32.
    let (accepted, bytes) =
        if name == "avx512-ifma" { (440..453, (256 + 8) << 10) } else { (424..437, 256 << 10) };
    assert!(accepted.contains(&report.accepted) && report.table_bytes == bytes, "{report:?}");
    // Elsewhere with one call.
    let verifier = issuer.builder().backend(Backend::Auto).build().unwrap();
    assert_eq!((verifier.prepare(), verifier.prepare()), (1, 1));
    assert!(codes(&verifier, &tokens[..10]).iter().all(|code| *code == Code::Accepted));
    assert_eq!(verifier.statistics().backend.accepted, 10);
}

#[test]
fn replaced_keys_are_prepared_as_well() {
    let (first, second) = (Issuer::new(Alg::ES256), Issuer::new(Alg::ES256));
    let verifier = first.builder().backend(Backend::Portable).build().unwrap();
    let key = second.signer.key().verifying_key().unwrap();
    verifier.replace_keys(None, KeySet::new([key])).unwrap();
    assert_eq!(codes(&verifier, &second.tokens(1)), [Code::Accepted]);
    assert_eq!(codes(&verifier, &first.tokens(1)), [Code::SignatureInvalid]);
    let report = verifier.statistics().backend;
    assert_eq!((report.accepted, report.referred), (1, 1));
    // The first key is gone, and its table with it.
    assert_eq!(report.table_bytes, 256 << 10);
}

#[test]
fn table_budget_holds() {
    let issuers: Vec<Issuer> = (0..3).map(|_| Issuer::new(Alg::ES256)).collect();
    let keys = issuers.iter().map(|issuer| issuer.signer.key().verifying_key().unwrap());
    let verifier = Verifier::builder(Policy::new([Alg::ES256]))
        .keys(KeySet::new(keys))
        .backend(Backend::Portable)
        .table_bytes(600 << 10)
        .build()
        .unwrap();
    let report = verifier.statistics().backend;
    assert_eq!((report.table_bytes, report.tables, report.tables_refused), (512 << 10, 2, 1));
    for issuer in &issuers {
        assert_eq!(codes(&verifier, &issuer.tokens(1)), [Code::Accepted]);
    }
    assert_eq!(verifier.statistics().backend.table_bytes, 512 << 10);
}

#[test]
fn verifiers_that_share_a_key_keep_to_the_backend_they_chose() {
    let issuer = Issuer::new(Alg::ES256);
    let tokens = issuer.tokens(20);
    let keys = std::sync::Arc::new(KeySet::new([issuer.signer.key().verifying_key().unwrap()]));
    let build = |backend| {
        let builder = Verifier::builder(Policy::new([Alg::ES256])).keys(std::sync::Arc::clone(&keys));
        builder.backend(backend).build().unwrap()
    };
    let verifiers = [Backend::Accelerated, Backend::Accelerated, Backend::Portable].map(build);
    let accepted = verifiers.each_ref().map(|verifier| {
        assert_eq!(codes(verifier, &tokens), codes(&verifiers[0], &tokens));
        verifier.statistics().backend.accepted
    });
    assert!(accepted[0] > 0 && accepted[1] > 0);
    let same = verifiers[0].backend_name(Alg::ES256) == verifiers[2].backend_name(Alg::ES256);
    assert_eq!(accepted[2] > 0, same);
}
