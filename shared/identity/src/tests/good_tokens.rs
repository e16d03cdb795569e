//! Tokens that are believed, and what comes of them.

use std::collections::{BTreeMap, BTreeSet};

use request::{Digest, Millis};

use super::{
    draft::{Draft, quoted},
    signer::KEYS,
    stand::{ISSUERS, NOW, Stand, kind},
};
use crate::{Chain, Groups};

fn good() -> Draft {
    Draft::corp(&KEYS.es256)
}

/// The chain of a token of `corp` that is believed.
fn chain(draft: &Draft) -> Chain {
    believed(&draft.signed_by(&KEYS.es256))
}

fn believed(token: &str) -> Chain {
    match Stand::new().believe(token) {
        Ok(chain) => chain.get().clone(),
        Err(error) => panic!("refused: {}", kind(&error)),
    }
}

fn names(groups: &Groups) -> Option<BTreeSet<&str>> {
    match groups {
        Groups::Known(names) => Some(names.iter().map(crate::GroupName::as_str).collect()),
        Groups::Unknown => None,
    }
}

#[test]
fn a_direct_caller_is_a_chain_of_one() {
    let chain = chain(&good());
    let hop = chain.actor();
    assert_eq!((chain.hops(), chain.root()), (std::slice::from_ref(hop), hop));
    assert_eq!(hop.issuer().as_str(), "corp");
    assert_eq!((hop.subject(), hop.client()), ("alice", Some("notebook")));
    assert_eq!(names(hop.groups()), Some(BTreeSet::from(["analysts"])));
    assert_eq!(chain.token_expires(), Millis((NOW + 600) * 1000));
}

#[test]
fn a_node_is_named_after_its_issuer_subject_and_client() {
    let node = |draft: &Draft| chain(draft).actor().node().clone();
    let digest = Digest::of_parts(&[b"corp", b"alice", b"notebook"]).to_string();
    assert_eq!(node(&good()).as_str(), format!("d_{}", digest.split_at(32).0));
    assert_eq!(node(&good().claim("jti", "\"t-2\"")), node(&good()));
    let others = [
        good().claim("sub", "\"alic\"").claim("client_id", "\"enotebook\""),
        good().claim("sub", "\"alicenotebook\"").no_claim("client_id"),
        good().no_claim("client_id"),
        good().claim("sub", "\"Alice\""),
        good().claim("sub", "\"\u{430}lice\""),
        good().claim("sub", "\"corp|alice\""),
    ];
    let all: BTreeSet<_> = others.iter().chain([&good()]).map(node).collect();
    assert_eq!(all.len(), others.len() + 1);
}

#[test]
fn one_token_is_one_session_however_its_signature_is_spelt() {
    let session = |draft: &Draft| chain(draft).session();
    // ECDSA signs with a random number: two signatures, the same session.
    assert_eq!(session(&good()), session(&good()));
    let unnamed = good().no_claim("jti");
    assert_eq!(session(&unnamed), session(&unnamed));
    let all: BTreeSet<Digest> = [
        good(),
        good().claim("jti", "\"t-2\""),
        good().claim("sub", "\"bob\""),
        unnamed.clone(),
        unnamed.claim("iat", NOW - 9),
    ]
    .iter()
    .map(session)
    .collect();
    assert_eq!(all.len(), 5);
}

#[test]
fn every_algorithm_of_the_entry_is_believed() {
    for key in [&KEYS.es256, &KEYS.es384, &KEYS.rs256, &KEYS.ps256, &KEYS.ed25519] {
        assert_eq!(believed(&Draft::corp(key).signed_by(key)).actor().subject(), "alice");
    }
    let full_name = Draft::corp(&KEYS.ed25519).member("alg", "\"Ed25519\"");
    assert_eq!(believed(&full_name.signed_by(&KEYS.ed25519)).actor().subject(), "alice");
}

