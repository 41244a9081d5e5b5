//! Lists in columns.

/// A list of texts in one column.
pub(super) fn list_to_text(list: &[String]) -> String {
    serde_json::Value::from(list).to_string()
}

pub(super) fn list_from_text(text: &str) -> Vec<String> {
    let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let items = value.as_array().into_iter().flatten();
    items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
}
