//! One request over HTTP/1.1 and TLS.

use std::io::Read as _;
use std::sync::Arc;
use std::time::Duration;

use jot::jwks::{Answer, Field, Request};
use ureq::http::HeaderMap;
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Proxy};

use crate::error::Error;

/// The most bytes that the header fields of an answer may have.
pub(crate) const MOST_HEADER_BYTES: usize = 64 * 1024;

/// What requests say of who makes them.
pub(crate) const AGENT: &str = concat!("jot-fetch/", env!("CARGO_PKG_VERSION"));

/// What a client trusts and how it connects.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    /// Certificates of authorities in PEM, in the place of the built-in ones.
    pub(crate) authorities: Option<Vec<u8>>,
    /// A certificate chain and a private key in PEM.
    pub(crate) client_certificate: Option<(Vec<u8>, Vec<u8>)>,
    /// A proxy's URL; an empty one for none, whatever the environment says.
    pub(crate) proxy: Option<String>,
}

/// Keeps connections open between requests.
#[derive(Clone, Debug)]
pub(crate) struct Client(Agent);

/// How a request ended; owned, because the keeper takes it later.
#[derive(Debug)]
pub(crate) enum Outcome {
    Response { status: u16, fields: Vec<(String, String)>, body: Vec<u8> },
    Failed(String),
    TimedOut,
}

/// What a request wants, out of the keeper's loan.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) url: String,
    pub(crate) accept: &'static str,
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<String>,
    pub(crate) timeout: Duration,
    pub(crate) most_bytes: usize,
}

impl From<&Request<'_>> for Wanted {
    fn from(request: &Request<'_>) -> Self {
        Self {
            url: request.url.to_owned(),
            accept: request.accept,
            etag: request.etag.map(str::to_owned),
            last_modified: request.last_modified.map(str::to_owned),
            timeout: Duration::from_secs(request.timeout.into()),
            most_bytes: request.most_bytes,
        }
    }
}

impl Client {
    /// # Errors
    /// [`Error::Settings`] names the setting and what is wrong with it.
    pub(crate) fn new(settings: &Settings) -> Result<Self, Error> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut tls = TlsConfig::builder().unversioned_rustls_crypto_provider(provider);
        if let Some(pem) = &settings.authorities {
            tls = tls.root_certs(RootCerts::Specific(Arc::new(certificates(pem, "authorities")?)));
        }
        if let Some((chain, key)) = &settings.client_certificate {
            let chain = certificates(chain, "client_certificate")?;
            let key = PrivateKey::from_pem(key)
                .map_err(|error| Error::Settings("client_certificate", error.to_string()))?;
            tls = tls.client_cert(Some(ClientCert::new_with_certs(&chain, key)));
        }
        let mut config = Agent::config_builder()
            .tls_config(tls.build())
            .http_status_as_error(false)
            // The keeper says which redirects are followed.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_response_header_size(MOST_HEADER_BYTES)
            .user_agent(AGENT);
        match settings.proxy.as_deref() {
            // ureq reads HTTPS_PROXY, NO_PROXY and the others by itself.
            None => {}
            Some("") => config = config.proxy(None),
            Some(url) => {
                let proxy = Proxy::new(url).map_err(|error| Error::Settings("proxy", error.to_string()))?;
                config = config.proxy(Some(proxy));
            }
        }
        Ok(Self(config.build().new_agent()))
    }

    /// Makes a request. It never takes longer than its timeout.
    pub(crate) fn get(&self, wanted: &Wanted) -> Outcome {
        match self.response(wanted) {
            Ok(outcome) => outcome,
            Err(ureq::Error::Timeout(_)) => Outcome::TimedOut,
            Err(error) => Outcome::Failed(error.to_string()),
        }
    }

    fn response(&self, wanted: &Wanted) -> Result<Outcome, ureq::Error> {
        let mut request = self.0.get(&wanted.url).header("Accept", wanted.accept);
        for (name, value) in [("If-None-Match", &wanted.etag), ("If-Modified-Since", &wanted.last_modified)] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        let request = request.config().timeout_global(Some(wanted.timeout)).build();
        let mut response = request.call()?;
        let (status, fields) = (response.status().as_u16(), texts(response.headers()));
        let mut body = Vec::new();
        // One byte more than is allowed tells the keeper that there is more.
        let most = u64::try_from(wanted.most_bytes).unwrap_or(u64::MAX).saturating_add(1);
        response.body_mut().as_reader().take(most).read_to_end(&mut body).map_err(ureq::Error::from)?;
        Ok(Outcome::Response { status, fields, body })
    }
}

impl Outcome {
    /// Returns why there is nothing in it, in words for logs, as far as HTTP knows.
    pub(crate) fn reason(&self) -> Option<String> {
        match self {
            Self::Failed(reason) => Some(reason.clone()),
            Self::TimedOut => Some("the fetch took too long".to_owned()),
            Self::Response { status: 200 | 304, .. } => None,
            Self::Response { status, .. } => Some(format!("the status is {status}")),
        }
    }

    /// Lends the outcome to a keeper.
    pub(crate) fn lend<R>(&self, take: impl FnOnce(Answer<'_>) -> R) -> R {
        match self {
            Self::Failed(_) => take(Answer::Failed),
            Self::TimedOut => take(Answer::TimedOut),
            Self::Response { status, fields, body } => {
                let fields: Vec<Field<'_>> = fields.iter().map(|field| (&*field.0, &*field.1)).collect();
                take(Answer::Response { status: *status, fields: &fields, body })
            }
        }
    }
}

/// Takes the header fields that are text.
pub(crate) fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |(name, value): (&ureq::http::HeaderName, &ureq::http::HeaderValue)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    };
    headers.iter().filter_map(text).collect()
}

fn certificates(pem: &[u8], setting: &'static str) -> Result<Vec<Certificate<'static>>, Error> {
    let mut found = Vec::new();
    for item in parse_pem(pem) {
        let item = item.map_err(|error| Error::Settings(setting, error.to_string()))?;
        if let PemItem::Certificate(certificate) = item {
            found.push(certificate);
        }
    }
    match found.is_empty() {
        true => Err(Error::Settings(setting, "there is no certificate in it".to_owned())),
        false => Ok(found),
    }
}
