//! Settings of clients with a secret, and of resources.

use jot_login::account::{Permissions, is_scope};
use jot_login::client::Client;

use super::reader::{Reader, Table};

/// A resource that takes the tokens, for RFC 9728.
#[derive(Debug)]
pub(crate) struct Resource {
    pub(crate) url: String,
    pub(crate) scopes: Vec<String>,
}

pub(super) fn clients<'t>(reader: &mut Reader<'t>, top: &Table<'t>) -> Vec<Client> {
    let mut clients: Vec<Client> = Vec::new();
    for (table, place) in reader.tables(top, "clients") {
        let id = reader.text(&table, "id").map(|(text, _)| text);
        let hash = reader.text(&table, "secret_sha256").map(|(text, _)| text);
        let permissions = permissions(reader, &table);
        let may_introspect = reader.flag(&table, "introspect", false);
        let Some(id) = id.filter(|id| !id.is_empty()) else {
            reader.fault(&place, "a client has an id");
            continue;
        };
        let Some(secret_hash) = hash.as_deref().and_then(sha256) else {
            reader.fault(
                &place,
                "a client has secret_sha256, 64 hexadecimal digits: jotd new-client-secret makes it",
            );
            continue;
        };
        if clients.iter().any(|client| client.id == id) {
            reader.fault(&place, format!("there are two clients {id}"));
        }
        clients.push(Client { id, secret_hash, permissions, may_introspect });
    }
    clients
}

fn permissions<'t>(reader: &mut Reader<'t>, table: &Table<'t>) -> Permissions {
    let scopes = scopes(reader, table);
    let audiences = reader.texts(table, "audiences").map(|found| found.0).unwrap_or_default();
    Permissions { scopes, audiences: audiences.into_iter().map(|(text, _)| text).collect() }
}

fn scopes<'t>(reader: &mut Reader<'t>, table: &Table<'t>) -> Vec<String> {
    let scopes = reader.texts(table, "scopes").map(|found| found.0).unwrap_or_default();
    for (scope, place) in &scopes {
        if !is_scope(scope) {
            reader.fault(
                place,
                format!("{scope:?} is no scope: printable ASCII without space, quote and backslash"),
            );
        }
    }
    scopes.into_iter().map(|(text, _)| text).collect()
}

pub(super) fn resources<'t>(reader: &mut Reader<'t>, top: &Table<'t>) -> Vec<Resource> {
    let mut resources = Vec::new();
    for (table, place) in reader.tables(top, "resources") {
        let scopes = scopes(reader, &table);
        match reader.text(&table, "url") {
            Some((url, _)) if url.starts_with("https://") || url.starts_with("http://") => {
                resources.push(Resource { url, scopes });
            }
            _ => reader.fault(&place, "a resource has a url, as its clients write it"),
        }
    }
    resources
}

fn sha256(text: &str) -> Option<[u8; 32]> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let bytes = digits?
        .chunks(2)
        .map(|pair| match *pair {
            [high, low] => Some(high << 4 | low),
            _ => None,
        })
        .collect::<Option<Vec<u8>>>()?;
    bytes.as_slice().try_into().ok()
}
