//! Exports end at the last row or cell of their root's budget, two hundred grandchildren or one.

use std::{collections::BTreeMap, fs, sync::Arc, time::Duration};

use audit::Event;
use local_emulator::{
    agent::{self, Agent, Deployment, Function, Key, Spawn, Wanted},
    azure,
    configuration::AUDIENCE,
    emulator::Cloud,
    issuer::Claims,
    lambda, ledger, story,
};
use on_disk::Sqlite;
use serde_json::{Value, json};
use state::{Key as Name, Partition, Store};
use tokio::{sync::Semaphore, task::JoinSet, time::sleep};

use crate::stage::Stage;

#[test]
fn two_hundred_grandchildren_on_aws_export_as_many_rows_as_their_root_has() {
    export(Cloud::Aws);
}

#[test]
fn two_hundred_grandchildren_on_azure_export_as_many_rows_as_their_root_has() {
    export(Cloud::Azure);
}

fn export(cloud: Cloud) {
    let stage = Stage::own();
    let (wide, root, grandchildren) = stage.play(async {
        let wide = Wide::start(&stage, cloud).await;
        let root = root(&stage, &wide.at).await;
        let grandchildren = grandchildren(&root).await;
        (wide, root, grandchildren)
    });
    assert_eq!(grandchildren.len(), 200);
    let met = stage.play(async {
        let line = Arc::new(Semaphore::new(ABREAST));
        let mut exporting = JoinSet::new();
        for (number, agent) in (0..).zip(grandchildren) {
            exporting.spawn(rows(agent, number, Arc::clone(&line)));
        }
        let mut met = BTreeMap::new();
        for one in exporting.join_all().await {
            one.into_iter().for_each(|(what, n)| *met.entry(what).or_insert(0) += n);
        }
        met
    });
    assert_eq!(met["rows"], BUDGET, "{met:?}");
    stage.play(async {
        let file = stage.emulator().ledger(cloud);
        let state = account(&Sqlite::open_read_only(&file).unwrap(), &root.node()).await;
        assert_eq!(
            (&state["spent"]["rows"], &state["reserved"]["rows"]),
            (&json!(BUDGET), &json!(0))
        );
        let report = ledger::verify(&file).await.unwrap();
        assert!(report.open.is_empty(), "{:?}", report.open);
        let records = ledger::records(&file).await.unwrap();
        let shown = records.iter().map(|record| match &record.unmapped.event {
            Event::Outcome(outcome) => outcome.rows,
            _ => 0,
        });
        assert_eq!(shown.sum::<u64>(), BUDGET);
        drop(wide);
    });
}

#[test]
fn an_export_ends_at_the_last_cell_of_its_root_s_budget() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let at = stage.emulator().deployment(cloud, &story::client().unwrap());
            let claims =
                Claims::new("cell-exporter", "tests", AUDIENCE).groups(&["shop-reporting"]);
            let token = stage.emulator().issuer.token(&claims).unwrap();
            let rights = json!([
                {"type": "postgres", "locations": ["shop"], "actions": ["select"],
                 "objects": ["public.bulk"]},
                {"type": "budget", "cells": 100},
            ]);
            let root = at.exchange(&token, &Key::fresh().unwrap(), Some(&rights)).await.unwrap();
            let child = child(&root).await;
            let shown = async |agent: &Agent, columns: &str| {
                let statement = format!("SELECT {columns} FROM bulk");
                let answer = agent.query("shop", &statement).await.unwrap();
                assert_eq!(answer.status, 200, "{}", answer.text);
                let rows = answer.body["rows"].as_array().unwrap().len();
                (rows, answer.body["truncated"].clone())
            };
            assert_eq!(shown(&root, "id, id, id, id, id, id, id").await, (14, json!(true)));
            assert_eq!(shown(&child, "id, id, id").await, (0, json!(true)), "two are left");
            assert_eq!(shown(&child, "id").await, (2, json!(true)));
            for agent in [&child, &root] {
                let answer = agent.query("shop", "SELECT id FROM bulk").await.unwrap();
                assert_eq!((answer.status, answer.problem()), (403, Some("budget/spent")));
            }
            let file = Sqlite::open_read_only(stage.emulator().ledger(cloud)).unwrap();
            let state = account(&file, &root.node()).await;
            let cells = (&state["spent"]["cells"], &state["reserved"]["cells"]);
            assert_eq!(cells, (&json!(100), &json!(0)));
        }
    });
}

/// The functions of a cloud, whose trees may have more nodes than usual.
struct Wide {
    at: Deployment,
    _aws: Vec<lambda::Host>,
    _azure: Vec<azure::Host>,
}

