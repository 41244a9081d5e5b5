//! Random Claims Sets that meet their policy, and the same with one thing
//! wrong.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod cases;

use std::collections::BTreeMap;

use cases::hmac;
use jot::{Alg, Code, Condition, KeySet, Policy, Scratch, UnixSeconds, Verifier};
use proptest::prelude::*;
use serde_json::{Value, json};

const NOW: i64 = 1_800_000_000;

/// A token's claims, and a policy that they meet.
#[derive(Clone, Debug)]
struct Meeting {
    issuer: Option<String>,
    audiences: Vec<String>,
    /// Which of the audiences is ours.
    ours: usize,
    one_audience: bool,
    subject: Option<String>,
    scopes: Vec<String>,
    party: Option<String>,
    extra: BTreeMap<String, String>,
    lifetime: i64,
}

fn meeting() -> impl Strategy<Value = Meeting> {
    let text = || "\\PC{1,20}";
    (
        prop::option::of(text()),
        prop::collection::vec(text(), 1..5),
        0..5_usize,
        any::<bool>(),
        prop::option::of(text()),
        prop::collection::vec("[a-z:]{1,8}", 0..4),
        prop::option::of(text()),
        prop::collection::btree_map("x[a-zé\"\\\\]{0,6}", text(), 0..4),
        1..100_000_i64,
    )
        .prop_map(|(issuer, audiences, ours, one_audience, subject, scopes, party, extra, lifetime)| {
            Meeting {
                ours: ours % audiences.len(),
                issuer,
                audiences,
                one_audience,
                subject,
                scopes,
                party,
                extra,
                lifetime,
            }
        })
}

impl Meeting {
    fn audience(&self) -> &str {
        &self.audiences[self.ours]
    }

    fn claims(&self) -> Value {
        let mut claims = json!({"exp": NOW + self.lifetime, "iat": NOW, "scope": self.scopes.join(" ")});
        let audiences = if self.one_audience { json!(self.audience()) } else { json!(self.audiences) };
        claims["aud"] = audiences;
        for (name, value) in [("iss", &self.issuer), ("sub", &self.subject), ("azp", &self.party)] {
            if let Some(value) = value {
                claims[name] = json!(value);
            }
        }
        for (name, value) in &self.extra {
            claims[name] = json!(value);
        }
        claims
    }

    fn verifier(&self) -> Verifier {
        let mut policy = Policy::new([Alg::HS256]).audience("nobody's").audience(self.audience());
        if let Some(subject) = &self.subject {
            policy = policy.subject(subject);
        }
        if let Some(party) = &self.party {
            policy = policy.authorized_party(party);
        }
        policy = self.scopes.iter().fold(policy, |policy, scope| policy.scope(scope));
        for (name, value) in &self.extra {
            policy = policy.require(name).claim(Condition::equals(name.as_str(), value.as_str()));
        }
        let builder = Verifier::builder(policy);
        let set = KeySet::new([hmac::key()]);
        let builder = match &self.issuer {
            Some(issuer) => builder.issuer(issuer, set),
            None => builder.keys(set),
        };
        builder.build().unwrap()
    }

    fn code(&self, claims: &Value) -> (Code, Option<String>) {
        let mut scratch = Scratch::new();
        let token = hmac::paid(claims.to_string().as_bytes());
        let verdict = self.verifier().verdict(&token, UnixSeconds(NOW), &mut scratch);
        assert!(verdict.signature_ok());
        let claim = verdict.rejection().and_then(|rejection| rejection.claim().map(str::to_owned));
        (verdict.code(), claim)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn claims_are_accepted_when_they_meet_the_policy(meeting in meeting()) {
        let token = hmac::paid(meeting.claims().to_string().as_bytes());
        let (verifier, mut scratch) = (meeting.verifier(), Scratch::new());
        let verdict = verifier.verdict(&token, UnixSeconds(NOW), &mut scratch);
        prop_assert_eq!(verdict.code(), Code::Accepted);
        let claims = verdict.into_result().unwrap().claims();
        prop_assert_eq!(claims.issuer(), meeting.issuer.as_deref());
        prop_assert_eq!(claims.subject(), meeting.subject.as_deref());
        prop_assert!(claims.audiences().any(|audience| audience == meeting.audience()));
        prop_assert_eq!(claims.expires_at().unwrap().floor(), UnixSeconds(NOW + meeting.lifetime));
        for (name, value) in &meeting.extra {
            prop_assert_eq!(claims.claim(name).and_then(|claim| claim.as_str()), Some(value.as_str()));
        }
    }

    /// Each claim that the policy asks for, changed and then taken away.
    #[test]
    fn claims_are_refused_when_one_of_them_is_wrong(meeting in meeting()) {
        let whole = meeting.claims();
        let demanded = [
            ("iss", meeting.issuer.is_some(), Code::IssMismatch, Code::IssMissing),
            ("aud", true, Code::AudMismatch, Code::AudMissing),
            ("sub", meeting.subject.is_some(), Code::SubMismatch, Code::SubMissing),
            ("azp", meeting.party.is_some(), Code::AzpMismatch, Code::AzpMissing),
        ];
        let of_extra = meeting.extra.keys().map(|name| (name.as_str(), true, Code::ClaimMismatch, Code::ClaimMissing));
        for (name, asked, other, missing) in demanded.into_iter().chain(of_extra) {
            let mut claims = whole.clone();
            claims[name] = json!("\u{1}another");
            let expected = if asked { (other, Some(name.to_owned())) } else { (Code::Accepted, None) };
            prop_assert_eq!(meeting.code(&claims), expected);
            claims.as_object_mut().unwrap().remove(name);
            let expected = if asked { (missing, Some(name.to_owned())) } else { (Code::Accepted, None) };
            prop_assert_eq!(meeting.code(&claims), expected);
        }
        for scope in &meeting.scopes {
            let mut claims = whole.clone();
            let others: Vec<&str> = meeting.scopes.iter().filter(|other| *other != scope).map(String::as_str).collect();
            claims["scope"] = json!(others.join(" "));
            prop_assert_eq!(meeting.code(&claims).0, Code::ScopeInsufficient);
        }
    }
}
