//! The gate as a function of this machine would have it, for one target.

use std::{path::Path, sync::Arc};

use credentials::{Fetched, Secret, SecretStore, StoreError};
use enforce::Ports;
use host::{Configuration, KeysAt};
use on_disk::Sqlite;
use policy::Target;
use request::{Later, SecretName, TargetName};
use zeroize::Zeroizing;

use crate::cli::Error;

/// What decides, with the login of one target and of no other.
pub(super) struct Gate {
    pub(super) ports: Ports,
    pub(super) target: TargetName,
}

impl Gate {
    /// Reads the configuration and opens the state. `login` finds the target's login, as its secret
    /// has it.
    ///
    /// # Errors
    /// Every mistake of the configuration at once; no such target; no login; the state is not there.
    pub(super) fn of(
        config: &Path,
        state: &Path,
        keys: KeysAt,
        target: &str,
        login: impl FnOnce(&Target) -> Result<Zeroizing<String>, Error>,
    ) -> Result<Self, Error> {
        let configuration = Configuration::read(config)?;
        let name = TargetName::new(target).map_err(|_| Error::NoTarget(target.to_owned()))?;
        let found = configuration.policies.targets().find(&name).cloned();
        let found = found.ok_or_else(|| Error::NoTarget(target.to_owned()))?;
        // One that is made here would hold nobody's revocations.
        if !state.is_file() {
            return Err(Error::NoState(state.to_owned()));
        }
        let store = Arc::new(Sqlite::open(state)?);
        let safe = Safe { name: found.secret.clone(), login: login(&found)? };
        let ports = host::ports(configuration, keys, store, Arc::new(safe))?;
        Ok(Self { ports, target: name })
    }
}

/// The one secret that it takes to ask the target what it consists of.
struct Safe {
    name: SecretName,
    login: Zeroizing<String>,
}

impl SecretStore for Safe {
    fn fetch<'a>(&'a self, name: &'a SecretName) -> Later<'a, Result<Fetched, StoreError>> {
        Box::pin(async move {
            if *name != self.name {
                return Err(StoreError::Missing);
            }
            let secret = Secret::new(self.login.clone());
            Ok(Fetched { secret, version: "of the operator".into() })
        })
    }
}
