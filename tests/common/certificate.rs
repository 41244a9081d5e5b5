//! Certificates that nobody signed: names and a key are all that is read.

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    [&[tag, 0x82], &length[..], content].concat()
}

/// Makes the DER of a certificate of version 1; the key is a
/// SubjectPublicKeyInfo.
pub(crate) fn certificate(issuer: &str, subject: &str, key: &[u8]) -> Vec<u8> {
    // DER wants lengths of two bytes where there are 256 bytes and more, so
    // everything is filled up to that.
    dated_certificate(issuer, subject, key, &element(0x30, &element(0x04, &[0; 256])))
}

/// Makes a certificate with this Validity (RFC 5280 §4.1.2.5).
pub(crate) fn dated_certificate(issuer: &str, subject: &str, key: &[u8], validity: &[u8]) -> Vec<u8> {
    let name = |text: &str| element(0x30, &element(0x0c, format!("{text:256}").as_bytes()));
    let filling = element(0x30, &element(0x04, &[0; 256]));
    let number = [0x02, 1, 1];
    let tbs = [&number[..], &filling, &name(issuer), validity, &name(subject), key].concat();
    let bits = element(0x03, &[0; 256]);
    element(0x30, &[element(0x30, &tbs), filling, bits].concat())
}
