//! The functions of both clouds once more, where changes of orders are asked about: under that policy,
//! under another one, and with a clock that is an hour ahead. No workflow carries anything to its end
//! here, so that what was approved waits for its agent.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use local_emulator::{
    azure,
    binaries::{Approvers, Binaries},
    emulator::{Cloud, Emulator},
    lambda,
};
use tempfile::TempDir;

use crate::stage::Stage;

/// When, and under which policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum At {
    Changed,
    Later,
    Now,
}

impl At {
    /// Seconds by which its clock is ahead.
    pub(crate) fn ahead_s(self) -> u64 {
        if self == Self::Later { 3601 } else { 0 }
    }
}

/// All of them, and the stage that they are part of.
pub(crate) struct Desk {
    pub(crate) stage: Arc<Stage>,
    hosts: BTreeMap<(Cloud, At), Hosts>,
    _folder: TempDir,
}

static SHARED: Mutex<Weak<Desk>> = Mutex::new(Weak::new());

impl Desk {
    /// The shared one, started by the first test that needs it and ended by the last.
    pub(crate) fn shared() -> Arc<Self> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(desk) = shared.upgrade() {
            return desk;
        }
        let desk = Arc::new(Self::start(Stage::shared()));
        *shared = Arc::downgrade(&desk);
        desk
    }

    fn start(stage: Arc<Stage>) -> Self {
        let folder = TempDir::new().unwrap();
        let clock = clock(folder.path());
        let mut hosts = BTreeMap::new();
        stage.play(async {
            for (cloud, at) in Cloud::ALL.into_iter().flat_map(|cloud| AT.map(|at| (cloud, at))) {
                let config = configured(&stage, folder.path(), cloud, at);
                let changes = Changes { config, clock: clock.clone(), at };
                let started = Hosts::start(stage.emulator(), cloud, &changes).await;
                hosts.insert((cloud, at), started);
            }
        });
        Self { stage, hosts, _folder: folder }
    }

    /// Where agents come.
    pub(crate) fn request_url(&self, cloud: Cloud, at: At) -> String {
        self.hosts[&(cloud, at)].request.url()
    }

    /// Where people decide.
    pub(crate) fn people_url(&self, cloud: Cloud, at: At) -> String {
        self.hosts[&(cloud, at)].decide.url()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let hosts = std::mem::take(&mut self.hosts);
        self.stage.play(async {
            for Hosts { request, decide } in hosts.into_values() {
                request.stop().await;
                decide.stop().await;
            }
        });
    }
}

/// One function for agents and one for people.
struct Hosts {
    request: Host,
    decide: Host,
}

enum Host {
    Aws(lambda::Host),
    Azure(azure::Host),
}

/// What is different about the functions of the stage.
struct Changes {
    config: PathBuf,
    clock: PathBuf,
    at: At,
}

impl Changes {
    /// Lambda tells a function by its own clock when an answer must be out (`Lambda-Runtime-Deadline-Ms`).
    fn on_lambda(&self, config: &mut lambda::Config) {
        self.make(&mut config.env);
        config.timeout += Duration::from_secs(self.at.ahead_s());
    }

    fn make(&self, env: &mut BTreeMap<String, String>) {
        env.remove("POSTERN_WORKFLOW");
        env.remove("POSTERN_QUEUE");
        env.insert("POSTERN_CONFIG".into(), self.config.display().to_string());
        env.insert("POSTERN_PAGE".into(), "https://people.example".into());
        if self.at == At::Later {
            env.insert("LD_PRELOAD".into(), self.clock.display().to_string());
        }
    }
}

impl Hosts {
    async fn start(on: &Emulator, cloud: Cloud, changes: &Changes) -> Self {
        let built = Binaries::beside().unwrap().approvers;
        let Approvers { decide_lambda, decide_azure, .. } =
            built.expect("`local-emulator/functions` builds them");
        match cloud {
            Cloud::Aws => {
                let request = on.also_on_lambda(|config| changes.on_lambda(config));
                let decide = on.also_on_lambda(|config| {
                    changes.on_lambda(config);
                    config.program = decide_lambda;
                });
                let (request, decide) = (request.await.unwrap(), decide.await.unwrap());
                Self { request: Host::Aws(request), decide: Host::Aws(decide) }
            }
            Cloud::Azure => {
                let request = on.also_on_azure(|config| changes.make(&mut config.env));
                let decide = on.also_on_azure(|config| {
                    changes.make(&mut config.env);
                    config.program = decide_azure;
                });
                let (request, decide) = (request.await.unwrap(), decide.await.unwrap());
                Self { request: Host::Azure(request), decide: Host::Azure(decide) }
            }
        }
    }
}

impl Host {
    fn url(&self) -> String {
        match self {
            Self::Aws(host) => host.url(),
            Self::Azure(host) => host.url(),
        }
    }

    async fn stop(self) {
        match self {
            Self::Aws(host) => host.stop().await,
            Self::Azure(host) => host.stop().await,
        }
    }
}

/// A copy of this cloud's configuration, in which changes of orders are asked about.
fn configured(stage: &Stage, folder: &Path, cloud: Cloud, at: At) -> PathBuf {
    let (from, to) = (stage.emulator().config(cloud), folder.join(format!("{cloud:?}-{at:?}")));
    for part in ["", "policies"] {
        fs::create_dir_all(to.join(part)).unwrap();
        for entry in fs::read_dir(from.join(part)).unwrap().map(Result::unwrap) {
            if entry.path().is_file() {
                fs::copy(entry.path(), to.join(part).join(entry.file_name())).unwrap();
            }
        }
    }
    let issuers = fs::read_to_string(to.join("issuers.toml")).unwrap();
    fs::write(to.join("issuers.toml"), format!("{issuers}\n\"shop-privacy\" = \"privacy\"\n"))
        .unwrap();
    let more = if at == At::Changed { UNRELATED } else { "" };
    fs::write(to.join("policies/asks.cedar"), format!("{ASKS}{more}")).unwrap();
    to
}

/// Makes what moves the clock of a process that it is loaded into: the functions are what they are
/// everywhere, and ask the system for the time.
fn clock(folder: &Path) -> PathBuf {
    let made = folder.join("later.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/journeys/later.c");
    let mut compiler = Command::new("cc");
    let done = compiler.args(["-shared", "-fPIC", "-o"]).arg(&made).arg(source).status();
    assert!(done.unwrap().success(), "`cc` is what Rust links with");
    made
}

const AT: [At; 3] = [At::Changed, At::Later, At::Now];

const ASKS: &str = r#"
@id("changes-of-orders-ask")
@approvers("1 of dba, 1 of privacy")
permit (
  principal in Group::"support",
  action == Action::"update",
  resource == Target::"shop"
);
"#;

/// It changes nothing for anybody here.
const UNRELATED: &str = r#"
@id("nobody-deletes-salaries")
forbid (principal, action == Action::"delete", resource == Target::"payroll");
"#;
