//! How long Amazon's services are given, and how often they are asked.

use std::time::Duration;

use aws_config::{BehaviorVersion, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};

/// The SDK's configuration from the function's environment, with bounds on time.
///
/// Region, credentials and endpoints come from where the SDK looks for them (`AWS_REGION`, the
/// role's keys, `AWS_ENDPOINT_URL` …). In a Lambda function nothing is fetched for it.
pub async fn config() -> SdkConfig {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(OPERATION)
        .build();
    aws_config::defaults(BehaviorVersion::latest())
        .timeout_config(timeouts)
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
        .load()
        .await
}

// A request makes a handful of calls in a row, and API Gateway gives up at 29 s.
const CONNECT: Duration = Duration::from_secs(1);
const ATTEMPT: Duration = Duration::from_secs(3);
const OPERATION: Duration = Duration::from_secs(7);

/// Reads are idempotent, and the SDK gives all attempts of one transaction the same token, by which
/// DynamoDB applies it once.
const ATTEMPTS: u32 = 3;
