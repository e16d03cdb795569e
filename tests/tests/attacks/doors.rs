//! Attacks 10, 11, 17 and 45, on the real functions: tokens of another kind or from elsewhere at every
//! door, and requests for tokens that could be read in two ways.

use local_emulator::{
    agent::{
        ACCESS_TOKEN, Agent, Answer, Call, Deployment, EXCHANGE, Function, Key, Spawn, Wanted,
    },
    configuration::AUDIENCE,
    emulator::Cloud,
    issuer::Claims,
};
use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::stage::{Stage, child, query, said};

/// Shows this token at every door of a deployment, as a bearer and as the holder of a key.
async fn refused_everywhere(what: &str, at: &Deployment, token: &str, key: &Key) {
    for key in [None, Some(key.clone())] {
        let holder = Agent::holding(at, token, key);
        let spawn = holder.call(Method::POST, Function::Token, "/v1/spawn");
        for (door, answer) in [
            ("query", query(&holder).send().await.unwrap()),
            ("targets", holder.get("/v1/targets").await.unwrap()),
            ("spawn", spawn.json(&json!({"label": "x"})).send().await.unwrap()),
            ("introspect", holder.introspect(token).await.unwrap()),
            ("revoke", holder.revoke("n_AAAAAAAAAAAAAAAAAAAAAA").await.unwrap()),
        ] {
            assert_eq!(answer.status, 401, "{what} at {door}: {}", answer.text);
            assert!(answer.challenge.is_some(), "{what} at {door}");
        }
    }
    let answer = at.token((token, ACCESS_TOKEN), Some(key), &[]).await.unwrap();
    assert_eq!(said(&answer), (400, "invalid_grant"), "{what}: {}", answer.text);
}

/// Tokens of the issuer's that are of another kind, all else about them being right.
fn other_kinds(stage: &Stage) -> Vec<(String, String)> {
    let issuer = &stage.emulator().issuer;
    let token = Claims::new("support-agent", "tests", AUDIENCE).groups(&["shop-support"]);
    let token = issuer.token(&token).unwrap();
    let claims = Agent::new(&reqwest::Client::new(), "", &token).claims();
    let with = |more: Value| {
        let mut all = claims.as_object().unwrap().clone();
        all.extend(more.as_object().cloned().unwrap_or(Map::new()));
        Value::Object(all)
    };
    let mut kinds: Vec<(String, String)> = [
        "JWT",
        "logout+jwt",
        "secevent+jwt",
        "dpop+jwt",
        "txntoken+jwt",
        "approval+jwt",
        "spawn-ticket+jwt",
        "token-introspection+jwt",
    ]
    .map(|kind| (kind.to_owned(), issuer.sign(&json!({"typ": kind}), &claims).unwrap()))
    .into();
    for (what, more) in [
        ("an ID token, typed as an access token", json!({"nonce": "n"})),
        ("a logout token, typed as an access token", json!({"events": {"x": {}}})),
        ("a token for an ID", json!({"token_use": "id"})),
    ] {
        let token = issuer.sign(&json!({"typ": "at+jwt"}), &with(more)).unwrap();
        kinds.push((what.to_owned(), token));
    }
    kinds
}

#[test]
fn attack_10_a_token_of_another_kind_opens_no_door() {
    let stage = Stage::shared();
    stage.play(async {
        let key = Key::fresh().unwrap();
        for cloud in Cloud::ALL {
            let at = stage.at(cloud);
            for (kind, token) in other_kinds(&stage) {
                refused_everywhere(&format!("{kind} on {}", cloud.name()), &at, &token, &key).await;
            }
            let proof = key.proof(
                "POST",
                &format!("{}/v1/query", at.base(Function::Request)),
                None,
                None,
                None,
            );
            refused_everywhere("a proof", &at, &proof.unwrap(), &key).await;
            let root = stage.root(&at).await;
            let ticket = root.spawn(&Spawn::new("kind", &Wanted::Inherit)).await.unwrap();
            refused_everywhere("a ticket", &at, &ticket.ticket, &key).await;
        }
    });
}

