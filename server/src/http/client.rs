//! Who the client is (RFC 6749 §2.3): by `Authorization: Basic`, or by `client_id` and
//! `client_secret` in the body. What users log in with has no secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jot_login::client::Client;
use zeroize::Zeroizing;

use super::answer::Refusal;
use super::asked::Asked;
use crate::app::App;

pub(super) enum Party<'a> {
    /// It showed its secret.
    Known(&'a Client),
    /// The client that has none.
    Public,
}

impl Party<'_> {
    pub(super) fn id<'i>(&'i self, app: &'i App) -> &'i str {
        match self {
            Self::Known(client) => &client.id,
            Self::Public => &app.config.tokens.client,
        }
    }
}

/// # Errors
/// [`Refusal::Client`], [`Refusal::Request`] if there are two ways at once.
pub(super) fn party<'a>(app: &'a App, asked: &Asked) -> Result<Party<'a>, Refusal> {
    let in_body = asked.field("client_secret");
    let (id, secret) = match asked.authorization("basic") {
        // A client must not use two methods at once (RFC 6749 §2.3).
        Some(_) if in_body.is_some() => return Err(Refusal::Request("the client authenticates twice")),
        Some(credentials) => {
            let (id, secret) = basic(credentials).ok_or(Refusal::Client)?;
            if asked.field("client_id").is_some_and(|other| other != id) {
                return Err(Refusal::Request("client_id is another client"));
            }
            (id, Some(secret))
        }
        None => {
            let id = asked.field("client_id").unwrap_or(&app.config.tokens.client).to_owned();
            (id, in_body.map(|secret| Zeroizing::new(secret.to_owned())))
        }
    };
    let known = app.config.clients.iter().find(|client| client.id == id);
    match (known, secret) {
        (Some(client), Some(secret)) if client.knows(&secret) => Ok(Party::Known(client)),
        (None, None) if app.config.is_public_client(&id) => Ok(Party::Public),
        _ => Err(Refusal::Client),
    }
}

/// Name and secret are percent-encoded before they are put together (RFC 6749 §2.3.1).
fn basic(credentials: &str) -> Option<(String, Zeroizing<String>)> {
    let text = Zeroizing::new(String::from_utf8(STANDARD.decode(credentials).ok()?).ok()?);
    let (id, secret) = text.split_once(':')?;
    Some((decoded(id), Zeroizing::new(decoded(secret))))
}

fn decoded(text: &str) -> String {
    // A pair without `=` and `&` is one name.
    let escaped = text.replace('=', "%3D").replace('&', "%26");
    form_urlencoded::parse(escaped.as_bytes()).next().map_or_else(String::new, |(name, _)| name.into_owned())
}
