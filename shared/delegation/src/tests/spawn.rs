//! What a parent can make, and what it cannot.

use identity::Class;
use serde_json::{Value, json};

use super::{
    keys::claims,
    stand::{Agent, NOW, Stand, code, entry, reading, rights, wish},
};
use crate::{Error, Wish};

#[tokio::test]
async fn a_child_is_below_its_parent_and_has_what_it_was_given() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    let spawned = stand.spawn(&root, wish(Some(reading()))).await.unwrap();
    assert_eq!((spawned.rights.clone(), spawned.cut), (reading(), false));
    let child = stand.redeem(&spawned).await.unwrap();
    let (said, above) = (claims(&child.token), claims(&root.token));
    assert_eq!(said["agt"]["path"], json!([root.node, child.node]));
    assert_eq!(said["agt"]["lbl"], "migrate-orders");
    assert_eq!((&said["sub"], &said["txn"]), (&above["sub"], &above["txn"]));
    assert_eq!(said["groups"], above["groups"]);
    let spawned = stand.happened("spawned");
    assert_eq!(spawned[0]["rights"], reading());
}

/// Everything in which a child could have more than this parent.
fn wider() -> Vec<Value> {
    let (mut elsewhere, mut unbounded) =
        (entry(&["select"], "public.a", 1), entry(&["select"], "public.a", 1));
    elsewhere["locations"] = json!(["shop", "payroll"]);
    unbounded.as_object_mut().unwrap().remove("max_rows");
    vec![
        entry(&["select", "delete"], "public.a", 1),
        entry(&["select"], "billing.a", 1),
        entry(&["select"], "public.a", 101),
        elsewhere,
        unbounded,
    ]
}

#[tokio::test]
async fn a_child_that_would_have_more_than_its_parent_is_refused_and_that_is_on_record() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    for entry in wider() {
        let done = stand.spawn(&root, wish(Some(json!([entry])))).await;
        let Err(error @ Error::Wider(_)) = done else { panic!("{entry}") };
        assert!(error.told().contains("`[0]."), "{}", error.told());
        let refused = stand.happened("refused");
        assert_eq!(refused.last().unwrap()["cause"], "invalid_authorization_details");
        assert!(refused.iter().any(|event| event["rights"] == json!([entry])));
    }
    assert_eq!(stand.happened("refused").len(), wider().len());
    assert_eq!(stand.store.keys(&root.node, "node:").len(), 1);
}

#[tokio::test]
async fn rights_are_cut_to_the_parents_only_where_that_is_asked_for_and_then_it_is_said() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    let wide = json!([entry(&["select", "delete"], "public.orders", 5000)]);
    let spawned = stand.spawn(&root, Wish { meet: true, ..wish(Some(wide)) }).await.unwrap();
    assert_eq!(spawned.rights, json!([entry(&["select"], "public.orders", 100)]));
    assert!(spawned.cut);
    let fits = Wish { meet: true, ..wish(Some(reading())) };
    assert!(!stand.spawn(&root, fits).await.unwrap().cut);
}

#[tokio::test]
async fn a_child_that_nobody_gave_rights_has_none() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    assert_eq!(stand.spawn(&root, wish(None)).await.unwrap().rights, json!([]));
    let all = Wish { inherit: true, ..wish(None) };
    assert_eq!(stand.spawn(&root, all).await.unwrap().rights, rights());
    let both = Wish { inherit: true, ..wish(Some(reading())) };
    assert_eq!(code(stand.spawn(&root, both).await), "invalid_request");
}

#[tokio::test]
async fn a_tree_becomes_no_deeper_than_it_may() {
    let stand = Stand::with("max_depth = 2");
    let root = stand.root(rights()).await;
    let child = stand.child(&root, rights()).await;
    let grandchild = stand.child(&child, rights()).await;
    assert_eq!(code(stand.spawn(&grandchild, wish(Some(rights()))).await), "access_denied");
    assert_eq!(claims(&grandchild.token)["agt"]["depth"], 2);
}

#[tokio::test]
async fn how_deep_a_tree_may_become_only_shrinks() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    let flat = Wish { max_depth: Some(1), ..wish(Some(rights())) };
    let child = stand.redeem(&stand.spawn(&root, flat).await.unwrap()).await.unwrap();
    assert_eq!(code(stand.spawn(&child, wish(Some(rights()))).await), "access_denied");
    for depth in [0, 5] {
        let wish = Wish { max_depth: Some(depth), ..wish(None) };
        assert_eq!(code(stand.spawn(&root, wish).await), "access_denied", "{depth}");
    }
}

#[tokio::test]
async fn a_node_has_as_many_children_as_it_may_and_no_more() {
    let stand = Stand::with("max_children = 2");
    let root = stand.root(rights()).await;
    for _ in 0..2 {
        assert_eq!(code(stand.spawn(&root, wish(None)).await), "done");
    }
    assert_eq!(code(stand.spawn(&root, wish(None)).await), "access_denied");
    let one = Wish { max_children: Some(1), ..wish(None) };
    let other = Stand::new();
    let root = other.root(rights()).await;
    let child = other.redeem(&other.spawn(&root, one).await.unwrap()).await.unwrap();
    assert_eq!(code(other.spawn(&child, wish(None)).await), "done");
    assert_eq!(code(other.spawn(&child, wish(None)).await), "access_denied");
}

