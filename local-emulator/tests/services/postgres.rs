//! The database, as whoever connects with an agent's password finds it.

use std::{
    sync::{Arc, Mutex, PoisonError, Weak},
    time::{Duration, Instant},
};

use local_emulator::{
    ca::Authority,
    postgres::{DATABASE, ORDERS_AGENT, PAYROLL_AGENT, Passwords, Postgres},
    process::Log,
};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, NoTls, config::SslMode};

use crate::child;

struct Server {
    postgres: Postgres,
    passwords: Passwords,
    log: Log,
}

impl Server {
    async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let authority = Authority::new(folder.path()).unwrap();
        let (passwords, log) = (Passwords::canaries(), Log::default());
        let postgres = Postgres::start(&authority, &passwords, &log).await.unwrap();
        Self { postgres, passwords, log }
    }

    async fn orders_agent(&self) -> Client {
        self.postgres.connect(ORDERS_AGENT, &self.passwords.orders_agent).await.unwrap()
    }

    async fn payroll_agent(&self) -> Client {
        self.postgres.connect(PAYROLL_AGENT, &self.passwords.payroll_agent).await.unwrap()
    }
}

/// A server for the tests that leave it as they found it, gone with the last of them.
struct Shared {
    server: Server,
    // After the server, which needs it to the end.
    runtime: Runtime,
}

static SHARED: Mutex<Weak<Shared>> = Mutex::new(Weak::new());

impl Shared {
    fn get() -> Arc<Self> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let runtime =
                Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
            let new = Arc::new(Self { server: runtime.block_on(Server::start()), runtime });
            *shared = Arc::downgrade(&new);
            new
        })
    }

    fn run<T>(test: impl AsyncFnOnce(&Server) -> T) -> T {
        let shared = Self::get();
        shared.runtime.block_on(test(&shared.server))
    }
}

async fn one<T: for<'a> tokio_postgres::types::FromSql<'a>>(client: &Client, query: &str) -> T {
    client.query_one(query, &[]).await.unwrap_or_else(|error| panic!("{query}: {error:?}")).get(0)
}

async fn state(client: &Client, statement: &str) -> String {
    match client.batch_execute(statement).await {
        Ok(()) => "done".to_owned(),
        Err(error) => error.code().map_or("closed", |code| code.code()).to_owned(),
    }
}

#[test]
fn the_shop_is_there_and_holds_what_it_says() {
    Shared::run(async |server| {
        let all = server.postgres.superuser().await.unwrap();
        for (table, rows) in [
            ("customers", 200),
            ("orders", 2000),
            ("salaries", 40),
            ("documents", 60),
            ("samples", 4),
            ("bulk", 10_000),
        ] {
            assert_eq!(
                one::<i64>(&all, &format!("SELECT count(*) FROM {table}")).await,
                rows,
                "{table}"
            );
        }
        for query in [CARDS, SSNS, KINDS, "SELECT count(DISTINCT status) = 5 FROM orders"] {
            assert!(one::<bool>(&all, query).await, "{query}");
        }
        // The same on every machine and in every run.
        let same = "SELECT md5(string_agg(c::text, '' ORDER BY id)) FROM customers AS c";
        assert_eq!(one::<String>(&all, same).await, "505bbd0c999ad7be554ebb416585c828");
    });
}

/// Luhn's sum over the whole number, check digit included.
const CARDS: &str = "
    SELECT bool_and(rest = 0) FROM (
      SELECT sum(CASE WHEN at % 2 = 0 THEN d WHEN d > 4 THEN 2 * d - 9 ELSE 2 * d END) % 10 AS rest
      FROM customers, generate_series(0, length(card) - 1) AS at,
      LATERAL (SELECT substr(reverse(card), at + 1, 1)::int AS d) AS digit GROUP BY id) AS sums";

const SSNS: &str = "
    SELECT bool_and(ssn ~ '^(?!000|666|9)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}$')
    FROM (SELECT ssn FROM customers UNION ALL SELECT ssn FROM bulk UNION ALL SELECT ssn FROM salaries) AS all_ssns";

/// Free text holds an address, a card, a number of the state, a token and a key somewhere.
const KINDS: &str = "
    SELECT bool_or(notes ~ '@example') AND bool_or(notes ~ '4111 11') AND bool_or(notes ~ 'SSN \\d{3}-')
       AND bool_or(notes ~ 'ghp_') AND bool_or(notes ~ 'AKIA') AND bool_or(notes ~ 'eyJ')
       AND bool_or(notes ~ 'AccountKey=') AND bool_or(notes ~ 'PRIVATE KEY') AND bool_or(notes IS NULL)
    FROM customers";

#[test]
fn each_agent_may_do_what_it_was_given_and_nothing_else() {
    Shared::run(async |server| {
        let (orders, payroll) = (server.orders_agent().await, server.payroll_agent().await);
        for table in ["customers", "orders", "documents", "samples", "bulk"] {
            let read = format!("SELECT count(*) FROM {table}");
            assert!(one::<i64>(&orders, &read).await > 0);
            assert_eq!(state(&payroll, &read).await, "42501", "{table}");
        }
        assert_eq!(state(&orders, "SELECT * FROM salaries").await, "42501");
        assert_eq!(one::<i64>(&payroll, "SELECT count(*) FROM salaries").await, 40);
        for refused in [
            "UPDATE customers SET name = ''",
            "DELETE FROM documents",
            "TRUNCATE orders",
            "DROP TABLE orders",
            "CREATE TABLE mine (id int)",
            "CREATE TEMP TABLE mine (id int)",
            "CREATE SCHEMA mine",
            "SET ROLE payroll_agent",
            "SELECT pg_read_file('postgresql.conf')",
            "COPY orders TO PROGRAM 'true'",
        ] {
            assert_eq!(state(&orders, refused).await, "42501", "{refused}");
        }
    });
}

