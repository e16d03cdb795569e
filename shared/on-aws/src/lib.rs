//! The ports over Amazon's SDK: state in DynamoDB, the secrets of targets in Secrets Manager.
//!
//! Nothing is decided here. Each adapter turns the port's words into the service's, and the
//! service's errors into the port's.

mod config;
mod dynamodb;
mod failure;
mod secrets_manager;

pub use config::config;
pub use dynamodb::DynamoDb;
pub use secrets_manager::SecretsManager;
