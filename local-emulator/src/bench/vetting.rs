//! What it takes to vet a statement, by its class: in this process, beside the parser alone.

mod cases;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use catalogue::Catalogue;
use identity::{Chain, FetchError, Issuers, KeySource, Verified, Verifier};
use policy::{Permit, Policies, SourceFile, Targets};
use request::{
    Bearer, Clock, Later, Millis, Over, Params, Presented, Scheme, Statement, TargetName,
};
use serde::Serialize;
use serde_json::json;
use vetting::Readings;

use super::{
    Effort, Error,
    cpu::timed,
    spread::{Spread, rounded},
};
use crate::key::Key;
use cases::Case;

/// What was measured of vetting.
#[derive(Debug, Serialize)]
pub(super) struct Vetting {
    pub(super) rounds: u32,
    pub(super) classes: Vec<Class>,
}

/// One statement on one target.
#[derive(Debug, Serialize)]
pub(super) struct Class {
    pub(super) class: &'static str,
    /// Where the target's masks are put in.
    pub(super) mode: &'static str,
    pub(super) bytes: usize,
    /// `pg_query::parse` and nothing else.
    pub(super) parse: Spread,
    /// [`vetting::look`]: parsed, resolved, held against the rules.
    pub(super) look: Spread,
    /// [`vetting::vet`]: judged by one policy, masks put in, parsed and resolved once more.
    pub(super) vet: Spread,
    /// Both.
    pub(super) all: Spread,
    /// Both over the parser alone.
    pub(super) ratio_p50: f64,
    /// Both, of what the same session asked before.
    pub(super) again: Spread,
}

impl Vetting {
    /// For people to read, with what the figures were meant to be.
    pub(super) fn table(&self) -> String {
        let title = format!("Vetting, one core, {} times each, µs", self.rounds);
        let head = ["parse", "look", "vet", "p50", "p99", "× parse", "again", "p99"];
        let head: String = head.iter().map(|word| format!("{word:>9}")).collect();
        let mut lines = vec![String::new(), format!("{title:<42}{head}")];
        for one in &self.classes {
            let what = format!("{}, masked in the {}", one.class, one.mode);
            let times = [one.parse, one.look, one.vet, one.all].map(|spread| us(spread.p50_ms));
            let times: String = times.iter().map(|time| format!("{time:>9}")).collect();
            let (p99, ratio) = (us(one.all.p99_ms), one.ratio_p50);
            let [again, again_p99] = [one.again.p50_ms, one.again.p99_ms].map(us);
            let again = format!("{again:>9}{again_p99:>9}");
            lines.push(format!("  {what:<40}{times}{p99:>9}{ratio:>9.2}{again}"));
        }
        lines.push(self.aim("any statement up to 1 KB, p99", |one| one.all));
        lines.push(self.aim("the same, asked again, p99", |one| one.again));
        lines.join("\n")
    }

    fn aim(&self, what: &str, time: impl Fn(&Class) -> Spread) -> String {
        let short = self.classes.iter().filter(|one| one.bytes <= 1024);
        let dearest = us(short.map(|one| time(one).p99_ms).fold(0.0, f64::max));
        let verdict = if dearest <= AIM { "met" } else { "missed" };
        format!("  {verdict:<8}{what:<50}{dearest:>8} ≤ {AIM} µs")
    }
}

/// Vets every statement on both targets, in turn.
pub(super) async fn measure(effort: Effort) -> Result<Vetting, Error> {
    let (stand, rounds) = (Stand::new()?, effort.of(ROUNDS));
    let mut classes = Vec::new();
    for case in cases::ALL {
        for mode in ["result", "source"] {
            classes.push(stand.class(case, mode, rounds).await?);
        }
    }
    Ok(Vetting { rounds, classes })
}

/// Somebody with a token, what is permitted to them, and the catalogue of the database.
struct Stand {
    verifier: Verifier,
    token: String,
    policies: Arc<Policies>,
    catalogue: Arc<Catalogue>,
}

/// How long the parser took, the two halves of vetting, and both of what was asked before.
type Round = [Duration; 4];

impl Stand {
    fn new() -> Result<Self, Error> {
        let key = Key::fresh().map_err(wrong)?;
        let issuers = Issuers::parse("issuers.toml", ISSUERS).map_err(wrong)?;
        let keys = Arc::new(Keys(key.set().to_string().into_bytes()));
        let verifier = Verifier::new(issuers, keys, Arc::new(Wall), BTreeMap::new());
        let targets = Targets::parse("targets.toml", cases::TARGETS, &|_| None).map_err(wrong)?;
        let file = SourceFile { name: "open.cedar".into(), text: cases::POLICY.into() };
        Ok(Self {
            verifier: verifier.map_err(wrong)?,
            token: token(&key)?,
            policies: Arc::new(Policies::load(targets, &[file]).map_err(wrong)?),
            catalogue: cases::catalogue().ok_or_else(|| wrong("no catalogue"))?,
        })
    }

