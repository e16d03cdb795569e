//! Attacks 19, 21, 22 and 24, on the real functions: children who want to be more than their
//! parents, and those whose parents have ended.

use audit::What;
use local_emulator::{
    agent::{ACCESS_TOKEN, Agent, Key, SPAWN_TICKET, Spawn, Wanted, rights},
    emulator::Cloud,
};
use serde_json::{Value, json};

use crate::stage::{Stage, child, reads, refusal, said};

const GRANT: (u16, &str) = (400, "invalid_grant");

#[test]
fn attack_19_nobody_acts_for_itself_and_no_child_has_a_key_of_those_above() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let at = stage.at(cloud);
            let root = stage.root(&at).await;
            let parent = child(&root, "parent").await;
            let kid = child(&parent, "kid").await;
            let login = stage.login();
            let fresh = Key::fresh().unwrap();
            let exchange = async |subject: (&str, &str), key: &Key, actor: &str| {
                let more = [("actor_token", actor), ("actor_token_type", ACCESS_TOKEN)];
                at.token(subject, Some(key), &more).await.unwrap()
            };
            let own = (kid.token(), ACCESS_TOKEN);
            let key = kid.key().unwrap();
            for (what, answer) in [
                ("its own subject", exchange(own, key, kid.token()).await),
                ("its parent", exchange(own, key, parent.token()).await),
                (
                    "a login as its own actor",
                    exchange((&login, ACCESS_TOKEN), &fresh, &login).await,
                ),
                ("a node for a login", exchange((&login, ACCESS_TOKEN), key, kid.token()).await),
            ] {
                assert_eq!(said(&answer), GRANT, "{what} on {}: {}", cloud.name(), answer.text);
            }
            let ticket = kid.spawn(&Spawn::new("next", &Wanted::Inherit)).await.unwrap();
            for (what, above) in [("itself", &kid), ("its parent", &parent), ("the root", &root)] {
                let answer = refusal(at.redeem(&ticket.ticket, above.key()).await);
                assert_eq!(said(&answer), GRANT, "by the key of {what}: {}", answer.text);
            }
            let subject = (ticket.ticket.as_str(), SPAWN_TICKET);
            let answer = exchange(subject, &fresh, kid.token()).await;
            assert_eq!(said(&answer), GRANT, "{}", answer.text);
            let next = at.redeem(&ticket.ticket, Some(&fresh)).await.unwrap();
            assert_eq!(reads(&next).await.status, 200);
        }
    });
}

/// What a parent has in attack 21.
fn bounded() -> Value {
    json!([{
        "type": "postgres", "locations": ["shop"], "actions": ["select"],
        "objects": ["public.orders"], "max_rows": 100, "max_bytes": 100_000, "timeout_ms": 5000,
        "masked": ["email"], "except": ["public.orders.amount"],
    }])
}

/// Everything that is not less than that, by what is wrong with it.
fn wider() -> Vec<(&'static str, Value)> {
    let with = |name: &str, value: Value| {
        let mut all = bounded();
        all[0][name] = value;
        all
    };
    let without = |name: &str| {
        let mut all = bounded();
        all[0].as_object_mut().unwrap().remove(name);
        all
    };
    let mut two = bounded();
    let (mut first, mut second) = (two[0].clone(), two[0].clone());
    first["objects"] = json!(["public.orders"]);
    second["objects"] = json!(["public.customers"]);
    two = json!([first, second]);
    vec![
        ("a table that the parent has not", with("objects", json!(["public.customers"]))),
        ("one more table", with("objects", json!(["public.orders", "public.customers"]))),
        ("the whole schema", with("objects", json!(["public.*"]))),
        ("the table of another schema", with("objects", json!(["private.orders"]))),
        ("the table in other letters", with("objects", json!(["public.\"Orders\""]))),
        ("one more action", with("actions", json!(["select", "update"]))),
        ("another target", with("locations", json!(["payroll"]))),
        ("one more target", with("locations", json!(["shop", "payroll"]))),
        ("more rows", with("max_rows", json!(101))),
        ("more bytes", with("max_bytes", json!(100_001))),
        ("more time", with("timeout_ms", json!(5001))),
        ("no bound of rows", without("max_rows")),
        ("no bound of bytes", without("max_bytes")),
        ("no bound of time", without("timeout_ms")),
        ("no mask", without("masked")),
        ("another mask", with("masked", json!(["card"]))),
        ("nothing left out", without("except")),
        ("something else left out", with("except", json!(["public.orders.item"]))),
        ("one more member", with("note", json!("x"))),
        ("a member of OAuth's", with("privileges", json!(["admin"]))),
        ("an unknown type", with("type", json!("postgresql"))),
        ("another type", with("type", json!("ssh"))),
        ("rows as a text", with("max_rows", json!("100"))),
        ("rows as a float", with("max_rows", json!(99.5))),
        ("no rows", with("max_rows", json!(0))),
        ("negative rows", with("max_rows", json!(-1))),
        ("no type", without("type")),
        ("no target", without("locations")),
        ("no object", without("objects")),
        ("an object instead of a list", bounded()[0].clone()),
        ("two entries, of which one is less", two),
        ("a second entry that is wider", json!([bounded()[0], with("max_rows", json!(200))[0]])),
    ]
}

