//! A request of some organisation, what people and agents do about it one after another, and what has to
//! come of each act: the rules in plain sets, with nothing of the code that they are for.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    caller::Caller,
    matrix::{alike, is_enough},
    scene::Staff,
};

/// Who is there, who asks, and what is done. Accounts are named by their place in the staff.
#[derive(Clone, Debug)]
pub(crate) struct Story {
    pub(crate) staff: Vec<Staff>,
    pub(crate) caller: Caller,
    pub(crate) demand: Demand,
    pub(crate) acts: Vec<Act>,
}

/// What policy wants of people.
#[derive(Clone, Debug)]
pub(crate) struct Demand {
    pub(crate) approvers: BTreeMap<String, u32>,
    /// Whether they must have logged in within a quarter of an hour.
    pub(crate) fresh: bool,
    /// Whether they must have logged in by `phr`.
    pub(crate) strong: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    /// Somebody comes to have it run.
    Come(Who),
    /// It is looked whether its time is over.
    Expire,
    /// Its time is over.
    Late,
    /// Another policy is in force, or again the one that it was parked under.
    Policy,
    Retract(usize),
    /// Who, whether they agree, and whether they have read this request.
    Say(usize, bool, bool),
    Show(usize),
    Withdraw(Who),
}

/// An agent, as it stands to the one that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Above,
    Below,
    Beside,
    Itself,
    Stranger,
}

/// What is true by the rules after some acts.
pub(crate) struct Reference<'a> {
    pub(crate) story: &'a Story,
    /// The request and its digest, as records name them.
    pub(crate) request: String,
    pub(crate) digest: String,
    said: BTreeMap<usize, bool>,
    shown: BTreeSet<usize>,
    end: Option<&'static str>,
    late: bool,
    changed: bool,
}

/// Done, or the word for why not.
pub(crate) type Answer = Result<(), &'static str>;

impl<'a> Reference<'a> {
    pub(crate) fn new(story: &'a Story, request: String, digest: String) -> Self {
        let (said, shown, end) = (BTreeMap::new(), BTreeSet::new(), None);
        Self { story, request, digest, said, shown, end, late: false, changed: false }
    }

    pub(crate) fn phase(&self) -> &'static str {
        let agreed = self.said.iter().filter(|(_, yes)| **yes);
        let agreed: Vec<_> = agreed.map(|(who, _)| &self.story.staff[*who].groups).collect();
        let enough = is_enough(&agreed, &self.story.demand.approvers);
        let open = if enough { "granted" } else { "pending" };
        self.end.unwrap_or(if self.late { "expired" } else { open })
    }

    pub(crate) fn has_run(&self) -> bool {
        self.end == Some("used")
    }

    /// What somebody is answered, and every record that there is of it.
    pub(crate) fn act(&mut self, act: Act) -> (Answer, Vec<String>) {
        let objection = self.objection(act);
        let records = match objection {
            None => self.done(act),
            Some(why) => self.refused(act, why),
        };
        (objection.map_or(Ok(()), Err), records)
    }

    /// Why it may not be done, of several reasons the first.
    fn objection(&self, act: Act) -> Option<&'static str> {
        let phase = self.phase();
        let over = !matches!(phase, "granted" | "pending");
        let first =
            |all: &[(bool, &'static str)]| all.iter().find(|(is, _)| *is).map(|(_, it)| *it);
        match act {
            Act::Say(who, ..) | Act::Retract(who) | Act::Show(who) if !self.is_asked(who) => {
                Some("missing")
            }
            Act::Say(who, yes, right) => first(&[
                (over || (yes && phase == "granted"), phase),
                (!right, "changed"),
                (self.is_of_the_chain(who), "chain"),
                (self.story.demand.fresh && self.story.staff[who].login.0 > 900, "login"),
                (self.story.demand.strong && self.story.staff[who].login.1 != Some("phr"), "acr"),
                (yes && self.said.keys().any(|one| self.is_same(*one, who)), "twice"),
            ]),
            Act::Retract(who) => {
                first(&[(!self.said.contains_key(&who), "nothing"), (over, phase)])
            }
            Act::Withdraw(who) => first(&[(!self.is_hop(who), "missing"), (over, phase)]),
            Act::Come(who) => first(&[
                (who != Who::Itself, "missing"),
                (phase != "granted", phase),
                (self.changed, "changed"),
            ]),
            Act::Expire | Act::Late | Act::Policy | Act::Show(_) => None,
        }
    }

    /// Does it.
    fn done(&mut self, act: Act) -> Vec<String> {
        match act {
            Act::Say(who, yes, _) => {
                let story = self.story;
                self.said.retain(|one, _| !same(story, *one, who));
                self.said.insert(who, yes);
                self.end = if yes { None } else { Some("refused") };
                let what = if yes { "approved" } else { "refused" };
                vec![self.step(&[what, self.phase()], Some(who))]
            }
            Act::Retract(who) => {
                self.said.remove(&who);
                vec![self.step(&["retracted", self.phase()], Some(who))]
            }
            Act::Show(who) if !self.shown.insert(who) => Vec::new(),
            Act::Show(who) => vec![self.step(&["shown", self.phase()], Some(who))],
            Act::Withdraw(_) => {
                self.end = Some("withdrawn");
                vec![self.step(&["withdrawn", "withdrawn"], None)]
            }
            Act::Expire if self.late && self.end.is_none() => {
                self.end = Some("expired");
                vec![self.step(&["expired", "expired"], None)]
            }
            Act::Come(_) => {
                self.end = Some("used");
                vec![format!("intent {}", self.digest), "outcome done".to_owned()]
            }
            Act::Late => {
                self.late = true;
                Vec::new()
            }
            Act::Policy => {
                self.changed = !self.changed;
                Vec::new()
            }
            Act::Expire => Vec::new(),
        }
    }

    /// Whoever is told that there is no such request is a stranger to it, and it has no record of them;
    /// an agent that comes has one of its own.
    fn refused(&self, act: Act, why: &str) -> Vec<String> {
        match act {
            Act::Come(_) | Act::Withdraw(_) => {
                vec![format!("refusal approvals {why} {}", self.request)]
            }
            Act::Say(who, ..) | Act::Retract(who) if why != "missing" => {
                vec![self.step(&["barred", why, self.phase()], Some(who))]
            }
            _ => Vec::new(),
        }
    }

    fn step(&self, words: &[&str], by: Option<usize>) -> String {
        let mut all = [&["approval"], words, &[self.digest.as_str()]].concat();
        let by = by.map(|who| &self.story.staff[who]);
        all.extend(by.into_iter().flat_map(|by| [by.issuer, by.name]));
        all.join(" ")
    }

    fn is_asked(&self, who: usize) -> bool {
        let groups = &self.story.staff[who].groups;
        groups.iter().any(|group| self.story.demand.approvers.contains_key(*group))
    }

    fn is_of_the_chain(&self, who: usize) -> bool {
        let Caller { subject, client, actor, workload, .. } = self.story.caller;
        let names = [Some(subject), Some(client), actor, workload];
        names.into_iter().flatten().any(|name| alike(name, self.story.staff[who].name))
    }

    fn is_same(&self, one: usize, other: usize) -> bool {
        same(self.story, one, other)
    }

    /// A root has nobody above it in its tree.
    fn is_hop(&self, who: Who) -> bool {
        who == Who::Itself || (who == Who::Above && self.story.caller.path.len() > 1)
    }
}

/// Two accounts of one person, whoever vouches for them.
fn same(story: &Story, one: usize, other: usize) -> bool {
    alike(story.staff[one].name, story.staff[other].name)
}
