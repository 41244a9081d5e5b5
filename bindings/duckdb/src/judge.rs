//! Tokens and their times in, the columns of an audit out.

use std::sync::{Mutex, PoisonError};

use jot::backend::BackendNews;
use jot::batch::{
    Batch, ClaimTexts, Columns, Flags, HeaderNames, HeaderTexts, Instants, KeyState, TextClaim, Tokens,
};
use jot::{Claims, Code, Verifier};

/// A column of the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Integer,
    Bigint,
    Boolean,
    Text,
}

/// A value of the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'v> {
    Integer(i32),
    Bigint(Option<i64>),
    Boolean(Option<bool>),
    Text(Option<&'v str>),
}

/// The columns of a verdict, which are those of `jotctl audit`.
pub(crate) const COLUMNS: [(&str, Kind); 14] = [
    ("used_at", Kind::Bigint),
    ("code", Kind::Integer),
    ("name", Kind::Text),
    ("signature_ok", Kind::Boolean),
    ("time_ok", Kind::Boolean),
    ("valid_at_use", Kind::Boolean),
    ("expired_by_seconds", Kind::Bigint),
    ("expires_at", Kind::Bigint),
    ("alg", Kind::Text),
    ("kid", Kind::Text),
    ("issuer", Kind::Text),
    ("subject", Kind::Text),
    ("jti", Kind::Text),
    ("key_state", Kind::Text),
];

/// Returns why verdicts so far are not to be relied on, once in this process for each thing that was
/// found wrong: of what accelerated code accepted, aws-lc saw only a sample.
pub(crate) fn doubt() -> Option<String> {
    static NEWS: BackendNews = BackendNews::new();
    let line = NEWS.take()?;
    Some(format!("{line}: do not rely on verdicts of earlier queries, and run this one again"))
}

/// The memory of a batch, which is used again and again.
pub(crate) struct Judge {
    batch: Batch,
    claims: Mutex<ClaimTexts>,
    headers: Mutex<HeaderTexts>,
    codes: Vec<u32>,
    flags: Vec<u8>,
    first_row: Vec<u32>,
    expires_at: Vec<i64>,
    expired_by: Vec<i64>,
    time_ok: Vec<u8>,
    key_state: Vec<u8>,
}

impl Judge {
    /// Makes one that works in the calling thread.
    pub(crate) fn new() -> Result<Self, jot::Error> {
        Ok(Self {
            batch: Batch::new(1)?,
            claims: Mutex::default(),
            headers: Mutex::default(),
            codes: Vec::new(),
            flags: Vec::new(),
            first_row: Vec::new(),
            expires_at: Vec::new(),
            expired_by: Vec::new(),
            time_ok: Vec::new(),
            key_state: Vec::new(),
        })
    }

    /// Judges each token at its time; a null time is one that is unknown.
    pub(crate) fn judge(
        &mut self,
        verifier: &Verifier,
        tokens: &[Option<&[u8]>],
        times: &[Option<i64>],
    ) -> Result<(), jot::Error> {
        let rows = tokens.len();
        let Self {
            batch,
            claims,
            headers,
            codes,
            flags,
            first_row,
            expires_at,
            expired_by,
            time_ok,
            key_state,
        } = self;
        claims.get_mut().unwrap_or_else(PoisonError::into_inner).start(rows, &TextClaim::ALL)?;
        headers.get_mut().unwrap_or_else(PoisonError::into_inner).start(rows)?;
        codes.resize(rows, 0);
        flags.resize(rows, 0);
        first_row.resize(rows, 0);
        expires_at.resize(rows, 0);
        expired_by.resize(rows, 0);
        time_ok.resize(rows, 0);
        key_state.resize(rows, 0);
        let (claims, headers) = (&*claims, &*headers);
        let keep_claims = |row: usize, found: &Claims<'_>| {
            claims.lock().unwrap_or_else(PoisonError::into_inner).keep(row, found);
        };
        let keep_names = |row: usize, names: &HeaderNames<'_>| {
            headers.lock().unwrap_or_else(PoisonError::into_inner).keep(row, names);
        };
        let mut columns = Columns::codes(codes);
        columns.flags = Some(flags);
        columns.first_row = Some(first_row);
        columns.expires_at = Some(expires_at);
        columns.expired_by_seconds = Some(expired_by);
        columns.time_ok = Some(time_ok);
        columns.key_state = Some(key_state);
        columns.claims = Some(&keep_claims);
        columns.unverified_header = Some(&keep_names);
        let tokens = Tokens::OptionalSlices(tokens);
        batch.verify(verifier, &tokens, Instants::AsOfKnown(times), &mut columns).map(|_| ())
    }

    /// Passes the verdict of a row, in the order of [`COLUMNS`].
    pub(crate) fn row(&mut self, row: usize, used_at: Option<i64>, mut tell: impl FnMut(usize, Value<'_>)) {
        let claims = self.claims.get_mut().unwrap_or_else(PoisonError::into_inner);
        let headers = self.headers.get_mut().unwrap_or_else(PoisonError::into_inner);
        let number = self.codes.get(row).copied().unwrap_or_default();
        let code = Code::from_number(number).unwrap_or(Code::Internal);
        let flags = Flags::from_bits_truncate(self.flags.get(row).copied().unwrap_or_default());
        let first = self.first_row.get(row).map_or(usize::MAX, |first| *first as usize);
        let names = headers.names(first);
        let time_ok = match self.time_ok.get(row) {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        };
        let expires_at = self.expires_at.get(row).filter(|_| flags.contains(Flags::HAS_EXP));
        let expired_by = self.expired_by.get(row).filter(|_| code == Code::Expired);
        let key_state = self.key_state.get(row).and_then(|state| KeyState::from_number(*state));
        let values = [
            Value::Bigint(used_at),
            Value::Integer(i32::try_from(code.number()).unwrap_or(i32::MAX)),
            Value::Text(Some(code.name())),
            Value::Boolean(Some(flags.contains(Flags::SIGNATURE_OK))),
            Value::Boolean(time_ok),
            Value::Boolean(Some(code == Code::Accepted)),
            Value::Bigint(expired_by.copied()),
            Value::Bigint(expires_at.copied()),
            Value::Text(names.alg()),
            Value::Text(names.kid()),
            Value::Text(claims.text(first, TextClaim::Issuer)),
            Value::Text(claims.text(first, TextClaim::Subject)),
            Value::Text(claims.text(first, TextClaim::JwtId)),
            Value::Text(key_state.map(KeyState::name)),
        ];
        for (place, value) in values.into_iter().enumerate() {
            tell(place, value);
        }
    }
}
