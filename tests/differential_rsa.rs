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
#[path = "../examples/differential/mac.rs"]
mod mac;
#[path = "../examples/differential/random.rs"]
mod random;
#[path = "../examples/differential/rsa.rs"]
mod rsa;

use jot::Alg;

use random::Random;

fn runs(make: impl Fn(&mut Random) -> Box<dyn campaign::Algorithm>) {
    let mut random = Random::new(0x6a6f_7402);
    let mut algorithm = make(&mut random);
    let report = campaign::run(algorithm.as_mut(), 4000, 200, &mut random);
    assert!(report.keys >= 15, "{report}");
    for form in &report.forms {
        assert!(form.accepted > 300 && form.missed == 0, "{report}");
    }
}

#[test]
fn rsa_agrees_with_aws_lc() {
    for (alg, bits) in [(Alg::RS256, 2048), (Alg::PS256, 2048), (Alg::RS512, 3072), (Alg::PS384, 3072)] {
        runs(|random| Box::new(rsa::Rsa::new(alg, &[bits], 32, random)));
    }
}

#[test]
fn hmac_agrees_with_aws_lc() {
    for alg in [Alg::HS256, Alg::HS384, Alg::HS512] {
        runs(|_| Box::new(mac::Mac::new(alg)));
    }
}
