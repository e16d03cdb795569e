//! The demo's configuration: the files of `config/`, with this run's addresses filled in.

use std::{
    fs,
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use crate::{issuer::Issuer, key::Key};

/// What differs from run to run, and from one cloud's deployment to the other's.
pub struct Filled<'a> {
    /// Who vouches for agents.
    pub issuer: &'a Issuer,
    /// The database's port.
    pub port: u16,
    /// Whom to trust, in PEM.
    pub authority: &'a str,
    /// The address of the request function.
    pub request: &'a str,
    /// The address of the token function, whose name as an issuer it is too.
    pub token: &'a str,
    /// What tokens are signed with.
    pub signer: &'a Key,
}

/// Writes the configuration into this folder, as it would lie beside a deployed function.
///
/// # Errors
/// The folder cannot be written.
pub fn write(folder: &Path, with: &Filled<'_>) -> io::Result<()> {
    let policies = folder.join("policies");
    fs::create_dir_all(&policies)?;
    let (issuer, jwks) = (with.issuer.url(), with.issuer.jwks_url());
    let issuers = ISSUERS.replace("{issuer}", issuer).replace("{jwks}", &jwks);
    let tokens = TOKENS.replace("{request}", with.request).replace("{token}", with.token);
    fs::write(folder.join("issuers.toml"), issuers)?;
    fs::write(folder.join("targets.toml"), TARGETS.replace("{port}", &with.port.to_string()))?;
    fs::write(folder.join("tokens.toml"), tokens)?;
    fs::write(folder.join("tokens.jwks.json"), with.signer.set().to_string())?;
    fs::write(folder.join("authority.pem"), with.authority)?;
    fs::write(policies.join("shop.cedar"), POLICIES)
}

/// Writes the private half of a key for nobody but ourselves to read, where nothing is yet.
///
/// # Errors
/// There is something, or the folder cannot be written.
pub fn write_private(file: &Path, key: &Key) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    file.write_all(key.pem().as_bytes())
}

/// The audience that tokens must be for.
pub const AUDIENCE: &str = "https://postern.example";

/// The audience of the tokens by which people decide; no agent's token is for it.
pub const PEOPLE: &str = "https://postern.example/people";

const ISSUERS: &str = include_str!("../config/issuers.toml");
const TARGETS: &str = include_str!("../config/targets.toml");
const TOKENS: &str = include_str!("../config/tokens.toml");
const POLICIES: &str = include_str!("../config/policies/shop.cedar");