impl Wide {
    async fn start(stage: &Stage, cloud: Cloud) -> Self {
        let on = stage.emulator();
        let tokens = on.config(cloud).join("tokens.toml");
        let text = fs::read_to_string(&tokens).unwrap();
        fs::write(tokens, format!("max_children = 64\nmax_nodes = 512\n{text}")).unwrap();
        let patient = |config: &mut lambda::Config| config.init_timeout = Duration::from_secs(60);
        let (mut aws, mut azure) = (Vec::new(), Vec::new());
        let urls = match cloud {
            Cloud::Aws => {
                aws.push(on.also_on_lambda(patient).await.unwrap());
                aws.push(on.token_also_on_lambda(patient).await.unwrap());
                [aws[0].url(), aws[1].url()]
            }
            Cloud::Azure => {
                azure.push(on.also_on_azure(|_| ()).await.unwrap());
                azure.push(on.token_also_on_azure(|_| ()).await.unwrap());
                [azure[0].url(), azure[1].url()]
            }
        };
        let at = on.deployment(cloud, &story::client().unwrap());
        let at = at.reached_at(Function::Request, &urls[0]).reached_at(Function::Token, &urls[1]);
        Self { at, _aws: aws, _azure: azure }
    }
}

async fn root(stage: &Stage, at: &Deployment) -> Agent {
    let claims = Claims::new("exporter", "tests", AUDIENCE).groups(&["shop-reporting"]);
    let token = stage.emulator().issuer.token(&claims).unwrap();
    // A request reserves as much as it may show.
    let rights = json!([
        {"type": "postgres", "locations": ["shop"], "actions": ["select"],
         "objects": ["public.bulk"], "max_rows": 13},
        {"type": "budget", "rows": BUDGET},
    ]);
    at.exchange(&token, &Key::fresh().unwrap(), Some(&rights)).await.unwrap()
}

/// Ten children of the root, and twenty of each of those.
async fn grandchildren(root: &Agent) -> Vec<Agent> {
    let mut growing = JoinSet::new();
    for _ in 0..10 {
        let root = root.clone();
        growing.spawn(async move {
            let parent = child(&root).await;
            let mut children = Vec::new();
            for _ in 0..20 {
                children.push(child(&parent).await);
            }
            children
        });
    }
    growing.join_all().await.concat()
}

/// Ten at a time meet each other, and some of them are asked to come again.
async fn child(of: &Agent) -> Agent {
    for _ in 0..20 {
        match born(of).await {
            Ok(child) => return child,
            Err(error) => {
                let answer = error.answer().expect("an answer");
                assert!(matches!(answer.status, 429 | 503), "{}", answer.text);
            }
        }
        sleep(Duration::from_millis(200)).await;
    }
    panic!("it was always the others' turn");
}

/// Each has the budget of its parent, and a share in it that depends on how fast it is.
async fn born(of: &Agent) -> Result<Agent, agent::Error> {
    let ticket = of.spawn(&Spawn::new("exports", &Wanted::Inherit)).await?;
    of.at().redeem(&ticket.ticket, Some(&Key::fresh().unwrap())).await
}

/// Exports until there is nothing left; what it met on the way, and how many rows it has got.
async fn rows(agent: Agent, number: u64, line: Arc<Semaphore>) -> BTreeMap<String, u64> {
    let mut met = BTreeMap::from([("rows".to_owned(), 0)]);
    loop {
        let turn = line.acquire().await.unwrap();
        let answer = agent.query("shop", "SELECT id FROM bulk").await.unwrap();
        drop(turn);
        let seen = format!("{} {}", answer.status, answer.problem().unwrap_or_default());
        *met.entry(seen.clone()).or_insert(0) += 1;
        match seen.as_str() {
            "200 " => {
                let rows = answer.body["rows"].as_array().unwrap().len() as u64;
                *met.entry("rows".to_owned()).or_insert(0) += rows;
            }
            "403 budget/spent" => return met,
            // It was run, and may not be shown: then its rows would be nobody's.
            "503 audit/withheld" => panic!("{}", answer.text),
            // All of it is held by others, all instances are taken, or two hundred are too many.
            _ if matches!(answer.status, 429 | 503 | 504) => {
                sleep(Duration::from_millis(200 + number * 3)).await;
            }
            _ => panic!("{}", answer.text),
        }
    }
}

/// What a node has used, as it is kept.
async fn account(store: &Sqlite, node: &str) -> Value {
    let key = [Name::new(format!("account:{node}")).unwrap()];
    let items = store.read(&Partition::new(node).unwrap(), &key).await.unwrap();
    serde_json::from_slice(&items[0].as_ref().unwrap().value).unwrap()
}

const BUDGET: u64 = 1000;
/// Requests at a time, of two hundred agents: all of them write to one file of one machine.
const ABREAST: usize = 32;
