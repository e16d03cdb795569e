//! The life of a node: it begins, renews its token, is asked about, and ends.

use local_emulator::{
    agent::{self, Agent, Answer, Deployment, Key, Spawn, Wanted, rights},
    configuration::AUDIENCE,
    emulator::Cloud,
    issuer::Claims,
    story,
};
use serde_json::{Value, json};

use crate::stage::Stage;

const ORDER: &str = "SELECT item FROM orders WHERE id = 7";

fn orders() -> Value {
    rights("shop", &["select"], &["public.orders"])
}

fn deployment(stage: &Stage, cloud: Cloud) -> Deployment {
    stage.emulator().deployment(cloud, &story::client().unwrap())
}

/// The root of a new tree, for somebody in this group.
async fn root(stage: &Stage, cloud: Cloud, group: &str) -> Agent {
    let claims = Claims::new("nodes", "tests", AUDIENCE).groups(&[group]);
    let token = stage.emulator().issuer.token(&claims).unwrap();
    let key = Key::fresh().unwrap();
    deployment(stage, cloud).exchange(&token, &key, Some(&orders())).await.unwrap()
}

async fn child(of: &Agent) -> Agent {
    let ticket = of.spawn(&Spawn::new("child", &Wanted::Inherit)).await.unwrap();
    let child = of.at().redeem(&ticket.ticket, Some(&Key::fresh().unwrap())).await.unwrap();
    assert_eq!(child.node(), ticket.node);
    child
}

fn refused<T>(got: Result<T, agent::Error>) -> Answer {
    got.err().expect("it was not refused").answer().expect("there was no answer")
}

#[test]
fn a_node_renews_its_token_with_its_own_key_and_with_no_other() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let child = child(&root(&stage, cloud, "shop-support").await).await;
            let renewed = child.renew().await.unwrap();
            assert_ne!(renewed.token(), child.token());
            for claim in ["/sub", "/txn", "/client_id", "/cnf", "/agt", "/authorization_details"] {
                assert_eq!(renewed.claims().pointer(claim), child.claims().pointer(claim));
            }
            assert_eq!(renewed.query("shop", ORDER).await.unwrap().status, 200);
            let thief = Agent::holding(child.at(), child.token(), Some(Key::fresh().unwrap()));
            let refused = refused(thief.renew().await);
            assert_eq!((refused.status, refused.error()), (400, Some("invalid_grant")));
        }
    });
}

#[test]
fn a_child_without_a_key_reads_once() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let root = root(&stage, cloud, "shop-reporting").await;
            let spawn = Spawn::new("job", &Wanted::Rights(orders()));
            let ticket = root.spawn(&spawn.with("class", json!("bearer-leaf"))).await.unwrap();
            let leaf = root.at().redeem(&ticket.ticket, None).await.unwrap();
            assert!(leaf.key().is_none() && leaf.claims().get("cnf").is_none());
            let first = leaf.query("shop", ORDER).await.unwrap();
            assert_eq!(first.status, 200, "{}", first.text);
            let second = leaf.query("shop", ORDER).await.unwrap();
            assert_eq!((second.status, second.problem()), (401, Some("identity/replayed")));
        }
    });
}

#[test]
fn policy_says_who_may_hand_a_target_on_and_to_what_kind_of_child() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let root = root(&stage, cloud, "shop-support").await;
            let spawn = Spawn::new("job", &Wanted::Rights(orders()));
            let refused = refused(root.spawn(&spawn.with("class", json!("bearer-leaf"))).await);
            let seen = (refused.status, refused.problem());
            assert_eq!(seen, (403, Some("delegation/access_denied")), "{}", refused.text);

            let claims = Claims::new("nodes", "tests", AUDIENCE).groups(&["people-payroll"]);
            let token = stage.emulator().issuer.token(&claims).unwrap();
            let (key, at) = (Key::fresh().unwrap(), deployment(&stage, cloud));
            let salaries = rights("payroll", &["select"], &["public.salaries"]);
            let refused = self::refused(at.exchange(&token, &key, Some(&salaries)).await);
            assert_eq!((refused.status, refused.error()), (400, Some("access_denied")));
        }
    });
}

#[test]
fn a_token_is_told_about_within_its_own_tree_and_to_nobody_else() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let root = root(&stage, cloud, "shop-support").await;
            let child = child(&root).await;
            let told = root.introspect(child.token()).await.unwrap();
            assert_eq!(told.body["active"], json!(true), "{}", told.text);
            assert_eq!(told.body["client_id"], json!(child.node()));
            let stranger = self::root(&stage, cloud, "shop-support").await;
            let told = stranger.introspect(child.token()).await.unwrap();
            assert_eq!(told.body, json!({"active": false}), "{}", told.text);
            assert_eq!(root.revoke(&child.node()).await.unwrap().status, 204);
            let told = root.introspect(child.token()).await.unwrap();
            assert_eq!(told.body, json!({"active": false}), "{}", told.text);
        }
    });
}

#[test]
fn a_token_of_one_cloud_is_nothing_at_the_other() {
    let stage = Stage::shared();
    stage.play(async {
        for (here, there) in [(Cloud::Aws, Cloud::Azure), (Cloud::Azure, Cloud::Aws)] {
            let root = root(&stage, here, "shop-support").await;
            let elsewhere = deployment(&stage, there);
            let abroad = Agent::holding(&elsewhere, root.token(), root.key().cloned());
            let answer = abroad.query("shop", ORDER).await.unwrap();
            assert_eq!((answer.status, answer.problem()), (401, Some("identity/token")));
            let refused = refused(abroad.renew().await);
            assert_eq!((refused.status, refused.error()), (400, Some("invalid_grant")));
            assert_eq!(root.query("shop", ORDER).await.unwrap().status, 200);
        }
    });
}
