//! What policy wants of people before a statement may run: who has to agree, and under which conditions.

use std::collections::{BTreeMap, BTreeSet};

use request::Millis;
use serde::{Deserialize, Serialize};

use crate::Window;

/// What has to be true of those who agree, and of the time at which the statement runs. It becomes part
/// of what they agree to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demand {
    /// How many people of which local groups; empty where nobody is asked.
    pub approvers: BTreeMap<String, u32>,
    /// How long the request waits at most, in milliseconds.
    pub within_ms: u64,
    /// How long ago an approver may have logged in at most, in seconds.
    pub login_s: Option<u64>,
    /// How an approver must have logged in: by one of these authentication context classes (OpenID
    /// Connect Core, 2). Empty where any will do; see [`Demand::admits`].
    pub acr: BTreeSet<String>,
    /// When it may run: in each of these windows.
    pub windows: Vec<Window>,
}

impl Demand {
    /// How long a request waits where no policy says: an hour, so that what is approved is still what
    /// the agent wants.
    pub const WITHIN_MS: u64 = 3_600_000;

    /// Whether somebody who logged in like this may agree.
    #[must_use]
    pub fn admits(&self, acr: Option<&str>) -> bool {
        let named = |acr: &str| acr != NO_ACR && self.acr.contains(acr);
        self.acr.is_empty() || acr.is_some_and(named)
    }

    /// Whether an approved request may run at this moment.
    #[must_use]
    pub fn open_at(&self, now: Millis) -> bool {
        self.windows.iter().all(|window| window.open_at(now))
    }

    /// Both. Conditions are those of the policies that ask somebody: one that asks nobody has none.
    pub(crate) fn and(self, other: &Self) -> Self {
        if other.approvers.is_empty() {
            return self;
        }
        if self.approvers.is_empty() {
            return other.clone();
        }
        Self {
            approvers: most(self.approvers, &other.approvers),
            within_ms: self.within_ms.min(other.within_ms),
            login_s: [self.login_s, other.login_s].into_iter().flatten().min(),
            acr: common(self.acr, &other.acr),
            windows: each(self.windows, &other.windows),
        }
    }
}

/// Nobody is asked.
impl Default for Demand {
    fn default() -> Self {
        Self {
            approvers: BTreeMap::new(),
            within_ms: Self::WITHIN_MS,
            login_s: None,
            acr: BTreeSet::new(),
            windows: Vec::new(),
        }
    }
}

/// Stands alone where policies have no class in common. Nobody logs in by it: none has an empty name.
const NO_ACR: &str = "";

fn most(mut all: BTreeMap<String, u32>, more: &BTreeMap<String, u32>) -> BTreeMap<String, u32> {
    for (group, count) in more {
        let most = all.entry(group.clone()).or_default();
        *most = (*most).max(*count);
    }
    all
}

fn common(one: BTreeSet<String>, other: &BTreeSet<String>) -> BTreeSet<String> {
    if one.is_empty() || other.is_empty() {
        return one.union(other).cloned().collect();
    }
    let common: BTreeSet<String> = one.intersection(other).cloned().collect();
    // INVARIANT: an empty set means that any class will do, and here none does.
    if common.is_empty() { [NO_ACR.to_owned()].into() } else { common }
}

