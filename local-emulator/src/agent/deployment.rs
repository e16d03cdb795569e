//! One deployment as agents reach it: its two functions, and the names that proofs are made for.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use reqwest::{Client, Method};

use super::Call;
use crate::key::Key;

/// The functions that agents talk to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Function {
    /// Runs statements.
    Request,
    /// Issues tokens, and takes them back.
    Token,
}

/// Where the functions of one deployment are.
#[derive(Clone)]
pub struct Deployment {
    pub(super) http: Client,
    request: Place,
    token: Place,
    /// The newest nonce of each function. They are not the same: each is a server of its own.
    nonces: Arc<Mutex<BTreeMap<Function, String>>>,
}

#[derive(Clone)]
struct Place {
    /// Where requests are sent.
    url: String,
    /// What proofs are made for: the public address.
    base: String,
}

impl Place {
    fn new(url: &str) -> Self {
        Self { url: url.to_owned(), base: url.to_owned() }
    }
}

impl Deployment {
    /// A request function and a token function at these addresses, without a slash at their end.
    #[must_use]
    pub fn new(http: &Client, request: &str, token: &str) -> Self {
        let (request, token) = (Place::new(request), Place::new(token));
        Self { http: http.clone(), request, token, nonces: Arc::default() }
    }

    /// The same with one function reached elsewhere; proofs stay made for its public address.
    #[must_use]
    pub fn reached_at(mut self, function: Function, url: &str) -> Self {
        match function {
            Function::Request => url.clone_into(&mut self.request.url),
            Function::Token => url.clone_into(&mut self.token.url),
        }
        self
    }

    /// What own tokens are good for (RFC 8707), by the configuration of the emulator.
    #[must_use]
    pub fn resource(&self) -> String {
        format!("{}/v1", self.request.base)
    }

    /// The public address of a function.
    #[must_use]
    pub fn base(&self, function: Function) -> &str {
        &self.place(function).base
    }

    /// A request of somebody without a token, who may have a key.
    #[must_use]
    pub fn call(&self, method: Method, to: Function, path: &str, key: Option<&Key>) -> Call {
        Call::new(self, None, key, (method, to, path))
    }

    pub(super) fn url(&self, function: Function) -> &str {
        &self.place(function).url
    }

    pub(super) fn nonce(&self, function: Function) -> Option<String> {
        self.nonces().get(&function).cloned()
    }

    pub(super) fn remember(&self, function: Function, nonce: String) {
        self.nonces().insert(function, nonce);
    }

    fn place(&self, function: Function) -> &Place {
        match function {
            Function::Request => &self.request,
            Function::Token => &self.token,
        }
    }

    fn nonces(&self) -> MutexGuard<'_, BTreeMap<Function, String>> {
        self.nonces.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
