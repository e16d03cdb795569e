//! The ports over Amazon's SDK: state in DynamoDB, the secrets of targets in Secrets Manager, our
//! tokens' signatures from KMS, and Step Functions for what waits for people.
//!
//! Nothing is decided here. Each adapter turns the port's words into the service's, and the
//! service's errors into the port's.

mod config;
mod dynamodb;
mod failure;
mod kms;
mod secrets_manager;
mod workflow;

pub use aws_config::SdkConfig;
pub use config::config;
pub use dynamodb::DynamoDb;
pub use kms::Kms;
pub use secrets_manager::SecretsManager;
pub use workflow::{StateMachine, Tasks};
