//! The functions themselves on Azure: parked by `request`, asked about by `decide`, run by `run`, with
//! Azurite's queues in between.

use std::{sync::Arc, time::Duration};

use approvals::{Phase, Verdict};
use local_emulator::{
    azure,
    binaries::Binaries,
    emulator::{Cloud, Emulator},
    process::Log,
};
use reqwest::Client;
use serde_json::{Value, json};

use super::stand::{Account, Taken, with_azure};
use crate::{
    child,
    organisation::{CUSTOMERS, ORDERS, Organisation, configure},
};

/// One deployment on Azure.
struct Deployed {
    account: Account,
    emulator: Emulator,
    request: azure::Host,
    functions: [(&'static str, String); 2],
    http: Client,
    log: Log,
    _hosts: [azure::Host; 2],
}

impl Deployed {
    async fn start() -> Self {
        let log = Log::default();
        let binaries = Binaries::beside().unwrap();
        let emulator = Emulator::start(&binaries, log.clone(), &|_| ()).await.unwrap();
        configure(&emulator.config(Cloud::Azure));
        let account = Account::open().await;
        let roots = roots(&emulator);
        let host = async |name: &str, program: Option<&str>| {
            let change = |config: &mut azure::Config| {
                on_azurite(config, &account, &roots, name, program);
            };
            emulator.also_on_azure(change).await.unwrap()
        };
        let request = host("request", None).await;
        let hosts = [
            host("decide-queue", Some("decide-queue-azure")).await,
            host("run", Some("run-azure")).await,
        ];
        let functions = [
            ("approvals", format!("{}/decide-queue", hosts[0].url())),
            ("runs", format!("{}/run", hosts[1].url())),
        ];
        let http = Client::builder().no_proxy().build().unwrap();
        Self { account, emulator, request, functions, http, log, _hosts: hosts }
    }

    async fn organisation(&self) -> Organisation {
        let queue = Arc::new(self.account.queue());
        Organisation::at(&self.emulator, Cloud::Azure, &self.request.url(), Some(queue)).await
    }

    /// Takes messages off both queues and hands them to their functions, as the Functions host does,
    /// for as long as `work` takes.
    async fn while_polled<T>(&self, work: impl Future<Output = T>) -> T {
        tokio::select! {
            done = work => done,
            () = self.poll() => panic!("polling never ends"),
        }
    }

    async fn poll(&self) {
        loop {
            for (queue, function) in &self.functions {
                while let Some(taken) = self.account.next(queue, 2).await {
                    self.hand_over(&taken, function).await;
                }
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// A message is gone once it is done, or when it could not be done five times.
    async fn hand_over(&self, taken: &Taken, function: &str) {
        let done = self.invoke(&taken.text, taken.count, function).await;
        if !done && taken.count >= 5 {
            self.account.put(&format!("{}-poison", taken.queue), &taken.text).await;
        }
        if done || taken.count >= 5 {
            self.account.delete(taken).await;
        }
    }

    async fn invoke(&self, text: &str, count: u32, function: &str) -> bool {
        let invocation = json!({
            "Data": {"message": Value::from(text).to_string()},
            "Metadata": {"DequeueCount": count.to_string(), "sys": {"MethodName": "queue"}},
        });
        let answer = self.http.post(function).json(&invocation).send().await.unwrap();
        answer.status().is_success()
    }
}

/// Whom the functions have to trust here: the emulator's own services, and Azurite.
fn roots(emulator: &Emulator) -> String {
    let azurite = std::fs::read_to_string(child::variable("SSL_CERT_FILE").unwrap()).unwrap();
    let file = emulator.config(Cloud::Azure).join("roots.pem");
    std::fs::write(&file, format!("{}{azurite}", emulator.authority().pem())).unwrap();
    file.display().to_string()
}

/// The same function, with Azurite for its queues; or another program in its place.
fn on_azurite(
    config: &mut azure::Config,
    account: &Account,
    roots: &str,
    name: &str,
    program: Option<&str>,
) {
    name.clone_into(&mut config.name);
    if let Some(program) = program {
        config.program.set_file_name(program);
    }
    config.env.insert("POSTERN_WORKFLOW".into(), format!("queue:{}", account.address()));
    config.env.insert("SSL_CERT_FILE".into(), roots.into());
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_go_from_parked_to_run_to_refused_and_to_expired() {
    if !child::inside() {
        let test = "azure::journey::requests_go_from_parked_to_run_to_refused_and_to_expired";
        return with_azure(test);
    }
    let deployed = Deployed::start().await;
    let all = deployed.organisation().await;
    let work = async {
        let late = all.asks(ORDERS).await;
        let (granted, refused) = (all.asks(CUSTOMERS).await, all.asks(CUSTOMERS).await);
        all.people.grant(&granted).await;
        all.ran(&granted).await;
        assert_eq!(all.people.say("dba-1", Verdict::Refuse, &refused).await, Phase::Refused);
        all.becomes("refused", &refused).await;
        all.becomes("expired", &late).await;
    };
    deployed.while_polled(work).await;
    assert_eq!(deployed.account.count("approvals-poison").await, 0);
    assert_eq!(deployed.account.count("runs-poison").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_come_twice_or_never_or_cannot_be_read_hold_nobody_up() {
    if !child::inside() {
        let test =
            "azure::journey::messages_that_come_twice_or_never_or_cannot_be_read_hold_nobody_up";
        return with_azure(test);
    }
    let deployed = Deployed::start().await;
    let all = deployed.organisation().await;
    for queue in ["approvals", "runs"] {
        deployed.account.put(queue, r#"{"kind":"approve","note":"hunter2"}"#).await;
        // What is base64 is taken for bytes by a host that was not told otherwise.
        deployed.account.put(queue, "aHVudGVyMg==").await;
    }
    let one = all.asks(CUSTOMERS).await;
    all.people.grant(&one).await;
    let run = json!({"task": "run", "partition": one.ticket.partition.as_str(),
        "request": one.ticket.request, "digest": one.digest, "expires": one.expires});
    for _ in 0..2 {
        deployed.account.put("runs", &run.to_string()).await;
    }
    deployed.while_polled(all.ran(&one)).await;
    let settled = async {
        while deployed.account.count("runs").await > 0 {
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        while deployed.account.count("approvals-poison").await < 2 {
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    };
    let settled = tokio::time::timeout(Duration::from_secs(90), deployed.while_polled(settled));
    settled.await.unwrap();
    assert_eq!(deployed.account.count("runs-poison").await, 2);
    assert_eq!(all.people.phase(&one.ticket).await, Phase::Used);
    assert!(!deployed.log.lines().join("\n").contains("hunter2"));

    // What was granted, and whose message was lost, is run when the function reminds itself.
    let lost = all.asks(CUSTOMERS).await;
    all.people.grant(&lost).await;
    let message = deployed.account.take("runs").await;
    assert_eq!(message["request"], json!(lost.ticket.request));
    let mut reminder = message;
    reminder.as_object_mut().unwrap().remove("task");
    reminder["kind"] = "waits".into();
    deployed.account.put("approvals", &reminder.to_string()).await;
    deployed.while_polled(all.ran(&lost)).await;
}
