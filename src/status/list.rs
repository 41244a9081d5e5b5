//! One status list.

use super::inflate::inflate;
use crate::base64url;
use crate::claims::Claims;
use crate::error::{Code, Error, Rejection};
#[cfg(feature = "capi")]
use crate::json;
use crate::json::{Object, Value};
#[cfg(feature = "capi")]
use crate::time::{NumericDate, UnixSeconds};

/// What a status list says about a token.
///
/// ```
/// use jot::TokenStatus;
///
/// fn describe(status: TokenStatus) -> String {
///     match status {
///         TokenStatus::Valid => "valid".to_owned(),
///         TokenStatus::Invalid => "revoked for good".to_owned(),
///         TokenStatus::Suspended => "suspended for now".to_owned(),
///         TokenStatus::Other(value) => format!("what the application means by {value}"),
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenStatus {
    /// 0x00.
    Valid,
    /// 0x01: revoked, for good.
    Invalid,
    /// 0x02: invalid for the time being.
    Suspended,
    /// Application specific, or not registered yet.
    Other(u8),
}

impl From<u8> for TokenStatus {
    fn from(value: u8) -> Self {
        match value {
            0 => Self::Valid,
            1 => Self::Invalid,
            2 => Self::Suspended,
            other => Self::Other(other),
        }
    }
}

/// The statuses of many tokens, which an issuer serves as a signed JWT at a URI: a Token
/// Status List (draft-ietf-oauth-status-list). A token names the URI and its own index.
///
/// ```
/// use jot::{Alg, Code, KeySet, Policy, Scratch, SignHeader, Signer, SigningKey, StatusList, TokenStatus, UnixSeconds, Verifier};
///
/// let signer = Signer::new(SigningKey::generate(Alg::ES256)?);
/// let keys = KeySet::new([signer.key().verifying_key()?]);
/// // What the issuer serves at the URI, with 16 tokens of one bit each.
/// let claims = r#"{"sub":"https://issuer.example/status/1","iat":1000,"exp":2000,"ttl":60,
///     "status_list":{"bits":1,"lst":"eNrbuRgAAhcBXQ"}}"#;
/// let list = signer.sign_claims_with(&SignHeader::default().typ(StatusList::TYP), claims)?;
///
/// let now = UnixSeconds(1500);
/// let mut scratch = Scratch::new();
/// let lists = Verifier::builder(Policy::status_list([Alg::ES256])).keys(keys.clone()).build()?;
/// let list = StatusList::from_claims(&lists.verify(&list, now, &mut scratch)?.claims(), 1 << 20)?;
/// assert_eq!((list.status(1), list.status(3)), (Some(TokenStatus::Valid), Some(TokenStatus::Invalid)));
///
/// let verifier = Verifier::builder(Policy::new([Alg::ES256]).require_status()).keys(keys).build()?;
/// verifier.set_status_list(list)?;
/// let token = signer.sign_claims(
///     r#"{"exp":2000,"status":{"status_list":{"idx":3,"uri":"https://issuer.example/status/1"}}}"#,
/// )?;
/// assert_eq!(verifier.verdict(&token, now, &mut scratch).code(), Code::StatusRevoked);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusList {
    uri: Box<str>,
    content: Content,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Content {
    Entries {
        bits: Bits,
        bytes: Box<[u8]>,
    },
    /// There is no list: tokens that name it are rejected with this code.
    Absent(Code),
    /// There is no list, and tokens that name it pass.
    Unchecked,
}

/// How many bits an entry has, so that none lies in two bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bits {
    One,
    Two,
    Four,
    Eight,
}

