//! Pages that came in the place of keys.

use crate::error::{Code, Error};

/// Says of a text that is no key why: what begins like a page of HTML or XML is
/// called that, since a proxy's login or error page is what mostly stands where
/// a key set was looked for.
pub(super) fn unless_page(text: &[u8], error: Error) -> Error {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    if text.trim_ascii_start().starts_with(b"<") { Error::new(Code::KeyTextIsPage) } else { error }
}

#[cfg(test)]
mod tests {
    use super::super::{KeyOptions, KeySet, VerifyingKey};
    use super::*;

    #[test]
    fn page_is_called_one_by_whoever_reads_it() {
        let options = KeyOptions::default();
        for page in
            ["<!DOCTYPE html><title>Log in</title>", "\u{feff}\n<html>", " <?xml version=\"1.0\"?><Error/>"]
        {
            let text = page.as_bytes();
            let codes = [
                KeySet::from_text(text, &options).map(drop),
                KeySet::from_jwks(text, &options).map(drop),
                KeySet::from_pem_bundle(text, &options).map(drop),
                VerifyingKey::from_jwk(text, &options).map(drop),
                VerifyingKey::from_pem(text, &options).map(drop),
            ];
            for code in codes.map(|read| read.unwrap_err().code()) {
                assert_eq!(code, Code::KeyTextIsPage, "{page}");
            }
        }
        let pem = KeySet::from_text(b"no page <", &options).unwrap_err().code();
        assert_eq!(pem, Code::KeyPemInvalid);
    }
}
