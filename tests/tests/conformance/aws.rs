//! DynamoDB and Secrets Manager on moto's server, found by `AWS_ENDPOINT_URL`.

mod dynamodb;
mod function;
mod secrets;

use crate::child;

/// What a Lambda function finds in its environment, and where Amazon is.
pub(crate) fn environment(port: u16) -> Vec<(&'static str, String)> {
    [
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_SESSION_TOKEN", "test"),
        ("AWS_ENDPOINT_URL", &format!("http://127.0.0.1:{port}")),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec()
}

/// Runs the test in that environment.
fn with(port: u16, test: &str) {
    child::run(test, &environment(port));
}
