//! The emulator's own workflows, by the vendors' SDKs as the functions use them: both carry a request
//! from parked to its end.

use std::sync::Arc;

use approvals::{Notice, Verdict, Waker};
use local_emulator::{
    binaries::Binaries,
    emulator::{Cloud, Emulator},
    process::Log,
};
use request::Clock;

use crate::{
    child,
    organisation::{CUSTOMERS, Organisation, People, now},
};

#[tokio::test(flavor = "multi_thread")]
async fn both_of_its_workflows_carry_requests_to_their_end() {
    if child::inside() {
        return decide().await;
    }
    let binaries = Binaries::beside().unwrap();
    assert!(binaries.approvers.is_some(), "local-emulator/functions builds them");
    let emulator = Emulator::start(&binaries, Log::default(), &|_| ()).await.unwrap();
    for cloud in Cloud::ALL {
        let all = Organisation::at(&emulator, cloud, &emulator.url(cloud), None).await;
        let (granted, refused) = (all.asks(CUSTOMERS).await, all.asks(CUSTOMERS).await);
        people(&emulator, cloud, "approve", &granted).await;
        all.ran(&granted).await;
        people(&emulator, cloud, "refuse", &refused).await;
        all.becomes("refused", &refused).await;
    }
    assert_eq!(emulator.workflows.aws.control().calls("StartExecution"), 2);
    assert_eq!(emulator.workflows.aws.dead(), []);
    assert_eq!(emulator.workflows.azure.dead(), []);
    emulator.stop().await;
}

/// People decide in a process of their own, which finds the cloud by its environment.
async fn people(emulator: &Emulator, cloud: Cloud, verdict: &str, about: &Notice) {
    let text = |text: &str| text.to_owned();
    let identity = &emulator.identity;
    let environment = [
        (VERDICT, text(verdict)),
        (REQUEST, about.ticket.request.to_string()),
        (LEDGER, emulator.ledger(cloud).display().to_string()),
        (CLOUD, text(cloud.name())),
        (QUEUE, emulator.workflows.azure.approvals()),
        ("AWS_REGION", text("us-east-1")),
        ("AWS_ACCESS_KEY_ID", text("emulated")),
        ("AWS_SECRET_ACCESS_KEY", text("emulated")),
        ("AWS_ENDPOINT_URL_SFN", emulator.workflows.aws.url()),
        ("IDENTITY_ENDPOINT", identity.endpoint()),
        ("IDENTITY_HEADER", text(identity.header())),
        ("AZURE_CLIENT_ID", text(identity.client())),
        ("SSL_CERT_FILE", emulator.authority().path().display().to_string()),
    ];
    let test = "emulator::both_of_its_workflows_carry_requests_to_their_end";
    tokio::task::spawn_blocking(move || child::run(test, &environment)).await.unwrap();
}

async fn decide() {
    let [verdict, request, ledger] =
        [VERDICT, REQUEST, LEDGER].map(|name| child::variable(name).unwrap());
    let people = People::at(ledger.as_ref(), Some(waker().await));
    let notice = people.find(&request).await;
    match &*verdict {
        "approve" => people.grant(&notice).await,
        _ => drop(people.say("dba-1", Verdict::Refuse, &notice).await),
    }
}

async fn waker() -> Arc<dyn Waker> {
    match &*child::variable(CLOUD).unwrap() {
        "aws" => Arc::new(on_aws::Tasks::new(&on_aws::config().await)),
        _ => {
            let http = on_azure::client(&[]).unwrap();
            let client = child::variable("AZURE_CLIENT_ID").unwrap();
            let credential = on_azure::credential(Some(&client)).unwrap();
            let queue = child::variable(QUEUE).unwrap();
            let clock: Arc<dyn Clock> = Arc::new(Wall);
            Arc::new(on_azure::Queue::new(http, &queue, credential, clock).unwrap())
        }
    }
}

/// The time of this machine.
struct Wall;

impl Clock for Wall {
    fn now(&self) -> request::Millis {
        now()
    }
}

const VERDICT: &str = "POSTERN_WORKFLOW_VERDICT";
const REQUEST: &str = "POSTERN_WORKFLOW_REQUEST";
const LEDGER: &str = "POSTERN_WORKFLOW_LEDGER";
const CLOUD: &str = "POSTERN_WORKFLOW_CLOUD";
const QUEUE: &str = "POSTERN_WORKFLOW_QUEUE";
