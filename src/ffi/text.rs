//! Texts that the library makes.

use zeroize::{Zeroize, Zeroizing};

use super::boundary::answer;
use super::slice::Slice;

/// A text that the library wrote: a token, a JWK Set, counters.
///
/// Made empty by the caller and filled by a call, which replaces what it held.
/// Use one again and again; it keeps its room. Its bytes are wiped when they
/// are replaced and when it is freed, because they may be a private key. One
/// thread at a time.
pub struct Text(Zeroizing<Vec<u8>>);

impl Text {
    pub(super) fn set(&mut self, text: &str) {
        self.set_bytes(text.as_bytes());
    }

    pub(super) fn set_bytes(&mut self, text: &[u8]) {
        // Room for the NUL as well, so that nothing secret is left behind in
        // memory that a growing vector gave back.
        if self.0.capacity() <= text.len() {
            self.0 = Zeroizing::new(Vec::with_capacity(text.len().saturating_add(1)));
        }
        self.0.zeroize();
        self.0.extend_from_slice(text);
        self.0.push(0);
    }
}

/// Makes an empty text. The caller owns it and frees it with `jot_text_free`.
/// Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn jot_text_new() -> Option<Box<Text>> {
    answer(None, || Some(Box::new(Text(Zeroizing::new(Vec::new())))))
}

/// Returns a view of what the text holds; empty for NULL. It lives until the
/// text is filled anew or freed. One byte behind its end there is a NUL.
#[unsafe(no_mangle)]
pub extern "C" fn jot_text_view(text: Option<&Text>) -> Slice {
    answer(Slice::ABSENT, || match text.and_then(|text| text.0.split_last()) {
        Some((_, bytes)) => Slice::of(bytes),
        None => Slice { ptr: c"".as_ptr().cast(), len: 0 },
    })
}

/// Wipes and frees a text; NULL is fine.
#[unsafe(no_mangle)]
pub extern "C" fn jot_text_free(text: Option<Box<Text>>) {
    answer((), || drop(text));
}
