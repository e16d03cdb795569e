//! What may be told of an error of Azure: its kind and code, never a body, which could hold data.

use std::error::Error;

use azure_core::error::ErrorKind;

/// An error without the request and the response that the SDK's own carries along.
#[derive(Debug, thiserror::Error)]
#[error("{service}: {what}")]
pub(crate) struct Failure {
    service: &'static str,
    what: String,
}

impl Failure {
    pub(crate) fn new(service: &'static str, what: impl Into<String>) -> Box<Self> {
        Box::new(Self { service, what: what.into() })
    }

    pub(crate) fn of_sdk(service: &'static str, error: &azure_core::Error) -> Box<Self> {
        Self::new(service, sdk(error))
    }

    pub(crate) fn of_http(service: &'static str, error: reqwest::Error) -> Box<Self> {
        let error = error.without_url();
        Self::new(service, if error.is_timeout() { NO_ANSWER.to_owned() } else { chain(&error) })
    }
}

fn sdk(error: &azure_core::Error) -> String {
    match error.kind() {
        ErrorKind::HttpResponse { status, error_code, .. } => {
            format!("{} {}", u16::from(*status), error_code.as_deref().unwrap_or("without a code"))
        }
        ErrorKind::Connection | ErrorKind::Io => chain(error),
        // The message repeats what the identity endpoint said; only the cause's kind is told.
        ErrorKind::Credential => match error.source().and_then(<dyn Error>::downcast_ref) {
            Some(cause) => format!("no token: {}", sdk(cause)),
            None => "no token".to_owned(),
        },
        ErrorKind::DataConversion => "the answer cannot be read".to_owned(),
        _ => "the request cannot be made".to_owned(),
    }
}

/// Errors of the way there: names of hosts and causes of the operating system.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

pub(crate) const KEY_VAULT: &str = "Key Vault";
pub(crate) const NO_ANSWER: &str = "no answer in time";
