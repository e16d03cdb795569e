//! How long an instance on Lambda takes from nothing to its first poll and its first answer.

use std::time::Duration;

use serde::Serialize;

use super::{Effort, Error, lanes::Lanes, question, spread::Spread};
use crate::{
    emulator::{Cloud, Emulator},
    lambda::{Host, Instance},
};

/// Times from just before the fork.
#[derive(Debug, Serialize)]
pub(super) struct Cold {
    pub(super) starts: u32,
    pub(super) first_poll: Spread,
    /// To a query: the issuer's keys, the secret and the connection are fetched for it.
    pub(super) first_answer: Spread,
}

/// Ends the instance that is there, asks, and looks what became of the one that was started.
pub(super) async fn measure(on: &Emulator, lanes: &Lanes, effort: Effort) -> Result<Cold, Error> {
    let starts = effort.of(STARTS);
    let (mut polls, mut answers) = (Vec::new(), Vec::new());
    for round in 0..starts {
        let (poll, answer) = start(&on.lambda, lanes, round).await?;
        polls.push(poll);
        answers.push(answer);
    }
    Ok(Cold { starts, first_poll: Spread::of(polls), first_answer: Spread::of(answers) })
}

async fn start(lambda: &Host, lanes: &Lanes, round: u32) -> Result<(Duration, Duration), Error> {
    clear(lambda).await;
    let question = question::ALL.first().ok_or(Error::Cold)?;
    lanes.query(Cloud::Aws, question, round, true).await?;
    let times = |one: &Instance| one.first_poll.zip(one.first_answer);
    lambda.stats().instances.last().and_then(times).ok_or(Error::Cold)
}

/// Returns when no instance is left, so that the next request has one started.
async fn clear(lambda: &Host) {
    while let Some(pid) = lambda.stats().living().find_map(|instance| instance.pid) {
        // It may have gone by itself in the meantime.
        let _ = lambda.kill(pid);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

const STARTS: u32 = 20;
