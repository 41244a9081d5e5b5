//! The curves with this a, as lanes need them.

use super::field::{InLanes, With};

pub(super) trait Lanes<const W: usize, const N: usize>: InLanes<N> {}

impl<const A: i8> Lanes<4, 5> for With<A> {}
