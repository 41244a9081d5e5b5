//! Claims of a batch's tokens, kept to show them next to the verdicts.

use std::ops::Range;

use crate::claims::Claims;
use crate::error::Error;

/// A registered claim whose value is a string (RFC 7519 §4.1).
///
/// ```
/// use jot::batch::TextClaim;
///
/// assert_eq!(TextClaim::ALL.map(TextClaim::name), ["iss", "sub", "jti"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TextClaim {
    /// `iss`.
    Issuer,
    /// `sub`.
    Subject,
    /// `jti`.
    JwtId,
}

impl TextClaim {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Issuer, Self::Subject, Self::JwtId];

    /// Returns the Claim Name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Issuer => "iss",
            Self::Subject => "sub",
            Self::JwtId => "jti",
        }
    }

    fn of<'c>(self, claims: &Claims<'c>) -> Option<&'c str> {
        match self {
            Self::Issuer => claims.issuer(),
            Self::Subject => claims.subject(),
            Self::JwtId => claims.jwt_id(),
        }
    }
}

/// The texts of some claims of a batch, by the first row of their token.
/// [`Columns::claims`](crate::batch::Columns::claims) passes the claims to it, and
/// [`Columns::first_row`](crate::batch::Columns::first_row) finds them for each row.
///
/// It takes 72 bytes for each row and the texts of each distinct token, and can be
/// reused.
///
/// ```
/// use std::sync::{Mutex, PoisonError};
///
/// use jot::batch::{Batch, ClaimTexts, Columns, Instants, TextClaim};
/// use jot::{Alg, Claims, KeySet, Policy, Signer, SigningKey};
/// use jot::batch::Tokens;
/// use jot::{UnixSeconds, Verifier};
///
/// let signer = Signer::new(SigningKey::generate(Alg::HS256)?);
/// let verifier = Verifier::builder(Policy::new([Alg::HS256]))
///     .keys(KeySet::new([signer.key().verifying_key()?]))
///     .build()?;
/// let token = signer.sign_claims(br#"{"sub":"alice","exp":1}"#)?; // expired, and signed all the same
/// let rows: [&[u8]; 3] = [b"garbage", token.as_bytes(), token.as_bytes()];
///
/// let mut texts = ClaimTexts::default();
/// texts.start(rows.len(), &[TextClaim::Subject])?;
/// let texts = Mutex::new(texts); // threads share it
/// let keep = |row: usize, claims: &Claims<'_>| {
///     texts.lock().unwrap_or_else(PoisonError::into_inner).keep(row, claims);
/// };
/// let (mut codes, mut firsts) = ([0; 3], [0; 3]);
/// let mut columns = Columns::codes(&mut codes);
/// columns.first_row = Some(&mut firsts);
/// columns.claims = Some(&keep);
/// let now = Instants::Now(UnixSeconds(1_800_000_000));
/// Batch::new(1)?.verify(&verifier, &Tokens::Slices(&rows), now, &mut columns)?;
///
/// let texts = texts.into_inner().unwrap_or_else(PoisonError::into_inner);
/// let subjects = firsts.map(|first| texts.text(first as usize, TextClaim::Subject));
/// assert_eq!(subjects, [None, Some("alice"), Some("alice")]);
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct ClaimTexts {
    claims: Vec<TextClaim>,
    text: String,
    rows: Vec<[Option<Range<usize>>; 3]>,
}

impl ClaimTexts {
    /// Clears the texts, reserves memory for `rows` rows, and keeps these claims from
    /// now on.
    ///
    /// # Errors
    /// [`Code::MemoryMissing`](crate::Code::MemoryMissing); there are no rows then.
    pub fn start(&mut self, rows: usize, claims: &[TextClaim]) -> Result<(), Error> {
        self.claims.clear();
        self.claims.extend_from_slice(claims);
        self.text.clear();
        self.rows.clear();
        self.rows.try_reserve(rows)?;
        self.rows.resize(rows, [const { None }; 3]);
        Ok(())
    }

    /// Keeps the claims of a token that are strings. A row beyond those of
    /// [`start`](Self::start) is ignored.
    pub fn keep(&mut self, row: usize, claims: &Claims<'_>) {
        let Some(places) = self.rows.get_mut(row) else { return };
        for claim in &self.claims {
            if let (Some(place), Some(value)) = (places.get_mut(*claim as usize), claim.of(claims)) {
                let start = self.text.len();
                self.text.push_str(value);
                *place = Some(start..self.text.len());
            }
        }
    }

    /// Returns a claim of the token whose first row this is; `None` if it is not a
    /// string, was not kept, or the signature does not hold.
    #[must_use]
    pub fn text(&self, row: usize, claim: TextClaim) -> Option<&str> {
        let place = self.rows.get(row)?.get(claim as usize)?;
        self.text.get(place.clone()?)
    }
}
