//! A request that waits for people: the very bytes that will run, and what they were asked to agree to.

use request::{Millis, RequestId, Statement, json};
use serde_json::{Value, json};
use state::{Key, VALUE_LIMIT, Write};
use vetting::Vetted;

use crate::Error;

/// What is kept of a request until people have decided.
#[derive(Debug)]
pub struct Parked {
    item: Write,
    approvers: Vec<(String, u32)>,
    expires: Millis,
}

impl Parked {
    /// How long a request waits before it expires, in milliseconds: an hour, so that what is approved
    /// is still what the agent wants.
    pub const WAIT_MS: u64 = 3_600_000;

    pub(crate) fn of(
        vetted: &Vetted<Statement>,
        request: &RequestId,
        now: Millis,
    ) -> Result<Self, Error> {
        let expires = Millis(now.0.saturating_add(Self::WAIT_MS));
        let value = json::canonical(&stored(vetted, request, expires));
        if value.len() > VALUE_LIMIT {
            return Err(Error::Large);
        }
        let key = key(request).ok_or(Error::Large)?;
        let item = Write::Create { key, value, expires_at: Some(expires.seconds()) };
        let approvers = vetted.permit().duties().approvers();
        let approvers = approvers.iter().map(|(group, count)| (group.clone(), *count)).collect();
        Ok(Self { item, approvers, expires })
    }

    /// The write that parks it; made in the same commit as its record.
    #[must_use]
    pub fn item(&self) -> &Write {
        &self.item
    }

    /// How many people of which groups were asked.
    #[must_use]
    pub fn approvers(&self) -> &[(String, u32)] {
        &self.approvers
    }

    /// When it stops waiting.
    #[must_use]
    pub fn expires(&self) -> Millis {
        self.expires
    }
}

/// Where a parked request lies in its caller's partition.
fn key(request: &RequestId) -> Option<Key> {
    Key::new(format!("parked:{request}"))
}

/// The request whole, in canonical bytes: what is approved is what runs.
fn stored(vetted: &Vetted<Statement>, request: &RequestId, expires: Millis) -> Value {
    let permit = vetted.permit();
    let hops: Vec<&str> = permit.who().get().hops().iter().map(|hop| hop.node().as_str()).collect();
    let params: Vec<String> = vetted.params().values().iter().map(Value::to_string).collect();
    json!({
        "approvers": permit.duties().approvers(),
        "asked": vetted.asked(),
        "expires": expires.0,
        "params": params,
        "path": hops,
        "policy": permit.policies(),
        "request": request,
        "statement": vetted.body().text(),
        "target": permit.target().name,
        "v": 1,
    })
}