#[tokio::test]
async fn a_tree_has_as_many_nodes_as_it_may_and_no_more() {
    let stand = Stand::with("max_nodes = 3");
    let root = stand.root(rights()).await;
    let child = stand.child(&root, rights()).await;
    assert_eq!(code(stand.spawn(&child, wish(None)).await), "done");
    assert_eq!(code(stand.spawn(&child, wish(None)).await), "access_denied");
    assert_eq!(code(stand.spawn(&root, wish(None)).await), "access_denied");
}

#[tokio::test]
async fn a_child_ends_no_later_than_its_parent() {
    let stand = Stand::with("chain_s = 600");
    let root = stand.root(rights()).await;
    stand.pass(100);
    let long = Wish { ttl_s: Some(86_400), ..wish(None) };
    assert_eq!(stand.spawn(&root, long).await.unwrap().ends.seconds(), NOW + 600);
    let short = Wish { ttl_s: Some(60), ..wish(None) };
    let child = stand.spawn(&root, short).await.unwrap();
    assert_eq!(child.ends.seconds(), NOW + 160);
    let child = stand.redeem(&child).await.unwrap();
    assert_eq!(claims(&child.token)["exp"], NOW + 160);
}

#[tokio::test]
async fn a_child_is_in_no_group_that_its_parent_is_not_in() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    let in_groups = |names: &[&str]| Wish {
        groups: Some(names.iter().map(|name| (*name).to_owned()).collect()),
        ..wish(Some(rights()))
    };
    let spawned = stand.spawn(&root, in_groups(&["staff"])).await.unwrap();
    let child = stand.redeem(&spawned).await.unwrap();
    assert_eq!(claims(&child.token)["groups"], json!(["staff"]));
    for names in [&["staff", "batch"][..], &["admins"]] {
        let done = stand.spawn(&child, in_groups(names)).await;
        assert_eq!(code(done), "invalid_authorization_details", "{names:?}");
    }
}

#[tokio::test]
async fn a_parent_hands_on_only_what_policy_lets_every_hop_hand_on() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    let outside = Wish { groups: Some(Vec::new()), ..wish(Some(rights())) };
    let child = stand.redeem(&stand.spawn(&root, outside).await.unwrap()).await.unwrap();
    assert_eq!(code(stand.spawn(&child, wish(Some(reading()))).await), "access_denied");
    // What addresses no target is nobody's to permit.
    assert_eq!(code(stand.spawn(&child, wish(None)).await), "done");
}

fn leaf(rights: Value) -> Wish {
    Wish { class: Class::Leaf, ..wish(Some(rights)) }
}

#[tokio::test]
async fn a_child_without_a_key_may_only_read_and_has_no_children() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    assert_eq!(code(stand.spawn(&root, leaf(rights())).await), "access_denied");
    let spawned = stand.spawn(&root, leaf(reading())).await.unwrap();
    let child = stand.redeem(&spawned).await.unwrap();
    assert_eq!(code(stand.spawn(&child, wish(None)).await), "access_denied");
}

#[tokio::test]
async fn a_child_without_a_key_needs_a_policy_that_says_so() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    let staff = Wish { groups: Some(vec!["staff".into()]), ..wish(Some(rights())) };
    let child = stand.redeem(&stand.spawn(&root, staff).await.unwrap()).await.unwrap();
    assert_eq!(code(stand.spawn(&child, leaf(reading())).await), "access_denied");
    assert_eq!(code(stand.spawn(&child, wish(Some(reading()))).await), "done");
}

#[tokio::test]
async fn a_caller_with_an_issuers_own_token_has_no_children() {
    let stand = Stand::new();
    let token = stand.login("alice", &["staff"]);
    let agent = Agent { token, ..stand.root(rights()).await };
    assert_eq!(code(stand.spawn(&agent, wish(None)).await), "access_denied");
}

#[tokio::test]
async fn a_label_is_a_plain_word() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    for label in ["", "a b", "ä", "x\n", &"x".repeat(65)] {
        let wish = Wish { label: label.into(), ..wish(None) };
        assert_eq!(code(stand.spawn(&root, wish).await), "invalid_request", "{label:?}");
    }
}

#[tokio::test]
async fn a_child_with_a_budget_has_an_account_beside_its_parents() {
    let stand = Stand::new();
    let of = |rows: u64| {
        let budget = json!({"type": "budget", "rows": rows});
        json!([entry(&["select"], "public.*", 100), budget])
    };
    let root = stand.root(of(1000)).await;
    let child = stand.child(&root, of(100)).await;
    assert_eq!(claims(&child.token)["agt"]["acc"], json!([0, 1]));
    assert_eq!(stand.store.keys(&root.node, "account:").len(), 2);
    // A child that did not count would multiply what its parent has.
    let uncounted = wish(Some(json!([entry(&["select"], "public.*", 100)])));
    assert_eq!(code(stand.spawn(&root, uncounted).await), "invalid_authorization_details");
    assert_eq!(
        code(stand.spawn(&root, wish(Some(of(1001)))).await),
        "invalid_authorization_details"
    );
}

#[tokio::test]
async fn no_child_is_made_when_it_cannot_be_put_on_record() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    let before = stand.store.text();
    stand.store.down(true);
    assert_eq!(code(stand.spawn(&root, wish(None)).await), "temporarily_unavailable");
    stand.store.down(false);
    assert_eq!(stand.store.text(), before);
}

#[tokio::test]
async fn the_secret_of_a_ticket_is_kept_nowhere() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    let spawned = stand.spawn(&root, wish(None)).await.unwrap();
    let text = spawned.ticket.expose();
    let secret = text.rsplit('.').next().unwrap();
    assert_eq!(secret.len(), 43);
    assert!(!stand.store.text().contains(secret));
}
