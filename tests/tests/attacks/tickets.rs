//! Attack 25, on the real functions: spawn tickets that come twice, late, or to the wrong door.

use std::time::Duration;

use audit::What;
use local_emulator::{
    agent::{ACCESS_TOKEN, Agent, Function, Key, SPAWN_TICKET, Spawn, Wanted},
    emulator::Cloud,
};
use reqwest::Method;
use serde_json::json;

use crate::stage::{Stage, child, query, reads, refusal, said};

const GRANT: (u16, &str) = (400, "invalid_grant");

#[test]
fn attack_25_a_ticket_that_comes_twice_ends_its_node() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let root = stage.root(&stage.at(cloud)).await;
            let ticket = root.spawn(&Spawn::new("twice", &Wanted::Inherit)).await.unwrap();
            let first =
                root.at().redeem(&ticket.ticket, Some(&Key::fresh().unwrap())).await.unwrap();
            assert_eq!(reads(&first).await.status, 200);
            let below = child(&first, "below").await;
            let second =
                refusal(root.at().redeem(&ticket.ticket, Some(&Key::fresh().unwrap())).await);
            assert_eq!(said(&second), GRANT, "{}", second.text);
            for (who, gone) in [("the first", &first), ("who is below", &below)] {
                let answer = reads(gone).await;
                assert_eq!(said(&answer), (401, "identity/revoked"), "{who}: {}", answer.text);
                assert_eq!(said(&refusal(gone.renew().await)), GRANT, "{who}");
            }
            assert_eq!(reads(&root).await.status, 200);
            let reuse = |event: &&audit::NodeEvent| {
                event.what == What::Revoked
                    && event.cause.as_deref() == Some("ticket-reuse")
                    && event.node == ticket.node
            };
            assert_eq!(stage.events(cloud).await.iter().filter(reuse).count(), 1);
            let log = stage.emulator().log.lines().join("\n");
            assert!(log.contains("ticket-reuse"), "nobody is told of it");
        }
    });
}

/// The same with nobody between the two: whoever comes first has nothing of it.
#[test]
fn attack_25_of_ten_who_come_with_one_ticket_nobody_keeps_a_node() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let root = stage.root(&stage.at(cloud)).await;
            let ticket = root.spawn(&Spawn::new("ten", &Wanted::Inherit)).await.unwrap();
            let come = (0..10).map(|_| {
                let (at, text) = (root.at().clone(), ticket.ticket.clone());
                tokio::spawn(async move { at.redeem(&text, Some(&Key::fresh().unwrap())).await })
            });
            let mut issued: Vec<Agent> = Vec::new();
            for came in come.collect::<Vec<_>>() {
                issued.extend(came.await.unwrap().ok());
            }
            assert!(issued.len() <= 1, "{} came to be one node", issued.len());
            for one in issued {
                assert_eq!(said(&reads(&one).await), (401, "identity/revoked"));
            }
        }
    });
}

#[test]
fn attack_25_a_ticket_that_comes_late_or_changed_is_none() {
    let stage = Stage::own();
    stage.play(async {
        for cloud in Cloud::ALL {
            let brief = [("issuer =", "ticket_s = 1\nissuer =")];
            let hosts = stage.changed(cloud, "tokens.toml", &brief).await;
            let root = stage.root(hosts.at()).await;
            let ticket = root.spawn(&Spawn::new("late", &Wanted::Inherit)).await.unwrap();
            assert_eq!(ticket.expires_in, 1);
            tokio::time::sleep(Duration::from_millis(2100)).await;
            let come =
                async |text: &str| root.at().redeem(text, Some(&Key::fresh().unwrap())).await;
            assert_eq!(said(&refusal(come(&ticket.ticket).await)), GRANT);
            // A late ticket was not used: the node is not ended, it never began.
            let parts: Vec<&str> = ticket.ticket.split('.').collect();
            let other = format!("st.{}.{}.{}", parts[1], parts[2], "A".repeat(43));
            assert_eq!(said(&refusal(come(&other).await)), GRANT);
            for text in [format!("{}=", ticket.ticket), ticket.ticket.replacen("st.", "", 1)] {
                assert_eq!(said(&refusal(come(&text).await)), (400, "invalid_request"), "{text:?}");
            }
            assert_eq!(reads(&root).await.status, 200);
            hosts.stop().await;
        }
    });
}

#[test]
fn attack_25_a_ticket_opens_one_door() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let root = stage.root(&stage.at(cloud)).await;
            let ticket = root.spawn(&Spawn::new("early", &Wanted::Inherit)).await.unwrap();
            let key = Key::fresh().unwrap();
            for holder in [
                Agent::holding(root.at(), &ticket.ticket, None),
                Agent::holding(root.at(), &ticket.ticket, Some(key.clone())),
            ] {
                let answer = query(&holder).send().await.unwrap();
                assert_eq!(said(&answer), (401, "identity/token"), "{}", answer.text);
                let spawn = holder.call(Method::POST, Function::Token, "/v1/spawn");
                let answer = spawn.json(&json!({"label": "x"})).send().await.unwrap();
                assert_eq!(answer.status, 401, "{}", answer.text);
                let answer = holder.introspect(root.token()).await.unwrap();
                assert_eq!(answer.status, 401, "{}", answer.text);
            }
            // As an actor, or as somebody's access token, it is nothing either.
            let as_token = root.at().token((&ticket.ticket, ACCESS_TOKEN), Some(&key), &[]);
            assert_eq!(said(&as_token.await.unwrap()), GRANT);
            let own = (root.token(), SPAWN_TICKET);
            let answer = root.at().token(own, root.key(), &[]).await.unwrap();
            assert_eq!(said(&answer), (400, "invalid_request"), "{}", answer.text);
            // None of this has used it up.
            let early = root.at().redeem(&ticket.ticket, Some(&key)).await.unwrap();
            assert_eq!(reads(&early).await.status, 200);
        }
    });
}
