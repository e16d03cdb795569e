//! The life of a request, searched through whole: what may never be, what must be possible, and faults
//! that the search finds.

use approvals::Phase;
use stateright::{Checker, HasDiscoveries, Model, Property};

use crate::life::{By, Doing, Fault, Life, Next, Step, World, time};

/// What holds in every state, and what some state shows.
pub(crate) fn properties() -> Vec<Property<Life>> {
    vec![
        Property::always(ONCE, |_, world: &World| world.intents.len() <= 1 && world.outcomes <= 1),
        Property::always(SOUND, |_, world: &World| world.intents.iter().all(|intent| intent.sound)),
        Property::always(USED, |life: &Life, world: &World| {
            is(life, world, Phase::Used) != world.intents.is_empty()
        }),
        Property::always(REDEEMED, can_be_redeemed),
        Property::always(ENDS, |life: &Life, world: &World| {
            world.approval.is_none() || ended(life, &left_alone(world))
        }),
        // Once ended, it stays ended, and every way comes to a state from which there is no other: the
        // last state of each way is enough to look at.
        Property::eventually(ENDED, ended),
        Property::sometimes("the agent runs it and no workflow was told", |_, world: &World| {
            ran(world, By::Agent) && !world.token && world.messages.is_empty()
        }),
        Property::sometimes("the workflow runs it", |_, world: &World| ran(world, By::Workflow)),
        Property::sometimes("whoever ran it is gone", |life: &Life, world: &World| {
            is(life, world, Phase::Used) && world.outcomes == 0 && ended(life, world)
        }),
        Property::sometimes("it is refused", |life: &Life, world: &World| {
            is(life, world, Phase::Refused)
        }),
        Property::sometimes("it is withdrawn", |life: &Life, world: &World| {
            is(life, world, Phase::Withdrawn)
        }),
        Property::sometimes("it is noted that its time is over", |life: &Life, world: &World| {
            is(life, world, Phase::Expired)
        }),
    ]
}

const ONCE: &str = "there is one intent at most, and one outcome";
const SOUND: &str =
    "an intent has its quorum behind it, its time, its standing, and nobody against it";
const USED: &str = "an approval is used exactly where its intent is on record";
const REDEEMED: &str = "what is granted can be redeemed, whatever became of messages and tokens";
const ENDS: &str = "whatever is left alone ends by its time";
const ENDED: &str = "every request is seen to have ended";

/// Whether the store says so, whatever the clock says.
fn is(life: &Life, world: &World, phase: Phase) -> bool {
    let now = world.approval.as_ref().map(|it| it.phase(life.scene.document(), time(false)));
    now == Some(phase)
}

fn ran(world: &World, by: By) -> bool {
    world.outcomes == 1 && world.intents.iter().all(|intent| intent.by == by)
}

/// Whether somebody who polls is told of an end: of an outcome, or that there will be none.
fn ended(life: &Life, world: &World) -> bool {
    let Some(approval) = &world.approval else { return false };
    let at_work = world.hands.iter().any(|hand| hand.doing == Doing::Execute);
    match approval.phase(life.scene.document(), time(world.late)) {
        Phase::Used => world.outcomes > 0 || !at_work,
        phase => phase.is_final(),
    }
}

/// The same, when everybody who was in the middle of something is gone and time has passed.
fn left_alone(world: &World) -> World {
    World { hands: Vec::new(), messages: [].into(), late: true, ..world.clone() }
}

fn can_be_redeemed(life: &Life, world: &World) -> bool {
    if !is(life, world, Phase::Granted) || world.late || world.revoked {
        return true;
    }
    let alone = World { hands: Vec::new(), messages: [].into(), token: false, ..world.clone() };
    let read = life.next_state(&alone, Next::Begin(Step::Redeem(By::Agent)));
    let done = read.and_then(|world| life.next_state(&world, Next::Go(0)));
    done.is_some_and(|world| world.intents.len() == 1)
}

#[test]
fn a_request_lives_as_it_has_to_in_every_order_of_steps() {
    let checked = Life::new(None).checker().threads(2).spawn_bfs().join();
    checked.assert_properties();
    assert!(checked.is_done(), "the whole space was searched");
    println!(
        "{} states, {} unique, {} steps deep",
        checked.state_count(),
        checked.unique_state_count(),
        checked.max_depth()
    );
}

/// What the search says about a life with this fault: the shortest way to a state in which the property
/// does not hold.
fn found(fault: Fault, property: &'static str) -> Vec<Next> {
    let wanted = HasDiscoveries::AllOf([property].into());
    let checked = Life::new(Some(fault)).checker().finish_when(wanted).spawn_bfs().join();
    let path = checked.discovery(property).unwrap_or_else(|| panic!("{fault:?} is not found"));
    let steps = path.into_actions();
    println!("{fault:?}: {steps:?}");
    steps
}

#[test]
fn an_approval_that_is_used_up_blindly_runs_twice() {
    let steps = found(Fault::BlindUse, ONCE);
    let redeemed = |next: &&Next| matches!(next, Next::Begin(Step::Redeem(_)));
    assert_eq!(steps.iter().filter(redeemed).count(), 2);
    found(Fault::BlindUse, SOUND);
}

#[test]
fn a_decision_about_another_request_is_no_approval_of_this_one() {
    let steps = found(Fault::AnyDigest, SOUND);
    assert!(steps.iter().any(|next| matches!(next, Next::Begin(Step::Decide(_, true, false)))));
}

#[test]
fn a_timer_that_is_lost_lets_a_request_run_after_its_time() {
    let steps = found(Fault::TimerOnly, SOUND);
    assert!(steps.contains(&Next::Late));
}

#[test]
fn whoever_asks_is_nobody_who_may_agree() {
    let steps = found(Fault::OwnChain, SOUND);
    assert!(steps.iter().any(|next| matches!(next, Next::Begin(Step::Decide(0, true, _)))));
}

#[test]
fn a_standing_that_is_not_part_of_the_commit_is_no_standing() {
    let steps = found(Fault::StandingBefore, SOUND);
    assert!(steps.contains(&Next::Revoke));
}
