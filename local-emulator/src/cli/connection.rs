//! A connection as the gate's own driver makes it: TLS, with the host's name checked.

use std::{sync::Arc, time::Duration};

use policy::Target;
use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use tokio_postgres::{Client, Config, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{Error, Login};

/// Connects to a target as whom the login is for. Needs the runtime to outlive the client.
///
/// # Errors
/// The target cannot be reached, is not who it should be, or does not take the login.
pub async fn connect(target: &Target, login: &Login) -> Result<Client, Error> {
    let tls = MakeRustlsConnect::new(tls(target)?);
    let mut config = Config::new();
    config
        .host(&target.host)
        .port(target.port)
        .dbname(&target.database)
        .user(&login.username)
        .password(login.password.as_str())
        .application_name("postern")
        .ssl_mode(SslMode::Require)
        .connect_timeout(CONNECT);
    let (client, connection) = config.connect(tls).await.map_err(Error::Target)?;
    // It ends when the client is dropped or the server goes; the client tells either.
    tokio::spawn(connection);
    Ok(client)
}

/// Only the target's own authority where it has one.
fn tls(target: &Target) -> Result<ClientConfig, Error> {
    let mut roots = RootCertStore::empty();
    match &target.authority {
        Some(pem) => {
            let certificates = CertificateDer::pem_slice_iter(pem.as_bytes()).flatten();
            roots.add_parsable_certificates(certificates);
        }
        None => {
            let found = rustls_native_certs::load_native_certs();
            roots.add_parsable_certificates(found.certs);
        }
    }
    if roots.is_empty() {
        return Err(Error::Authority(target.name.clone()));
    }
    let provider = Arc::new(aws_lc_rs::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

/// Name lookup, TCP, TLS and login.
const CONNECT: Duration = Duration::from_secs(10);
