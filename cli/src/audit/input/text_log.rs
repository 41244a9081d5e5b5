//! Access logs in text whose parts are found by their places and looks: the
//! combined format with anything in front and behind, Envoy, HAProxy, and Amazon's
//! load balancers.

use std::borrow::Cow;

use super::find_token::pieces;
use super::kept::{Common, Keep};
use super::text_fields::{Around, Field, split};
use super::{Part, Parts, Unreadable, address, token_text};

/// Which access log it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::audit) enum TextLog {
    /// nginx, Apache, Envoy and Istio: a time in brackets, a request in quotes, a
    /// status.
    Access,
    /// HAProxy's `httplog`, with captured headers in braces.
    Haproxy,
    /// Amazon's Application Load Balancer.
    LoadBalancer,
}

impl TextLog {
    pub(super) const ALL: [Self; 3] = [Self::LoadBalancer, Self::Haproxy, Self::Access];

    pub(in crate::audit) fn pick<'l>(self, line: &'l [u8], keep: &Keep) -> Result<Parts<'l>, Unreadable> {
        let fields = split(line);
        let (mut parts, request) = match self {
            Self::Access => access(&fields),
            Self::Haproxy => haproxy(&fields),
            Self::LoadBalancer => load_balancer(&fields),
        }
        .ok_or(Unreadable::LogFormat)?;
        for (number, kept) in keep.iter().enumerate() {
            let text = kept.common.and_then(|common| request.text(common));
            text.into_iter().for_each(|text| parts.keep(number, Cow::Borrowed(text)));
        }
        Ok(parts)
    }
}

/// What a line says of the request.
#[derive(Default)]
struct Request<'l> {
    line: &'l [u8],
    agent: Option<&'l [u8]>,
    id: Option<&'l [u8]>,
    host: Option<&'l [u8]>,
}

impl<'l> Request<'l> {
    const fn text(&self, common: Common) -> Option<&'l [u8]> {
        match common {
            Common::Path | Common::Method => Some(self.line),
            Common::UserAgent => self.agent,
            Common::RequestId => self.id,
            Common::Host => self.host,
        }
    }
}

fn access<'l>(fields: &[Field<'l>]) -> Option<(Parts<'l>, Request<'l>)> {
    let is_time = |field: &Field<'_>| field.is(Around::Brackets) && looks_like_date(field.text);
    let time = fields.iter().position(is_time)?;
    let (before, after) = fields.split_at_checked(time)?;
    let request = after.iter().position(|field| field.is(Around::Quotes))?;
    let (request, behind) = after.get(request..)?.split_first()?;
    let status = behind.iter().position(|field| field.is(Around::Nothing))?;
    let (status, behind) = behind.get(status..)?.split_first()?;
    if !is_status(status.text) {
        return None;
    }
    let mut parts = Parts::default();
    parts.put(Part::Time, after.first().map(|field| Cow::Borrowed(field.text)));
    parts.put(Part::Status, Some(Cow::Borrowed(status.text)));
    let quoted: Vec<_> = behind.iter().enumerate().filter(|(_, field)| field.is(Around::Quotes)).collect();
    let at = |number: usize| quoted.get(number).map(|(place, _)| *place);
    // What browsers say of themselves and where they come from is no use of a token.
    let (agent, first, client) = if before.is_empty() {
        // Envoy's default has five numbers before the first quote, Istio's format has not.
        let is_istio = at(0).is_some_and(|first| first < 5);
        let forwarded =
            quoted.get(usize::from(is_istio)).map(|(_, field)| *field).filter(|field| is_address(field));
        let plain = || behind.iter().rev().find(|field| field.is(Around::Nothing) && is_address(field));
        let client = forwarded.or_else(|| plain().filter(|_| is_istio));
        (at(if is_istio { 2 } else { 1 }), 0, client)
    } else {
        let agent = at(1);
        let client = before.iter().find(|field| is_address(field));
        (agent, agent.map_or(0, |agent| agent.saturating_add(1)), client)
    };
    parts.put(Part::Address, client.map(|field| Cow::Borrowed(field.text)));
    for (place, field) in behind.iter().enumerate().skip(first) {
        if Some(place) != agent {
            credentials(field.text, field.is(Around::Quotes), &mut parts);
        }
    }
    add_pieces(request.text, &mut parts);
    // Envoy writes the request's identifier and the authority behind the user agent.
    let text = |place: Option<usize>| place.and_then(|place| behind.get(place)).map(|field| field.text);
    let after = |number: usize| {
        let place = agent.filter(|_| before.is_empty())?.checked_add(number)?;
        text(Some(place))
    };
    Some((parts, Request { line: request.text, agent: text(agent), id: after(1), host: after(2) }))
}

