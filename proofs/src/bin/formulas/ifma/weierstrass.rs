//! Points of Weierstrass curves in lanes.

pub(crate) mod field;

#[path = "../../../../../accel/src/ifma/weierstrass/checks.rs"]
mod checks;
mod choice;
mod curves;
#[path = "../../../../../accel/src/ifma/weierstrass/point.rs"]
pub(crate) mod point;
mod toy;
mod with_a;

use field::{InLanes, With};
use jot_proofs::claims::Claim;
use with_a::{Field, Point, Sum};

use crate::coq::{Function, Test};
use crate::value::{Value, compared_in_lanes};
use crate::weierstrass::{DIGITS, Row};

/// The same symbol in every lane.
fn same<const A: i8>(name: &str) -> Field<A> {
    Field::of([Value::symbol(name); 8])
}

/// A symbol of its own for each lane.
fn own<const A: i8>(name: &str) -> Field<A> {
    Field::of(std::array::from_fn(|lane| Value::symbol(&format!("{name}_{lane}"))))
}

fn only<const A: i8>(field: &Field<A>, lane: usize) -> Field<A> {
    Field::of([field.0[lane]; 8])
}

fn point<const A: i8>(make: impl Fn(&str) -> Field<A>, [x, y, z]: [&str; 3]) -> Point<A> {
    Point { x: make(x), y: make(y), z: make(z) }
}

fn only_of<const A: i8>(point: &Point<A>, lane: usize) -> Point<A> {
    Point { x: only(&point.x, lane), y: only(&point.y, lane), z: only(&point.z, lane) }
}

fn lane<const A: i8>(point: &Point<A>, lane: usize) -> [Value; 3] {
    [point.x.0[lane], point.y.0[lane], point.z.0[lane]]
}

pub(crate) const CLAIMS: &[Claim] = &[
    Claim {
        says: "Weierstrass: additions compute the same in each lane, with its own sign, for all signs",
        about: "accel/src/ifma/weierstrass/point.rs",
        proof: || {
            lanes_are_independent::<-3>();
            lanes_are_independent::<0>();
        },
    },
    Claim {
        says: "Weierstrass: a sum adds what is present, for all lanes that have begun and all that are present",
        about: "accel/src/ifma/weierstrass/point.rs",
        proof: || {
            sums_take_what_is_present::<-3>();
            sums_take_what_is_present::<0>();
        },
    },
    Claim {
        says: "Weierstrass: a sum doubles every lane",
        about: "accel/src/ifma/weierstrass/point.rs",
        proof: || {
            doubles_every_lane::<-3>();
            doubles_every_lane::<0>();
        },
    },
    Claim {
        says: "Weierstrass: adding up the lanes is a tree of additions with each lane once",
        about: "accel/src/ifma/weierstrass/point.rs",
        proof: || {
            across_sums_every_lane_once::<-3>();
            across_sums_every_lane_once::<0>();
        },
    },
    Claim {
        says: "Weierstrass: mixed additions on curves over small fields are right, or Z is 0, in every state",
        about: "accel/src/ifma/weierstrass/point.rs",
        proof: || {
            toy::mixed_additions_are_right_or_zero::<-3>();
            toy::mixed_additions_are_right_or_zero::<0>();
        },
    },
    Claim {
        says: "Weierstrass: full additions on curves over small fields are right, or Z is 0, in every pair of states",
        about: "accel/src/ifma/weierstrass/point.rs",
        proof: || {
            toy::full_additions_are_right_or_zero::<-3>();
            toy::full_additions_are_right_or_zero::<0>();
        },
    },
    Claim {
        says: "Weierstrass: doubles on curves over small fields are right, or Z is 0, in every state",
        about: "accel/src/ifma/weierstrass/point.rs",
        proof: || {
            toy::doubles_are_right_or_zero::<-3>();
            toy::doubles_are_right_or_zero::<0>();
        },
    },
];

/// The additions, as they come out in a lane. Only doubles depend on a.
pub(crate) fn functions() -> Vec<Function> {
    let mut functions = functions_of::<-3>("lanes_doubled_minus_3");
    let mut others = functions_of::<0>("lanes_doubled_0");
    let double = others.pop();
    for (one, other) in functions.iter().zip(&others) {
        assert_eq!(one.results, other.results, "{}", one.name);
    }
    functions.extend(double);
    functions
}

fn functions_of<const A: i8>(doubled: &'static str) -> Vec<Function> {
    let [one, other] = [["X", "Y", "Z"], ["X'", "Y'", "Z'"]].map(|names| point::<A>(same, names));
    let (x, y) = (same("x"), same("y"));
    let mixed: &[&str] = &["X", "Y", "Z", "x", "y"];
    let full: &[&str] = &["X", "Y", "Z", "X'", "Y'", "Z'"];
    [
        ("lanes_plus", mixed, one.plus(&x, &y, 0)),
        ("lanes_minus", mixed, one.plus(&x, &y, u8::MAX)),
        ("lanes_plus_point", full, one.plus_point(&other)),
        (doubled, &full[..3], one.doubled()),
    ]
    .map(|(name, arguments, sum)| {
        let results = lane(&sum, 0);
        assert!((1..8).all(|other| lane(&sum, other) == results));
        Function { name, arguments, results: results.to_vec() }
    })
    .into()
}

/// The tests of rows, as they come out in a lane: that of the third row from the second and the first,
/// and that of the second row from the first. Only this depends on a.
pub(crate) fn tests() -> Vec<Test> {
    let tests = tests_of::<-3>("lanes_is_double_of_minus_3");
    let [sum, double] = tests_of::<0>("lanes_is_double_of_0");
    assert_eq!(tests[0].comparisons, sum.comparisons);
    tests.into_iter().chain([double]).collect()
}