    async fn class(&self, case: &Case, mode: &'static str, rounds: u32) -> Result<Class, Error> {
        let warm_up = rounds.div_ceil(10).max(3);
        let (mut times, readings): ([Vec<Duration>; 5], _) = Default::default();
        for round in 0..warm_up + rounds {
            let permits = [self.permit(mode).await?, self.permit(mode).await?];
            let [parse, look, vet, again] = self.round(case, permits, &readings)?;
            if round >= warm_up {
                let all = [parse, look, vet, look + vet, again];
                times.iter_mut().zip(all).for_each(|(times, time)| times.push(time));
            }
        }
        let [parse, look, vet, all, again] = times.map(Spread::of);
        let ratio_p50 = rounded(all.p50_ms / parse.p50_ms);
        let bytes = case.text.len();
        Ok(Class { class: case.class, mode, bytes, parse, look, vet, all, ratio_p50, again })
    }

    fn round(
        &self,
        case: &Case,
        [first, second]: [Permit; 2],
        readings: &Readings,
    ) -> Result<Round, Error> {
        let (parsed, parse) = timed(|| pg_query::parse(case.text, 0));
        parsed.map_err(wrong)?;
        let (statement, params) = case.asked()?;
        let (looked, look) =
            timed(|| vetting::look(statement, params, first, &self.catalogue).map_err(wrong));
        let looked = looked?;
        let (vetted, vet) = timed(|| vetting::vet(looked, None, false));
        vetted.map_err(wrong)?;
        let (statement, params) = case.asked()?;
        let (vetted, again) = timed(|| {
            let looked = readings.look(statement, params, second, &self.catalogue)?;
            vetting::vet(looked, None, false)
        });
        vetted.map_err(wrong)?;
        Ok([parse, look, vet, again])
    }

    /// A permit is good for one statement, and so is whoever it is made out to.
    async fn permit(&self, target: &str) -> Result<Permit, Error> {
        let over = Over { method: "POST".into(), path: "/v1/query".into(), body: None };
        let token = Bearer::new(self.token.clone());
        let shown = Presented { scheme: Scheme::Bearer, token, proof: None, over };
        let who: Verified<Chain> = identity::verify(&shown, &self.verifier).await.map_err(wrong)?;
        let target = TargetName::new(target).map_err(wrong)?;
        policy::admit(who, &target, &self.policies).map_err(wrong)
    }
}

fn token(key: &Key) -> Result<String, Error> {
    let now = Wall.now().seconds();
    let claims = json!({
        "iss": "https://login.example", "aud": "https://postern.example", "sub": "bench",
        "client_id": "bench", "jti": "t-1", "groups": ["analysts"],
        "iat": now - 10, "nbf": now - 10, "exp": now + 3000,
    });
    let header = json!({"alg": "ES256", "kid": key.thumbprint(), "typ": "at+jwt"});
    key.sign(&header, &claims).map_err(wrong)
}

/// The key set that the issuer publishes.
struct Keys(Vec<u8>);

impl KeySource for Keys {
    fn fetch<'a>(&'a self, _: &'a str) -> Later<'a, Result<Vec<u8>, FetchError>> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}

/// The wall clock.
struct Wall;

impl Clock for Wall {
    fn now(&self) -> Millis {
        let now = time::OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000;
        Millis(u64::try_from(now).unwrap_or_default())
    }
}

impl Case {
    fn asked(&self) -> Result<(Statement, Params), Error> {
        let params = vec![json!(7); self.params];
        Ok((Statement::new(self.text).map_err(wrong)?, Params::new(params).map_err(wrong)?))
    }
}

fn us(ms: f64) -> f64 {
    (ms * 1e3).round()
}

fn wrong(what: impl ToString) -> Error {
    Error::Wrong { asked: "vetting".to_owned(), what: what.to_string() }
}

const ISSUERS: &str = r#"
    [issuers.corp]
    issuer = "https://login.example"
    jwks_uri = "https://login.example/jwks"
    audience = ["https://postern.example"]
    algorithms = ["ES256"]
    types = ["at+jwt"]
    max_lifetime_s = 3600
"#;

const ROUNDS: u32 = 1000;

/// In microseconds.
const AIM: f64 = 250.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_statement_is_vetted_in_both_modes() {
        let vetting = measure(Effort::Quick).await.unwrap();
        assert_eq!(vetting.classes.len(), cases::ALL.len() * 2);
        assert!(vetting.classes.iter().all(|one| one.bytes <= 1024), "no statement is longer");
        assert!(vetting.table().lines().count() > vetting.classes.len());
    }
}
