//! A login, from its beginning to its end.
//!
//! ```text
//!   begin ──▶ ┌──────┐  end: logout, everywhere, elsewhere, password, disabled, …    ┌───────┐
//!             │ open │ ────────────────────────────────────────────────────────────▶ │ ended │
//!             └──────┘                                                               └───────┘
//!              │    ▲                                                    its access tokens are on
//!              └────┘ refresh: the family of its refresh tokens          the list of revocations
//!                     goes on (see `refresh`)                            until the last has expired
//! ```
//!
//! An ended session stays ended, and keeps its first reason.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jot::UnixSeconds;

use crate::account::Grant;
use crate::random::{self, Random};
use crate::refresh::{Family, RefreshToken, SESSION_BYTES};

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// The user logged out.
    Logout,
    /// The user logged out everywhere.
    Everywhere,
    /// The user ended it from another one.
    Elsewhere,
    /// The password was changed.
    Password,
    /// The account was disabled.
    Disabled,
    /// The account may do something else than before.
    Changed,
    /// A client revoked the refresh token (RFC 7009).
    Revoked,
    /// A replaced refresh token came again: somebody stole one.
    Reuse,
}

impl EndReason {
    /// Every reason.
    pub const ALL: [Self; 8] = [
        Self::Logout,
        Self::Everywhere,
        Self::Elsewhere,
        Self::Password,
        Self::Disabled,
        Self::Changed,
        Self::Revoked,
        Self::Reuse,
    ];

    /// Returns the word for it in the database and the audit trail.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Logout => "logout",
            Self::Everywhere => "everywhere",
            Self::Elsewhere => "elsewhere",
            Self::Password => "password",
            Self::Disabled => "disabled",
            Self::Changed => "changed",
            Self::Revoked => "revoked",
            Self::Reuse => "reuse",
        }
    }

    /// Reads [`name`](Self::name).
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// A session's name: random, and in every access token as `sid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionId(pub [u8; SESSION_BYTES]);

impl SessionId {
    /// Writes it as tokens have it.
    #[must_use]
    pub fn to_text(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Reads [`to_text`](Self::to_text).
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.as_slice().try_into().ok().map(Self)
    }
}

/// A login and what it was granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its name.
    pub id: SessionId,
    /// The account that logged in.
    pub account: String,
    /// The client that the user logged in with.
    pub client: String,
    /// Scopes and audiences; a refresh never has more.
    pub grant: Grant,
    /// Its refresh tokens.
    pub family: Family,
    /// When the last access token of it expires.
    pub access_until: UnixSeconds,
    /// When and why it ended.
    pub ended: Option<(UnixSeconds, EndReason)>,
}

impl Session {
    /// Begins a session, whose first access token lives for `access_seconds`.
    pub fn begin(
        account: &str,
        client: &str,
        grant: Grant,
        access_seconds: u32,
        now: UnixSeconds,
        random: &mut dyn Random,
    ) -> (Self, RefreshToken) {
        let id = SessionId(random::bytes(random));
        let (family, token) = Family::begin(id.0, now, random);
        let session = Self {
            id,
            account: account.to_owned(),
            client: client.to_owned(),
            grant,
            family,
            access_until: UnixSeconds(now.0.saturating_add(access_seconds.into())),
            ended: None,
        };
        (session, token)
    }

    /// Notes that an access token was issued that lives for `access_seconds`. It never
    /// shortens what was noted: lifetimes may be set lower, and clocks back.
    #[must_use]
    pub fn issued(mut self, access_seconds: u32, now: UnixSeconds) -> Self {
        self.access_until = self.access_until.max(UnixSeconds(now.0.saturating_add(access_seconds.into())));
        self
    }

    /// Ends the session; `None` if it has ended already.
    #[must_use]
    pub fn end(mut self, reason: EndReason, now: UnixSeconds) -> Option<Self> {
        if self.ended.is_some() {
            return None;
        }
        self.ended = Some((now, reason));
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;

    fn session() -> Session {
        Session::begin("a", "web", Grant::default(), 600, UnixSeconds(1000), &mut Dice(1)).0
    }

    #[test]
    fn access_tokens_are_never_forgotten_too_early() {
        let session = session();
        assert_eq!(session.access_until, UnixSeconds(1600));
        let session = session.issued(600, UnixSeconds(1300));
        assert_eq!(session.access_until, UnixSeconds(1900));
        assert_eq!(session.issued(60, UnixSeconds(900)).access_until, UnixSeconds(1900));
    }

    #[test]
    fn session_ends_once() {
        let ended = session().end(EndReason::Reuse, UnixSeconds(1100)).unwrap();
        assert_eq!(ended.ended, Some((UnixSeconds(1100), EndReason::Reuse)));
        assert!(ended.end(EndReason::Logout, UnixSeconds(1200)).is_none());
    }

    #[test]
    fn names_are_read_back() {
        for reason in EndReason::ALL {
            assert_eq!(EndReason::from_name(reason.name()), Some(reason));
        }
        assert_eq!(EndReason::from_name("x"), None);
        let id = session().id;
        assert_eq!(SessionId::from_text(&id.to_text()), Some(id));
        assert_eq!(SessionId::from_text("AAAA"), None);
    }
}
