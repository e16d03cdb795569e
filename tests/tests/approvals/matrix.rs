//! Who may decide about a request: organisations, groups and chains at random, held against the rules as
//! they are told in a few lines.

use std::collections::{BTreeMap, BTreeSet};

use approvals::{Approval, Error, HopOf, Phase};
use policy::Demand;
use proptest::{collection, option, prelude::*, sample};
use request::Millis;

use crate::scene::{ASKED, EXPIRES, Scene, Staff, hop};

/// A request of some organisation, and what people do about it, one after another.
#[derive(Clone, Debug)]
struct Story {
    staff: Vec<Staff>,
    hops: Vec<HopOf>,
    demand: Demand,
    acts: Vec<Act>,
}

#[derive(Clone, Copy, Debug)]
enum Act {
    /// Who, whether they agree, and whether they have read this request.
    Decide(usize, bool, bool),
    Late,
    Retract(usize),
    Use,
    Withdraw,
}

/// The rules, told in another way: every way to place people is tried, and names are compared by hand.
struct Reference<'a> {
    story: &'a Story,
    agreed: Vec<usize>,
    end: Option<Phase>,
    late: bool,
}

impl Reference<'_> {
    fn phase(&self) -> Phase {
        let agreed: Vec<_> = self.agreed.iter().map(|who| &self.story.staff[*who].groups).collect();
        let open = if is_enough(&agreed, &self.story.demand.approvers) {
            Phase::Granted
        } else {
            Phase::Pending
        };
        self.end.unwrap_or(if self.late { Phase::Expired } else { open })
    }

    fn act(&mut self, act: Act) -> bool {
        let phase = self.phase();
        let open = matches!(phase, Phase::Granted | Phase::Pending);
        match act {
            Act::Decide(who, yes, right) => {
                let may = open
                    && right
                    && self.may(who)
                    && (!yes || !self.agreed.iter().any(|one| self.same(*one, who)));
                let may = may && !(yes && phase == Phase::Granted);
                match (may, yes) {
                    (true, true) => self.agreed.push(who),
                    (true, false) => self.end = Some(Phase::Refused),
                    _ => {}
                }
                may
            }
            Act::Late => std::mem::replace(&mut self.late, true) != self.late,
            Act::Retract(who) => {
                let before = self.agreed.len();
                self.agreed.retain(|one| *one != who || !open);
                self.agreed.len() < before
            }
            Act::Use => self.ends(phase == Phase::Granted, Phase::Used),
            Act::Withdraw => self.ends(open, Phase::Withdrawn),
        }
    }

    fn ends(&mut self, may: bool, phase: Phase) -> bool {
        self.end = if may { Some(phase) } else { self.end };
        may
    }

    fn may(&self, who: usize) -> bool {
        let Story { staff, hops, demand, .. } = self.story;
        let Staff { name, groups, login, .. } = &staff[who];
        let part = |hop: &HopOf| {
            [Some(&hop.subject), hop.client.as_ref(), hop.actor.as_ref()]
                .into_iter()
                .flatten()
                .any(|part| alike(part, name))
        };
        !hops.iter().any(part)
            && groups.iter().any(|group| demand.approvers.get(*group).is_some_and(|n| *n > 0))
            && demand.login_s.is_none_or(|most| login.0 <= most)
            && (demand.acr.is_empty() || login.1.is_some_and(|acr| demand.acr.contains(acr)))
    }

    fn same(&self, one: usize, other: usize) -> bool {
        alike(self.story.staff[one].name, self.story.staff[other].name)
    }
}

/// Whether people in these groups fill all places, each of them one.
pub(crate) fn is_enough(people: &[&BTreeSet<&str>], wanted: &BTreeMap<String, u32>) -> bool {
    let Some((first, rest)) = people.split_first() else {
        return wanted.values().all(|n| *n == 0);
    };
    is_enough(rest, wanted)
        || first.iter().any(|group| {
            let mut left = wanted.clone();
            let taken = left.get_mut(*group).filter(|n| **n > 0).map(|n| *n -= 1);
            taken.is_some() && is_enough(rest, &left)
        })
}

/// Whether these are two spellings of one name.
pub(crate) fn alike(one: &str, other: &str) -> bool {
    one == other || (one.contains('@') && one.eq_ignore_ascii_case(other))
}

/// The real rules.
struct Real {
    scene: Scene,
    approval: Approval,
    now: Millis,
}

impl Real {
    fn phase(&self) -> Phase {
        self.approval.phase(self.scene.document(), self.now)
    }

