//! How the functions start: with a configuration that holds, behind both of Lambda's doors, or not at
//! all.

use std::fs;

use audit::Event;
use local_emulator::{agent::Agent, emulator::Cloud, lambda::Door, ledger, story};
use serde_json::json;

use crate::stage::Stage;

#[test]
fn the_function_answers_behind_an_api_gateway_as_behind_a_function_url() {
    let stage = Stage::shared();
    stage.play(async {
        let host =
            stage.emulator().also_on_lambda(|config| config.door = Door::HttpApi).await.unwrap();
        let token = story::support(stage.emulator()).unwrap();
        let agent = Agent::new(&story::client().unwrap(), &host.url(), &token);
        let answer = agent.query("shop", "SELECT ssn FROM customers WHERE id = 7").await.unwrap();
        assert_eq!(answer.body["rows"], json!([["[masked:ssn]"]]), "{}", answer.text);
        host.stop().await;
    });
}

#[test]
fn a_configuration_with_mistakes_starts_nothing_and_tells_all_of_them() {
    let stage = Stage::own();
    stage.play(async {
        let config = stage.emulator().config(Cloud::Aws);
        let wrong = "@id(\"x\")\n@max_row(\"1\")\npermit (principal, action, resource);";
        fs::write(config.join("policies/wrong.cedar"), wrong).unwrap();
        let targets = fs::read_to_string(config.join("issuers.toml")).unwrap();
        fs::write(config.join("issuers.toml"), targets.replace("ES256", "HS256")).unwrap();
        let answer = stage.support(Cloud::Aws).query("shop", "SELECT 1").await.unwrap();
        assert_eq!(answer.status, 502, "{}", answer.text);
        let log = stage.emulator().log.lines().join("\n");
        assert!(log.contains("wrong.cedar:1: policy `x`: `@max_row` is no duty"), "{log}");
        assert!(log.contains("issuers.toml:"), "{log}");
    });
}

#[test]
fn a_policy_that_cannot_be_evaluated_denies_and_is_named_in_the_record_only() {
    let stage = Stage::own();
    stage.play(async {
        let overflow = "@id(\"broken-forbid\")\nforbid (principal, action == Action::\"select\", resource)\n\
                        when { context.parameters + 9223372036854775807 < 0 };";
        fs::write(stage.emulator().config(Cloud::Aws).join("policies/broken.cedar"), overflow).unwrap();
        let agent = stage.support(Cloud::Aws);
        let body = json!({"target": "shop", "statement": "SELECT $1::text", "params": ["x"]});
        let answer = agent.post(&body).await.unwrap();
        assert_eq!((answer.status, answer.problem()), (403, Some("policy/evaluation")), "{}", answer.text);
        assert!(!answer.text.contains("broken-forbid"));
        let records = ledger::records(&stage.emulator().ledger(Cloud::Aws)).await.unwrap();
        let Event::Refusal(refused) = &records[0].unmapped.event else { panic!("{records:?}") };
        assert_eq!(refused.policies, ["broken-forbid"]);
    });
}
