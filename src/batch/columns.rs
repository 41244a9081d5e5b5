//! The columns that a batch fills.

use super::key_state::KeyState;
use crate::claims::Claims;
use crate::error::{Code, Error};
use crate::jws::HeaderNames;
use crate::time::{NumericDate, UnixSeconds};
use crate::verifier::{Outcome, Verifier};

bitflags::bitflags! {
    /// The bits of [`Columns::flags`].
    ///
    /// ```
    /// use jot::batch::Flags;
    ///
    /// let flags = Flags::from_bits_retain(9); // an element of the column
    /// assert!(flags.contains(Flags::SIGNATURE_OK) && !flags.contains(Flags::REPEATED));
    /// assert_eq!(flags, Flags::SIGNATURE_OK | Flags::HAS_EXP);
    /// ```
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct Flags: u8 {
        /// The signature held, even if the claims did not meet the policy.
        const SIGNATURE_OK = 1;
        /// The verifier's cache held the token.
        const FROM_CACHE = 2;
        /// An earlier row has the same token.
        const REPEATED = 4;
        /// `expires_at` holds the token's `exp`.
        const HAS_EXP = 8;
        /// `not_before` holds the token's `nbf`.
        const HAS_NBF = 16;
        /// `issued_at` holds the token's `iat`.
        const HAS_IAT = 32;
    }
}

