//! The claims that rows show, kept while a chunk is judged.

use std::ops::Range;

use jot::Claims;

/// The `iss`, `sub` and `jti` of one token, where they are strings.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shown<'t> {
    pub(super) issuer: Option<&'t str>,
    pub(super) subject: Option<&'t str>,
    pub(super) jti: Option<&'t str>,
}

/// Claims by the first row that has their token.
#[derive(Debug, Default)]
pub(super) struct ClaimTexts {
    text: String,
    rows: Vec<[Option<Range<usize>>; 3]>,
}

impl ClaimTexts {
    /// Makes room for so many rows and forgets what was.
    pub(super) fn start(&mut self, rows: usize) {
        self.text.clear();
        self.rows.clear();
        self.rows.resize(rows, [const { None }; 3]);
    }

    /// Keeps the claims of a token.
    pub(super) fn keep(&mut self, row: usize, claims: &Claims<'_>) {
        let Self { text, rows } = self;
        let mut keep = |claim: Option<&str>| {
            let start = text.len();
            text.push_str(claim?);
            Some(start..text.len())
        };
        if let Some(place) = rows.get_mut(row) {
            *place = [keep(claims.issuer()), keep(claims.subject()), keep(claims.jwt_id())];
        }
    }

    /// Returns the claims of a token; none of one whose signature does not
    /// hold.
    pub(super) fn shown(&self, row: usize) -> Shown<'_> {
        let [issuer, subject, jti] = match self.rows.get(row) {
            None => return Shown::default(),
            Some(places) => places.each_ref().map(|place| self.text.get(place.clone()?)),
        };
        Shown { issuer, subject, jti }
    }
}
