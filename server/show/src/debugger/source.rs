//! The keys that a form names.

use jot::{Alg, KeyOptions, KeySet, VerifyingKey};

use super::form::Form;
use super::place::{Fetch, Place};

/// Returns the keys, or what is wrong with them.
pub(super) fn keys(form: &Form, algorithms: &[Alg], fetch: Option<&Fetch>) -> Result<KeySet, String> {
    let place = form.place.trim();
    match (form.source.as_str(), fetch) {
        ("url", Some(fetch)) => fetch(Place::Url(place)),
        ("issuer", Some(fetch)) => fetch(Place::Issuer(place)),
        ("url" | "issuer", None) => Err("This debugger fetches no keys; paste them.".to_owned()),
        ("secret", _) => {
            // A secret too short for the only algorithm is refused at once.
            let options = match algorithms {
                [only] => KeyOptions::default().alg(*only),
                _ => KeyOptions::default(),
            };
            let key = VerifyingKey::from_secret(form.keys.as_bytes(), &options);
            key.map(|key| KeySet::new([key])).map_err(|error| error.to_string())
        }
        _ if form.keys.trim().is_empty() => Err(String::new()),
        _ => {
            KeySet::from_text(form.keys.as_bytes(), &KeyOptions::default()).map_err(|error| error.to_string())
        }
    }
}

/// Reads algorithms with commas or blanks between them; none are all of them.
pub(super) fn algorithms(text: &str) -> Result<Vec<Alg>, String> {
    let names = text.split([',', ' ', '\r', '\n']).filter(|name| !name.is_empty());
    let found: Result<Vec<Alg>, String> = names
        .map(|name| {
            let all = || Alg::ALL.iter().map(|alg| alg.name()).collect::<Vec<_>>().join(", ");
            Alg::from_name(name).ok_or_else(|| format!("{name} is no algorithm that is known: {}", all()))
        })
        .collect();
    found.map(|found| if found.is_empty() { Alg::ALL.to_vec() } else { found })
}
