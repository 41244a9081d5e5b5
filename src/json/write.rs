//! Writing JSON strings.

/// Appends `value` to `text` as a JSON string with its quotes (RFC 8259 §7).
pub(crate) fn write_string(value: &str, text: &mut String) {
    text.push('"');
    for character in value.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            control if control < ' ' => text.push_str(&format!("\\u{:04x}", u32::from(control))),
            plain => text.push(plain),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::write_string;

    #[test]
    fn what_rfc_8259_wants_escaped_is() {
        let mut text = String::new();
        write_string("a\"\\\n\r\t\0\u{1f} \u{7f}ü", &mut text);
        assert_eq!(text, "\"a\\\"\\\\\\n\\r\\t\\u0000\\u001f \u{7f}ü\"");
    }
}
