//! The values that the code computes with here: expressions, or numbers modulo a small
//! prime.
//!
//! Equal expressions are one node, so the code computed the same if and only if the
//! nodes are the same.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};

/// An expression, or a number of a small field, as [`Arithmetic`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Value(u32);

/// What an expression is made of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    Zero,
    One,
    Symbol(String),
    Plus(Value, Value),
    Minus(Value, Value),
    Times(Value, Value),
    Negated(Value),
}

/// A comparison that the code made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal(Value, Value),
    NotZero(Value),
}

/// How numbers in lanes are compared with 0: each is 0, but every third one if `third_is_not`.
#[derive(Default)]
struct Zeros {
    compared: Vec<[Value; 8]>,
    third_is_not: bool,
}

/// What values are, in this thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Expressions,
    /// Modulo a prime below 2^16.
    Modulo(u32),
}

struct Expressions {
    nodes: Vec<Node>,
    places: HashMap<Node, Value>,
}

thread_local! {
    static ARITHMETIC: Cell<Arithmetic> = const { Cell::new(Arithmetic::Expressions) };
    static EXPRESSIONS: RefCell<Expressions> = RefCell::new(Expressions {
        nodes: vec![Node::Zero, Node::One],
        places: HashMap::from([(Node::Zero, Value::ZERO), (Node::One, Value::ONE)]),
    });
    static CONSTANTS: RefCell<HashMap<Vec<u64>, Value>> = RefCell::default();
    static INVERTED: Cell<Value> = const { Cell::new(Value::ZERO) };
    static COMPARISONS: RefCell<Vec<Comparison>> = RefCell::default();
    static ZEROS: RefCell<Zeros> = RefCell::default();
}

/// Lets the values of this thread be of another kind.
pub(crate) fn compute_with(arithmetic: Arithmetic) {
    ARITHMETIC.set(arithmetic);
    CONSTANTS.with_borrow_mut(HashMap::clear);
}

fn put(node: Node) -> Value {
    EXPRESSIONS.with_borrow_mut(|expressions| {
        if let Some(place) = expressions.places.get(&node) {
            return *place;
        }
        let place = Value(u32::try_from(expressions.nodes.len()).expect("few enough nodes"));
        expressions.nodes.push(node.clone());
        expressions.places.insert(node, place);
        place
    })
}

impl Value {
    /// 0 and 1 are the same in both kinds of arithmetic.
    pub(crate) const ZERO: Self = Self(0);
    pub(crate) const ONE: Self = Self(1);

    pub(crate) fn symbol(name: &str) -> Self {
        assert_eq!(ARITHMETIC.get(), Arithmetic::Expressions);
        put(Node::Symbol(name.to_owned()))
    }

    /// Makes a number of the small field.
    pub(crate) fn small(number: u32) -> Self {
        let Arithmetic::Modulo(p) = ARITHMETIC.get() else { panic!("numbers are for small fields") };
        Self(number % p)
    }

    pub(crate) fn number(self) -> u32 {
        assert_ne!(ARITHMETIC.get(), Arithmetic::Expressions);
        self.0
    }

    pub(crate) fn node(self) -> Node {
        EXPRESSIONS.with_borrow(|expressions| expressions.nodes[self.0 as usize].clone())
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        match ARITHMETIC.get() {
            Arithmetic::Expressions => put(Node::Plus(self, other)),
            Arithmetic::Modulo(p) => Self((self.0 + other.0) % p),
        }
    }

    pub(crate) fn minus(self, other: Self) -> Self {
        match ARITHMETIC.get() {
            Arithmetic::Expressions => put(Node::Minus(self, other)),
            Arithmetic::Modulo(p) => Self((self.0 + p - other.0) % p),
        }
    }

    pub(crate) fn times(self, other: Self) -> Self {
        match ARITHMETIC.get() {
            Arithmetic::Expressions => put(Node::Times(self, other)),
            Arithmetic::Modulo(p) => Self(self.0 * other.0 % p),
        }
    }

    pub(crate) fn negated(self) -> Self {
        match ARITHMETIC.get() {
            Arithmetic::Expressions => put(Node::Negated(self)),
            Arithmetic::Modulo(p) => Self((p - self.0) % p),
        }
    }

