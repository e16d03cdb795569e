//! How a tree begins.

use request::Bearer;
use serde_json::json;

use super::{
    keys::{Key, claims},
    stand::{NOW, RESOURCE, Stand, code, entry, reading, rights, wish},
};
use crate::{Error, exchange};

#[tokio::test]
async fn a_principal_gets_a_node_of_its_own_bound_to_its_key() {
    let stand = Stand::new();
    let agent = stand.root(rights()).await;
    let said = claims(&agent.token);
    assert_eq!(said["sub"], "corp|alice");
    assert_eq!(said["aud"], RESOURCE);
    assert_eq!(said["cnf"], json!({"jkt": agent.key.thumbprint()}));
    assert_eq!(said["agt"]["path"], json!([agent.node]));
    assert_eq!(said["agt"]["from"], "notebook");
    assert_eq!(said["groups"], json!(["batch", "staff"]));
    assert_eq!(said["authorization_details"], rights());
    assert_eq!(said["exp"], NOW + 300);
    assert!(stand.acts(&agent).await.is_ok());
    assert_eq!(stand.happened("exchanged").len(), 1);
}

#[tokio::test]
async fn two_exchanges_of_one_token_are_two_trees() {
    let stand = Stand::new();
    let (one, other) = (stand.root(rights()).await, stand.root(rights()).await);
    assert_ne!(one.node, other.node);
    assert_ne!(claims(&one.token)["txn"], claims(&other.token)["txn"]);
}

#[tokio::test]
async fn rights_that_are_not_asked_for_are_not_given() {
    let stand = Stand::new();
    let (token, key) = (stand.login("alice", &["staff"]), Key::fresh());
    let issued = exchange(stand.asked(&token, &key, None), &stand.on).await.unwrap();
    assert_eq!(issued.rights, json!([]));
}

#[tokio::test]
async fn rights_that_nobody_knows_are_refused_and_not_passed_over() {
    let stand = Stand::new();
    for unknown in [
        json!([{"type": "vault", "locations": ["shop"]}]),
        json!([{"type": "postgres", "locations": ["shop"], "actions": ["drop"], "objects": ["a.b"]}]),
        json!({"type": "postgres"}),
    ] {
        let done = stand.root_of("alice", unknown.clone()).await;
        assert_eq!(code(done), "invalid_authorization_details", "{unknown}");
    }
    assert_eq!(stand.happened("refused").len(), 3);
}

#[tokio::test]
async fn what_policy_does_not_let_a_principal_hand_on_it_cannot_have_in_a_tree() {
    let stand = Stand::new();
    let mut elsewhere = entry(&["select"], "public.salaries", 10);
    elsewhere["locations"] = json!(["payroll"]);
    assert_eq!(code(stand.root_of("alice", json!([elsewhere])).await), "access_denied");
    let mut nowhere = entry(&["select"], "public.salaries", 10);
    nowhere["locations"] = json!(["moon"]);
    assert_eq!(code(stand.root_of("alice", json!([nowhere])).await), "access_denied");
    let refused = stand.happened("refused");
    assert_eq!(refused.len(), 2);
    assert_eq!(refused[0]["cause"], "access_denied");
}

#[tokio::test]
async fn whose_groups_are_not_known_begins_no_tree() {
    let stand = Stand::new();
    let (token, key) = (stand.claimed(&json!({"sub": "eve", "hasgroups": true})), Key::fresh());
    let done = exchange(stand.asked(&token, &key, None), &stand.on).await;
    assert_eq!(code(done), "access_denied");
}

#[tokio::test]
async fn a_token_for_elsewhere_is_not_issued() {
    let stand = Stand::new();
    let (token, key) = (stand.login("alice", &["staff"]), Key::fresh());
    for resource in ["https://gw.example/v1/", "https://gw.example", "https://other.example/v1", ""]
    {
        let ask = crate::Exchange { resource: resource.into(), ..stand.asked(&token, &key, None) };
        assert_eq!(code(exchange(ask, &stand.on).await), "invalid_target", "{resource}");
    }
}

#[tokio::test]
async fn no_token_is_issued_without_a_key_to_bind_it_to() {
    let stand = Stand::new();
    let (token, key) = (stand.login("alice", &["staff"]), Key::fresh());
    let ask = crate::Exchange { proof: None, ..stand.asked(&token, &key, None) };
    assert_eq!(code(exchange(ask, &stand.on).await), "invalid_dpop_proof");
}

#[tokio::test]
async fn a_proof_is_good_for_one_exchange_and_a_replay_is_on_record() {
    let stand = Stand::new();
    let (token, key) = (stand.login("alice", &["staff"]), Key::fresh());
    let ask = stand.asked(&token, &key, None);
    let proof = request::Proof::new(ask.proof.as_ref().unwrap().expose().to_owned());
    let again = crate::Exchange { proof: Some(proof), ..stand.asked(&token, &key, None) };
    assert_eq!(code(exchange(ask, &stand.on).await), "done");
    assert_eq!(code(exchange(again, &stand.on).await), "invalid_dpop_proof");
    let refused = stand.happened("refused");
    assert_eq!(refused[0]["cause"], "invalid_dpop_proof");
}

