//! The child comes with its ticket.

use identity::Class;
use request::Bearer;
use serde_json::json;

use super::{
    keys::{Key, claims},
    stand::{NOW, Stand, agent, code, reading, rights, wish},
};
use crate::{Redeem, Spawned, Wish, redeem};

async fn spawned(stand: &Stand, wish: Wish) -> Spawned {
    let root = stand.root(rights()).await;
    stand.spawn(&root, wish).await.unwrap()
}

#[tokio::test]
async fn the_first_to_come_has_the_token_and_its_own_key() {
    let stand = Stand::new();
    let child = stand.redeem(&spawned(&stand, wish(Some(reading()))).await).await.unwrap();
    assert_eq!(claims(&child.token)["cnf"]["jkt"], child.key.thumbprint());
    assert!(stand.acts(&child).await.is_ok());
    assert_eq!(stand.happened("redeemed").len(), 1);
}

#[tokio::test]
async fn when_a_ticket_comes_twice_both_are_ended() {
    let stand = Stand::new();
    let ticket = spawned(&stand, wish(Some(rights()))).await;
    let child = stand.redeem(&ticket).await.unwrap();
    let grandchild = stand.child(&child, reading()).await;
    for _ in 0..3 {
        assert_eq!(code(stand.redeem(&ticket).await), "invalid_grant");
    }
    assert_eq!(code(stand.acts(&child).await), "invalid_grant");
    assert_eq!(code(stand.acts(&grandchild).await), "invalid_grant");
    assert_eq!(code(stand.renew(&child, None).await), "invalid_grant");
    let revoked = stand.happened("revoked");
    assert_eq!(revoked.len(), 1);
    assert_eq!(
        (&revoked[0]["node"], &revoked[0]["cause"]),
        (&json!(child.node), &json!("ticket-reuse"))
    );
}

#[tokio::test]
async fn a_ticket_that_comes_twice_ends_the_node_even_without_a_proof() {
    let stand = Stand::new();
    let ticket = spawned(&stand, wish(None)).await;
    let child = stand.redeem(&ticket).await.unwrap();
    let bare = stand.redeeming(&ticket.ticket.expose(), None);
    assert_eq!(code(redeem(bare, &stand.on).await), "invalid_grant");
    assert_eq!(code(stand.acts(&child).await), "invalid_grant");
}

#[tokio::test]
async fn a_wrong_secret_changes_nothing() {
    let stand = Stand::new();
    let ticket = spawned(&stand, wish(None)).await;
    let text = ticket.ticket.expose();
    let (front, _) = text.rsplit_once('.').unwrap();
    let guess = format!("{front}.{}", "A".repeat(43));
    let before = stand.store.text();
    let key = Key::fresh();
    for _ in 0..2 {
        let ask = stand.redeeming(&guess, Some(&key));
        assert_eq!(code(redeem(ask, &stand.on).await), "invalid_grant");
    }
    assert_eq!(stand.store.text(), before);
    let child = stand.redeem(&ticket).await.unwrap();
    let ask = stand.redeeming(&guess, Some(&key));
    assert_eq!(code(redeem(ask, &stand.on).await), "invalid_grant");
    assert!(stand.acts(&child).await.is_ok());
}

#[tokio::test]
async fn a_ticket_for_another_node_is_none() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    let one = stand.spawn(&root, wish(None)).await.unwrap();
    let other = stand.spawn(&root, wish(None)).await.unwrap();
    let (one, other) = (one.ticket.expose(), other.ticket.expose());
    let (front, _) = one.rsplit_once('.').unwrap();
    let (_, secret) = other.rsplit_once('.').unwrap();
    let ask = stand.redeeming(&format!("{front}.{secret}"), Some(&Key::fresh()));
    assert_eq!(code(redeem(ask, &stand.on).await), "invalid_grant");
    let nowhere = format!("st.{0}.{0}.{secret}", identity::NodeId::fresh([0; 16]));
    let ask = stand.redeeming(&nowhere, Some(&Key::fresh()));
    assert_eq!(code(redeem(ask, &stand.on).await), "invalid_grant");
}

#[tokio::test]
async fn a_ticket_waits_a_minute_and_no_longer() {
    let stand = Stand::new();
    let ticket = spawned(&stand, wish(None)).await;
    stand.pass(59);
    assert_eq!(code(stand.redeem(&ticket).await), "done");
    let ticket = spawned(&stand, wish(None)).await;
    stand.pass(60);
    assert_eq!(code(stand.redeem(&ticket).await), "invalid_grant");
    assert_eq!(stand.happened("revoked").len(), 0);
}

#[tokio::test]
async fn a_child_has_a_key_that_nobody_above_it_has() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    let child = stand.child(&root, rights()).await;
    let ticket = stand.spawn(&child, wish(None)).await.unwrap();
    for key in [&root.key, &child.key] {
        let ask = stand.redeeming(&ticket.ticket.expose(), Some(key));
        assert_eq!(code(redeem(ask, &stand.on).await), "invalid_grant");
    }
    // That was refused, and not taken for the child's coming.
    assert_eq!(code(stand.redeem(&ticket).await), "done");
}

