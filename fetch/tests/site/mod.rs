//! An issuer on this machine, over TLS with an authority of its own.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What a path is answered with.
#[derive(Clone, Debug)]
pub(crate) enum Page {
    /// A status, header fields and a body.
    Answer(u16, Vec<(&'static str, String)>, String),
    /// A body, after this pause.
    Slow(Duration, String),
    /// The connection is closed half way through the body.
    Cut(String),
    /// More bytes than anyone wants.
    Endless,
}

impl Page {
    pub(crate) fn ok(body: impl Into<String>) -> Self {
        Self::Answer(200, Vec::new(), body.into())
    }
}

#[derive(Debug, Default)]
struct State {
    pages: BTreeMap<String, Page>,
    requests: Vec<String>,
    connections: usize,
}

/// The server; it serves until the test ends.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    state: Arc<Mutex<State>>,
    address: SocketAddr,
    authority: String,
}

impl Site {
    pub(crate) fn open() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let names = vec!["localhost".to_owned()];
        let certificate = CertificateParams::new(names).unwrap().signed_by(&key, &authority).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let site = Self {
            state: Arc::default(),
            address: listener.local_addr().unwrap(),
            authority: authority.as_ref().pem(),
        };
        let (serving, config) = (site.clone(), Arc::new(config));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (site, config) = (serving.clone(), Arc::clone(&config));
                std::thread::spawn(move || site.serve(stream, config));
            }
        });
        site
    }

    /// The authority's certificate in PEM.
    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.address.port())
    }

    pub(crate) fn put(&self, path: &str, page: Page) {
        self.state.lock().unwrap().pages.insert(path.to_owned(), page);
    }

    /// The heads of the requests for a path so far.
    pub(crate) fn requests(&self, path: &str) -> Vec<String> {
        let line = format!("GET {path} ");
        let state = self.state.lock().unwrap();
        state.requests.iter().filter(|head| head.starts_with(&line)).cloned().collect()
    }

    /// How many connections were opened so far.
    pub(crate) fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }

    fn serve(&self, stream: std::net::TcpStream, config: Arc<ServerConfig>) {
        let mut state = self.state.lock().unwrap();
        state.connections = state.connections.saturating_add(1);
        drop(state);
        let connection = ServerConnection::new(config).unwrap();
        let mut stream = StreamOwned::new(connection, stream);
        while let Some(head) = read_head(&mut stream) {
            let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
            let page = {
                let mut state = self.state.lock().unwrap();
                state.requests.push(head);
                state.pages.get(&path).cloned()
            };
            let page = page.unwrap_or(Page::Answer(404, Vec::new(), String::new()));
            if answer(&mut stream, page).is_err() {
                return;
            }
        }
    }
}

fn answer(stream: &mut impl Write, page: Page) -> std::io::Result<()> {
    let (status, fields, body) = match page {
        Page::Answer(status, fields, body) => (status, fields, body),
        Page::Slow(pause, body) => {
            std::thread::sleep(pause);
            (200, Vec::new(), body)
        }
        Page::Cut(body) => {
            write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}",
                body.len().saturating_add(9)
            )?;
            return Err(std::io::ErrorKind::ConnectionAborted.into());
        }
        Page::Endless => {
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n")?;
            loop {
                stream.write_all(&[b' '; 65_536])?;
            }
        }
    };
    let fields: String = fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    write!(stream, "HTTP/1.1 {status} x\r\n{fields}Content-Length: {}\r\n\r\n{body}", body.len())?;
    stream.flush()
}

fn read_head(stream: &mut impl Read) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.extend(byte);
    }
    String::from_utf8(head).ok()
}
