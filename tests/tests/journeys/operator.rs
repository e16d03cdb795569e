//! What the operator sees of a decision: `postern explain` over the gate of this machine.

use std::{
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
};

use audit::Event;
use local_emulator::{
    agent::{Key, Spawn, Wanted, rights},
    emulator::Cloud,
    ledger,
    postgres::ORDERS_AGENT,
    story::{self, Told},
};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256};
use serde_json::{Value, json};

use crate::stage::Stage;

/// What the program said, and how it ended.
struct Said {
    code: i32,
    out: String,
    errors: String,
}

impl Said {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{}{}", self.out, self.errors))
    }
}

/// Sees to it that a cloud's function has made its state: it starts with its first request.
async fn started(stage: &Stage, cloud: Cloud) {
    let answer = stage.support(cloud).query("shop", "SELECT 1").await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text);
}

/// Calls `postern explain`, which is built beside these tests, over one cloud's configuration and
/// state. The token goes in on standard input; no secret comes out.
fn explain(stage: &Stage, cloud: Cloud, token: &str, arguments: &[&str]) -> Said {
    let emulator = stage.emulator();
    let me = std::env::current_exe().unwrap();
    let found = me.ancestors().skip(1).take(2).map(|folder| folder.join("postern"));
    let program: Option<PathBuf> = found.into_iter().find(|path| path.is_file());
    let program = program.expect("`cargo build -p local-emulator --bins` builds `postern`");
    let password = &emulator.passwords.orders_agent;
    let login = json!({"username": ORDERS_AGENT, "password": password}).to_string();
    let mut child = Command::new(program)
        .args(["explain", "--config", emulator.config(cloud).to_str().unwrap()])
        .args(["--state", emulator.ledger(cloud).to_str().unwrap()])
        .args(arguments)
        .env_clear()
        .env("SSL_CERT_FILE", emulator.authority().path())
        .env("POSTERN_LOGIN", login)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(token.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (out, errors) = (text(done.stdout), text(done.stderr));
    for secret in [token, token.rsplit('.').next().unwrap(), password] {
        assert!(!out.contains(secret) && !errors.contains(secret), "a secret is in the output");
    }
    Said { code: done.status.code().unwrap(), out, errors }
}

#[test]
fn every_step_of_the_story_comes_out_as_it_must() {
    let stage = Stage::own();
    stage.play(async {
        for cloud in Cloud::ALL {
            let mut steps = Vec::new();
            let mut each = |told: &Told| steps.push(told.clone());
            story::tell(stage.emulator(), cloud, &mut each).await.unwrap();
            let wrong: Vec<&Told> = steps.iter().filter(|told| !told.ok()).collect();
            assert!(wrong.is_empty(), "{wrong:?}");
            let explained: Vec<&Told> = steps.iter().filter(|t| t.explained.is_some()).collect();
            let [told] = explained[..] else { panic!("{} explanations", explained.len()) };
            let view = &told.json()["explained"];
            assert_eq!(view["refused"]["policies"], json!(["no-change-without-where"]));
            assert_eq!(view["chain"][0]["groups"], json!(["support"]));
            let seen = told.detail.as_deref().unwrap();
            assert!(seen.starts_with("support-agent of demo, in support: "), "{seen}");
        }
    });
}

#[test]
fn the_operator_sees_which_policy_refused_and_the_refusal_is_on_record() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            started(&stage, cloud).await;
            let token = story::support(stage.emulator()).unwrap();
            let said = explain(&stage, cloud, &token, &["--target", "shop", "DELETE FROM orders"]);
            assert_eq!(said.code, 1, "{}{}", said.out, said.errors);
            for line in [
                "asked by    support-agent of demo, in support, as bearer",
                "would be    refused: policy/forbid",
                "because     policy does not permit it",
                "policies    no-change-without-where",
            ] {
                assert!(said.out.lines().any(|one| one == line), "{line}\n{}", said.out);
            }
            let of = said.out.lines().find_map(|line| line.strip_prefix("on record   ")).unwrap();
            let records = ledger::records(&stage.emulator().ledger(cloud)).await.unwrap();
            let named = records.iter().find(|record| {
                of.contains(&format!("/{}/", record.unmapped.seq))
                    && matches!(&record.unmapped.event, Event::Refusal(refused)
                        if refused.policies == ["no-change-without-where"])
            });
            assert!(named.is_some(), "{of}");
        }
    });
}

