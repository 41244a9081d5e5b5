//! Columns of tokens through the C interface, sound ones and others.
//!
//! Each buffer ends where memory ends that may be read. A column in which the
//! plain reader finds a fault must be refused, and nothing be written; of any
//! other, each row must come to what its token comes to alone.
#![no_main]

use std::collections::HashMap;
use std::ptr::{null, null_mut};
use std::sync::{LazyLock, Mutex};

use jot::{Alg, Code, KeyOptions, KeySet, Policy, Scratch, UnixSeconds, Verifier, VerifyingKey};
use jot_fuzz::capi::{self, Columns, Options, Report};
use jot_fuzz::columns::{Column, Rows};
use jot_fuzz::guarded::{MOST_BYTES, Pages, untouchable};
use jot_fuzz::{NOW, keys, seeds};
use libfuzzer_sys::{Corpus, fuzz_target};

/// The most rows whose columns fit into the pages.
const MOST_ROWS: usize = MOST_BYTES / size_of::<i64>();
/// What the columns hold before the call.
const UNTOUCHED: u32 = 0xbad0_bad0;
/// The codes of misuse that a column may come to.
const MISUSE: [Code; 5] = [
    Code::BatchInvalid,
    Code::ArgumentNull,
    Code::ArgumentSize,
    Code::ArgumentMisaligned,
    Code::ArgumentValue,
];

struct World {
    tokens: Vec<Vec<u8>>,
    alone: Verifier,
    scratch: Scratch,
    batch: *const capi::Batch,
    verifier: *const capi::Verifier,
    pages: Pages,
    /// Where the codes of 2^32 rows would be.
    beyond: *mut u32,
}

// SAFETY: what the pointers lead to belongs to no thread.
unsafe impl Send for World {}

static WORLD: LazyLock<Mutex<World>> = LazyLock::new(|| {
    let key = VerifyingKey::from_secret(&keys::secret(), &KeyOptions::default()).unwrap();
    let alone = Verifier::builder(Policy::new([Alg::HS256]).any_audience()).keys(KeySet::new([key]));
    let (batch, verifier) = capi::batch_and_verifier();
    Mutex::new(World {
        tokens: seeds::column_tokens(),
        alone: alone.build().unwrap(),
        scratch: Scratch::new(),
        batch,
        verifier,
        pages: Pages::new(128),
        beyond: untouchable(size_of::<u32>() << 32).as_ptr().cast(),
    })
});

/// What there is to tell of a batch.
#[derive(Debug, PartialEq)]
struct Told {
    codes: Vec<u32>,
    expires_at: Vec<i64>,
    first_row: Vec<u32>,
    report: Report,
}

impl World {
    /// Verifies the column as a caller in C does.
    fn verify(&mut self, column: &Column) -> (u32, Option<Told>) {
        self.pages.clear();
        let tokens = column.lay_out(&mut self.pages);
        let rows = column.rows();
        let fits = rows <= MOST_ROWS;
        let (codes, first_row) = match fits {
            true => (self.pages.put_all(&vec![UNTOUCHED; rows]), self.pages.put_all(&vec![UNTOUCHED; rows])),
            false => (self.beyond, null_mut()),
        };
        let expires_at = match fits {
            true => self.pages.put_all(&vec![i64::from(UNTOUCHED); rows]),
            false => null_mut(),
        };
        let options =
            Options { size: size_of::<Options>(), now: NOW, as_of: null(), progress: None, user: null_mut() };
        let columns = Columns {
            size: size_of::<Columns>(),
            codes,
            flags: null_mut(),
            issuer_index: null_mut(),
            key_index: null_mut(),
            expires_at,
            not_before: null_mut(),
            issued_at: null_mut(),
            first_row,
            claims: 0,
            reserved: 0,
        };
        let mut report = Report { size: size_of::<Report>(), ..Report::default() };
        // SAFETY: handles that live on, structs of `jot.h`, and a column of which
        // all is true that the engine can only believe.
        let code = unsafe {
            capi::jot_batch_verify(
                self.batch,
                self.verifier,
                tokens,
                &options,
                &columns,
                &mut report,
                null_mut(),
            )
        };
        // SAFETY: columns of so many rows.
        let told = fits.then(|| unsafe {
            Told {
                codes: std::slice::from_raw_parts(codes, rows).to_vec(),
                expires_at: std::slice::from_raw_parts(expires_at, rows).to_vec(),
                first_row: std::slice::from_raw_parts(first_row, rows).to_vec(),
                report,
            }
        });
        (code, told)
    }

    /// Verifies the tokens one by one.
    fn alone(&mut self, rows: &Rows<'_>) -> Told {
        let mut told =
            Told { codes: vec![], expires_at: vec![], first_row: vec![], report: Report::default() };
        let mut firsts = HashMap::new();
        for (row, token) in rows.iter().enumerate() {
            let Some(token) = token else {
                told.codes.push(Code::TokenNull.number());
                told.expires_at.push(0);
                told.first_row.push(capi::NONE);
                continue;
            };
            let verdict = self.alone.verdict(token, UnixSeconds(NOW), &mut self.scratch);
            told.codes.push(verdict.code().number());
            told.expires_at.push(verdict.dates().expires_at.map_or(0, |date| date.floor().0));
            told.first_row.push(*firsts.entry(*token).or_insert(row as u32));
        }
        told.report = Report {
            size: size_of::<Report>(),
            rows: rows.len(),
            accepted: told.codes.iter().filter(|code| **code == 0).count(),
            distinct: firsts.len(),
            ..Report::default()
        };
        told
    }

    fn check(&mut self, input: &[u8]) {
        let column = Column::described(input, &self.tokens);
        let rows = column.read();
        // There would be no room for what it comes to.
        if rows.as_ref().is_some_and(|rows| rows.len() > MOST_ROWS) {
            return;
        }
        let (code, told) = self.verify(&column);
        let Some(rows) = rows else {
            let is_misuse = Code::from_number(code).is_some_and(|code| MISUSE.contains(&code));
            assert!(is_misuse, "{code} of a column that is not sound: {column:?}");
            let Some(told) = told else { return };
            assert!(told.codes.iter().chain(&told.first_row).all(|value| *value == UNTOUCHED));
            assert!(told.expires_at.iter().all(|value| *value == i64::from(UNTOUCHED)));
            return;
        };
        assert_eq!(code, 0, "of a sound column: {column:?}");
        assert_eq!(told, Some(self.alone(&rows)), "{column:?}");
    }
}

fuzz_target!(
    init: seeds::plant("columns", seeds::columns()),
    |input: &[u8]| -> Corpus {
        // Enough for every change, and fast.
        if input.len() > 512 {
            return Corpus::Reject;
        }
        WORLD.lock().unwrap().check(input);
        Corpus::Keep
    }
);
