//! Views: borrowed bytes.

use super::boundary::{misuse, row};
use crate::error::{Code, Error};

/// A view of bytes: where they begin, and how many there are.
///
/// No NUL ends a view. A view that the caller passes in must be valid only for the
/// call. A view that the library returns is valid as long as its function says. `{NULL,
/// 0}` is the empty view, and means "absent" for an argument that may be absent.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Slice {
    /// The first byte; NULL only with a `len` of 0.
    pub ptr: *const u8,
    /// The number of bytes.
    pub len: usize,
}

impl Slice {
    /// No view: what an argument is that was left out.
    pub const ABSENT: Self = Self { ptr: std::ptr::null(), len: 0 };

    /// Views these bytes.
    pub const fn of(bytes: &[u8]) -> Self {
        Self { ptr: bytes.as_ptr(), len: bytes.len() }
    }

    /// Views a text, or nothing.
    pub fn of_option(text: Option<&str>) -> Self {
        text.map_or(Self::ABSENT, |text| Self::of(text.as_bytes()))
    }

    /// Returns the bytes.
    ///
    /// # Errors
    /// [`Code::ArgumentNull`] or another of 150 to 159, with the argument's name.
    #[inline]
    pub fn bytes<'b>(self, name: &str) -> Result<&'b [u8], Error> {
        row(self.ptr, self.len, name)
    }

    /// Returns the text.
    ///
    /// # Errors
    /// [`Code::ArgumentText`]; those of [`bytes`](Self::bytes).
    pub fn text<'b>(self, name: &str) -> Result<&'b str, Error> {
        std::str::from_utf8(self.bytes(name)?).map_err(|_| misuse(Code::ArgumentText, name))
    }

    /// Says whether the argument was left out.
    pub fn is_absent(self) -> bool {
        self.ptr.is_null() && self.len == 0
    }

    /// Returns the text; `None` if it was left out.
    ///
    /// # Errors
    /// Those of [`text`](Self::text).
    pub fn optional_text<'b>(self, name: &str) -> Result<Option<&'b str>, Error> {
        if self.is_absent() { Ok(None) } else { self.text(name).map(Some) }
    }
}
