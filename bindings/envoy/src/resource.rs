//! OAuth 2.0 Protected Resource Metadata (RFC 9728): where clients learn which
//! authorization server's tokens are wanted.

use serde_json::{Map, Value};

use crate::config::ResourceMetadataConfig;
use crate::exchange::Exchange;
use crate::remote;

/// The metadata of what the filter guards.
#[derive(Debug)]
pub(crate) struct Resource {
    /// For the challenge; it needs no escapes in quotes.
    pub(crate) url: Box<str>,
    /// The path of the URL and what is found there, if it is served here.
    document: Option<(Box<str>, Box<[u8]>)>,
}

impl Resource {
    pub(crate) fn new(config: ResourceMetadataConfig) -> Result<Self, String> {
        let fault = |fault: &str| Err(format!("resource_metadata: {fault}"));
        let derived = match config.document.as_ref().map(url_of) {
            None => None,
            Some(Some(url)) => Some(url),
            Some(None) => {
                return fault("document.resource: an http or https uri without a fragment is wanted");
            }
        };
        let Some(url) = config.url.or(derived) else { return fault("a url or a document is wanted") };
        let path = match remote::parts(&url) {
            Some((_, path)) if !url.contains(['"', '\\', '#']) => path_of(path).into(),
            _ => return fault("url: an http or https uri without a fragment is wanted"),
        };
        if let Some(name) = config.document.as_ref().and_then(unfit) {
            return fault(&format!("document.{name}: a list of texts is wanted"));
        }
        let document =
            config.document.map(|document| (path, Value::Object(document).to_string().into_bytes().into()));
        Ok(Self { url: url.into(), document })
    }

    /// Answers a request for the document; tells whether it was one.
    pub(crate) fn serve(&self, exchange: &mut impl Exchange) -> bool {
        let Some((path, document)) = &self.document else { return false };
        let asked = exchange.header(":path", 0).unwrap_or_default();
        let here = asked.split(|byte| *byte == b'?').next() == Some(path.as_bytes());
        if !here || !matches!(exchange.header(":method", 0), Some(b"GET" | b"HEAD")) {
            return false;
        }
        // It is public: scripts of every site may read it.
        let headers: [(&str, &[u8]); 2] =
            [("content-type", b"application/json"), ("access-control-allow-origin", b"*")];
        exchange.respond(200, &headers, document, "jot_resource_metadata");
        true
    }
}

/// Puts the well-known path between host and path (RFC 9728 §3.1).
fn url_of(document: &Map<String, Value>) -> Option<String> {
    let resource = document.get("resource")?.as_str()?;
    let (authority, path) = remote::parts(resource)?;
    let scheme = resource.split("://").next()?;
    let path = if path == "/" { "" } else { path };
    (!resource.contains('#'))
        .then(|| format!("{scheme}://{authority}/.well-known/oauth-protected-resource{path}"))
}

fn path_of(path: &str) -> &str {
    path.split('?').next().unwrap_or(path)
}

/// Returns a member that is no list of texts and must be one (RFC 9728 §2).
fn unfit(document: &Map<String, Value>) -> Option<&'static str> {
    let fits = |value: &Value| value.as_array().is_some_and(|list| list.iter().all(Value::is_string));
    let lists = ["authorization_servers", "scopes_supported", "bearer_methods_supported"];
    lists.into_iter().find(|name| document.get(*name).is_some_and(|value| !fits(value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::tests::Fake;

    fn resource(text: &str) -> Result<Resource, String> {
        Resource::new(serde_json::from_str(text).unwrap())
    }

    #[test]
    fn url_is_that_of_rfc_9728_unless_it_is_given() {
        for (identifier, url) in [
            ("https://a.example", "https://a.example/.well-known/oauth-protected-resource"),
            ("https://a.example/", "https://a.example/.well-known/oauth-protected-resource"),
            ("https://a.example/mcp", "https://a.example/.well-known/oauth-protected-resource/mcp"),
            (
                "http://localhost:8080/a/b?c=d",
                "http://localhost:8080/.well-known/oauth-protected-resource/a/b?c=d",
            ),
        ] {
            let made = resource(&format!(r#"{{"document":{{"resource":"{identifier}"}}}}"#)).unwrap();
            assert_eq!(&*made.url, url);
        }
        let given =
            resource(r#"{"url":"https://b.example/x","document":{"resource":"https://a.example"}}"#).unwrap();
        assert_eq!((&*given.url, &*given.document.unwrap().0), ("https://b.example/x", "/x"));
        assert!(resource(r#"{"url":"https://b.example/x"}"#).unwrap().document.is_none());
    }

    #[test]
    fn what_clients_could_not_use_is_refused() {
        for (text, told) in [
            ("{}", "a url or a document is wanted"),
            (r#"{"document":{}}"#, "document.resource"),
            (r#"{"document":{"resource":"mcp"}}"#, "document.resource"),
            (r#"{"document":{"resource":"https://a#b"}}"#, "document.resource"),
            (r#"{"url":"https://a/\"b"}"#, "url: an http"),
            (r#"{"url":"/a"}"#, "url: an http"),
            (
                r#"{"document":{"resource":"https://a","authorization_servers":"https://b"}}"#,
                "document.authorization_servers: a list",
            ),
            (r#"{"document":{"resource":"https://a","scopes_supported":[1]}}"#, "document.scopes_supported"),
        ] {
            let refusal = resource(text).unwrap_err();
            assert!(refusal.contains(told), "{text}: {refusal}");
        }
    }

    #[test]
    fn document_is_served_at_its_path_alone() {
        let resource = resource(r#"{"document":{"resource":"https://a.example/mcp"}}"#).unwrap();
        let path = "/.well-known/oauth-protected-resource/mcp";
        let served = |method: &str, path: &str| {
            let mut fake = Fake::new(&[(":method", method), (":path", path)]);
            (resource.serve(&mut fake), fake.answer.map(|answer| (answer.0, answer.2)))
        };
        let document = r#"{"resource":"https://a.example/mcp"}"#.to_owned();
        assert_eq!(served("GET", path), (true, Some((200, document.clone()))));
        assert_eq!(served("HEAD", &format!("{path}?a")), (true, Some((200, document))));
        for (method, path) in
            [("POST", path), ("GET", "/mcp"), ("GET", "/.well-known/oauth-protected-resource/mcp/")]
        {
            assert_eq!(served(method, path), (false, None), "{method} {path}");
        }
    }
}
