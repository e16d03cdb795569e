//! What a real PostgreSQL sends and takes, against the JSON that stands for it.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what fails here has failed the test"
)]

mod asked;
mod hostile;
mod random;
#[path = "../support/mod.rs"]
mod support;
mod values;

use std::{collections::BTreeSet, sync::Arc};

use masking::Cell;
use serde_json::Value;
use targets::postgres::{
    encode::{self, Raw, encode, showable},
    params,
};
use tokio_postgres::{Client, Row};

use support::Server;
use values::{REFUSED, TYPES, Text, VALUES};

/// A connection with the types of the tables, in settings that nobody would choose.
async fn odd() -> (Arc<Server>, Client) {
    let server = Server::shared();
    let client = server.connect().await;
    // Whichever test comes first makes them.
    client.execute("select pg_advisory_lock(1)", &[]).await.unwrap();
    let mood = client.query_opt("select 1 from pg_type where typname = 'mood'", &[]).await;
    if mood.unwrap().is_none() {
        client.batch_execute(TYPES).await.unwrap();
    }
    client.execute("select pg_advisory_unlock(1)", &[]).await.unwrap();
    (server, client)
}

/// One in which PostgreSQL's own text is the closest to ours.
async fn plain(server: &Server) -> Client {
    let client = server.connect().await;
    client
        .batch_execute(
            "set datestyle = iso; set timezone = utc; set intervalstyle = iso_8601;
             set extra_float_digits = 1",
        )
        .await
        .unwrap();
    client
}

fn first(row: &Row) -> Result<String, encode::Error> {
    let Raw(raw) = row.try_get(0).unwrap();
    encode(row.columns()[0].type_(), raw).map(json)
}

fn json(cell: Cell<'_>) -> String {
    match cell {
        Cell::Null => "null".into(),
        Cell::Bool(value) => value.to_string(),
        Cell::Json(text) | Cell::Number(text) => text.into_owned(),
        Cell::Text(text) => Value::from(text).to_string(),
    }
}

#[tokio::test]
async fn every_value_becomes_the_json_that_stands_for_it() {
    let (_server, client) = odd().await;
    for (sql, wanted, _) in VALUES {
        let row = client.query_one(&format!("select {sql}"), &[]).await.unwrap();
        assert_eq!(showable(row.columns()[0].type_()), Ok(()), "{sql}");
        assert_eq!(first(&row).as_deref(), Ok(*wanted), "{sql}");
        assert!(serde_json::from_str::<Value>(wanted).is_ok(), "{sql}");
    }
}

#[tokio::test]
async fn every_value_reads_as_postgresql_itself_prints_it() {
    let (server, client) = odd().await;
    let plain = plain(&server).await;
    for (sql, wanted, text) in VALUES {
        let query = match text {
            Text::Json => format!("select to_jsonb({sql})::text"),
            _ => format!("select ({sql})::text"),
        };
        if *text == Text::Other {
            continue;
        }
        let theirs: String = plain.query_one(&query, &[]).await.unwrap().get(0);
        let ours = first(&client.query_one(&format!("select {sql}"), &[]).await.unwrap()).unwrap();
        assert!(same(&ours, &theirs, *text), "{sql}: {ours} and {theirs}, not {wanted}");
    }
}

fn same(ours: &str, theirs: &str, text: Text) -> bool {
    let value: Value = serde_json::from_str(ours).unwrap();
    let bare = value.as_str().unwrap_or(ours);
    match text {
        Text::Json => value == serde_json::from_str::<Value>(theirs).unwrap(),
        Text::Moment => bare == moment(theirs),
        Text::Number => {
            bare.parse::<f64>().unwrap().to_bits() == theirs.parse::<f64>().unwrap().to_bits()
        }
        Text::Other => true,
        // A JSON string in a json column keeps its quotes.
        Text::Same => bare == theirs || ours == theirs,
    }
}

fn moment(theirs: &str) -> String {
    let (head, era) = theirs.strip_suffix(" BC").map_or((theirs, ""), |head| (head, " BC"));
    format!("{}{era}", head.replacen(' ', "T", 1).replacen("+00", "Z", 1))
}

#[tokio::test]
async fn what_an_answer_says_can_be_asked_about() {
    let (_server, client) = odd().await;
    let mut not_taken = BTreeSet::new();
    for (sql, wanted, _) in VALUES {
        let statement = client.prepare(&format!("select {sql}")).await.unwrap();
        let ty = statement.columns()[0].type_();
        let name = format!("\"{}\".\"{}\"", ty.schema(), ty.name());
        let query = format!(
            "select $1::{name}, $1::{name}::text is not distinct from ({sql})::{name}::text"
        );
        let statement = client.prepare(&query).await.unwrap();
        let value: Value = serde_json::from_str(wanted).unwrap();
        match params::bind(&[value], statement.params()) {
            Err(params::Error::Type { wanted, .. }) => drop(not_taken.insert(wanted)),
            Err(error) => panic!("{sql}: {error}"),
            Ok(params) => {
                let row = client.query_one(&statement, &slice(&params)).await;
                let row = row.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
                let (ours, whole) = (first(&row).unwrap(), row.get::<_, Option<bool>>(1));
                if !LESS.contains(sql) {
                    assert_eq!((ours.as_str(), whole), (*wanted, Some(true)), "{sql}");
                }
            }
        }
    }
    assert_eq!(not_taken.into_iter().collect::<Vec<_>>(), ["int2vector", "pg_lsn", "tid"]);
}

/// Of these an answer says less than PostgreSQL knows: where an array begins, a key that stands twice,
/// and which of the two nulls.
const LESS: [&str; 3] =
    ["'[5:6]={1,2}'::int4[]", r#"'{"a": [1, 2.50, null], "a": 1e2 }'::json"#, "'null'::jsonb"];

fn slice(params: &[params::Param]) -> Vec<&(dyn tokio_postgres::types::ToSql + Sync)> {
    params.iter().map(|param| param as _).collect()
}

#[tokio::test]
async fn a_type_without_a_faithful_shape_is_refused_by_its_name() {
    let (_server, client) = odd().await;
    for (sql, name) in REFUSED {
        let row = client.query_one(&format!("select {sql}"), &[]).await.unwrap();
        let refused = encode::Error::Type((*name).into());
        assert_eq!(showable(row.columns()[0].type_()), Err(refused.clone()), "{sql}");
        assert_eq!(first(&row), Err(refused), "{sql}");
    }
}
