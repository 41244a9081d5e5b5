//! Refresh tokens: one successor for each, and an end when one is stolen.
//!
//! A refresh token is opaque to the client. Inside it has the session, the number of the
//! token within the session (its *generation*), 32 secret bytes, and a tag under the master
//! key. The database holds hashes of tokens only.
//!
//! ```text
//!   presented                               answer                 the family
//!   ──────────────────────────────────────────────────────────────────────────────
//!   the newest token                        its successor          generation + 1
//!   the one before, within the grace        the SAME successor     stays as it is
//!   an older one, within its own grace      superseded, no token   stays as it is
//!   the one before, or older, later         reused, no token       ENDS: one of two
//!                                                                  holders is a thief
//!   the newest, past idle or absolute life  expired, no token      stays as it is
//!   a token without our tag                 unknown, no token      stays as it is
//! ```
//!
//! The same successor without storing it: it is the HMAC of the token presented and of a
//! random number that the family keeps. Who has the database, but not the predecessor and
//! the master key, cannot compute it. So a client whose answer was lost asks again and gets
//! the token that it should have had, and two tabs that refresh at once get one token, not
//! two. Neither can log the other out.
//!
//! A token that the family never issued cannot end it, because its tag is wrong: the session
//! is named in every access token, and is no secret.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jot::UnixSeconds;
use zeroize::{Zeroize as _, Zeroizing};

use crate::master::MasterKey;
use crate::random::{self, Random};

/// The length of a session's name in bytes.
pub const SESSION_BYTES: usize = 16;

const SECRET_BYTES: usize = 32;
const TAG_BYTES: usize = 16;
const TAG: &str = "refresh tag";
const SUCCESSOR: &str = "refresh successor";
/// So many replacements are remembered, to tell a late retry from a theft.
const REMEMBERED: usize = 4;

/// A refresh token whose tag was right: this service made it.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    session: [u8; SESSION_BYTES],
    generation: u32,
    secret: Zeroizing<[u8; SECRET_BYTES]>,
}

impl std::fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RefreshToken").field("generation", &self.generation).finish_non_exhaustive()
    }
}

impl RefreshToken {
    /// Reads a token; `None` if this service did not make it.
    #[must_use]
    pub fn from_text(text: &str, master: &MasterKey) -> Option<Self> {
        let mut bytes = [0_u8; SESSION_BYTES + 4 + SECRET_BYTES + TAG_BYTES];
        let length = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
        let (session, rest) = bytes.get(..length)?.split_first_chunk::<SESSION_BYTES>()?;
        let (generation, rest) = rest.split_first_chunk::<4>()?;
        let (secret, tag) = rest.split_first_chunk::<SECRET_BYTES>()?;
        let token = Self {
            session: *session,
            generation: u32::from_be_bytes(*generation),
            secret: Zeroizing::new(*secret),
        };
        let right = token.tag(master);
        bytes.zeroize_after(
            aws_lc_rs::constant_time::verify_slices_are_equal(tag, &right).is_ok().then_some(token),
        )
    }

    /// Writes the token as the client keeps it: 91 characters.
    #[must_use]
    pub fn to_text(&self, master: &MasterKey) -> String {
        let parts: [&[u8]; 4] =
            [&self.session, &self.generation.to_be_bytes(), self.secret.as_slice(), &self.tag(master)];
        URL_SAFE_NO_PAD.encode(parts.concat())
    }

    /// Returns the session that the token belongs to.
    #[must_use]
    pub fn session(&self) -> [u8; SESSION_BYTES] {
        self.session
    }

    fn tag(&self, master: &MasterKey) -> [u8; TAG_BYTES] {
        let mac = master.mac(TAG, &[&self.session, &self.generation.to_be_bytes(), self.secret.as_slice()]);
        mac.first_chunk().copied().unwrap_or_default()
    }

    /// What the database keeps of it.
    fn hash(&self) -> [u8; 32] {
        let mut hash = [0; 32];
        for (to, from) in hash.iter_mut().zip(digest(&SHA256, self.secret.as_slice()).as_ref()) {
            *to = *from;
        }
        hash
    }

    fn successor(&self, nonce: &[u8; 16], master: &MasterKey) -> Self {
        let secret = Zeroizing::new(master.mac(SUCCESSOR, &[&self.session, self.secret.as_slice(), nonce]));
        Self { session: self.session, generation: self.generation.wrapping_add(1), secret }
    }
}