/// In the order of their texts, each once, so that the same policies always make the same bytes.
fn each(one: Vec<Window>, other: &[Window]) -> Vec<Window> {
    let all: BTreeSet<Window> = one.into_iter().chain(other.iter().cloned()).collect();
    all.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use request::json;

    use super::*;

    fn window(text: &str) -> Window {
        Window::parse(text).unwrap()
    }

    fn asking(group: &str, count: u32) -> Demand {
        Demand { approvers: [(group.to_owned(), count)].into(), ..Demand::default() }
    }

    fn acr(classes: &[&str]) -> Demand {
        Demand { acr: classes.iter().map(|acr| (*acr).into()).collect(), ..asking("dba", 1) }
    }

    /// Both, whichever comes first.
    fn both(one: &Demand, other: &Demand) -> Demand {
        let both = one.clone().and(other);
        assert_eq!(both, other.clone().and(one));
        assert_eq!(both, both.clone().and(one), "said twice it is the same");
        both
    }

    #[test]
    fn of_two_demands_the_stricter_holds_in_every_way() {
        let noon = "12:00-13:00 UTC";
        let one = Demand { within_ms: 60_000, login_s: None, ..asking("dba", 2) };
        let other = Demand {
            approvers: [("dba".into(), 1), ("privacy".into(), 1)].into(),
            login_s: Some(900),
            windows: vec![window(noon)],
            ..Demand::default()
        };
        let both = both(&one, &other);
        assert_eq!(both.approvers, [("dba".into(), 2), ("privacy".into(), 1)].into());
        assert_eq!((both.within_ms, both.login_s), (60_000, Some(900)));
        assert_eq!(both.windows, [window(noon)]);
    }

    #[test]
    fn who_asks_somebody_and_names_no_time_means_an_hour() {
        let long = Demand { within_ms: 4 * Demand::WITHIN_MS, ..asking("dba", 1) };
        assert_eq!(both(&long, &asking("dba", 1)).within_ms, Demand::WITHIN_MS);
        assert_eq!(both(&long, &Demand::default()), long, "who asks nobody has no conditions");
    }

    #[test]
    fn a_login_must_be_of_a_class_that_each_policy_names() {
        let both = both(&acr(&["phr", "phrh"]), &acr(&["phrh", "mfa"]));
        assert!(both.admits(Some("phrh")));
        assert!(!both.admits(Some("phr")) && !both.admits(Some("mfa")) && !both.admits(None));
        assert!(acr(&[]).admits(None));
    }

    #[test]
    fn where_policies_have_no_class_in_common_nobody_is_admitted() {
        let none = both(&acr(&["phr"]), &acr(&["mfa"]));
        for class in [None, Some(""), Some("phr"), Some("mfa")] {
            assert!(!none.admits(class), "{class:?}");
        }
        assert!(!both(&none, &acr(&["phr"])).admits(Some("phr")), "nor by a third policy");
        assert!(!both(&none, &acr(&[])).admits(Some("phr")));
    }

    #[test]
    fn windows_of_several_policies_have_to_be_open_all_at_once() {
        let one = Demand { windows: vec![window("08:00-12:00 UTC")], ..asking("dba", 1) };
        let other = Demand { windows: vec![window("10:00-14:00 UTC")], ..asking("dba", 1) };
        let both = both(&one, &other);
        let open = |hour: u64| both.open_at(Millis(hour * 3_600_000));
        let hours: Vec<u64> = (0..24).filter(|hour| open(*hour)).collect();
        assert_eq!(hours, [10, 11]);
        assert!(asking("dba", 1).open_at(Millis(0)), "no window is always open");
    }

    #[test]
    fn a_demand_is_read_back_from_its_canonical_bytes() {
        let whole = Demand {
            login_s: Some(900),
            windows: vec![window("Mon-Fri 22:00-06:00 Europe/Berlin")],
            ..acr(&["phr", "phrh"])
        };
        let bytes = json::canonical(&serde_json::to_value(&whole).unwrap());
        assert_eq!(
            String::from_utf8(bytes.clone()).unwrap(),
            "{\"acr\":[\"phr\",\"phrh\"],\"approvers\":{\"dba\":1},\"login_s\":900,\
             \"windows\":[\"Mon-Fri 22:00-06:00 Europe/Berlin\"],\"within_ms\":3600000}"
        );
        assert_eq!(json::strict_as::<Demand>(&bytes, 4).unwrap(), whole);
        let more = br#"{"acr":[],"approvers":{},"login_s":null,"windows":[],"within_ms":1,"x":1}"#;
        assert!(json::strict_as::<Demand>(more, 4).is_err());
        let less = br#"{"acr":[],"approvers":{},"login_s":null,"within_ms":1}"#;
        assert!(json::strict_as::<Demand>(less, 4).is_err());
    }
}
