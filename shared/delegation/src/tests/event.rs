//! What an issuer tells us ends what it vouched for before.

use super::{
    keys::Key,
    stand::{NOW, Stand, code, rights},
};

#[tokio::test]
async fn when_a_principals_session_ends_every_tree_that_it_began_ends() {
    let stand = Stand::new();
    let (one, other) = (stand.root(rights()).await, stand.root(rights()).await);
    let child = stand.child(&other, rights()).await;
    let bob = stand.root_of("bob", rights()).await.unwrap();
    stand.pass(10);
    stand.event(&stand.told("alice", "session-revoked", NOW + 5, "e-1")).await.unwrap();
    for ended in [&one, &other, &child] {
        assert_eq!(code(stand.acts(ended).await), "invalid_grant");
    }
    assert!(stand.acts(&bob).await.is_ok());
}

#[tokio::test]
async fn the_same_token_begins_no_tree_afterwards_and_a_new_one_does() {
    let stand = Stand::new();
    let before = stand.login("alice", &["staff"]);
    stand.pass(10);
    stand.event(&stand.told("alice", "credential-change", NOW + 5, "e-1")).await.unwrap();
    let done = crate::exchange(stand.asked(&before, &Key::fresh(), None), &stand.on).await;
    assert_eq!(code(done), "invalid_grant");
    let again = stand.root(rights()).await;
    assert!(stand.acts(&again).await.is_ok());
}

#[tokio::test]
async fn a_tree_that_was_begun_after_the_event_goes_on() {
    let stand = Stand::new();
    stand.pass(10);
    let later = stand.root(rights()).await;
    stand.pass(10);
    stand.event(&stand.told("alice", "token-claims-change", NOW + 5, "e-1")).await.unwrap();
    assert!(stand.acts(&later).await.is_ok());
}

#[tokio::test]
async fn an_event_that_comes_again_changes_nothing() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    stand.pass(10);
    let set = stand.told("alice", "session-revoked", NOW + 5, "e-1");
    stand.event(&set).await.unwrap();
    let before = stand.store.text();
    stand.event(&set).await.unwrap();
    assert_eq!(stand.store.text(), before);
    assert_eq!(code(stand.acts(&root).await), "invalid_grant");
}

#[tokio::test]
async fn an_event_that_was_heard_half_is_not_taken_and_is_heard_again() {
    for commits in 0..3 {
        let stand = Stand::new();
        let (one, other) = (stand.root(rights()).await, stand.root(rights()).await);
        stand.pass(10);
        let set = stand.told("alice", "session-revoked", NOW + 5, "e-1");
        stand.store.down_after(commits);
        assert_eq!(code(stand.event(&set).await), "temporarily_unavailable", "{commits}");
        stand.store.down(false);
        stand.event(&set).await.unwrap();
        for ended in [&one, &other] {
            assert_eq!(code(stand.acts(ended).await), "invalid_grant");
        }
    }
}

#[tokio::test]
async fn more_trees_than_one_page_holds_all_end() {
    let stand = Stand::new();
    let mut roots = Vec::new();
    for _ in 0..101 {
        roots.push(stand.root(rights()).await);
    }
    stand.event(&stand.told("alice", "session-revoked", NOW, "e-1")).await.unwrap();
    for root in &roots {
        assert_eq!(code(stand.acts(root).await), "invalid_grant");
    }
}

#[tokio::test]
async fn an_event_about_nobody_we_know_is_taken_and_does_nothing() {
    let stand = Stand::new();
    stand.event(&stand.told("alice", "device-compliance-change", NOW, "e-1")).await.unwrap();
    assert_eq!(stand.store.len(), 0);
}

#[tokio::test]
async fn nobody_but_the_issuer_tells_us() {
    let stand = Stand::new();
    let root = stand.root(rights()).await;
    let claims = super::keys::claims(&stand.told("alice", "session-revoked", NOW, "e-1"));
    let header = serde_json::json!({"typ": "secevent+jwt", "alg": "ES256", "kid": "corp-1"});
    let forged = Key::fresh().signed(&header, &claims);
    for set in [forged, root.token.clone(), stand.login("alice", &[]), "x".into()] {
        assert_eq!(code(stand.event(&set).await), "invalid_grant");
    }
    assert!(stand.acts(&root).await.is_ok());
}
