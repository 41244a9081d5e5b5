//! One request over HTTP/1.1 and TLS, which blocks no thread.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;

use hyper::body::{Body as _, Incoming};
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, CONNECTION, HOST, IF_MODIFIED_SINCE, IF_NONE_MATCH, USER_AGENT};
use hyper::{Request, Response, Uri};
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;

use crate::client::{AGENT, MOST_HEADER_BYTES, Outcome, Settings, Wanted, texts};
use crate::error::Error;

#[derive(Clone)]
pub(super) struct Client(TlsConnector);

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Client")
    }
}

impl Client {
    /// # Errors
    /// [`Error::Settings`] names the setting and what is wrong with it.
    pub(super) fn new(settings: &Settings) -> Result<Self, Error> {
        if settings.proxy.as_deref().is_some_and(|url| !url.is_empty()) {
            return Err(Error::Settings("proxy", "there is none for tasks".to_owned()));
        }
        let mut roots = RootCertStore::empty();
        match &settings.authorities {
            Some(pem) => {
                for certificate in certificates(pem, "authorities")? {
                    roots.add(certificate).map_err(of("authorities"))?;
                }
            }
            None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(of("authorities"))?
            .with_root_certificates(roots);
        let mut config = match &settings.client_certificate {
            None => builder.with_no_client_auth(),
            Some((chain, key)) => {
                let setting = "client_certificate";
                let key = PrivateKeyDer::from_pem_slice(key).map_err(of(setting))?;
                builder.with_client_auth_cert(certificates(chain, setting)?, key).map_err(of(setting))?
            }
        };
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(TlsConnector::from(Arc::new(config))))
    }

    /// Makes a request. It never takes longer than its timeout.
    pub(super) async fn get(&self, wanted: &Wanted) -> Outcome {
        match tokio::time::timeout(wanted.timeout, self.response(wanted)).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(reason)) => Outcome::Failed(reason),
            Err(_) => Outcome::TimedOut,
        }
    }

    async fn response(&self, wanted: &Wanted) -> Result<Outcome, String> {
        let uri: Uri = wanted.url.parse().map_err(said)?;
        let authority = uri.authority().ok_or("the URL has no host")?;
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        let is_secure = uri.scheme_str() == Some("https");
        let port = authority.port_u16().unwrap_or(if is_secure { 443 } else { 80 });
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let mut request = Request::get(path)
            .header(HOST, authority.as_str())
            .header(USER_AGENT, AGENT)
            .header(ACCEPT, wanted.accept)
            .header(CONNECTION, "close");
        for (name, value) in [(IF_NONE_MATCH, &wanted.etag), (IF_MODIFIED_SINCE, &wanted.last_modified)] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        let request = request.body(String::new()).map_err(said)?;
        let stream = TcpStream::connect((host, port)).await.map_err(said)?;
        if !is_secure {
            return exchange(stream, request, wanted.most_bytes).await;
        }
        let name = ServerName::try_from(host.to_owned()).map_err(said)?;
        let stream = self.0.connect(name, stream).await.map_err(said)?;
        exchange(stream, request, wanted.most_bytes).await
    }
}

/// Ends the task that reads and writes, also if nobody waits for the answer any more.
struct Driver(JoinHandle<()>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn exchange<S>(stream: S, request: Request<String>, most: usize) -> Result<Outcome, String>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let mut builder = http1::Builder::new();
    let builder = builder.max_buf_size(MOST_HEADER_BYTES);
    let (mut sender, connection) = builder.handshake(TokioIo::new(stream)).await.map_err(said)?;
    let driver = tokio::spawn(async {
        // What goes wrong is told to who waits for the answer.
        let _ = connection.await;
    });
    let _driver = Driver(driver);
    let response = sender.send_request(request).await.map_err(said)?;
    let status = response.status().as_u16();
    let fields = texts(response.headers());
    Ok(Outcome::Response { status, fields, body: body(response, most).await? })
}

/// Reads a body, up to one part more than is allowed, which tells the keeper that there is
/// more.
async fn body(response: Response<Incoming>, most: usize) -> Result<Vec<u8>, String> {
    let (mut stream, mut body) = (response.into_body(), Vec::new());
    while let Some(frame) = poll_fn(|context| Pin::new(&mut stream).poll_frame(context)).await {
        if let Ok(data) = frame.map_err(said)?.into_data() {
            body.extend_from_slice(&data);
        }
        if body.len() > most {
            break;
        }
    }
    Ok(body)
}

/// What an error says, and what those say that it comes from.
fn said(error: impl std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

fn of<E: std::error::Error>(setting: &'static str) -> impl Fn(E) -> Error {
    move |error| Error::Settings(setting, said(error))
}

fn certificates(pem: &[u8], setting: &'static str) -> Result<Vec<CertificateDer<'static>>, Error> {
    let found = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>().map_err(of(setting))?;
    match found.is_empty() {
        true => Err(Error::Settings(setting, "there is no certificate in it".to_owned())),
        false => Ok(found),
    }
}
