//! Who may end whom, and who ends with it.

use super::stand::{Agent, Stand, code, rights, wish};

/// A root, two children, and a child of the first.
async fn family(stand: &Stand) -> [Agent; 4] {
    let root = stand.root(rights()).await;
    let (first, second) = (stand.child(&root, rights()).await, stand.child(&root, rights()).await);
    let grandchild = stand.child(&first, rights()).await;
    [root, first, second, grandchild]
}

#[tokio::test]
async fn with_a_node_everything_below_it_ends_and_nothing_beside_it() {
    let stand = Stand::new();
    let [root, first, second, grandchild] = family(&stand).await;
    stand.revoke(&root, &first.node).await.unwrap();
    for ended in [&first, &grandchild] {
        assert_eq!(code(stand.acts(ended).await), "invalid_grant");
        assert_eq!(code(stand.renew(ended, None).await), "invalid_grant");
        assert_eq!(code(stand.spawn(ended, wish(None)).await), "invalid_grant");
        assert_eq!(code(stand.revoke(ended, &ended.node).await), "invalid_grant");
    }
    for lives in [&root, &second] {
        assert!(stand.acts(lives).await.is_ok());
    }
}

#[tokio::test]
async fn a_node_may_end_itself() {
    let stand = Stand::new();
    let [root, first, _, grandchild] = family(&stand).await;
    stand.revoke(&grandchild, &grandchild.node).await.unwrap();
    assert_eq!(code(stand.acts(&grandchild).await), "invalid_grant");
    stand.revoke(&root, &root.node).await.unwrap();
    assert_eq!(code(stand.acts(&first).await), "invalid_grant");
}

#[tokio::test]
async fn to_end_a_node_again_changes_nothing() {
    let stand = Stand::new();
    let [root, first, _, grandchild] = family(&stand).await;
    for _ in 0..2 {
        stand.revoke(&root, &first.node).await.unwrap();
        stand.revoke(&root, &grandchild.node).await.unwrap();
    }
    assert!(stand.acts(&root).await.is_ok());
}

#[tokio::test]
async fn nobody_ends_who_is_not_below_and_is_not_told_whether_they_are_there() {
    let stand = Stand::new();
    let [root, first, second, grandchild] = family(&stand).await;
    let stranger = stand.root_of("bob", rights()).await.unwrap();
    let nowhere = identity::NodeId::fresh([0; 16]).to_string();
    let mut told = std::collections::BTreeSet::new();
    for (caller, node) in [
        (&grandchild, &root.node),
        (&grandchild, &first.node),
        (&second, &grandchild.node),
        (&stranger, &root.node),
        (&root, &stranger.node),
        (&root, &nowhere),
        (&root, &"revoked".to_owned()),
    ] {
        let error = stand.revoke(caller, node).await.unwrap_err();
        told.insert((error.code().name(), error.told()));
    }
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told.first().unwrap().0, "not_found");
    for lives in [&root, &first, &second, &grandchild, &stranger] {
        assert!(stand.acts(lives).await.is_ok());
    }
}

#[tokio::test]
async fn a_node_that_waits_for_its_ticket_can_be_ended() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    let spawned = stand.spawn(&root, wish(None)).await.unwrap();
    stand.revoke(&root, spawned.node.as_str()).await.unwrap();
    assert_eq!(code(stand.redeem(&spawned).await), "invalid_grant");
}

#[tokio::test]
async fn an_end_that_cannot_be_kept_is_not_told_as_one() {
    let stand = Stand::new();
    let [root, first, ..] = family(&stand).await;
    stand.store.down(true);
    assert_eq!(code(stand.revoke(&root, &first.node).await), "temporarily_unavailable");
}

#[tokio::test]
async fn nobody_acts_while_it_cannot_be_known_who_was_ended() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    stand.store.down(true);
    assert_eq!(code(stand.acts(&root).await), "temporarily_unavailable");
    assert_eq!(code(stand.renew(&root, None).await), "temporarily_unavailable");
}