#[test]
fn what_a_token_may_leave_open_or_spell_otherwise_is_believed() {
    for draft in [
        good().no_claim("jti"),
        good().no_claim("nbf"),
        good().no_claim("client_id"),
        good().no_claim("groups"),
        good().claim("aud", r#"["https://postern.example/v1"]"#),
        good().claim("aud", r#"["https://other.example","https://postern.example/v1"]"#),
        good().claim("token_use", "\"access\""),
        good().claim("scope", "\"read\"").claim("azp", "1").claim("email", "null"),
        good().claim("act", "{\"act\":".repeat(22) + "1" + &"}".repeat(22)),
        good().claim("act", r#"{"sub":"agent","act":{"sub":7}}"#),
        good().claim("auth_time", NOW - 60).claim("acr", "\"1\""),
        good().claim("sub", "\"x\"").claim("\\u006eew", "\"\""),
        good().claim("sub", quoted(&"x".repeat(255))),
        good().claim("sub", "\"\u{674e} \u{96f7}\""),
        good().member("typ", "\"application/at+jwt\""),
        good().member("typ", "\"APPLICATION/AT+JWT\""),
        good().member("typ", "\"AT+jwt\""),
        good().member("x5t", "\"abc\"").member("x5t#S256", "\"abc\""),
        (0..55).fold(good(), |draft, n| draft.claim(&format!("c{n}"), n)),
    ] {
        _ = chain(&draft);
    }
}

#[test]
fn a_token_is_believed_up_to_the_ends_of_its_time() {
    for (iat, nbf, exp) in [
        (NOW - 600, NOW - 600, NOW - 29),
        (NOW + 30, NOW + 30, NOW + 600),
        (NOW, NOW, NOW + 3600),
        (NOW, 0, NOW),
    ] {
        _ = chain(&good().claim("iat", iat).claim("nbf", nbf).claim("exp", exp));
    }
}

#[test]
fn an_entry_without_leeway_adds_none() {
    let stand = Stand::new();
    let token = Draft::plant(&KEYS.plant).signed_by(&KEYS.plant);
    stand.clock.set(NOW + 299);
    assert!(stand.believe(&token).is_ok());
    stand.clock.set(NOW + 300);
    assert_eq!(kind(&stand.believe(&token).unwrap_err()), "expired");
    stand.clock.set(NOW - 1);
    assert_eq!(kind(&stand.believe(&token).unwrap_err()), "early iat");
}

#[test]
fn an_entry_chooses_the_claims_of_client_and_groups() {
    let chain = believed(&Draft::plant(&KEYS.plant).signed_by(&KEYS.plant));
    assert_eq!(chain.actor().client(), Some("scheduler"));
    assert_eq!(names(chain.actor().groups()), Some(BTreeSet::from(["operators"])));
}

#[test]
fn a_group_is_ours_only_by_the_table_of_its_issuer() {
    let groups = |value: &str| {
        let chain = chain(&good().claim("groups", value));
        names(chain.actor().groups()).map(|names| names.into_iter().map(str::to_owned).collect())
    };
    let known =
        |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
    assert_eq!(groups("[]"), known(&[]));
    assert_eq!(
        groups(r#"["7f3c-analysts","7f3c-admins","7f3c-admins"]"#),
        known(&["admins", "analysts"])
    );
    assert_eq!(groups(r#"["analysts","7F3C-analysts","7f3c-analysts ","operator"]"#), known(&[]));
}

#[test]
fn groups_that_the_issuer_keeps_elsewhere_are_unknown_and_not_none() {
    for draft in [
        good().no_claim("groups").claim("_claim_names", r#"{"groups":"src1"}"#),
        good().claim("_claim_names", r#"{"groups":"src1"}"#),
        good().no_claim("groups").claim("hasgroups", "true"),
    ] {
        let source = r#"{"src1":{"endpoint":"https://evil.example/groups"}}"#;
        let chain = chain(&draft.claim("_claim_sources", source));
        assert_eq!(chain.actor().groups(), &Groups::Unknown);
    }
    for draft in [good().claim("hasgroups", "false"), good().claim("_claim_names", r#"{"x":"y"}"#)]
    {
        assert_eq!(names(chain(&draft).actor().groups()), Some(BTreeSet::from(["analysts"])));
    }
}

#[test]
fn more_than_64_local_groups_are_refused() {
    let entry = |count: usize| {
        let rows: Vec<String> = (0..count).map(|n| format!("\"r{n}\" = \"g{n}\"")).collect();
        ISSUERS.replace("\"7f3c-analysts\" = \"analysts\"", &rows.join("\n"))
    };
    let all: Vec<String> = (0..65).map(|n| format!("\"r{n}\"")).collect();
    let token = good().claim("groups", format!("[{}]", all.join(","))).signed_by(&KEYS.es256);
    let met = |count| Stand::with(&entry(count), BTreeMap::new()).believe(&token);
    assert!(met(64).is_ok());
    assert_eq!(kind(&met(65).unwrap_err()), "claim groups");
}

#[test]
fn what_a_caller_is_told_holds_nothing_of_the_token_or_of_us() {
    let stand = Stand::new();
    for token in [
        good().signed_by(&KEYS.stranger),
        good().member("kid", "\"six\"").signed_by(&KEYS.es256),
        good().claim("aud", "\"secret-aud\"").signed_by(&KEYS.es256),
        good().claim("exp", NOW - 99).signed_by(&KEYS.es256),
        good().claim("sub", "\"\"").signed_by(&KEYS.es256),
        "eyJ.secret".into(),
    ] {
        let told = stand.believe(&token).unwrap_err().told();
        for held in ["corp", "login.example", "alice", "secret", "six", "postern.example"] {
            assert!(!told.contains(held), "{told}");
        }
    }
}
