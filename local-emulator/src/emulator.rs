//! Everything of both clouds on one machine: the real functions, and around them what they need.

mod approvals;
mod environment;

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use tempfile::TempDir;
use tokio::net::TcpListener;

pub use self::approvals::{Error as ApprovalsError, Started, Workflows};
use self::environment::{Environment, Variables};
use crate::{
    agent::Deployment,
    azure,
    binaries::Binaries,
    ca::{self, Authority},
    configuration::{self, Filled},
    front, issuer,
    key::{self, Key},
    key_vault, lambda, managed_identity,
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
    /// What people are asked by.
    #[error(transparent)]
    Approvals(#[from] ApprovalsError),
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
    /// A key that tokens are signed with.
    #[error(transparent)]
    Key(#[from] key::Error),
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
    /// Lambda with the token function behind a function URL.
    pub token_lambda: lambda::Host,
    /// The Functions host with the token function as its custom handler.
    pub token_functions: azure::Host,
    /// Who vouches for agents.
    pub issuer: issuer::Issuer,
    /// Secrets on AWS.
    pub secrets_manager: secrets_manager::Server,
    /// Secrets on Azure.
    pub key_vault: key_vault::Server,
    /// The identity of the function on Azure.
    pub identity: managed_identity::Server,
    /// What carries what waits for people to its end.
    pub workflows: Workflows,
    /// The database.
    pub postgres: Postgres,
    /// What the database's roles log in with.
    pub passwords: Passwords,
    /// The operator's program, where it was built.
    pub postern: Option<PathBuf>,
    /// What all processes said.
    pub log: Log,
    function: lambda::Config,
    app: azure::Config,
    token_function: lambda::Config,
    token_app: azure::Config,
    started: Option<Started>,
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
        let (on_aws, on_azure) = (Fronts::open().await?, Fronts::open().await?);
        for (cloud, fronts) in [(Cloud::Aws, &on_aws), (Cloud::Azure, &on_azure)] {
            configure(folder.path(), cloud, fronts, &issuer, &postgres, &authority)?;
        }
        let workflows = Workflows::start(&authority, &identity).await?;
        let of = Environment { folder: folder.path(), authority: authority.path() };
        let (mut aws, mut env) = (of.aws(&secrets_manager), of.azure(&key_vault, &identity));
        if binaries.approvers.is_some() {
            workflows.on_aws(&mut aws);
            workflows.on_azure(&mut env);
        }
        let function = on_lambda("request", &binaries.request_lambda, aws, &log);
        let app = on_functions("request", &binaries.request_azure, env, &log);
        let env = of.signing(Cloud::Aws, &function.env);
        let token_function = on_lambda("token", &binaries.token_lambda, env, &log);
        let env = of.signing(Cloud::Azure, &app.env);
        let token_app = on_functions("token", &binaries.token_azure, env, &log);
        let started = match &binaries.approvers {
            Some(programs) => Some(Started::start(programs, &function, &app, &workflows).await?),
            None => None,
        };
        tell("the request and the token function on Lambda and on Azure Functions");
        let emulator = Self {
            lambda: lambda::Host::start_at(on_aws.request, function.clone())?,
            token_lambda: lambda::Host::start_at(on_aws.token, token_function.clone())?,
            // A handler starts with its host and reads its files then.
            functions: azure::Host::start_at(on_azure.request, app.clone()).await?,
            token_functions: azure::Host::start_at(on_azure.token, token_app.clone()).await?,
            issuer,
            secrets_manager,
            key_vault,
            identity,
            workflows,
            postgres,
            passwords,
            postern: binaries.postern.clone(),
            log,
            function,
            app,
            token_function,
            token_app,
            started,
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

    /// Where agents reach the token function of this cloud; its name as an issuer, too.
    #[must_use]
    pub fn token_url(&self, cloud: Cloud) -> String {
        match cloud {
            Cloud::Aws => self.token_lambda.url(),
            Cloud::Azure => self.token_functions.url(),
        }
    }

    /// Where people of this cloud decide, where the functions for it are built.
    #[must_use]
    pub fn people_url(&self, cloud: Cloud) -> Option<String> {
        Some(self.started.as_ref()?.url(cloud))
    }

    /// Both functions of this cloud, as agents reach them.
    #[must_use]
    pub fn deployment(&self, cloud: Cloud, http: &reqwest::Client) -> Deployment {
        Deployment::new(http, &self.url(cloud), &self.token_url(cloud))
    }

    /// The request function on Lambda once more, with something changed about it. Its address is
    /// another, for which no proof is good: see [`Deployment::reached_at`].
    ///
    /// # Errors
    /// No free port.
    pub async fn also_on_lambda(
        &self,
        change: impl FnOnce(&mut lambda::Config),
    ) -> Result<lambda::Host, Error> {
        changed_on_lambda(&self.function, change).await
    }

    /// The same on Azure.
    ///
    /// # Errors
    /// No free port, or it does not start.
    pub async fn also_on_azure(
        &self,
        change: impl FnOnce(&mut azure::Config),
    ) -> Result<azure::Host, Error> {
        changed_on_azure(&self.app, change).await
    }

    /// The token function on Lambda once more, with something changed about it.
    ///
    /// # Errors
    /// No free port.
    pub async fn token_also_on_lambda(
        &self,
        change: impl FnOnce(&mut lambda::Config),
    ) -> Result<lambda::Host, Error> {
        changed_on_lambda(&self.token_function, change).await
    }

    /// The same on Azure.
    ///
    /// # Errors
    /// No free port, or it does not start.
    pub async fn token_also_on_azure(
        &self,
        change: impl FnOnce(&mut azure::Config),
    ) -> Result<azure::Host, Error> {
        changed_on_azure(&self.token_app, change).await
    }

    /// The configuration of this cloud's functions. Whoever starts after a change in there reads it
    /// anew.
    #[must_use]
    pub fn config(&self, cloud: Cloud) -> PathBuf {
        config(self.folder.path(), cloud)
    }

    /// The ledger of this cloud's functions, and whatever else they keep.
    #[must_use]
    pub fn ledger(&self, cloud: Cloud) -> PathBuf {
        ledger(self.folder.path(), cloud)
    }

    /// The key that this cloud's own tokens are signed with, PKCS #8 in PEM.
    #[must_use]
    pub fn signer(&self, cloud: Cloud) -> PathBuf {
        signer(self.folder.path(), cloud)
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
        let key = STANDARD.encode(self.passwords.mask_key.as_bytes());
        let key = serde_json::json!({ "key": key }).to_string();
        self.secrets_manager.put("shop-mask-key", &key);
        self.key_vault.put("shop-mask-key", &key);
    }

    /// Ends everything in order.
    pub async fn stop(self) {
        self.lambda.stop().await;
        self.token_lambda.stop().await;
        self.functions.stop().await;
        self.token_functions.stop().await;
        if let Some(started) = self.started {
            started.stop().await;
        }
        self.postgres.stop().await;
    }
}

/// The fronts of one cloud's two functions: ports that are ours before the configuration, which
/// proofs and tokens are checked against, says where they are.
struct Fronts {
    request: TcpListener,
    token: TcpListener,
}

impl Fronts {
    async fn open() -> io::Result<Self> {
        Ok(Self { request: front::listen(0).await?, token: front::listen(0).await? })
    }
}

/// Writes one cloud's configuration, and the key of its token function.
fn configure(
    folder: &Path,
    cloud: Cloud,
    at: &Fronts,
    issuer: &issuer::Issuer,
    postgres: &Postgres,
    authority: &Authority,
) -> Result<(), Error> {
    let url = |listener: &TcpListener| Ok::<_, io::Error>(front::url(listener.local_addr()?));
    let key = Key::fresh()?;
    let filled = Filled {
        issuer,
        port: postgres.port(),
        authority: &authority.pem(),
        request: &url(&at.request)?,
        token: &url(&at.token)?,
        signer: &key,
    };
    configuration::write(&config(folder, cloud), &filled)?;
    Ok(configuration::write_private(&signer(folder, cloud), &key)?)
}

fn on_lambda(name: &str, program: &Path, env: Variables, log: &Log) -> lambda::Config {
    let mut config = lambda::Config::new(name, program);
    config.env = env;
    // API Gateway gives up at 30 s.
    config.timeout = Duration::from_secs(29);
    config.log = log.clone();
    config
}

fn on_functions(name: &str, program: &Path, env: Variables, log: &Log) -> azure::Config {
    let mut config = azure::Config::new(name, program);
    config.env = env;
    config.log = log.clone();
    config
}

async fn changed_on_lambda(
    config: &lambda::Config,
    change: impl FnOnce(&mut lambda::Config),
) -> Result<lambda::Host, Error> {
    let mut config = config.clone();
    change(&mut config);
    Ok(lambda::Host::start(config).await?)
}

async fn changed_on_azure(
    config: &azure::Config,
    change: impl FnOnce(&mut azure::Config),
) -> Result<azure::Host, Error> {
    let mut config = config.clone();
    change(&mut config);
    Ok(azure::Host::start(config).await?)
}

fn config(folder: &Path, cloud: Cloud) -> PathBuf {
    folder.join("config").join(cloud.name())
}

fn ledger(folder: &Path, cloud: Cloud) -> PathBuf {
    folder.join(format!("{}.db", cloud.name()))
}

fn signer(folder: &Path, cloud: Cloud) -> PathBuf {
    folder.join(format!("{}-signer.pem", cloud.name()))
}
