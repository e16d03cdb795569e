//! Programs that skip a stage, forge evidence or show what is secret do not compile.
//!
//! Each file of `illegal/` is one such program; beside it stands what the compiler has to say. A
//! message that changes with a compiler is written anew with `TRYBUILD=overwrite` and read again:
//! it has to name the guard, not an import that is missing.

use std::sync::Arc;

use approvals::{Asked, Cleared};
use audit::{Ledger, Outcome, Receipt, Trail};
use credentials::Vault;
use enforce::Ports;
use masking::{Masked, Rows};
use request::{Ask, Deadline};
use targets::Driver;

#[test]
fn programs_that_go_around_a_stage_do_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/illegal/*.rs");
}

/// What the programs are held against: the same stages, in their order and once each, are a program.
/// It stands here and not among them, because one that shall run has all dependencies built again.
#[test]
fn the_stages_in_their_order_are_a_program() {
    let _ = (decide, run);
}

async fn decide(ask: Ask, on: &Ports) -> Option<(Cleared, Trail)> {
    let now = on.clock.now();
    let who = identity::verify(&ask.presented, &on.verifier).await.ok()?;
    let trail = audit::trail(&who, &ask, now).ok()?;
    let permit = policy::admit(who, &ask.target, &on.policies).ok()?;
    let (vault, driver) = (&on.vault, &*on.driver);
    let known = targets::catalogue(&permit, vault, driver, &on.surveys, ask.deadline).await.ok()?;
    let looked = vetting::look(ask.statement, ask.params, permit, &known).ok()?;
    let vetted = vetting::vet(looked, None, ask.reason.is_some()).ok()?;
    let asked = Asked { request: &ask.id, reason: None, idempotency_key: None, now };
    Some((approvals::clear(vetted, &asked).ok()?, trail))
}

async fn run(
    cleared: Cleared,
    trail: &Arc<Trail>,
    ledger: &Arc<Ledger>,
    vault: &Vault,
    driver: &dyn Driver,
    deadline: Deadline,
) -> Option<(Masked<Rows>, Receipt)> {
    let (witnessed, open) = audit::intend(cleared, trail, ledger).await.ok()?;
    let armed = credentials::arm(witnessed, vault).await.ok()?;
    let executed = targets::execute(armed, driver, deadline).await.ok()?;
    let shown = executed.rows.get().json();
    let receipt = audit::conclude(open, Outcome::default(), Some(shown)).await.ok()?;
    Some((executed.rows, receipt))
}
