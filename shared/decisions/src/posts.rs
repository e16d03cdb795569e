//! Signposts: which requests wait, and where each lies. They are written after a request is parked and
//! decide nothing; one that was lost is set up again by whoever asks how far the request is.

use approvals::{LIFE_S, Notice, Ticket};
use audit::Ledger;
use request::RequestId;
use state::{Item, Key, Partition, Write};

use crate::Error;

/// Where signposts stand.
pub(crate) fn partition() -> Result<Partition, Error> {
    Partition::new("approvals").ok_or(Error::Missing)
}

/// Sets up the signposts of a request that was parked. Those that stand, stand.
///
/// # Errors
/// The store cannot be written.
pub async fn post(notice: &Notice, on: &Ledger) -> Result<(), Error> {
    let (request, place) = (&notice.ticket.request, notice.ticket.partition.as_str());
    let until = Some(notice.expires.seconds() + LIFE_S);
    set(&format!("waits:{:013}:{request}", notice.expires.0), place, until, on).await?;
    // Last: where this one stands, the other does.
    set(&format!("ticket:{request}"), place, until, on).await
}

/// Notes that a workflow was told of it.
///
/// # Errors
/// The store cannot be written.
pub async fn note_told(notice: &Notice, on: &Ledger) -> Result<(), Error> {
    let until = Some(notice.expires.seconds() + LIFE_S);
    set(&told_name(&notice.ticket), "1", until, on).await
}

/// Whether a workflow was told of it.
///
/// # Errors
/// The store cannot be read.
pub async fn told(ticket: &Ticket, on: &Ledger) -> Result<bool, Error> {
    Ok(get(&told_name(ticket), on).await?.is_some())
}

fn told_name(ticket: &Ticket) -> String {
    format!("told:{}", ticket.request)
}

/// Where a request lies; nothing where it never waited.
///
/// # Errors
/// The store cannot be read.
pub async fn locate(request: &RequestId, on: &Ledger) -> Result<Option<Ticket>, Error> {
    let Some(item) = get(&format!("ticket:{request}"), on).await? else { return Ok(None) };
    Ok(ticket(request, &item))
}

/// A signpost's request and partition.
pub(crate) fn ticket(request: &RequestId, item: &Item) -> Option<Ticket> {
    let partition = Partition::new(String::from_utf8(item.value.clone()).ok()?)?;
    Some(Ticket { partition, request: request.clone() })
}

pub(crate) async fn get(name: &str, on: &Ledger) -> Result<Option<Item>, Error> {
    let key = Key::new(name).ok_or(Error::Missing)?;
    let found = on.store().read(&partition()?, std::slice::from_ref(&key)).await?;
    Ok(found.into_iter().flatten().next())
}

/// Makes the item; one that is there stays.
pub(crate) async fn set(
    name: &str,
    value: &str,
    expires_at: Option<u64>,
    on: &Ledger,
) -> Result<(), Error> {
    let key = Key::new(name).ok_or(Error::Missing)?;
    let write = Write::Create { key, value: value.as_bytes().to_vec(), expires_at };
    match on.store().commit(&partition()?, &[write]).await {
        Ok(()) | Err(state::Error::Conflict) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