#[tokio::test]
async fn what_is_no_access_token_of_an_issuer_is_not_exchanged() {
    let stand = Stand::new();
    let key = Key::fresh();
    let event = stand.told("alice", "session-revoked", NOW, "e-1");
    let stranger = Key::fresh().signed(
        &json!({"typ": "at+jwt", "alg": "ES256", "kid": "corp-1"}),
        &claims(&stand.login("alice", &["staff"])),
    );
    let ticket = format!("st.{0}.{0}.{1}", identity::NodeId::fresh([0; 16]), "A".repeat(43));
    for token in [event, stranger, ticket, "e30.e30.".into(), String::new()] {
        let done = exchange(stand.asked(&token, &key, None), &stand.on).await;
        assert_eq!(code(done), "invalid_grant");
    }
    assert_eq!(stand.store.len(), 0);
}

#[tokio::test]
async fn the_actor_is_another_with_a_token_of_its_own_issuer() {
    let stand = Stand::new();
    let (token, key) = (stand.login("alice", &["staff"]), Key::fresh());
    let actor = stand.login("job|7", &[]);
    let ask =
        crate::Exchange { actor: Some(Bearer::new(actor)), ..stand.asked(&token, &key, None) };
    let issued = exchange(ask, &stand.on).await.unwrap();
    assert_eq!(claims(issued.token.expose())["agt"]["img"], "corp|job%7C7");
    let ours = issued.token.expose().to_owned();
    for actor in [token.clone(), ours, "a.b.c".into()] {
        let actor = Some(Bearer::new(actor));
        let ask = crate::Exchange { actor, ..stand.asked(&token, &key, None) };
        assert_eq!(code(exchange(ask, &stand.on).await), "invalid_grant");
    }
}

#[tokio::test]
async fn a_tree_with_a_budget_has_an_account_for_it() {
    let stand = Stand::new();
    let budget = json!({"type": "budget", "rows": 1000});
    let agent = stand.root(json!([entry(&["select"], "public.*", 100), budget])).await;
    assert_eq!(stand.store.keys(&agent.node, "account:"), [format!("account:{}", agent.node)]);
    assert_eq!(claims(&agent.token)["agt"]["acc"], json!([0]));
}

#[tokio::test]
async fn nothing_is_issued_when_nothing_can_be_kept() {
    let stand = Stand::new();
    stand.store.down(true);
    assert_eq!(code(stand.root_of("alice", rights()).await), "temporarily_unavailable");
    stand.store.down(false);
    stand.store.down_after(1);
    assert_eq!(code(stand.root_of("alice", rights()).await), "temporarily_unavailable");
}

#[tokio::test]
async fn nothing_is_kept_when_nothing_can_be_signed() {
    let set = Key::fresh().set("ours");
    let stand = Stand::signing("", &set, None);
    assert!(matches!(stand.root_of("alice", rights()).await, Err(Error::Sign(_))));
    assert_eq!(stand.store.len(), 0);
}

#[tokio::test]
async fn a_key_that_is_not_the_published_one_shows_before_a_token_leaves() {
    let stand = Stand::signing("", &Key::fresh().set("ours"), Some(Key::fresh()));
    let done = stand.root_of("alice", rights()).await;
    assert!(matches!(done, Err(Error::Key(_))));
    assert_eq!(stand.store.len(), 0);
}

#[tokio::test]
async fn neither_tokens_nor_proofs_are_kept_anywhere() {
    let stand = Stand::new();
    let agent = stand.root(rights()).await;
    let child = stand.child(&agent, reading()).await;
    let kept = stand.store.text();
    for token in [&agent.token, &child.token] {
        let signature = token.rsplit('.').next().unwrap();
        assert!(!kept.contains(signature));
    }
}

#[tokio::test]
async fn whatever_is_put_on_record_can_be_checked_by_others() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    let spawned = stand.spawn(&root, wish(Some(reading()))).await.unwrap();
    let child = stand.redeem(&spawned).await.unwrap();
    stand.renew(&child, None).await.unwrap();
    let wide = json!([entry(&["delete"], "public.a", 1)]);
    assert!(stand.spawn(&child, wish(Some(wide))).await.is_err());
    assert!(stand.redeem(&spawned).await.is_err());
    stand.revoke(&root, &root.node).await.unwrap();
    stand.pass(1);
    stand.event(&stand.told("alice", "session-revoked", NOW, "e-1")).await.unwrap();
    let report = stand.store.checked().unwrap();
    assert_eq!((report.records, report.nodes), (8, 8));
}
