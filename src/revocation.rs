//! Revocations of tokens, sessions, subjects and keys.

mod list;

use hashbrown::{HashMap, HashSet};

use crate::claims::Claims;
use crate::error::{Code, Error, Rejection};
use crate::json::{self, Object, Storage};
use crate::time::UnixSeconds;

/// The member of a saved line that says why there is no list.
const ABSENT: &str = "absent";

/// The member of a saved line that says until when the list may be used.
const USABLE_UNTIL: &str = "usable_until";

/// A bounded list of revocations: tokens by `jti`, sessions by `sid`, subjects by `sub`
/// with an instant before which their tokens were issued, and keys by thumbprint.
///
/// It is a plain value: build it, pass it to
/// [`Verifier::set_revocations`](crate::Verifier::set_revocations), save it
/// with [`to_text`](Self::to_text) and load it again.
///
/// ```
/// use jot::{Revocations, UnixSeconds};
///
/// let mut revoked = Revocations::with_limit(10_000);
/// revoked.revoke_jti("7b1f0c2e", Some(UnixSeconds(1_798_761_600)))?;
/// revoked.revoke_subject("alice", UnixSeconds(1_790_000_000))?;
/// assert_eq!(Revocations::from_text(&revoked.to_text(), 10_000)?, revoked);
///
/// revoked.purge(UnixSeconds(1_798_761_600)); // the token has expired anyway
/// assert_eq!(revoked.len(), 1);
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocations {
    jtis: HashMap<Box<str>, Option<i64>>,
    sessions: HashMap<Box<str>, Option<i64>>,
    subjects: HashMap<Box<str>, i64>,
    keys: HashSet<Box<str>>,
    limit: usize,
    /// Why there is no list: every token is rejected with this code.
    absent: Option<Code>,
    usable_until: Option<i64>,
}

impl Default for Revocations {
    /// Makes an empty list for at most a million revocations.
    fn default() -> Self {
        Self::with_limit(1_000_000)
    }
}

impl Revocations {
    /// Makes an empty list for at most `limit` revocations.
    #[must_use]
    pub fn with_limit(limit: usize) -> Self {
        Self {
            jtis: HashMap::new(),
            sessions: HashMap::new(),
            subjects: HashMap::new(),
            keys: HashSet::new(),
            limit,
            absent: None,
            usable_until: None,
        }
    }

    /// Makes the list of a verifier that could not fetch its list again for too long, and
    /// that would rather refuse than not know: each token whose signature holds is rejected
    /// with [`Code::RevocationsStale`], which an HTTP server answers with 503, until
    /// another list is set.
    ///
    /// ```
    /// use jot::{Alg, Code, KeySet, Policy, Revocations, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
    ///
    /// let signer = Signer::new(SigningKey::generate(Alg::ES256)?);
    /// let token = signer.sign_claims(br#"{"exp":2000}"#)?;
    /// let keys = KeySet::new([signer.key().verifying_key()?]);
    /// let verifier = Verifier::builder(Policy::new([Alg::ES256])).keys(keys).build()?;
    /// verifier.set_revocations(Revocations::stale());
    /// let refused = verifier.verify(&token, UnixSeconds(1000), &mut Scratch::new()).unwrap_err();
    /// assert_eq!((refused.code(), refused.code().http_status()), (Code::RevocationsStale, 503));
    /// # Ok::<(), jot::Error>(())
    /// ```
    #[must_use]
    pub fn stale() -> Self {
        Self { absent: Some(Code::RevocationsStale), ..Self::default() }
    }

    /// Makes the list of a verifier that has not fetched its first list yet. It works like
    /// [`stale`](Self::stale), with [`Code::RevocationsNotYet`].
    #[must_use]
    pub fn not_yet() -> Self {
        Self { absent: Some(Code::RevocationsNotYet), ..Self::default() }
    }

