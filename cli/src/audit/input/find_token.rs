//! Tokens within a longer text: cookies, query strings, whole lines.

/// The fewest characters of a piece that has not the three segments of a token.
const LEAST_CUT_CHARS: usize = 16;

const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')
}

/// Lists the pieces that look like tokens in their order: runs of the characters
/// of base64url and dots whose first segment is that of a JSON object. A piece
/// with less than two dots, such as a field of bounded length leaves, counts where
/// no other does.
pub(in crate::audit) fn pieces(text: &[u8]) -> Vec<&[u8]> {
    let mut whole = Vec::new();
    let mut cut = Vec::new();
    for run in text.split(|byte| !is_plain(*byte)) {
        let Some(piece) = begin(run).and_then(|begin| run.get(begin..)) else { continue };
        match dots(piece) {
            0 | 1 if piece.len() >= LEAST_CUT_CHARS => cut.push(piece),
            0 | 1 => {}
            2 => whole.push(piece),
            // The end of a sentence.
            3 if piece.ends_with(b".") => whole.extend(piece.split_last().map(|(_, piece)| piece)),
            _ => whole.push(piece),
        }
    }
    if whole.is_empty() { cut } else { whole }
}

/// Where the token of a run begins: `{"`, `{ ` and `{` with a line break are
/// `eyJ`, `eyA`, `ewo` and `ew0` in base64url. Within a run, as in
/// `id.token-eyJ…`, only the first of these counts.
fn begin(run: &[u8]) -> Option<usize> {
    let starts = |at: &[u8]| [b"eyJ", b"eyA", b"ewo", b"ew0"].iter().any(|start| at.starts_with(*start));
    if starts(run) {
        return Some(0);
    }
    memchr::memmem::find(run, b"eyJ")
}

fn dots(text: &[u8]) -> usize {
    memchr::memchr_iter(b'.', text).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        pieces(text.as_bytes()).into_iter().map(|piece| std::str::from_utf8(piece).unwrap()).collect()
    }

    #[test]
    fn tokens_are_found_wherever_they_stand() {
        for text in [
            "eyJh.eyJp.c2ln",
            "sid=1; access_token=eyJh.eyJp.c2ln; other=2",
            "/a?x=1&access_token=eyJh.eyJp.c2ln&y=2",
            "{api.example|Bearer eyJh.eyJp.c2ln}",
            "the token eyJh.eyJp.c2ln.",
            "\"token-eyJh.eyJp.c2ln\"",
        ] {
            assert_eq!(found(text), ["eyJh.eyJp.c2ln"], "{text}");
        }
        assert_eq!(found("eyJh.eyJp.c2ln, Bearer eyJa.eyJb."), ["eyJh.eyJp.c2ln", "eyJa.eyJb."]);
        assert_eq!(found("ewogICJh.eyJp.c2ln"), ["ewogICJh.eyJp.c2ln"]);
    }

    #[test]
    fn cut_token_counts_where_there_is_no_other() {
        assert_eq!(found("x=eyJhbGciOiJFUzI1NiJ9.eyJ"), ["eyJhbGciOiJFUzI1NiJ9.eyJ"]);
        assert_eq!(found("eyJhbGciOiJFUzI1NiJ9 eyJh.eyJp.c2ln"), ["eyJh.eyJp.c2ln"]);
        for text in ["", "-", "eyJ", "www.example.com.", "Basic dXNlcjpw", "monkeyJungle"] {
            assert!(found(text).is_empty(), "{text}");
        }
    }
}
