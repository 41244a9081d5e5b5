//! Where a token is in a request, and how it is taken out.

use jot::RepeatedToken;

use crate::config::SourceConfig;
use crate::exchange::Exchange;

/// A place in a request where a token may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The value of a header, after an authentication scheme if there is one
    /// (RFC 9110 §11.4).
    Header { name: Box<str>, scheme: Option<Box<str>> },
    /// The value of a cookie.
    Cookie(Box<str>),
    /// The value of a parameter of the query.
    Query(Box<str>),
}

type Found<'e> = Result<Option<&'e [u8]>, RepeatedToken>;

impl Source {
    pub(crate) fn new(config: &SourceConfig) -> Result<Self, String> {
        let SourceConfig { header, scheme, cookie, query } = config;
        let name = |name: &str| match is_token(name) {
            true => Ok(Box::from(name)),
            false => Err(format!("from: `{name}` is not a name")),
        };
        match (header, cookie, query) {
            (Some(header), None, None) => {
                let header = header.to_ascii_lowercase();
                let scheme = match scheme {
                    Some(scheme) => Some(name(scheme)?),
                    //= rfc6750#section-2.1
                    //# Resource servers MUST support this method.
                    None => (header == "authorization").then(|| "Bearer".into()),
                };
                Ok(Self::Header { name: name(&header)?, scheme })
            }
            (None, Some(_), None) | (None, None, Some(_)) if scheme.is_some() => {
                Err("from: only a header has a scheme".to_owned())
            }
            (None, Some(cookie), None) => Ok(Self::Cookie(name(cookie)?)),
            (None, None, Some(query)) => Ok(Self::Query(name(query)?)),
            _ => Err("from: exactly one of header, cookie and query is wanted".to_owned()),
        }
    }

    /// Finds the token; that there is none is no fault.
    pub(crate) fn find<'e>(&self, exchange: &'e impl Exchange) -> Found<'e> {
        match self {
            Self::Header { name, scheme } => {
                let Some((value, count)) = exchange.first_header(name) else { return Ok(None) };
                //= rfc6750#section-2
                //# Clients MUST NOT use more than one method to transmit the token in each request.
                if count > 1 {
                    return Err(RepeatedToken);
                }
                match scheme {
                    None => only(Some(value.trim_ascii()), false),
                    Some(scheme) => jot::authorization_token(scheme, [value]),
                }
            }
            Self::Cookie(name) => {
                let mut found = cookies(exchange).filter_map(|pair| value_of(pair, name)).map(unquoted);
                only(found.next(), found.next().is_some())
            }
            Self::Query(name) => {
                let path = exchange.header(":path", 0).unwrap_or_default();
                let (_, query) = split(path);
                let mut found = parameters(query).filter_map(|pair| value_of(pair, name));
                only(found.next(), found.next().is_some())
            }
        }
    }

    /// Returns the name of the header that it is in.
    pub(crate) fn header(&self) -> &str {
        match self {
            Self::Header { name, .. } => name,
            Self::Cookie(_) => "cookie",
            Self::Query(_) => ":path",
        }
    }

    /// Takes the token out of the request.
    pub(crate) fn strip(&self, exchange: &mut impl Exchange) {
        match self {
            Self::Header { name, .. } => exchange.remove_header(name),
            Self::Cookie(name) => {
                let kept: Vec<_> = cookies(exchange).filter(|pair| value_of(pair, name).is_none()).collect();
                match kept.join(&b"; "[..]) {
                    kept if kept.is_empty() => exchange.remove_header("cookie"),
                    kept => exchange.set_header("cookie", &kept),
                }
            }
            Self::Query(name) => {
                let (path, query) = split(exchange.header(":path", 0).unwrap_or_default());
                let kept: Vec<_> = parameters(query).filter(|pair| value_of(pair, name).is_none()).collect();
                let kept = match kept.join(&b"&"[..]) {
                    kept if kept.is_empty() => path.to_vec(),
                    kept => [path, b"?", &kept].concat(),
                };
                exchange.set_header(":path", &kept);
            }
        }
    }
}

/// Returns `true` if this may be the name of a header or a cookie (RFC 9110
/// §5.6.2).
pub(crate) fn is_token(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

const fn only(token: Option<&[u8]>, repeated: bool) -> Found<'_> {
    if repeated { Err(RepeatedToken) } else { Ok(token) }
}

fn cookies(exchange: &impl Exchange) -> impl Iterator<Item = &[u8]> {
    let headers = (0..).map_while(|index| exchange.header("cookie", index));
    headers.flat_map(|header| header.split(|byte| *byte == b';')).map(<[u8]>::trim_ascii)
}

/// Parts the query, without its `?`, from the path.
fn split(path: &[u8]) -> (&[u8], &[u8]) {
    let end = path.iter().position(|byte| *byte == b'?').unwrap_or(path.len());
    let (path, query) = path.split_at_checked(end).unwrap_or_default();
    (path, query.get(1..).unwrap_or_default())
}

