//! One question by all ways, in turn and in no fixed order, so that they share whatever else goes on.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    time::Duration,
};

use serde::Serialize;

use super::{
    Effort, Error,
    lanes::{Lane, Lanes},
    question::Question,
    spread::{Spread, rounded},
};
use crate::emulator::Cloud;

/// What came of it.
#[derive(Debug, Serialize)]
pub(super) struct Race {
    pub(super) question: &'static str,
    pub(super) rounds: u32,
    pub(super) cells: usize,
    pub(super) masked_cells: usize,
    /// Plain, prepared for each call, as the function does it: what the others are compared with.
    pub(super) per_call: Spread,
    /// Plain, prepared once.
    pub(super) prepared: Spread,
    pub(super) functions: Vec<Function>,
}

/// The same through one function model.
#[derive(Debug, Serialize)]
pub(super) struct Function {
    #[serde(serialize_with = "name")]
    pub(super) cloud: Cloud,
    pub(super) query: Spread,
    pub(super) health: Spread,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) untagged: Option<Spread>,
    pub(super) ratio_p50: f64,
    pub(super) ratio_p99: f64,
    /// Over plain.
    pub(super) added_p50_ms: f64,
    pub(super) added_p99_ms: f64,
    /// Over plain and what `GET /healthz` takes.
    pub(super) added_without_host_p50_ms: f64,
    pub(super) added_without_host_p99_ms: f64,
}

/// Asks as often as the question says, after as much of it as makes everything warm.
pub(super) async fn run(lanes: &Lanes, question: &Question, effort: Effort) -> Result<Race, Error> {
    let rounds = effort.of(question.rounds);
    let warm_up = rounds.div_ceil(10).max(3);
    let prepared = lanes.prepare(question).await?;
    let mut times: BTreeMap<Lane, Vec<Duration>> = BTreeMap::new();
    for round in 0..warm_up + rounds {
        for lane in order(question, round) {
            // What the one before left to be done after its answer is not to be paid by the next.
            tokio::time::sleep(PAUSE).await;
            let time = lanes.go(lane, question, &prepared, round).await?;
            if round >= warm_up {
                times.entry(lane).or_default().push(time);
            }
        }
    }
    Ok(told(question, rounds, times))
}

/// Another order in every round, the same in every bench.
fn order(question: &Question, round: u32) -> Vec<Lane> {
    let mut lanes = vec![Lane::PerCall, Lane::Prepared];
    for cloud in Cloud::ALL {
        lanes.extend([Lane::Health(cloud), Lane::Query(cloud)]);
        lanes.extend(question.untagged.map(|_| Lane::Untagged(cloud)));
    }
    let mut lanes: Vec<_> = lanes.into_iter().enumerate().collect();
    lanes.sort_by_cached_key(|(at, _)| {
        let mut hasher = DefaultHasher::new();
        (round, at).hash(&mut hasher);
        hasher.finish()
    });
    lanes.into_iter().map(|(_, lane)| lane).collect()
}

fn told(question: &Question, rounds: u32, mut times: BTreeMap<Lane, Vec<Duration>>) -> Race {
    let mut spread = |lane| Spread::of(times.remove(&lane).unwrap_or_default());
    let per_call = spread(Lane::PerCall);
    let prepared = spread(Lane::Prepared);
    let functions = Cloud::ALL.map(|cloud| {
        let untagged = question.untagged.map(|_| spread(Lane::Untagged(cloud)));
        let (query, health) = (spread(Lane::Query(cloud)), spread(Lane::Health(cloud)));
        Function::new(cloud, per_call, query, health, untagged)
    });
    Race {
        question: question.title,
        rounds,
        cells: question.cells(),
        masked_cells: question.masked_cells(),
        per_call,
        prepared,
        functions: functions.into(),
    }
}

impl Function {
    fn new(
        cloud: Cloud,
        plain: Spread,
        query: Spread,
        health: Spread,
        untagged: Option<Spread>,
    ) -> Self {
        Self {
            cloud,
            query,
            health,
            untagged,
            ratio_p50: rounded(query.p50_ms / plain.p50_ms),
            ratio_p99: rounded(query.p99_ms / plain.p99_ms),
            added_p50_ms: rounded(query.p50_ms - plain.p50_ms),
            added_p99_ms: rounded(query.p99_ms - plain.p99_ms),
            added_without_host_p50_ms: rounded(query.p50_ms - plain.p50_ms - health.p50_ms),
            added_without_host_p99_ms: rounded(query.p99_ms - plain.p99_ms - health.p99_ms),
        }
    }
}

pub(super) fn name<S: serde::Serializer>(cloud: &Cloud, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(cloud.name())
}

const PAUSE: Duration = Duration::from_millis(1);
