//! Whether this person may decide about this request, and for which of the groups that are asked.

use std::collections::BTreeSet;

use identity::Person;
use policy::Demand;
use request::Millis;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// One hop of the chain that asks, by the names that its issuer has for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HopOf {
    /// Who vouches for it.
    pub issuer: String,
    /// Its name there.
    pub subject: String,
    /// The software that asks for it.
    pub client: Option<String>,
    /// Who acts for it: an actor, or the workload that showed a token of its own.
    pub actor: Option<String>,
}

/// Why somebody may not decide about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Ineligible {
    /// They did not log in in one of the ways that policy wants.
    #[error("they did not log in in a way that policy wants for this request")]
    Acr,
    /// They are in none of the groups that are asked.
    #[error("they are in none of the groups that are asked")]
    Group,
    /// They ask themselves, or the request is made in their name or through them.
    #[error("they are part of the chain that asks")]
    InChain,
    /// They logged in too long ago, or at a time that is yet to come.
    #[error("they have to log in anew for this request")]
    Login,
}

impl Ineligible {
    /// A stable word for the cause.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Acr => "acr",
            Self::Group => "group",
            Self::InChain => "chain",
            Self::Login => "login",
        }
    }
}

/// The groups that are asked and that this person is in. `hops` is the whole chain that asks, and
/// `now` the time by which their login is judged.
///
/// # Errors
/// [`Ineligible`]: they may not decide, whether to approve or to refuse.
pub fn eligible(
    person: &Person,
    hops: &[HopOf],
    demand: &Demand,
    now: Millis,
) -> Result<BTreeSet<String>, Ineligible> {
    let groups = person.groups().iter().map(|group| group.as_str().to_owned()).collect();
    let login = person.login();
    let subject = person.subject();
    judge(
        &Shown { subject, groups, auth_time: login.auth_time, acr: login.acr.as_deref() },
        hops,
        demand,
        now,
    )
}

/// Whether these may be two names of one person: of the same one, more is true than of two.
///
/// Issuers that call people by their e-mail address disagree about its spelling: one keeps what was
/// typed and the other folds it, and mail reaches the same person either way (RFC 5321, 2.4: hosts have
/// no case, and no receiver that matters has one before the `@`). So addresses are compared without
/// case, accents composed and compatible letters made one. Two people whom that mixes up may not decide
/// about each other's requests, and count as one, which is the safe side to be wrong on. Names that are
/// no addresses may be random letters in which case tells people apart.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one == other || (is_address(one) && is_address(other) && folded(one) == folded(other))
}

/// What counts of a person.
struct Shown<'a> {
    subject: &'a str,
    groups: BTreeSet<String>,
    auth_time: Option<u64>,
    acr: Option<&'a str>,
}

fn judge(
    who: &Shown<'_>,
    hops: &[HopOf],
    demand: &Demand,
    now: Millis,
) -> Result<BTreeSet<String>, Ineligible> {
    // First, so that a record says it of whoever tries, whatever else is wrong.
    if hops.iter().any(|hop| names(hop, who.subject)) {
        return Err(Ineligible::InChain);
    }
    let asked = |group: &&String| demand.approvers.get(*group).is_some_and(|count| *count > 0);
    let groups: BTreeSet<String> = who.groups.iter().filter(asked).cloned().collect();
    if groups.is_empty() {
        return Err(Ineligible::Group);
    }
    if !is_fresh(who.auth_time, demand.login_s, now.seconds()) {
        return Err(Ineligible::Login);
    }
    match demand.admits(who.acr) {
        true => Ok(groups),
        false => Err(Ineligible::Acr),
    }
}

/// Whether the hop is this person or acts through them, under whatever issuer: nobody can tell whether
/// `dba-1` there is another person than `dba-1` here.
fn names(hop: &HopOf, subject: &str) -> bool {
    let named = [Some(&hop.subject), hop.client.as_ref(), hop.actor.as_ref()];
    named.into_iter().flatten().any(|name| same(name, subject) || same(&qualified(name), subject))
}

/// A workload is written `issuer|subject` in one text, with `|` and `%` of the subject escaped: its
/// subject.
fn qualified(name: &str) -> String {
    let (_, subject) = name.split_once('|').unwrap_or(("", name));
    subject.replace("%7C", "|").replace("%25", "%")
}

/// Clocks may disagree a little, and nobody logs in in the future.
fn is_fresh(auth_time: Option<u64>, within_s: Option<u64>, now_s: u64) -> bool {
    let Some(at) = auth_time else { return false };
    let old = now_s.saturating_sub(at);
    at <= now_s.saturating_add(SKEW_S) && within_s.is_none_or(|within| old <= within)
}

/// Seconds by which clocks may disagree.
const SKEW_S: u64 = 30;

fn is_address(name: &str) -> bool {
    // Full-width `@` and the like are one when they are folded.
    let text: String = name.nfkc().collect();
    text.split_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty())
}

