//! Attack 46, on the real functions: nobody can say whether a token was revoked or a proof used.

use local_emulator::{
    agent::{Agent, Deployment, Function, Key, Spawn, Wanted},
    emulator::Cloud,
    lambda::Config,
};
use rusqlite::Connection;

use crate::stage::{Stage, child, reads, refusal, said};

/// What says nothing about anybody is said all the same.
async fn public(at: &Deployment) {
    for (function, path) in [
        (Function::Request, "/healthz"),
        (Function::Token, "/healthz"),
        (Function::Token, "/.well-known/jwks.json"),
        (Function::Token, "/.well-known/oauth-authorization-server"),
    ] {
        let answer = at.call(reqwest::Method::GET, function, path, None).send().await.unwrap();
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    }
}

#[test]
fn attack_46_where_the_store_takes_nothing_nothing_is_run_or_issued() {
    let stage = Stage::own();
    stage.play(async {
        for cloud in Cloud::ALL {
            let root = stage.root(&stage.at(cloud)).await;
            let ticket = root.spawn(&Spawn::new("kid", &Wanted::Inherit)).await.unwrap();
            assert_eq!(reads(&root).await.status, 200);
            let locked = Connection::open(stage.emulator().ledger(cloud)).unwrap();
            locked.execute_batch("BEGIN IMMEDIATE").unwrap();

            let answer = reads(&root).await;
            assert_eq!(answer.status, 503, "{}", answer.text);
            assert!(answer.body.get("rows").is_none());
            let key = Key::fresh().unwrap();
            for (what, answer) in [
                ("an exchange", refusal(root.at().exchange(&stage.login(), &key, None).await)),
                ("a renewal", refusal(root.renew().await)),
                ("a ticket", refusal(root.at().redeem(&ticket.ticket, Some(&key)).await)),
            ] {
                let place = format!("{what} on {}: {}", cloud.name(), answer.text);
                assert_eq!(said(&answer), (503, "temporarily_unavailable"), "{place}");
            }
            let answer = refusal(root.spawn(&Spawn::new("more", &Wanted::Inherit)).await);
            assert_eq!(answer.status, 503, "{}", answer.text);
            let answer = root.revoke(&root.node()).await.unwrap();
            assert_eq!(answer.status, 503, "{}", answer.text);
            public(root.at()).await;
            drop(locked);

            assert_eq!(reads(&root).await.status, 200);
            assert!(
                root.at().redeem(&ticket.ticket, Some(&key)).await.is_ok(),
                "it was not used up"
            );
        }
    });
}

/// A store that is not there at all: what is believed by its signature alone is not enough.
#[test]
fn attack_46_where_the_store_cannot_be_reached_nothing_is_run_or_issued() {
    let stage = Stage::own();
    stage.play(async {
        let root = stage.root(&stage.at(Cloud::Aws)).await;
        let kid = child(&root, "kid").await;
        let gone = |config: &mut Config| {
            let state = [
                ("POSTERN_STATE", "dynamodb:postern"),
                ("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1"),
            ];
            config.env.extend(state.map(|(name, value)| (name.to_owned(), value.to_owned())));
        };
        let request = stage.emulator().also_on_lambda(gone).await.unwrap();
        let token = stage.emulator().token_also_on_lambda(gone).await.unwrap();
        let at = stage.at(Cloud::Aws).reached_at(Function::Request, &request.url());
        let at = at.reached_at(Function::Token, &token.url());
        let there = Agent::holding(&at, kid.token(), kid.key().cloned());
        let answer = reads(&there).await;
        assert_eq!(answer.status, 503, "{}", answer.text);
        let answer = refusal(there.renew().await);
        assert_eq!(said(&answer), (503, "temporarily_unavailable"), "{}", answer.text);
        let answer = refusal(there.spawn(&Spawn::new("more", &Wanted::Inherit)).await);
        assert_eq!(answer.status, 503, "{}", answer.text);
        let login = Agent::holding(&at, &stage.login(), None);
        assert_eq!(reads(&login).await.status, 503);
        public(&at).await;
        assert_eq!(reads(&kid).await.status, 200, "where there is a store");
        request.stop().await;
        token.stop().await;
    });
}
