//! What asks people on AWS: a state machine of Step Functions, started for each request that waits and
//! woken by the token that it left.

mod tasks;

use approvals::{Notice, Unheard, Workflow};
use aws_config::SdkConfig;
use aws_sdk_sfn::{Client, operation::start_execution::StartExecutionError};
use request::Later;
use serde_json::{Value, json};

pub use self::tasks::Tasks;
use crate::failure::Failure;

/// One state machine, of the type `STANDARD`: only these know tokens, and names that are used once.
pub struct StateMachine {
    client: Client,
    arn: String,
}

impl StateMachine {
    /// The state machine of this ARN, which may be a version's or an alias's.
    #[must_use]
    pub fn new(config: &SdkConfig, arn: impl Into<String>) -> Self {
        Self { client: Client::new(config), arn: arn.into() }
    }

    async fn start(&self, notice: &Notice) -> Result<(), Unheard> {
        let call = self.client.start_execution().state_machine_arn(&self.arn);
        // The request's id is new for every request, and an execution's name is good for 90 days.
        let call = call.name(notice.ticket.request.as_str());
        match call.input(about(notice).to_string()).send().await {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(is_started) => Ok(()),
            Err(error) => Err(Unheard::Unavailable(Failure::of(SERVICE, &error))),
        }
    }
}

impl Workflow for StateMachine {
    fn parked<'a>(&'a self, notice: &'a Notice) -> Later<'a, Result<(), Unheard>> {
        Box::pin(self.start(notice))
    }
}

/// Somebody told it before, and it may have ended since.
fn is_started(error: &StartExecutionError) -> bool {
    error.is_execution_already_exists()
}

/// What a message says of the request that it is about.
fn about(notice: &Notice) -> Value {
    json!({
        "digest": notice.digest,
        "expires": notice.expires,
        "partition": notice.ticket.partition.as_str(),
        "request": notice.ticket.request,
    })
}

const SERVICE: &str = "Step Functions";
