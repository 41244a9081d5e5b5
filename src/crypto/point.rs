//! Compressed points of the curves, written in full by aws-lc.

#![expect(unsafe_code, reason = "aws-lc's points are for C")]

use std::ptr::{self, NonNull};

use aws_lc_sys::{EC_GROUP, EC_POINT, point_conversion_form_t};

use crate::alg::KeyType;

/// A point of a curve, which is freed when it is dropped.
struct Point(NonNull<EC_POINT>);

impl Drop for Point {
    fn drop(&mut self) {
        // SAFETY: the point is one of aws-lc's and not used afterwards.
        unsafe { aws_lc_sys::EC_POINT_free(self.0.as_ptr()) };
    }
}

/// Returns the uncompressed form of a compressed point (SEC 1 §2.3.4); `None` if the
/// bytes are no point of the curve, or the type is not that of a curve.
pub(crate) fn uncompressed(curve: KeyType, compressed: &[u8]) -> Option<Vec<u8>> {
    let group = group(curve)?;
    // SAFETY: the group is one of aws-lc's, which are never freed.
    let point = Point(NonNull::new(unsafe { aws_lc_sys::EC_POINT_new(group) })?);
    let (bytes, length) = (compressed.as_ptr(), compressed.len());
    // SAFETY: group and point belong together; the pointer and the length are those of a
    // slice; aws-lc makes the workspace that is left out.
    let read =
        unsafe { aws_lc_sys::EC_POINT_oct2point(group, point.0.as_ptr(), bytes, length, ptr::null_mut()) };
    if read != 1 {
        return None;
    }
    let form = point_conversion_form_t::POINT_CONVERSION_UNCOMPRESSED;
    // One byte for the form and two coordinates.
    let mut full = vec![0; length.checked_mul(2)?.checked_sub(1)?];
    let (room, size) = (full.as_mut_ptr(), full.len());
    // SAFETY: as above; at most `size` bytes are written.
    let written =
        unsafe { aws_lc_sys::EC_POINT_point2oct(group, point.0.as_ptr(), form, room, size, ptr::null_mut()) };
    (written == size).then_some(full)
}

fn group(curve: KeyType) -> Option<*const EC_GROUP> {
    let nid = match curve {
        KeyType::P256 => aws_lc_sys::NID_X9_62_prime256v1,
        KeyType::P384 => aws_lc_sys::NID_secp384r1,
        KeyType::P521 => aws_lc_sys::NID_secp521r1,
        KeyType::Secp256k1 => aws_lc_sys::NID_secp256k1,
        _ => return None,
    };
    // SAFETY: the function takes a number.
    let group = unsafe { aws_lc_sys::EC_GROUP_new_by_curve_name(nid) };
    (!group.is_null()).then_some(group.cast_const())
}
