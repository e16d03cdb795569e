//! One statement on one connection: the read path, the write path, and what happens at the deadline.
//!
//! Every read is rolled back: READ ONLY does not stop notifications, large objects and whatever a
//! function may do beside reading.

use std::time::Duration;

use audit::Witnessed;
use credentials::Armed;
use futures_util::future::{try_join, try_join3};
use masking::Veil;
use policy::{Target, Verb};
use tokio::time::{Instant, timeout, timeout_at};
use tokio_postgres::{Client, Statement};
use vetting::Vetted;

use super::{
    connection::Connection,
    pour::{Poured, pour},
    proof,
};
use crate::Error;

/// What is left of a connection after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// Nothing of the request: another one may have it.
    Clean,
    /// Something, or nobody knows. It has to be closed; the server may still be sending.
    Unclean,
}

/// Opens a transaction for questions of ours. Many are answered as of one moment, or columns would be
/// held against the stamp of another.
pub(super) async fn begin(
    connection: &Connection,
    target: &Target,
    alive: Instant,
    until: Instant,
) -> Result<(), Error> {
    let mode = "ISOLATION LEVEL REPEATABLE READ READ ONLY";
    opened(connection, &opening(mode, &target.schema, until), alive).await
}

/// Opens the statement's transaction, has the server parse it there, and has it proven that what its
/// verdict rests on is unchanged, all in one round trip. Nothing of the agent's is planned or executed.
pub(super) async fn parse(
    connection: &Connection,
    vetted: &Vetted<request::Statement>,
    alive: Instant,
    until: Instant,
) -> Result<Statement, Error> {
    let mode = match writes(vetted) {
        true => "ISOLATION LEVEL READ COMMITTED READ WRITE",
        false => "ISOLATION LEVEL READ COMMITTED READ ONLY",
    };
    let begin = opening(mode, &vetted.permit().target().schema, until);
    let parsed = timeout_at(until, parse_within(connection, vetted, &begin, alive)).await;
    match parsed.map_err(|_| Error::Timeout)? {
        // What it rests on may be gone, and the transaction with it that would have told.
        Err(error @ Error::Statement { .. }) => {
            let begin = format!("ROLLBACK; {begin}");
            let proven = async {
                opened(connection, &begin, until).await?;
                proof::given(connection, vetted).await
            };
            timeout_at(until, proven).await.map_err(|_| Error::Timeout)??;
            Err(error)
        }
        parsed => parsed,
    }
}

async fn parse_within(
    connection: &Connection,
    vetted: &Vetted<request::Statement>,
    begin: &str,
    alive: Instant,
) -> Result<Statement, Error> {
    let client = &connection.client;
    let begin = opened(connection, begin, alive);
    // INVARIANT: polled in this order. The transaction is open before the statement is parsed in it, and
    // the proof comes after the locks that the parsing takes.
    let parse = async {
        // Extended protocol: the server takes one statement here and refuses two.
        let statement = async { client.prepare(vetted.sent()).await.map_err(failed) };
        let auto = async { client.batch_execute(AUTO).await.map_err(failed) };
        try_join3(statement, proof::given(connection, vetted), auto).await
    };
    let ((), (statement, (), ())) = try_join(begin, parse).await?;
    Ok(statement)
}

/// Opens a transaction. One that is not open at `alive` is on a connection that has died.
async fn opened(connection: &Connection, begin: &str, alive: Instant) -> Result<(), Error> {
    let begun = timeout_at(alive, connection.client.batch_execute(begin)).await;
    begun.map_err(|_| Error::Timeout)?.map_err(failed)
}

/// Runs the statement in the transaction in which it was parsed. Whoever calls closes the connection when
/// this fails.
pub(super) async fn run(
    connection: &Connection,
    armed: &Armed<'_>,
    statement: &Statement,
    veil: &mut Veil,
    until: Instant,
) -> Result<Left, Error> {
    let witnessed = armed.witnessed();
    let vetted = witnessed.cleared().vetted();
    let client = &connection.client;
    let writes = writes(vetted);
    let ran = timeout_at(until, async {
        if writes {
            put_on_record(client, witnessed).await?;
        }
        pour(connection, armed, statement, veil).await
    });
    match ran.await {
        Ok(Ok(_)) if writes => commit(client).await,
        Ok(Ok(Poured::Whole)) => Ok(Left::Clean),
        Ok(Ok(Poured::Cut)) => {
            cancel(connection).await;
            Ok(Left::Unclean)
        }
        Ok(Err(error)) => Err(error),
        Err(_) => {
            // Before any commit was sent: closing the connection rolls back.
            cancel(connection).await;
            Err(Error::Timeout)
        }
    }
}