#[test]
fn attack_21_a_child_that_asks_for_more_is_refused_and_on_record() {
    let stage = Stage::own();
    stage.play(async {
        for cloud in Cloud::ALL {
            let root = stage.root_with(&stage.at(cloud), &bounded()).await;
            let before = refused(&stage, cloud).await;
            let mut wrong = Vec::new();
            let all = wider();
            for (what, asked) in &all {
                let spawn = Spawn::new("wider", &Wanted::Rights(asked.clone()));
                let met = match root.spawn(&spawn).await {
                    Ok(_) => (201, String::new()),
                    Err(error) => {
                        let answer = error.answer().unwrap();
                        let (status, cause) = said(&answer);
                        (status, cause.to_owned())
                    }
                };
                if met != (400, "delegation/invalid_authorization_details".into()) {
                    wrong.push(format!("{what}: {met:?}"));
                }
            }
            assert!(wrong.is_empty(), "on {}:\n{}", cloud.name(), wrong.join("\n"));
            assert_eq!(refused(&stage, cloud).await - before, all.len(), "each is on record");

            // A renewal that asks for more is the same attack at another door.
            let (key, subject) = (root.key(), (root.token(), ACCESS_TOKEN));
            for (what, asked) in &all {
                let asked = asked.to_string();
                let more = [("authorization_details", asked.as_str())];
                let answer = root.at().token(subject, key, &more).await.unwrap();
                let wants = (400, "invalid_authorization_details");
                assert_eq!(said(&answer), wants, "{what}, renewed: {}", answer.text);
            }
            let less = Spawn::new("less", &Wanted::Rights(bounded()));
            assert!(root.spawn(&less).await.is_ok(), "as much as the parent has is not more");
        }
    });
}

/// How many attempts to have more are on record.
async fn refused(stage: &Stage, cloud: Cloud) -> usize {
    let widening = |event: &&audit::NodeEvent| {
        event.what == What::Refused
            && event.cause.as_deref() == Some("invalid_authorization_details")
            && event.rights.is_some()
    };
    stage.events(cloud).await.iter().filter(widening).count()
}

fn moment(agent: &Agent, claim: &str) -> u64 {
    agent.claims()[claim].as_u64().unwrap()
}

#[test]
fn attack_22_no_token_outlives_its_chain_however_often_it_is_renewed() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let root = stage.root(&stage.at(cloud)).await;
            let spawn = Spawn::new("brief", &Wanted::Inherit).with("ttl", json!(5));
            let ticket = root.spawn(&spawn).await.unwrap();
            let key = Key::fresh().unwrap();
            let brief = root.at().redeem(&ticket.ticket, Some(&key)).await.unwrap();
            assert!(moment(&brief, "exp") - moment(&brief, "iat") <= 5, "{}", brief.claims());
            // Its own child cannot be made to last longer, whatever it is asked for.
            let longer = Spawn::new("longer", &Wanted::Inherit).with("ttl", json!(86_400));
            let ticket = brief.spawn(&longer).await.unwrap();
            let longer = root.at().redeem(&ticket.ticket, Some(&Key::fresh().unwrap())).await;
            assert!(moment(&longer.unwrap(), "exp") <= moment(&brief, "exp"));
            // Within the leeway of our own clocks the token is believed; its chain is over.
            while now(&root).await < moment(&brief, "exp") {
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
            assert_eq!(said(&refusal(brief.renew().await)), GRANT);
        }
    });
}

/// The time, by what the token function writes into a token that it renews.
async fn now(agent: &Agent) -> u64 {
    moment(&agent.renew().await.unwrap(), "iat")
}

#[test]
fn attack_22_a_child_s_token_does_not_outlive_the_one_that_asked_for_it() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let root = stage.root(&stage.at(cloud)).await;
            while now(&root).await < moment(&root, "iat") + 2 {
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
            let kid = child(&root, "kid").await;
            let (parent, child) = (moment(&root, "exp"), moment(&kid, "exp"));
            assert!(child <= parent, "on {}: {child} is after {parent}", cloud.name());
        }
    });
}

#[test]
fn attack_24_who_is_below_a_node_that_was_ended_has_ended() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let root = stage.root(&stage.at(cloud)).await;
            let (middle, sibling) = (child(&root, "middle").await, child(&root, "sibling").await);
            let grandchild = child(&middle, "grandchild").await;
            let nephew = child(&sibling, "nephew").await;
            let waiting = grandchild.spawn(&Spawn::new("late", &Wanted::Inherit)).await.unwrap();
            assert_eq!(reads(&grandchild).await.status, 200);

            let ended = root.revoke(&middle.node()).await.unwrap();
            assert_eq!(ended.status, 204, "{}", ended.text);
            for (who, gone) in [("the node", &middle), ("who is below", &grandchild)] {
                let place = format!("{who} on {}", cloud.name());
                let answer = reads(gone).await;
                assert_eq!(said(&answer), (401, "identity/revoked"), "{place}: {}", answer.text);
                let answer = refusal(gone.renew().await);
                assert_eq!(said(&answer), GRANT, "{place} renews: {}", answer.text);
                let answer = refusal(gone.spawn(&Spawn::new("more", &Wanted::Inherit)).await);
                assert_eq!(answer.status, 401, "{place} spawns: {}", answer.text);
                let answer = gone.revoke(&gone.node()).await.unwrap();
                assert_eq!(answer.status, 401, "{place} ends itself: {}", answer.text);
                let known = root.introspect(gone.token()).await.unwrap();
                assert_eq!(known.body, json!({"active": false}), "{place}: {}", known.text);
            }
            let late =
                refusal(root.at().redeem(&waiting.ticket, Some(&Key::fresh().unwrap())).await);
            assert_eq!(said(&late), GRANT, "{}", late.text);
            for (who, alive) in [("root", &root), ("sibling", &sibling), ("nephew", &nephew)] {
                assert_eq!(reads(alive).await.status, 200, "{who}");
                assert!(alive.renew().await.is_ok(), "{who}");
            }
            let orders = rights("shop", &["select"], &["public.orders"]);
            assert!(sibling.spawn(&Spawn::new("more", &Wanted::Rights(orders))).await.is_ok());
        }
    });
}