    /// Notes until when the list may be used, for those who read it from a file: when that
    /// time has come, they set [`stale`](Self::stale) in its place. Verifiers do not look
    /// at it.
    ///
    /// ```
    /// use jot::{Revocations, UnixSeconds};
    ///
    /// let list = Revocations::default().with_end(Some(UnixSeconds(1_800_000_600)));
    /// assert_eq!(list.to_text(), "{\"usable_until\":1800000600}\n");
    /// assert_eq!(Revocations::from_text(&list.to_text(), 9)?.end(), Some(UnixSeconds(1_800_000_600)));
    /// # Ok::<(), jot::Error>(())
    /// ```
    #[must_use]
    pub fn with_end(mut self, usable_until: Option<UnixSeconds>) -> Self {
        self.usable_until = usable_until.map(|end| end.0);
        self
    }

    /// Returns until when the list may be used, if that was noted.
    #[must_use]
    pub fn end(&self) -> Option<UnixSeconds> {
        self.usable_until.map(UnixSeconds)
    }

    /// Returns `true` if any token could be rejected.
    pub(crate) fn can_reject(&self) -> bool {
        self.absent.is_some() || !self.is_empty()
    }

    /// # Errors
    /// [`Code::RevocationsStale`], [`Code::RevocationsNotYet`]
    pub(crate) const fn check_age(&self) -> Result<(), Rejection> {
        match self.absent {
            Some(code) => Err(Rejection::new(code)),
            None => Ok(()),
        }
    }

    /// Revokes the tokens with this `jti`. `until` is the time when they expire, after
    /// which [`purge`](Self::purge) drops the entry. Revoking twice keeps the later
    /// expiry; `None` (never expires) wins over any.
    ///
    /// # Errors
    /// [`Code::RevocationsFull`]; the list is unchanged.
    pub fn revoke_jti(&mut self, jti: &str, until: Option<UnixSeconds>) -> Result<(), Error> {
        self.make_room(self.jtis.contains_key(jti))?;
        keep_later(&mut self.jtis, jti, until);
        Ok(())
    }

    /// Revokes the tokens of the session with this `sid` (OpenID Connect Front-Channel
    /// Logout 1.0 §3), as a logout does. `until` is the time when the last of them
    /// expires. Otherwise it works like [`revoke_jti`](Self::revoke_jti).
    ///
    /// # Errors
    /// [`Code::RevocationsFull`]; the list is unchanged.
    pub fn revoke_session(&mut self, sid: &str, until: Option<UnixSeconds>) -> Result<(), Error> {
        self.make_room(self.sessions.contains_key(sid))?;
        keep_later(&mut self.sessions, sid, until);
        Ok(())
    }

    /// Revokes the tokens of this `sub` whose `iat` is before `issued_before`, and
    /// those without an `iat`. Revoking twice keeps the later instant.
    ///
    /// # Errors
    /// [`Code::RevocationsFull`]; the list is unchanged.
    pub fn revoke_subject(&mut self, subject: &str, issued_before: UnixSeconds) -> Result<(), Error> {
        self.make_room(self.subjects.contains_key(subject))?;
        let instant = self.subjects.entry(subject.into()).or_insert(issued_before.0);
        *instant = issued_before.0.max(*instant);
        Ok(())
    }

    /// Revokes the key with this thumbprint (RFC 7638, SHA-256 in base64url), and so
    /// every token that it signed.
    ///
    /// # Errors
    /// [`Code::RevocationsFull`]; the list is unchanged.
    pub fn revoke_key(&mut self, thumbprint: &str) -> Result<(), Error> {
        self.make_room(self.keys.contains(thumbprint))?;
        self.keys.insert(thumbprint.into());
        Ok(())
    }

    fn make_room(&self, is_known: bool) -> Result<(), Error> {
        if is_known || self.len() < self.limit { Ok(()) } else { Err(Error::new(Code::RevocationsFull)) }
    }

    /// Drops the entries that have expired at `now`.
    pub fn purge(&mut self, now: UnixSeconds) {
        for dated in [&mut self.jtis, &mut self.sessions] {
            dated.retain(|_, until| until.is_none_or(|until| until > now.0));
        }
    }

    /// Returns the number of revocations.
    #[must_use]
    pub fn len(&self) -> usize {
        [self.jtis.len(), self.sessions.len(), self.subjects.len(), self.keys.len()].into_iter().sum()
    }

