//! Revocation in a tree of a thousand nodes, whoever does what at the same time.

mod restless;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering::SeqCst},
};

use ::audit::{Ended, Error, Ledger, Outcome};
use identity::{Fallen, NodeId, Revocations};
use serde_json::Value;
use state::Store;
use tokio::task::yield_now;

use self::restless::{Draw, Restless};
use crate::stand::{
    OPEN, Stand, Still, asking,
    nodes::{all, at},
};

#[tokio::test]
async fn who_is_revoked_begins_and_shows_nothing_more_and_nobody_else_is_disturbed() {
    let stand = Arc::new(Stand::new(OPEN));
    let mut interrupted = 0;
    for seed in 0..SEEDS {
        let tree = Arc::new(Tree::grow(seed, Arc::clone(&stand)));
        tree.live(seed).await;
        interrupted += tree.judge(seed);
    }
    assert!(interrupted > 50, "only {interrupted} were revoked while they ran");
}

/// A tree, and what happened to it.
struct Tree {
    /// The path of every node; parents come before their children.
    paths: Vec<Vec<NodeId>>,
    stand: Arc<Stand>,
    store: Arc<Restless>,
    ledger: Arc<Ledger>,
    time: AtomicU64,
    steps: Mutex<Vec<Step>>,
    revocations: Mutex<Vec<Step>>,
}

/// Something that was done by a node, or to one.
#[derive(Clone, Copy, Debug)]
struct Step {
    what: What,
    node: usize,
    began: u64,
    returned: u64,
    went: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Conclude,
    Intend,
    Revoke,
    Transaction,
}

impl Tree {
    fn grow(seed: u64, stand: Arc<Stand>) -> Self {
        let mut draw = Draw(seed);
        let mut paths: Vec<Vec<NodeId>> = vec![vec![named(&mut draw)]];
        while paths.len() < NODES {
            let above = &paths[draw.below(paths.len())];
            if above.len() <= DEEPEST {
                let path = above.iter().cloned().chain([named(&mut draw)]).collect();
                paths.push(path);
            }
        }
        let store = Arc::new(Restless::new(draw));
        let ledger = Arc::new(Ledger::new(store.clone(), Arc::new(Still)));
        let (time, steps, revocations) = Default::default();
        Self { paths, stand, store, ledger, time, steps, revocations }
    }

    /// Everything that is drawn for this seed, at the same time.
    async fn live(self: &Arc<Self>, seed: u64) {
        let mut draw = Draw(!seed);
        let doomed: Vec<usize> = (0..REVOCATIONS).map(|_| self.doomed(&mut draw)).collect();
        let below = |node: &usize| doomed.iter().any(|doomed| self.covers(*doomed, *node));
        let falling: Vec<usize> = (0..NODES).filter(below).collect();
        let mut tasks = Vec::new();
        for number in 0..REQUESTS {
            let node = if number % 3 == 0 { draw.below(NODES) } else { draw.one(&falling) };
            let (tree, draw) = (Arc::clone(self), Draw(draw.next()));
            tasks.push(tokio::spawn(async move { tree.ask(node, draw).await }));
        }
        for node in doomed {
            let (tree, draw) = (Arc::clone(self), Draw(draw.next()));
            tasks.push(tokio::spawn(async move { tree.end(node, draw).await }));
        }
        for task in tasks {
            task.await.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        }
    }

    /// A node that is not the root; every other one has many below it.
    fn doomed(&self, draw: &mut Draw) -> usize {
        let deepest = if draw.below(2) == 0 { 3 } else { DEEPEST };
        loop {
            let node = 1 + draw.below(NODES - 1);
            if self.paths[node].len() <= deepest + 1 {
                return node;
            }
        }
    }

    /// A request that begins at some time, and ends at some time.
    async fn ask(&self, node: usize, mut draw: Draw) {
        wait(draw.below(PATIENCE)).await;
        self.request(node, &mut draw).await;
    }

    /// Whether it was shown what it asked for.
    async fn request(&self, node: usize, draw: &mut Draw) -> bool {
        let agent = at(self.paths[node].clone(), all()).agent(&format!("t-{}", draw.next()));
        let begun = self.stand.begin(&agent, &asking("select id from orders"));
        wait(draw.below(8)).await;
        let intent = ::audit::intend(begun.cleared, &begun.trail, &self.ledger);
        let Some((witnessed, open)) = self.step(What::Intend, node, intent).await else {
            return false;
        };
        wait(draw.below(20)).await;
        if draw.below(3) == 0 {
            self.step(What::Transaction, node, witnessed.transaction("7".into())).await;
        }
        wait(draw.below(20)).await;
        let outcome = Outcome { result: Ended::Done, rows: 1, ..Outcome::default() };
        let shown = ::audit::conclude(open, outcome, Some(b"[[1]]"));
        self.step(What::Conclude, node, shown).await.is_some()
    }

