//! What would be decided about a request, without running or parking it.

use std::sync::Arc;

use policy::Limits;
use request::{Ask, Statement};
use vetting::Vetted;

use crate::{Cause, Ports, Refusal, Wanted, decide, refuse};

/// What would become of a request that is not refused.
pub struct Explained {
    vetted: Vetted<Statement>,
    asks_people: bool,
}

/// One column of the result to expect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Its name.
    pub name: String,
    /// Whether masked values are in it.
    pub masked: bool,
}

impl Explained {
    /// Whether people would have to agree first.
    #[must_use]
    pub fn asks_people(&self) -> bool {
        self.asks_people
    }

    /// What kind of statement it is.
    #[must_use]
    pub fn class(&self) -> &'static str {
        self.vetted.reading().class.name()
    }

    /// The relations that it reads, and those that it changes, as `schema.name`.
    #[must_use]
    pub fn relations(&self) -> (Vec<String>, Vec<String>) {
        let reading = self.vetted.reading();
        let names = |all: &std::collections::BTreeSet<vetting::Relation>| {
            all.iter().map(ToString::to_string).collect()
        };
        (names(&reading.reads), names(&reading.writes))
    }

    /// The columns of its result.
    #[must_use]
    pub fn columns(&self) -> Vec<Expected> {
        let reading = self.vetted.reading();
        let masked = reading.masked_outputs.iter().copied().chain(std::iter::repeat(false));
        let names = reading.outputs.iter().map(|output| output.name.clone());
        names.zip(masked).map(|(name, masked)| Expected { name, masked }).collect()
    }

    /// What bounds the result.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        self.vetted.permit().duties().limits()
    }

    /// Everything that was found out, for those who run Postern; never for the caller.
    #[must_use]
    pub fn vetted(&self) -> &Vetted<Statement> {
        &self.vetted
    }
}

/// Takes a request as far as the decision. Asking uses up its proof; a refusal is on record like that
/// of any request.
///
/// # Errors
/// [`Refusal`]: what the request itself would be refused for.
pub async fn explain(ask: Ask, on: &Ports) -> Result<Explained, Refusal> {
    let who = identity::verify(&ask.presented, &on.verifier).await?;
    let trail = Arc::new(audit::trail(&who, &ask, on.clock.now()).map_err(Cause::Ledger)?);
    let vetted = match decide(who, Wanted::from(ask), on).await {
        Ok(vetted) => vetted,
        Err(cause) => return Err(refuse(cause, &trail, on).await),
    };
    let used = audit::uses(vetted.permit().who(), &on.ledger).await.map_err(Cause::of_record);
    if let Err(cause) = used {
        return Err(refuse(cause, &trail, on).await);
    }
    let asks_people = !vetted.permit().duties().approvers().is_empty();
    Ok(Explained { vetted, asks_people })
}