/// Whether the statement changes anything.
pub(super) fn writes(vetted: &Vetted<request::Statement>) -> bool {
    vetted.reading().verbs.iter().any(|verb: &Verb| verb.writes())
}

/// What opens the transaction. `SELECT 1` takes the snapshot: from then on the transaction's mode
/// cannot be changed any more, by anything (PostgreSQL's manual, SET TRANSACTION). Our own questions
/// are planned once; behind them, [`AUTO`] has the agent's statement planned for its own values.
fn opening(mode: &str, schema: &str, until: Instant) -> String {
    let left = until.saturating_duration_since(Instant::now()).as_millis().max(1);
    let schema = quoted(schema);
    format!(
        "BEGIN {mode}; \
         SET LOCAL search_path = pg_catalog, {schema}, pg_temp; \
         SET LOCAL statement_timeout = {left}; SET LOCAL lock_timeout = {left}; \
         SET LOCAL idle_in_transaction_session_timeout = {left}; \
         SET LOCAL row_security = on; SET LOCAL standard_conforming_strings = on; \
         SET LOCAL TimeZone = 'UTC'; SET LOCAL plan_cache_mode = force_generic_plan; SELECT 1"
    )
}

/// Planning as the server chooses (PostgreSQL's manual, `plan_cache_mode`).
const AUTO: &str = "SET LOCAL plan_cache_mode = auto";

/// Puts the transaction's id on record before anything is written under it.
async fn put_on_record(client: &Client, witnessed: &Witnessed) -> Result<(), Error> {
    let text = "SELECT pg_catalog.pg_current_xact_id()::text";
    let row = client.query_typed_one(text, &[]).await.map_err(failed)?;
    let xid: String = row.try_get(0).map_err(failed)?;
    witnessed.transaction(xid).await.map_err(Error::Ledger)?;
    Ok(())
}

/// Commits. When the answer does not come, nobody knows.
async fn commit(client: &Client) -> Result<Left, Error> {
    match timeout(COMMIT, client.batch_execute("COMMIT")).await {
        Ok(Ok(())) => match timeout(CLEANING, client.batch_execute(CLEAN)).await {
            Ok(Ok(())) => Ok(Left::Clean),
            // It is committed all the same.
            _ => Ok(Left::Unclean),
        },
        // The server said so: a deferred constraint, a conflict. It has rolled back.
        Ok(Err(error)) if error.as_db_error().is_some_and(|e| !is_shutdown(e.code().code())) => {
            Err(failed(error))
        }
        Ok(Err(_)) | Err(_) => Err(Error::Unknown),
    }
}

/// Asks the server to stop; closing the connection does the rest. The guarantee is the server's own
/// `statement_timeout`: a request to cancel may get lost.
async fn cancel(connection: &Connection) {
    let token = connection.client.cancel_token();
    let _ = timeout(CANCEL, token.cancel_query(connection.tls.clone())).await;
}

/// What an error of the driver is for us. The server's text stays behind.
pub(super) fn failed(error: tokio_postgres::Error) -> Error {
    let Some(code) = error.code().map(|code| code.code().to_owned()) else {
        return Error::Connection(Box::new(error));
    };
    match code.as_str() {
        // Cancelled, or idle in the transaction for as long as we said: both are limits of ours.
        "57014" | "25P03" => Error::Timeout,
        code if is_shutdown(code) || code.starts_with("08") => {
            Error::Connection(Box::new(Closed(code.to_owned())))
        }
        _ => Error::Statement { sqlstate: code },
    }
}

/// The server ended the session: class 57, operator intervention, but for a cancelled query.
fn is_shutdown(code: &str) -> bool {
    code.starts_with("57P")
}

/// The code with which the server ended the session, without its text.
#[derive(Debug, thiserror::Error)]
#[error("the server ended the session (SQLSTATE {0})")]
struct Closed(String);

/// An identifier in quotes (PostgreSQL's manual, 4.1.1).
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A commit is a write to disk; two seconds are a disk in trouble.
const COMMIT: Duration = Duration::from_secs(2);

const CANCEL: Duration = Duration::from_millis(500);

const CLEANING: Duration = Duration::from_millis(500);

/// Ends the transaction and does what DISCARD ALL does (PostgreSQL's manual, DISCARD), but for
/// DEALLOCATE ALL and DISCARD PLANS: the only prepared statements are ours.
pub(super) const CLEAN: &str = "ROLLBACK; CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; \
     UNLISTEN *; SELECT pg_catalog.pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES";
