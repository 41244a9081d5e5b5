//! Texts that the library writes.

use zeroize::{Zeroize, Zeroizing};

use super::boundary::answer;
use super::slice::Slice;

/// A text that the library wrote: a token, a JWK Set, counters.
///
/// The caller makes it empty, and a call fills it and replaces its old content. Reuse
/// it: it keeps its buffer. Its bytes are wiped when they are replaced and when it is
/// freed, because they may be a private key. One thread at a time may use it.
pub struct Text(Zeroizing<Vec<u8>>);

impl Text {
    /// Replaces the content.
    pub fn set(&mut self, text: &str) {
        self.set_bytes(text.as_bytes());
    }

    pub(super) fn set_bytes(&mut self, text: &[u8]) {
        // Reserve for the NUL as well: a vector that grows later would leave the
        // secret in the memory that it returns to the heap.
        if self.0.capacity() <= text.len() {
            self.0 = Zeroizing::new(Vec::with_capacity(text.len().saturating_add(1)));
        }
        self.0.zeroize();
        self.0.extend_from_slice(text);
        self.0.push(0);
    }
}

/// Makes an empty text. The caller owns it and frees it with `jot_text_free`. Any
/// thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_text_new() -> Option<Box<Text>> {
    answer(None, || Some(Box::new(Text(Zeroizing::new(Vec::new())))))
}

/// Returns a view of the text's content; empty for NULL. It is valid until the text is
/// filled again or freed. The byte after its end is a NUL.
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