fn haproxy<'l>(fields: &[Field<'l>]) -> Option<(Parts<'l>, Request<'l>)> {
    let is_time = |field: &Field<'_>| field.is(Around::Brackets) && looks_like_date(field.text);
    let time = fields.iter().position(is_time)?;
    let (before, after) = fields.split_at_checked(time)?;
    let is_timers = |field: &Field<'_>| {
        let is_timer = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'/' | b'-' | b'+');
        field.text.iter().filter(|byte| **byte == b'/').count() == 4 && field.text.iter().all(is_timer)
    };
    let timers = after.iter().position(is_timers)?;
    let status = after.get(timers.saturating_add(1))?;
    let mut parts = Parts::default();
    parts.put(Part::Time, after.first().map(|field| Cow::Borrowed(field.text)));
    parts.put(Part::Status, Some(Cow::Borrowed(status.text)));
    // Always with a port, which of IPv6 no bracket parts.
    let client = before.last().and_then(|field| {
        let colon = memchr::memrchr(b':', field.text)?;
        field.text.get(..colon)
    });
    parts.put(Part::Address, client.map(Cow::Borrowed));
    let mut request = Request::default();
    for field in after.iter().skip(timers) {
        match field.around {
            Around::Braces => {
                for captured in field.text.split(|byte| *byte == b'|') {
                    credentials(captured, true, &mut parts);
                }
            }
            Around::Quotes => {
                request.line = field.text;
                add_pieces(field.text, &mut parts);
            }
            _ => {}
        }
    }
    Some((parts, request))
}

/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html>
fn load_balancer<'l>(fields: &[Field<'l>]) -> Option<(Parts<'l>, Request<'l>)> {
    let [kind, time, _, client, _, _, _, _, status, _, _, _, request, behind @ ..] = fields else {
        return None;
    };
    let is_kind = matches!(kind.text, b"http" | b"https" | b"h2" | b"grpcs" | b"ws" | b"wss");
    if !is_kind || !looks_like_date(time.text) || !request.is(Around::Quotes) {
        return None;
    }
    let mut parts = Parts::default();
    parts.put(Part::Time, Some(Cow::Borrowed(time.text)));
    parts.put(Part::Status, Some(Cow::Borrowed(status.text)));
    parts.put(Part::Address, Some(Cow::Borrowed(client.text)));
    parts.put(Part::Token, None);
    add_pieces(request.text, &mut parts);
    let agent = behind.first().filter(|field| field.is(Around::Quotes)).map(|field| field.text);
    Some((parts, Request { line: request.text, agent, ..Request::default() }))
}

/// Adds what a field says that a client showed. `may_be_null` where a dash says
/// that it showed nothing.
fn credentials<'l>(text: &'l [u8], may_be_null: bool, parts: &mut Parts<'l>) {
    if token_text::has_scheme(text) {
        parts.add_token(Cow::Borrowed(text));
        return;
    }
    if may_be_null && matches!(text, b"" | b"-") && !parts.has(Part::Token) {
        parts.put(Part::Token, None);
    }
    add_pieces(text, parts);
}

fn add_pieces<'l>(text: &'l [u8], parts: &mut Parts<'l>) {
    for piece in pieces(text) {
        parts.add_token(Cow::Borrowed(piece));
    }
}

fn is_status(text: &[u8]) -> bool {
    matches!(text, b"-" | b"0") || text.len() == 3 && text.iter().all(u8::is_ascii_digit)
}

/// `01/Mar/2026:12` or `2026-03-01T12`
fn looks_like_date(text: &[u8]) -> bool {
    match text {
        [_, _, b'/', _, _, _, b'/', _, _, _, _, b':', ..] => true,
        [year @ .., _, _] if year.len() > 8 => {
            text.get(4) == Some(&b'-') && text.get(7) == Some(&b'-') && text.get(10) == Some(&b'T')
        }
        _ => false,
    }
}

