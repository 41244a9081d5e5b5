//! Conditions on claims, in the words of the engine's notation.

use serde_json::Value;

use super::path::PathConfig;

/// A condition: a claim and at most one test, which may stand under `not`. Without a
/// test the claim must be there.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimConfig {
    pub(crate) claim: PathConfig,
    #[serde(default, deserialize_with = "given")]
    present: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    equals: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    any_of: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    contains: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    prefix: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    regex: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    ge: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    gt: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    le: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    lt: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    not: Option<TestConfig>,
}

/// One test: its name and its operands.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "snake_case", expecting = "one test")]
enum TestConfig {
    Present(Value),
    Equals(Value),
    AnyOf(Value),
    Contains(Value),
    Prefix(Value),
    Regex(Value),
    Ge(Value),
    Gt(Value),
    Le(Value),
    Lt(Value),
}

impl ClaimConfig {
    /// Returns the words that follow the claim in the engine's notation.
    pub(crate) fn words(&self) -> Result<Vec<String>, String> {
        let plain = [
            ("present", &self.present),
            ("equals", &self.equals),
            ("any_of", &self.any_of),
            ("contains", &self.contains),
            ("prefix", &self.prefix),
            ("regex", &self.regex),
            ("ge", &self.ge),
            ("gt", &self.gt),
            ("le", &self.le),
            ("lt", &self.lt),
        ];
        let mut plain = plain.iter().filter_map(|(name, value)| Some((*name, value.as_ref()?)));
        match (plain.next(), plain.next(), &self.not) {
            (None, None, None) => Ok(vec!["present".to_owned()]),
            (Some((name, value)), None, None) => words(name, value),
            (None, None, Some(test)) => {
                let (name, value) = test.parts();
                Ok([vec!["not".to_owned()], words(name, value)?].concat())
            }
            _ => Err("one test is wanted; write an entry for each".to_owned()),
        }
    }
}

impl TestConfig {
    const fn parts(&self) -> (&'static str, &Value) {
        match self {
            Self::Present(value) => ("present", value),
            Self::Equals(value) => ("equals", value),
            Self::AnyOf(value) => ("any_of", value),
            Self::Contains(value) => ("contains", value),
            Self::Prefix(value) => ("prefix", value),
            Self::Regex(value) => ("regex", value),
            Self::Ge(value) => ("ge", value),
            Self::Gt(value) => ("gt", value),
            Self::Le(value) => ("le", value),
            Self::Lt(value) => ("lt", value),
        }
    }
}

/// A value's JSON is its word, so the engine judges what is no operand.
fn words(name: &str, value: &Value) -> Result<Vec<String>, String> {
    let operands = match (name, value) {
        ("present", Value::Bool(true)) => Vec::new(),
        ("present", _) => return Err("present takes true; its contrary is not: {present: true}".to_owned()),
        ("any_of" | "contains", Value::Array(values)) => values.iter().map(Value::to_string).collect(),
        ("any_of", _) => return Err("any_of takes a list; one value is equals".to_owned()),
        ("equals", Value::Array(_)) => return Err("equals takes one value; a list is any_of".to_owned()),
        ("prefix" | "regex", value) if !value.is_string() => return Err(format!("{name} takes a text")),
        (_, value) => vec![value.to_string()],
    };
    Ok([vec![name.to_owned()], operands].concat())
}

/// Keeps a null apart from a field that is not there.
fn given<'de, D, T>(value: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::Deserialize<'de>,
{
    serde::Deserialize::deserialize(value).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Result<String, String> {
        let config: ClaimConfig = serde_json::from_str(text).map_err(|error| error.to_string())?;
        config.words().map(|words| words.join(" "))
    }

    #[test]
    fn condition_becomes_the_words_of_the_notation() {
        for (text, expected) in [
            (r#"{"claim":"a"}"#, "present"),
            (r#"{"claim":"a","present":true}"#, "present"),
            (r#"{"claim":"a","not":{"present":true}}"#, "not present"),
            (r#"{"claim":"a","equals":"b c"}"#, r#"equals "b c""#),
            (r#"{"claim":"a","any_of":["b",1,true,0.5]}"#, r#"any_of "b" 1 true 0.5"#),
            (r#"{"claim":"a","contains":"b"}"#, r#"contains "b""#),
            (r#"{"claim":"a","not":{"contains":["b",2]}}"#, r#"not contains "b" 2"#),
            (r#"{"claim":["a","b"],"prefix":"svc-"}"#, r#"prefix "svc-""#),
            (r#"{"claim":"a","not":{"regex":"b+"}}"#, r#"not regex "b+""#),
            (r#"{"claim":"a","ge":3}"#, "ge 3"),
            (r#"{"claim":"a","not":{"lt":18446744073709551615}}"#, "not lt 18446744073709551615"),
            // The engine refuses it.
            (r#"{"claim":"a","equals":null}"#, "equals null"),
        ] {
            assert_eq!(words(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn mistakes_are_told_with_what_cures_them() {
        for (text, told) in [
            (
                r#"{"claim":"a","anyof":[1]}"#,
                "unknown field `anyof`, expected one of `claim`, `present`, `equals`",
            ),
            (
                r#"{"claim":"a","not":{"anyof":[1]}}"#,
                "unknown variant `anyof`, expected one of `present`, `equals`",
            ),
            (r#"{"claim":"a","ge":1,"ge":2}"#, "duplicate field `ge`"),
            (r#"{"claim":"a","ge":1,"lt":2}"#, "write an entry for each"),
            (r#"{"claim":"a","ge":1,"not":{"lt":2}}"#, "write an entry for each"),
            (r#"{"claim":"a","not":{"ge":1,"lt":2}}"#, "expected"),
            (r#"{"claim":"a","not":{}}"#, "expected"),
            (r#"{"claim":"a","not":null}"#, "expected"),
            (r#"{"claim":"a","present":false}"#, "not: {present: true}"),
            (r#"{"claim":"a","equals":["b"]}"#, "a list is any_of"),
            (r#"{"claim":"a","any_of":"b"}"#, "one value is equals"),
            (r#"{"claim":"a","prefix":1}"#, "prefix takes a text"),
            (r#"{"claim":"a","not":{"regex":["b"]}}"#, "regex takes a text"),
        ] {
            let refusal = words(text).unwrap_err();
            assert!(refusal.contains(told), "{text}: {refusal}");
        }
    }
}
