//! The program as an operator calls it: what it prints, how it ends, and that no secret is said.

use std::{
    path::PathBuf,
    process::{Command, Output},
};

use local_emulator::schema::Names;

use crate::{
    made::{Made, PEOPLE},
    stand::{PASSWORD, Stand},
};

/// Calls `postern`, which is built beside these tests.
fn postern(arguments: &[&str], environment: &[(&str, &str)]) -> (i32, String, String) {
    let me = std::env::current_exe().unwrap();
    let found = me.ancestors().skip(1).take(2).map(|folder| folder.join("postern"));
    let program = found.into_iter().find(|path| path.is_file());
    let program = program.expect("`cargo build -p local-emulator --bins` builds `postern`");
    let output: Output = Command::new(program)
        .args(arguments)
        .env_clear()
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(!out.contains(PASSWORD) && !err.contains(PASSWORD), "{out}{err}");
    (output.status.code().unwrap(), out, err)
}

fn login(role: &str) -> String {
    format!("{{\"username\":\"{role}\",\"password\":\"{PASSWORD}\"}}")
}

/// The configuration as a file, with the authority beside it.
fn configured(stand: &Stand, name: &str, lines: &str) -> PathBuf {
    let folder = stand.folder().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("authority.pem"), stand.authority()).unwrap();
    let file = folder.join("targets.toml");
    std::fs::write(&file, stand.toml(lines)).unwrap();
    file
}

#[test]
fn the_doctor_says_by_its_exit_code_what_it_found() {
    let stand = Stand::shared();
    stand.play(async {
        let role = stand.role().await;
        let file = configured(&stand, "doctor", "");
        let file = file.to_str().unwrap();
        let doctor = ["doctor", "--targets", file];
        let secret = login(&role);
        let (code, out, _) = postern(&doctor, &[("POSTERN_LOGIN_SHOP", &secret)]);
        assert_eq!(code, 0, "{out}");
        assert!(out.contains(&format!("shop as {role}")) && out.contains("0 hard"), "{out}");

        stand.run(&format!("ALTER ROLE {role} BYPASSRLS")).await;
        let (code, out, _) =
            postern(&[&doctor[..], &["--json"]].concat(), &[("POSTERN_LOGIN", &secret)]);
        assert_eq!(code, 1, "{out}");
        let lines: Vec<serde_json::Value> =
            out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let expected = serde_json::json!({
            "target": "shop", "role": role, "severity": "hard", "check": "bypass-rls",
            "finding": format!("`{role}` has the attribute BYPASSRLS"),
            "sql": [format!("ALTER ROLE {role} NOBYPASSRLS;")],
        });
        assert_eq!(lines[0], expected);
        assert_eq!(lines.last().unwrap()["hard"], 1);
        stand.drop_role(&role).await;
    });
}

#[test]
fn what_cannot_be_found_out_is_not_taken_for_sound() {
    let stand = Stand::shared();
    stand.play(async {
        let role = stand.role().await;
        let file = configured(&stand, "unknown", "");
        let file = file.to_str().unwrap();
        let doctor = ["doctor", "--targets", file];
        let code = |arguments: &[&str], secret: &str| {
            let (code, out, err) = postern(arguments, &[("POSTERN_LOGIN", secret)]);
            assert_eq!(code, 2, "{out}{err}");
            format!("{out}{err}")
        };
        assert!(code(&doctor, "").contains("has not the shape"));
        assert!(code(&doctor, &login("nobody_at_all")).contains("cannot be asked"));
        let named = [&doctor[..], &["--target", "other"]].concat();
        assert!(code(&named, &login(&role)).contains("there is no target `other`"));
        code(&["doctor", "--targets", "/nowhere/targets.toml"], &login(&role));
        // A server that shows a certificate of somebody else's is not told the password.
        let other = local_emulator::ca::Authority::new(&stand.folder().join("unknown")).unwrap();
        std::fs::write(stand.folder().join("unknown/authority.pem"), other.pem()).unwrap();
        assert!(code(&doctor, &login(&role)).contains("cannot be asked"));
        let (status, _, err) = postern(&doctor, &[]);
        assert_eq!(status, 2, "{err}");
        stand.drop_role(&role).await;
    });
}

#[test]
fn a_password_is_no_argument_and_a_file_may_hold_it() {
    let stand = Stand::shared();
    stand.play(async {
        let role = stand.role().await;
        let file = configured(&stand, "login", "");
        let secret = stand.folder().join("login/secret.json");
        std::fs::write(&secret, login(&role)).unwrap();
        let (file, secret) = (file.to_str().unwrap(), secret.to_str().unwrap());
        let (code, out, err) = postern(&["doctor", "--targets", file, "--login", secret], &[]);
        assert_eq!(code, 0, "{out}{err}");
        let (code, _, _) = postern(&["doctor", "--targets", file, "--password", "x"], &[]);
        assert_eq!(code, 2);
        stand.drop_role(&role).await;
    });
}

#[test]
fn masks_are_printed_first_and_applied_when_told_to() {
    let stand = Stand::shared();
    stand.play(async {
        let made = Made::prepare(&stand, "command", PEOPLE).await;
        let admin = stand.role().await;
        stand.run(&format!("ALTER ROLE {admin} SUPERUSER")).await;
        let lines = format!("schema = \"{}\"\n{}", made.base, made.tags);
        let file = configured(&stand, "mask", &lines);
        let key = format!("{{\"key\":\"{}=\"}}", "A".repeat(43));
        let secret = login(&admin);
        let environment = [("POSTERN_LOGIN", secret.as_str()), ("POSTERN_MASK_KEY", key.as_str())];
        let mask = [
            "mask",
            "apply",
            "--targets",
            file.to_str().unwrap(),
            "--target",
            "shop",
            "--profile",
            "command",
            "--masks",
            made.masks,
            "--role",
            &made.role,
        ];
        let (code, printed, err) = postern(&mask, &environment);
        assert_eq!(code, 0, "{err}");
        assert_eq!(there(&stand, &made.names).await, "false");
        assert!(printed.starts_with("-- Masked views of schema raw_command in database shop"));
        let execute = |more: &[&str]| postern(&[&mask[..], more].concat(), &environment);
        let (code, executed, err) = execute(&["--execute"]);
        assert_eq!((code, executed), (0, printed), "{err}");
        assert_eq!(there(&stand, &made.names).await, "true");
        assert_eq!(execute(&["--remove"]).0, 0);
        assert_eq!(there(&stand, &made.names).await, "true");
        assert_eq!(execute(&["--remove", "--execute"]).0, 0);
        assert_eq!(there(&stand, &made.names).await, "false");
        let (code, _, _) = execute(&["--execute", "--dry-run"]);
        assert_eq!(code, 2, "one or the other");
        made.end(&stand).await;
        stand.drop_role(&admin).await;
    });
}

async fn there(stand: &Stand, names: &Names) -> String {
    let question = "SELECT (to_regnamespace('{}') IS NOT NULL)::text";
    stand.said(&question.replace("{}", &names.schema)).await
}
