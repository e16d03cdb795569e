//! What a function gets from its cloud: each thing made when it is asked for, so that a function
//! links, and demands settings for, no more than it uses.

#[cfg(feature = "azure")]
use std::error::Error;
use std::sync::Arc;

use approvals::{Waker, Workflow};
use credentials::SecretStore;
use delegation::Signer;
use host::{Settings, SignerAt, StateAt, WorkflowAt};
use request::Mistakes;
#[cfg(feature = "azure")]
use request::{Clock, Later};
use state::Store;

use crate::{
    Sweeper,
    start::{mistake, settings},
};

/// The settings of this process, and its cloud's services.
pub struct Cloud {
    settings: Settings,
    store: Arc<dyn Store>,
    sweeper: Option<Arc<dyn Sweeper>>,
    services: Services,
}

/// What is needed to reach a cloud's services. No trait: behind one, every service would be linked
/// into every function.
enum Services {
    #[cfg(feature = "aws")]
    Aws(Box<on_aws::SdkConfig>),
    #[cfg(feature = "azure")]
    Azure(reqwest::Client, Arc<dyn on_azure::TokenCredential>),
}

impl Cloud {
    /// Amazon's, by the settings of this process. Nothing is called.
    #[cfg(feature = "aws")]
    pub(crate) async fn aws() -> Result<Self, Mistakes> {
        let settings = settings()?;
        let config = on_aws::config().await;
        let store: Arc<dyn Store> = match &settings.state {
            StateAt::DynamoDb(table) => Arc::new(on_aws::DynamoDb::new(&config, table)),
            other => elsewhere(other)?,
        };
        // DynamoDB forgets by itself.
        Ok(Self { settings, store, sweeper: None, services: Services::Aws(Box::new(config)) })
    }