    /// Returns `true` if nothing was revoked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn revokes_keys(&self) -> bool {
        !self.keys.is_empty()
    }

    /// # Errors
    /// [`Code::KeyRevoked`]
    pub(crate) fn check_key(&self, thumbprint: &str) -> Result<(), Rejection> {
        if self.keys.contains(thumbprint) { Err(Rejection::new(Code::KeyRevoked)) } else { Ok(()) }
    }

    /// # Errors
    /// [`Code::JtiRevoked`], [`Code::SidRevoked`], [`Code::SubRevoked`]
    pub(crate) fn check_claims(&self, claims: &Claims<'_>) -> Result<(), Rejection> {
        let revoked_jti = |jti| !self.jtis.is_empty() && self.jtis.contains_key(jti);
        if claims.jwt_id().is_some_and(revoked_jti) {
            return Err(Rejection::of_claim(Code::JtiRevoked, "jti"));
        }
        let session = if self.sessions.is_empty() { None } else { claims.claim("sid") };
        if session.and_then(|sid| sid.as_str()).is_some_and(|sid| self.sessions.contains_key(sid)) {
            return Err(Rejection::of_claim(Code::SidRevoked, "sid"));
        }
        let instant = if self.subjects.is_empty() { None } else { claims.subject() };
        if let Some(instant) = instant.and_then(|subject| self.subjects.get(subject))
            && claims.issued_at().is_none_or(|issued| issued.floor().0 < *instant)
        {
            return Err(Rejection::of_claim(Code::SubRevoked, "sub"));
        }
        Ok(())
    }

    /// Writes the list as lines of JSON, in a fixed order. That of [`stale`](Self::stale)
    /// and [`not_yet`](Self::not_yet) has a line that says so.
    #[must_use]
    pub fn to_text(&self) -> String {
        let absent = self.absent.map(|code| format!("{{\"{ABSENT}\":\"{code}\"}}"));
        let end = self.usable_until.map(|end| format!("{{\"{USABLE_UNTIL}\":{end}}}"));
        absent.into_iter().chain(end).chain(self.entries()).map(|line| line + "\n").collect()
    }

    /// Returns every revocation as a JSON object, in a fixed order.
    fn entries(&self) -> Vec<String> {
        let mut lines = Vec::with_capacity(self.len());
        let line = |kind: &str, name: &str, number: Option<i64>| {
            let mut line = format!("{{\"{kind}\":");
            json::write_string(name, &mut line);
            let member = if kind == "sub" { "issued_before" } else { "until" };
            if let Some(number) = number {
                line.push_str(&format!(",\"{member}\":{number}"));
            }
            line + "}"
        };
        lines.extend(self.jtis.iter().map(|(jti, until)| line("jti", jti, *until)));
        lines.extend(self.sessions.iter().map(|(sid, until)| line("sid", sid, *until)));
        lines.extend(self.subjects.iter().map(|(subject, before)| line("sub", subject, Some(*before))));
        lines.extend(self.keys.iter().map(|key| line("key", key, None)));
        lines.sort_unstable();
        lines
    }

    /// Reads the text of [`to_text`](Self::to_text).
    ///
    /// # Errors
    /// [`Code::RevocationsInvalid`] with the offset of the faulty line,
    /// [`Code::RevocationsFull`].
    pub fn from_text(text: &str, limit: usize) -> Result<Self, Error> {
        let mut list = Self::with_limit(limit);
        let mut offset = 0_usize;
        for line in text.split_inclusive('\n') {
            let malformed = Error::at(Code::RevocationsInvalid, u32::try_from(offset).unwrap_or(u32::MAX));
            if !line.trim().is_empty() {
                list.read_line(line, malformed)?;
            }
            offset = offset.saturating_add(line.len());
        }
        Ok(list)
    }

    fn read_line(&mut self, line: &str, malformed: Error) -> Result<(), Error> {
        let mut storage = Storage::default();
        let object = json::parse(line.as_bytes(), &mut storage).map_err(|_| malformed)?;
        let (absent, end) = (object.member(ABSENT), object.member(USABLE_UNTIL));
        if absent.is_none() && end.is_none() {
            return self.read_entry(object, malformed);
        }
        if object.members().count() != 1 {
            return Err(malformed);
        }
        if let Some(absent) = absent {
            let is_known = |code: &Code| matches!(code, Code::RevocationsStale | Code::RevocationsNotYet);
            let code = absent.as_str().and_then(|name| name.parse::<Code>().ok()).filter(is_known);
            self.absent = Some(code.ok_or(malformed)?);
        }
        if let Some(end) = end {
            let end = end.as_number().and_then(|number| number.as_i64());
            self.usable_until = Some(end.ok_or(malformed)?);
        }
        Ok(())
    }

    fn read_entry(&mut self, object: Object<'_>, malformed: Error) -> Result<(), Error> {
        let text = |name| object.member(name).map(|value| value.as_str().ok_or(malformed)).transpose();
        let number = |name| {
            let value = object.member(name).map(|value| value.as_number().and_then(|number| number.as_i64()));
            value.map(|value| value.map(UnixSeconds).ok_or(malformed)).transpose()
        };
        match (text("jti")?, text("sid")?, text("sub")?, text("key")?) {
            (Some(jti), None, None, None) => self.revoke_jti(jti, number("until")?),
            (None, Some(sid), None, None) => self.revoke_session(sid, number("until")?),
            (None, None, Some(subject), None) => {
                self.revoke_subject(subject, number("issued_before")?.ok_or(malformed)?)
            }
            (None, None, None, Some(key)) => self.revoke_key(key),
            _ => Err(malformed),
        }
    }
}

