//! Everything of both clouds on one machine: the real functions, and around them what they need.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use tempfile::TempDir;

use crate::{
    azure,
    binaries::Binaries,
    ca::{self, Authority},
    configuration, issuer, key_vault, lambda, managed_identity,
    postgres::{self, Passwords, Postgres},
    process::Log,
    secrets_manager,
};

/// The clouds whose function models are here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cloud {
    /// AWS Lambda, Secrets Manager.
    Aws,
    /// Azure Functions, Key Vault.
    Azure,
}

impl Cloud {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Aws, Self::Azure];

    /// Its name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Azure => "azure",
        }
    }
}

/// Why it does not run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The Functions host.
    #[error(transparent)]
    Azure(#[from] azure::Error),
    /// Certificates.
    #[error(transparent)]
    Certificates(#[from] ca::Error),
    /// A folder or a port.
    #[error("no folder or port could be had")]
    Io(#[from] io::Error),
    /// The issuer.
    #[error(transparent)]
    Issuer(#[from] issuer::Error),
    /// The vault.
    #[error(transparent)]
    KeyVault(#[from] key_vault::Error),
    /// The Lambda service.
    #[error(transparent)]
    Lambda(#[from] lambda::Error),
    /// The database.
    #[error(transparent)]
    Postgres(#[from] postgres::Error),
}

/// A running emulator. Dropping it ends every process it started and removes its folder.
pub struct Emulator {
    /// Lambda with the request function behind a function URL.
    pub lambda: lambda::Host,
    /// The Functions host with the request function as its custom handler.
    pub functions: azure::Host,
    /// Who vouches for agents.
    pub issuer: issuer::Issuer,
    /// Secrets on AWS.
    pub secrets_manager: secrets_manager::Server,
    /// Secrets on Azure.
    pub key_vault: key_vault::Server,
    /// The identity of the function on Azure.
    pub identity: managed_identity::Server,
    /// The database.
    pub postgres: Postgres,
    /// What the database's roles log in with.
    pub passwords: Passwords,
    /// What all processes said.
    pub log: Log,
    function: lambda::Config,
    app: azure::Config,
    authority: Authority,
    folder: TempDir,
}

impl Emulator {
    /// Starts everything on free ports of loopback. `tell` hears of each step, for whoever waits.
    ///
    /// # Errors
    /// Something is missing or does not start; whatever was started is ended.
    pub async fn start(binaries: &Binaries, log: Log, tell: &dyn Fn(&str)) -> Result<Self, Error> {
        let folder = TempDir::with_prefix("postern-")?;
        let authority = Authority::new(folder.path())?;
        tell("PostgreSQL with a shop's data");
        let passwords = Passwords::canaries();
        let postgres = Postgres::start(&authority, &passwords, &log).await?;
        tell("an OIDC issuer, Secrets Manager, Key Vault");
        let issuer = issuer::Issuer::start(&authority).await?;
        let secrets_manager = secrets_manager::Server::start().await?;
        let identity = managed_identity::Server::start().await?;
        let key_vault = key_vault::Server::start(&authority, identity.tokens()).await?;
        let config = folder.path().join("config");
        configuration::write(&config, &issuer, postgres.port(), &authority.pem())?;
        tell("the request function on Lambda and on Azure Functions");
        let common = Common { folder: folder.path(), config: &config, authority: &authority };
        let mut on_lambda = lambda::Config::new("request", &binaries.lambda);
        on_lambda.env = common.aws(&secrets_manager);
        // API Gateway gives up at 30 s.
        on_lambda.timeout = Duration::from_secs(29);
        on_lambda.log = log.clone();
        let mut on_azure = azure::Config::new("request", &binaries.azure);
        on_azure.env = common.azure(&key_vault, &identity);
        on_azure.log = log.clone();
        let lambda = lambda::Host::start(on_lambda.clone()).await?;
        // The handler starts with the host and reads its files then.
        let functions = azure::Host::start(on_azure.clone()).await?;
        let emulator = Self {
            lambda,
            functions,
            issuer,
            secrets_manager,
            key_vault,
            identity,
            postgres,
            passwords,
            log,
            function: on_lambda,
            app: on_azure,
            authority,
            folder,
        };
        emulator.store_secrets();
        Ok(emulator)
    }

    /// Where agents reach the request function of this cloud.
    #[must_use]
    pub fn url(&self, cloud: Cloud) -> String {
        match cloud {
            Cloud::Aws => self.lambda.url(),
            Cloud::Azure => self.functions.url(),
        }
    }

    /// The same function on Lambda once more, with something changed about it.
    ///
    /// # Errors
    /// No free port.
    pub async fn also_on_lambda(
        &self,
        change: impl FnOnce(&mut lambda::Config),
    ) -> Result<lambda::Host, Error> {
        let mut config = self.function.clone();
        change(&mut config);
        Ok(lambda::Host::start(config).await?)
    }

    /// The same function on Azure once more, with something changed about it.
    ///
    /// # Errors
    /// No free port, or it does not start.
    pub async fn also_on_azure(
        &self,
        change: impl FnOnce(&mut azure::Config),
    ) -> Result<azure::Host, Error> {
        let mut config = self.app.clone();
        change(&mut config);
        Ok(azure::Host::start(config).await?)
    }

    /// The functions' configuration. Whoever starts after a change in there reads it anew.
    #[must_use]
    pub fn config(&self) -> PathBuf {
        self.folder.path().join("config")
    }

    /// The ledger of this cloud's function.
    #[must_use]
    pub fn ledger(&self, cloud: Cloud) -> PathBuf {
        ledger(self.folder.path(), cloud)
    }

    /// The certificate authority that everything here is signed by.
    #[must_use]
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Puts the passwords of the database's roles where each cloud keeps secrets.
    pub fn store_secrets(&self) {
        let logins = [
            ("shop-orders", postgres::ORDERS_AGENT, &self.passwords.orders_agent),
            ("shop-payroll", postgres::PAYROLL_AGENT, &self.passwords.payroll_agent),
        ];
        for (name, username, password) in logins {
            let login = serde_json::json!({"username": username, "password": password}).to_string();
            self.secrets_manager.put(name, &login);
            self.key_vault.put(name, &login);
        }
    }

    /// Ends everything in order.
    pub async fn stop(self) {
        self.lambda.stop().await;
        self.functions.stop().await;
        self.postgres.stop().await;
    }
}

/// What the environments of both functions are made from.
struct Common<'a> {
    folder: &'a Path,
    config: &'a Path,
    authority: &'a Authority,
}

impl Common<'_> {
    fn both(&self, cloud: Cloud) -> BTreeMap<String, String> {
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let state = format!("sqlite:{}", text(&ledger(self.folder, cloud)));
        variables(&[
            ("POSTERN_CONFIG", &text(self.config)),
            ("POSTERN_STATE", &state),
            ("SSL_CERT_FILE", &text(self.authority.path())),
        ])
    }

    fn aws(&self, secrets: &secrets_manager::Server) -> BTreeMap<String, String> {
        let mut all = self.both(Cloud::Aws);
        all.extend(variables(&[
            ("AWS_ENDPOINT_URL_SECRETS_MANAGER", &secrets.url()),
            ("AWS_ACCESS_KEY_ID", "emulated"),
            ("AWS_SECRET_ACCESS_KEY", "emulated"),
        ]));
        all
    }

    fn azure(
        &self,
        vault: &key_vault::Server,
        identity: &managed_identity::Server,
    ) -> BTreeMap<String, String> {
        let mut all = self.both(Cloud::Azure);
        all.extend(variables(&[
            ("POSTERN_VAULT_URL", &vault.url()),
            ("AZURE_CLIENT_ID", identity.client()),
            ("IDENTITY_ENDPOINT", &identity.endpoint()),
            ("IDENTITY_HEADER", identity.header()),
            ("HTTPS_PROXY", &vault.proxy()),
            ("NO_PROXY", "localhost,127.0.0.1"),
        ]));
        all
    }
}

fn variables(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn ledger(folder: &Path, cloud: Cloud) -> PathBuf {
    folder.join(format!("{}.db", cloud.name()))
}
