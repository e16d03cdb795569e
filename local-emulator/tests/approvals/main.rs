//! `postern approvals` against a server with the answers of the function where people decide.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod desk;

use std::{
    io::Write as _,
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};

use desk::{Desk, TOKEN};

const REQUEST: &str = "0199c2a0-0000-7000-8000-000000000001";
const DIGEST: &str = "9f2c1a0b3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8";

/// Runs the command with the token on standard input.
fn postern(desk: &Desk, arguments: &[&str]) -> Output {
    given(TOKEN, &[arguments, &["--url", &desk.url]].concat())
}

fn given(token: &str, arguments: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_postern"))
        .arg("approvals")
        .args(arguments)
        .env_remove("POSTERN_PAGE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // One that wants no token has ended before it is given one.
    let _ = child.stdin.take().unwrap().write_all(token.as_bytes());
    child.wait_with_output().unwrap()
}

fn printed(output: &Output) -> String {
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {told}", output.status);
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Why it did not.
fn told(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_request_is_shown_whole_and_does_nothing_to_the_terminal() {
    let desk = Desk::start();
    let shown = printed(&postern(&desk, &["show", REQUEST]));
    // Written anew by `POSTERN_REVIEW=1`, for somebody to look at.
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/approvals/sheet.txt");
    #[expect(clippy::disallowed_methods, reason = "only a test asks whether to write it anew")]
    if std::env::var("POSTERN_REVIEW").is_ok() {
        std::fs::write(path, &shown).unwrap();
    }
    assert_eq!(shown, std::fs::read_to_string(path).unwrap());
    for line in shown.lines() {
        assert!(line.chars().count() <= 80, "{line}");
        assert!(!line.contains(|c: char| c.is_control() || c == '\u{202e}'), "{line:?}");
    }
}

#[test]
fn nothing_of_a_request_is_left_out() {
    let desk = Desk::start();
    desk.change(|sheet| sheet["hold"] = json!({ "until": "noon\u{1b}" }));
    let shown = printed(&postern(&desk, &["show", REQUEST]));
    assert!(shown.contains("hold") && shown.contains("{\"until\":\"noon\\\\u001b\"}"), "{shown}");
    // And what is missing makes it no request.
    for member in ["statement", "digest", "hops", "facts", "demand", "limits"] {
        let desk = Desk::start();
        desk.change(|sheet| _ = sheet.as_object_mut().unwrap().remove(member));
        let why = told(&postern(&desk, &["show", REQUEST]));
        assert!(why.contains("none that can be read"), "{member}: {why}");
    }
}

#[test]
fn what_was_read_is_what_is_approved() {
    let desk = Desk::start();
    let args = ["approve", REQUEST, "--digest", DIGEST, "--comment", "looked at \"it\""];
    let shown = printed(&postern(&desk, &args));
    assert!(shown.contains("phase") && shown.contains("pending"), "{shown}");
    assert!(shown.contains("1 of privacy") && shown.contains("p_1/7/aa"), "{shown}");
    let said = json!({ "verdict": "approve", "digest": DIGEST, "comment": "looked at \"it\"" });
    let path = format!("/v1/approvals/{REQUEST}/decision");
    assert_eq!(desk.heard(), [("POST".to_owned(), path, said)]);
}

#[test]
fn the_beginning_of_a_digest_is_completed_by_its_own_request_only() {
    let desk = Desk::start();
    printed(&postern(&desk, &["refuse", REQUEST, "--digest", "9F2C1A0B3D4E"]));
    let heard = desk.heard();
    assert_eq!(heard.len(), 2);
    assert_eq!(heard[1].2, json!({ "verdict": "refuse", "digest": DIGEST }));
    let other = told(&postern(&desk, &["approve", REQUEST, "--digest", "9f2c1a0b3d4f"]));
    assert!(other.contains("read it anew"), "{other}");
    assert!(desk.heard().iter().skip(2).all(|(method, ..)| method == "GET"));
}

#[test]
fn nothing_is_decided_without_a_digest_that_names_one_request() {
    let desk = Desk::start();
    for short in ["", "9f2c1a0b3d4", "9f2c1a0b3d4g", &format!("{DIGEST}0"), "../../etc/x"] {
        let why = told(&postern(&desk, &["approve", REQUEST, "--digest", short]));
        assert!(why.contains("64 hexadecimal digits"), "{short}: {why}");
    }
    let none = postern(&desk, &["approve", REQUEST]);
    assert!(!none.status.success());
    assert_eq!(desk.heard(), []);
}

#[test]
fn an_approval_is_taken_back() {
    let desk = Desk::start();
    printed(&postern(&desk, &["retract", REQUEST]));
    let path = format!("/v1/approvals/{REQUEST}/decision");
    assert_eq!(desk.heard(), [("DELETE".to_owned(), path, Value::Null)]);
}

#[test]
fn what_waits_is_listed_in_a_few_lines_each() {
    let desk = Desk::start();
    let shown = printed(&postern(&desk, &["list"]));
    let expected = format!(
        "{REQUEST}\n  what          shop, write, pending\n  who           analyst-1, by \
         clean-up\\u{{1b}}[2J, in 2 hops\n  statement     update public.orders\\nset state = 'x'\n  \
         reason        month's end\n  wanted        1 of dba\n  expires       \
         2026-11-21T13:00:00Z\n  you           may not decide: you are part of the chain that \
         asks\n"
    );
    assert_eq!(shown, expected);
    let past = printed(&postern(&desk, &["list", "--past"]));
    assert!(past.contains("approve: dba-1") && past.contains("shop, used"), "{past}");
    assert_eq!(desk.heard()[1].1, "/v1/approvals?past");
    desk.empty();
    assert_eq!(printed(&postern(&desk, &["list"])), "Nothing waits for you.\n");
}

#[test]
fn json_is_what_the_function_said_in_ascii() {
    let desk = Desk::start();
    let text = printed(&postern(&desk, &["show", REQUEST, "--json"]));
    assert!(text.is_ascii());
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), desk.sheet());
}

#[test]
fn a_refusal_is_told_in_the_functions_words() {
    let desk = Desk::start();
    let why = told(&given("other", &["list", "--url", &desk.url]));
    assert_eq!(why, "who is that\\u{1b}[31m? (401)\n");
    desk.elsewhere();
    let why = told(&postern(&desk, &["list"]));
    assert!(why.contains("(307)"), "a token goes nowhere else: {why}");
}

#[test]
fn a_token_goes_over_tls_or_nowhere() {
    for url in ["http://approvals.example", "https://a:b@approvals.example", "ftp://a", "a\u{1b}"] {
        let why = told(&given(TOKEN, &["list", "--url", url]));
        assert!(why.contains("is no https:// address") && !why.contains('\u{1b}'), "{why}");
    }
    let none = told(&given(TOKEN, &["list"]));
    assert!(none.contains("--url"), "{none}");
}

#[test]
fn a_token_comes_from_a_file_or_from_standard_input_and_is_never_told() {
    let desk = Desk::start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, format!("{TOKEN}\n")).unwrap();
    let named = file.display().to_string();
    let output = given("", &["list", "--url", &desk.url, "--token-file", &named]);
    printed(&output);
    for bad in ["", " \n", "two words"] {
        let why = told(&given(bad, &["list", "--url", &desk.url]));
        assert!(why.contains("an access token comes from") && !why.contains("two"), "{why}");
    }
    let gone = format!("http://127.0.0.1:1/{}", "");
    let why = told(&given(TOKEN, &["list", "--url", &gone]));
    assert!(why.contains("cannot be reached") && !why.contains(TOKEN), "{why}");
}

#[test]
fn a_name_is_never_more_than_a_name() {
    let desk = Desk::start();
    for name in ["../x", "a/b", "0199?x", "a\u{1b}[2J", ""] {
        let why = told(&postern(&desk, &["show", name]));
        assert!(why.contains("is no request") && !why.contains('\u{1b}'), "{why}");
    }
    assert_eq!(desk.heard(), []);
}
