//! The engine's errors as errors of JavaScript.

use jot::{Code, Error};
use serde::Serialize;

/// An error whose code is a line of JSON, [`Told`], of which `lib/errors.js` makes a `JotError`.
pub(crate) type Fault = napi::Error<String>;

/// What `JotError` says beside its sentence.
#[derive(Serialize)]
struct Told<'t> {
    code: &'static str,
    number: u32,
    member: Option<&'t str>,
    offset: Option<u32>,
}

/// Returns an error of the engine's.
pub(crate) fn of_engine(error: Error) -> Fault {
    let told = Told {
        code: error.code().name(),
        number: error.code().number(),
        member: error.member(),
        offset: error.offset(),
    };
    make(&told, &error.to_string())
}

/// Returns an error that this crate found.
pub(crate) fn fault(code: Code, member: &str, sentence: &str) -> Fault {
    let told = Told { code: code.name(), number: code.number(), member: Some(member), offset: None };
    make(&told, sentence)
}

/// Returns an error of fetching.
pub(crate) fn of_fetch(error: jot_fetch::Error) -> Fault {
    let sentence = error.to_string();
    match error {
        jot_fetch::Error::Keys(error) => of_engine(error),
        jot_fetch::Error::NotInTime(code) | jot_fetch::Error::Fetch(code, _) => {
            fault(code, "keys", &sentence)
        }
        jot_fetch::Error::Settings(setting, _) => fault(Code::PolicyInvalid, setting, &sentence),
        _ => fault(Code::Internal, "fetch", &sentence),
    }
}

fn make(told: &Told<'_>, sentence: &str) -> Fault {
    // Texts and numbers are always written.
    Fault::new(serde_json::to_string(told).unwrap_or_default(), sentence)
}
