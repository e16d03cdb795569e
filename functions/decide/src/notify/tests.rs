//! Telling people, over real HTTP to servers on this machine.

mod delivery;
mod receiver;

use request::{Millis, RequestId};

use super::{Event, Kind};

/// A request that began to wait.
pub(super) fn event() -> Event {
    Event {
        kind: Kind::Requested,
        at: Millis(1_795_262_400_000),
        request: RequestId::new("0199c2a0-0000-7000-8000-000000000001").unwrap(),
        target: "shop".into(),
        class: "write".into(),
        approvers: [("dba".to_owned(), 2), ("privacy".to_owned(), 1)].into(),
        expires: Millis(1_795_266_000_000),
        state: None,
        link: Some("https://approvals.example/r/1".into()),
    }
}
