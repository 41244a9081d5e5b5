//! The form, as it was sent.

use super::place::Start;

/// The fields by their names; one that is not there is empty.
#[derive(Clone, Debug, Default)]
pub(super) struct Form {
    pub(super) token: String,
    /// `text`, `secret`, `url` or `issuer`.
    pub(super) source: String,
    pub(super) keys: String,
    pub(super) place: String,
    pub(super) algorithms: String,
    pub(super) issuer: String,
    pub(super) audience: String,
    pub(super) typ: String,
    pub(super) leeway: String,
    pub(super) now: String,
    pub(super) claims: String,
    pub(super) algorithm: String,
    pub(super) key: String,
    /// Sign, and do not only show the form.
    pub(super) sign: bool,
}

impl Form {
    pub(super) fn of(start: Start) -> Self {
        Self { token: start.token, keys: start.keys, ..Self::default() }
    }

    pub(super) fn read(body: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            let field = match &*name {
                "token" => &mut form.token,
                "source" => &mut form.source,
                "keys" => &mut form.keys,
                "place" => &mut form.place,
                "algorithms" => &mut form.algorithms,
                "issuer" => &mut form.issuer,
                "audience" => &mut form.audience,
                "typ" => &mut form.typ,
                "leeway" => &mut form.leeway,
                "now" => &mut form.now,
                "claims" => &mut form.claims,
                "algorithm" => &mut form.algorithm,
                "key" => &mut form.key,
                "sign" => {
                    form.sign = true;
                    continue;
                }
                _ => continue,
            };
            // Browsers send each line break of a field as two characters.
            *field = value.replace("\r\n", "\n");
        }
        form
    }
}