    /// Returns the inverse of a number, unless it is 0. That of an expression is the symbol
    /// `inverse`, and [`inverted`] tells of what.
    pub(crate) fn inverse(self) -> Option<Self> {
        match ARITHMETIC.get() {
            Arithmetic::Expressions => {
                INVERTED.set(self);
                Some(Self::symbol("inverse"))
            }
            Arithmetic::Modulo(p) => (1..p).find(|other| self.0 * other % p == 1).map(Self),
        }
    }

    /// Compares two values. Expressions are taken to be equal, and [`compared`] tells which
    /// they were.
    pub(crate) fn is(self, other: Self) -> bool {
        match ARITHMETIC.get() {
            Arithmetic::Expressions => {
                COMPARISONS.with_borrow_mut(|all| all.push(Comparison::Equal(self, other)));
                true
            }
            Arithmetic::Modulo(_) => self == other,
        }
    }

    /// Compares with 0. Expressions are taken not to be 0.
    pub(crate) fn is_zero(self) -> bool {
        match ARITHMETIC.get() {
            Arithmetic::Expressions => {
                COMPARISONS.with_borrow_mut(|all| all.push(Comparison::NotZero(self)));
                false
            }
            Arithmetic::Modulo(_) => self == Self::ZERO,
        }
    }

    /// Puts the steps that lead to this value into `found`, whose order is that in
    /// which they were taken.
    pub(crate) fn collect(self, found: &mut BTreeSet<Self>) {
        let (a, b) = match self.node() {
            Node::Zero | Node::One | Node::Symbol(_) => return,
            Node::Plus(a, b) | Node::Minus(a, b) | Node::Times(a, b) => (a, b),
            Node::Negated(a) => (a, a),
        };
        if found.insert(self) {
            a.collect(found);
            b.collect(found);
        }
    }
}

/// Lets the code's constant with these limbs be `value`.
pub(crate) fn name_constant(limbs: &[u64], value: Value) {
    CONSTANTS.with_borrow_mut(|constants| constants.insert(limbs.to_vec(), value));
}

/// Returns the value of one of the code's constants.
pub(crate) fn constant(limbs: &[u64]) -> Value {
    match limbs {
        [0, rest @ ..] if rest.iter().all(|limb| *limb == 0) => Value::ZERO,
        [1, rest @ ..] if rest.iter().all(|limb| *limb == 0) => Value::ONE,
        _ => {
            CONSTANTS.with_borrow(|constants| constants.get(limbs).copied()).expect("a constant with a name")
        }
    }
}

/// Returns the expression of which the code last wanted the inverse.
pub(crate) fn inverted() -> Value {
    INVERTED.get()
}

/// Runs a test of the code, which must pass, and returns what it compared.
pub(crate) fn compared(test: impl FnOnce() -> bool) -> Vec<Comparison> {
    COMPARISONS.take();
    assert!(test());
    COMPARISONS.take()
}

/// Compares numbers in lanes with 0, in a test that [`compared_in_lanes`] runs.
pub(crate) fn is_zero_in_lanes(lanes: &[Value; 8]) -> u8 {
    ZEROS.with_borrow_mut(|zeros| {
        zeros.compared.push(*lanes);
        if zeros.third_is_not && zeros.compared.len().is_multiple_of(3) { 0 } else { u8::MAX }
    })
}

/// Runs a test of the code in lanes, which must pass, and returns what it compared, by threes: all are 0,
/// but the last of each three if `third_is_not`.
pub(crate) fn compared_in_lanes(
    third_is_not: bool,
    test: impl FnOnce() -> bool,
) -> Vec<[[Comparison; 3]; 8]> {
    ZEROS.set(Zeros { third_is_not, ..Zeros::default() });
    assert!(test());
    let compared = ZEROS.take().compared;
    let (threes, []) = compared.as_chunks::<3>() else { panic!("{} numbers", compared.len()) };
    let of_lane = |three: &[[Value; 8]; 3], lane: usize| {
        let [one, other, last] = three.map(|number| number[lane]);
        let last =
            if third_is_not { Comparison::NotZero(last) } else { Comparison::Equal(last, Value::ZERO) };
        [Comparison::Equal(one, Value::ZERO), Comparison::Equal(other, Value::ZERO), last]
    };
    threes.iter().map(|three| std::array::from_fn(|lane| of_lane(three, lane))).collect()
}
