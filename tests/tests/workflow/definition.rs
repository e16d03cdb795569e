//! The definitions of state machines, as Terraform fills them in.

use std::{path::Path, process::Command};

use serde_json::{Value, json};

use crate::servers::tool;

/// The definition in this file of `infra-terraform/workflow`, with these values for its variables.
pub(crate) fn filled(file: &str, variables: &[(&str, &str)]) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra-terraform/workflow");
    let mut text = std::fs::read_to_string(folder.join(file)).unwrap();
    for (name, value) in variables {
        let variable = format!("${{{name}}}");
        assert!(text.contains(&variable), "{file} has no {variable}");
        text = text.replace(&variable, value);
    }
    assert!(!text.contains("${"), "{file} has a variable that nobody fills in");
    serde_json::from_str(&text).unwrap()
}

/// Our own machine.
pub(crate) fn approval(queue: &str) -> Value {
    let variables =
        [("partition", "aws"), ("run_function_arn", RUN), ("approvals_queue_url", queue)];
    filled("approval.asl.json", &variables)
}

/// A customer's machine that calls our functions.
pub(crate) fn own() -> Value {
    let variables =
        [("partition", "aws"), ("run_function_arn", RUN), ("agent_function_arn", AGENT)];
    filled("own-workflow.asl.json", &variables)
}

#[test]
fn the_definitions_are_valid_to_both_judges() {
    for (name, definition) in [("approval", approval(QUEUE)), ("own-workflow", own())] {
        assert_eq!(judged(name, &definition), None);
    }
}

#[test]
fn each_judge_finds_what_the_other_misses() {
    let mut dangling = approval(QUEUE);
    dangling["States"]["Run"]["Next"] = "Nowhere".into();
    assert!(judged("dangling", &dangling).is_some());
    let mut misspelt = approval(QUEUE);
    let timeout = misspelt["States"]["Run"]["TimeoutSeconds"].take();
    misspelt["States"]["Run"].as_object_mut().unwrap().remove("TimeoutSeconds");
    misspelt["States"]["Run"]["TimeoutSecond"] = timeout;
    assert!(judged("misspelt", &misspelt).is_some());
}

/// A state may take as long as its heartbeat, but not for ever: nobody would look after it.
#[test]
fn every_task_ends() {
    for definition in [approval(QUEUE), own()] {
        for (name, state) in definition["States"].as_object().unwrap() {
            let bound = ["TimeoutSeconds", "TimeoutSecondsPath"];
            let bounded = bound.iter().any(|field| state.get(field).is_some());
            assert!(state["Type"] != "Task" || bounded, "{name}");
        }
    }
}

/// What is wrong with it, by `asl-validator` for the graph or by `cfn-lint` for the fields.
fn judged(name: &str, definition: &Value) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let machine = folder.path().join(format!("{name}.json"));
    std::fs::write(&machine, definition.to_string()).unwrap();
    let template = folder.path().join("template.json");
    let properties = json!({"RoleArn": ROLE, "Definition": definition});
    let resource = json!({"Type": "AWS::StepFunctions::StateMachine", "Properties": properties});
    let text = json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {"Machine": resource},
    });
    std::fs::write(&template, text.to_string()).unwrap();
    let graph =
        run(Command::new(tool("node_modules/.bin/asl-validator")).arg("--json-path"), &machine);
    graph.or_else(|| run(&mut Command::new(tool("venv/bin/cfn-lint")), &template))
}

fn run(command: &mut Command, file: &Path) -> Option<String> {
    let done = command.arg(file).output().unwrap();
    let told = String::from_utf8_lossy(&done.stdout).into_owned();
    (!done.status.success()).then_some(told)
}

pub(crate) const ROLE: &str = "arn:aws:iam::123456789012:role/workflow";
const AGENT: &str = "arn:aws:lambda:eu-central-1:123456789012:function:agent";
const RUN: &str = "arn:aws:lambda:eu-central-1:123456789012:function:run";
const QUEUE: &str = "https://sqs.eu-central-1.amazonaws.com/123456789012/approvals";
