//! A keeper of revocations, what it is asked, and what it is answered.

use std::sync::Arc;

use jot::jwks::{Answer, Field, Poll, Ticket};
use jot::lists::{ListChange, ListKeeper, ListOptions};
use jot::{
    Alg, Code, KeyOptions, KeySet, Policy, Revocations, SignHeader, Signer, SigningKey, UnixSeconds,
    Verifier, VerifyingKey,
};

pub(crate) const URL: &str = "https://issuer.example/revocations";
pub(crate) const ISSUER: &str = "https://issuer.example";
pub(crate) const START: i64 = 1_800_000_000;

pub(crate) fn at(seconds: i64) -> UnixSeconds {
    UnixSeconds(START + seconds)
}

/// HMAC is fast; the keeper knows nothing of algorithms.
pub(crate) fn signer(secret: u8) -> Signer {
    Signer::new(SigningKey::from_secret(&[secret; 32], &KeyOptions::default()).unwrap())
}

pub(crate) fn verifier(policy: Policy) -> Arc<Verifier> {
    let key = VerifyingKey::from_secret(&[7; 32], &KeyOptions::default()).unwrap();
    Arc::new(Verifier::builder(policy).issuer(ISSUER, KeySet::new([key])).build().unwrap())
}

pub(crate) fn keeper(options: ListOptions) -> ListKeeper<Revocations> {
    ListKeeper::new(URL, verifier(Policy::revocation_list([Alg::HS256])), options, 7).unwrap()
}

/// The claims of a list of one token.
pub(crate) fn claims(jti: &str, iat: i64, exp: i64, ttl: u32) -> String {
    let mut list = Revocations::default();
    list.revoke_jti(jti, None).unwrap();
    list.to_claims(ISSUER, at(iat), at(exp), ttl)
}

pub(crate) fn signed(claims: &str) -> String {
    signer(7).sign_claims_with(&SignHeader::default().typ(Revocations::TYP), claims).unwrap()
}

/// A list of one token.
pub(crate) fn list(jti: &str, iat: i64, exp: i64, ttl: u32) -> String {
    signed(&claims(jti, iat, exp, ttl))
}

/// Polls for a fetch that must be due; gives its ticket and its entity tag.
#[track_caller]
pub(crate) fn fetch(keeper: &mut ListKeeper<Revocations>, now: i64) -> (Ticket, Option<String>) {
    match keeper.poll(at(now)) {
        Poll::Fetch(request) => (request.ticket, request.etag.map(str::to_owned)),
        Poll::Sleep(until) => panic!("nothing is due until {}", until.0 - START),
    }
}

#[track_caller]
pub(crate) fn sleep(keeper: &mut ListKeeper<Revocations>, now: i64) -> i64 {
    match keeper.poll(at(now)) {
        Poll::Fetch(request) => panic!("a fetch of {} is due", request.url),
        Poll::Sleep(until) => until.0 - START,
    }
}

/// Fetches, and answers with this body.
#[track_caller]
pub(crate) fn serve(
    keeper: &mut ListKeeper<Revocations>,
    now: i64,
    fields: &[Field<'_>],
    body: &str,
) -> ListChange<Revocations> {
    let (ticket, _) = fetch(keeper, now);
    keeper.answer(ticket, Answer::Response { status: 200, fields, body: body.as_bytes() }, at(now))
}

#[track_caller]
pub(crate) fn failure(change: ListChange<Revocations>) -> Code {
    match change {
        ListChange::Failed(error) => error.code(),
        other => panic!("{other:?}"),
    }
}

/// The ids that the list in force revokes, or why there is none.
pub(crate) fn in_force(keeper: &ListKeeper<Revocations>, now: i64) -> Result<String, Code> {
    let text = keeper.list(at(now))?.to_text();
    Ok(text.trim().trim_start_matches("{\"jti\":\"").trim_end_matches("\"}").to_owned())
}