    fn act(&mut self, act: Act) -> bool {
        let Self { scene, approval, now } = self;
        let (document, digest) = (scene.document(), approval.digest());
        match act {
            Act::Decide(who, yes, right) => {
                let said = Scene::said(if right { digest } else { scene.other }, yes);
                approval.decide(document, scene.person(who), said, *now).is_ok()
            }
            Act::Late => std::mem::replace(now, EXPIRES) != EXPIRES,
            Act::Retract(who) => approval.retract(document, scene.person(who), *now).is_ok(),
            Act::Use => scene.used(approval, *now).map(|used| *approval = used).is_some(),
            Act::Withdraw => approval.withdraw(document, *now).is_ok(),
        }
    }
}

/// Some are one person with two accounts: a name that is an address says so in any spelling.
const NAMES: [&str; 7] = [
    "dba-1",
    "DBA-1",
    "dba-2@example.com",
    "DBA-2@Example.com",
    "privacy-1",
    "privacy-2",
    "root@example.com",
];

fn staff() -> impl Strategy<Value = Vec<Staff>> {
    let groups = collection::btree_set(sample::select(&["dba", "privacy", "support"][..]), 0..=3);
    let ago = sample::select(&[60, 900, 901][..]);
    let acr = sample::select(&[None, Some("phr"), Some("pwd")][..]);
    collection::vec((groups, ago, acr), NAMES.len()).prop_map(|all| {
        let member = |(name, (groups, ago, acr)): (&&'static str, (BTreeSet<_>, _, _))| Staff {
            issuer: "staff",
            name,
            groups,
            login: (ago, acr),
        };
        NAMES.iter().zip(all).map(member).collect()
    })
}

fn hops() -> impl Strategy<Value = Vec<HopOf>> {
    let name = || {
        sample::select(
            &[
                "agent-1",
                "agent-2",
                "agent-3",
                "n_1",
                "dba-1",
                "DBA-2@EXAMPLE.COM",
                "privacy-1",
                "Root@Example.com",
            ][..],
        )
        .prop_map(str::to_owned)
    };
    let issuer = sample::select(&["staff", "elsewhere"][..]).prop_map(str::to_owned);
    let rare = || option::weighted(0.2, name());
    let hop = (issuer, name(), rare(), rare()).prop_map(|(issuer, subject, client, actor)| HopOf {
        issuer,
        subject,
        client,
        actor,
    });
    collection::vec(hop, 1..4)
}

fn demand() -> impl Strategy<Value = Demand> {
    let group = sample::select(&["dba", "privacy"][..]).prop_map(str::to_owned);
    let approvers = collection::btree_map(group, 1..3_u32, 1..=2);
    let acr = option::weighted(0.3, Just("phr".to_owned()));
    (approvers, option::of(Just(900)), acr).prop_map(|(approvers, login_s, acr)| Demand {
        approvers,
        login_s,
        acr: acr.into_iter().collect(),
        ..Demand::default()
    })
}

fn act() -> impl Strategy<Value = Act> {
    let who = 0..NAMES.len();
    prop_oneof![
        14 => who.clone().prop_map(|who| Act::Decide(who, true, true)),
        1 => who.clone().prop_map(|who| Act::Decide(who, true, false)),
        1 => (who.clone(), any::<bool>()).prop_map(|(who, right)| Act::Decide(who, false, right)),
        2 => who.prop_map(Act::Retract),
        2 => Just(Act::Use),
        1 => Just(Act::Withdraw),
        1 => Just(Act::Late),
    ]
}

fn story() -> impl Strategy<Value = Story> {
    (staff(), hops(), demand(), collection::vec(act(), 1..25))
        .prop_map(|(staff, hops, demand, acts)| Story { staff, hops, demand, acts })
}

#[test]
fn one_person_with_two_accounts_is_one_person() {
    let staff = ["dba-2@example.com", "DBA-2@Example.com"].map(|name| Staff::new(name, &["dba"]));
    let approvers = [("dba".to_owned(), 2)].into();
    let demand = Demand { approvers, ..Demand::default() };
    let scene = Scene::new(&[hop("staff", "agent-1")], &demand, &staff);
    let mut approval = Approval::open(scene.sealed.digest());
    let mut agrees = |who: usize| {
        let said = Scene::said(scene.sealed.digest(), true);
        approval.decide(scene.document(), scene.person(who), said, ASKED)
    };
    assert!(agrees(0).is_ok());
    assert!(matches!(agrees(1), Err(Error::Twice)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn people_decide_as_the_rules_say(story in story()) {
        let scene = Scene::new(&story.hops, &story.demand, &story.staff);
        let approval = Approval::open(scene.sealed.digest());
        let mut real = Real { scene, approval, now: ASKED };
        let mut reference = Reference { story: &story, agreed: Vec::new(), end: None, late: false };
        for (n, act) in story.acts.iter().enumerate() {
            let expected = (reference.act(*act), reference.phase());
            prop_assert_eq!((real.act(*act), real.phase()), expected, "act {}: {:?}", n, act);
        }
    }
}