#[test]
fn attack_11_a_token_of_one_cloud_is_nothing_at_the_other() {
    let stage = Stage::shared();
    stage.play(async {
        for (cloud, other) in [(Cloud::Aws, Cloud::Azure), (Cloud::Azure, Cloud::Aws)] {
            let root = stage.root(&stage.at(cloud)).await;
            let kid = child(&root, "kid").await;
            for agent in [&root, &kid] {
                let (at, key) = (stage.at(other), agent.key().unwrap());
                let what = format!("a token of {} at {}", cloud.name(), other.name());
                refused_everywhere(&what, &at, agent.token(), key).await;
            }
            // At home it is good, and nobody learns elsewhere that it is.
            assert_eq!(query(&kid).send().await.unwrap().status, 200);
            let there = stage.root(&stage.at(other)).await;
            let known = there.introspect(kid.token()).await.unwrap();
            assert_eq!(known.body, json!({"active": false}), "{}", known.text);
        }
    });
}

#[test]
fn attack_11_a_token_of_ours_for_another_audience_is_refused() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let (at, key) = (stage.at(cloud), Key::fresh().unwrap());
            let login = stage.login();
            let own = at.resource();
            for resource in [
                format!("{own}/"),
                own.replace("/v1", "/mcp"),
                own.replace("/v1", ""),
                own.to_uppercase(),
                stage.at(if cloud == Cloud::Aws { Cloud::Azure } else { Cloud::Aws }).resource(),
            ] {
                let answer = asked(&at, &key, &fields(&login, &resource)).await;
                assert_eq!(said(&answer), (400, "invalid_target"), "{resource}: {}", answer.text);
            }
        }
    });
}

/// 431 where headers are too much for any request, 401 where only the token is.
#[test]
fn attack_17_a_token_beyond_its_bounds_is_refused_at_the_door() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let at = stage.at(cloud);
            for (bytes, statuses) in [(9 * 1024, [401, 401]), (64 * 1024, [431, 431])] {
                let holder = Agent::holding(&at, &"a".repeat(bytes), None);
                let spawn = holder.call(Method::POST, Function::Token, "/v1/spawn");
                let spawn = spawn.json(&json!({"label": "x"})).send().await.unwrap();
                let met = [query(&holder).send().await.unwrap().status, spawn.status];
                assert_eq!(met, statuses, "{bytes} bytes on {}", cloud.name());
            }
            let long = "a".repeat(70 * 1024);
            let answer = at.token((&long, ACCESS_TOKEN), Some(&Key::fresh().unwrap()), &[]).await;
            assert_eq!(said(&answer.unwrap()), (400, "invalid_request"));
        }
    });
}

type Fields<'a> = Vec<(&'a str, &'a str)>;

/// A good request for a token.
fn fields<'a>(token: &'a str, resource: &'a str) -> Fields<'a> {
    vec![
        ("grant_type", EXCHANGE),
        ("subject_token", token),
        ("subject_token_type", ACCESS_TOKEN),
        ("resource", resource),
    ]
}

async fn asked(at: &Deployment, key: &Key, form: &Fields<'_>) -> Answer {
    let call = at.call(Method::POST, Function::Token, "/token", Some(key));
    call.form(form.iter().copied()).send().await.unwrap()
}