    /// Microsoft's, by the settings of this process. Nothing is called.
    #[cfg(feature = "azure")]
    pub(crate) fn azure() -> Result<Self, Mistakes> {
        let settings = settings()?;
        let credential = on_azure::credential(settings.client.as_deref()).map_err(mistake)?;
        let http = on_azure::client(&[]).map_err(mistake)?;
        let (store, sweeper): (Arc<dyn Store>, Option<Arc<dyn Sweeper>>) = match &settings.state {
            StateAt::Tables(account, table) => {
                let credential = Arc::clone(&credential);
                let tables = on_azure::Tables::new(http.clone(), account, table, credential);
                let tables = Arc::new(tables.map_err(mistake)?);
                (Arc::clone(&tables) as _, Some(Arc::new(Round(tables))))
            }
            other => (elsewhere(other)?, None),
        };
        Ok(Self { settings, store, sweeper, services: Services::Azure(http, credential) })
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Where state is kept.
    #[must_use]
    pub fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.store)
    }

    /// Who forgets what is over, where the store has to be told to.
    #[must_use]
    pub fn sweeper(&self) -> Option<Arc<dyn Sweeper>> {
        self.sweeper.clone()
    }

    /// Where secrets are.
    ///
    /// # Errors
    /// On Azure: the vault is not named, or cannot be one.
    pub fn secrets(&self) -> Result<Arc<dyn SecretStore>, Mistakes> {
        match &self.services {
            #[cfg(feature = "aws")]
            Services::Aws(config) => Ok(Arc::new(on_aws::SecretsManager::new(config))),
            #[cfg(feature = "azure")]
            Services::Azure(http, credential) => {
                let (vault, credential) = (self.vault()?, Arc::clone(credential));
                let vault = on_azure::KeyVault::new(http.clone(), vault, credential);
                Ok(Arc::new(vault.map_err(mistake)?))
            }
        }
    }

    /// What signs our own tokens.
    ///
    /// # Errors
    /// The key is not named, is of a kind that this function does not have, or cannot be read.
    pub fn signer(&self) -> Result<Arc<dyn Signer>, Mistakes> {
        let signer = self.settings.signer.as_ref();
        let signer = signer.ok_or_else(|| mistake("`POSTERN_SIGNER` names the key that signs"))?;
        match (signer, &self.services) {
            #[cfg(feature = "aws")]
            (SignerAt::Kms(key), Services::Aws(config)) => {
                Ok(Arc::new(on_aws::Kms::new(config, key)))
            }
            #[cfg(feature = "azure")]
            (SignerAt::KeyVault(key), Services::Azure(http, credential)) => {
                let (vault, credential) = (self.vault()?, Arc::clone(credential));
                let key = on_azure::KeyVaultKey::new(http.clone(), vault, key, credential);
                Ok(Arc::new(key.map_err(mistake)?))
            }
            #[cfg(feature = "local")]
            (SignerAt::File(path), _) => {
                Ok(Arc::new(on_disk::FileKey::read(path).map_err(mistake)?))
            }
            _ => Err(mistake("this function has no key of the kind that `POSTERN_SIGNER` names")),
        }
    }

    /// What is told of requests that begin to wait for people, where there is such a thing.
    ///
    /// # Errors
    /// It is of a kind that this cloud does not have, or cannot be reached at this address.
    pub fn workflow(&self) -> Result<Option<Arc<dyn Workflow>>, Mistakes> {
        let Some(workflow) = &self.settings.workflow else { return Ok(None) };
        match (workflow, &self.services) {
            #[cfg(feature = "aws")]
            (WorkflowAt::StepFunctions(arn), Services::Aws(config)) => {
                Ok(Some(Arc::new(on_aws::StateMachine::new(config, arn))))
            }
            #[cfg(feature = "azure")]
            (WorkflowAt::Queue(url), Services::Azure(http, credential)) => {
                Ok(Some(Arc::new(queue(http, url, credential)?)))
            }
            _ => Err(mistake(FOREIGN)),
        }
    }

    /// What is told how requests went on that waited for people, where there is such a thing.
    ///
    /// # Errors
    /// As for [`Cloud::workflow`].
    pub fn waker(&self) -> Result<Option<Arc<dyn Waker>>, Mistakes> {
        let Some(workflow) = &self.settings.workflow else { return Ok(None) };
        match (workflow, &self.services) {
            #[cfg(feature = "aws")]
            (WorkflowAt::StepFunctions(_), Services::Aws(config)) => {
                let tasks = on_aws::Tasks::new(config);
                Ok(Some(match &self.settings.queue {
                    Some(url) => Arc::new(tasks.reminded(config, url)),
                    None => Arc::new(tasks),
                }))
            }
            #[cfg(feature = "azure")]
            (WorkflowAt::Queue(url), Services::Azure(http, credential)) => {
                Ok(Some(Arc::new(queue(http, url, credential)?)))
            }
            _ => Err(mistake(FOREIGN)),
        }
    }

    #[cfg(feature = "azure")]
    fn vault(&self) -> Result<&str, Mistakes> {
        let vault = self.settings.vault.as_deref();
        vault.ok_or_else(|| mistake("`POSTERN_VAULT_URL` names the Key Vault"))
    }
}

/// A walk through a table, at the time of this machine.
#[cfg(feature = "azure")]
struct Round(Arc<on_azure::Tables>);

#[cfg(feature = "azure")]
impl Sweeper for Round {
    fn sweep(&self) -> Later<'_, Result<usize, Box<dyn Error + Send + Sync>>> {
        Box::pin(async { Ok(self.0.sweep(host::SystemClock.now()).await?) })
    }
}

#[cfg(feature = "azure")]
fn queue(
    http: &reqwest::Client,
    url: &str,
    credential: &Arc<dyn on_azure::TokenCredential>,
) -> Result<on_azure::Queue, Mistakes> {
    let clock = Arc::new(host::SystemClock);
    on_azure::Queue::new(http.clone(), url, Arc::clone(credential), clock).map_err(mistake)
}

/// The store for one machine, in builds that have it.
fn elsewhere(state: &StateAt) -> Result<Arc<dyn Store>, Mistakes> {
    match state {
        #[cfg(feature = "local")]
        StateAt::Sqlite(path) => {
            let store = on_disk::Sqlite::open(path).map_err(mistake)?;
            Ok(Arc::new(store.forgetting(Arc::new(host::SystemClock))))
        }
        _ => Err(mistake("this function has no store of the kind that `POSTERN_STATE` names")),
    }
}

const FOREIGN: &str = "this function has no workflow of the kind that `POSTERN_WORKFLOW` names";
