//! The authority that signs every certificate of the emulator; who trusts its `ca.pem` trusts them all.

use std::{
    io,
    net::IpAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256,
};
use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};
use time::{Duration, OffsetDateTime};

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The certificate could not be made, for example for a name that is none.
    #[error("the test authority cannot make a certificate")]
    Certificate(#[from] rcgen::Error),
    /// TLS does not take what was made.
    #[error("the certificate does not fit TLS")]
    Tls(#[from] rustls::Error),
    /// `ca.pem` could not be written.
    #[error("`{0}` cannot be written")]
    Write(PathBuf, #[source] io::Error),
}

/// A certificate and its key, both in PEM. No `Debug`: one half is a secret.
pub struct Issued {
    /// The certificate.
    pub certificate: String,
    /// Its private key, PKCS #8.
    pub key: String,
    chain: Vec<CertificateDer<'static>>,
    pkcs8: Vec<u8>,
}

/// A certificate authority that lives as long as one run; its key never leaves memory.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    path: PathBuf,
}

impl Authority {
    /// Makes an authority (ECDSA P-256) and writes its certificate to `ca.pem` in this folder.
    ///
    /// # Errors
    /// The folder cannot be written to.
    pub fn new(folder: &Path) -> Result<Self, Error> {
        let issuer = CertifiedIssuer::self_signed(authority(), key()?)?;
        let path = folder.join("ca.pem");
        std::fs::write(&path, issuer.pem()).map_err(|error| Error::Write(path.clone(), error))?;
        Ok(Self { issuer, path })
    }

    /// The authority's certificate, to be trusted.
    #[must_use]
    pub fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// Where `ca.pem` lies: the value of `SSL_CERT_FILE` for what shall trust the emulator.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A server certificate for `localhost`, 127.0.0.1 and these names.
    ///
    /// # Errors
    /// A name that is neither a host name nor an address.
    pub fn issue(&self, names: &[&str]) -> Result<Issued, Error> {
        let key = key()?;
        let certificate = server(names)?.signed_by(&key, &self.issuer)?;
        Ok(Issued {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
            chain: vec![certificate.der().clone()],
            pkcs8: key.serialize_der(),
        })
    }

    /// A TLS configuration for a server of these names (and `localhost`).
    ///
    /// # Errors
    /// As for [`Authority::issue`].
    pub fn server(&self, names: &[&str]) -> Result<Arc<ServerConfig>, Error> {
        let issued = self.issue(names)?;
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(issued.pkcs8));
        let config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(issued.chain, key)?;
        Ok(Arc::new(config))
    }

    /// A TLS configuration for a client that trusts this authority and nobody else.
    ///
    /// # Errors
    /// None that are known; TLS decides.
    pub fn client(&self) -> Result<ClientConfig, Error> {
        let mut roots = RootCertStore::empty();
        roots.add(self.issuer.der().clone())?;
        Ok(ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth())
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

fn key() -> Result<KeyPair, rcgen::Error> {
    KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)
}

fn authority() -> CertificateParams {
    let mut params = lifetime(CertificateParams::default());
    params.distinguished_name.push(DnType::CommonName, "Postern emulator");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn server(names: &[&str]) -> Result<CertificateParams, rcgen::Error> {
    let own = ["localhost".to_owned(), IpAddr::from([127, 0, 0, 1]).to_string()];
    let names: Vec<String> = own.into_iter().chain(names.iter().map(|&n| n.to_owned())).collect();
    let mut params = lifetime(CertificateParams::new(names)?);
    params.distinguished_name.push(DnType::CommonName, "localhost");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // Strict verifiers (Python 3.13, OpenSSL's `-x509_strict`) ask for it.
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

/// From yesterday, because clocks differ, for a week: an emulator that runs longer is restarted.
fn lifetime(mut params: CertificateParams) -> CertificateParams {
    let now = OffsetDateTime::now_utc();
    params.not_before = now - Duration::days(1);
    params.not_after = now + Duration::days(7);
    params
}