fn tests_of<const A: i8>(is_double_of: &'static str) -> [Test; 2] {
    let window = std::array::from_fn(|place| Row { coordinates: [[place as u64; 4]; 2] });
    let is_right = || checks::windows_are_right::<With<A>, 4, 5>(&window[0], None, &[window]);
    let compared = compared_in_lanes(true, is_right);
    assert!(compared.len() > DIGITS / 8);
    // The last row of a window before is as if it was the first, in one lane.
    let (double, sum) = (compared[0], compared[1][0]);
    assert!(double.iter().all(|lane| *lane == double[0]));
    [
        Test {
            name: "lanes_is_sum_of",
            arguments: &["X", "Y", "x", "y", "x'", "y'"],
            comparisons: sum.to_vec(),
        },
        Test { name: is_double_of, arguments: &["x", "y", "x'", "y'"], comparisons: double[0].to_vec() },
    ]
}

/// Each lane computes the same function of its own operands and of its own sign.
fn lanes_are_independent<const A: i8>() {
    let [one, other] = [["X", "Y", "Z"], ["X'", "Y'", "Z'"]].map(|names| point::<A>(own, names));
    let (x, y) = (own("x"), own("y"));
    for negative in 0..=u8::MAX {
        let sum = one.plus(&x, &y, negative);
        for i in 0..8 {
            let sign = if negative >> i & 1 == 1 { u8::MAX } else { 0 };
            let alone = only_of(&one, i).plus(&only(&x, i), &only(&y, i), sign);
            assert_eq!(lane(&sum, i), lane(&alone, 0), "lane {i}, signs {negative:#x}");
        }
    }
    let (sum, double) = (one.plus_point(&other), one.doubled());
    for i in 0..8 {
        let alone = only_of(&one, i).plus_point(&only_of(&other, i));
        assert_eq!(lane(&sum, i), lane(&alone, 0), "lane {i}");
        assert_eq!(lane(&double, i), lane(&only_of(&one, i).doubled(), 0), "lane {i}");
    }
}

/// Lanes that have begun, as `Sum::add` makes them.
fn begun<const A: i8>(lanes: u8) -> Sum<A> {
    let mut sum = Sum::new();
    sum.add(&own("X"), &own("Y"), 0, lanes);
    sum
}

/// `Sum::add` leaves the lanes without a point as they are, lets a first point be the
/// sum, with its sign, and adds all others: for every set of lanes that have begun and
/// every set of lanes that get a point.
fn sums_take_what_is_present<const A: i8>() {
    let (x, y) = (own::<A>("x"), own("y"));
    let opposite = Field::splat(&[0; 5]).minus(&y, &With::<A>::P);
    for before in 0..=u8::MAX {
        let (old, _) = begun::<A>(before).points();
        for negative in [0b0011_0101, 0b1100_1010] {
            let added = old.plus(&x, &y, negative);
            let first =
                Point { x, y: Field::choose(negative, &opposite, &y), z: Field::splat(&With::<A>::ONE) };
            for present in 0..=u8::MAX {
                let mut sum = begun::<A>(before);
                sum.add(&x, &y, negative, present);
                let (sum, after) = sum.points();
                assert_eq!(after, before | present);
                for i in (0..8).filter(|i| after >> i & 1 == 1) {
                    let wanted = match (present >> i & 1, before >> i & 1) {
                        (0, _) => &old,
                        (_, 0) => &first,
                        _ => &added,
                    };
                    assert_eq!(lane(&sum, i), lane(wanted, i), "lane {i} of {before:#x} and {present:#x}");
                }
            }
        }
    }
}

/// `Sum::double` doubles every lane, and leaves the lanes that have begun as they are.
fn doubles_every_lane<const A: i8>() {
    for lanes in 0..=u8::MAX {
        let mut sum = begun::<A>(lanes);
        let (before, _) = sum.points();
        sum.double();
        let (after, begun) = sum.points();
        assert_eq!(begun, lanes);
        let wanted = before.doubled();
        assert!((0..8).all(|i| lane(&after, i) == lane(&wanted, i)));
    }
}

/// `Sum::across` adds, in each lane, a tree of additions over all eight lanes, each
/// once; it gives nothing while a lane is empty.
fn across_sums_every_lane_once<const A: i8>() {
    for lanes in 0..=u8::MAX {
        assert_eq!(begun::<A>(lanes).across().is_some(), lanes == u8::MAX);
    }
    let sum = begun::<A>(u8::MAX);
    let (start, _) = sum.points();
    let result = sum.across().expect("every lane has begun");
    for i in 0..8 {
        let mut leaves = Vec::new();
        assert_eq!(lane(&result, i), lane(&tree(&start, i, &[4, 2, 1], &mut leaves), 0));
        leaves.sort_unstable();
        assert_eq!(leaves, [0, 1, 2, 3, 4, 5, 6, 7]);
    }
}

/// The sum in lane `i` after these exchanges, the last one at the root.
fn tree<const A: i8>(start: &Point<A>, i: usize, distances: &[usize], leaves: &mut Vec<usize>) -> Point<A> {
    let Some((distance, before)) = distances.split_last() else {
        leaves.push(i);
        return only_of(start, i);
    };
    let left = tree(start, i, before, leaves);
    left.plus_point(&tree(start, i ^ distance, before, leaves))
}