/// A function that receives the claims of a batch's tokens, with the first row of each
/// token. Threads call it concurrently.
///
/// ```
/// use jot::Claims;
/// use jot::batch::{Columns, EachClaims};
///
/// let show = |row: usize, claims: &Claims<'_>| println!("{row}: {:?}", claims.subject());
/// let each: EachClaims<'_> = &show;
/// let mut codes = [0; 2];
/// let mut columns = Columns::codes(&mut codes);
/// columns.claims = Some(each);
/// ```
pub type EachClaims<'c> = &'c (dyn Fn(usize, &Claims<'_>) + Sync);

/// Receives the names in the header of each distinct token: the token's first row, and
/// the names. Threads call it concurrently.
///
/// ```
/// use jot::batch::{Columns, EachHeader, HeaderNames};
///
/// let show = |row: usize, header: &HeaderNames<'_>| println!("{row}: {:?}", header.kid());
/// let each: EachHeader<'_> = &show;
/// let mut codes = [0; 2];
/// let mut columns = Columns::codes(&mut codes);
/// columns.unverified_header = Some(each);
/// ```
pub type EachHeader<'c> = &'c (dyn Fn(usize, &HeaderNames<'_>) + Sync);

/// The caller's columns, with one element for each row. A batch writes those that are
/// there.
///
/// ```
/// use jot::batch::{Batch, Columns, Flags, Instants, Tokens};
/// use jot::{Alg, KeySet, Policy, Signer, SigningKey, UnixSeconds, Verifier};
///
/// let signer = Signer::new(SigningKey::generate(Alg::HS256)?);
/// let policy = Policy::new([Alg::HS256]);
/// let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
/// let token = signer.sign_claims(r#"{"exp":1798761600}"#)?;
/// let rows: [&[u8]; 2] = [token.as_bytes(), token.as_bytes()];
///
/// let (mut codes, mut flags, mut expires_at) = ([0; 2], [0; 2], [0; 2]);
/// let mut columns = Columns::codes(&mut codes);
/// columns.flags = Some(&mut flags);
/// columns.expires_at = Some(&mut expires_at);
/// let now = Instants::Now(UnixSeconds(1_798_761_600));
/// Batch::new(1)?.verify(&verifier, &Tokens::Slices(&rows), now, &mut columns)?;
///
/// assert_eq!((codes, expires_at), ([692; 2], [1_798_761_600; 2])); // expired
/// let good = Flags::SIGNATURE_OK | Flags::HAS_EXP;
/// assert_eq!(flags.map(Flags::from_bits_retain), [good, good | Flags::REPEATED]);
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Default)]
#[non_exhaustive]
pub struct Columns<'c> {
    /// The number of the code; 0 is accepted.
    pub codes: &'c mut [u32],
    /// The bits of [`Flags`].
    pub flags: Option<&'c mut [u8]>,
    /// The index of the issuer whose key verified; `u32::MAX` if none did.
    pub issuer_index: Option<&'c mut [u32]>,
    /// The index of the key within its set; `u32::MAX` if none verified.
    pub key_index: Option<&'c mut [u32]>,
    /// The whole seconds of `exp`, rounded towards the past; 0 if unknown.
    pub expires_at: Option<&'c mut [i64]>,
    /// The whole seconds of `nbf`, rounded towards the past; 0 if unknown.
    pub not_before: Option<&'c mut [i64]>,
    /// The whole seconds of `iat`, rounded towards the past; 0 if unknown.
    pub issued_at: Option<&'c mut [i64]>,
    /// The first row with the same token, which may be the row itself; `u32::MAX` for a
    /// null.
    pub first_row: Option<&'c mut [u32]>,
    /// The number of the [`KeyState`]; 0 if there is none, or if it depends on an instant
    /// that is unknown.
    pub key_state: Option<&'c mut [u8]>,
    /// 1 if the dates of the token and of its key were met, 0 if not,
    /// [`TIME_UNKNOWN`](Self::TIME_UNKNOWN) if the token was rejected before its dates
    /// were checked, or if its instant is unknown.
    pub time_ok: Option<&'c mut [u8]>,
    /// The row's instant minus `expires_at` for [`Code::Expired`]; otherwise 0.
    pub expired_by_seconds: Option<&'c mut [i64]>,
    /// Called once for each distinct token, accepted or not, with the names in its
    /// header. They are unverified unless the signature held.
    pub unverified_header: Option<EachHeader<'c>>,
    /// Called once for each distinct token whose signature held and whose payload is a
    /// Claims Set, accepted or not. Tokens in the verifier's cache are then decoded
    /// too.
    pub claims: Option<EachClaims<'c>>,
}

impl<'c> Columns<'c> {
    /// In [`time_ok`](Self::time_ok): the dates were not checked.
    pub const TIME_UNKNOWN: u8 = 2;

    /// Makes columns with only the codes.
    ///
    /// ```
    /// use jot::batch::Columns;
    ///
    /// let mut codes = vec![0; 1000];
    /// let columns = Columns::codes(&mut codes);
    /// assert!(columns.flags.is_none());
    /// ```
    #[must_use]
    pub fn codes(codes: &'c mut [u32]) -> Self {
        Self { codes, ..Self::default() }
    }

    pub(super) fn check(&self, rows: usize) -> Result<(), Error> {
        let fits = |length: Option<usize>| length.is_none_or(|length| length == rows);
        let all = [
            Some(self.codes.len()),
            self.flags.as_ref().map(|column| column.len()),
            self.issuer_index.as_ref().map(|column| column.len()),
            self.key_index.as_ref().map(|column| column.len()),
            self.expires_at.as_ref().map(|column| column.len()),
            self.not_before.as_ref().map(|column| column.len()),
            self.issued_at.as_ref().map(|column| column.len()),
            self.first_row.as_ref().map(|column| column.len()),
            self.key_state.as_ref().map(|column| column.len()),
            self.time_ok.as_ref().map(|column| column.len()),
            self.expired_by_seconds.as_ref().map(|column| column.len()),
        ];
        if all.into_iter().all(fits) { Ok(()) } else { Err(Error::of_member(Code::BatchInvalid, "columns")) }
    }

    /// Fills a row from its token's outcome, or as a null without one. Returns `true`
    /// if the token is accepted at `now`, the row's instant if it is known.
    pub(super) fn fill(
        &mut self,
        row: usize,
        outcome: Option<&Outcome>,
        verifier: &Verifier,
        now: Option<UnixSeconds>,
        first: Option<u32>,
    ) -> bool {
        let outcome = outcome.unwrap_or(&Outcome::NULL);
        let code = outcome.code_at(verifier, now);
        let dates = outcome.dates;
        let flags = [
            (outcome.signature_ok, Flags::SIGNATURE_OK),
            (outcome.from_cache, Flags::FROM_CACHE),
            (first.is_some_and(|first| first as usize != row), Flags::REPEATED),
            (dates.expires_at.is_some(), Flags::HAS_EXP),
            (dates.not_before.is_some(), Flags::HAS_NBF),
            (dates.issued_at.is_some(), Flags::HAS_IAT),
        ];
        let flags = flags.into_iter().filter(|flag| flag.0).map(|flag| flag.1).collect::<Flags>();
        let seconds = |date: Option<NumericDate>| date.map_or(0, |date| date.floor().0);
        put(Some(&mut *self.codes), row, code.number());
        put(self.flags.as_deref_mut(), row, flags.bits());
        put(self.issuer_index.as_deref_mut(), row, outcome.key.map_or(u32::MAX, |key| key.issuer_index));
        put(self.key_index.as_deref_mut(), row, outcome.key.map_or(u32::MAX, |key| key.key_index));
        put(self.expires_at.as_deref_mut(), row, seconds(dates.expires_at));
        put(self.not_before.as_deref_mut(), row, seconds(dates.not_before));
        put(self.issued_at.as_deref_mut(), row, seconds(dates.issued_at));
        put(self.first_row.as_deref_mut(), row, first.unwrap_or(u32::MAX));
        if let Some(column) = self.key_state.as_deref_mut() {
            put(Some(column), row, key_state(outcome, code, now).map_or(0, KeyState::number));
        }
        put(self.time_ok.as_deref_mut(), row, time_ok(code));
        if let Some(column) = self.expired_by_seconds.as_deref_mut() {
            let end = dates.expires_at.filter(|_| code == Code::Expired);
            let late = |(now, end): (UnixSeconds, NumericDate)| now.0.saturating_sub(end.floor().0);
            put(Some(column), row, now.zip(end).map_or(0, late));
        }
        code == Code::Accepted
    }
}

impl std::fmt::Debug for Columns<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Columns").field("rows", &self.codes.len()).finish_non_exhaustive()
    }
}

/// Returns the state of the verifying key, or that no key has the `kid`.
fn key_state(outcome: &Outcome, code: Code, now: Option<UnixSeconds>) -> Option<KeyState> {
    match (outcome.key, now) {
        (Some(_), Some(now)) => Some(KeyState::of_verified(code, &outcome.key_interval, now)),
        (Some(_), None) => outcome.key_interval.is_always().then_some(KeyState::Active),
        (None, _) => (code == Code::KidUnknown).then_some(KeyState::Unknown),
    }
}

const fn time_ok(code: Code) -> u8 {
    match code {
        Code::Accepted => 1,
        Code::KeyNotYetValid
        | Code::KeyRetired
        | Code::IssuedInFuture
        | Code::TooOld
        | Code::NotYetValid
        | Code::Expired => 0,
        _ => Columns::TIME_UNKNOWN,
    }
}

#[inline]
fn put<T>(column: Option<&mut [T]>, row: usize, value: T) {
    if let Some(place) = column.and_then(|column| column.get_mut(row)) {
        *place = value;
    }
}