impl Bits {
    const fn from_number(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::One),
            2 => Some(Self::Two),
            4 => Some(Self::Four),
            8 => Some(Self::Eight),
            _ => None,
        }
    }

    const fn width(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Four => 4,
            Self::Eight => 8,
        }
    }

    /// Returns how many entries a byte has, as a power of two.
    const fn log_per_byte(self) -> u32 {
        match self {
            Self::One => 3,
            Self::Two => 2,
            Self::Four => 1,
            Self::Eight => 0,
        }
    }

    /// Returns the entry at this place of a byte, counted from its least significant bit.
    const fn of_byte(self, byte: u8, place: u64) -> u8 {
        let (last_place, mask) = match self {
            Self::One => (7, 0b1),
            Self::Two => (3, 0b11),
            Self::Four => (1, 0b1111),
            Self::Eight => (0, 0xff),
        };
        let below = ((place & last_place) as u32).wrapping_mul(self.width() as u32);
        byte.wrapping_shr(below) & mask
    }
}

impl StatusList {
    /// The `typ` of a signed list; its media type is `application/statuslist+jwt`.
    pub const TYP: &'static str = "statuslist+jwt";

    /// Reads the claims of a signed list that was verified with
    /// [`Policy::status_list`](crate::Policy::status_list). Its URI is the `sub`.
    ///
    /// # Errors
    /// [`Code::StatusListInvalid`] with the member that is malformed;
    /// [`Code::StatusListTooLong`] if there are more than `most_entries`, which bounds the
    /// memory, too.
    pub fn from_claims(claims: &Claims<'_>, most_entries: usize) -> Result<Self, Error> {
        Self::from_object(claims.as_object(), most_entries)
    }

    /// Reads the text of a Claims Set, for callers that have no [`Claims`], and its `exp`.
    #[cfg(feature = "capi")]
    pub(crate) fn from_claims_text(
        text: &[u8],
        most_entries: usize,
    ) -> Result<(Self, Option<UnixSeconds>), Error> {
        let mut storage = json::Storage::default();
        let malformed = |fault: json::Fault| Error::at(Code::StatusListInvalid, fault.offset);
        let claims = json::parse(text, &mut storage).map_err(malformed)?;
        let date = |exp: Value<'_>| exp.as_number().and_then(|exp| exp.as_date());
        let undated = Error::of_member(Code::StatusListInvalid, "exp");
        let end = claims.member("exp").map(|exp| date(exp).map(NumericDate::floor).ok_or(undated));
        Ok((Self::from_object(claims, most_entries)?, end.transpose()?))
    }

    fn from_object(claims: Object<'_>, most_entries: usize) -> Result<Self, Error> {
        let malformed = |member| Error::of_member(Code::StatusListInvalid, member);
        let uri = claims.member("sub").and_then(|uri| uri.as_str());
        let uri = uri.filter(|uri| !uri.is_empty()).ok_or(malformed("sub"))?;
        // "The value of the claim MUST be a positive number".
        let is_positive = |ttl: Value<'_>| ttl.as_number().is_some_and(|ttl| ttl.as_f64() > 0.0);
        if !claims.member("ttl").is_none_or(is_positive) {
            return Err(malformed("ttl"));
        }
        let list = claims.member("status_list").and_then(|list| list.as_object());
        let list = list.ok_or(malformed("status_list"))?;
        let bits = list.member("bits").and_then(|bits| bits.as_number()).and_then(|bits| bits.as_i64());
        let bits = bits.and_then(Bits::from_number).ok_or(malformed("bits"))?;
        let text = list.member("lst").and_then(|lst| lst.as_str()).ok_or(malformed("lst"))?;
        let compressed = base64url::decode(text.as_bytes()).map_err(|_| malformed("lst"))?;
        let most_bytes = most_entries.saturating_mul(usize::from(bits.width())).div_ceil(8);
        let bytes = inflate(&compressed, most_bytes).map_err(|code| Error::of_member(code, "lst"))?;
        Ok(Self { uri: uri.into(), content: Content::Entries { bits, bytes } })
    }

