//! The life of one request as a model: what the store holds, what is on its way, who is in the middle of
//! what, and every step that can come next.

use std::collections::{BTreeMap, BTreeSet};

use approvals::{Approval, Phase};
use policy::Demand;
use request::Millis;
use stateright::{Model, Property};

use crate::{
    model::properties,
    scene::{ASKED, EXPIRES, Scene, Staff, hop, marked_used},
};

/// The way requests live, with or without a fault built in.
pub(crate) struct Life {
    pub(crate) scene: Scene,
    pub(crate) fault: Option<Fault>,
}

/// Everybody who tries to decide. The first is at the root of the chain.
const PEOPLE: [(&str, &[&str]); 3] =
    [("root-1", &["dba", "privacy"]), ("dba-1", &["dba"]), ("privacy-1", &["dba", "privacy"])];

/// What somebody might have built instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// An approval is read, and used up by a write that does not ask what has changed meanwhile.
    BlindUse,
    /// A decision counts for the request that it arrives at, whatever was read.
    AnyDigest,
    /// A request is over when the timer says so, and not when its time is.
    TimerOnly,
    /// Whoever asks may decide.
    OwnChain,
    /// Standing is looked at before the intent is put on record, and not with it.
    StandingBefore,
}

/// Everything at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct World {
    /// The item beside the document, which never changes; nothing before it is parked.
    pub(crate) approval: Option<Approval>,
    pub(crate) intents: Vec<Intent>,
    pub(crate) outcomes: u8,
    /// Whether the workflow has left its token.
    pub(crate) token: bool,
    pub(crate) revoked: bool,
    /// Whether the time of the request is over.
    pub(crate) late: bool,
    /// Each may be delivered in any order, many times, or never.
    pub(crate) messages: BTreeSet<Message>,
    /// Processes between two steps.
    pub(crate) hands: Vec<Hand>,
    pub(crate) truth: Truth,
}

/// What has been said, kept apart from what the store makes of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Truth {
    /// Who agrees, and whether to this request.
    yes: BTreeMap<usize, bool>,
    /// Somebody refused, the requester withdrew, or it was noted that the time is over.
    stopped: bool,
    retracted: u8,
}

/// An intent on record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Intent {
    pub(crate) by: By,
    /// Whether all was as it has to be, by [`Truth`] and the clock.
    pub(crate) sound: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum By {
    Agent,
    Workflow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Message {
    /// Asks people, and brings the workflow's token.
    Ask,
    /// Has the stored request run.
    Run,
    /// The time is over.
    Timer,
}

/// A process that has read something, and what it is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Hand {
    pub(crate) doing: Doing,
    /// Whether the item has still the version that was read.
    fresh: bool,
    /// What its clock said when it judged.
    late: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Doing {
    Change(Step),
    Execute,
    Tell,
    Wake,
}

/// A change of the item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Step {
    /// Who, whether they agree, and whether they read this request.
    Decide(usize, bool, bool),
    Expire,
    Redeem(By),
    Retract(usize),
    Withdraw,
}

/// What comes next. Numbers are places in [`World::hands`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Begin(Step),
    Crash(usize),
    Deliver(Message),
    Go(usize),
    Late,
    Lose(Message),
    Park,
    Revoke,
}

/// Processes in the middle of something at the same time, beside those that they leave behind.
const HANDS: usize = 2;

impl Model for Life {
    type State = World;
    type Action = Next;

    fn init_states(&self) -> Vec<World> {
        vec![World::default()]
    }

    fn actions(&self, world: &World, all: &mut Vec<Next>) {
        if world.approval.is_none() {
            return all.push(Next::Park);
        }
        all.extend((0..world.hands.len()).flat_map(|n| [Next::Go(n), Next::Crash(n)]));
        all.extend(world.messages.iter().flat_map(|m| [Next::Deliver(*m), Next::Lose(*m)]));
        all.extend((!world.late).then_some(Next::Late));
        all.extend((!world.revoked).then_some(Next::Revoke));
        for who in 0..PEOPLE.len() {
            let say = [(true, true), (true, false), (false, true), (false, false)];
            all.extend(say.map(|(yes, right)| Next::Begin(Step::Decide(who, yes, right))));
            all.push(Next::Begin(Step::Retract(who)));
        }
        // Whoever looks at a request notes that its time is over, whether a timer told them or not.
        all.extend([Step::Expire, Step::Withdraw, Step::Redeem(By::Agent)].map(Next::Begin));
    }

    fn next_state(&self, before: &World, next: Next) -> Option<World> {
        let mut world = before.clone();
        match next {
            Next::Begin(step) => self.begin(&mut world, step)?,
            Next::Crash(n) => drop(world.hands.remove(n)),
            Next::Deliver(message) => self.deliver(&mut world, message)?,
            Next::Go(n) => self.go(&mut world, n),
            Next::Late => world.late = true,
            Next::Lose(message) => drop(world.messages.remove(&message)),
            Next::Park => {
                world.approval = Some(Approval::open(self.scene.sealed.digest()));
                world.hands.push(Hand { doing: Doing::Tell, fresh: true, late: false });
            }
            Next::Revoke => world.revoked = true,
        }
        world.hands.sort_unstable();
        (world != *before).then_some(world)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        properties()
    }
}

