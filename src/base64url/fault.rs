//! The one fault of a text that is to be base64url.

/// The bytes are not strict base64url.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotBase64Url;
