//! The catalogue, as the driver reads it with a target's own login.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use catalogue::Catalogue;
use credentials::{Fetched, Secret, SecretStore, StoreError, Vault};
use policy::{Policies, SourceFile, Targets};
use request::{Clock, Later, Millis, SecretName, TargetName};
use targets::{Driver as _, postgres::Postgres};

use crate::{door::agent, server::Server};

/// The time in all tests, in milliseconds.
pub(crate) const NOW: Millis = Millis(1_800_000_000_000);

/// A clock that stands still.
pub(crate) struct Still;

impl Clock for Still {
    fn now(&self) -> Millis {
        NOW
    }
}

/// What the role `oracle` sees, with names looked up in this schema.
pub(crate) async fn catalogue(server: &Server, schema: &str) -> Catalogue {
    let text = TARGETS.replace("{port}", &server.postgres.port().to_string());
    let text = text.replace("{schema}", schema);
    let authority = |_: &str| Some(server.authority.clone());
    let targets = Targets::parse("targets.toml", &text, &authority).unwrap();
    let open = SourceFile { name: "policies.cedar".into(), text: OPEN.into() };
    let policies = Arc::new(Policies::load(targets, &[open]).unwrap());
    let target = TargetName::new("regression").unwrap();
    let permit = policy::admit(agent("ada").known(), &target, &policies).unwrap();
    let vault = Vault::new(Arc::new(Safe));
    let driver = Postgres::new(Arc::new(std::iter::empty().collect()));
    let mut lent = credentials::lend(&permit, &vault).await.unwrap();
    let draft = driver.survey(&mut lent, LONGEST).await.unwrap();
    Catalogue::of(draft).unwrap()
}

/// Holds the login of the one role.
struct Safe;

impl SecretStore for Safe {
    fn fetch<'a>(&'a self, _: &'a SecretName) -> Later<'a, Result<Fetched, StoreError>> {
        let login = BTreeMap::from([("username", "oracle"), ("password", "hunter2-correct-horse")]);
        let login = serde_json::to_string(&login).unwrap();
        Box::pin(async { Ok(Fetched { secret: Secret::new(login.into()), version: "v1".into() }) })
    }
}

/// A role that may log in, and no more than everybody.
pub(crate) const ROLE: &str = "CREATE ROLE oracle LOGIN NOINHERIT PASSWORD 'hunter2-correct-horse'; \
                               GRANT CONNECT ON DATABASE shop TO oracle; \
                               DROP OWNED BY orders_agent, payroll_agent; \
                               DROP SCHEMA public CASCADE; CREATE SCHEMA public; \
                               GRANT USAGE ON SCHEMA public TO oracle";

const TARGETS: &str = r#"
    [targets.regression]
    kind = "postgres"
    host = "localhost"
    port = {port}
    database = "shop"
    authority = "ca.pem"
    secret = "login"
    schema = "{schema}"
"#;

const OPEN: &str = r#"@id("open") permit(principal, action, resource);"#;

const LONGEST: Duration = Duration::from_secs(20);