#[test]
fn an_order_is_placed_changed_and_deleted() {
    Shared::run(async |server| {
        let orders = server.orders_agent().await;
        let placed = "INSERT INTO orders (customer_id, item, amount) VALUES (7, 'kettle', 29.90) RETURNING id";
        let id = one::<i32>(&orders, placed).await;
        assert!(id > 2000);
        let change =
            format!("UPDATE orders SET status = 'paid' WHERE id = {id} RETURNING status::text");
        assert_eq!(one::<String>(&orders, &change).await, "paid");
        assert_eq!(
            orders.execute(&format!("DELETE FROM orders WHERE id = {id}"), &[]).await.unwrap(),
            1
        );
        let stranger = "INSERT INTO orders (customer_id, item, amount) VALUES (0, 'kettle', 1)";
        assert_eq!(state(&orders, stranger).await, "23503");
        assert_eq!(one::<String>(&orders, "SHOW statement_timeout").await, "30s");
    });
}

#[test]
fn without_tls_or_with_a_wrong_password_nobody_gets_in() {
    Shared::run(async |server| {
        let mut config = tokio_postgres::Config::new();
        config.host("127.0.0.1").port(server.postgres.port()).dbname(DATABASE).user(ORDERS_AGENT);
        config.password(&server.passwords.orders_agent).ssl_mode(SslMode::Disable);
        let plain = config.connect(NoTls).await.err().unwrap();
        assert_eq!(plain.code().unwrap().code(), "28000");

        let wrong = server.postgres.connect(ORDERS_AGENT, &server.passwords.payroll_agent).await;
        let local_emulator::postgres::Error::Connect(wrong) = wrong.err().unwrap() else {
            panic!()
        };
        assert_eq!(wrong.code().unwrap().code(), "28P01");
    });
}

#[test]
fn who_trusts_another_authority_does_not_talk_to_it() {
    Shared::run(async |server| {
        let folder = TempDir::new().unwrap();
        let other = Authority::new(folder.path()).unwrap().client().unwrap();
        let mut config = tokio_postgres::Config::new();
        config.host(server.postgres.host()).port(server.postgres.port()).dbname(DATABASE);
        config
            .user(ORDERS_AGENT)
            .password(&server.passwords.orders_agent)
            .ssl_mode(SslMode::Require);
        let tls = tokio_postgres_rustls::MakeRustlsConnect::new(other);
        let refused = config.connect(tls).await.err().unwrap();
        assert!(refused.code().is_none(), "{refused:?}");
    });
}

#[tokio::test]
async fn a_new_password_takes_the_place_of_the_old_one() {
    let server = Server::start().await;
    let new = r"it's \new";
    server.postgres.set_password(ORDERS_AGENT, new).await.unwrap();
    assert!(server.postgres.connect(ORDERS_AGENT, &server.passwords.orders_agent).await.is_err());
    assert!(server.postgres.connect(ORDERS_AGENT, new).await.is_ok());
}

#[tokio::test]
async fn a_crash_loses_connections_and_nothing_that_was_committed() {
    let server = Server::start().await;
    let (orders, busy) = (server.orders_agent().await, server.orders_agent().await);
    assert_eq!(state(&orders, "DELETE FROM orders WHERE id <= 10").await, "done");
    assert_eq!(state(&orders, "BEGIN; DELETE FROM orders").await, "done");
    let asked = Instant::now();
    let busy = tokio::spawn(async move { state(&busy, "SELECT pg_sleep(25)").await });
    tokio::time::sleep(Duration::from_millis(50)).await;
    server.postgres.crash().await;
    assert_eq!(busy.await.unwrap(), "closed");
    assert_eq!(state(&orders, "SELECT 1").await, "closed");
    assert!(server.postgres.superuser().await.is_err());
    assert!(asked.elapsed() < Duration::from_secs(5));

    server.postgres.restart().await.unwrap();
    let orders = server.orders_agent().await;
    assert_eq!(one::<i64>(&orders, "SELECT count(*) FROM orders").await, 1990);
}

#[tokio::test]
async fn a_frozen_server_answers_once_it_thaws() {
    let server = Server::start().await;
    let orders = server.orders_agent().await;
    server.postgres.freeze();
    let answer = tokio::spawn(async move { one::<i32>(&orders, "SELECT 1").await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!answer.is_finished());
    server.postgres.thaw();
    assert_eq!(answer.await.unwrap(), 1);
    server.postgres.stop().await;
    assert!(server.postgres.superuser().await.is_err());
    server.postgres.restart().await.unwrap();
    assert!(server.postgres.superuser().await.is_ok());
}

#[tokio::test]
async fn no_password_is_logged_and_nothing_is_left_behind() {
    let server = Server::start().await;
    let folder: String = {
        let all = server.postgres.superuser().await.unwrap();
        let wrong = "ALTER ROLE nobody_at_all PASSWORD 'canary-in-a-failed-statement'";
        assert_eq!(state(&all, wrong).await, "42704");
        one(&all, "SHOW data_directory").await
    };
    let pid: u32 = std::fs::read_to_string(format!("{folder}/postmaster.pid"))
        .unwrap()
        .lines()
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let Server { postgres, log, .. } = server;
    drop(postgres);
    assert!(!std::path::Path::new(&folder).exists());
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"));
    assert!(stat.map_or(true, |stat| stat.contains(") Z ")));
    assert!(
        child::said(&log, "nobody_at_all").await && !log.contains("canary"),
        "{:?}",
        log.lines()
    );
}
