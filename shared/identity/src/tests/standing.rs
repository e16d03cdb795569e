//! What the store has to say before a chain may act.

use request::Digest;
use state::{Item, Version, Write};

use crate::{Fallen, NodeId, Revocations, Standing, standing::Once};

fn node(n: u8) -> NodeId {
    NodeId::fresh([n; 16])
}

/// Of a node three below the root, begun at second 100; its third replay is one too many.
fn standing(once: bool) -> Standing {
    let once = once.then(|| Once { id: Digest::of(b"proof"), until_s: 200 });
    Standing::new((0..4).map(node).collect(), 100, once, 3)
}

fn item(value: &[u8]) -> Item {
    Item { value: value.to_vec(), version: Version("7".into()) }
}

fn list(nodes: &[u8], since: Option<u64>) -> Item {
    let nodes = nodes.iter().map(|n| node(*n).as_str().to_owned()).collect();
    let Some(Write::Create { value, .. }) = Revocations { nodes, since }.write(None) else {
        panic!("a list that is not there yet is created");
    };
    item(&value)
}

#[test]
fn a_chain_falls_with_any_node_above_it_and_with_no_other() {
    for n in 0..4 {
        assert_eq!(standing(false).hold(&[Some(list(&[n], None))]), Err(Fallen::Revoked), "{n}");
    }
    assert!(standing(false).hold(&[Some(list(&[4, 5, 6], None))]).is_ok());
}

#[test]
fn what_was_begun_until_then_falls_and_what_came_after_does_not() {
    for since in [100, 101] {
        let found = [Some(list(&[], Some(since)))];
        assert_eq!(standing(false).hold(&found), Err(Fallen::Revoked), "{since}");
    }
    assert!(standing(false).hold(&[Some(list(&[], Some(99)))]).is_ok());
}

#[test]
fn a_commit_is_held_to_what_was_read() {
    let writes = standing(true).hold(&[Some(list(&[], None)), None]).unwrap();
    let [Write::Require { version, .. }, Write::Create { expires_at, .. }] = &writes[..] else {
        panic!("{writes:?}");
    };
    assert_eq!(version, &Some(Version("7".into())));
    assert_eq!(expires_at, &Some(200));
    let writes = standing(false).hold(&[None]).unwrap();
    assert!(matches!(&writes[..], [Write::Require { version: None, .. }]), "{writes:?}");
}

#[test]
fn a_proof_that_is_there_was_used() {
    assert_eq!(standing(true).hold(&[None, Some(item(b"1"))]), Err(Fallen::Replayed));
}

#[test]
fn what_cannot_be_read_lets_nobody_act() {
    for text in [
        "",
        "[]",
        "{}",
        "{\"nodes\":[]}",
        "{\"nodes\":[1],\"since\":null}",
        "null",
        "{\"nodes\":[],\"since\":-1}",
        "{\"nodes\":[],\"since\":null,\"x\":1}",
    ] {
        let found = [Some(item(text.as_bytes()))];
        assert_eq!(standing(false).hold(&found), Err(Fallen::Unreadable), "{text}");
    }
    assert_eq!(standing(false).hold(&[]), Err(Fallen::Unreadable));
    assert_eq!(standing(true).hold(&[None]), Err(Fallen::Unreadable));
}

#[test]
fn the_last_replay_that_is_borne_revokes_the_node() {
    let tallied = |counted: Option<&str>| {
        let counted = counted.map(|text| item(text.as_bytes()));
        standing(true).tally(&[None, counted], 150)
    };
    assert_eq!(tallied(None).unwrap().len(), 1);
    assert_eq!(tallied(Some("1")).unwrap().len(), 1);
    let writes = tallied(Some("2")).unwrap();
    let Some(Write::Create { value, .. }) = writes.last() else { panic!("{writes:?}") };
    let found = [Some(item(value))];
    assert_eq!(standing(false).hold(&found), Err(Fallen::Revoked));
    assert_eq!(tallied(Some("many")), Err(Fallen::Unreadable));
}
