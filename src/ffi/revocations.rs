//! Revoked tokens, sessions, subjects and keys.

use std::mem::MaybeUninit;
use std::sync::Arc;

use super::boundary::{answer, boundary, given};
use super::failure::{Failure, explained};
use super::slice::Slice;
use super::text::Text;
use crate::error::Error;
use crate::time::UnixSeconds;

/// A list of revocations: tokens by `jti`, sessions by `sid`, subjects by `sub` with an
/// instant before which their tokens were issued, keys by thumbprint.
///
/// It is a plain value: build it, pass it to `jot_verifier_set_revocations`, save
/// it as text and load it again. One thread at a time may use it.
pub struct Revocations {
    /// Shared with the verifiers that use it; the first change after that copies it.
    pub inner: Arc<crate::revocation::Revocations>,
}

/// Changes a list, or a copy of it if a verifier uses it.
fn change(
    revocations: Option<&mut Revocations>,
    change: impl FnOnce(&mut crate::revocation::Revocations) -> Result<(), Error>,
) -> Result<(), Error> {
    change(Arc::make_mut(&mut given(revocations, "revocations")?.inner))
}

/// An instant that never comes.
pub const JOT_NEVER: i64 = 0x7fff_ffff_ffff_ffff;

/// Makes an empty list for at most `limit` revocations. The caller owns it and
/// frees it with `jot_revocations_free`. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_revocations_new(limit: usize) -> Option<Box<Revocations>> {
    answer(None, || {
        let inner = Arc::new(crate::revocation::Revocations::with_limit(limit));
        Some(Box::new(Revocations { inner }))
    })
}

/// Revokes the tokens with this `jti`. `until` is the time when they expire, after
/// which `jot_revocations_purge` drops the entry; `JOT_NEVER` keeps it. Revoking twice
/// keeps the later time.
///
/// Returns `JOT_REVOCATIONS_FULL`; 15x. The list is unchanged in these cases.
#[unsafe(no_mangle)]
pub extern "C" fn jot_revocations_revoke_jti(
    revocations: Option<&mut Revocations>,
    jti: Slice,
    until: i64,
) -> u32 {
    boundary(|| {
        let until = (until != JOT_NEVER).then_some(UnixSeconds(until));
        let jti = jti.text("jti")?;
        change(revocations, |list| list.revoke_jti(jti, until))
    })
}

/// Revokes the tokens of the session with this `sid`, as a logout does. `until` is the
/// time when the last of them expires. Otherwise it works like
/// `jot_revocations_revoke_jti`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_revocations_revoke_session(
    revocations: Option<&mut Revocations>,
    sid: Slice,
    until: i64,
) -> u32 {
    boundary(|| {
        let until = (until != JOT_NEVER).then_some(UnixSeconds(until));
        let sid = sid.text("sid")?;
        change(revocations, |list| list.revoke_session(sid, until))
    })
}

/// Revokes the tokens of this `sub` whose `iat` is before `issued_before`, and those
/// without an `iat`. Otherwise it works like `jot_revocations_revoke_jti`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_revocations_revoke_subject(
    revocations: Option<&mut Revocations>,
    subject: Slice,
    issued_before: i64,
) -> u32 {
    boundary(|| {
        let subject = subject.text("subject")?;
        change(revocations, |list| list.revoke_subject(subject, UnixSeconds(issued_before)))
    })
}

/// Revokes the key with this thumbprint (RFC 7638, SHA-256 in base64url; see
/// `jot_key_info`), and so every token that it signed. Otherwise it works like
/// `jot_revocations_revoke_jti`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_revocations_revoke_key(
    revocations: Option<&mut Revocations>,
    thumbprint: Slice,
) -> u32 {
    boundary(|| {
        let thumbprint = thumbprint.text("thumbprint")?;
        change(revocations, |list| list.revoke_key(thumbprint))
    })
}

