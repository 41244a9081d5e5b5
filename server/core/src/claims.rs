//! The Claims Sets of access tokens, and of the list of revocations.

use jot::{Revocations, UnixSeconds};

use crate::account::Grant;
use crate::json::Object;

/// Whom an access token is about.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// A user who logged in.
    User {
        /// The account's id.
        id: &'a str,
        /// The account's name.
        name: &'a str,
        /// The account's roles.
        roles: &'a [String],
        /// The session's name.
        sid: &'a str,
        /// When the user gave the password.
        auth_time: UnixSeconds,
    },
    /// A client on its own (RFC 9068 §2.2: `sub` is the client then).
    Client,
}

/// What an access token says (RFC 9068 §2.2).
#[derive(Clone, Copy, Debug)]
pub struct AccessClaims<'a> {
    /// `iss`
    pub issuer: &'a str,
    /// `client_id`
    pub client: &'a str,
    /// `sub`, and what is known of it
    pub subject: Subject<'a>,
    /// `aud` and `scope`
    pub grant: &'a Grant,
    /// `jti`: random
    pub jti: &'a str,
    /// `iat`
    pub now: UnixSeconds,
    /// `exp`, from `now`
    pub seconds: u32,
}

impl AccessClaims<'_> {
    /// Writes the Claims Set.
    #[must_use]
    pub fn to_json(&self) -> String {
        let subject = match self.subject {
            Subject::User { id, .. } => id,
            Subject::Client => self.client,
        };
        let claims = Object::new().with("iss", self.issuer).with("sub", subject);
        let claims = match self.grant.audiences.as_slice() {
            [one] => claims.with("aud", one),
            several => claims.with("aud", several),
        };
        let claims = claims
            .with("client_id", self.client)
            .with("iat", self.now.0)
            .with("exp", self.now.0.saturating_add(self.seconds.into()))
            .with("jti", self.jti)
            .with_some("scope", Some(self.grant.scope()).filter(|scope| !scope.is_empty()));
        let Subject::User { name, roles, sid, auth_time, .. } = self.subject else {
            return claims.into_text();
        };
        let claims = claims.with("sid", sid).with("auth_time", auth_time.0);
        // RFC 8176: the only method that there is.
        let claims = claims.with("amr", &["pwd"][..]).with("username", name);
        claims.with_some("roles", Some(roles).filter(|roles| !roles.is_empty())).into_text()
    }
}

/// What is revoked until when: a session, or one access token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revoked {
    /// By `sid`.
    Session(String),
    /// By `jti`.
    Token(String),
}

/// Makes the list of what is revoked at `now`; entries whose tokens are dead are left out.
/// `None` if there are more than `limit`.
#[must_use]
pub fn revocations(
    entries: &[(Revoked, UnixSeconds)],
    now: UnixSeconds,
    limit: usize,
) -> Option<Revocations> {
    let mut list = Revocations::with_limit(limit);
    for (revoked, until) in entries.iter().filter(|(_, until)| *until > now) {
        let added = match revoked {
            Revoked::Session(sid) => list.revoke_session(sid, Some(*until)),
            Revoked::Token(jti) => list.revoke_jti(jti, Some(*until)),
        };
        added.ok()?;
    }
    Some(list)
}

#[cfg(test)]
mod tests {
    use jot::{Alg, KeySet, Policy, Scratch, SignHeader, Signer, SigningKey, Verifier};

    use super::*;

    fn grant() -> Grant {
        Grant { scopes: vec!["read".to_owned(), "write".to_owned()], audiences: vec!["api".to_owned()] }
    }

    fn claims<'a>(subject: Subject<'a>, grant: &'a Grant) -> AccessClaims<'a> {
        AccessClaims {
            issuer: "https://i",
            client: "web",
            subject,
            grant,
            jti: "j",
            now: UnixSeconds(1000),
            seconds: 600,
        }
    }

    #[test]
    fn tokens_meet_the_policy_for_access_tokens_until_they_are_revoked() {
        let signer = Signer::new(SigningKey::generate(Alg::ES256).unwrap().with_kid("k"));
        let (roles, grant) = (["staff".to_owned()], grant());
        let user =
            Subject::User { id: "u1", name: "alice", roles: &roles, sid: "s1", auth_time: UnixSeconds(900) };
        let header = SignHeader::default().typ("at+jwt");
        let sign = |subject| signer.sign_claims_with(&header, claims(subject, &grant).to_json()).unwrap();
        let keys = KeySet::new([signer.key().verifying_key().unwrap()]);
        let policy = Policy::access_token("api", [Alg::ES256]).scope("write");
        let verifier = Verifier::builder(policy).issuer("https://i", keys).build().unwrap();
        let mut scratch = Scratch::new();
        let token = sign(user);
        let verified = verifier.verify(&token, UnixSeconds(1599), &mut scratch).unwrap();
        assert_eq!(
            verified.claims().as_text(),
            r#"{"iss":"https://i","sub":"u1","aud":"api","client_id":"web","iat":1000,"exp":1600,"jti":"j","scope":"read write","sid":"s1","auth_time":900,"amr":["pwd"],"username":"alice","roles":["staff"]}"#
        );
        let own = sign(Subject::Client);
        assert_eq!(
            verifier.verify(&own, UnixSeconds(1000), &mut scratch).unwrap().claims().subject(),
            Some("web")
        );

        let entries = [
            (Revoked::Session("s1".to_owned()), UnixSeconds(1600)),
            (Revoked::Token("j".to_owned()), UnixSeconds(1100)),
        ];
        let list = revocations(&entries, UnixSeconds(1100), 10).unwrap();
        assert_eq!(list.len(), 1);
        verifier.set_revocations(list);
        let refused = verifier.verify(&token, UnixSeconds(1100), &mut scratch).unwrap_err();
        assert_eq!(refused.code(), jot::Code::SidRevoked);
        assert!(verifier.verify(&own, UnixSeconds(1100), &mut scratch).is_ok());
        verifier.set_revocations(revocations(&entries, UnixSeconds(1099), 10).unwrap());
        let refused = verifier.verify(&own, UnixSeconds(1099), &mut scratch).unwrap_err();
        assert_eq!(refused.code(), jot::Code::JtiRevoked);
        assert!(revocations(&entries, UnixSeconds(1), 1).is_none());
    }

    #[test]
    fn several_audiences_are_a_list_and_no_scopes_no_claim() {
        let grant = Grant { scopes: Vec::new(), audiences: vec!["a".to_owned(), "b".to_owned()] };
        let text = claims(Subject::Client, &grant).to_json();
        assert!(text.contains(r#""aud":["a","b"]"#) && !text.contains("scope"), "{text}");
    }
}