fn is_address(field: &Field<'_>) -> bool {
    let first = field.text.split(|byte| *byte == b',').next().unwrap_or_default();
    address::parse(first).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Token, time, status and address, and how many more tokens there are.
    fn pick(log: TextLog, line: &str) -> Option<([String; 4], usize)> {
        let parts = log.pick(line.as_bytes(), &Keep::default()).ok()?;
        let text = |part| {
            parts.get(part).map_or_else(|| "-".to_owned(), |text| String::from_utf8_lossy(text).into_owned())
        };
        Some((Part::ALL.map(text), parts.more_tokens.len()))
    }

    #[test]
    fn access_logs_are_read_with_anything_around() {
        const TIME: &str = "01/Mar/2026:12:30:45 +0000";
        let head = format!(
            r#"192.0.2.7 - a user [{TIME}] "GET /a HTTP/1.1" 200 17 "http://x/?t=eyJr.eyJr.cg" "Bearer eyJ1.eyJ1.dQ""#
        );
        let expected = |token: &str| Some(([token, TIME, "200", "192.0.2.7"].map(str::to_owned), 0));
        for (front, behind, token) in [
            ("", r#" "Bearer eyJh.eyJp.cw""#, "Bearer eyJh.eyJp.cw"),
            ("", r#" "203.0.113.1" "Bearer eyJh.eyJp.cw" 0.012 "10.0.0.1:80""#, "Bearer eyJh.eyJp.cw"),
            ("<190>Mar  1 12:30:45 host nginx: ", r#" "Basic dXNlcjpw""#, "Basic dXNlcjpw"),
            ("www.example.com:443 ", r#" "-""#, "-"),
            ("2026-03-01T12:30:45.1Z stdout F ", r#" x "sid=1; t=eyJh.eyJp.cw; y""#, "eyJh.eyJp.cw"),
        ] {
            assert_eq!(pick(TextLog::Access, &format!("{front}{head}{behind}")), expected(token), "{behind}");
        }
        let query = head.replace("GET /a", "GET /a?b=1&access_token=eyJh.eyJp.cw&c");
        assert_eq!(pick(TextLog::Access, &query), expected("eyJh.eyJp.cw"));
        assert_eq!(pick(TextLog::Access, r#"[01/Mar/2026:12:30:45 +0000] "GET /" x"#), None);
        assert_eq!(pick(TextLog::Access, "an error happened"), None);
    }

    #[test]
    fn envoy_and_istio_are_read() {
        const ID: &str = "cc21d9b0-cf5c-432b-8c7e-98aeb7988cd2";
        let envoy = format!(
            r#"[2026-03-01T12:30:45.310Z] "POST /v1 HTTP/2" 200 - 154 0 226 100 "192.0.2.7" "Bearer eyJ1.eyJ1.dQ" "{ID}" "host" "tcp://10.0.2.1:80" "Bearer eyJh.eyJp.cw""#
        );
        let expected = ["Bearer eyJh.eyJp.cw", "2026-03-01T12:30:45.310Z", "200", "192.0.2.7"];
        assert_eq!(pick(TextLog::Access, &envoy), Some((expected.map(str::to_owned), 0)));
    }

    #[test]
    fn istio_is_read_without_a_proxy_in_front() {
        let istio = r#"[2026-03-01T12:30:45.310Z] "GET /a HTTP/1.1" 200 - via_upstream - "-" 0 1 2 1 "-" "Bearer eyJ1.eyJ1.dQ" "id" "host" "10.0.0.1:80" inbound|80|| 127.0.0.1:1 10.0.0.1:80 192.0.2.7:9 - default "Bearer eyJh.eyJp.cw""#;
        let expected = ["Bearer eyJh.eyJp.cw", "2026-03-01T12:30:45.310Z", "200", "192.0.2.7:9"];
        assert_eq!(pick(TextLog::Access, istio), Some((expected.map(str::to_owned), 0)));
        let envoy = r#"[2026-03-01T12:30:45.310Z] "GET /a HTTP/2" 200 - 1 0 2 1 "-" "x" "id" "host" "10.0.0.1:80" "-""#;
        let expected = ["-", "2026-03-01T12:30:45.310Z", "200", "-"];
        assert_eq!(pick(TextLog::Access, envoy), Some((expected.map(str::to_owned), 0)));
    }

    #[test]
    fn haproxy_and_amazon_are_read() {
        let haproxy = "Mar  1 12:30:45 lb haproxy[1]: 192.0.2.7:33317 [01/Mar/2026:12:30:45.655] in st/s1 10/0/30/69/109 200 27 - - ---- 1/1/1/1/0 0/0 {api|Bearer eyJh.eyJp.cw} \"GET /a HTTP/1.1\"";
        let expected = ["Bearer eyJh.eyJp.cw", "01/Mar/2026:12:30:45.655", "200", "192.0.2.7"];
        assert_eq!(pick(TextLog::Haproxy, haproxy), Some((expected.map(str::to_owned), 0)));
        let amazon = r#"https 2026-03-01T12:30:45.186641Z app/lb/50 192.0.2.7:2817 10.0.0.1:80 0.1 0.2 0.0 200 200 34 366 "GET https://x:443/?access_token=eyJh.eyJp.cw HTTP/1.1" "curl" - -"#;
        let expected = ["eyJh.eyJp.cw", "2026-03-01T12:30:45.186641Z", "200", "192.0.2.7:2817"];
        assert_eq!(pick(TextLog::LoadBalancer, amazon), Some((expected.map(str::to_owned), 0)));
        assert_eq!(pick(TextLog::Haproxy, "x"), None);
        assert_eq!(pick(TextLog::LoadBalancer, "https x"), None);
    }
}
