//! Attack 23, on the real functions: a thousand children, five hundred on each cloud, who are made
//! while what is above them is ended.

use std::collections::VecDeque;

use local_emulator::{
    agent::{Agent, Key, Spawn, Wanted},
    emulator::Cloud,
};
use tokio::task::JoinSet;

use crate::stage::{Stage, child, reads, said};

/// So many at a time: as many instances as there may be of a function.
const ABREAST: usize = 10;

/// What all of them come to, in the order in which they end. `amid` is done when half have ended.
async fn all<T: Send + 'static, F: Future<Output = T> + Send + 'static>(
    work: impl IntoIterator<Item = F>,
    amid: impl AsyncFnOnce(),
) -> (Vec<T>, Vec<T>) {
    let mut waiting: VecDeque<F> = work.into_iter().collect();
    let (half, mut amid) = (waiting.len() / 2, Some(amid));
    let (mut running, mut before, mut after) = (JoinSet::new(), Vec::new(), Vec::new());
    loop {
        while running.len() < ABREAST {
            let Some(next) = waiting.pop_front() else { break };
            running.spawn(next);
        }
        if before.len() == half
            && let Some(amid) = amid.take()
        {
            // The others go on meanwhile, as far as they were begun.
            amid().await;
        }
        let Some(done) = running.join_next().await else { return (before, after) };
        if before.len() < half { &mut before } else { &mut after }.push(done.unwrap());
    }
}

#[test]
fn attack_23_whoever_is_made_while_its_parent_is_ended_has_no_usable_token() {
    let stage = Stage::own();
    stage.play(async {
        for cloud in Cloud::ALL {
            let wide = [("issuer =", "max_children = 4096\nmax_nodes = 4096\nissuer =")];
            let hosts = stage.changed(cloud, "tokens.toml", &wide).await;
            let root = stage.root(hosts.at()).await;
            let parent = child(&root, "parent").await;
            let made = (0..500).map(|_| {
                let parent = parent.clone();
                async move {
                    let ticket =
                        parent.spawn(&Spawn::new("grandchild", &Wanted::Inherit)).await.ok()?;
                    let key = Key::fresh().unwrap();
                    parent.at().redeem(&ticket.ticket, Some(&key)).await.ok()
                }
            });
            let ended = async || {
                let answer = root.revoke(&parent.node()).await.unwrap();
                assert_eq!(answer.status, 204, "{}", answer.text);
            };
            let (before, after) = all(made, ended).await;
            let count = |made: &[Option<Agent>]| made.iter().flatten().count();
            assert!(count(&before) > 0, "none was made before");
            // Those that were at it when the parent ended may have come through in time; no other.
            assert!(count(&after) <= ABREAST, "{} were made afterwards", count(&after));

            let tokens: Vec<Agent> = before.into_iter().chain(after).flatten().collect();
            let tried = tokens.into_iter().enumerate().map(|(n, one)| async move {
                let more = match n % 10 {
                    0 => one.renew().await.is_ok(),
                    1 => one.spawn(&Spawn::new("more", &Wanted::Inherit)).await.is_ok(),
                    _ => false,
                };
                let answer = reads(&one).await;
                let (status, cause) = said(&answer);
                (more, status, cause.to_owned())
            });
            let (first, rest) = all(tried, async || ()).await;
            let dead = (false, 401, "identity/revoked".to_owned());
            let usable: Vec<_> = first.iter().chain(&rest).filter(|met| **met != dead).collect();
            assert!(usable.is_empty(), "on {}: {usable:?}", cloud.name());
            assert_eq!(reads(&root).await.status, 200);
            hosts.stop().await;
        }
    });
}
