//! What the headers of a batch's tokens name, kept to be shown beside their
//! verdicts.

use std::ops::Range;

use crate::error::Error;
use crate::jws::HeaderNames;

/// A row of which nothing was kept.
const NOTHING: u32 = u32::MAX;

/// How many headers are looked back for one that names the same.
const RECENT: usize = 8;

/// The `alg` and `kid` of the headers of a batch, found by the first row that has
/// their token: what [`Columns::unverified_header`](crate::batch::Columns::unverified_header)
/// hands out and [`Columns::first_row`](crate::batch::Columns::first_row) finds again.
///
/// It takes 4 bytes for each row, and what differs from the headers before. It is
/// used again and again. [`ClaimTexts`](crate::batch::ClaimTexts) shows how.
///
/// ```
/// use std::sync::Mutex;
///
/// use jot::batch::{Batch, Columns, HeaderNames, HeaderTexts, Instants, Tokens};
/// # use jot::{Alg, KeySet, Policy, SigningKey, UnixSeconds, Verifier};
/// # let keys = KeySet::new([SigningKey::generate(Alg::HS256)?.verifying_key()?]);
/// # let verifier = Verifier::builder(Policy::new([Alg::HS256])).keys(keys).build()?;
///
/// let rows: [&[u8]; 1] = [b"eyJhbGciOiJIUzI1NiIsImtpZCI6Im9sZCJ9.e30."]; // {"alg":"HS256","kid":"old"}
/// let mut texts = HeaderTexts::default();
/// texts.start(rows.len())?;
/// let texts = Mutex::new(texts); // threads share it
/// let keep = |row: usize, header: &HeaderNames<'_>| texts.lock().unwrap().keep(row, header);
/// let mut codes = [0];
/// let mut columns = Columns::codes(&mut codes);
/// columns.unverified_header = Some(&keep);
/// let now = Instants::Now(UnixSeconds(0));
/// Batch::new(1)?.verify(&verifier, &Tokens::Slices(&rows), now, &mut columns)?;
/// assert_eq!(texts.into_inner().unwrap().names(0).kid(), Some("old"));
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct HeaderTexts {
    text: String,
    names: Vec<Names>,
    /// Which of `names` a row has, or [`NOTHING`].
    rows: Vec<u32>,
}

/// Where the names of a header are in the text.
#[derive(Debug)]
struct Names {
    alg: Option<Range<usize>>,
    kid: Option<Range<usize>>,
}

impl HeaderTexts {
    /// Makes room for so many rows and forgets what was.
    ///
    /// # Errors
    /// [`Code::MemoryMissing`](crate::Code::MemoryMissing); there is no row then.
    pub fn start(&mut self, rows: usize) -> Result<(), Error> {
        self.text.clear();
        self.names.clear();
        self.rows.clear();
        self.rows.try_reserve(rows)?;
        self.rows.resize(rows, NOTHING);
        Ok(())
    }

    /// Keeps what the header of a token names; nothing for a row that there is no
    /// room for.
    pub fn keep(&mut self, row: usize, header: &HeaderNames<'_>) {
        if row >= self.rows.len() {
            return;
        }
        let recent = (0..self.names.len()).rev().take(RECENT);
        let found = recent.into_iter().find(|place| self.at(*place) == *header);
        let place = found.unwrap_or_else(|| {
            let names = Names { alg: self.put(header.alg()), kid: self.put(header.kid()) };
            self.names.push(names);
            self.names.len().saturating_sub(1)
        });
        if let Some(row) = self.rows.get_mut(row) {
            *row = u32::try_from(place).unwrap_or(NOTHING);
        }
    }

    fn put(&mut self, name: Option<&str>) -> Option<Range<usize>> {
        let start = self.text.len();
        self.text.push_str(name?);
        Some(start..self.text.len())
    }

    fn at(&self, place: usize) -> HeaderNames<'_> {
        let Some(names) = self.names.get(place) else { return HeaderNames::default() };
        let text = |range: &Option<Range<usize>>| self.text.get(range.clone()?);
        HeaderNames::new(text(&names.alg), text(&names.kid))
    }

    /// Returns what the header of the token names whose first row this is;
    /// nothing where nothing was kept.
    #[must_use]
    pub fn names(&self, row: usize) -> HeaderNames<'_> {
        let place = self.rows.get(row).filter(|place| **place != NOTHING);
        place.map_or_else(HeaderNames::default, |place| self.at(*place as usize))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_by_row_and_texts_only_once() {
        let mut texts = HeaderTexts::default();
        let kids: Vec<String> = (0..RECENT + 2).map(|number| number.to_string()).collect();
        for _ in 0..2 {
            texts.start(100).unwrap();
            let header = |row: usize| HeaderNames::new(Some("ES256"), kids.get(row % 5).map(String::as_str));
            for row in (0..100).filter(|row| row % 3 > 0) {
                texts.keep(row, &header(row));
            }
            texts.keep(100, &header(0));
            for row in 0..101 {
                let kept = row % 3 > 0 && row < 100;
                let wanted = if kept { header(row) } else { HeaderNames::default() };
                assert_eq!(texts.names(row), wanted, "{row}");
            }
            assert_eq!(texts.text.len(), 5 * "ES256k".len());
        }
        // Past those looked back for, a text is kept again.
        texts.start(kids.len() + 1).unwrap();
        for (row, kid) in kids.iter().chain(&kids[..1]).enumerate() {
            texts.keep(row, &HeaderNames::new(None, Some(kid)));
        }
        assert_eq!(texts.names(kids.len()), HeaderNames::new(None, Some("0")));
        assert_eq!(texts.names.len(), kids.len() + 1);
    }

    #[test]
    fn absent_is_not_empty() {
        let mut texts = HeaderTexts::default();
        texts.start(2).unwrap();
        texts.keep(0, &HeaderNames::new(None, Some("")));
        texts.keep(1, &HeaderNames::new(Some(""), None));
        assert_eq!((texts.names(0).alg(), texts.names(0).kid()), (None, Some("")));
        assert_eq!((texts.names(1).alg(), texts.names(1).kid()), (Some(""), None));
    }
}
