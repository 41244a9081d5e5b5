//! The table under the model checker, which tries every order of its loads and
//! stores that the memory model allows:
//!
//! ```text
//! RUSTFLAGS="--cfg loom" cargo test --release --lib --target-dir target/loom cache::table::model
//! ```
//!
//! Each test names how many preemptions it tries; with more they would take
//! hours.
//!
//! Here a table is one set of one record, so that all threads meet.

use std::sync::atomic::{AtomicBool, Ordering};

use loom::sync::Arc;
use loom::thread;

use super::{Put, Record, Table, write};

const TAG: [u64; 4] = [11, 12, 13, 14];
/// Another tag with the same print.
const OTHER: [u64; 4] = [11, 22, 23, 24];

/// Places in the only set there is.
const PLACES: (u32, u32) = (0, 0);

/// Tries every order with at most this many preemptions.
fn explore(preemptions: usize, run: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(preemptions);
    builder.check(run);
}

fn table() -> Arc<Table> {
    Arc::new(Table::new(0).unwrap())
}

/// A record whose words all tell which one it is.
fn record(tag: [u64; 4], number: u64) -> Record {
    let [a, b, c, d] = tag;
    [a, b, c, d, number, number + 1, number + 2, number + 3]
}

fn put(table: &Table, record: Record) -> Put {
    table.put(&record, PLACES, |_| false)
}

fn find(table: &Table, tag: [u64; 4]) -> Option<Record> {
    table.find(&tag, PLACES)
}

#[test]
fn reader_sees_a_whole_record_while_it_is_replaced() {
    // Of the three answers, those that came up; loom knows nothing of these.
    static SEEN: [AtomicBool; 3] = [const { AtomicBool::new(false) }; 3];
    explore(2, || {
        let table = table();
        assert_eq!(put(&table, record(TAG, 100)), Put::Kept);
        let writer = thread::spawn({
            let table = Arc::clone(&table);
            move || assert_eq!(put(&table, record(TAG, 200)), Put::Kept)
        });
        let found = find(&table, TAG);
        let answers = [None, Some(record(TAG, 100)), Some(record(TAG, 200))];
        let answer = answers.iter().position(|answer| *answer == found);
        SEEN[answer.unwrap_or_else(|| panic!("{found:?}"))].store(true, Ordering::Relaxed);
        writer.join().unwrap();
        assert_eq!(find(&table, TAG), Some(record(TAG, 200)));
    });
    assert!(SEEN.iter().all(|seen| seen.load(Ordering::Relaxed)), "not every order was tried: {SEEN:?}");
}

#[test]
fn reader_never_sees_another_tags_words() {
    explore(2, || {
        let table = table();
        assert_eq!(put(&table, record(TAG, 100)), Put::Kept);
        let writer = thread::spawn({
            let table = Arc::clone(&table);
            move || assert_eq!(put(&table, record(OTHER, 200)), Put::Evicted)
        });
        let found = find(&table, TAG);
        assert!(found.is_none_or(|found| found == record(TAG, 100)), "{found:?}");
        let found = find(&table, OTHER);
        assert!(found.is_none_or(|found| found == record(OTHER, 200)), "{found:?}");
        writer.join().unwrap();
        assert_eq!(find(&table, TAG), None);
    });
}

#[test]
fn put_is_found_by_its_own_thread_beside_a_reader() {
    explore(2, || {
        let table = table();
        let reader = thread::spawn({
            let table = Arc::clone(&table);
            move || {
                let found = find(&table, TAG);
                assert!(found.is_none_or(|found| found == record(TAG, 100)), "{found:?}");
            }
        });
        assert_eq!(put(&table, record(TAG, 100)), Put::Kept);
        assert_eq!(find(&table, TAG), Some(record(TAG, 100)));
        reader.join().unwrap();
    });
}

/// Writes to the only place, without looking for a better one first: loads
/// that have no bearing on the record would take the model hours.
fn overwrite(table: &Table, record: Record) -> Put {
    let set = table.sets.first().unwrap();
    write(set, 0, &record, Put::Kept)
}

#[test]
fn two_writers_leave_one_whole_record() {
    explore(2, || {
        let table = table();
        let writer = thread::spawn({
            let table = Arc::clone(&table);
            move || overwrite(&table, record(OTHER, 200))
        });
        let ours = overwrite(&table, record(TAG, 100));
        let theirs = writer.join().unwrap();
        let held = (find(&table, TAG), find(&table, OTHER));
        let (one, other) = (record(TAG, 100), record(OTHER, 200));
        match (ours, theirs) {
            (Put::Kept, Put::LeftOut) => assert_eq!(held, (Some(one), None)),
            (Put::LeftOut, Put::Kept) => assert_eq!(held, (None, Some(other))),
            (Put::Kept, Put::Kept) => assert!(held == (Some(one), None) || held == (None, Some(other))),
            outcomes => unreachable!("{outcomes:?}"),
        }
    });
}

#[test]
fn reader_beside_two_writers_sees_whole_records() {
    explore(2, || {
        let table = table();
        let spawn = |record: Record| {
            let table = Arc::clone(&table);
            thread::spawn(move || overwrite(&table, record))
        };
        let writers = [spawn(record(TAG, 200)), spawn(record(OTHER, 300))];
        let found = find(&table, TAG);
        assert!(found.is_none_or(|found| found == record(TAG, 200)), "{found:?}");
        for writer in writers {
            writer.join().unwrap();
        }
    });
}
