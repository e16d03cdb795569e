//! Values nobody would think of, to PostgreSQL and back.

use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio_postgres::Client;

use crate::{asked::echo, odd};

/// Text that has what literals are made of.
fn awkward() -> impl Strategy<Value = String> {
    let part = prop_oneof![prop::sample::select(SIGNS).prop_map(String::from), "[^\0]"];
    prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
}

const SIGNS: &[&str] =
    &["\"", "\\", "{", "}", "(", ")", "[", "]", ",", "NULL", " ", "=>", "'", "é", "\n"];

/// Runs a property whose cases ask the server.
async fn check<S>(strategy: S, case: impl Fn(S::Value, &Handle, &Client) + Send + 'static)
where
    S: Strategy + Send + 'static,
{
    let (server, client) = odd().await;
    let handle = Handle::current();
    let run = move || {
        let config = Config { cases: 128, failure_persistence: None, ..Config::default() };
        let run = TestRunner::new(config).run(&strategy, |value| {
            case(value, &handle, &client);
            Ok(())
        });
        run.unwrap();
    };
    tokio::task::spawn_blocking(run).await.unwrap();
    drop(server);
}

#[tokio::test]
async fn no_text_breaks_out_of_its_part() {
    let person = (awkward(), prop::collection::vec(prop::option::of(awkward()), 1..4));
    check(person, |(name, streets), handle, client| {
        let homes: Vec<Value> = streets
            .iter()
            .map(|street| {
                street.as_ref().map_or(
                    Value::Null,
                    |street| json!({"Zip code": null, "mood": "so \"so\"", "street": street}),
                )
            })
            .collect();
        let sent = json!({
            "id": "1", "name": name, "homes": homes, "born": null, "card": null,
            "a\"b": {name.as_str(): streets},
        });
        let ours = handle.block_on(echo(client, "person", sent.clone())).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&ours).unwrap(), sent);
        let range = json!({"lower": name, "upper": null, "lower_inc": true, "upper_inc": false});
        let ours = handle.block_on(echo(client, "texts[]", json!([range]))).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&ours).unwrap(), json!([range]));
        let pairs = json!({name.as_str(): streets[0], "other": name});
        let ours = handle.block_on(echo(client, "hstore", pairs.clone())).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&ours).unwrap(), pairs);
    })
    .await;
}

#[tokio::test]
async fn floats_come_back_bit_by_bit() {
    let floats = (prop::num::f64::ANY, prop::num::f32::ANY);
    check(floats, |(double, single), handle, client| {
        if let Some(number) = serde_json::Number::from_f64(double) {
            let ours = handle.block_on(echo(client, "float8", number.into())).unwrap();
            assert_eq!(ours.parse::<f64>().unwrap().to_bits(), double.to_bits(), "{ours}");
        }
        if let Ok(number) = single.to_string().parse::<serde_json::Number>() {
            let ours = handle.block_on(echo(client, "float4", number.into())).unwrap();
            assert_eq!(ours.parse::<f32>().unwrap().to_bits(), single.to_bits(), "{ours}");
        }
    })
    .await;
}

#[tokio::test]
async fn numeric_keeps_every_digit() {
    check(
        "-?[1-9][0-9]{0,40}(\\.[0-9]{1,40})?|0\\.0{0,12}[1-9]{0,9}[1-9]",
        |text, handle, client| {
            let ours = handle.block_on(echo(client, "numeric", json!(text))).unwrap();
            assert_eq!(ours, json!(text).to_string());
        },
    )
    .await;
}

#[tokio::test]
async fn moments_and_intervals_are_those_that_postgresql_prints() {
    let counts = (-210_000_000_000_i64..9_000_000_000_000, any::<i32>(), -2_451_545..2_145_000_000);
    check(counts, |(seconds, months, day), handle, client| {
        let sql = format!(
            "select t::text, i::text, (date '2000-01-01' + {day})::text from (select
             timestamp 'epoch' + {seconds} * interval '1.000001 s' t,
             make_interval(months => {months}, days => {day}, secs => {seconds} / 7.0) i) x"
        );
        let plain = "set datestyle = iso; set intervalstyle = iso_8601";
        handle.block_on(client.batch_execute(plain)).unwrap();
        let row = handle.block_on(client.query_one(&sql, &[])).unwrap();
        let odd = "set datestyle = 'sql,dmy'; set intervalstyle = sql_standard";
        handle.block_on(client.batch_execute(odd)).unwrap();
        let texts: [String; 3] = std::array::from_fn(|at| row.get(at));
        for (ty, text) in ["timestamp", "interval", "date"].into_iter().zip(texts) {
            let ours = handle.block_on(echo(client, ty, json!(text))).unwrap();
            let wanted = if ty == "timestamp" { text.replacen(' ', "T", 1) } else { text };
            assert_eq!(ours, json!(wanted).to_string());
        }
    })
    .await;
}
