//! Who is signed in to the page: a cookie in their browser, and what the store keeps under its digest.

use http::HeaderMap;
use identity::{Person, Verified};
use request::{Digest, Millis};

use crate::{
    Desk,
    cookie::{Cookie, Ticket},
    shelf::{self, Kind},
};

/// Somebody who is signed in.
pub(crate) struct Session {
    ticket: Ticket,
    person: Verified<Person>,
}

impl Session {
    /// How long somebody stays signed in at most, in seconds: 8 hours, a shift.
    pub(crate) const LIFE_S: u64 = 8 * 3600;

    /// Begins one, and gives the cookie's line for the browser.
    pub(crate) async fn begin(person: &Person, on: &Desk) -> Result<Ticket, shelf::Error> {
        let ticket = Ticket::fresh().map_err(|error| {
            shelf::Error::Unavailable(state::Error::Unavailable(Box::new(error)))
        })?;
        let until = Millis(on.now().0.saturating_add(Self::LIFE_S * 1000));
        let kept = person.kept(until);
        on.shelf().put(Kind::Session, &ticket.digest(), kept, until.seconds()).await?;
        Ok(ticket)
    }

    /// The one whose cookie this browser sends; nothing where nobody is signed in any more.
    pub(crate) async fn of(headers: &HeaderMap, on: &Desk) -> Result<Option<Self>, shelf::Error> {
        let Some(ticket) = Cookie::Session.read(headers) else { return Ok(None) };
        let kept = on.shelf().look(Kind::Session, &ticket.digest()).await?;
        let person = kept.and_then(|kept| identity::recalled(&kept, on.now()).ok());
        Ok(person.map(|person| Self { ticket, person }))
    }

    /// Ends it, for every copy of the cookie.
    pub(crate) async fn end(&self, on: &Desk) -> Result<(), shelf::Error> {
        let until_s = on.now().seconds() + Self::LIFE_S;
        match on.shelf().take(Kind::Session, &self.ticket.digest(), until_s).await {
            Ok(_) | Err(shelf::Error::Used) => Ok(()),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn person(&self) -> &Verified<Person> {
        &self.person
    }

    /// What every form of theirs carries: nobody else's page can know it.
    pub(crate) fn form(&self) -> Digest {
        self.ticket.derived("form")
    }

    /// Notes that they were shown exactly this to its last byte.
    pub(crate) async fn has_read(&self, what: &Digest, on: &Desk) -> Result<(), shelf::Error> {
        let until_s = on.now().seconds() + Self::LIFE_S;
        match on.shelf().put(Kind::Read, &self.reading(what), b"1".to_vec(), until_s).await {
            Ok(()) | Err(shelf::Error::Used) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Whether they were.
    pub(crate) async fn did_read(&self, what: &Digest, on: &Desk) -> Result<bool, shelf::Error> {
        Ok(on.shelf().look(Kind::Read, &self.reading(what)).await?.is_some())
    }

    fn reading(&self, what: &Digest) -> Digest {
        Digest::of_parts(&[self.ticket.digest().bytes(), what.bytes()])
    }
}
