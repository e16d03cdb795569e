//! What holds whoever is first: one ticket is one token, and nobody outlives an end.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use proptest::prelude::*;
use tokio::task::JoinSet;

use super::{
    keys::Key,
    stand::{Agent, Stand, code, rights, wish},
};
use crate::{Spawned, redeem};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_sixty_four_who_come_with_one_ticket_one_gets_a_token_and_it_ends() {
    let stand = Arc::new(Stand::new());
    let root = stand.root(rights()).await;
    let spawned = Arc::new(stand.spawn(&root, wish(Some(rights()))).await.unwrap());
    let mut all = JoinSet::new();
    for _ in 0..64 {
        let (stand, spawned) = (Arc::clone(&stand), Arc::clone(&spawned));
        all.spawn(async move { stand.redeem(&spawned).await });
    }
    let done = all.join_all().await;
    let got: Vec<Agent> = done.into_iter().filter_map(Result::ok).collect();
    assert_eq!(got.len(), 1);
    assert_eq!(code(stand.acts(&got[0]).await), "invalid_grant");
    assert_eq!(stand.happened("redeemed").len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_sixty_four_with_one_proof_one_is_served() {
    let stand = Arc::new(Stand::new());
    let (token, key) = (stand.login("alice", &["staff"]), Key::fresh());
    let text = stand.asked(&token, &key, None).proof.unwrap().expose().to_owned();
    let mut all = JoinSet::new();
    for _ in 0..64 {
        let proof = Some(request::Proof::new(text.clone()));
        let ask = crate::Exchange { proof, ..stand.asked(&token, &key, None) };
        let stand = Arc::clone(&stand);
        all.spawn(async move { crate::exchange(ask, &stand.on).await.is_ok() });
    }
    let served = all.join_all().await.into_iter().filter(|served| *served).count();
    assert_eq!(served, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_node_has_more_children_than_it_may_however_many_ask() {
    let stand = Arc::new(Stand::with("max_children = 5"));
    let root = Arc::new(stand.root(rights()).await);
    let mut all = JoinSet::new();
    for _ in 0..24 {
        let (stand, root) = (Arc::clone(&stand), Arc::clone(&root));
        all.spawn(async move { stand.spawn(&root, wish(None)).await.is_ok() });
    }
    let made = all.join_all().await.into_iter().filter(|made| *made).count();
    assert!(made <= 5, "{made}");
    assert_eq!(stand.store.keys(&root.node, "node:").len(), made + 1);
}

/// A root with a child that has come.
async fn pair(stand: &Stand) -> (Agent, Agent) {
    let root = stand.root(rights()).await;
    let child = stand.child(&root, rights()).await;
    (root, child)
}

#[tokio::test]
async fn a_ticket_is_not_redeemed_when_its_parent_ends_between_the_last_look_and_the_commit() {
    let stand = Stand::new();
    let (_, child) = pair(&stand).await;
    let ticket = stand.spawn(&child, wish(None)).await.unwrap();
    stand.store.ends_before(0, &child.node);
    assert_eq!(code(stand.redeem(&ticket).await), "invalid_grant");
    assert_eq!(stand.happened("redeemed").len(), 1);
}

#[tokio::test]
async fn no_child_is_made_by_who_ends_between_the_last_look_and_the_commit() {
    let stand = Stand::new();
    let (root, child) = pair(&stand).await;
    stand.store.ends_before(0, &root.node);
    assert_eq!(code(stand.spawn(&child, wish(None)).await), "invalid_grant");
    assert_eq!(stand.store.keys(&root.node, "node:").len(), 2);
}

#[tokio::test]
async fn no_token_is_renewed_by_who_ends_between_the_last_look_and_the_commit() {
    let stand = Stand::new();
    let (root, child) = pair(&stand).await;
    stand.store.ends_before(0, &root.node);
    assert_eq!(code(stand.renew(&child, None).await), "invalid_grant");
    assert_eq!(stand.happened("renewed").len(), 0);
}

#[tokio::test]
async fn nobody_is_ended_by_who_ends_between_the_last_look_and_the_commit() {
    let stand = Stand::new();
    let (root, child) = pair(&stand).await;
    let grandchild = stand.child(&child, rights()).await;
    stand.store.ends_before(0, &child.node);
    assert_eq!(code(stand.revoke(&child, &grandchild.node).await), "invalid_grant");
    assert!(stand.acts(&root).await.is_ok());
    assert_eq!(stand.happened("revoked").len(), 0);
}

#[tokio::test]
async fn a_tree_whose_principal_is_ended_while_it_begins_has_no_root() {
    let stand = Stand::new();
    stand.store.ends_before(1, "");
    assert_eq!(code(stand.root_of("alice", rights()).await), "invalid_grant");
    assert!(!stand.store.text().contains(" node:"));
}

/// What one task does, to an agent that there is by then.
#[derive(Clone, Debug)]
enum Step {
    Grow(prop::sample::Index),
    Renew(prop::sample::Index),
    Revoke(prop::sample::Index),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => any::<prop::sample::Index>().prop_map(Step::Grow),
        2 => any::<prop::sample::Index>().prop_map(Step::Renew),
        1 => any::<prop::sample::Index>().prop_map(Step::Revoke),
    ]
}

/// A tree that several tasks work on at once, and what they know of it.
struct Wood {
    stand: Stand,
    /// Every agent that ever got a token, with its path.
    agents: Mutex<Vec<(Arc<Agent>, Vec<String>)>>,
    /// Nodes whose end has been told.
    ended: Mutex<Vec<String>>,
    /// Tokens that somebody got although an end above was told before they asked.
    wrong: AtomicUsize,
}

impl Wood {
    fn pick(&self, index: &prop::sample::Index) -> (Arc<Agent>, Vec<String>) {
        let agents = self.agents.lock().unwrap();
        let (agent, path) = index.get(&agents);
        (Arc::clone(agent), path.clone())
    }

    fn is_ended(&self, path: &[String]) -> bool {
        let ended = self.ended.lock().unwrap();
        path.iter().any(|node| ended.contains(node))
    }

    /// Whoever gets something although its end was told before it asked is one too many.
    fn got(&self, was_ended: bool) {
        if was_ended {
            self.wrong.fetch_add(1, Ordering::SeqCst);
        }
    }

    async fn step(&self, step: &Step) {
        match step {
            Step::Grow(index) => {
                let (parent, path) = self.pick(index);
                let before = self.is_ended(&path);
                let Ok(spawned) = self.stand.spawn(&parent, wish(Some(rights()))).await else {
                    return;
                };
                self.got(before);
                self.come(&spawned, path).await;
            }
            Step::Renew(index) => {
                let (agent, path) = self.pick(index);
                let before = self.is_ended(&path);
                if let Ok(next) = self.stand.renew(&agent, None).await {
                    self.got(before);
                    self.agents.lock().unwrap().push((Arc::new(next), path));
                }
            }
            Step::Revoke(index) => {
                let (agent, path) = self.pick(index);
                if path.len() > 1 && self.stand.revoke(&agent, &agent.node).await.is_ok() {
                    self.ended.lock().unwrap().push(agent.node.clone());
                }
            }
        }
    }

    async fn come(&self, spawned: &Spawned, mut path: Vec<String>) {
        path.push(spawned.node.to_string());
        let (before, key) = (self.is_ended(&path), Arc::new(Key::fresh()));
        let ask = self.stand.redeeming(&spawned.ticket.expose(), Some(&key));
        if let Ok(issued) = redeem(ask, &self.stand.on).await {
            self.got(before);
            let agent = super::stand::agent(&issued, key);
            self.agents.lock().unwrap().push((Arc::new(agent), path));
        }
    }
}

async fn grown(tasks: Vec<Vec<Step>>) -> Wood {
    let stand = Stand::with("max_depth = 8\nmax_children = 64");
    let root = Arc::new(stand.root(rights()).await);
    let path = vec![root.node.clone()];
    let wood = Arc::new(Wood {
        stand,
        agents: Mutex::new(vec![(root, path)]),
        ended: Mutex::default(),
        wrong: AtomicUsize::default(),
    });
    let mut all = JoinSet::new();
    for steps in tasks {
        let wood = Arc::clone(&wood);
        all.spawn(async move {
            for step in &steps {
                wood.step(step).await;
            }
        });
    }
    all.join_all().await;
    Arc::into_inner(wood).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever is made while something above it is being ended: after that was told, neither does
    /// anybody below get a token nor is one of theirs good for anything; everybody else goes on.
    #[test]
    fn nobody_below_an_ended_node_gets_or_uses_a_token(
        tasks in prop::collection::vec(prop::collection::vec(step(), 1..8), 2..6)
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = { runtime }.worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let wood = grown(tasks).await;
            prop_assert_eq!(wood.wrong.load(Ordering::SeqCst), 0);
            let agents = wood.agents.lock().unwrap().clone();
            for (agent, path) in agents {
                prop_assert_eq!(wood.stand.acts(&agent).await.is_ok(), !wood.is_ended(&path));
            }
            Ok(())
        })?;
    }
}