    /// Makes the place of a list that has not been fetched yet: tokens that name it are
    /// rejected with [`Code::StatusListNotYet`], which an HTTP server answers with 503.
    ///
    /// ```
    /// use jot::{Alg, Code, KeySet, Policy, Scratch, Signer, SigningKey, StatusList, UnixSeconds, Verifier};
    ///
    /// let signer = Signer::new(SigningKey::generate(Alg::ES256)?);
    /// let keys = KeySet::new([signer.key().verifying_key()?]);
    /// let verifier = Verifier::builder(Policy::new([Alg::ES256]).check_status()).keys(keys).build()?;
    /// let token = signer.sign_claims(r#"{"exp":2000,"status":{"status_list":{"idx":3,"uri":"https://a/1"}}}"#)?;
    /// verifier.set_status_list(StatusList::not_yet("https://a/1"))?;
    /// let code = verifier.verdict(&token, UnixSeconds(1000), &mut Scratch::new()).code();
    /// assert_eq!((code, code.http_status()), (Code::StatusListNotYet, 503));
    /// # Ok::<(), jot::Error>(())
    /// ```
    #[must_use]
    pub fn not_yet(uri: &str) -> Self {
        Self { uri: uri.into(), content: Content::Absent(Code::StatusListNotYet) }
    }

    /// Makes the place of a list that is too old. It works like [`not_yet`](Self::not_yet),
    /// with [`Code::StatusListStale`].
    #[must_use]
    pub fn stale(uri: &str) -> Self {
        Self { uri: uri.into(), content: Content::Absent(Code::StatusListStale) }
    }

    /// Makes the place of a list without which tokens pass.
    pub(crate) fn unchecked(uri: &str) -> Self {
        Self { uri: uri.into(), content: Content::Unchecked }
    }

    /// Returns the URI by which tokens name the list.
    #[must_use]
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// Returns the number of entries, with those that fill up the last byte.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.content {
            Content::Entries { bits, bytes } => {
                bytes.len().saturating_mul(1_usize.wrapping_shl(bits.log_per_byte()))
            }
            Content::Absent(_) | Content::Unchecked => 0,
        }
    }

    /// Returns `true` if there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the status of the token with this index, if the list has it.
    #[must_use]
    pub fn status(&self, index: u64) -> Option<TokenStatus> {
        let Content::Entries { bits, bytes } = &self.content else { return None };
        let byte = usize::try_from(index.wrapping_shr(bits.log_per_byte())).ok()?;
        bytes.get(byte).map(|byte| bits.of_byte(*byte, index).into())
    }

    /// Returns the code of a token with this index, which is good otherwise:
    /// [`Code::Accepted`], [`Code::StatusRevoked`] to [`Code::StatusInvalid`],
    /// [`Code::StatusListNotYet`] or [`Code::StatusListStale`]. For audits; a
    /// [`Verifier`](crate::Verifier) looks by itself.
    #[must_use]
    pub fn code(&self, index: u64) -> Code {
        match (&self.content, self.status(index)) {
            (Content::Unchecked, _) | (_, Some(TokenStatus::Valid)) => Code::Accepted,
            (Content::Absent(code), _) => *code,
            (_, Some(TokenStatus::Invalid)) => Code::StatusRevoked,
            (_, Some(TokenStatus::Suspended)) => Code::StatusSuspended,
            (_, Some(TokenStatus::Other(_))) => Code::StatusOther,
            // "no statement about the status of the Referenced Token can be made and the
            // Referenced Token MUST be rejected."
            (Content::Entries { .. }, None) => Code::StatusInvalid,
        }
    }

    /// # Errors
    /// The code of the token, unless that is [`Code::Accepted`].
    pub(super) fn check(&self, index: u64) -> Result<(), Rejection> {
        match (self.code(index), &self.content) {
            (Code::Accepted, _) => Ok(()),
            (code, Content::Absent(_)) => Err(Rejection::new(code)),
            (code, _) => Err(Rejection::of_claim(code, "status")),
        }
    }
}