/// Keeps the later of two expiries; none at all is the latest.
fn keep_later(known: &mut HashMap<Box<str>, Option<i64>>, name: &str, until: Option<UnixSeconds>) {
    let until = until.map(|until| until.0);
    let known = known.entry(name.into()).or_insert(until);
    *known = known.zip(until).map(|(known, until)| known.max(until));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_is_bounded_and_keeps_what_it_has() {
        let mut list = Revocations::with_limit(2);
        list.revoke_jti("a", Some(UnixSeconds(9))).unwrap();
        list.revoke_subject("b", UnixSeconds(5)).unwrap();
        assert_eq!(list.revoke_key("c").unwrap_err().code(), Code::RevocationsFull);
        assert_eq!(list.revoke_jti("c", None).unwrap_err().code(), Code::RevocationsFull);
        list.revoke_jti("a", Some(UnixSeconds(8))).unwrap();
        list.revoke_subject("b", UnixSeconds(4)).unwrap();
        assert_eq!(list.to_text(), "{\"jti\":\"a\",\"until\":9}\n{\"sub\":\"b\",\"issued_before\":5}\n");
        list.purge(UnixSeconds(8));
        assert_eq!(list.len(), 2);
        list.purge(UnixSeconds(9));
        assert_eq!(list.len(), 1);
        list.revoke_jti("a", None).unwrap();
        list.revoke_jti("a", Some(UnixSeconds(9))).unwrap();
        list.purge(UnixSeconds(i64::MAX));
        assert_eq!(list.len(), 2);
    }

    #[test]
    fn text_is_read_back_and_faults_have_a_place() {
        let text = "\n{\"jti\":\"x\\\"y\"}\n{\"sub\":\"s\",\"issued_before\":-3}\n{\"key\":\"k\"}\n{\"sid\":\"i\",\"until\":7}";
        let list = Revocations::from_text(text, 4).unwrap();
        assert_eq!(Revocations::from_text(&list.to_text(), 4).unwrap(), list);
        assert_eq!(Revocations::from_text(text, 3).unwrap_err().code(), Code::RevocationsFull);
        for line in [
            "{}",
            "x",
            "{\"jti\":1}",
            "{\"sub\":\"s\"}",
            "{\"jti\":\"a\",\"key\":\"b\"}",
            "{\"jti\":\"a\",\"sid\":\"b\"}",
            "{\"sid\":\"a\",\"until\":\"x\"}",
            "{\"jti\":\"a\",\"until\":\"x\"}",
        ] {
            let error = Revocations::from_text(&format!("{{\"key\":\"k\"}}\n{line}\n"), 9).unwrap_err();
            assert_eq!((error.code(), error.offset()), (Code::RevocationsInvalid, Some(12)), "{line}");
        }
    }
}
