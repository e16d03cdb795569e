//! The calls of AWS Secrets Manager that fetch and change one secret, over plain loopback HTTP.
//!
//! Only the shape is AWS's: signatures must be there but are not checked, since nobody's key is
//! worth anything here.

mod call;
mod shelf;

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::http::StatusCode;
use serde_json::json;

pub use self::shelf::Error;
use self::shelf::{Put, Shelf};
use crate::serve::{self, Bound, Control};

/// A running Secrets Manager. [`Control::calls`] counts `CreateSecret`, `DescribeSecret`,
/// `GetSecretValue` and `PutSecretValue`, the refused ones too.
pub struct Server {
    site: Site,
    server: serve::Server,
}

#[derive(Clone)]
struct Site {
    shelf: Arc<Mutex<Shelf>>,
    control: Control,
}

impl Server {
    /// Starts on a free port, with no secrets.
    ///
    /// # Errors
    /// No free port.
    pub async fn start() -> io::Result<Self> {
        let failure = json!({"__type": "InternalServiceError", "message": "told to fail"});
        let throttled = json!({"__type": "ThrottlingException", "message": "Rate exceeded"});
        let control = Control::new(failure, throttled).throttling_with(StatusCode::BAD_REQUEST);
        let site = Site { shelf: Arc::default(), control };
        let routes = call::routes(site.clone());
        let server = Bound::free().await?.serve(routes, None, site.control.clone());
        Ok(Self { site, server })
    }

    /// The value of `AWS_ENDPOINT_URL_SECRETS_MANAGER`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.server.port())
    }

    /// Its faults and counters.
    #[must_use]
    pub fn control(&self) -> &Control {
        &self.site.control
    }

    /// Makes the secret, or rotates it: this value becomes current and the one before it previous.
    /// Returns the id of the new version.
    pub fn put(&self, name: &str, value: &str) -> String {
        self.site.shelf().place(name, Put::fresh(value))
    }
}

impl Site {
    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
