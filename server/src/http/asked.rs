//! A request, read: its parameters, of a form or of JSON, and who sent it.

use std::net::IpAddr;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use jot::json::{JsonReader, Value};
use zeroize::Zeroizing;

use super::address;
use super::answer::Refusal;
use super::peer::Peer;
use crate::app::App;
use crate::store::Origin;

const MAX_BODY: usize = 64 * 1024;

pub(super) struct Asked {
    pub(super) headers: HeaderMap,
    pub(super) address: IpAddr,
    fields: Vec<Field>,
}

/// A parameter; `None` is JSON's `null`.
type Field = (String, Option<Zeroizing<String>>);

/// What may come several times.
const LISTS: [&str; 2] = ["audience", "resource"];
/// What may be `null`.
const NULLABLE: &str = "password";

impl Asked {
    /// # Errors
    /// The request is malformed, too large or too slow.
    pub(super) async fn read(app: &App, request: Request) -> Result<Self, Refusal> {
        let peer = request.extensions().get::<Peer>().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0);
        let (parts, body) = request.into_parts();
        let address = address::client(peer, &parts.headers, &app.config.listen.proxies);
        let fields = fields(&parts.headers, body, app.config.listen.body_seconds).await?;
        for (name, _) in &fields {
            // RFC 6749 §3.2: parameters MUST NOT be included more than once.
            let is_list = LISTS.contains(&name.as_str());
            if !is_list && fields.iter().filter(|(other, _)| other == name).count() > 1 {
                return Err(Refusal::Request("a parameter comes twice"));
            }
        }
        Ok(Self { headers: parts.headers, address, fields })
    }

    /// Returns a parameter; an empty one is none (RFC 6749 §3.2).
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.given(name).filter(|value| !value.is_empty())
    }

    /// Returns a parameter, also an empty one: what it names is to have nothing.
    pub(super) fn given(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(found, _)| found == name);
        found.and_then(|(_, value)| Some(value.as_ref()?.as_str()))
    }

    /// Returns `true` for a parameter that is `null`: what it names is to be gone.
    pub(super) fn is_null(&self, name: &str) -> bool {
        self.fields.iter().any(|(found, value)| found == name && value.is_none())
    }

    pub(super) fn required(&self, name: &'static str, missing: &'static str) -> Result<&str, Refusal> {
        self.field(name).ok_or(Refusal::Request(missing))
    }

    /// Returns the audiences that are asked for: `audience`, and `resource` of RFC 8707.
    pub(super) fn audiences(&self) -> Vec<&str> {
        let lists = self.fields.iter().filter(|(name, _)| LISTS.contains(&name.as_str()));
        lists
            .filter_map(|(_, value)| Some(value.as_ref()?.as_str()))
            .filter(|value| !value.is_empty())
            .collect()
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.field(name) == Some("true")
    }

    fn header(&self, name: axum::http::HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the credentials of an `Authorization` header of this scheme.
    pub(super) fn authorization(&self, scheme: &str) -> Option<&str> {
        let (found, credentials) = self.header(AUTHORIZATION)?.split_once(' ')?;
        found.eq_ignore_ascii_case(scheme).then_some(credentials.trim())
    }

    /// Returns `true` if a page was asked for, and not JSON.
    pub(super) fn wants_page(&self) -> bool {
        self.header(ACCEPT).is_some_and(|accept| accept.contains("text/html"))
    }

    pub(super) fn origin(&self) -> Origin {
        let agent = self.header(USER_AGENT).unwrap_or_default();
        Origin { address: self.address.to_string(), agent: agent.chars().take(200).collect() }
    }
}

async fn fields(headers: &HeaderMap, body: Body, seconds: u32) -> Result<Vec<Field>, Refusal> {
    let reading = tokio::time::timeout(Duration::from_secs(seconds.into()), to_bytes(body, MAX_BODY));
    let bytes = reading.await.map_err(|_| Refusal::TooSlow)?.map_err(|_| Refusal::TooLarge)?;
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match content_type.split(';').next().unwrap_or_default().trim() {
        "application/json" => json_fields(&bytes),
        "application/x-www-form-urlencoded" => Ok(form_urlencoded::parse(&bytes)
            .map(|(name, value)| (name.into_owned(), Some(Zeroizing::new(value.into_owned()))))
            .collect()),
        _ if bytes.is_empty() => Ok(Vec::new()),
        _ => Err(Refusal::Request("the body is a form or JSON, and Content-Type says which")),
    }
}

/// An object of texts, flags, lists of texts and, for what can be cleared, `null`, as strict as tokens are read.
fn json_fields(bytes: &[u8]) -> Result<Vec<Field>, Refusal> {
    let mut reader = JsonReader::default();
    let object = reader.read(bytes).ok_or(Refusal::Request("the body is no JSON object"))?;
    let mut fields = Vec::new();
    for (name, value) in object.members() {
        if let (NULLABLE, Value::Null) = (name, value) {
            fields.push((name.to_owned(), None));
            continue;
        }
        let mut add = |text: &str| fields.push((name.to_owned(), Some(Zeroizing::new(text.to_owned()))));
        if let Some(text) = value.as_str() {
            add(text);
        } else if let Some(flag) = value.as_bool() {
            add(if flag { "true" } else { "false" });
        } else if let (true, Some(list)) = (LISTS.contains(&name), value.as_array()) {
            for item in list.iter() {
                add(item.as_str().ok_or(Refusal::Request("a list has something else than texts"))?);
            }
        } else {
            return Err(Refusal::Request("a member is neither a text nor true or false"));
        }
    }
    Ok(fields)
}
