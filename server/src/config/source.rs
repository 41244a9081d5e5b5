//! Where the database is.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use postgres::config::{Host, SslMode};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::reader::{Place, Reader, Table};

/// Where the database is.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// SQLite in this folder, for one service.
    Folder(PathBuf),
    /// PostgreSQL, for several.
    Postgresql(Box<Postgresql>),
}

/// How PostgreSQL is reached.
#[derive(Clone, Debug)]
pub(crate) struct Postgresql {
    pub(crate) config: postgres::Config,
    /// Whom to trust; without it nothing is encrypted.
    pub(crate) tls: Option<Arc<rustls::ClientConfig>>,
}

pub(super) fn source<'t>(reader: &mut Reader<'t>, top: &Table<'t>, folder: &Path) -> Option<Source> {
    let data = reader.text(top, "data");
    let postgresql = reader.text(top, "postgresql");
    let authority = reader.text(top, "postgresql_ca");
    match (data, postgresql) {
        (Some((data, _)), None) => {
            if let Some((_, place)) = authority {
                reader.fault(&place, "postgresql_ca belongs to postgresql");
            }
            Some(Source::Folder(folder.join(data)))
        }
        (None, Some((url, place))) => {
            let config = match url.parse() {
                Ok(config) => config,
                Err(error) => {
                    // The URL has a password, perhaps.
                    reader.fault(&place, format!("postgresql is a URL or a list of words: {error}"));
                    return None;
                }
            };
            let tls = match authority {
                None => None,
                Some((file, place)) => Some(trust(reader, &folder.join(file), &place)?),
            };
            postgresql_over(reader, config, tls, &place)
        }
        (Some(_), Some((_, place))) => {
            reader.fault(&place, "there is one database: either data or postgresql");
            None
        }
        (None, None) => {
            let what = "data is missing: the folder of the database; or postgresql, its URL";
            reader.fault(&Place::File, what);
            None
        }
    }
}

/// Over a network there is TLS, and the other end proves who it is; or the URL says that
/// nobody else is on that network.
fn postgresql_over(
    reader: &mut Reader<'_>,
    mut config: postgres::Config,
    tls: Option<Arc<rustls::ClientConfig>>,
    place: &Place,
) -> Option<Source> {
    let is_here = |host: &Host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
        }
        Host::Unix(_) => true,
    };
    let is_here = !config.get_hosts().is_empty() && config.get_hosts().iter().all(is_here);
    let mode = config.get_ssl_mode();
    if tls.is_some() {
        config.ssl_mode(SslMode::Require);
    } else if mode == SslMode::Require || (mode != SslMode::Disable && !is_here) {
        let what = "postgresql on another machine wants postgresql_ca, the certificate of who signed its own; \
                    sslmode=disable in the URL does without TLS";
        reader.fault(place, what);
        return None;
    }
    Some(Source::Postgresql(Box::new(Postgresql { config, tls })))
}

fn trust(reader: &mut Reader<'_>, file: &Path, place: &Place) -> Option<Arc<rustls::ClientConfig>> {
    let mut roots = rustls::RootCertStore::empty();
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match read {
        Ok(certificates) => roots.add_parsable_certificates(certificates),
        Err(error) => {
            reader.fault(place, format!("{}: {error}", file.display()));
            return None;
        }
    };
    if roots.is_empty() {
        reader.fault(place, format!("{}: there is no certificate in it", file.display()));
        return None;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| reader.fault(place, error.to_string())).ok()?;
    Some(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
}
