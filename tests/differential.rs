//! A short run of the campaign against aws-lc; see `examples/differential`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test may stop at the first thing amiss"
)]

#[path = "../examples/differential/campaign.rs"]
mod campaign;
#[path = "../examples/differential/ecdsa.rs"]
mod ecdsa;
#[path = "../examples/differential/eddsa.rs"]
mod eddsa;
#[path = "../examples/differential/random.rs"]
mod random;

use random::Random;

fn runs(make: impl Fn(&mut Random) -> Box<dyn campaign::Algorithm>) {
    let mut random = Random::new(0x6a6f_7401);
    let mut algorithm = make(&mut random);
    let report = campaign::run(algorithm.as_mut(), 4000, 200, &mut random);
    assert!(report.keys >= 15, "{report}");
    for form in &report.forms {
        assert!(form.accepted > 300 && form.missed == 0, "{report}");
    }
}

#[test]
fn ecdsa_on_p256_agrees_with_aws_lc() {
    runs(|random| Box::new(ecdsa::Ecdsa::new(&ecdsa::P256, 20, random)));
}

#[test]
fn ecdsa_on_p384_agrees_with_aws_lc() {
    runs(|random| Box::new(ecdsa::Ecdsa::new(&ecdsa::P384, 20, random)));
}

#[test]
fn ecdsa_on_p521_agrees_with_aws_lc() {
    runs(|random| Box::new(ecdsa::Ecdsa::new(&ecdsa::P521, 20, random)));
}

#[test]
fn ecdsa_on_secp256k1_agrees_with_aws_lc() {
    runs(|random| Box::new(ecdsa::Ecdsa::new(&ecdsa::SECP256K1, 20, random)));
}

#[test]
fn eddsa_agrees_with_aws_lc() {
    runs(|random| Box::new(eddsa::Eddsa::new(random)));
}