/// Drops the entries that have expired at `now`. Returns 15x for wrong arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_revocations_purge(revocations: Option<&mut Revocations>, now: i64) -> u32 {
    boundary(|| {
        change(revocations, |list| {
            list.purge(UnixSeconds(now));
            Ok(())
        })
    })
}

/// Returns the number of revocations; 0 for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn jot_revocations_len(revocations: Option<&Revocations>) -> usize {
    answer(0, || revocations.map_or(0, |revocations| revocations.inner.len()))
}

/// Returns until when a list may be used that was read from a text which says so, as those
/// of `jotctl revocations` do; `JOT_NEVER` if it says nothing, and for NULL. Set
/// `jot_revocations_stale` in its place then.
#[unsafe(no_mangle)]
pub extern "C" fn jot_revocations_end(revocations: Option<&Revocations>) -> i64 {
    answer(JOT_NEVER, || {
        revocations.and_then(|revocations| revocations.inner.end()).map_or(JOT_NEVER, |end| end.0)
    })
}

/// Makes the list of a verifier that could not fetch its list again for too long, and that
/// would rather refuse than not know: tokens whose signature holds are rejected with
/// `JOT_REVOCATIONS_STALE`, which is 503, until another list is set. The caller owns it and
/// frees it with `jot_revocations_free`. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_revocations_stale() -> Option<Box<Revocations>> {
    answer(None, || Some(Box::new(Revocations { inner: Arc::new(crate::revocation::Revocations::stale()) })))
}

/// Makes the list of a verifier that has not fetched its first list yet. It works like
/// `jot_revocations_stale`, with `JOT_REVOCATIONS_NOT_YET`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_revocations_not_yet() -> Option<Box<Revocations>> {
    answer(None, || {
        Some(Box::new(Revocations { inner: Arc::new(crate::revocation::Revocations::not_yet()) }))
    })
}

/// Writes the list as lines of JSON. Returns 15x for wrong arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_revocations_to_text(revocations: Option<&Revocations>, text: Option<&mut Text>) -> u32 {
    boundary(|| {
        given(text, "text")?.set(&given(revocations, "revocations")?.inner.to_text());
        Ok(())
    })
}

/// Reads the text of `jot_revocations_to_text` into a new list for at most `limit`
/// revocations.
///
/// The caller owns `*revocations` and frees it with `jot_revocations_free`. Returns
/// `JOT_REVOCATIONS_INVALID` with the offset of the faulty line;
/// `JOT_REVOCATIONS_FULL`; 15x. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_revocations_from_text(
    text: Slice,
    limit: usize,
    revocations: Option<&mut MaybeUninit<Option<Box<Revocations>>>>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let revocations = given(revocations, "revocations")?;
        let inner = crate::revocation::Revocations::from_text(text.text("text")?, limit)?;
        revocations.write(Some(Box::new(Revocations { inner: Arc::new(inner) })));
        Ok(())
    })
}

/// Reads the Claims Set of a signed list (docs/revocation.md) into a new list for at most
/// `limit` revocations. Verify the list first: with its `typ` `revocations+jwt`, its
/// issuer and its `exp`.
///
/// The caller owns `*revocations` and frees it with `jot_revocations_free`. Returns
/// `JOT_REVOCATIONS_INVALID` if the list is missing or an entry is malformed;
/// `JOT_REVOCATIONS_FULL`; 15x. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_revocations_from_claims(
    claims: Slice,
    limit: usize,
    revocations: Option<&mut MaybeUninit<Option<Box<Revocations>>>>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let revocations = given(revocations, "revocations")?;
        let inner = crate::revocation::Revocations::from_claims_text(claims.bytes("claims")?, limit)?;
        revocations.write(Some(Box::new(Revocations { inner: Arc::new(inner) })));
        Ok(())
    })
}

/// Frees a list; NULL is fine. Verifiers that were given it keep it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_revocations_free(revocations: Option<Box<Revocations>>) {
    answer((), || drop(revocations));
}
