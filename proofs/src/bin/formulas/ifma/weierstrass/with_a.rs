//! The curves with this a.

use super::field::{self, With};
use super::point;

pub(super) type Field<const A: i8> = field::Field<With<A>, 5>;
pub(super) type Point<const A: i8> = point::Point<With<A>, 5>;
pub(super) type Sum<const A: i8> = point::Sum<With<A>, 5>;
