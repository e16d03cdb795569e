//! No credential turns up anywhere: not in an answer, a log, a ledger or the environment of a process.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use local_emulator::{emulator::Cloud, serve::Fault, story};

use crate::stage::Stage;

/// A secret in the forms in which it could slip out.
fn forms(secret: &str) -> Vec<String> {
    let bytes = secret.as_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    // In the middle of other bytes, base64 depends on where it starts: without the first and last
    // group each of the three ways is searched for.
    let shifted = (0..3).map(|shift| {
        let encoded = STANDARD_NO_PAD.encode([vec![b'x'; shift], bytes.to_vec()].concat());
        let inner = encoded.get(4..encoded.len() - 4);
        inner.unwrap().to_owned()
    });
    let mut forms = vec![
        secret.to_owned(),
        secret.chars().rev().collect(),
        hex.to_uppercase(),
        hex,
        URL_SAFE_NO_PAD.encode(bytes),
    ];
    forms.extend(shifted);
    forms
}

#[test]
fn no_credential_is_in_any_output_of_a_whole_run() {
    let stage = Stage::own();
    let output = stage.play(run(&stage));
    let emulator = stage.emulator();
    let secrets = [
        emulator.passwords.orders_agent.clone(),
        emulator.passwords.payroll_agent.clone(),
        emulator.passwords.mask_key.clone(),
        emulator.identity.header().to_owned(),
        story::support(emulator).unwrap().rsplit('.').next().unwrap().to_owned(),
    ];
    assert!(output.len() > 10_000 && output.contains("refused"), "there is something to search");
    assert_eq!(emulator.log.dropped(), 0);
    for secret in secrets {
        for form in forms(&secret) {
            assert!(!output.contains(&form), "a secret is in the output");
        }
    }
    // The search finds what is there.
    let planted = format!("… {} …", forms(&emulator.passwords.orders_agent)[2]);
    assert!(forms(&emulator.passwords.orders_agent).iter().any(|form| planted.contains(form)));
}

/// The whole story, and everything that can go wrong; all that comes out of it as one text.
async fn run(stage: &Stage) -> String {
    let emulator = stage.emulator();
    let mut output = String::new();
    for cloud in Cloud::ALL {
        let mut each = |told: &story::Told| output.push_str(&told.json().to_string());
        story::tell(emulator, cloud, &mut each).await.unwrap();
        for (target, statement) in [
            ("shop", "SELECT current_user"),
            ("shop", "SELECT name, ssn FROM customers WHERE id < 100"),
            ("shop", "SELECT * FROM pg_authid"),
            ("shop", "SELECT current_setting('is_superuser')"),
            ("shop", "SELECT 1 / 0"),
        ] {
            let answer = stage.reporting(cloud).query(target, statement).await.unwrap();
            output.push_str(&format!("{answer:?}"));
        }
    }
    output.push_str(&troubled(stage).await);
    output.push_str(&emulator.log.lines().join("\n"));
    for cloud in Cloud::ALL {
        let ledger = std::fs::read(emulator.ledger(cloud)).unwrap();
        let log = emulator.ledger(cloud).with_extension("db-wal");
        output.push_str(&String::from_utf8_lossy(&ledger));
        output.push_str(&String::from_utf8_lossy(&std::fs::read(log).unwrap_or_default()));
    }
    output
}

/// Wrong passwords, broken secrets, dead services.
async fn troubled(stage: &Stage) -> String {
    let emulator = stage.emulator();
    let mut output = String::new();
    let broken = format!("not json: {}", emulator.passwords.payroll_agent);
    let wrong = format!(
        r#"{{"username":"payroll_agent","password":"{}"}}"#,
        emulator.passwords.orders_agent
    );
    for value in [broken, wrong] {
        emulator.secrets_manager.put("shop-payroll", &value);
        emulator.key_vault.put("shop-payroll", &value);
        for cloud in Cloud::ALL {
            let agent = stage.agent(cloud, "payroll-agent", &["people-payroll"]);
            let answer = agent.query("payroll", "SELECT employee FROM salaries").await.unwrap();
            assert_eq!(answer.status, 500, "{}", answer.text);
            output.push_str(&format!("{answer:?}"));
        }
    }
    for fault in [Fault::Down, Fault::Failing] {
        emulator.secrets_manager.control().set(Some(fault));
        emulator.key_vault.control().set(Some(fault));
        for cloud in Cloud::ALL {
            let agent = stage.agent(cloud, "payroll-agent", &["people-payroll"]);
            let answer = agent.query("payroll", "SELECT employee FROM salaries").await.unwrap();
            output.push_str(&format!("{answer:?}"));
        }
    }
    output
}
