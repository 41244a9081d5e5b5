//! Points of the portable curves: the code's own, over [`Value`]s.

#[path = "../../../../accel/src/weierstrass/curves.rs"]
#[allow(dead_code, reason = "not all of it is run here")]
pub(crate) mod curves;
#[path = "../../../../accel/src/weierstrass/point.rs"]
#[allow(dead_code, reason = "not all of it is run here")]
pub(crate) mod point;
mod toy;
#[path = "../../../../accel/src/weierstrass/trees.rs"]
pub(crate) mod trees;

use curves::{Curve, P256, P384, P521, Secp256k1};
use point::{Affine, Jacobian, Slope};

use jot_proofs::claims::Claim;

use crate::coq::{Constant, Function, Test};
use crate::field::{Modulus, P256Base, Residue, invert_each};
use crate::value::{Value, compared, inverted, name_constant};

pub(crate) const CLAIMS: &[Claim] = &[
    Claim {
        says: "additions on curves over small fields are right in every state, or Z is 0",
        about: "accel/src/weierstrass/point.rs",
        proof: toy::additions_are_right_or_zero,
    },
    Claim {
        says: "trees with shared inversions on curves over small fields are right, or given up alone",
        about: "accel/src/weierstrass/trees.rs",
        proof: toy::trees_are_right_or_given_up,
    },
    Claim {
        says: "rows that are the sum or the double of others are recognized, on curves over small fields",
        about: "accel/src/weierstrass/point.rs",
        proof: toy::rows_are_recognized,
    },
    Claim {
        says: "each number gets the inverse times the numbers after it, times those before it, in up to 2000",
        about: "accel/src/field/shared.rs",
        proof: || (0..=100).chain([1000, 2000]).for_each(one_inversion),
    },
];

/// The rows of a window.
pub(crate) const DIGITS: usize = 128;

/// A row of a table, with its place for words.
#[derive(Clone, Copy)]
pub(crate) struct Row<const N: usize> {
    pub(crate) coordinates: [[u64; N]; 2],
}

fn symbol<M, const N: usize>(name: &str) -> Residue<M, N> {
    Residue::of(Value::symbol(name))
}

fn jacobian<C: Curve<N>, const N: usize>() -> Jacobian<C, N> {
    Jacobian { x: symbol("X"), y: symbol("Y"), z: symbol("Z") }
}

fn affine<C: Curve<N>, const N: usize>([x, y]: [&str; 2]) -> Affine<C, N> {
    Affine { x: symbol(x), y: symbol(y) }
}

fn results<C: Curve<N>, const N: usize>(point: Jacobian<C, N>) -> Vec<Value> {
    vec![point.x.0, point.y.0, point.z.0]
}

fn coordinates<C: Curve<N>, const N: usize>(point: Affine<C, N>) -> Vec<Value> {
    vec![point.x.0, point.y.0]
}

fn slope<C: Curve<N>, const N: usize>(slope: &Slope<C, N>) -> Vec<Value> {
    vec![slope.rise.0, slope.run.0]
}

/// The constants of the curves, which `P256.v`, `P384.v`, `P521.v` and `Secp256k1.v` in `proofs/coq` are about.
pub(crate) fn constants() -> Vec<Constant> {
    [
        constants_of::<P256, 4>("p256"),
        constants_of::<P384, 6>("p384"),
        constants_of::<P521, 9>("p521"),
        constants_of::<Secp256k1, 4>("secp256k1"),
    ]
    .concat()
}

/// The numbers of a curve. -a stands there for a, which is not positive.
fn constants_of<C: Curve<N>, const N: usize>(curve: &str) -> Vec<Constant> {
    let [x, y] = C::GENERATOR;
    let mut minus_a = [0; N];
    minus_a[0] = u64::from(C::A.unsigned_abs());
    assert!(C::A <= 0);
    [
        ("base", C::Base::VALUE),
        ("order", C::Order::VALUE),
        ("minus_a", minus_a),
        ("b", C::B),
        ("x", x),
        ("y", y),
    ]
    .map(|(name, limbs)| Constant { name: format!("{curve}_{name}"), limbs: limbs.to_vec() })
    .into()
}

const MIXED: &[&str] = &["X", "Y", "Z", "x", "y"];

