//! A Function URL over real Lambda binaries.

mod http_shape;
mod life;
mod trouble;

use std::time::Duration;

use local_emulator::lambda::{Config, Host, State};

use crate::processes::fixture;

/// Patient: the machine may be busy, and the fixture is not optimised.
fn config() -> Config {
    let timeout = Duration::from_secs(20);
    Config { timeout, ..Config::new("fixture", fixture("lambda-app")) }
}

async fn start(config: Config) -> Host {
    Host::start(config).await.unwrap()
}

/// The process ids of all living instances, oldest first.
fn pids(host: &Host) -> Vec<u32> {
    host.stats().living().filter_map(|instance| instance.pid).collect()
}

fn idle(host: &Host) -> usize {
    host.stats().living().filter(|instance| instance.state == State::Idle).count()
}
