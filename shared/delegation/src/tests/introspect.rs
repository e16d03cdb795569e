//! What is told of a token.

use std::sync::Arc;

use identity::Class;
use serde_json::json;

use super::{
    keys::{Key, claims},
    stand::{Agent, Stand, code, reading, rights, wish},
};
use crate::Wish;

#[tokio::test]
async fn of_its_own_token_and_those_below_it_a_node_learns_what_they_say() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    let child = stand.child(&root, reading()).await;
    for agent in [&root, &child] {
        let (state, said) =
            (stand.introspect(&root, &agent.token).await.unwrap(), claims(&agent.token));
        assert_eq!((&state["active"], &state["token_type"]), (&json!(true), &json!("DPoP")));
        for same in ["iss", "sub", "aud", "client_id", "exp", "jti", "cnf", "authorization_details"]
        {
            assert_eq!(state[same], said[same], "{same}");
        }
        assert!(state.get("agt").is_none());
    }
}

#[tokio::test]
async fn of_any_other_token_it_learns_only_that_it_is_not_active() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    let (child, sibling) = (stand.child(&root, rights()).await, stand.child(&root, rights()).await);
    let stranger = stand.root_of("bob", rights()).await.unwrap();
    let foreign = stand.login("alice", &["staff"]);
    let forged = Key::fresh()
        .signed(&json!({"alg": "ES256", "kid": "ours", "typ": "at+jwt"}), &claims(&child.token));
    let cut = child.token.rsplit_once('.').unwrap().0.to_owned() + ".";
    let others = [&root.token, &sibling.token, &stranger.token, &foreign, &forged, &cut];
    for token in others.into_iter().map(String::as_str).chain(["", "a.b.c", "..", "x"]) {
        let state = stand.introspect(&child, token).await.unwrap();
        assert_eq!(state, json!({"active": false}));
    }
}

#[tokio::test]
async fn a_token_that_ended_is_not_active_and_nobody_learns_why() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    let child = stand.child(&root, rights()).await;
    let grandchild = stand.child(&child, rights()).await;
    stand.revoke(&root, &child.node).await.unwrap();
    let inactive = json!({"active": false});
    for ended in [&child, &grandchild] {
        assert_eq!(stand.introspect(&root, &ended.token).await.unwrap(), inactive);
    }
    let late = stand.child(&root, rights()).await;
    stand.pass(299);
    let root = stand.renew(&root, None).await.unwrap();
    stand.pass(6);
    assert_eq!(stand.introspect(&root, &late.token).await.unwrap(), inactive);
}

#[tokio::test]
async fn a_token_without_a_key_is_told_as_a_bearers() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    let leaf = Wish { class: Class::Leaf, ..wish(Some(reading())) };
    let leaf = stand.redeem(&stand.spawn(&root, leaf).await.unwrap()).await.unwrap();
    assert_eq!(stand.introspect(&root, &leaf.token).await.unwrap()["token_type"], "Bearer");
    // To be looked at does not use it up.
    assert!(stand.acts(&leaf).await.is_ok());
}

#[tokio::test]
async fn whoever_asks_is_known_and_not_ended() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    let child = stand.child(&root, rights()).await;
    let thief =
        Agent { key: Arc::new(Key::fresh()), token: root.token.clone(), node: root.node.clone() };
    assert_eq!(code(stand.introspect(&thief, &child.token).await), "invalid_grant");
    stand.revoke(&root, &child.node).await.unwrap();
    assert_eq!(code(stand.introspect(&child, &child.token).await), "invalid_grant");
    let direct = Agent { token: stand.login("alice", &["staff"]), ..thief };
    let state = stand.introspect(&direct, &root.token).await.unwrap();
    assert_eq!(state, json!({"active": false}));
}
