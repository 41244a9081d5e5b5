//! Writes expressions for Coq.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::value::{Comparison, Node, Value};

/// A function of the code: its name, its arguments and its results.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    pub(crate) arguments: &'static [&'static str],
    pub(crate) results: Vec<Value>,
}

/// A constant of the code, by its limbs, the lowest first.
#[derive(Clone)]
pub(crate) struct Constant {
    pub(crate) name: String,
    pub(crate) limbs: Vec<u64>,
}

/// A test of the code: what it compares.
pub(crate) struct Test {
    pub(crate) name: &'static str,
    pub(crate) arguments: &'static [&'static str],
    pub(crate) comparisons: Vec<Comparison>,
}

const HEAD: &str = "\
(* What accel's code computed with symbols instead of numbers: written by the program
   `formulas`, which runs that code. *)
Section Code.
Variable K : Set.
Variables (zero one : K) (plus minus times : K -> K -> K) (negated : K -> K).
";

pub(crate) fn written(functions: &[Function], tests: &[Test]) -> String {
    let mut text = HEAD.to_owned();
    for Function { name, arguments, results } in functions {
        define(&mut text, name, arguments, results, |names| {
            let terms: Vec<String> = results.iter().map(|value| names.term(*value)).collect();
            format!("({})", terms.join(", "))
        });
    }
    for Test { name, arguments, comparisons } in tests {
        let values: Vec<Value> = comparisons
            .iter()
            .flat_map(|comparison| match *comparison {
                Comparison::Equal(left, right) => vec![left, right],
                Comparison::NotZero(value) => vec![value],
            })
            .collect();
        define(&mut text, name, arguments, &values, |names| {
            let comparison = |comparison: &Comparison| match *comparison {
                Comparison::Equal(left, right) => format!("{} = {}", names.term(left), names.term(right)),
                Comparison::NotZero(value) => format!("{} <> zero", names.term(value)),
            };
            comparisons.iter().map(comparison).collect::<Vec<_>>().join(" /\\ ")
        });
    }
    text.push_str("End Code.\n");
    text
}

pub(crate) fn numbers(constants: &[Constant]) -> String {
    let mut text = "\
(* Constants of accel's code: written by the program `formulas`, which includes it. *)
From Coq Require Import ZArith.
Open Scope Z_scope.
"
    .to_owned();
    for Constant { name, limbs } in constants {
        let digits: String = limbs.iter().rev().map(|limb| format!("{limb:016x}")).collect();
        write!(text, "\nDefinition {name} : Z := 0x{digits}.\n").expect("memory");
    }
    text
}

fn define(
    text: &mut String,
    name: &str,
    arguments: &[&str],
    values: &[Value],
    body: impl FnOnce(&Names) -> String,
) {
    let mut nodes = BTreeSet::new();
    for value in values {
        value.collect(&mut nodes);
    }
    let names = Names(nodes.iter().copied().zip(1..).collect());
    let arguments =
        if arguments.is_empty() { String::new() } else { format!(" ({} : K)", arguments.join(" ")) };
    writeln!(text, "\nDefinition {name}{arguments} :=").expect("memory");
    for node in nodes {
        let term = |value| names.term(value);
        let definition = match node.node() {
            Node::Plus(a, b) => format!("plus {} {}", term(a), term(b)),
            Node::Minus(a, b) => format!("minus {} {}", term(a), term(b)),
            Node::Times(a, b) => format!("times {} {}", term(a), term(b)),
            Node::Negated(a) => format!("negated {}", term(a)),
            Node::Zero | Node::One | Node::Symbol(_) => unreachable!("these are terms"),
        };
        writeln!(text, "  let {} := {definition} in", term(node)).expect("memory");
    }
    writeln!(text, "  {}.", body(&names)).expect("memory");
}

/// The steps of one definition, numbered in the order in which the code took them.
struct Names(BTreeMap<Value, u32>);

impl Names {
    fn term(&self, value: Value) -> String {
        match value.node() {
            Node::Zero => "zero".to_owned(),
            Node::One => "one".to_owned(),
            Node::Symbol(name) => name,
            _ => format!("s{}", self.0[&value]),
        }
    }
}