/// Wipes a buffer and passes a value on.
trait ZeroizeAfter {
    fn zeroize_after<T>(self, value: T) -> T;
}

impl<const N: usize> ZeroizeAfter for [u8; N] {
    fn zeroize_after<T>(mut self, value: T) -> T {
        self.zeroize();
        value
    }
}

/// How long refresh tokens live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// A session ends so long after the login, however it is used.
    pub absolute_seconds: u32,
    /// A token that nobody presents dies after so long.
    pub idle_seconds: u32,
    /// So long a replaced token gets the same successor again.
    pub grace_seconds: u32,
}

/// What the database keeps of a session's refresh tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// The number of the newest token.
    pub generation: u32,
    /// The hash of the newest token.
    pub newest: [u8; 32],
    /// What the newest was made with from its predecessor.
    pub nonce: [u8; 16],
    /// When the login was.
    pub started: UnixSeconds,
    /// When the last tokens were replaced, the latest first; at most four.
    pub replaced: Vec<i64>,
}

/// What comes of a presented token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presented {
    /// The newest: save `family` if its generation is still the old one, then hand out
    /// `successor`.
    Rotated {
        /// The family after it.
        family: Family,
        /// The new token.
        successor: RefreshToken,
    },
    /// Just replaced: hand out the same successor again; there is nothing to save.
    Repeated {
        /// The token that the replacement made.
        successor: RefreshToken,
    },
    /// Replaced more than once within the grace: no token, and no harm.
    Superseded,
    /// Replaced long ago: end the session.
    Reused,
    /// Past its life.
    Expired,
}

impl Family {
    /// Begins a family with its first token.
    pub fn begin(
        session: [u8; SESSION_BYTES],
        now: UnixSeconds,
        random: &mut dyn Random,
    ) -> (Self, RefreshToken) {
        let token = RefreshToken { session, generation: 0, secret: Zeroizing::new(random::bytes(random)) };
        let family =
            Self { generation: 0, newest: token.hash(), nonce: [0; 16], started: now, replaced: Vec::new() };
        (family, token)
    }

    /// Returns when the newest token dies if nobody presents it.
    #[must_use]
    pub fn expires_at(&self, lifetimes: &Lifetimes) -> UnixSeconds {
        let last = self.replaced.first().copied().unwrap_or(self.started.0);
        let idle = last.saturating_add(lifetimes.idle_seconds.into());
        UnixSeconds(idle.min(self.started.0.saturating_add(lifetimes.absolute_seconds.into())))
    }

    /// Decides about a token of this session.
    pub fn present(
        &self,
        token: &RefreshToken,
        lifetimes: &Lifetimes,
        now: UnixSeconds,
        master: &MasterKey,
        random: &mut dyn Random,
    ) -> Presented {
        if now.0 >= self.expires_at(lifetimes).0 {
            return Presented::Expired;
        }
        let Some(age) = self.generation.checked_sub(token.generation) else {
            // A database that was set back to a copy: the newest token is from its future.
            return Presented::Reused;
        };
        if age == 0 {
            return self.rotate(token, now, master, random);
        }
        let since = usize::try_from(age).ok().and_then(|age| self.replaced.get(age.saturating_sub(1)));
        let in_grace = since.is_some_and(|at| now.0 < at.saturating_add(lifetimes.grace_seconds.into()));
        if !in_grace {
            return Presented::Reused;
        }
        let successor = token.successor(&self.nonce, master);
        if age == 1 && is_same(&successor.hash(), &self.newest) {
            return Presented::Repeated { successor };
        }
        Presented::Superseded
    }

    fn rotate(
        &self,
        token: &RefreshToken,
        now: UnixSeconds,
        master: &MasterKey,
        random: &mut dyn Random,
    ) -> Presented {
        if !is_same(&token.hash(), &self.newest) {
            // Ours, of this generation, and not the newest: of a database set back to a copy.
            return Presented::Reused;
        }
        let nonce = random::bytes(random);
        let successor = token.successor(&nonce, master);
        let replaced = std::iter::once(now.0).chain(self.replaced.iter().copied()).take(REMEMBERED).collect();
        let (generation, newest) = (successor.generation, successor.hash());
        Presented::Rotated {
            family: Self { generation, newest, nonce, started: self.started, replaced },
            successor,
        }
    }
}

fn is_same(one: &[u8], other: &[u8]) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(one, other).is_ok()
}

#[cfg(test)]
mod tests;
