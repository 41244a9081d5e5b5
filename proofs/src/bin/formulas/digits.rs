//! The recoding of scalars: what the code does with each byte and each carry.

use std::fmt::Write;

use crate::field::{LARGEST, halves, signed_digits};

/// A byte and the carry before it become a digit and the carry after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    digit: i16,
    carry: u8,
}

/// Runs the code on a number whose second byte is `byte`. The first byte makes the carry
/// before it, and the third digit, of a byte of 0, is the carry after it.
fn step(byte: u8, carry: u8) -> Step {
    let first = if carry == 1 { 0xff } else { 0 };
    let digits: Vec<i16> = signed_digits([u64::from_le_bytes([first, byte, 0, 0, 0, 0, 0, 0])]).collect();
    Step { digit: digits[1], carry: u8::try_from(digits[2]).expect("a carry is not negative") }
}

/// The steps, as a list for Coq.
pub(crate) fn written() -> String {
    let mut text = "\
(* What accel's code makes of a byte and the carry before it, a digit and the carry after
   it: written by the program `formulas`, which runs that code. *)
From Coq Require Import List ZArith.
Import ListNotations.
Open Scope Z_scope.

Definition digit_steps : list (Z * Z * Z * Z) := [
"
    .to_owned();
    for byte in 0..=u8::MAX {
        for carry in 0..2 {
            let after = step(byte, carry);
            let end = if (byte, carry) == (u8::MAX, 1) { "\n].\n" } else { ";\n" };
            write!(text, "  ({byte}, {carry}, {}, {}){end}", after.digit, after.carry).expect("memory");
        }
    }
    text
}

/// Numbers with every byte at every place, after bytes that make a carry and bytes that
/// make none, are written by these steps, beginning with a carry of 0. Between two bytes
/// the code keeps the carry and nothing else.
pub(crate) fn digits_are_taken_step_by_step() {
    of_limbs::<4>();
    of_limbs::<6>();
    assert_eq!(LARGEST, 128);
}

fn of_limbs<const N: usize>() {
    let steps: Vec<[Step; 2]> = (0..=u8::MAX).map(|byte| [step(byte, 0), step(byte, 1)]).collect();
    for others in [0, 0x7f, 0x80, 0xff] {
        for place in 0..8 * N - 1 {
            for (byte, before) in
                (0..=u8::MAX).flat_map(|byte| [0, 0x7f, 0x80, 0x81, 0xff].map(|b| (byte, b)))
            {
                let mut bytes = vec![others; 8 * N];
                bytes[place..place + 2].copy_from_slice(&[before, byte]);
                let number = std::array::from_fn::<u64, N, _>(|limb| {
                    u64::from_le_bytes(bytes[8 * limb..8 * limb + 8].try_into().expect("eight bytes"))
                });
                let mut carry = 0;
                let wanted = bytes.iter().map(|byte| {
                    let step = steps[usize::from(*byte)][usize::from(carry)];
                    carry = step.carry;
                    step.digit
                });
                assert!(signed_digits(number).eq(wanted), "{bytes:x?}");
            }
        }
    }
}

/// The two digits in base 16 stand for the digit, and none is beyond the eight rows.
pub(crate) fn halves_are_the_digit() {
    for digit in -LARGEST..=LARGEST {
        let [low, high] = halves(digit);
        assert_eq!(low + 16 * high, digit);
        assert!(low.abs() <= 8 && high.abs() <= 8);
    }
}