    async fn step<T>(
        &self,
        what: What,
        node: usize,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Option<T> {
        let began = self.now();
        let answer = match work.await {
            Ok(answer) => Some(answer),
            Err(Error::Fallen(Fallen::Revoked)) => None,
            Err(other) => panic!("{what:?} of {node}: {other}"),
        };
        let (returned, went) = (self.now(), answer.is_some());
        self.steps.lock().unwrap().push(Step { what, node, began, returned, went });
        answer
    }

    /// Revokes a node; then somebody at or below it is refused, and somebody beside it is not.
    async fn end(&self, node: usize, mut draw: Draw) {
        wait(draw.below(PATIENCE)).await;
        let began = self.now();
        self.revoke(node).await;
        let returned = self.now();
        let step = Step { what: What::Revoke, node, began, returned, went: true };
        self.revocations.lock().unwrap().push(step);

        let below: Vec<usize> = (0..NODES).filter(|other| self.covers(node, *other)).collect();
        assert!(!self.request(draw.one(&below), &mut draw).await, "{node} is revoked");
        let above = &self.paths[node][..self.paths[node].len() - 1];
        let beside = |other: &usize| *other != node && self.paths[*other].starts_with(above);
        let beside: Vec<usize> = (0..NODES).filter(beside).filter(|n| !below.contains(n)).collect();
        // Whoever was drawn may fall as well, with another one; the root does not.
        for other in [draw.one(&beside), draw.one(&beside), 0] {
            if self.request(other, &mut draw).await {
                return;
            }
        }
        panic!("with {node} others fell");
    }

    async fn revoke(&self, node: usize) {
        let (partition, key) = (self.paths[0][0].partition().unwrap(), Revocations::key().unwrap());
        loop {
            let key = std::slice::from_ref(&key);
            let before = self.store.read(&partition, key).await.unwrap().remove(0);
            let mut list = Revocations::read(before.as_ref()).unwrap();
            list.nodes.insert(self.paths[node].last().unwrap().to_string());
            let write = list.write(before.as_ref()).unwrap();
            match self.store.commit(&partition, &[write]).await {
                Ok(()) => return,
                Err(state::Error::Conflict) => {}
                Err(other) => panic!("{other}"),
            }
        }
    }

    /// Looks at everything that was done; how many were revoked while they ran.
    fn judge(&self, seed: u64) -> usize {
        let steps = self.steps.lock().unwrap().clone();
        let revocations = self.revocations.lock().unwrap().clone();
        for step in &steps {
            let mut over = revocations.iter().filter(|r| self.covers(r.node, step.node));
            let why = match step.went {
                true => over.find(|revoked| revoked.returned < step.began),
                false if over.any(|revoked| revoked.began < step.returned) => None,
                false => Some(step),
            };
            assert!(why.is_none(), "seed {seed}: {step:?}, because of {why:?}");
        }
        let count =
            |what, went| steps.iter().filter(|step| step.what == what && step.went == went).count();
        assert!(count(What::Intend, false) > 0, "seed {seed}: nobody was refused");
        assert!(
            count(What::Conclude, true) >= REVOCATIONS,
            "seed {seed}: nobody was shown a thing"
        );
        let (shown, kept_back) = self.recorded(seed);
        assert_eq!(shown, count(What::Conclude, true), "seed {seed}: shown, and not on record");
        assert_eq!(kept_back, count(What::Conclude, false), "seed {seed}: run, and not on record");
        kept_back
    }

    /// Goes through what was written, as it became true: whatever a revocation comes before is the
    /// end of something that was run, and shows nothing. How many were shown, and how many were not.
    fn recorded(&self, seed: u64) -> (usize, usize) {
        let (mut ended, mut shown, mut kept_back) = (Vec::new(), 0, 0);
        for (key, value) in self.store.journal() {
            if Some(&key) == Revocations::key().as_ref() {
                let list: Value = serde_json::from_slice(&value).unwrap();
                ended = list["nodes"].as_array().unwrap().clone();
            } else if key.as_str().starts_with("record:") {
                let record: Value = serde_json::from_slice(&value).unwrap();
                let event = &record["unmapped"]["event"];
                let hops = record["unmapped"]["act_chain"].as_array().unwrap();
                let over = hops.iter().any(|hop| ended.contains(&hop["node"]));
                let withheld = event["cause"] == "revoked";
                assert_eq!(over, withheld, "seed {seed}: {record}");
                kept_back += usize::from(withheld);
                shown += usize::from(event["result"].is_string() && !withheld);
            }
        }
        (shown, kept_back)
    }

    /// Whether the other is this node or below it.
    fn covers(&self, node: usize, other: usize) -> bool {
        self.paths[other].starts_with(&self.paths[node])
    }

    fn now(&self) -> u64 {
        self.time.fetch_add(1, SeqCst)
    }
}

fn named(draw: &mut Draw) -> NodeId {
    let bytes = [draw.next().to_be_bytes(), draw.next().to_be_bytes()].concat();
    NodeId::fresh(bytes.try_into().unwrap())
}

async fn wait(turns: usize) {
    for _ in 0..turns {
        yield_now().await;
    }
}

const SEEDS: u64 = 20;
const NODES: usize = 1000;
const DEEPEST: usize = 8;
const REVOCATIONS: usize = 12;
const REQUESTS: usize = 40;
/// Turns of all others until the last one begins.
const PATIENCE: usize = 100;
