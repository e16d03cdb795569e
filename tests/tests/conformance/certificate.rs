//! A certificate authority of one test, and its one server.

use std::path::{Path, PathBuf};

use local_emulator::ca::Authority;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

/// A server certificate for this machine, and the root that vouches for it.
pub(crate) struct Certificate {
    root: String,
    chain: String,
    key: String,
}

impl Certificate {
    pub(crate) fn new() -> Self {
        let root_key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root = params.self_signed(&root_key).unwrap().pem();
        let issuer = Issuer::new(params, root_key);

        let key = KeyPair::generate().unwrap();
        let names = ["localhost", "127.0.0.1"].map(String::from);
        let params = CertificateParams::new(names).unwrap();
        let chain = params.signed_by(&key, &issuer).unwrap().pem();
        Self { root, chain, key: key.serialize_pem() }
    }

    /// One by an authority that is there already.
    pub(crate) fn by(authority: &Authority) -> Self {
        let issued = authority.issue(&[]).unwrap();
        Self { root: authority.pem(), chain: issued.certificate, key: issued.key }
    }

    /// The root, as PEM.
    pub(crate) fn root(&self) -> &str {
        &self.root
    }

    /// Files with the server's certificate and its key.
    pub(crate) fn write(&self, folder: &Path) -> (PathBuf, PathBuf) {
        let (chain, key) = (folder.join("chain.pem"), folder.join("key.pem"));
        std::fs::write(&chain, &self.chain).unwrap();
        std::fs::write(&key, &self.key).unwrap();
        (chain, key)
    }
}