fn parameters(query: &[u8]) -> impl Iterator<Item = &[u8]> {
    query.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty())
}

/// Returns the value of `name=value` if the name is this one.
fn value_of<'p>(pair: &'p [u8], name: &str) -> Option<&'p [u8]> {
    pair.strip_prefix(name.as_bytes())?.strip_prefix(b"=")
}

fn unquoted(value: &[u8]) -> &[u8] {
    value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::tests::Fake;

    fn source(json: &str) -> Source {
        Source::new(&serde_json::from_str(json).unwrap()).unwrap()
    }

    fn found(source: &Source, headers: &[(&str, &str)]) -> Result<Option<String>, RepeatedToken> {
        let fake = Fake::new(headers);
        source.find(&fake).map(|token| token.map(|token| String::from_utf8(token.to_vec()).unwrap()))
    }

    fn stripped(source: &Source, name: &str, value: &str) -> Option<String> {
        let mut fake = Fake::new(&[(name, value)]);
        source.strip(&mut fake);
        fake.value(name)
    }

    #[test]
    fn bearer_scheme_is_taken_in_any_case_and_others_are_not() {
        let bearer = source(r#"{"header":"Authorization"}"#);
        let one = |value: &str| found(&bearer, &[("authorization", value)]);
        for value in ["Bearer a.b.c", "bearer a.b.c", "BEARER   a.b.c ", " Bearer\ta.b.c"] {
            assert_eq!(one(value), Ok(Some("a.b.c".to_owned())), "{value:?}");
        }
        for value in ["Basic a.b.c", "Bearera.b.c", "a.b.c", "", "Bear"] {
            assert_eq!(one(value), Ok(None), "{value:?}");
        }
        assert_eq!(one("Bearer"), Ok(Some(String::new())));
        assert_eq!(found(&bearer, &[]), Ok(None));
    }

    #[test]
    fn several_tokens_in_one_place_are_told() {
        let bearer = source(r#"{"header":"authorization"}"#);
        assert_eq!(
            found(&bearer, &[("authorization", "Bearer a"), ("authorization", "Basic b")]),
            Err(RepeatedToken)
        );
        assert_eq!(found(&bearer, &[("authorization", "Bearer a,Bearer b")]), Err(RepeatedToken));
        assert_eq!(found(&bearer, &[("authorization", "Bearer a, b")]), Ok(Some("a, b".to_owned())));
        let cookie = source(r#"{"cookie":"t"}"#);
        assert_eq!(found(&cookie, &[("cookie", "t=a; t=a")]), Err(RepeatedToken));
        assert_eq!(found(&cookie, &[("cookie", "t=a"), ("cookie", "t=b")]), Err(RepeatedToken));
        assert_eq!(found(&source(r#"{"query":"t"}"#), &[(":path", "/?t=a&t=b")]), Err(RepeatedToken));
    }

    #[test]
    fn header_without_scheme_is_taken_whole() {
        let header = source(r#"{"header":"x-jwt"}"#);
        assert_eq!(found(&header, &[("x-jwt", " a.b.c ")]), Ok(Some("a.b.c".to_owned())));
        let token = source(r#"{"header":"x-jwt","scheme":"Token"}"#);
        assert_eq!(found(&token, &[("x-jwt", "token a.b.c")]), Ok(Some("a.b.c".to_owned())));
    }

    #[test]
    fn cookie_and_query_are_found_by_their_whole_name_and_taken_out_alone() {
        let cookie = source(r#"{"cookie":"t"}"#);
        assert_eq!(found(&cookie, &[("cookie", "tt=x; t=\"a.b.c\"; u=t=1")]), Ok(Some("a.b.c".to_owned())));
        assert_eq!(stripped(&cookie, "cookie", "tt=x; t=a.b.c;u=1"), Some("tt=x; u=1".to_owned()));
        assert_eq!(stripped(&cookie, "cookie", "t=a.b.c"), None);
        let query = source(r#"{"query":"t"}"#);
        assert_eq!(found(&query, &[(":path", "/p?tt=x&t=a.b.c&u=?t=1")]), Ok(Some("a.b.c".to_owned())));
        assert_eq!(stripped(&query, ":path", "/p?tt=x&t=a.b.c&u=1"), Some("/p?tt=x&u=1".to_owned()));
        assert_eq!(stripped(&query, ":path", "/p?t=a.b.c"), Some("/p".to_owned()));
    }

    #[test]
    fn source_is_refused_unless_it_is_one() {
        for text in [
            "{}",
            r#"{"header":"a","cookie":"b"}"#,
            r#"{"cookie":"b","scheme":"Bearer"}"#,
            r#"{"header":"a b"}"#,
            r#"{"query":""}"#,
            r#"{"cookie":"a;b"}"#,
        ] {
            assert!(Source::new(&serde_json::from_str(text).unwrap()).is_err(), "{text}");
        }
    }
}
