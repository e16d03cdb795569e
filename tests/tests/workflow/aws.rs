//! Step Functions and SQS on moto's server, found by `AWS_ENDPOINT_URL`.

mod functions;
mod journey;
mod machine;
mod own;
mod stand;
