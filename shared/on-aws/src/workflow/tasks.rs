//! Tasks of Step Functions that wait for people, and the queue that reminds us of them.

use approvals::{Notice, Phase, Unheard, WakeToken, Waker};
use aws_config::SdkConfig;
use aws_sdk_sfn::{
    Client,
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};
use request::Later;
use serde_json::json;

use super::{SERVICE, about};
use crate::failure::Failure;

/// Whatever waits with a token, in the configuration's account and region; and the queue of whoever
/// asks people, where they are given.
pub struct Tasks {
    client: Client,
    queue: Option<(aws_sdk_sqs::Client, String)>,
}

impl Tasks {
    /// Tasks that are woken. They are kept alive by whoever also has a [`Tasks::reminded`].
    #[must_use]
    pub fn new(config: &SdkConfig) -> Self {
        Self { client: Client::new(config), queue: None }
    }

    /// The same for the consumer of the queue of this URL: whenever somebody still waits, it leaves
    /// itself a message that comes [`Tasks::REMINDED_S`] later.
    #[must_use]
    pub fn reminded(self, config: &SdkConfig, url: impl Into<String>) -> Self {
        Self { queue: Some((aws_sdk_sqs::Client::new(config), url.into())), ..self }
    }

    /// How long a reminder takes, in seconds: two may be lost before a task's heartbeat is, which is
    /// 900 s in our state machine. SQS delays a message by 900 s at most.
    pub const REMINDED_S: u16 = 300;

    async fn end(&self, phase: Phase, notice: &Notice, token: &WakeToken) -> Result<(), Unheard> {
        // A cause would be a place for text; what was asked and decided lies in the store.
        let failed = match phase {
            Phase::Granted => {
                let output = json!({"digest": notice.digest, "phase": phase.name()}).to_string();
                let call = self.client.send_task_success().task_token(token.expose());
                return heard(call.output(output).send().await);
            }
            Phase::Expired => "Expired",
            Phase::Refused => "Refused",
            Phase::Used => "Used",
            Phase::Withdrawn => "Withdrawn",
            Phase::Pending => return Ok(()),
        };
        let call = self.client.send_task_failure().task_token(token.expose());
        heard(call.error(failed).send().await)
    }

    /// A task that is gone is not reminded of; its successor has reminders of its own.
    async fn keep(&self, notice: &Notice, token: &WakeToken) -> Result<(), Unheard> {
        let call = self.client.send_task_heartbeat().task_token(token.expose());
        heard(call.send().await)?;
        match &self.queue {
            Some((client, url)) => remind(client, url, notice, token).await,
            None => Ok(()),
        }
    }
}

impl Waker for Tasks {
    fn decided<'a>(
        &'a self,
        notice: &'a Notice,
        phase: Phase,
        token: Option<&'a WakeToken>,
    ) -> Later<'a, Result<(), Unheard>> {
        Box::pin(async move {
            match token {
                Some(token) => self.end(phase, notice, token).await,
                // Nothing waits yet. What begins to wait looks first.
                None => Ok(()),
            }
        })
    }

    fn waits<'a>(
        &'a self,
        notice: &'a Notice,
        token: Option<&'a WakeToken>,
    ) -> Later<'a, Result<(), Unheard>> {
        Box::pin(async move {
            match token {
                Some(token) => self.keep(notice, token).await,
                None => Ok(()),
            }
        })
    }
}

async fn remind(
    client: &aws_sdk_sqs::Client,
    url: &str,
    notice: &Notice,
    token: &WakeToken,
) -> Result<(), Unheard> {
    let mut message = about(notice);
    if let Some(members) = message.as_object_mut() {
        members.insert("kind".to_owned(), "waits".into());
        members.insert("token".to_owned(), token.expose().into());
    }
    let call = client.send_message().queue_url(url).message_body(message.to_string());
    match call.delay_seconds(Tasks::REMINDED_S.into()).send().await {
        Ok(_) => Ok(()),
        Err(error) => Err(Unheard::Unavailable(Failure::of("SQS", &error))),
    }
}

/// What Step Functions says to a token. One that is not good any more woke its task before, or came
/// too late; neither does harm.
fn heard<T, E>(answer: Result<T, SdkError<E, HttpResponse>>) -> Result<(), Unheard>
where
    E: ProvideErrorMetadata,
{
    let Err(error) = answer else { return Ok(()) };
    let code = error.as_service_error().and_then(ProvideErrorMetadata::code);
    match code.is_some_and(|code| GONE.contains(&code)) {
        true => Err(Unheard::Gone),
        false => Err(Unheard::Unavailable(Failure::of(SERVICE, &error))),
    }
}

const GONE: [&str; 3] = ["InvalidToken", "TaskDoesNotExist", "TaskTimedOut"];