#[test]
fn the_operator_sees_lineage_masks_and_the_statement_that_is_sent() {
    let stage = Stage::shared();
    stage.play(started(&stage, Cloud::Aws));
    let token = story::support(stage.emulator()).unwrap();
    let statement = "SELECT c.id, min(c.ssn) AS least, upper(c.email) AS mail, count(*) AS n \
                     FROM customers c WHERE c.id <= $1 GROUP BY c.id, c.email";
    let asked = ["--target", "insight", "--param", "50", statement];
    let said = explain(&stage, Cloud::Aws, &token, &[&["--json"], &asked[..]].concat());
    assert_eq!(said.code, 0, "{}{}", said.out, said.errors);
    let view = said.json();
    let decided = &view["decided"];
    assert_eq!((&view["would"], &decided["class"]), (&json!("run"), &json!("read")));
    assert_eq!(decided["columns"], json!({"public.customers": ["email", "id", "ssn"]}));
    assert_eq!(decided["reads"], json!(["public.customers"]));
    assert_eq!(decided["policies"], json!(["support-analyses", "support-reaches-insight"]));
    let column = |name: &str, tag: &str, mask: &str| json!({"column": format!("public.customers.{name}"), "tag": tag, "mask": mask});
    let [id, least, mail, n] = &decided["outputs"].as_array().unwrap()[..] else { panic!() };
    let plain = json!({"name": "id", "straight": true, "masked": false,
                       "from": [{"column": "public.customers.id"}]});
    assert_eq!(id, &plain);
    assert_eq!((&least["masked"], &least["straight"]), (&json!(true), &json!(false)));
    assert_eq!(least["from"], json!([column("ssn", "ssn", "redact")]));
    assert_eq!(mail["from"], json!([column("email", "email", "token")]));
    assert_eq!((&n["from"], &n["masked"]), (&json!([]), &json!(false)));
    assert_eq!((&decided["rewritten"], &decided["keyed"]), (&json!(true), &json!(true)));
    let sent = decided["sent"].as_str().unwrap();
    assert!(sent.contains("[masked:ssn]") && sent.contains("AS least"), "{sent}");

    let page = explain(&stage, Cloud::Aws, &token, &asked).out;
    for line in [
        "would be    run",
        "class       read (select)",
        "columns     public.customers: email, id, ssn",
        "            least: computed from public.customers.ssn (ssn, shown as redact);",
        "sent        rewritten, so that it reads what is masked already",
    ] {
        assert!(page.lines().any(|one| one == line), "{line}\n{page}");
    }
    let wide: Vec<&str> = page.lines().filter(|line| line.chars().count() > 80).collect();
    // A name of the relation's own columns is not broken; nothing else is longer.
    assert!(wide.iter().all(|line| !line.trim().contains(' ')), "{wide:?}");
}

#[test]
fn the_operator_sees_who_would_be_asked_and_nothing_is_parked() {
    let stage = Stage::shared();
    stage.play(async {
        started(&stage, Cloud::Azure).await;
        let token = story::support(stage.emulator()).unwrap();
        let asked = ["--target", "shop", "--json", "SELECT name FROM customers"];
        let said = explain(&stage, Cloud::Azure, &token, &asked);
        assert_eq!(said.code, 0, "{}{}", said.out, said.errors);
        let view = said.json();
        assert_eq!(view["would"], json!("ask"));
        assert_eq!(view["decided"]["duties"]["approvers"], json!({"dba": 2}));
        assert_eq!(view["decided"]["unfiltered"], json!(["public.customers"]));
        assert_eq!(view["decided"]["rewritten"], json!(false));
        let page = explain(
            &stage,
            Cloud::Azure,
            &token,
            &asked[..2].iter().copied().chain(["SELECT name FROM customers"]).collect::<Vec<_>>(),
        );
        assert!(page.out.contains("would be    waiting for 2 of dba"), "{}", page.out);
    });
}

#[test]
fn a_child_is_explained_with_its_key_and_not_without() {
    let stage = Stage::shared();
    stage.play(async {
        let cloud = Cloud::Aws;
        let at = stage.emulator().deployment(cloud, &story::client().unwrap());
        let token = story::support(stage.emulator()).unwrap();
        let whole = rights("shop", &["select"], &["public.customers", "public.orders"]);
        let root = at.exchange(&token, &Key::fresh().unwrap(), Some(&whole)).await.unwrap();
        let few = Wanted::Rights(rights("shop", &["select"], &["public.orders"]));
        let ticket = root.spawn(&Spawn::new("counts", &few)).await.unwrap();
        let pem = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap().serialize_pem();
        let key = Key::read(pem.clone()).unwrap();
        let child = at.redeem(&ticket.ticket, Some(&key)).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("child.pem");
        std::fs::write(&file, pem).unwrap();

        let asked = ["--target", "shop", "--json", "SELECT name FROM customers WHERE id = 7"];
        let holding = [&["--key", file.to_str().unwrap()], &asked[..]].concat();
        let said = explain(&stage, cloud, child.token(), &holding);
        let view = said.json();
        assert_eq!((said.code, view["chain"].as_array().unwrap().len()), (1, 2), "{view}");
        let refused = &view["refused"];
        assert_eq!((&refused["stage"], &refused["word"]), (&json!("policy"), &json!("rights")));

        let said = explain(&stage, cloud, child.token(), &asked);
        let view = said.json();
        assert_eq!((said.code, &view["refused"]["stage"]), (1, &json!("identity")), "{view}");
        assert_eq!(view["chain"], json!([]));
    });
}

#[test]
fn what_cannot_be_asked_is_not_taken_for_a_verdict() {
    let stage = Stage::shared();
    stage.play(started(&stage, Cloud::Aws));
    let token = story::support(stage.emulator()).unwrap();
    let nowhere = explain(&stage, Cloud::Aws, &token, &["--target", "nowhere", "SELECT 1"]);
    assert_eq!((nowhere.code, nowhere.out.as_str()), (2, ""), "{}", nowhere.errors);
    assert!(nowhere.errors.contains("there is no target `nowhere`"), "{}", nowhere.errors);
    let wrong = ["--target", "shop", "--param", "{", "SELECT 1"];
    let wrong = explain(&stage, Cloud::Aws, &token, &wrong);
    assert_eq!((wrong.code, wrong.out.as_str()), (2, ""), "{}", wrong.errors);
}