impl Life {
    /// A request that wants one of `dba` and another one of `privacy`.
    pub(crate) fn new(fault: Option<Fault>) -> Self {
        let approvers = ["dba", "privacy"].map(|group| (group.to_owned(), 1)).into();
        let demand = Demand { approvers, login_s: Some(900), ..Demand::default() };
        let chain = [hop("staff", "root-1"), hop("postern", "n_1")];
        let seen = if fault == Some(Fault::OwnChain) { &[] } else { chain.as_slice() };
        let staff = PEOPLE.map(|(name, groups)| Staff::new(name, groups));
        Self { scene: Scene::new(seen, &demand, &staff), fault }
    }

    /// What the item becomes by a step, as the crates judge it by this clock.
    fn judge(&self, approval: &Approval, step: Step, late: bool) -> Option<Approval> {
        let (document, now) = (self.scene.document(), time(late));
        let mut next = approval.clone();
        match step {
            Step::Decide(who, yes, right) => {
                let right = right || self.fault == Some(Fault::AnyDigest);
                let read = if right { approval.digest() } else { self.scene.other };
                let said = Scene::said(read, yes);
                next.decide(document, self.scene.person(who), said, now).ok()?;
            }
            Step::Expire => next.expire(document, now).ok()?,
            Step::Redeem(_) => {
                let late = late && self.fault != Some(Fault::TimerOnly);
                return self.scene.used(approval, time(late));
            }
            Step::Retract(who) => next.retract(document, self.scene.person(who), now).ok()?,
            Step::Withdraw => next.withdraw(document, now).ok()?,
        }
        Some(next)
    }

    /// Somebody reads the item, and goes on only with what is permitted.
    fn begin(&self, world: &mut World, step: Step) -> Option<()> {
        let enough = world.hands.len() >= HANDS;
        let again = matches!(step, Step::Retract(_)) && world.truth.retracted > 0;
        if enough || again || (matches!(step, Step::Redeem(_)) && world.revoked) {
            return None;
        }
        self.judge(world.approval.as_ref()?, step, world.late)?;
        world.hands.push(Hand { doing: Doing::Change(step), fresh: true, late: world.late });
        Some(())
    }

    fn deliver(&self, world: &mut World, message: Message) -> Option<()> {
        match message {
            Message::Ask => {
                world.token = true;
                let phase = world.approval.as_ref()?.phase(self.scene.document(), time(world.late));
                if phase == Phase::Granted {
                    world.messages.insert(Message::Run);
                }
                Some(())
            }
            Message::Run => self.begin(world, Step::Redeem(By::Workflow)),
            Message::Timer if world.late => self.begin(world, Step::Expire),
            Message::Timer => None,
        }
    }

    fn go(&self, world: &mut World, n: usize) {
        let hand = world.hands.remove(n);
        match hand.doing {
            Doing::Change(step) => self.commit(world, hand, step),
            Doing::Execute => world.outcomes += 1,
            Doing::Tell => world.messages.extend([Message::Ask, Message::Timer]),
            Doing::Wake if world.token => drop(world.messages.insert(Message::Run)),
            Doing::Wake => {}
        }
    }

    /// One commit: all of it, or nothing where the item or the standing is not as it has to be.
    fn commit(&self, world: &mut World, hand: Hand, step: Step) {
        let redeems = matches!(step, Step::Redeem(_));
        let blind = redeems && self.fault == Some(Fault::BlindUse);
        let stands = !world.revoked || self.fault == Some(Fault::StandingBefore);
        let Some(now) = &world.approval else { return };
        if !(hand.fresh || blind) || (redeems && !stands) {
            return;
        }
        let judged = self.judge(now, step, hand.late);
        let Some(next) = judged.or_else(|| blind.then(|| marked_used(now))) else { return };
        if let Step::Redeem(by) = step {
            let sound = world.truth.is_enough() && !hand.late && !world.revoked;
            world.intents.push(Intent { by, sound });
        }
        world.truth.hear(step);
        world.hands.iter_mut().for_each(|other| other.fresh = other.is_no_change());
        let after = if redeems { Some(Doing::Execute) } else { Some(Doing::Wake) };
        let after = after.filter(|_| next.phase(self.scene.document(), ASKED) != Phase::Pending);
        world.hands.extend(after.map(|doing| Hand { doing, fresh: true, late: false }));
        world.approval = Some(next);
    }
}

impl Hand {
    fn is_no_change(&self) -> bool {
        !matches!(self.doing, Doing::Change(_))
    }
}

impl Truth {
    fn hear(&mut self, step: Step) {
        match step {
            Step::Decide(who, true, right) => drop(self.yes.insert(who, right)),
            Step::Decide(_, false, _) | Step::Expire | Step::Withdraw => self.stopped = true,
            Step::Redeem(_) => {}
            Step::Retract(who) => {
                self.yes.remove(&who);
                self.retracted += 1;
            }
        }
    }

    /// Whether one of `dba` and another one of `privacy` agree to this request, neither of them the one
    /// who asks, and nobody has stopped it.
    fn is_enough(&self) -> bool {
        let agree = |group: &str| -> Vec<usize> {
            let agree = self.yes.iter().filter(|(who, right)| **who != 0 && **right);
            agree.map(|(who, _)| *who).filter(|who| PEOPLE[*who].1.contains(&group)).collect()
        };
        let (dba, privacy) = (agree("dba"), agree("privacy"));
        !self.stopped && dba.iter().any(|one| privacy.iter().any(|other| one != other))
    }
}

pub(crate) fn time(late: bool) -> Millis {
    if late { EXPIRES } else { ASKED }
}
