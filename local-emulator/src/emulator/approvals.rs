//! What people are asked by, on both clouds: the workflow, and the functions that are started by it.

use std::{io, path::PathBuf};

use super::{Cloud, environment::Variables};
use crate::{
    azure,
    binaries::Approvers,
    ca::Authority,
    front, lambda, managed_identity,
    workflow::{StepFunctions, StorageQueues, StorageQueuesError},
};

/// Why nobody can be asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The Functions host.
    #[error(transparent)]
    Azure(#[from] azure::Error),
    /// The Lambda service.
    #[error(transparent)]
    Lambda(#[from] lambda::Error),
    /// A port.
    #[error("no port could be had")]
    Io(#[from] io::Error),
    /// The queues.
    #[error(transparent)]
    Queues(#[from] StorageQueuesError),
}

/// Both clouds' workflows, before they have their functions.
pub struct Workflows {
    /// Step Functions and SQS.
    pub aws: StepFunctions,
    /// Queue Storage.
    pub azure: StorageQueues,
}

impl Workflows {
    pub(super) async fn start(
        authority: &Authority,
        identity: &managed_identity::Server,
    ) -> Result<Self, Error> {
        let azure = StorageQueues::start(authority, identity.tokens()).await?;
        Ok(Self { aws: StepFunctions::start().await?, azure })
    }

    /// What functions on AWS are told of it.
    pub(super) fn on_aws(&self, env: &mut Variables) {
        let url = self.aws.url();
        env.insert("POSTERN_WORKFLOW".into(), format!("stepfunctions:{}", StepFunctions::MACHINE));
        env.insert("POSTERN_QUEUE".into(), self.aws.queue_url());
        env.insert("AWS_ENDPOINT_URL_SFN".into(), url.clone());
        env.insert("AWS_ENDPOINT_URL_SQS".into(), url);
    }

    /// What functions on Azure are told of it.
    pub(super) fn on_azure(&self, env: &mut Variables) {
        env.insert("POSTERN_WORKFLOW".into(), format!("queue:{}", self.azure.approvals()));
    }
}

/// The functions that messages start, and the one for people. Dropping them ends their processes.
pub struct Started {
    aws: [lambda::Host; 3],
    azure: [azure::Host; 3],
}

impl Started {
    /// Starts them like the request function, but from their own programs, and gives them to the
    /// workflows.
    pub(super) async fn start(
        programs: &Approvers,
        function: &lambda::Config,
        app: &azure::Config,
        workflows: &Workflows,
    ) -> Result<Self, Error> {
        let on_lambda = async |name: &str, program: &PathBuf| {
            let (name, program) = (name.to_owned(), program.clone());
            lambda::Host::start(lambda::Config { name, program, ..function.clone() }).await
        };
        let on_functions = async |name: &str, program: &PathBuf| {
            let (name, program) = (name.to_owned(), program.clone());
            azure::Host::start(azure::Config { name, program, ..app.clone() }).await
        };
        let aws = [
            on_lambda("run", &programs.run_lambda).await?,
            on_lambda("decide-queue", &programs.decide_queue_lambda).await?,
            people_on_lambda(programs, function).await?,
        ];
        let azure = [
            on_functions("run", &programs.run_azure).await?,
            on_functions("decide-queue", &programs.decide_queue_azure).await?,
            people_on_functions(programs, app).await?,
        ];
        let [run, asks, _] = &aws;
        workflows.aws.attach(run.invoker(), asks.invoker());
        let [run, asks, _] = &azure;
        workflows.azure.attach(&asks.url(), &run.url());
        Ok(Self { aws, azure })
    }

    /// Where people decide.
    pub(super) fn url(&self, cloud: Cloud) -> String {
        let ([_, _, aws], [_, _, azure]) = (&self.aws, &self.azure);
        match cloud {
            Cloud::Aws => aws.url(),
            Cloud::Azure => azure.url(),
        }
    }

    pub(super) async fn stop(self) {
        for host in self.aws {
            host.stop().await;
        }
        for host in self.azure {
            host.stop().await;
        }
    }
}

/// The function for people, which is told its own address for the links that it sends.
async fn people_on_lambda(
    programs: &Approvers,
    function: &lambda::Config,
) -> Result<lambda::Host, Error> {
    let listener = front::listen(0).await?;
    let mut config = lambda::Config {
        name: "decide".into(),
        program: programs.decide_lambda.clone(),
        ..function.clone()
    };
    config.env.insert(PAGE.into(), front::url(listener.local_addr()?));
    Ok(lambda::Host::start_at(listener, config)?)
}

async fn people_on_functions(
    programs: &Approvers,
    app: &azure::Config,
) -> Result<azure::Host, Error> {
    let listener = front::listen(0).await?;
    let mut config = azure::Config {
        name: "decide".into(),
        program: programs.decide_azure.clone(),
        ..app.clone()
    };
    config.env.insert(PAGE.into(), front::url(listener.local_addr()?));
    Ok(azure::Host::start_at(listener, config).await?)
}

const PAGE: &str = "POSTERN_PAGE";
