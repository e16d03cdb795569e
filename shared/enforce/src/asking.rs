//! Asking people: a request is parked, and whoever asks them is told that it waits.

use approvals::Notice;
use audit::{Receipt, Trail};
use decisions::Found;

use crate::{Cause, Ports, Refusal};

/// Parks what has to wait for people. Every other cause comes back as it was, and so does why it could
/// not be parked.
pub(crate) async fn park(cause: Cause, trail: &Trail, on: &Ports) -> Result<Refusal, Cause> {
    let Some(parked) = cause.parked() else { return Err(cause) };
    let receipt: Receipt =
        audit::park(trail, parked, &on.ledger).await.map_err(Cause::of_record)?;
    announce(&parked.notice(), on).await;
    Ok(Refusal { cause, receipt: Some(receipt) })
}

/// Sets up what leads people to it. That it cannot be told now is told again when its agent asks how
/// far it is: what waits, waits.
async fn announce(notice: &Notice, on: &Ports) {
    if let Err(error) = decisions::post(notice, &on.ledger).await {
        tracing::warn!(request = %notice.ticket.request, %error, "a request waits unseen");
    }
    tell(notice, on).await;
}

/// Sets up anew what was lost of it.
pub(crate) async fn remind(found: &Found, on: &Ports) {
    let sealed = found.waiting.sealed();
    let (ticket, expires) = (found.waiting.ticket().clone(), sealed.document().expires);
    let notice = Notice { ticket, digest: sealed.digest(), expires };
    match decisions::locate(&notice.ticket.request, &on.ledger).await {
        Ok(Some(_)) => tell(&notice, on).await,
        Ok(None) => announce(&notice, on).await,
        Err(error) => {
            tracing::warn!(request = %notice.ticket.request, %error, "a request may wait unseen");
        }
    }
}

/// Tells the workflow, unless it was told before.
async fn tell(notice: &Notice, on: &Ports) {
    let Some(workflow) = &on.workflow else { return };
    let request = &notice.ticket.request;
    match decisions::told(&notice.ticket, &on.ledger).await {
        Ok(true) => return,
        Ok(false) => {}
        Err(error) => tracing::warn!(%request, %error, "whether a workflow was told is not known"),
    }
    let told = match workflow.parked(notice).await {
        Ok(()) => decisions::note_told(notice, &on.ledger).await,
        Err(error) => {
            tracing::warn!(%request, %error, "nobody is asked about a request that waits");
            return;
        }
    };
    if let Err(error) = told {
        tracing::warn!(%request, %error, "a workflow was told, and that is not noted");
    }
}
