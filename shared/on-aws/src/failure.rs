//! What may be told of an error of the SDK: its kind and code, never a body, which could hold data.

use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::{DisplayErrorContext, ProvideErrorMetadata, SdkError},
};

/// An error without the request and the response that the SDK's own carries along.
#[derive(Debug, thiserror::Error)]
#[error("{service}: {what}")]
pub(crate) struct Failure {
    service: &'static str,
    what: String,
}

impl Failure {
    pub(crate) fn of<E>(service: &'static str, error: &SdkError<E, HttpResponse>) -> Box<Self>
    where
        E: ProvideErrorMetadata,
    {
        let what = match error {
            SdkError::TimeoutError(_) => "no answer in time".to_owned(),
            // The way to the service: names of hosts and causes of the operating system.
            SdkError::DispatchFailure(failure) => match failure.as_connector_error() {
                Some(cause) => DisplayErrorContext(cause).to_string(),
                None => "the request was not sent".to_owned(),
            },
            SdkError::ServiceError(answer) => {
                answer.err().code().unwrap_or("an error without a code").to_owned()
            }
            SdkError::ResponseError(_) => "the answer cannot be read".to_owned(),
            _ => "the request cannot be made".to_owned(),
        };
        Self::new(service, what)
    }

    pub(crate) fn new(service: &'static str, what: impl Into<String>) -> Box<Self> {
        Box::new(Self { service, what: what.into() })
    }
}