#[tokio::test]
async fn the_ticket_of_an_ended_parent_is_worth_nothing() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    let child = stand.child(&root, rights()).await;
    let ticket = stand.spawn(&child, wish(None)).await.unwrap();
    stand.revoke(&root, &child.node).await.unwrap();
    assert_eq!(code(stand.redeem(&ticket).await), "invalid_grant");
    assert_eq!(stand.happened("redeemed").len(), 1);
}

#[tokio::test]
async fn a_proof_that_was_used_does_not_redeem_a_ticket() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    let one = stand.spawn(&root, wish(None)).await.unwrap();
    let other = stand.spawn(&root, wish(None)).await.unwrap();
    let ask = stand.redeeming(&one.ticket.expose(), Some(&Key::fresh()));
    let proof = request::Proof::new(ask.proof.as_ref().unwrap().expose().to_owned());
    assert_eq!(code(redeem(ask, &stand.on).await), "done");
    let ask = Redeem { proof: Some(proof), ..stand.redeeming(&other.ticket.expose(), None) };
    assert_eq!(code(redeem(ask, &stand.on).await), "invalid_dpop_proof");
}

#[tokio::test]
async fn a_child_without_a_key_has_a_token_for_one_request_within_a_minute() {
    let stand = Stand::new();
    let leaf = || Wish { class: Class::Leaf, ..wish(Some(reading())) };
    let child = stand.redeem(&spawned(&stand, leaf()).await).await.unwrap();
    let said = claims(&child.token);
    assert!(said.get("cnf").is_none());
    assert_eq!(said["exp"], NOW + 60);
    assert_eq!((&said["agt"]["cls"], &said["agt"]["max"]), (&json!("bearer-leaf"), &json!(1)));
    assert!(stand.acts(&child).await.is_ok());
    assert_eq!(code(stand.acts(&child).await), "invalid_dpop_proof");
    let ticket = spawned(&stand, leaf()).await;
    let ask = stand.redeeming(&ticket.ticket.expose(), Some(&Key::fresh()));
    assert_eq!(code(redeem(ask, &stand.on).await), "invalid_grant");
}

#[tokio::test]
async fn a_child_with_a_key_shows_it() {
    let stand = Stand::new();
    let ticket = spawned(&stand, wish(None)).await;
    let ask = stand.redeeming(&ticket.ticket.expose(), None);
    assert_eq!(code(redeem(ask, &stand.on).await), "invalid_dpop_proof");
}

#[tokio::test]
async fn a_ticket_is_redeemed_by_whom_the_parent_named() {
    let stand = Stand::new();
    let named = Wish { workload: Some("corp|job".into()), ..wish(None) };
    let ticket = spawned(&stand, named).await;
    let (text, key) = (ticket.ticket.expose(), Key::fresh());
    let by = |actor: Option<String>| Redeem {
        actor: actor.map(Bearer::new),
        ..stand.redeeming(&text, Some(&key))
    };
    for actor in [None, Some(stand.login("other", &[]))] {
        assert_eq!(code(redeem(by(actor), &stand.on).await), "invalid_grant");
    }
    let issued = redeem(by(Some(stand.login("job", &[]))), &stand.on).await.unwrap();
    assert_eq!(claims(issued.token.expose())["agt"]["img"], "corp|job");
}

#[tokio::test]
async fn a_ticket_is_as_good_as_it_was_when_nothing_could_be_signed_or_kept() {
    let stand = Stand::new();
    let ticket = spawned(&stand, wish(None)).await;
    stand.store.down_after(0);
    assert_eq!(code(stand.redeem(&ticket).await), "temporarily_unavailable");
    stand.store.down(false);
    assert_eq!(code(stand.redeem(&ticket).await), "done");
}

#[tokio::test]
async fn a_ticket_is_good_at_no_other_door() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    let ticket = stand.spawn(&root, wish(None)).await.unwrap();
    let text = ticket.ticket.expose().to_string();
    let done = crate::exchange(stand.asked(&text, &Key::fresh(), None), &stand.on).await;
    assert_eq!(code(done), "invalid_grant");
    let holder = crate::tests::stand::Agent { token: text, ..agent_of(&stand).await };
    let over = crate::tests::stand::over("POST", "/v1/query");
    let proof = stand.proof(&holder.key, &over, Some(&holder.token));
    let shown = request::Presented {
        scheme: request::Scheme::Dpop,
        token: Bearer::new(holder.token.clone()),
        proof: Some(proof),
        over,
    };
    assert!(identity::verify(&shown, &stand.on.verifier).await.is_err());
}

async fn agent_of(stand: &Stand) -> crate::tests::stand::Agent {
    let (token, key) = (stand.login("bob", &["staff"]), std::sync::Arc::new(Key::fresh()));
    let issued = crate::exchange(stand.asked(&token, &key, None), &stand.on).await.unwrap();
    agent(&issued, key)
}
