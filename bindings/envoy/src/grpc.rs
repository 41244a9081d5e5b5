//! Saying no to gRPC calls.
//!
//! A gRPC client takes the outcome of a call from `grpc-status`, and one of
//! gRPC-Web looks there too; Envoy's hook for answers sets it to 0, which is
//! success, unless the answer brings its own. The HTTP status stays as it is:
//! for gRPC Envoy turns it into 200 itself, and a browser that may not see
//! `grpc-status`, because CORS hides it, still sees no success. The answer has
//! no body, as what Envoy's filter for gRPC-Web makes of an answer has none.

use std::fmt::Write as _;

use crate::exchange::Exchange;

/// Returns `true` if a request is a call, by its content type.
pub(crate) fn is_call(exchange: &impl Exchange) -> bool {
    let content_type = exchange.header("content-type", 0).unwrap_or_default().to_ascii_lowercase();
    let Some(kind) = content_type.strip_prefix(b"application/grpc") else { return false };
    ["-web-text", "-web", ""].iter().any(|name| {
        let rest = kind.strip_prefix(name.as_bytes());
        rest.is_some_and(|rest| matches!(rest.first(), None | Some(b'+' | b';' | b' ')))
    })
}

/// Returns gRPC's number for an HTTP status that the filter answers with.
pub(crate) const fn status_of(http: u16) -> &'static str {
    match http {
        400 => "3",
        401 => "16",
        403 => "7",
        500 => "13",
        503 => "14",
        _ => "2",
    }
}

/// Writes a text as `grpc-message` wants it, without the line break at its end.
pub(crate) fn message_of(text: &str) -> String {
    let mut message = String::new();
    for byte in text.trim_end().bytes() {
        // Writing to a String does not fail.
        let _ = match byte {
            b' '..=b'~' if byte != b'%' => message.write_char(char::from(byte)),
            _ => write!(message, "%{byte:02X}"),
        };
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::tests::Fake;

    #[test]
    fn calls_are_known_by_their_whole_type() {
        for (content_type, call) in [
            ("application/grpc", true),
            ("Application/gRPC", true),
            ("application/grpc+proto", true),
            ("application/grpc;charset=utf-8", true),
            ("application/grpc-web", true),
            ("application/grpc-web+json ", true),
            ("application/grpc-web-text", true),
            ("application/grpc-web-text+proto", true),
            ("application/grpcweb", false),
            ("application/grpc-website", false),
            ("application/json", false),
            ("", false),
        ] {
            assert_eq!(is_call(&Fake::new(&[("content-type", content_type)])), call, "{content_type}");
        }
        assert!(!is_call(&Fake::default()));
    }

    #[test]
    fn message_is_one_line_of_ascii() {
        assert_eq!(message_of("a b~\n\r\n"), "a b~");
        assert_eq!(message_of("100 %\n\u{fc}\u{7f}x"), "100 %25%0A%C3%BC%7Fx");
    }
}
