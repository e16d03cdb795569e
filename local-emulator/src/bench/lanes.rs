//! The ways by which the same question is asked, side by side.

use std::time::{Duration, Instant};

use reqwest::{Client, RequestBuilder};
use tokio_postgres::{Statement, types::ToSql};

use super::{Error, question::Question};
use crate::{
    configuration::AUDIENCE,
    emulator::{Cloud, Emulator},
    issuer::Claims,
    postgres, story,
};

/// One of the ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Lane {
    /// `GET /healthz`: the platform and HTTP, without anything that is ours.
    Health(Cloud),
    /// `tokio-postgres`, the statement prepared for each call.
    PerCall,
    /// `tokio-postgres`, the statement prepared once.
    Prepared,
    /// `POST /v1/query`.
    Query(Cloud),
    /// The same, the statement that shows no tagged column.
    Untagged(Cloud),
}

/// What all of them need, open and warm.
pub(super) struct Lanes {
    plain: tokio_postgres::Client,
    http: Client,
    token: String,
    urls: [(Cloud, String); 2],
}

impl Lanes {
    /// A connection to the database under the functions' own role, and an agent with a token.
    pub(super) async fn open(on: &Emulator) -> Result<Self, Error> {
        let mut claims = Claims::new("bench", "bench", AUDIENCE).groups(&["shop-reporting"]);
        claims.lifetime = Duration::from_mins(50);
        Ok(Self {
            plain: on.postgres.connect(postgres::ORDERS_AGENT, &on.passwords.orders_agent).await?,
            http: story::client()?,
            token: on.issuer.token(&claims)?,
            urls: Cloud::ALL.map(|cloud| (cloud, on.url(cloud))),
        })
    }

    /// Prepares a question for [`Lane::Prepared`].
    pub(super) async fn prepare(&self, question: &Question) -> Result<Statement, Error> {
        Ok(self.plain.prepare(question.statement).await?)
    }

    /// Asks once, and says how long it took until all of the answer was there, as bytes: nobody reads
    /// its cells in that time, neither here nor there. Then looks whether the answer is right.
    pub(super) async fn go(
        &self,
        lane: Lane,
        question: &Question,
        prepared: &Statement,
        round: u32,
    ) -> Result<Duration, Error> {
        match lane {
            Lane::Health(cloud) => self.health(cloud).await,
            Lane::PerCall => self.plain(question, None, round).await,
            Lane::Prepared => self.plain(question, Some(prepared), round).await,
            Lane::Query(cloud) => self.query(cloud, question, round, true).await,
            Lane::Untagged(cloud) => self.query(cloud, question, round, false).await,
        }
    }

    /// Asks a function.
    pub(super) async fn query(
        &self,
        cloud: Cloud,
        question: &Question,
        round: u32,
        tagged: bool,
    ) -> Result<Duration, Error> {
        let body = question.body(round, tagged);
        let request = self.http.post(format!("{}/v1/query", self.url(cloud)));
        let request = request.header("content-type", "application/json").body(body);
        let (time, status, body) = timed(request.bearer_auth(&self.token)).await?;
        match question.flaw(round, tagged, status, &body) {
            None => Ok(time),
            Some(what) => Err(wrong(question, cloud.name(), what)),
        }
    }

    async fn health(&self, cloud: Cloud) -> Result<Duration, Error> {
        let request = self.http.get(format!("{}/healthz", self.url(cloud)));
        let (time, status, _) = timed(request).await?;
        let asked = || format!("/healthz on {}", cloud.name());
        let right = (status == 200).then_some(time);
        right.ok_or_else(|| Error::Wrong { asked: asked(), what: status.to_string() })
    }

    async fn plain(
        &self,
        question: &Question,
        prepared: Option<&Statement>,
        round: u32,
    ) -> Result<Duration, Error> {
        let params = question.params(round);
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|one| one as _).collect();
        let began = Instant::now();
        let rows = match prepared {
            Some(prepared) => self.plain.query(prepared, &params).await?,
            None => {
                let fresh = self.plain.prepare(question.statement).await?;
                self.plain.query(&fresh, &params).await?
            }
        };
        let time = began.elapsed();
        let right = (rows.len() == question.count()).then_some(time);
        right.ok_or_else(|| wrong(question, "plain", format!("{} rows", rows.len())))
    }

    fn url(&self, cloud: Cloud) -> &str {
        self.urls.iter().find(|(of, _)| *of == cloud).map_or("", |(_, url)| url)
    }
}

async fn timed(request: RequestBuilder) -> Result<(Duration, u16, Vec<u8>), Error> {
    let began = Instant::now();
    let response = request.send().await?;
    let status = response.status().as_u16();
    let body = response.bytes().await?;
    Ok((began.elapsed(), status, body.into()))
}

fn wrong(question: &Question, by: &str, what: String) -> Error {
    Error::Wrong { asked: format!("{}, {by}", question.title), what }
}