/// The operations of a curve.
fn functions_of<C: Curve<N>, const N: usize>(tangent: &'static str) -> Vec<Function> {
    let [one, other] = [["x", "y"], ["x'", "y'"]].map(affine::<C, N>);
    vec![
        Function { name: "plus_affine", arguments: MIXED, results: results(jacobian().plus(&one)) },
        Function { name: "of_affine", arguments: &["x", "y"], results: results(Jacobian::new(&one)) },
        Function { name: "negated_affine", arguments: &["x", "y"], results: coordinates(one.negated()) },
        Function { name: "chord", arguments: &["x", "y", "x'", "y'"], results: slope(&one.chord(&other)) },
        Function {
            name: "plus_along",
            arguments: &["x", "y", "x'", "y'", "slope"],
            results: coordinates(one.plus_along(&other, &symbol("slope"))),
        },
        Function { name: tangent, arguments: &["x", "y"], results: slope(&one.tangent()) },
    ]
}

/// Curves with the same a compute the same, and only the tangent depends on a.
pub(crate) fn functions() -> Vec<Function> {
    let (p256, p384) =
        (functions_of::<P256, 4>("tangent_minus_3"), functions_of::<P384, 6>("tangent_minus_3"));
    let mut k1 = functions_of::<Secp256k1, 4>("tangent_0");
    for (one, other) in p256.iter().zip(&p384) {
        assert_eq!(one.results, other.results, "{}", one.name);
    }
    let tangent = k1.pop();
    for (one, other) in p256.iter().zip(&k1) {
        assert_eq!(one.results, other.results, "{}", one.name);
    }
    p256.into_iter().chain(tangent).chain([shared_inverses()]).collect()
}

/// What `own_is_inverse` in `Inverses.v` is about.
fn one_inversion(count: usize) {
    let symbols: Vec<Residue<P256Base, 4>> = (0..count).map(|at| symbol(&format!("number_{at}"))).collect();
    let (mut numbers, mut room) = (symbols.clone(), symbols.clone());
    assert!(invert_each(&mut numbers, &mut room));
    let mut left = Value::symbol("inverse");
    let mut products = vec![Value::ONE];
    products.extend(symbols.iter().scan(Value::ONE, |product, number| {
        *product = product.times(number.0);
        Some(*product)
    }));
    assert_eq!(products.pop(), Some(inverted()));
    for ((number, own), product) in symbols.iter().zip(&numbers).zip(products).rev() {
        assert_eq!(own.0, left.times(product));
        left = left.times(number.0);
    }
}

/// What one inversion makes of three numbers, and of what it is.
fn shared_inverses() -> Function {
    let arguments: &[&str] = &["u", "v", "w", "inverse"];
    let mut numbers: [Residue<P256Base, 4>; 3] = ["u", "v", "w"].map(symbol);
    let mut room = numbers;
    assert!(invert_each(&mut numbers, &mut room));
    let results = numbers.map(|number| number.0).into_iter().chain([inverted()]).collect();
    Function { name: "shared_inverses", arguments, results }
}

fn tests_of<C: Curve<N>, const N: usize>([is_on_curve, is_double_of]: [&'static str; 2]) -> Vec<Test> {
    name_constant(&C::B, Value::symbol("b"));
    let [sum, one, other] = [["X", "Y"], ["x", "y"], ["x'", "y'"]].map(affine::<C, N>);
    let scale = symbol("scale");
    vec![
        Test {
            name: "is_sum_of",
            arguments: &["X", "Y", "x", "y", "x'", "y'", "scale"],
            comparisons: compared(|| sum.is_sum_of(&one, &other, &scale)),
        },
        Test { name: is_on_curve, arguments: &["b", "x", "y"], comparisons: compared(|| one.is_on_curve()) },
        Test {
            name: is_double_of,
            arguments: &["X", "Y", "x", "y", "scale"],
            comparisons: compared(|| sum.is_double_of(&one, &scale)),
        },
    ]
}

pub(crate) fn tests() -> Vec<Test> {
    let minus_3 = ["is_on_curve_minus_3", "is_double_of_minus_3"];
    let (p256, p384) = (tests_of::<P256, 4>(minus_3), tests_of::<P384, 6>(minus_3));
    let mut k1 = tests_of::<Secp256k1, 4>(["is_on_curve_0", "is_double_of_0"]);
    for (one, other) in p256.iter().zip(&p384) {
        assert_eq!(one.comparisons, other.comparisons, "{}", one.name);
    }
    assert_eq!(p256[0].comparisons, k1[0].comparisons);
    p256.into_iter().chain(k1.drain(1..)).collect()
}
