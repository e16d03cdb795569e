//! Whether somebody still is who they logged in as: their issuer may have ended that since.

use audit::Ledger;
use identity::{Person, Revocations, principal};

use crate::Error;

/// Holds somebody to what their issuer has said of them since they logged in (CAEP), or what was revoked
/// of them here. An agent of theirs falls by the same item.
///
/// # Errors
/// [`Error::Ended`]: they have to log in anew. What cannot be read ends everything.
pub(crate) async fn stands(by: &Person, on: &Ledger) -> Result<(), Error> {
    let partition = principal(by.issuer(), by.subject()).ok_or(Error::Ended)?;
    let key = Revocations::key().ok_or(Error::Ended)?;
    let found = on.store().read(&partition, std::slice::from_ref(&key)).await?;
    let list = Revocations::read(found.first().and_then(Option::as_ref));
    let since = list.map_err(|_| Error::Ended)?.since;
    // `auth_time` is in whole seconds: of the same second, nobody knows which came first.
    match since.is_none_or(|since| by.login().auth_time > Some(since)) {
        true => Ok(()),
        false => Err(Error::Ended),
    }
}
