//! Organisations, groups and chains at random, driven through the real crates: after every act, what
//! somebody was told, how far the request is and what is on record are what the rules say.

use std::collections::BTreeSet;

use approvals::{Notice, Said, Verdict};
use enforce::Refusal;
use proptest::{collection, option, prelude::*, sample, test_runner::TestCaseError};
use request::{Digest, Source};
use tokio::runtime::{Builder, Runtime};

use crate::{
    caller::Caller,
    reference::{Act, Demand, Reference, Story, Who},
    scene::Staff,
    stand::Stand,
};

/// A request that waits, and everybody around it.
struct Real<'a> {
    story: &'a Story,
    stand: Stand,
    notice: Notice,
    changed: bool,
}

impl<'a> Real<'a> {
    async fn new(story: &'a Story) -> Self {
        let stand = Stand::new(&policies(&story.demand, false));
        let notice = stand.park(&story.caller).await;
        Self { story, stand, notice, changed: false }
    }

    async fn act(&mut self, act: Act) -> Result<(), String> {
        let (request, source) = (&self.notice.ticket.request, Source::default());
        let (stand, desk) = (&self.stand, &self.stand.desk);
        let person = |who: usize| self.story.staff[who].person();
        let word = |error: decisions::Error| error.word().to_owned();
        let refused = |refusal: Refusal| refusal.cause.word().to_owned();
        match act {
            Act::Come(who) => stand.comes(&self.who(who), request).await.map(drop).map_err(refused),
            Act::Expire => {
                decisions::expire(&self.notice.ticket, desk).await.map(drop).map_err(word)
            }
            Act::Late => {
                stand.clock.put(self.notice.expires);
                Ok(())
            }
            Act::Policy => {
                self.changed = !self.changed;
                self.stand.put(&policies(&self.story.demand, self.changed));
                Ok(())
            }
            Act::Retract(who) => {
                let done = decisions::retract(request, &person(who), &source, desk).await;
                done.map(drop).map_err(word)
            }
            Act::Say(who, yes, right) => {
                let verdict = if yes { Verdict::Approve } else { Verdict::Refuse };
                let digest = if right { self.notice.digest } else { Digest::of(b"another") };
                let said = Said { digest, verdict, comment: None };
                let done = decisions::decide(request, said, &person(who), &source, desk).await;
                done.map(drop).map_err(word)
            }
            Act::Show(who) => {
                let done = decisions::sheet(request, &person(who), &source, desk).await;
                done.map(drop).map_err(word)
            }
            Act::Withdraw(who) => {
                let shown = self.who(who).presented(stand.now()).await;
                let done = enforce::withdraw(&shown, request, &source, &stand.ports).await;
                done.map(drop).map_err(refused)
            }
        }
    }

    /// Another agent, as it stands to the one that asked.
    fn who(&self, who: Who) -> Caller {
        let mut caller = self.story.caller.clone();
        let direct = caller.path.is_empty();
        match who {
            Who::Itself => {}
            Who::Above => drop(caller.path.pop()),
            Who::Below => caller.path.push(BELOW),
            Who::Beside if direct => caller.client = "other software",
            Who::Beside => *caller.path.last_mut().unwrap() = BESIDE,
            Who::Stranger => {
                caller.subject = "stranger";
                caller.path.clear();
            }
        }
        // With nobody above it, a principal is as good as a stranger.
        if who == Who::Above && direct {
            caller.subject = "stranger";
        }
        // Another node did not come with this one's workload, and its root has none.
        caller.workload = caller.workload.filter(|_| who == Who::Itself);
        caller
    }

    async fn phase(&self) -> &'static str {
        decisions::look(&self.notice.ticket, &self.stand.desk).await.unwrap().name()
    }
}

async fn told(story: &Story) -> Result<(), TestCaseError> {
    let mut real = Real::new(story).await;
    let (request, digest) = (&real.notice.ticket.request, real.notice.digest);
    let mut reference = Reference::new(story, request.to_string(), digest.to_string());
    let mut records = real.stand.news().await;
    prop_assert_eq!(&records, &[format!("approval asked pending {digest}")]);
    for (n, act) in story.acts.iter().enumerate() {
        let (answer, mut expected) = reference.act(*act);
        expected.sort();
        let was = real.act(*act).await;
        prop_assert_eq!(was, answer.map_err(str::to_owned), "act {}: {:?}", n, act);
        prop_assert_eq!(real.phase().await, reference.phase(), "act {}: {:?}", n, act);
        let news = real.stand.news().await;
        prop_assert_eq!(&news, &expected, "act {}: {:?}", n, act);
        records.extend(news);
    }
    let runs = usize::from(reference.has_run());
    prop_assert_eq!(real.stand.ran(), runs);
    prop_assert_eq!(real.stand.verified().await, (records.len(), runs as u64));
    Ok(())
}

/// Whoever has got at the document that people have approved has nothing that they approved.
async fn tampered(story: &Story, changes: &[(sample::Index, u8)]) -> Result<(), TestCaseError> {
    let mut real = Real::new(story).await;
    let [first, second, third] = [0, 1, 2];
    for who in [first, second] {
        prop_assert_eq!(real.act(Act::Say(who, true, true)).await, Ok(()));
    }
    real.stand.news().await;
    let ticket = real.notice.ticket.clone();
    let whole = real.stand.document(&ticket).await;
    for (at, to) in changes {
        let mut changed = whole.clone();
        changed[at.index(whole.len())] ^= to;
        real.stand.overwrite(&ticket, &changed);
        for act in [Act::Come(Who::Itself), Act::Say(third, false, true), Act::Show(third)] {
            prop_assert_eq!(real.act(act).await, Err("unreadable".to_owned()), "{:?}", act);
        }
        let refusal = format!("refusal approvals unreadable {}", ticket.request);
        prop_assert_eq!(real.stand.news().await, [refusal]);
    }
    prop_assert_eq!(real.stand.ran(), 0);
    // It was nothing else that was in the way.
    real.stand.overwrite(&ticket, &whole);
    prop_assert_eq!(real.act(Act::Come(Who::Itself)).await, Ok(()));
    Ok(())
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_time().build().unwrap()
}