#[test]
fn attack_45_a_request_for_a_token_reads_one_way_only() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let (at, key) = (stage.at(cloud), Key::fresh().unwrap());
            let (login, resource) = (stage.login(), at.resource());
            let good = || fields(&login, &resource);
            let also = |more: &[(&'static str, &'static str)]| [good(), more.to_vec()].concat();
            let twice = |name: &str| {
                let pair = good().into_iter().find(|(other, _)| *other == name).unwrap();
                [good(), vec![pair]].concat()
            };
            let without = |name: &str| -> Fields<'_> {
                good().into_iter().filter(|(other, _)| *other != name).collect()
            };
            let mut forms = vec![
                ("another subject", also(&[("subject_token", "a.b.c")])),
                ("an empty second subject", also(&[("subject_token", "")])),
                ("the subject twice", twice("subject_token")),
                ("its type twice", twice("subject_token_type")),
                ("resource twice", twice("resource")),
                ("another resource", also(&[("resource", "https://else.example/v1")])),
                ("grant type twice", twice("grant_type")),
                ("an actor without its type", also(&[("actor_token", "a.b.c")])),
                ("an actor's type alone", also(&[("actor_token_type", ACCESS_TOKEN)])),
                ("a type of actor that is none", {
                    also(&[("actor_token", "a.b.c"), ("actor_token_type", "x")])
                }),
                (
                    "two actors",
                    also(&[
                        ("actor_token", "a.b.c"),
                        ("actor_token", "a.b.d"),
                        ("actor_token_type", ACCESS_TOKEN),
                    ]),
                ),
                (
                    "rights twice",
                    also(&[("authorization_details", "[]"), ("authorization_details", "[]")]),
                ),
                (
                    "rights that say it twice",
                    also(&[("authorization_details", r#"[{"type":"a","type":"b"}]"#)]),
                ),
                ("a scope", also(&[("scope", "admin")])),
                ("an audience", also(&[("audience", "x")])),
                (
                    "another kind of token wanted",
                    also(&[(
                        "requested_token_type",
                        "urn:ietf:params:oauth:token-type:refresh_token",
                    )]),
                ),
            ];
            for name in ["grant_type", "subject_token", "subject_token_type", "resource"] {
                forms.push(("something left out", without(name)));
            }
            for (what, form) in forms {
                let answer = asked(&at, &key, &form).await;
                let place = format!("{what} on {}: {}", cloud.name(), answer.text);
                assert_eq!(said(&answer), (400, "invalid_request"), "{place}");
            }
            assert_eq!(asked(&at, &key, &good()).await.status, 200);
        }
    });
}

#[test]
fn attack_45_parameters_are_in_a_form_and_nowhere_else() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let (at, key) = (stage.at(cloud), Key::fresh().unwrap());
            let (login, resource) = (stage.login(), at.resource());
            let good = fields(&login, &resource);
            let call = |path: &str| at.call(Method::POST, Function::Token, path, Some(&key));
            let object: Map<String, Value> =
                good.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
            let text = good.iter().map(|(name, value)| format!("{name}={value}"));
            let text = text.collect::<Vec<_>>().join("&").replace(':', "%3A").replace('/', "%2F");
            let (first, rest) = text.split_once('&').unwrap();
            let spelt = format!("{text}&%73ubject_token=a.b.c");
            for (what, call) in [
                ("JSON", call("/token").json(&Value::Object(object))),
                ("all in the address", call(&format!("/token?{text}")).form([])),
                ("one in the address", call("/token?resource=x").form(good.clone())),
                ("half in the address", call(&format!("/token?{first}")).form([("x", rest)])),
                ("a form that is called JSON", call("/token").bytes(text.clone().into_bytes())),
                ("a name spelt twice", form(&call("/token"), &spelt)),
                ("two kinds of body", {
                    call("/token").form(good.clone()).header("content-type", "application/json")
                }),
                ("a body of no kind", form(&call("/token"), "no pairs at all")),
            ] {
                let answer = call.send().await.unwrap();
                let place = format!("{what} on {}: {}", cloud.name(), answer.text);
                assert_eq!(said(&answer), (400, "invalid_request"), "{place}");
            }
        }
    });
}

/// A body of these bytes that is called a form.
fn form(call: &Call, text: &str) -> Call {
    let pairs: Vec<(String, String)> =
        url::form_urlencoded::parse(text.as_bytes()).into_owned().collect();
    call.clone().form(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}
