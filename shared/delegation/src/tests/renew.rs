//! A node's next token.

use std::sync::Arc;

use identity::Class;
use request::Bearer;
use serde_json::json;

use super::{
    keys::{Key, claims},
    stand::{Agent, NOW, Stand, code, entry, reading, rights, wish},
};
use crate::{Exchange, Wish, exchange};

#[tokio::test]
async fn a_renewed_token_is_for_the_same_node_the_same_key_and_the_same_rights() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    stand.pass(200);
    let next = stand.renew(&root, None).await.unwrap();
    let (before, after) = (claims(&root.token), claims(&next.token));
    for same in ["sub", "txn", "client_id", "cnf", "agt", "groups", "authorization_details", "act"]
    {
        assert_eq!(before[same], after[same], "{same}");
    }
    assert_eq!((&after["iat"], &after["exp"]), (&json!(NOW + 200), &json!(NOW + 500)));
    assert_ne!(before["jti"], after["jti"]);
    assert_eq!(stand.happened("renewed").len(), 1);
}

#[tokio::test]
async fn rights_shrink_by_a_renewal_and_never_grow() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    let less = stand.renew(&root, Some(reading())).await.unwrap();
    assert_eq!(claims(&less.token)["authorization_details"], reading());
    assert_eq!(code(stand.renew(&less, Some(rights())).await), "invalid_authorization_details");
    let none = stand.renew(&less, Some(json!([]))).await.unwrap();
    assert_eq!(claims(&none.token)["authorization_details"], json!([]));
    let some = json!([entry(&["select"], "public.orders", 1)]);
    assert_eq!(code(stand.renew(&none, Some(some)).await), "invalid_authorization_details");
    assert_eq!(stand.happened("refused").len(), 2);
}

#[tokio::test]
async fn the_budget_of_a_node_is_settled_when_it_begins() {
    let stand = Stand::new();
    let with =
        |rows: u64| json!([entry(&["select"], "public.*", 100), {"type": "budget", "rows": rows}]);
    let bare = stand.root(rights()).await;
    assert_eq!(code(stand.renew(&bare, Some(with(10))).await), "invalid_request");
    let root = stand.root(with(1000)).await;
    assert_eq!(code(stand.renew(&root, Some(with(10))).await), "invalid_request");
    let next = stand.renew(&root, Some(with(1000))).await.unwrap();
    assert_eq!(claims(&next.token)["agt"]["acc"], json!([0]));
}

#[tokio::test]
async fn nobody_else_renews_a_token() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    let thief = Agent { key: Arc::new(Key::fresh()), ..root };
    assert_eq!(code(stand.renew(&thief, None).await), "invalid_grant");
}

#[tokio::test]
async fn no_token_lives_past_the_end_of_the_chain() {
    let stand = Stand::with("chain_s = 500");
    let root = stand.root(rights()).await;
    stand.pass(290);
    let next = stand.renew(&root, None).await.unwrap();
    assert_eq!(claims(&next.token)["exp"], NOW + 500);
    stand.pass(209);
    let last = stand.renew(&next, None).await.unwrap();
    assert_eq!(claims(&last.token)["exp"], NOW + 500);
    // Within the leeway of the token, and past the end of the chain.
    stand.pass(2);
    assert_eq!(code(stand.renew(&last, None).await), "invalid_grant");
}

#[tokio::test]
async fn an_ended_node_is_not_renewed_nor_is_one_below_it() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    let child = stand.child(&root, rights()).await;
    let grandchild = stand.child(&child, rights()).await;
    stand.revoke(&root, &child.node).await.unwrap();
    assert_eq!(code(stand.renew(&child, None).await), "invalid_grant");
    assert_eq!(code(stand.renew(&grandchild, None).await), "invalid_grant");
    assert_eq!(code(stand.renew(&root, None).await), "done");
}

#[tokio::test]
async fn a_token_without_a_key_is_not_renewed_and_gets_no_key_that_way() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    let leaf = Wish { class: Class::Leaf, ..wish(Some(reading())) };
    let leaf = stand.redeem(&stand.spawn(&root, leaf).await.unwrap()).await.unwrap();
    assert_eq!(code(stand.renew(&leaf, None).await), "invalid_grant");
}

#[tokio::test]
async fn a_node_is_not_the_actor_for_itself() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    let child = stand.child(&root, rights()).await;
    for actor in [child.token.clone(), root.token.clone(), stand.login("job", &[])] {
        let actor = Some(Bearer::new(actor));
        let ask = Exchange { actor, ..stand.asked(&child.token, &child.key, None) };
        assert_eq!(code(exchange(ask, &stand.on).await), "invalid_grant");
    }
}

#[tokio::test]
async fn a_proof_renews_once_and_the_last_replay_that_is_borne_ends_the_node() {
    let stand = Stand::with("replays = 3");
    let root = stand.root(rights()).await;
    let child = stand.child(&root, rights()).await;
    let first = stand.asked(&child.token, &child.key, None);
    let text = first.proof.as_ref().unwrap().expose().to_owned();
    assert_eq!(code(exchange(first, &stand.on).await), "done");
    for _ in 0..3 {
        let proof = Some(request::Proof::new(text.clone()));
        let ask = Exchange { proof, ..stand.asked(&child.token, &child.key, None) };
        assert_eq!(code(exchange(ask, &stand.on).await), "invalid_dpop_proof");
    }
    assert_eq!(code(stand.acts(&child).await), "invalid_grant");
    assert!(stand.acts(&root).await.is_ok());
}
