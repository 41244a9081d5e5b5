//! Batches that contradict themselves are refused before anything is written.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first thing amiss")]

mod actors;

use jot::batch::{Batch, Columns, Instants, Tokens};
use jot::{Code, UnixSeconds, Verifier};

use actors::*;

const NOW: Instants<'static> = Instants::Now(UnixSeconds(0));
const UNWRITTEN: u32 = 77;

/// Offers a batch whose columns have room for `rows`, which must be refused;
/// the member at fault.
fn refused(tokens: &Tokens<'_>, instants: Instants<'_>, rows: usize) -> String {
    let verifier = Verifier::builder(policy()).keys(keys(&[A])).build().unwrap();
    let mut member = None;
    for threads in [1, 2] {
        let mut codes = vec![UNWRITTEN; rows];
        let mut columns = Columns::codes(&mut codes);
        let mut batch = Batch::new(threads).unwrap();
        let progress = |_, _| panic!("a batch that is refused makes no progress");
        let error =
            batch.verify_with_progress(&verifier, tokens, instants, &mut columns, &progress).unwrap_err();
        assert_eq!(error.code(), Code::BatchInvalid);
        assert!(codes.iter().all(|code| *code == UNWRITTEN));
        member = error.member().map(str::to_owned);
    }
    let statistics = verifier.statistics();
    assert_eq!(statistics.codes.iter().map(|row| row.1).sum::<u64>(), 0);
    member.unwrap()
}

#[test]
fn column_of_another_length_is_refused() {
    let tokens: [&[u8]; 2] = [b"a", b"b"];
    let tokens = Tokens::Slices(&tokens);
    for rows in [0, 1, 3] {
        assert_eq!(refused(&tokens, NOW, rows), "columns");
    }
    let verifier = Verifier::builder(policy()).keys(keys(&[A])).build().unwrap();
    let mut batch = Batch::new(1).unwrap();
    for wrong in 0..6 {
        for length in [1, 3] {
            let (mut codes, mut flags) = ([UNWRITTEN; 2], [77_u8; 3]);
            let (mut numbers, mut seconds) = ([UNWRITTEN; 3], [77_i64; 3]);
            let mut columns = Columns::codes(&mut codes);
            match wrong {
                0 => columns.flags = flags.get_mut(..length),
                1 => columns.issuer_index = numbers.get_mut(..length),
                2 => columns.key_index = numbers.get_mut(..length),
                3 => columns.expires_at = seconds.get_mut(..length),
                4 => columns.not_before = seconds.get_mut(..length),
                _ => columns.issued_at = seconds.get_mut(..length),
            }
            let error = batch.verify(&verifier, &tokens, NOW, &mut columns).unwrap_err();
            assert_eq!((error.code(), error.member()), (Code::BatchInvalid, Some("columns")), "{wrong}");
            assert_eq!((codes, flags, numbers, seconds), ([77; 2], [77; 3], [77; 3], [77; 3]));
        }
    }
}

#[test]
fn instants_of_another_number_are_refused() {
    let tokens: [&[u8]; 2] = [b"a", b"b"];
    for as_of in [&[][..], &[1], &[1, 2, 3]] {
        assert_eq!(refused(&Tokens::Slices(&tokens), Instants::AsOf(as_of), 2), "as_of");
        let known: Vec<_> = as_of.iter().copied().map(Some).collect();
        assert_eq!(refused(&Tokens::Slices(&tokens), Instants::AsOfKnown(&known), 2), "as_of");
    }
    assert_eq!(refused(&Tokens::Slices(&[]), Instants::AsOf(&[1]), 0), "as_of");
}

#[test]
fn offsets_that_leave_the_data_are_refused() {
    let data = b"0123456789";
    for offsets in [
        [0, 5, 4],
        [5, 4, 9],
        [0, 5, 11],
        [0, 11, 11],
        [11, 11, 11],
        [-1, 0, 5],
        [0, -1, 5],
        [i32::MIN, 0, 0],
        [0, 0, i32::MAX],
    ] {
        let wide = offsets.map(i64::from);
        // Not even where the row is null.
        for validity in [None, Some(&[0_u8][..])] {
            assert_eq!(
                refused(&Tokens::Arrow32 { data, offsets: &offsets, validity, validity_offset: 0 }, NOW, 2),
                "offsets"
            );
            assert_eq!(
                refused(&Tokens::Arrow64 { data, offsets: &wide, validity, validity_offset: 0 }, NOW, 2),
                "offsets"
            );
        }
    }
    for offsets in [[0, 0, i64::MAX], [i64::MIN, 0, 0], [0, 1 << 32, 1 << 33], [0, u32::MAX.into(), 5]] {
        assert_eq!(
            refused(&Tokens::Arrow64 { data, offsets: &offsets, validity: None, validity_offset: 0 }, NOW, 2),
            "offsets"
        );
    }
    assert_eq!(
        refused(&Tokens::Arrow32 { data, offsets: &[11], validity: None, validity_offset: 0 }, NOW, 0),
        "offsets"
    );
}

#[test]
fn validity_with_too_few_bits_is_refused() {
    for (rows, bytes) in [(1, 0), (8, 0), (9, 1), (16, 1), (17, 2)] {
        let validity = &vec![0xff; bytes][..];
        let (offsets, wide) = (vec![0_i32; rows + 1], vec![0_i64; rows + 1]);
        let narrow =
            Tokens::Arrow32 { data: b"", offsets: &offsets, validity: Some(validity), validity_offset: 0 };
        assert_eq!(refused(&narrow, NOW, rows), "validity");
        let wide =
            Tokens::Arrow64 { data: b"", offsets: &wide, validity: Some(validity), validity_offset: 0 };
        assert_eq!(refused(&wide, NOW, rows), "validity");
    }
}
