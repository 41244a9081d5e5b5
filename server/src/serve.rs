//! The listener: connections, TLS, signals.
//!
//! ```text
//!   SIGTERM, SIGINT: /readyz says 503, no new connections, those that are open are answered
//!                    (at most 10 seconds), the database is closed
//!   SIGHUP:          certificates are read again (if they cannot be, the old ones stay), and
//!                    the file of the audit trail is opened again
//! ```

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use axum::Router;
use axum::extract::Request;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use crate::app::App;
use crate::clock;
use crate::http::{self, Peer};

/// So long open requests may take after the service was told to end.
const DRAIN: Duration = Duration::from_secs(10);
/// So often the database is looked at.
const LOOK: Duration = Duration::from_millis(500);
/// So often what is dead is dropped.
const PURGE: Duration = Duration::from_secs(60);

/// Reads certificates and key.
pub(crate) fn tls(certificate: &Path, key: &Path) -> io::Result<Arc<ServerConfig>> {
    let fault =
        |path: &Path, error: &dyn std::fmt::Display| io::Error::other(format!("{}: {error}", path.display()));
    let chain = CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let chain = chain.map_err(|error| fault(certificate, &error))?;
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| fault(key, &error))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| fault(certificate, &error))?.with_no_client_auth();
    let mut config = config.with_single_cert(chain, private).map_err(|error| fault(certificate, &error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// Serves until a signal says to end.
///
/// # Errors
/// The address or the certificates cannot be used.
pub(crate) async fn serve(app: Arc<App>) -> io::Result<()> {
    let certificates = ArcSwapOption::empty();
    if let Some((certificate, key)) = &app.config.listen.tls {
        certificates.store(Some(tls(certificate, key)?));
    }
    let certificates = Arc::new(certificates);
    // Before anyone can know that the service is there: until then SIGHUP would end it.
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let listener = TcpListener::bind(app.config.listen.address).await?;
    let scheme = if app.config.listen.tls.is_some() { "https" } else { "http" };
    tracing::info!("listening on {scheme}://{}", listener.local_addr()?);
    let router = http::router(Arc::clone(&app));
    tokio::spawn(tend(Arc::clone(&app)));
    let slots = Arc::new(Semaphore::new(app.config.listen.connections));
    let graceful = GracefulShutdown::new();
    loop {
        tokio::select! {
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
            _ = hang_up.recv() => reload(&app, &certificates),
            accepted = accept(&listener, &slots) => {
                let (stream, peer, slot) = accepted;
                let watcher = graceful.watcher();
                let (router, certificates) = (router.clone(), certificates.load_full());
                let header = Duration::from_secs(app.config.listen.header_seconds.into());
                tokio::spawn(async move {
                    let _slot = slot;
                    connection(stream, peer, router, certificates, header, watcher).await;
                });
            }
        }
    }
    app.end();
    tracing::info!("ending: open requests are answered");
    drop(listener);
    if tokio::time::timeout(DRAIN, graceful.shutdown()).await.is_err() {
        tracing::info!("some requests were cut off");
    }
    Ok(())
}

/// Waits for a slot first: what cannot be served stays in the system's queue.
async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, Option<tokio::sync::OwnedSemaphorePermit>) {
    let slot = Arc::clone(slots).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, slot),
            Err(error) => {
                // Out of files, or the peer is gone already.
                tracing::error!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    certificates: Option<Arc<ServerConfig>>,
    header: Duration,
    watcher: hyper_util::server::graceful::Watcher,
) {
    let _ = stream.set_nodelay(true);
    let service = router.map_request(move |mut request: hyper::Request<hyper::body::Incoming>| -> Request {
        request.extensions_mut().insert(Peer(peer.ip()));
        request.map(axum::body::Body::new)
    });
    let service = TowerToHyperService::new(service.map_response(http::harden));
    let mut http = http1::Builder::new();
    // Clients that send slowly, or nothing, are cut.
    http.timer(TokioTimer::new()).header_read_timeout(header).max_buf_size(16 * 1024).max_headers(64);
    // A client that breaks off is no fault of ours.
    if let Some(config) = certificates {
        let handshake = tokio::time::timeout(header, TlsAcceptor::from(config).accept(stream)).await;
        if let Ok(Ok(stream)) = handshake {
            let _ = watcher.watch(http.serve_connection(TokioIo::new(stream), service)).await;
        }
    } else {
        let _ = watcher.watch(http.serve_connection(TokioIo::new(stream), service)).await;
    }
}

/// Looks after keys and lists, and drops what is dead.
async fn tend(app: Arc<App>) {
    let mut purge_at = tokio::time::Instant::now();
    loop {
        if let Err(error) = app.look(clock::now()).await {
            tracing::error!(%error, "the database cannot be read");
        }
        if tokio::time::Instant::now() >= purge_at {
            purge_at = tokio::time::Instant::now().checked_add(PURGE).unwrap_or(purge_at);
            if let Err(error) = app.purge(clock::now()).await {
                tracing::error!(%error, "what is dead cannot be dropped");
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn reload(app: &App, certificates: &ArcSwapOption<ServerConfig>) {
    if let Some((certificate, key)) = &app.config.listen.tls {
        match tls(certificate, key) {
            Ok(config) => {
                certificates.store(Some(config));
                tracing::info!("the certificates were read again");
            }
            Err(error) => tracing::error!(%error, "the old certificates stay"),
        }
    }
    if let Err(error) = app.audit.reopen() {
        tracing::error!(%error, "the audit trail cannot be opened again");
    }
}