/// Folded twice: lower letters may be composed otherwise than capital ones.
fn folded(name: &str) -> String {
    let once = |text: &str| -> String { text.nfkc().flat_map(char::to_lowercase).collect() };
    once(&once(name)).nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis(1_800_000_000_000);

    fn demand() -> Demand {
        let approvers = [("dba".to_owned(), 2), ("privacy".to_owned(), 1)].into();
        Demand { approvers, ..Demand::default() }
    }

    fn hop(subject: &str) -> HopOf {
        HopOf { issuer: "idp".into(), subject: subject.into(), client: None, actor: None }
    }

    fn who(subject: &str) -> Shown<'_> {
        let groups = ["dba", "support"].map(str::to_owned).into();
        Shown { subject, groups, auth_time: Some(NOW.seconds()), acr: None }
    }

    fn judged(who: &Shown<'_>, hops: &[HopOf]) -> Result<BTreeSet<String>, Ineligible> {
        judge(who, hops, &demand(), NOW)
    }

    #[test]
    fn somebody_else_of_a_group_that_is_asked_may_decide() {
        let groups = judged(&who("dba-1"), &[hop("agent-7")]).unwrap();
        assert_eq!(groups, ["dba".to_owned()].into(), "and not for groups that nobody asks");
    }

    #[test]
    fn nobody_of_the_chain_may_decide_whatever_part_of_it_they_are() {
        let client = HopOf { client: Some("dba-1".into()), ..hop("agent-7") };
        let actor = HopOf { actor: Some("dba-1".into()), ..hop("agent-7") };
        let workload = HopOf { actor: Some("cluster|dba-1".into()), ..hop("agent-7") };
        let elsewhere = HopOf { issuer: "another".into(), ..hop("dba-1") };
        for one in [hop("dba-1"), client, actor, workload, elsewhere] {
            let chain = [hop("root"), one.clone(), hop("n_last")];
            assert_eq!(judged(&who("dba-1"), &chain), Err(Ineligible::InChain), "{one:?}");
        }
        let escaped = HopOf { actor: Some("entra|tenant%7C100%25".into()), ..hop("agent-7") };
        assert_eq!(judged(&who("tenant|100%"), &[escaped]), Err(Ineligible::InChain));
    }

    #[test]
    fn an_address_is_the_same_person_in_any_spelling() {
        for (one, other) in [
            ("dba-1@example.com", "DBA-1@Example.COM"),
            ("d\u{e9}@example.com", "de\u{301}@example.com"),
            ("D\u{c9}@example.com", "de\u{301}@example.com"),
            ("dba-1@example.com", "dba-1\u{ff20}example.com"),
            ("dba-1@example.com", "\u{ff44}\u{ff42}\u{ff41}-1@example.com"),
        ] {
            assert_eq!(judged(&who(one), &[hop(other)]), Err(Ineligible::InChain), "{one} {other}");
            assert!(same(other, one));
        }
    }

    #[test]
    fn in_a_name_that_is_no_address_case_counts() {
        assert!(judged(&who("aBc"), &[hop("abc"), hop("@abc"), hop("abc@")]).is_ok());
        assert!(judged(&who("dba-1@example.com"), &[hop("dba-2@example.com")]).is_ok());
    }

    #[test]
    fn a_group_that_is_not_asked_does_not_count() {
        let stranger = Shown { groups: ["support".to_owned()].into(), ..who("person") };
        assert_eq!(judged(&stranger, &[]), Err(Ineligible::Group));
        let nobody = Demand { approvers: [("dba".to_owned(), 0)].into(), ..Demand::default() };
        assert_eq!(judge(&who("dba-1"), &[], &nobody, NOW), Err(Ineligible::Group));
        assert_eq!(judge(&who("dba-1"), &[], &Demand::default(), NOW), Err(Ineligible::Group));
    }

    #[test]
    fn a_login_may_be_as_old_as_policy_says_and_not_a_second_older() {
        let fresh = Demand { login_s: Some(900), ..demand() };
        let at = |auth_time: Option<u64>, demand: &Demand| {
            judge(&Shown { auth_time, ..who("dba-1") }, &[], demand, NOW).err()
        };
        let now = NOW.seconds();
        assert_eq!(at(Some(now - 900), &fresh), None);
        assert_eq!(at(Some(now - 901), &fresh), Some(Ineligible::Login));
        assert_eq!(at(Some(0), &demand()), None, "where nobody wants it fresh, any will do");
        for demand in [&fresh, &demand()] {
            assert_eq!(at(Some(now + 30), demand), None);
            assert_eq!(at(Some(now + 31), demand), Some(Ineligible::Login), "yet to come");
            assert_eq!(at(Some(u64::MAX), demand), Some(Ineligible::Login));
            assert_eq!(at(None, demand), Some(Ineligible::Login));
        }
    }

    #[test]
    fn a_login_must_be_of_a_class_that_policy_wants() {
        let strong = Demand { acr: ["phr", "phrh"].map(str::to_owned).into(), ..demand() };
        let by = |acr| judge(&Shown { acr, ..who("dba-1") }, &[], &strong, NOW).err();
        assert_eq!(by(Some("phr")), None);
        assert_eq!(by(Some("pwd")), Some(Ineligible::Acr));
        assert_eq!(by(None), Some(Ineligible::Acr));
    }
}
