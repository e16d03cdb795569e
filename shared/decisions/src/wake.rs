//! Waking the workflow that waits for people. It may be told late, twice or never: it looks for itself.

use approvals::{LIFE_S, Notice, Phase, Ticket, Unheard, WakeToken};
use state::{Key, Write};

use crate::{
    Decided, Desk, Error,
    posts::{get, partition},
};

/// Keeps what a workflow left to be woken by; a newer one takes the place of an older.
///
/// # Errors
/// The store cannot be written.
pub async fn leave(ticket: &Ticket, token: &WakeToken, on: &Desk) -> Result<(), Error> {
    let name = format!("wake:{}", ticket.request);
    let key = Key::new(name.as_str()).ok_or(Error::Missing)?;
    for _ in 0..TRIES {
        let (key, value) = (key.clone(), token.expose().as_bytes().to_vec());
        let expires_at = Some(on.ledger.now().seconds() + LIFE_S);
        let write = match get(&name, &on.ledger).await? {
            None => Write::Create { key, value, expires_at },
            Some(item) => Write::Replace { key, value, version: item.version, expires_at },
        };
        match on.ledger.store().commit(&partition()?, &[write]).await {
            Err(state::Error::Conflict) => {}
            other => return Ok(other?),
        }
    }
    Err(Error::Busy)
}

/// What a workflow left, if it did.
pub(crate) async fn left(ticket: &Ticket, on: &Desk) -> Result<Option<WakeToken>, Error> {
    let item = get(&format!("wake:{}", ticket.request), &on.ledger).await?;
    Ok(item.and_then(|item| String::from_utf8(item.value).ok()).map(WakeToken::new))
}

/// Tells the workflow how it was decided. That it cannot be told is no reason to undo a decision.
pub(crate) async fn tell(decided: &Decided, on: &Desk) {
    let Some(waker) = &on.waker else { return };
    if decided.phase == Phase::Pending {
        return;
    }
    let sealed = &decided.sealed;
    let (ticket, expires) = (decided.ticket.clone(), sealed.document().expires);
    let notice = Notice { ticket, digest: sealed.digest(), expires };
    // Where a workflow is woken without a token, it need not wait for one that cannot be read.
    let token = left(&notice.ticket, on).await.unwrap_or_else(|error| {
        tracing::warn!(request = %notice.ticket.request, %error, "what a workflow left cannot be read");
        None
    });
    match waker.decided(&notice, decided.phase, token.as_ref()).await {
        Ok(()) | Err(Unheard::Gone) => {}
        Err(error) => {
            tracing::warn!(request = %notice.ticket.request, %error, "no workflow was woken");
        }
    }
}

const TRIES: u32 = 4;
