//! What an agent may see of the world around it.

use local_emulator::emulator::Cloud;
use serde_json::json;

use crate::stage::Stage;

#[test]
fn an_agent_is_told_the_targets_within_its_reach_and_no_others() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let listed = async |name, groups: &[&str]| {
                let answer = stage.agent(cloud, name, groups).get("/v1/targets").await.unwrap();
                assert_eq!(answer.status, 200, "{}", answer.text);
                answer.body
            };
            let named = |name| json!({"name": name, "kind": "postgres", "labels": ["shop"]});
            let shop = json!({"targets": [named("insight"), named("shop")]});
            assert_eq!(listed("support-agent", &["shop-support"]).await, shop);
            assert_eq!(listed("nobody", &[]).await, json!({"targets": []}));
        }
    });
}

#[test]
fn the_status_of_a_request_is_told_to_its_owner_only() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let owner = stage.support(cloud);
            let asked = owner.query("shop", "SELECT id FROM orders WHERE id = 1").await.unwrap();
            let path = format!("/v1/requests/{}", asked.body["request"].as_str().unwrap());
            let mine = owner.get(&path).await.unwrap();
            assert_eq!((mine.status, &mine.body["state"]), (200, &json!("done")), "{}", mine.text);
            assert_eq!(mine.body["rows"], json!(1));
            let other = stage.agent(cloud, "another", &["shop-support"]).get(&path).await.unwrap();
            assert_eq!(other.status, 404);
        }
    });
}

#[test]
fn a_parked_request_runs_nothing_and_its_status_says_so() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let agent = stage.support(cloud);
            let parked = agent.query("shop", "SELECT name FROM customers").await.unwrap();
            assert_eq!(parked.status, 202, "{}", parked.text);
            assert_eq!(parked.body["approvers"], json!({"dba": 2}));
            assert!(parked.receipt.is_some());
            let status = agent.get(parked.body["status"].as_str().unwrap()).await.unwrap();
            assert_eq!(status.body["state"], json!("parked"));
        }
    });
}
