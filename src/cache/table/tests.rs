//! The table of one thread; `model.rs` tries several.

use super::*;

/// Places in the only set of a table of one.
const ONLY: (u32, u32) = (0, 0);
/// Places in the first and the last set.
const ENDS: (u32, u32) = (0, u32::MAX);

fn tag(number: u64) -> [u64; 4] {
    [number, 1, 2, 3]
}

fn record(number: u64) -> Record {
    let [a, b, c, d] = tag(number);
    [a, b, c, d, !number, 5, 6, u64::MAX]
}

/// The numbers below 20 that are held, all of which are used by this.
fn held(table: &Table, places: (u32, u32)) -> Vec<u64> {
    let is_held = |number: &u64| table.find(&tag(*number), places) == Some(record(*number));
    (0..20).filter(is_held).collect()
}

fn put(table: &Table, number: u64, places: (u32, u32)) -> Put {
    table.put(&record(number), places, |_| false)
}

#[test]
fn spent_records_go_first_then_unused_ones_then_any() {
    let table = Table::new(1).unwrap();
    for number in 0..7 {
        assert_eq!(table.put(&record(number), ONLY, |_| true), Put::Kept);
    }
    for number in [0, 1, 2, 3, 4, 6] {
        assert!(table.find(&tag(number), ONLY).is_some());
    }
    assert_eq!(put(&table, 7, ONLY), Put::Evicted);
    assert_eq!(held(&table, ONLY), [0, 1, 2, 3, 4, 6, 7]);
    assert_eq!(table.put(&record(8), ONLY, |old| *old == record(2)), Put::Evicted);
    // The new one was not used yet, unlike all others.
    assert_eq!(put(&table, 9, ONLY), Put::Evicted);
    assert_eq!(held(&table, ONLY), [0, 1, 3, 4, 6, 7, 9]);
    // All were used: the place says which goes, and none counts as used now.
    assert_eq!(put(&table, 10, (0, 4)), Put::Evicted);
    assert_eq!(put(&table, 11, (0, 4)), Put::Evicted);
    assert_eq!(held(&table, ONLY), [1, 3, 6, 7, 9, 10, 11]);
}

#[test]
fn record_takes_the_place_of_its_tag_alone() {
    let table = Table::new(1).unwrap();
    // The same print in each mark.
    let number = |high: u64| (high << 16) | 5;
    for high in 0..3 {
        assert_eq!(put(&table, number(high), ONLY), Put::Kept);
    }
    let mut newer = record(number(1));
    newer[4] = 77;
    assert_eq!(table.put(&newer, ONLY, |_| true), Put::Kept);
    assert_eq!(table.find(&tag(number(1)), ONLY), Some(newer));
    assert_eq!(table.find(&tag(number(2)), ONLY), Some(record(number(2))));
    assert_eq!(table.find(&tag(number(3)), ONLY), None);
    assert_eq!(table.find(&[number(1), 1, 2, 4], ONLY), None);
}

#[test]
fn both_sets_are_filled_before_any_record_goes() {
    let table = Table::new(2).unwrap();
    for number in 0..14 {
        assert_eq!(put(&table, number, ENDS), Put::Kept);
    }
    assert_eq!(held(&table, ENDS), (0..14).collect::<Vec<_>>());
    assert_eq!(put(&table, 14, ENDS), Put::Evicted);
    assert_eq!(put(&table, 15, ENDS), Put::Evicted);
    assert_eq!(held(&table, ENDS).len(), 14);
    // The second one found the first unused.
    assert_eq!(held(&table, ENDS).last(), Some(&15));
    // The first set is full, the other empty, whichever comes first.
    for places in [ENDS, (u32::MAX, 0)] {
        let table = Table::new(2).unwrap();
        for number in 0..7 {
            assert_eq!(put(&table, number, ONLY), Put::Kept);
        }
        assert_eq!(put(&table, 7, places), Put::Kept);
        assert_eq!(held(&table, places), [0, 1, 2, 3, 4, 5, 6, 7]);
    }
}

#[test]
fn what_is_being_written_is_neither_found_nor_written() {
    let table = Table::new(1).unwrap();
    let marks = &table.sets[0].marks;
    // A first write is under way at the first place.
    marks[0].store(BUSY, Ordering::Relaxed);
    assert_eq!(put(&table, 0, ONLY), Put::Kept);
    assert_eq!((marks[0].load(Ordering::Relaxed), held(&table, ONLY)), (BUSY, vec![0]));
    for mark in marks {
        mark.fetch_or(HELD | BUSY, Ordering::Relaxed);
    }
    assert!(held(&table, ONLY).is_empty());
    for number in 0..2 {
        assert_eq!(table.put(&record(number), ONLY, |_| true), Put::LeftOut);
    }
}

#[test]
fn each_write_is_seen_by_who_began_to_read() {
    let table = Table::new(1).unwrap();
    let set = &table.sets[0];
    put(&table, 0, ONLY);
    for _ in 0..3 {
        let before = set.marks[0].load(Ordering::Acquire);
        assert_eq!(read(&set.marks[0], before, &set.records[0]), Some(record(0)));
        put(&table, 0, ONLY);
        assert_eq!(read(&set.marks[0], before, &set.records[0]), None);
        // Written anew, it was not used yet.
        assert_eq!((held(&table, ONLY), set.used.load(Ordering::Relaxed)), (vec![0], 1));
        put(&table, 0, ONLY);
        assert_eq!(set.used.load(Ordering::Relaxed), 0);
    }
}

#[test]
fn sets_are_as_many_as_are_needed_and_all_used() {
    let sets = [0, 1, 7, 8, 56, 57].map(Table::sets_for_records);
    assert_eq!(sets, [0, 1, 1, 2, 9, 10]);
    assert_eq!([511, 512, 1535, 1536].map(Table::sets_for_bytes), [0, 1, 2, 3]);
    assert_eq!([0, 1, 3].map(|sets| Table::new(sets).unwrap().bytes()), [512, 512, 1536]);
    let table = Table::new(3).unwrap();
    let place_of = |place| {
        let sets = table.sets_of((place, 0)).unwrap();
        table.sets.iter().position(|set| std::ptr::eq(set, sets[0])).unwrap()
    };
    let third = 0x5555_5556;
    assert_eq!([0, third - 1, third, u32::MAX].map(place_of), [0, 0, 1, 2]);
}