proptest! {
    // Each makes a store, a policy and a catalogue of its own.
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn every_act_is_answered_and_recorded_as_the_rules_say(story in story()) {
        runtime().block_on(told(&story))?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_document_with_one_byte_changed_is_not_shown_decided_or_run(
        caller in caller(), changes in collection::vec((any::<sample::Index>(), 1..=u8::MAX), 10),
    ) {
        let staff = ["one", "two", "three"].map(|name| Staff::new(name, &["dba"])).into();
        let approvers = [("dba".to_owned(), 2)].into();
        let demand = Demand { approvers, fresh: false, strong: false };
        let story = Story { staff, caller, demand, acts: Vec::new() };
        runtime().block_on(tampered(&story, &changes))?;
    }
}

/// Accounts, some of them of one person: with two issuers, or an address in two spellings.
const ACCOUNTS: [(&str, &str); 8] = [
    ("staff", "dba-1"),
    ("partner", "dba-1"),
    ("staff", "dba-2@example.com"),
    ("partner", "DBA-2@Example.com"),
    ("staff", "DBA-1"),
    ("staff", "privacy-1"),
    ("staff", "privacy-2"),
    ("staff", "root@example.com"),
];

fn staff() -> impl Strategy<Value = Vec<Staff>> {
    let groups = sample::subsequence(&["dba", "dba", "privacy", "privacy", "support"][..], 0..=4);
    let groups = groups.prop_map(|all| all.into_iter().collect::<BTreeSet<_>>());
    let ago = sample::select(&[60, 60, 900, 901][..]);
    let acr = sample::select(&[None, Some("phr"), Some("phr"), Some("pwd")][..]);
    collection::vec((groups, ago, acr), ACCOUNTS.len()).prop_map(|all| {
        let member = |(at, (groups, ago, acr)): (usize, (BTreeSet<&'static str>, _, _))| {
            let (issuer, name) = ACCOUNTS[at];
            Staff { issuer, name, groups, login: (ago, acr) }
        };
        all.into_iter().enumerate().map(member).collect()
    })
}

/// A chain of one to four, the names of which may be somebody's of the staff.
fn caller() -> impl Strategy<Value = Caller> {
    let people = &["dba-1", "Dba-2@EXAMPLE.com", "privacy-1", "Root@Example.com"][..];
    let rare = move |other| {
        option::weighted(0.15, sample::select(people)).prop_map(move |it| it.or(other))
    };
    (rare(Some("agent-1")), rare(Some("notebook")), rare(None), rare(None), 0..5_u8).prop_map(
        |(subject, client, actor, workload, depth)| Caller {
            subject: subject.unwrap(),
            client: client.unwrap(),
            actor,
            workload: workload.filter(|_| depth > 0),
            path: (1..=depth).collect(),
        },
    )
}

fn demand() -> impl Strategy<Value = Demand> {
    let group = sample::select(&["dba", "privacy"][..]).prop_map(str::to_owned);
    let approvers = collection::btree_map(group, 1..3_u32, 1..=2);
    (approvers, any::<bool>(), any::<bool>()).prop_map(|(approvers, fresh, strong)| Demand {
        approvers,
        fresh,
        strong,
    })
}

fn policies(demand: &Demand, changed: bool) -> String {
    let approvers = demand.approvers.iter().map(|(group, n)| format!("{n} of {group}"));
    let approvers = approvers.collect::<Vec<_>>().join(", ");
    let fresh = if demand.fresh { r#"@approver_login("15m")"# } else { "" };
    let strong = if demand.strong { r#"@approver_acr("phr")"# } else { "" };
    let more = if changed { " // the same, and not the same" } else { "" };
    format!(
        "@id(\"ask\") @approvers(\"{approvers}\") {fresh} {strong}\n\
         permit(principal, action, resource);{more}"
    )
}

fn act() -> impl Strategy<Value = Act> {
    let person = 0..ACCOUNTS.len();
    let agent = sample::select(&[Who::Above, Who::Below, Who::Beside, Who::Stranger][..]);
    let withdraws = prop_oneof![Just(Who::Itself), agent.clone()];
    prop_oneof![
        16 => person.clone().prop_map(|who| Act::Say(who, true, true)),
        1 => (person.clone(), any::<bool>()).prop_map(|(who, yes)| Act::Say(who, yes, false)),
        1 => person.clone().prop_map(|who| Act::Say(who, false, true)),
        2 => person.clone().prop_map(Act::Retract),
        2 => person.prop_map(Act::Show),
        3 => Just(Act::Come(Who::Itself)),
        2 => agent.prop_map(Act::Come),
        1 => withdraws.prop_map(Act::Withdraw),
        2 => Just(Act::Policy),
        1 => prop_oneof![Just(Act::Expire), Just(Act::Late)],
    ]
}

fn story() -> impl Strategy<Value = Story> {
    (staff(), caller(), demand(), collection::vec(act(), 4..24))
        .prop_map(|(staff, caller, demand, acts)| Story { staff, caller, demand, acts })
}

/// Nodes that are no hop of the chain.
const BELOW: u8 = 100;
const BESIDE: u8 = 101;
