//! Bytes at the boundary to Envoy.
#![expect(unsafe_code, reason = "the boundary to Envoy is a C one")]

use std::ffi::c_char;
use std::ptr;

/// `envoy_dynamic_module_type_envoy_buffer` and `…_module_buffer`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct Buffer {
    ptr: *const c_char,
    length: usize,
}

impl Buffer {
    pub(crate) const NULL: Self = Self { ptr: ptr::null(), length: 0 };

    pub(crate) const fn of(bytes: &[u8]) -> Self {
        Self { ptr: bytes.as_ptr().cast(), length: bytes.len() }
    }

    /// # Safety
    /// The buffer must be Envoy's, and valid and unchanged for `'b`.
    pub(crate) const unsafe fn bytes<'b>(self) -> &'b [u8] {
        if self.ptr.is_null() || self.length == 0 {
            return &[];
        }
        // SAFETY: not null, and the caller vouches for the rest.
        unsafe { std::slice::from_raw_parts(self.ptr.cast(), self.length) }
    }
}
