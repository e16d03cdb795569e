//! The demo's configuration: the files of `config/`, with this run's addresses filled in.

use std::{fs, io, path::Path};

use crate::issuer::Issuer;

/// Writes the configuration into this folder, as it would lie beside a deployed function.
///
/// # Errors
/// The folder cannot be written.
pub fn write(folder: &Path, issuer: &Issuer, port: u16, authority: &str) -> io::Result<()> {
    let policies = folder.join("policies");
    fs::create_dir_all(&policies)?;
    let issuers = ISSUERS.replace("{issuer}", issuer.url()).replace("{jwks}", &issuer.jwks_url());
    fs::write(folder.join("issuers.toml"), issuers)?;
    fs::write(folder.join("targets.toml"), TARGETS.replace("{port}", &port.to_string()))?;
    fs::write(folder.join("authority.pem"), authority)?;
    fs::write(policies.join("shop.cedar"), POLICIES)
}

/// The audience that tokens must be for.
pub const AUDIENCE: &str = "https://postern.example";

const ISSUERS: &str = include_str!("../config/issuers.toml");
const TARGETS: &str = include_str!("../config/targets.toml");
const POLICIES: &str = include_str!("../config/policies/shop.cedar");
