//! The field by its contracts.

pub(super) use super::super::points::field::Field;
