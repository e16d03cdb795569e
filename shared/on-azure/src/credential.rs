//! The identity of the function itself.

use std::sync::Arc;

use azure_core::credentials::TokenCredential;
use azure_identity::{ManagedIdentityCredential, ManagedIdentityCredentialOptions, UserAssignedId};

use crate::{Error, client};

/// The managed identity: the user-assigned one of this client id, or else the system-assigned one.
/// In a function app it asks the endpoint in `IDENTITY_ENDPOINT`; tokens are kept until they expire.
///
/// # Errors
/// [`Error::Sdk`] where the environment offers no identity that the SDK knows, [`Error::Client`].
pub fn credential(client_id: Option<&str>) -> Result<Arc<dyn TokenCredential>, Error> {
    let options = ManagedIdentityCredentialOptions {
        user_assigned_id: client_id.map(|id| UserAssignedId::ClientId(id.to_owned())),
        client_options: client::options(client::local()?),
    };
    let credential = ManagedIdentityCredential::new(Some(options)).map_err(Error::Sdk)?;
    Ok(credential)
}
